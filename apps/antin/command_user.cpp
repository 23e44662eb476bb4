#include <CLI/CLI.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/access.hpp"
#include "app/change_role.hpp"
#include "app/open_account.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "domain/role.hpp"
#include "first_accounts.hpp"
#include "offline.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"

namespace antin::program {
namespace {

struct Options {
    std::string data_dir, email, full_name, position, agency;
    std::vector<std::string> roles;
    bool json = false, second_factor = false;
};

app::Actor actor() {
    return app::Actor::system("antin user");
}

/// The body by its code; "" is the provider.
Result<store::Agency> find_body(Offline& offline, const std::string& code) {
    return offline.db().read([&](sql::Reader& db) -> Result<store::Agency> {
        const auto agency =
            code.empty() ? store::find_provider(db) : store::find_agency_by_code(db, code);
        if (!agency) return fail(ErrorKind::NotFound, "agency.not_found", code);
        return *agency;
    });
}

Result<std::vector<domain::Role>> read_roles(const std::vector<std::string>& names) {
    std::vector<domain::Role> roles;
    for (const std::string& name : names) {
        const auto role = domain::role_from_name(name);
        if (!role) return fail(ErrorKind::Invalid, "account.role_unknown", {}, {{"role", name}});
        roles.push_back(*role);
    }
    return roles;
}

ExitCode tell_password(const Options& options, const std::string& email,
                       const app::OpenedAccount& opened) {
    if (options.json) {
        print_json({{"email", email}, {"password", opened.one_time_password}});
    } else {
        std::printf("%s  one-time password: %s\n", email.c_str(), opened.one_time_password.c_str());
    }
    return ExitCode::Done;
}

ExitCode add(const Options& options) {
    const auto offline = Offline::open(options.data_dir);
    if (!offline) return report(offline.error());
    const auto agency = find_body(**offline, options.agency);
    if (!agency) return report(agency.error());
    const auto roles = read_roles(options.roles);
    if (!roles) return report(roles.error());
    app::OpenAccount input;
    input.email = options.email;
    input.full_name = clean_text(options.full_name);
    input.position = clean_text(options.position);
    input.agency_id = agency->id;
    input.roles = *roles;
    const auto opened = app::open_account((*offline)->services(), actor(), input);
    if (!opened) return report(opened.error());
    return tell_password(options, to_lower(options.email), *opened);
}

ExitCode reset(const Options& options) {
    const auto offline = Offline::open(options.data_dir);
    if (!offline) return report(offline.error());
    const auto opened = app::reissue_password((*offline)->services(), actor(), options.email,
                                              options.second_factor);
    if (!opened) return report(opened.error());
    return tell_password(options, to_lower(options.email), *opened);
}

ExitCode set_role(const Options& options, bool give) {
    const auto offline = Offline::open(options.data_dir);
    if (!offline) return report(offline.error());
    const auto agency = find_body(**offline, options.agency);
    if (!agency) return report(agency.error());
    const auto roles = read_roles(options.roles);
    if (!roles) return report(roles.error());
    for (const domain::Role role : *roles) {
        const app::RoleChange change{options.email, agency->id, role};
        const auto done = give ? app::give_role((*offline)->services(), actor(), change)
                               : app::end_role((*offline)->services(), actor(), change);
        if (!done) return report(done.error());
    }
    return ExitCode::Done;
}

ExitCode set_state(const Options& options, std::string_view state) {
    const auto offline = Offline::open(options.data_dir);
    if (!offline) return report(offline.error());
    const auto done = app::set_account_state((*offline)->services(), actor(), options.email, state);
    return done ? ExitCode::Done : report(done.error());
}

nlohmann::json as_json(const store::PersonRow& person) {
    nlohmann::json grants = nlohmann::json::array();
    for (const auto& grant : person.grants) {
        grants.push_back({{"role", domain::to_text(grant.role)}, {"agency", grant.agency_name}});
    }
    return {{"email", person.account.email},
            {"full_name", person.account.full_name},
            {"state", person.account.state},
            {"roles", grants}};
}

ExitCode list(const Options& options) {
    const auto offline = Offline::open(options.data_dir);
    if (!offline) return report(offline.error());
    const auto agency = find_body(**offline, options.agency);
    if (!agency) return report(agency.error());
    const auto people =
        (*offline)->db().read([&](sql::Reader& db) -> Result<std::vector<store::PersonRow>> {
            return store::people_of(db, agency->id);
        });
    if (!people) return report(people.error());
    nlohmann::json out = nlohmann::json::array();
    for (const auto& person : *people) {
        out.push_back(as_json(person));
        if (options.json) continue;
        std::string roles;
        for (const auto& grant : person.grants) {
            roles += ' ' + std::string{domain::to_text(grant.role)};
        }
        std::printf("%-32s %-10s %s:%s\n", person.account.email.c_str(),
                    person.account.state.c_str(), person.account.full_name.c_str(), roles.c_str());
    }
    if (options.json) print_json(out);
    return ExitCode::Done;
}

struct Group {
    CommandLine& line;
    CLI::App& parent;
    std::shared_ptr<Options> options;

    CLI::App& add(const char* name, const char* text,
                  std::function<ExitCode(const Options&)> work) const {
        CLI::App& command = line.add(parent, name, text);
        add_data_option(command, options->data_dir);
        line.on(command, [options = options, work = std::move(work)] { return work(*options); });
        return command;
    }
};

}  // namespace

void register_user(CommandLine& line) {
    CLI::App& user = line.add(line.root, "user", "people: add, list, roles, passwords");
    user.require_subcommand(1);
    const Group group{line, user, std::make_shared<Options>()};
    Options& options = *group.options;
    const auto email = [&](CLI::App& command) {
        command.add_option("--email", options.email, "sign-in name")->required();
    };
    const auto body = [&](CLI::App& command) {
        command.add_option("--agency", options.agency, "code of the body; empty: the provider");
    };
    const auto roles = [&](CLI::App& command) {
        command.add_option("--role", options.roles, "role, may stand several times")->required();
    };

    CLI::App& added = group.add("add", "a person with a one-time password", add);
    email(added);
    body(added);
    roles(added);
    added.add_option("--name", options.full_name, "full name")->required();
    added.add_option("--position", options.position, "position");
    add_json_option(added, options.json);

    CLI::App& listed = group.add("list", "people of a body", list);
    body(listed);
    add_json_option(listed, options.json);

    CLI::App& again = group.add("reset-password", "a new one-time password", reset);
    email(again);
    again.add_flag("--second-factor", options.second_factor, "and set up the second factor anew");
    add_json_option(again, options.json);

    for (const bool give : {true, false}) {
        CLI::App& role = group.add(give ? "grant" : "revoke", give ? "gives a role" : "ends a role",
                                   [give](const Options& o) { return set_role(o, give); });
        email(role);
        body(role);
        roles(role);
    }
    email(group.add("suspend", "may not sign in until resumed",
                    [](const Options& o) { return set_state(o, "suspended"); }));
    email(group.add("resume", "may sign in again",
                    [](const Options& o) { return set_state(o, "active"); }));
}

}  // namespace antin::program
