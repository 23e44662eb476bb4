#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "http/client.hpp"

namespace antin::program {

using Typed = std::vector<std::pair<std::string, std::string>>;

/// A page as it came, and where it stood after all redirects.
struct DemoPage {
    int status = 0;
    std::string path;
    std::string body;
    /// The first link whose address begins with `start`; "" when there is none.
    [[nodiscard]] std::string link(std::string_view start) const;
    [[nodiscard]] bool has_form(std::string_view action_end) const;
    /// Value of an attribute data-<name>="…" anywhere in the page, entities read.
    [[nodiscard]] std::string data(std::string_view name) const;
    /// What stands in the first <code>…</code>.
    [[nodiscard]] std::string code() const;
};

/// Somebody of the demo at a browser without a screen: opens pages, fills in their forms, presses
/// their buttons. Every answer that is not a page of success is an error that quotes the page.
class DemoPerson {
  public:
    DemoPerson(std::string name, std::uint16_t port, const Clock& clock);

    /// Follows redirects (at most 8).
    Result<DemoPage> open(std::string_view path);
    /// The form of `page` whose action ends with `action_end`, typed over and sent.
    Result<DemoPage> submit(const DemoPage& page, std::string_view action_end,
                            const Typed& typed = {}, const Typed& button = {},
                            const std::vector<http::Upload>& files = {});
    /// The same with exactly these boxes of the name ticked.
    Result<DemoPage> submit_chosen(const DemoPage& page, std::string_view action_end,
                                   const std::string& name, const std::vector<std::string>& values);
    /// As a script of the page does: a JSON body with the page's own token.
    Result<std::string> post_json(const DemoPage& page, std::string_view path,
                                  std::string_view body);
    /// Bytes of a download.
    Result<std::string> download(std::string_view path);

    /// With a one-time password: signs in, sets a password of its own and the second factor where
    /// the portal asks for them, as a person would on the first day.
    Status sign_in(const std::string& email, const std::string& one_time_password);
    /// How this person reads the code that a head may have by official mail. Without it such a
    /// person cannot pass the second step.
    std::function<Result<std::string>(const std::string& email)> read_mailed_code;
    /// A fresh code of this person's phone; waits for the next one when this one was used.
    Result<std::string> phone_code();

    [[nodiscard]] const std::string& name() const { return name_; }

  private:
    Result<DemoPage> arrive(Result<http::Answer> answer, std::string path);
    Result<DemoPage> set_up_phone(const DemoPage& page);
    std::string name_;
    std::string phone_secret_;  // raw bytes
    std::int64_t last_step_ = 0;
    const Clock& clock_;
    http::Client client_;
};

}  // namespace antin::program
