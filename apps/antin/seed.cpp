#include "seed.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/keep_file.hpp"
#include "app/list_papers.hpp"
#include "app/load_session.hpp"
#include "audit/journal.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "seed_dossier.hpp"
#include "seed_people.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/attachments.hpp"
#include "store/sessions.hpp"

namespace antin::program {
namespace {

using nlohmann::json;

constexpr std::int64_t dossiers_per_transaction = 500;
constexpr std::string_view seed_mail = "@do-tai.invalid";  // marks whom the seed made
constexpr int assessors_count = 12;

std::int64_t agencies_for(std::int64_t dossiers) {
    return std::clamp<std::int64_t>(dossiers / 25, 5, 10'000);
}

std::string mail_of(std::string_view name) {
    return std::string{name} + std::string{seed_mail};
}

class Seeder {
  public:
    Seeder(app::Services& services, std::int64_t count) : services_(services), count_(count) {}

    /// Finds the mark of an earlier run, or makes the people and the first mark.
    Status begin() {
        ANTIN_TRY(known, services_.db.read([&](sql::Reader& db) -> Result<bool> {
            const auto found = store::find_seed_mark(db);
            if (found) mark_ = *found;
            const auto dossiers = store::last_id(db, "dossier");
            // Behind what the seed wrote last there may be nothing as long as it is not complete.
            if (!found && dossiers > 0) return fail(ErrorKind::Refused, "seed.not_empty");
            if (found && mark_.target != count_) {
                return fail(ErrorKind::Refused, "seed.other_count", "",
                            {{"count", std::to_string(mark_.target)}});
            }
            if (found && mark_.done < mark_.target &&
                dossiers >= mark_.first_dossier + mark_.done) {
                return fail(ErrorKind::Refused, "seed.not_empty");
            }
            return found.has_value();
        }));
        if (!known) ANTIN_CHECK(make_people());
        return load_world();
    }

    Status make_dossiers(const std::function<void(std::int64_t)>& progress) {
        while (mark_.done < mark_.target) {
            auto next = mark_;
            next.done = std::min(mark_.done + dossiers_per_transaction, mark_.target);
            SeedRows rows;
            for (auto i = mark_.done; i < next.done; ++i) {
                add_invented_dossier(world_, i, rows, next);
            }
            ANTIN_CHECK(services_.db.transact(
                [&](sql::Transaction& tx) -> Status { return write(tx, rows, next); }));
            mark_ = next;
            progress(mark_.done);
        }
        return {};
    }

    Result<SeedOutcome> finish() {
        SeedOutcome out;
        out.dossiers = mark_.done;
        out.lines = mark_.next_line - mark_.first_line;
        out.dossier300 = mark_.first_dossier + mark_.target - 1;
        const auto looked_up = accepted_index();
        out.lookup_code = seed_code(world_, looked_up);
        out.lookup_check = seed_check_value(looked_up);
        const auto now = services_.clock.now();
        ANTIN_CHECK(services_.db.transact([&](sql::Transaction& tx) -> Status {
            store::learn_sizes(tx);
            out.officer_cookie = open_session(tx, mail_of("tham-tra-0"), now);
            out.clerk_cookie = open_session(tx, mail_of("van-thu.0"), now);
            out.coordinator_cookie = open_session(tx, mail_of("dau-moi-tinh"), now);
            out.administrator_cookie = open_session(tx, mail_of("quan-tri"), now);
            out.auditor_cookie = open_session(tx, mail_of("kiem-toan"), now);
            return {};
        }));
        return out;
    }

  private:
    Status make_people() {
        ANTIN_TRY(form, app::draw_blank_form(services_, "mau-01"));
        ANTIN_TRY(file, app::keep_file(services_, {}, form, "mau-01-do-tai.pdf", std::nullopt));
        return services_.db.transact([&](sql::Transaction& tx) -> Status {
            mark_.target = count_;
            mark_.begun_ms = to_millis(services_.clock.now());
            mark_.first_agency = store::last_id(tx, "agency") + 1;
            mark_.first_account = store::last_id(tx, "account") + 1;
            mark_.first_dossier = store::last_id(tx, "dossier") + 1;
            mark_.first_line = mark_.next_line = store::last_id(tx, "dossier_line") + 1;
            mark_.next_device = store::last_id(tx, "device") + 1;
            mark_.next_mail =
                std::max(store::last_id(tx, "mail"), store::last_id(tx, "notice")) + 1;
            mark_.file = store::add_file(tx, file);
            add_agencies(tx);
            ANTIN_CHECK(add_officers(tx));
            store::save_seed_mark(tx, mark_);
            return {};
        });
    }

    void add_agencies(sql::Transaction& tx) {
        json agencies = json::array(), clerks = json::array(), grants = json::array();
        const auto at = mark_.begun_ms;
        for (std::int64_t i = 0; i < agencies_for(count_); ++i) {
            Dice dice{-1 - i};
            const auto body = invented_agency(i);
            const auto id = mark_.first_agency + i, clerk = mark_.first_account + i;
            agencies.push_back({{"id", id},
                                {"code", body.code},
                                {"name", body.name},
                                {"name_folded", fold(body.name)},
                                {"kind", body.kind},
                                {"branch", body.branch},
                                {"level", body.level},
                                {"province_code", body.province_code},
                                {"province_name", body.province_name},
                                {"email", body.email},
                                {"state", "approved"},
                                {"created_at", at}});
            clerks.push_back({{"id", clerk},
                              {"email", body.email},
                              {"full_name", invented_person(dice, clerk).full_name},
                              {"position", "Văn thư"},
                              {"state", "active"},
                              {"created_at", at}});
            grants.push_back({{"account_id", clerk},
                              {"role", domain::to_text(domain::Role::FocalPoint)},
                              {"agency_id", id},
                              {"granted_at", at}});
        }
        store::insert_many(tx, "agency", agencies);
        store::insert_many(tx, "account", clerks);
        store::insert_many(tx, "role_grant", grants);
        store::number_on_behind(tx, "agency");
        store::number_on_behind(tx, "account");
    }

    Status add_officers(sql::Transaction& tx) {
        const auto provider = store::find_provider(tx);
        const auto desk = store::first_provincial_desk(tx);
        if (!provider || !desk) return fail(ErrorKind::Refused, "seed.not_an_installation");
        using enum domain::Role;
        for (int i = 0; i < assessors_count; ++i) {
            ANTIN_CHECK(add_officer(tx, fmt::format("tham-tra-{}", i), provider->id, Assessor));
        }
        ANTIN_CHECK(add_officer(tx, "tiep-nhan", provider->id, IntakeOfficer));
        ANTIN_CHECK(add_officer(tx, "phe-duyet", provider->id, Approver));
        ANTIN_CHECK(add_officer(tx, "quan-tri", provider->id, SystemAdministrator));
        ANTIN_CHECK(add_officer(tx, "kiem-toan", provider->id, Auditor));
        return add_officer(tx, "dau-moi-tinh", desk->id, ProvinceCoordinator);
    }

    Status add_officer(sql::Transaction& tx, const std::string& name, std::int64_t body,
                       domain::Role role) {
        Dice dice{static_cast<std::int64_t>(std::hash<std::string>{}(name) >> 1)};
        store::Account account;
        account.email = mail_of(name);
        account.full_name = invented_person(dice, 0).full_name;
        account.state = "active";
        account.created_at = from_millis(mark_.begun_ms);
        ANTIN_TRY(id, store::insert_account(tx, account));
        store::insert_grant(tx, id, role, body, std::nullopt, from_millis(mark_.begun_ms));
        return {};
    }

    Status load_world() {
        return services_.db.read([&](sql::Reader& db) -> Status {
            const auto id_of = [&](const std::string& name) {
                const auto found = store::find_account_by_email(db, mail_of(name));
                return found ? found->id : 0;
            };
            const auto provider = store::find_provider(db);
            if (!provider) return fail(ErrorKind::Refused, "seed.not_an_installation");
            world_.mark = mark_;
            world_.agency_count = agencies_for(count_);
            world_.provider = provider->id;
            world_.intake = id_of("tiep-nhan");
            world_.approver = id_of("phe-duyet");
            for (int i = 0; i < assessors_count; ++i) {
                const auto mail = mail_of(fmt::format("tham-tra-{}", i));
                const auto found = store::find_account_by_email(db, mail);
                if (!found) return fail(ErrorKind::Refused, "seed.not_an_installation");
                world_.assessors.push_back(found->id);
                world_.assessor_names.push_back(found->full_name);
            }
            return {};
        });
    }

    Status write(sql::Transaction& tx, const SeedRows& rows, const store::SeedMark& next) {
        store::insert_many(tx, "dossier", rows.dossier);
        store::insert_many(tx, "dossier_line", rows.line);
        store::insert_many(tx, "dossier_event", rows.event);
        store::insert_many(tx, "attachment", rows.attachment);
        store::insert_many(tx, "supplement_request", rows.supplement);
        store::insert_many(tx, "device", rows.device);
        store::insert_many(tx, "subscriber", rows.subscriber);
        store::insert_many(tx, "subscriber_certificate", rows.certificate);
        store::insert_many(tx, "notice", rows.notice);
        store::insert_many(tx, "mail", rows.mail);
        for (const char* table :
             {"dossier", "dossier_line", "device", "subscriber", "notice", "mail"}) {
            store::number_on_behind(tx, table);
        }
        // The trail says what these rows are: nobody did what their history tells.
        audit::append(tx, {services_.clock.now(), 0, "antin seed", "seed.filled", "dossier",
                           std::to_string(mark_.first_dossier + mark_.done),
                           fmt::format(R"({{"count":{}}})", next.done - mark_.done)});
        store::save_seed_mark(tx, next);
        return {};
    }

    /// One in the middle that was accepted, so that it can be looked up.
    [[nodiscard]] std::int64_t accepted_index() const {
        for (auto i = mark_.target / 2; i < mark_.target; ++i) {
            if (was_accepted(world_, i)) return i;
        }
        return mark_.target - 1;
    }

    static std::string open_session(sql::Transaction& tx, const std::string& email, Instant now) {
        const auto account = store::find_account_by_email(tx, email);
        if (!account) return {};
        const auto cookie = random_token();
        store::Session session;
        session.token_hash = app::secret_hash(cookie);
        session.account_id = account->id;
        session.csrf_token = random_token();
        session.created_at = session.last_seen_at = now;
        session.expires_at = now + std::chrono::hours{10};
        session.second_factor_at = now;
        store::insert_session(tx, session);
        return cookie;
    }

    app::Services& services_;
    const std::int64_t count_;
    store::SeedMark mark_;
    SeedWorld world_;
};

}  // namespace

Result<SeedOutcome> seed_dossiers(app::Services& services, std::int64_t count,
                                  const std::function<void(std::int64_t)>& progress) {
    Seeder seeder{services, count};
    ANTIN_CHECK(seeder.begin());
    ANTIN_CHECK(seeder.make_dossiers(progress));
    return seeder.finish();
}

}  // namespace antin::program
