#pragma once
// A whole portal in the test's own process: fresh database of the run's engine, fake clock, real
// HTTP.
//
//   kit::Portal portal;
//   const auto agency = portal.add_agency("Đảng ủy xã Thử Nghiệm");
//   auto clerk = portal.sign_in(domain::Role::FocalPoint, agency);
//   auto page = clerk.get("/ho-so/moi/cap-moi");            // follows no redirect
//   auto sent = clerk.submit(page, "/gui", {{"ten", "An"}}); // fills in the page's own form
//
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "domain/role.hpp"
#include "http/client.hpp"
#include "http/form_reader.hpp"
#include "http/server.hpp"
#include "kit/fake_clock.hpp"
#include "kit/test_database.hpp"

namespace antin::kit {

using Typed = std::vector<std::pair<std::string, std::string>>;

/// One person's browser. Pages and forms as in life; asserts nothing by itself.
class Browser {
  public:
    explicit Browser(std::uint16_t port, bool tls = false);

    http::Answer get(std::string_view path);
    /// Follows redirects (at most 5) to a page.
    http::Answer open(std::string_view path);
    /// Sends the form of `page` whose action ends with `action_end`, with `typed` over its fields.
    /// `button` presses the button with that name=value. Status 0 when there is no such form.
    http::Answer submit(const http::Answer& page, std::string_view action_end,
                        const Typed& typed = {}, const Typed& button = {},
                        const std::vector<http::Upload>& files = {});
    /// A form post without a page before it, with the right CSRF token (signed in or not).
    http::Answer post(std::string_view path, const Typed& typed = {},
                      const std::vector<http::Upload>& files = {});
    /// As our scripts do: Accept JSON, token in the header.
    http::Answer post_json(std::string_view path, std::string_view body);
    http::Answer send(std::string_view method, std::string_view path, std::string_view body,
                      const http::Client::Headers& headers);

    http::Client client;
    std::string csrf_secret;  // of the session; read from the first page for strangers
    std::int64_t account_id = 0;

  private:
    std::string csrf_token();
};

class Portal {
  public:
    Portal();
    ~Portal();
    Portal(const Portal&) = delete;
    Portal& operator=(const Portal&) = delete;

    FakeClock clock;
    app::Configuration configuration;
    TestDatabase database;
    std::unique_ptr<app::Services> services;

    /// An approved agency of the province Lai Châu ("12"); its identifier code is made up.
    std::int64_t add_agency(std::string_view name, std::string_view kind = "party_committee",
                            std::string_view state = "approved",
                            std::string_view province_code = "12");
    /// The provider, and the province's desk: made when first asked for.
    std::int64_t provider();
    std::int64_t provincial_desk(std::string_view province_code = "12");

    /// An active account with these roles at the body; email "<n>@thu.laichau.gov.vn".
    std::int64_t add_person(std::string_view full_name, std::int64_t agency_id,
                            const std::vector<domain::Role>& roles);
    /// The actor of an account as a use case sees it, second factor given now.
    app::Actor actor(std::int64_t account_id);
    /// A browser with a session of a new person (or of `account_id`), second factor given.
    Browser sign_in(domain::Role role, std::int64_t agency_id);
    Browser sign_in(std::int64_t account_id);
    Browser stranger();

    /// Acts of the journal, in order ("account.signed_in").
    std::vector<std::string> journal();
    /// Bodies of all mails to an address, oldest first.
    std::vector<std::string> mails_to(std::string_view address);
    std::uint16_t port() const;

  private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace antin::kit
