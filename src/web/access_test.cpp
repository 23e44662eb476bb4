// Every address of the portal, asked for by everybody who may not have it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "domain/permissions.hpp"
#include "kit/office.hpp"
#include "store/accounts.hpp"

namespace antin::web {
namespace {

using domain::Role;

struct Route {
    std::string method, pattern, path;
    Access access;
};

struct AccessWalk : testing::Test {
    kit::Office office;

    std::vector<Route> routes() {
        std::vector<Route> list;
        for (const auto& [name, access] : office.routes()) {
            const auto space = name.find(' ');
            Route route{name.substr(0, space), name.substr(space + 1), "", access};
            route.path = office.address(route.pattern);
            EXPECT_NE(route.path, "") << name << ": a new kind of thing, tell kit::Office about it";
            list.push_back(std::move(route));
        }
        return list;
    }
    static http::Answer ask(kit::Browser& browser, const Route& route) {
        // A resumable upload is asked for by its protocol's own name.
        if (route.pattern.starts_with("/tai-len")) {
            const auto method = route.method == "GET" ? "HEAD" : route.method;
            return browser.send(method, route.path, "",
                                {{"Tus-Resumable", "1.0.0"},
                                 {"Upload-Offset", "0"},
                                 {"Content-Type", "application/offset+octet-stream"}});
        }
        if (route.method == "GET") return browser.get(route.path);
        if (route.method == "POST") {
            return browser.post(route.path, {{"vai_tro", "head"}, {"thu", "ai-do@laichau.gov.vn"}});
        }
        return browser.send(route.method, route.path, "", {});
    }
    void end_role(std::int64_t account, Role role, std::int64_t body) {
        const auto done = office.portal.database->transact([&](sql::Transaction& tx) -> Status {
            EXPECT_TRUE(
                store::end_grant(tx, account, role, body, std::nullopt, office.portal.clock.now()));
            return {};
        });
        ASSERT_TRUE(done);
    }
    /// `ask` is refused with 403 or 404 and leaves one more entry on the audit trail.
    void expect_refused(kit::Browser& browser, const Route& route, std::string_view who) {
        const auto before = office.denials();
        const auto answer = ask(browser, route);
        const auto name = fmt::format("{} {} by {}", route.method, route.pattern, who);
        EXPECT_TRUE(answer.status == 403 || answer.status == 404) << name << ": " << answer.status;
        EXPECT_GT(office.denials(), before) << name << " left no trace";
    }
};

TEST_F(AccessWalk, StrangersAreAskedToSignInEverywhereButOnPublicPages) {
    auto stranger = office.portal.stranger();
    for (const auto& route : routes()) {
        if (route.access.everyone) continue;
        const auto answer = ask(stranger, route);
        const auto name = route.method + " " + route.pattern;
        if (route.method == "GET") {
            EXPECT_EQ(answer.status, 303) << name;
            EXPECT_TRUE(answer.header("location").starts_with("/dang-nhap")) << name;
        } else {
            EXPECT_TRUE(answer.status == 401 || answer.status == 303) << name << answer.status;
        }
    }
}

TEST_F(AccessWalk, NobodyEntersWithoutTheRole) {
    const auto all = routes();
    for (const Role role : domain::held_roles) {
        auto browser = office.portal.sign_in(role, office.body_of(role));
        for (const auto& route : all) {
            if (route.access.everyone || route.access.roles.empty()) continue;
            if (route.access.roles.has(role)) continue;
            expect_refused(browser, route, domain::to_text(role));
        }
    }
}

TEST_F(AccessWalk, ARoleThatEndedAMinuteAgoOpensNothing) {
    const auto all = routes();
    for (const Role role : domain::held_roles) {
        const auto body = office.body_of(role);
        const auto person = office.portal.add_person("Người Chuyển Đi", body, {role});
        auto browser = office.portal.sign_in(person);
        ASSERT_EQ(browser.get("/tai-khoan").status, 200);
        end_role(person, role, body);
        for (const auto& route : all) {
            if (!route.access.everyone && route.access.roles.has(role)) {
                expect_refused(browser, route, domain::to_text(role));
            }
        }
    }
}

TEST_F(AccessWalk, WhatBelongsToAnotherBodyDoesNotExist) {
    // The system's own pages belong to no agency: people, rules, calendar and mails.
    const auto is_somebodys = [](const Route& route) {
        return route.pattern.find('{') != std::string::npos && !route.access.everyone &&
               !route.pattern.starts_with("/quan-tri/");
    };
    const auto all = routes();
    for (const Role role : domain::held_roles) {
        const bool is_agencys = role == Role::FocalPoint || role == Role::Head;
        // The other roles are the provider's alone, and there is one provider.
        if (!is_agencys && !domain::role_belongs(role, domain::Body::Province)) continue;
        auto browser =
            office.portal.sign_in(role, is_agencys ? office.neighbour : office.foreign_desk);
        for (const auto& route : all) {
            const bool may_enter = route.access.roles.empty() || route.access.roles.has(role);
            if (!is_somebodys(route) || !may_enter) continue;
            expect_refused(browser, route, std::string{domain::to_text(role)} + " elsewhere");
        }
    }
}

TEST_F(AccessWalk, NumbersThatAreNoneAreNotFound) {
    const std::vector<std::string> odd{"0",      "-1",        "1x",  "99999999999999999999",
                                       "1%20",   "%2e%2e",    "%",   "1;DROP",
                                       "%C3%A0", "1/../2",    "..",  "%2f",
                                       "'1",     "%F0%9F%98", "0x1", "1e3"};
    for (const Role role : {Role::FocalPoint, Role::Assessor, Role::RegistrationOfficer,
                            Role::ProvinceCoordinator, Role::SystemAdministrator}) {
        auto browser = office.portal.sign_in(role, office.body_of(role));
        for (const auto& [name, access] : office.routes()) {
            const auto at = name.find('{');
            if (!name.starts_with("GET ") || at == std::string::npos) continue;
            if (name.starts_with("GET /tai-len")) continue;  // speaks a protocol of its own
            if (!access.roles.empty() && !access.roles.has(role)) continue;
            for (const auto& value : odd) {
                const auto path = name.substr(4, at - 4) + value;
                const auto status = browser.get(path).status;
                EXPECT_TRUE(status == 404 || status == 400 || status == 303 || status == 200)
                    << path << ": " << status;
            }
        }
    }
}

TEST_F(AccessWalk, EveryPostNeedsTheTokenOfItsSession) {
    for (const Role role : domain::held_roles) {
        auto browser = office.portal.sign_in(role, office.body_of(role));
        for (const auto& route : routes()) {
            if (route.method == "GET" || route.method == "OPTIONS" || route.access.any_token ||
                route.access.any_origin) {
                continue;
            }
            if (!route.access.roles.empty() && !route.access.roles.has(role)) continue;
            const auto bare =
                browser.client.send(route.method, route.path, "",
                                    {{"Content-Type", "application/x-www-form-urlencoded"}});
            ASSERT_TRUE(bare);
            EXPECT_EQ(bare->status, 403) << route.method << " " << route.pattern;
        }
    }
}

}  // namespace
}  // namespace antin::web
