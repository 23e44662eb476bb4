#include "seed.hpp"

#include <fmt/format.h>

#include <array>
#include <random>

#include "app/load_session.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/dossier_events.hpp"
#include "store/dossier_lines.hpp"
#include "store/dossiers.hpp"
#include "store/sessions.hpp"

namespace antin::program {
namespace {

using domain::DossierState;
using domain::LineState;

constexpr std::int64_t dossiers_per_transaction = 500;
constexpr std::string_view seed_mail = "@do-tai.invalid";  // marks what was seeded

// Invented: common syllables put together at random name nobody.
constexpr std::array family{"Nguyễn", "Trần", "Lê",    "Phạm",  "Lò",  "Vàng", "Giàng", "Đặng",
                            "Tẩn",    "Phàn", "Quàng", "Hoàng", "Bùi", "Đỗ",   "Sùng",  "Chẻo"};
constexpr std::array middle{"Văn",  "Thị", "Đức",   "Minh", "Thu",
                            "Ngọc", "A",   "Quang", "Hồng", "Xuân"};
constexpr std::array given{"An",   "Bình", "Chi",  "Dung", "Đạt", "Giang", "Hà",
                           "Hùng", "Khoa", "Lan",  "Mai",  "Nam", "Oanh",  "Phúc",
                           "Quý",  "Sơn",  "Thảo", "Tú",   "Vân", "Yến"};
constexpr std::array places{"Mường Thử", "Nậm Mẫu", "Bản Ví Dụ", "Tả Mẫu", "Sìn Thử", "Pa Mẫu"};
constexpr std::array positions{"Chuyên viên", "Văn thư", "Phó Chủ tịch", "Chủ tịch", "Kế toán"};

/// The same numbers on every machine: two measurements are of the same data.
class Dice {
  public:
    std::int64_t below(std::int64_t limit) {
        return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(limit));
    }
    template <class List>
    std::string one_of(const List& list) {
        return list[static_cast<std::size_t>(below(static_cast<std::int64_t>(list.size())))];
    }

  private:
    std::mt19937_64 engine_{20261123};
};

struct People {
    std::int64_t provider = 0;
    std::int64_t assessor = 0, approver = 0, intake = 0;
    std::vector<std::int64_t> agencies, clerks;
};

class Seeder {
  public:
    Seeder(app::Services& services, std::int64_t count)
        : services_(services), count_(count), now_(services.clock.now()) {}

    Status check_empty() {
        return services_.db.read([&](sql::Reader& db) -> Status {
            const auto mark = store::find_account_by_email(db, "tham-tra" + std::string{seed_mail});
            if (!mark && store::find_dossier(db, 1)) {
                return fail(ErrorKind::Refused, "seed.not_empty");
            }
            if (mark) return fail(ErrorKind::Refused, "seed.done_already");
            return {};
        });
    }

    Status make_people() {
        return services_.db.transact([&](sql::Transaction& tx) -> Status {
            ANTIN_TRY(provider, find_or_add_provider(tx));
            people_.provider = provider;
            ANTIN_TRY(assessor, add_person(tx, "tham-tra", provider, domain::Role::Assessor));
            ANTIN_TRY(approver, add_person(tx, "phe-duyet", provider, domain::Role::Approver));
            ANTIN_TRY(intake, add_person(tx, "tiep-nhan", provider, domain::Role::IntakeOfficer));
            people_.assessor = assessor;
            people_.approver = approver;
            people_.intake = intake;
            const auto agencies = std::clamp<std::int64_t>(count_ / 50, 5, 600);
            for (std::int64_t i = 0; i < agencies; ++i) ANTIN_CHECK(add_agency(tx, i));
            return {};
        });
    }

    Status make_dossiers(const std::function<void(std::int64_t)>& progress) {
        for (std::int64_t done = 0; done < count_;) {
            const auto part = std::min(count_ - done, dossiers_per_transaction);
            ANTIN_CHECK(services_.db.transact([&](sql::Transaction& tx) -> Status {
                for (std::int64_t i = 0; i < part; ++i) add_dossier(tx, done + i);
                return {};
            }));
            done += part;
            progress(done);
        }
        return {};
    }

    Result<SeedOutcome> finish() {
        ANTIN_TRY(officer, open_session(people_.assessor));
        ANTIN_TRY(clerk, open_session(people_.clerks.front()));
        outcome_.officer_cookie = officer;
        outcome_.clerk_cookie = clerk;
        outcome_.dossiers = count_;
        return outcome_;
    }

  private:
    Result<std::int64_t> find_or_add_provider(sql::Transaction& tx) {
        if (const auto found = store::find_provider(tx)) return found->id;
        store::Agency agency;
        agency.code = "G99.99";
        agency.name = "Đơn vị cung cấp dịch vụ (đo tải)";
        agency.kind = "provider";
        agency.branch = "state";
        agency.level = "central";
        agency.state = "approved";
        agency.created_at = now_;
        return store::insert_agency(tx, agency);
    }

    Result<std::int64_t> add_person(sql::Transaction& tx, const std::string& name,
                                    std::int64_t agency_id, domain::Role role) {
        store::Account account;
        account.email = name + std::string{seed_mail};
        account.full_name = person();
        account.state = "active";
        account.created_at = now_;
        ANTIN_TRY(id, store::insert_account(tx, account));
        store::insert_grant(tx, id, role, agency_id, std::nullopt, now_);
        return id;
    }

    Status add_agency(sql::Transaction& tx, std::int64_t i) {
        store::Agency agency;
        agency.code = fmt::format("H99.{}.{}", i / 100 + 10, i % 100 + 10);
        agency.name = fmt::format("Đảng ủy xã {} {}", dice_.one_of(places), i + 1);
        agency.kind = "party_committee";
        agency.branch = "party";
        agency.level = "commune";
        agency.province_code = "12";
        agency.province_name = "Lai Châu";
        agency.email = fmt::format("van-thu.{}{}", i, seed_mail);
        agency.state = "approved";
        agency.created_at = now_;
        ANTIN_TRY(id, store::insert_agency(tx, agency));
        ANTIN_TRY(clerk,
                  add_person(tx, fmt::format("van-thu.{}", i), id, domain::Role::FocalPoint));
        people_.agencies.push_back(id);
        people_.clerks.push_back(clerk);
        names_.push_back(agency.name);
        return {};
    }

    std::string person() {
        return dice_.one_of(family) + " " + dice_.one_of(middle) + " " + dice_.one_of(given);
    }

    domain::Procedure procedure() {
        const auto die = dice_.below(100);
        if (die < 57) return domain::Procedure::Issuance;
        if (die < 97) return domain::Procedure::Amendment;
        if (die < 98) return domain::Procedure::Renewal;
        return domain::Procedure::Revocation;
    }

    /// The newest ones are open, as in an office that keeps up; the one of 300 rows is one of them.
    DossierState state_of(std::int64_t index) {
        const auto open = std::min<std::int64_t>(count_ / 5 + 1, 2000);
        if (index < count_ - open) {
            return dice_.below(50) == 0 ? DossierState::Stopped : DossierState::Returned;
        }
        constexpr std::array states{DossierState::InProgress,         DossierState::InProgress,
                                    DossierState::Accepted,           DossierState::Submitted,
                                    DossierState::AwaitingSupplement, DossierState::Draft};
        if (index == count_ - 1) return DossierState::InProgress;
        return states[static_cast<std::size_t>(dice_.below(states.size()))];
    }

    /// About 7 on the average, a few very long.
    std::int64_t lines_of(std::int64_t index) {
        if (index == count_ - 1) return 300;
        const auto die = dice_.below(1000);
        if (die < 500) return 1 + dice_.below(3);
        if (die < 950) return 3 + dice_.below(12);
        return 15 + dice_.below(60);
    }

    void add_dossier(sql::Transaction& tx, std::int64_t index) {
        const auto agency = static_cast<std::size_t>(
            dice_.below(static_cast<std::int64_t>(people_.agencies.size())));
        store::Dossier dossier;
        dossier.procedure = procedure();
        dossier.state = state_of(index);
        dossier.agency_id = people_.agencies[agency];
        dossier.receiver_id = people_.provider;
        dossier.created_by = people_.clerks[agency];
        dossier.line_count = lines_of(index);
        // 310 a working day, the last ones today.
        dossier.created_at = now_ - std::chrono::minutes{(count_ - index) * 3};
        dossier.saved_at = dossier.created_at;
        dossier.rules_date = to_iso(local_date(dossier.created_at));
        fill_course(dossier, index);
        dossier.search_text = fold(dossier.code.value_or("") + " " + names_[agency]);
        dossier.id = store::add_dossier(tx, dossier);
        add_lines(tx, dossier);
        add_events(tx, dossier);
        if (index == count_ - 1) outcome_.dossier300 = dossier.id;
        if (index == count_ / 2 || count_ < 3) {
            outcome_.lookup_code = dossier.code.value_or("");
            outcome_.lookup_check = dossier.check_value.value_or("");
        }
    }

    void fill_course(store::Dossier& dossier, std::int64_t index) {
        if (dossier.state == DossierState::Draft) return;
        dossier.submitted_at = dossier.created_at + std::chrono::hours{1};
        dossier.submitted_by = dossier.created_by;
        if (dossier.state == DossierState::Submitted) return;
        const auto day = local_date(dossier.created_at);
        dossier.accepted_at = dossier.created_at + std::chrono::hours{2};
        dossier.accepted_by = people_.intake;
        // Numbers of their own row, so that real ones never meet them.
        dossier.code = fmt::format(
            "H99.00-{:02}{:02}{:02}-{:07}", static_cast<int>(day.year()) % 100,
            static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()), index);
        dossier.check_value = random_readable(8);
        dossier.calendar_version = "2026.0";
        dossier.due_at = dossier.created_at + std::chrono::hours{74};
        if (dossier.state == DossierState::Accepted) return;
        dossier.assessor_id = people_.assessor;
        dossier.assigned_at = dossier.accepted_at;
        if (dossier.state == DossierState::AwaitingSupplement) {
            dossier.due_at.reset();
            dossier.remaining_minutes = 900;
            dossier.clock_stopped_at = dossier.accepted_at;
            dossier.supplement_count = 1;
        }
        if (dossier.state == DossierState::Returned) {
            dossier.decided_at = dossier.created_at + std::chrono::hours{48};
            dossier.returned_at = dossier.created_at + std::chrono::hours{50};
        }
    }

    void add_lines(sql::Transaction& tx, const store::Dossier& dossier) {
        const bool returned = dossier.state == DossierState::Returned;
        for (std::int64_t number = 1; number <= dossier.line_count; ++number) {
            store::DossierLine line;
            line.dossier_id = dossier.id;
            line.number = number;
            line.state = returned ? LineState::InForce : LineState::Requested;
            line.name = person();
            line.subject_key = fmt::format("0{:011}", ++subjects_);
            line.email = fmt::format("nguoi.{}{}", subjects_, seed_mail);
            line.values = {{"full_name", line.name},
                           {"birth_date", fmt::format("19{}-0{}-1{}", 60 + dice_.below(40),
                                                      1 + dice_.below(9), dice_.below(10))},
                           {"personal_id", line.subject_key},
                           {"id_issued_on", "2021-06-21"},
                           {"id_issued_by", "Cơ quan cấp (đo tải)"},
                           {"email", line.email},
                           {"agency_name", "Cơ quan đo tải"},
                           {"province", "Lai Châu"},
                           {"position", dice_.one_of(positions)}};
            if (returned) line.certificate_serial = fmt::format("{:016x}", subjects_);
            (void)store::add_line(tx, line);
            ++outcome_.lines;
        }
    }

    void add_events(sql::Transaction& tx, const store::Dossier& dossier) {
        const auto add = [&](std::string act, DossierState to, std::optional<Instant> at) {
            if (!at) return;
            store::DossierEvent event;
            event.dossier_id = dossier.id;
            event.act = std::move(act);
            event.to_state = domain::to_text(to);
            event.at = *at;
            event.is_public = true;
            store::add_dossier_event(tx, event);
        };
        add("submitted", DossierState::Submitted, dossier.submitted_at);
        add("accepted", DossierState::Accepted, dossier.accepted_at);
        add("decided", DossierState::Decided, dossier.decided_at);
        add("returned", DossierState::Returned, dossier.returned_at);
    }

    Result<std::string> open_session(std::int64_t account_id) {
        const auto cookie = random_token();
        const auto status = services_.db.transact([&](sql::Transaction& tx) -> Status {
            store::Session session;
            session.token_hash = app::secret_hash(cookie);
            session.account_id = account_id;
            session.csrf_token = random_token();
            session.created_at = session.last_seen_at = now_;
            session.expires_at = now_ + std::chrono::hours{10};
            session.second_factor_at = now_;
            store::insert_session(tx, session);
            return {};
        });
        if (!status) return fail(status.error());
        return cookie;
    }

    app::Services& services_;
    const std::int64_t count_;
    const Instant now_;
    Dice dice_;
    People people_;
    std::vector<std::string> names_;
    std::int64_t subjects_ = 0;
    SeedOutcome outcome_;
};

}  // namespace

Result<SeedOutcome> seed_dossiers(app::Services& services, std::int64_t count,
                                  const std::function<void(std::int64_t)>& progress) {
    Seeder seeder{services, count};
    ANTIN_CHECK(seeder.check_empty());
    ANTIN_CHECK(seeder.make_people());
    ANTIN_CHECK(seeder.make_dossiers(progress));
    return seeder.finish();
}

}  // namespace antin::program
