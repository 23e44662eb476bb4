// Every field of every form of the portal, filled in by somebody who means harm or whose clipboard
// is broken: kept and shown harmlessly, or refused with a sentence, never an error of ours.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "base/text.hpp"
#include "kit/office.hpp"

namespace antin::web {
namespace {

using domain::Role;

struct Hostile {
    const char* name;
    std::string value;
};
const std::vector<Hostile>& hostile_values() {
    static const std::vector<Hostile> values{
        {"script", "<script>alert(1)</script> A"},
        {"quote", "\"'><img src=x onerror=alert(1)> A"},
        {"template", "{{page.title}}{{{csrf}}}{{> layout_top}}"},
        {"long", "A " + std::string(10'000, 'b')},
        {"rtl", "V\u202E\u2066\u200Fnv.vog A"},
        {"nul", std::string("a\0b c", 5)},
        {"bytes", "\xff\xfe\xc3 A"},
        {"overlong", "\xc0\xbc script \xed\xa0\x80"},
        {"lines", "a\r\nSet-Cookie: x=1\r\n\r\n<b>"},
    };
    return values;
}

/// Signs a walk must not break: who we are, which version we saw, which form this is.
bool is_own_sign(std::string_view field) {
    static const std::set<std::string, std::less<>> own{"csrf", "version", "submit_key"};
    return own.contains(field);
}
/// These end the walk itself.
bool ends_the_session(std::string_view action) {
    return action.ends_with("/thoat") || action.ends_with("/thoat-noi-khac");
}

class HostileWalk : public testing::TestWithParam<Role> {
  protected:
    kit::Office office;

    std::vector<std::string> pages(Role role) const {
        std::vector<std::string> list;
        for (const auto& [name, access] : office.routes()) {
            const auto path = office.address(name.substr(name.find(' ') + 1));
            const bool may = access.everyone || access.roles.empty() || access.roles.has(role);
            if (name.starts_with("GET ") && may && !path.starts_with("/kieu-dang")) {
                list.push_back(path);
            }
        }
        return list;
    }
    kit::Browser person(Role role) {
        if (role == Role::FocalPoint) return office.portal.sign_in(office.clerk);
        if (role == Role::Head) return office.portal.sign_in(office.head);
        return office.portal.sign_in(role, office.body_of(role));
    }
    static void expect_harmless(const http::Answer& answer, const std::string& what) {
        EXPECT_NE(answer.status, 0) << what << ": no answer";
        EXPECT_LT(answer.status, 500) << what;
        EXPECT_EQ(answer.header("set-cookie").find("x=1"), std::string::npos) << what;
        if (!answer.header("content-type").starts_with("text/html")) return;
        for (const char* wrong : {"<script>alert", "<img src=x", "onerror=alert(1)>", "<b>"}) {
            EXPECT_EQ(answer.body.find(wrong), std::string::npos) << what << " shows " << wrong;
        }
        EXPECT_TRUE(is_valid_utf8(answer.body)) << what;
        EXPECT_EQ(answer.body.find('\0'), std::string::npos) << what;
    }
    /// What was kept does not turn the text of other people's pages round either.
    static void expect_kept_harmless(const http::Answer& answer, const std::string& what) {
        expect_harmless(answer, what);
        if (!answer.header("content-type").starts_with("text/html")) return;
        EXPECT_EQ(answer.body.find("\u202E"), std::string::npos) << what;
    }
    void fill_in(kit::Browser& browser, const std::string& path, std::size_t form_index) {
        const auto first = http::read_forms(browser.get(path).body);
        if (form_index >= first.size() || ends_the_session(first[form_index].action)) return;
        for (std::size_t field = 0; field < first[form_index].fields.items.size(); ++field) {
            const auto name = first[form_index].fields.items[field].first;
            if (is_own_sign(name)) continue;
            // One field on one page once, whoever opens it; each takes a third of the values, the
            // next field the next third.
            static std::set<std::string> walked;
            if (!walked.insert(path + " " + first[form_index].action + " " + name).second) continue;
            for (std::size_t i = walked.size() % 3; i < hostile_values().size(); i += 3) {
                const auto& hostile = hostile_values()[i];
                // The page again: a version that is out of date would be all that is answered.
                auto forms = http::read_forms(browser.get(path).body);
                if (form_index >= forms.size()) return;
                auto& form = forms[form_index];
                form.set(name, hostile.value);
                const auto what = fmt::format("{} {} {}={}", path, form.action, name, hostile.name);
                expect_harmless(send(browser, path, form), what);
            }
        }
    }
    static http::Answer send(kit::Browser& browser, const std::string& path,
                             const http::PageForm& form) {
        const std::string action = form.action.empty() ? path : form.action;
        if (form.method == "get") {
            std::string target = action + "?";
            for (const auto& [name, value] : form.fields.items) {
                target += http::url_encode(name) + "=" + http::url_encode(value) + "&";
            }
            return browser.get(target);
        }
        auto fields = form.fields;
        if (!form.buttons.empty()) {
            for (const auto& item : form.buttons.front().items) fields.items.push_back(item);
        }
        const auto answer = form.multipart ? browser.client.post_multipart(
                                                 action, fields,
                                                 {{"file", "../../<b>\u202Egnp.\"exe", "text/html",
                                                   "<script>alert(1)</script>"}})
                                           : browser.client.post_form(action, fields);
        return answer ? *answer : http::Answer{};
    }
};

TEST_P(HostileWalk, EveryFieldOfEveryForm) {
    const Role role = GetParam();
    auto browser = person(role);
    const auto list = pages(role);
    for (const auto& path : list) {
        const auto forms = http::read_forms(browser.get(path).body).size();
        for (std::size_t i = 0; i < forms; ++i) fill_in(browser, path, i);
    }
    // What was kept is shown to everybody harmlessly.
    for (const Role reader : std::set{role, Role::Assessor, Role::Auditor,
                                      Role::ProvinceCoordinator, Role::SystemAdministrator}) {
        auto other = person(reader);
        for (const auto& path : pages(reader)) expect_kept_harmless(other.get(path), path);
    }
}
INSTANTIATE_TEST_SUITE_P(Roles, HostileWalk,
                         testing::Values(Role::FocalPoint, Role::Head, Role::ProvinceCoordinator,
                                         Role::IntakeOfficer, Role::Assessor, Role::Approver,
                                         Role::RegistrationOfficer, Role::SystemAdministrator,
                                         Role::Auditor),
                         [](const auto& information) {
                             std::string name{domain::to_text(information.param)};
                             std::erase(name, '_');
                             return name;
                         });

class HostileStranger : public HostileWalk {};
TEST_P(HostileStranger, EveryPublicForm) {
    auto browser = office.portal.stranger();
    for (const auto& [name, access] : office.routes()) {
        if (!name.starts_with("GET ") || !access.everyone) continue;
        const auto path = office.address(name.substr(4));
        const auto forms = http::read_forms(browser.get(path).body).size();
        for (std::size_t i = 0; i < forms; ++i) fill_in(browser, path, i);
    }
    auto desk = person(Role::ProvinceCoordinator);
    for (const auto& path : pages(Role::ProvinceCoordinator)) {
        expect_kept_harmless(desk.get(path), path);
    }
}
INSTANTIATE_TEST_SUITE_P(Once, HostileStranger, testing::Values(Role::ProvinceCoordinator));

TEST(HostileRequests, CookiesQueriesAndHeadersOfAnyBytes) {
    kit::Office office;
    auto browser = office.portal.stranger();
    for (const auto& hostile : hostile_values()) {
        for (const auto* path : {"/dang-nhap?tiep=", "/tra-cuu?ma=", "/ngon-ngu/vi?ve=",
                                 "/kich-hoat?ma=", "/dang-ky/theo-doi?ma="}) {
            const auto answer = browser.get(path + http::url_encode(hostile.value));
            EXPECT_GT(answer.status, 0) << path << hostile.name;
            EXPECT_LT(answer.status, 500) << path << hostile.name;
            EXPECT_EQ(answer.body.find("<script>alert"), std::string::npos) << path;
            EXPECT_TRUE(is_valid_utf8(answer.body)) << path << hostile.name;
        }
        if (std::string_view{hostile.name} == "nul" || std::string_view{hostile.name} == "lines") {
            continue;  // no header can carry these
        }
        for (const char* header : {"Cookie", "Accept-Language", "User-Agent", "Referer", "Origin",
                                   "X-CSRF-Token", "Content-Type", "Accept"}) {
            const auto value =
                std::string{header} == "Cookie" ? "antin=" + hostile.value : hostile.value;
            const auto answer =
                browser.client.send("POST", "/dang-nhap", "a=1", {{header, value.substr(0, 8000)}});
            ASSERT_TRUE(answer) << header << hostile.name;
            EXPECT_LT(answer->status, 500) << header << hostile.name;
        }
    }
    EXPECT_EQ(browser.get("/").status, 200);
}

TEST(HostileRequests, UploadsThatAreNoneAreIgnoredNotFatal) {
    kit::Office office;
    auto browser = office.portal.sign_in(office.clerk);
    const auto path = office.address("/ho-so/nhap/{id}/nhap-tep");
    const auto page = browser.get(path);
    const auto token = http::find_form(page.body, "/nhap-tep")->fields.get("csrf");
    const std::string part =
        "Content-Disposition: form-data; name=\"tep\"; filename=\"a.csv\"\r\n\r\nx";
    const std::string sign = "--X\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + token;
    for (const auto& [type, body] : std::vector<std::pair<std::string, std::string>>{
             {"multipart/form-data", sign},
             {"multipart/form-data; boundary=", sign},
             {"multipart/form-data; boundary=\"X", sign},
             {"multipart/form-data; boundary=X", sign},
             {"multipart/form-data; boundary=X", sign + "\r\n--X\r\n" + part},
             {"multipart/form-data; boundary=X", sign + "\r\n--X\r\n" + part + "\r\n--X--"},
             {"multipart/form-data; boundary=X", sign + "\r\n--X\r\nno head\r\n--X--\r\n"},
             {"multipart/form-data; boundary=X", std::string(200'000, '-')},
             {"multipart/form-data; boundary=X", "--X\r\n" + std::string(100'000, '\0')},
             {"application/x-www-form-urlencoded", std::string(300'000, '&')},
             {"application/x-www-form-urlencoded", "%zz=%&=&%00=%ff"},
             {"application/json", std::string(50'000, '[')},
             {"text/plain", "csrf=" + token}}) {
        const auto answer = browser.client.send("POST", path, body, {{"Content-Type", type}});
        ASSERT_TRUE(answer) << type << body.substr(0, 80);
        EXPECT_TRUE(answer->status == 403 || answer->status == 422)
            << answer->status << " " << type << " " << body.substr(0, 80);
    }
}

TEST(HostileRequests, DeepJsonToTheScriptsAddresses) {
    kit::Office office;
    auto clerk = office.portal.sign_in(office.clerk);
    auto officer = office.portal.sign_in(Role::RegistrationOfficer, office.provider);
    const auto sheet = office.address("/ho-so/nhap/{id}/danh-sach");
    const auto bench = office.address("/cap-phat/dong/{id}/khoa");
    for (const auto& body :
         {std::string(100'000, '['), std::string{"{\"a\":"}, std::string{"null"}, std::string{"[]"},
          std::string{"\"\xff\""}, std::string{"{\"cells\":{\"x\":[1,2]},\"request\":7}"},
          std::string{"{\"serials\":{},\"request\":{\"a\":1},\"version\":1e999}"}, std::string{}}) {
        for (auto [browser, path] : {std::pair{&clerk, sheet}, std::pair{&officer, bench}}) {
            const auto answer = browser->post_json(path, body);
            EXPECT_GE(answer.status, 200) << path << body.substr(0, 40);
            EXPECT_LT(answer.status, 500) << path << body.substr(0, 40) << answer.body;
        }
    }
}

}  // namespace
}  // namespace antin::web
