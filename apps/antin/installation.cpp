#include "installation.hpp"

#include <array>
#include <map>

#include "app/access.hpp"
#include "app/open_account.hpp"
#include "authority_setup.hpp"
#include "base/random.hpp"
#include "files.hpp"
#include "keys.hpp"
#include "offline.hpp"
#include "province_data.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "tls_certificate.hpp"

namespace antin::program {
namespace {

using domain::Role;
enum class At { Provider, Desk };
struct FirstPerson {
    std::string_view name, full_name;
    Role role;
    At at;
};
// One account a role, so that nothing which must stay apart is in one hand from the first day.
constexpr std::array first_people{
    FirstPerson{"quantri", "Quản trị hệ thống", Role::SystemAdministrator, At::Provider},
    FirstPerson{"quantri.ca1", "Quản trị CA thứ nhất", Role::CaAdministrator, At::Provider},
    FirstPerson{"quantri.ca2", "Quản trị CA thứ hai", Role::CaAdministrator, At::Provider},
    FirstPerson{"kiemtoan", "Kiểm toán", Role::Auditor, At::Provider},
    FirstPerson{"tiepnhan", "Cán bộ tiếp nhận", Role::IntakeOfficer, At::Provider},
    FirstPerson{"thamdinh", "Cán bộ thẩm định", Role::Assessor, At::Provider},
    FirstPerson{"pheduyet", "Lãnh đạo phê duyệt", Role::Approver, At::Provider},
    FirstPerson{"capphat", "Cán bộ cấp phát", Role::RegistrationOfficer, At::Provider},
    FirstPerson{"daumoi", "Đầu mối của tỉnh", Role::ProvinceCoordinator, At::Desk},
};

Status make_folders(const Config& config) {
    ANTIN_CHECK(make_private_folder(config.data_dir));
    for (const char* name : {"secrets", "files", "public", "tls", "audit"}) {
        ANTIN_CHECK(make_private_folder(config.data_dir / name));
    }
    const auto vault = config.file("secrets/vault.key");
    std::error_code ignored;
    if (std::filesystem::exists(vault, ignored)) return {};
    return write_file(vault, to_base64(random_bytes(32)) + "\n", 0600);
}

Result<std::int64_t> ensure_body(sql::Transaction& tx, store::Agency body, Instant now) {
    if (const auto known = store::find_agency_by_code(tx, body.code)) return known->id;
    body.created_at = now;
    return store::insert_agency(tx, body);
}

/// By kind of body, who stands above it.
using SuperiorIds = std::map<std::string, std::int64_t>;
Result<SuperiorIds> put_superiors(sql::Transaction& tx, const ProvinceData& province, Instant now) {
    SuperiorIds ids;
    for (const auto& superior : province.superiors) {
        ANTIN_TRY(id, ensure_body(tx, superior.body, now));
        for (const auto& kind : superior.above) ids[kind] = id;
    }
    return ids;
}

struct Bodies {
    std::int64_t provider = 0, desk = 0;
    std::size_t count = 0;
};

Result<Bodies> put_bodies(Offline& offline, const ProvinceData& province) {
    const auto actor = app::Actor::system("antin init");
    return offline.db().transact([&](sql::Transaction& tx) -> Result<Bodies> {
        const Instant now = offline.clock().now();
        Bodies bodies;
        const bool fresh = !store::find_agency_by_code(tx, province.provider.code);
        ANTIN_TRY(superiors, put_superiors(tx, province, now));
        const auto put = [&](store::Agency body) {
            if (const auto above = superiors.find(body.kind); above != superiors.end()) {
                body.parent_id = above->second;
            }
            return ensure_body(tx, std::move(body), now);
        };
        ANTIN_TRY(provider, put(province.provider));
        ANTIN_TRY(desk, put(province.desk));
        bodies.provider = provider;
        bodies.desk = desk;
        for (const store::Agency& body : province.bodies) {
            const auto id = put(body);
            if (!id) return fail(id.error());
            ++bodies.count;
        }
        if (fresh) {
            audit::append(tx, app::journal_entry(offline.services(), actor, "installation.made",
                                                 "province", province.code));
        }
        return bodies;
    });
}

/// After an interrupted init the person gets another password: the first was never shown.
Status put_person(Offline& offline, const ProvinceData& province, const Bodies& bodies,
                  const FirstPerson& person, std::vector<FirstAccount>& accounts) {
    app::OpenAccount input;
    input.email = std::string{person.name} + "@antin.invalid";
    input.full_name = person.full_name;
    input.agency_id = person.at == At::Provider ? bodies.provider : bodies.desk;
    input.roles = {person.role};
    const auto actor = app::Actor::system("antin init");
    auto opened = app::open_account(offline.services(), actor, input);
    if (!opened && opened.error().code == "account.email_taken") {
        opened = app::reissue_password(offline.services(), actor, input.email, false);
    }
    if (!opened) return fail(opened.error());
    accounts.push_back({input.email, input.full_name, opened->one_time_password, input.roles,
                        person.at == At::Provider ? province.provider.name : province.desk.name});
    return {};
}

}  // namespace

Result<InitOutcome> make_installation(const InitOptions& options,
                                      const std::function<void(std::string_view)>& progress) {
    const Config& config = options.config;
    std::error_code ignored;
    if (std::filesystem::exists(config.data_dir / "antin.toml", ignored)) {
        return fail(ErrorKind::Conflict, "init.exists", {}, {{"folder", config.data_dir.string()}});
    }
    ANTIN_CHECK(validate(config));
    ANTIN_TRY(province, load_province(options.province));
    ANTIN_CHECK(make_folders(config));
    ANTIN_TRY(lock, FolderLock::take(config.data_dir));
    progress("database");
    ANTIN_TRY(offline, Offline::open_with(config));
    progress("bodies of the province");
    ANTIN_TRY(bodies, put_bodies(*offline, province));
    InitOutcome outcome;
    outcome.bodies = bodies.count;
    progress("tokens and keys");
    ANTIN_CHECK(make_tokens(config));
    auto ceremony = run_ceremony(config, offline->db(), offline->clock(), options.ceremony_script,
                                 outcome.root_pin);
    if (ceremony) outcome.ceremony = std::move(*ceremony);
    // An init that was interrupted after the ceremony goes on behind it.
    else if (ceremony.error().code != "ca.ceremony_done")
        return fail(ceremony.error());
    progress("first accounts");
    for (const FirstPerson& person : first_people) {
        ANTIN_CHECK(put_person(*offline, province, bodies, person, outcome.accounts));
    }
    ANTIN_CHECK(write_first_accounts(config.data_dir, outcome.accounts));
    const auto certificate = config.file(config.tls_certificate_file);
    ANTIN_CHECK(ensure_tls_certificate(certificate, config.file(config.tls_key_file),
                                       host_of_url(config.effective_public_url()),
                                       offline->clock()));
    ANTIN_TRY(fingerprint, tls_fingerprint(certificate));
    outcome.tls_fingerprint = fingerprint;
    ANTIN_CHECK(write_file(config.data_dir / "antin.toml", to_toml(config), 0600));
    forget_root_pin(config);
    return outcome;
}

}  // namespace antin::program
