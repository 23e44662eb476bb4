#pragma once
// People and dossiers in the folder of a real `antin serve`, and browsers on its TLS port.
#include <fmt/format.h>

#include "app/load_session.hpp"
#include "audit/verify.hpp"
#include "base/random.hpp"
#include "kit/portal.hpp"
#include "offline.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/dossiers.hpp"
#include "store/sessions.hpp"

namespace antin::stories {

/// The value, or the end of the test with the error's words.
template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error{result.error().code + ": " + result.error().detail};
    return std::move(*result);
}

/// Somebody with a session, as after signing in with the second factor.
struct Person {
    std::int64_t account_id = 0;
    std::string cookie, csrf_secret;
};

class Office {
  public:
    template <class Work>
    auto change(Work&& work) {
        return must(offline->db().transact(std::forward<Work>(work)));
    }
    template <class Work>
    auto look(Work&& work) {
        return must(offline->db().read(std::forward<Work>(work)));
    }

    explicit Office(const std::filesystem::path& data)
        : offline(program::Offline::open(data).value()) {
        provider = look(
            [](sql::Reader& db) -> Result<std::int64_t> { return store::find_provider(db)->id; });
        const auto mark = random_readable(6);
        store::Agency body;
        body.code = "H35.T" + mark;
        body.name = "Ủy ban nhân dân xã Thử " + mark;
        body.kind = "peoples_committee";
        body.branch = "state";
        body.level = "commune";
        body.province_code = "12";
        body.state = "approved";
        agency = change([&](sql::Transaction& tx) { return store::insert_agency(tx, body); });
        clerk = person(domain::Role::FocalPoint, agency);
        intake = person(domain::Role::IntakeOfficer, provider);
    }

    Person person(domain::Role role, std::int64_t body) {
        store::Account account;
        account.email = random_token(9) + "@thu.laichau.gov.vn";
        account.full_name = "Người Thử";
        account.state = "active";
        Person out{0, random_token(32), random_token(24)};
        change([&](sql::Transaction& tx) -> Result<int> {
            const Instant now = offline->clock().now();
            ANTIN_TRY(id, store::insert_account(tx, account));
            out.account_id = id;
            store::insert_grant(tx, id, role, body, std::nullopt, now);
            store::Session session;
            session.token_hash = app::secret_hash(out.cookie);
            session.account_id = id;
            session.csrf_token = out.csrf_secret;
            session.created_at = session.last_seen_at = now;
            session.expires_at = now + std::chrono::hours{12};
            session.second_factor_at = now;
            store::insert_session(tx, session);
            return 0;
        });
        return out;
    }
    /// Filed dossiers that wait for intake.
    std::vector<std::int64_t> file(int count) {
        return change([&](sql::Transaction& tx) -> Result<std::vector<std::int64_t>> {
            std::vector<std::int64_t> ids;
            for (int i = 0; i < count; ++i) {
                store::Dossier dossier;
                dossier.state = domain::DossierState::Submitted;
                dossier.agency_id = agency;
                dossier.receiver_id = provider;
                dossier.rules_date = to_iso(local_date(offline->clock().now()));
                dossier.created_by = clerk.account_id;
                dossier.submitted_by = clerk.account_id;
                dossier.created_at = dossier.saved_at = offline->clock().now();
                dossier.submitted_at = offline->clock().now();
                ids.push_back(store::add_dossier(tx, dossier));
            }
            return ids;
        });
    }
    [[nodiscard]] static kit::Browser browser(std::uint16_t port, const Person& person) {
        kit::Browser out{port, true};
        out.client.cookies["__Host-antin"] = person.cookie;
        out.csrf_secret = person.csrf_secret;
        return out;
    }
    static http::Answer accept(kit::Browser& browser, std::int64_t dossier) {
        return browser.post(fmt::format("/xu-ly/{}/tiep-nhan", dossier), {{"version", "1"}});
    }
    /// The number of the new draft; 0 when that was not acknowledged.
    static std::int64_t draft(kit::Browser& browser) {
        const auto made =
            browser.post("/ho-so/moi/cap-moi", {{"kind", "individual"}, {"carrier", "usb_token"}});
        const auto path = made.header("location");  // /ho-so/nhap/12/nguoi-nhan
        return made.status == 303 ? std::atoll(path.c_str() + path.find("nhap/") + 5) : 0;
    }

    store::Dossier dossier(std::int64_t id) {
        return look([&](sql::Reader& db) -> Result<store::Dossier> {
            return store::find_dossier(db, id).value();
        });
    }
    [[nodiscard]] audit::Report trail() {
        return audit::verify(offline->db(), offline->config().file("audit")).value();
    }

    std::unique_ptr<program::Offline> offline;
    std::int64_t provider = 0, agency = 0;
    Person clerk, intake;
};

}  // namespace antin::stories
