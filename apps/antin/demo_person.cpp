#include "demo_person.hpp"

#include <algorithm>
#include <cctype>
#include <thread>

#include "app/second_factor.hpp"
#include "base/random.hpp"
#include "http/form_reader.hpp"

namespace antin::program {
namespace {

constexpr int redirects_max = 8;
constexpr std::size_t quoted_max = 400;

std::string between(std::string_view text, std::string_view begin, std::string_view end,
                    std::size_t from = 0) {
    const auto start = text.find(begin, from);
    if (start == std::string_view::npos) return {};
    const auto stop = text.find(end, start + begin.size());
    if (stop == std::string_view::npos) return {};
    return std::string{text.substr(start + begin.size(), stop - start - begin.size())};
}

/// What the person would read: the list of mistakes, else the beginning of the page's own words.
std::string quote(const std::string& body) {
    const auto summary = body.find("govuk-error-summary");
    const auto main = body.find("<main");
    const auto from = summary != std::string::npos ? body.rfind('<', summary)
                      : main != std::string::npos  ? main
                                                   : 0;
    std::string words = http::page_words(body.substr(from));
    if (words.size() > quoted_max) {
        std::size_t end = quoted_max;
        while (end > 0 && (static_cast<unsigned char>(words[end]) & 0xC0) == 0x80) --end;
        words.resize(end);
    }
    return words;
}

/// "JBSW Y3DP …" -> raw bytes (RFC 4648, base32).
std::string from_base32(std::string_view text) {
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const char letter = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        std::uint32_t value = 0;
        if (letter >= 'A' && letter <= 'Z')
            value = static_cast<std::uint32_t>(letter - 'A');
        else if (letter >= '2' && letter <= '7')
            value = static_cast<std::uint32_t>(letter - '2' + 26);
        else
            continue;
        bits = (bits << 5) | value;
        count += 5;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>((bits >> count) & 0xFF);
        }
    }
    return out;
}

}  // namespace

std::string DemoPage::link(std::string_view start) const {
    const std::string found = between(body, "href=\"" + std::string{start}, "\"");
    if (found.empty() && body.find("href=\"" + std::string{start} + "\"") == std::string::npos) {
        return {};
    }
    std::string out = std::string{start} + found;
    for (auto at = out.find("&amp;"); at != std::string::npos; at = out.find("&amp;")) {
        out.replace(at, 5, "&");
    }
    return out;
}

bool DemoPage::has_form(std::string_view action_end) const {
    return http::find_form(body, action_end).has_value();
}

std::string DemoPage::data(std::string_view name) const {
    return http::page_words(between(body, "data-" + std::string{name} + "=\"", "\""));
}

std::string DemoPage::code() const {
    return http::page_words(between(body, "<code>", "</code>"));
}

DemoPerson::DemoPerson(std::string name, std::uint16_t port, const Clock& clock)
    : name_(std::move(name)), clock_(clock), client_({.port = port, .tls = true}) {}

Result<DemoPage> DemoPerson::arrive(Result<http::Answer> answer, std::string path) {
    for (int i = 0; i < redirects_max; ++i) {
        if (!answer) return fail(answer.error());
        if (answer->status < 300 || answer->status >= 400) break;
        path = answer->header("location");
        answer = client_.get(path);
    }
    if (!answer) return fail(answer.error());
    if (answer->status != 200) {
        return fail(ErrorKind::Refused, "demo.page",
                    name_ + " at " + path + ": " + std::to_string(answer->status) + " " +
                        quote(answer->body));
    }
    return DemoPage{answer->status, std::move(path), std::move(answer->body)};
}

Result<DemoPage> DemoPerson::open(std::string_view path) {
    return arrive(client_.get(path), std::string{path});
}

Result<DemoPage> DemoPerson::submit(const DemoPage& page, std::string_view action_end,
                                    const Typed& typed, const Typed& button,
                                    const std::vector<http::Upload>& files) {
    auto form = http::find_form(page.body, action_end);
    if (!form) {
        return fail(ErrorKind::Refused, "demo.no_form",
                    name_ + " at " + page.path + ": no form for " + std::string{action_end} + ". " +
                        quote(page.body));
    }
    for (const auto& [name, value] : typed) form->set(name, value);
    for (const auto& [name, value] : button) form->fields.items.emplace_back(name, value);
    const std::string target = form->action.empty() ? page.path : form->action;
    if (form->method == "get") {
        std::string query = target + "?";
        for (const auto& [name, value] : form->fields.items) {
            query += http::url_encode(name) + "=" + http::url_encode(value) + "&";
        }
        return open(query);
    }
    return arrive(form->multipart ? client_.post_multipart(target, form->fields, files)
                                  : client_.post_form(target, form->fields),
                  target);
}

Result<DemoPage> DemoPerson::submit_chosen(const DemoPage& page, std::string_view action_end,
                                           const std::string& name,
                                           const std::vector<std::string>& values) {
    auto form = http::find_form(page.body, action_end);
    if (!form) {
        return fail(ErrorKind::Refused, "demo.no_form", name_ + " at " + page.path);
    }
    std::erase_if(form->fields.items, [&](const auto& item) { return item.first == name; });
    for (const auto& value : values) form->fields.items.emplace_back(name, value);
    return arrive(client_.post_form(form->action, form->fields), form->action);
}

Result<std::string> DemoPerson::post_json(const DemoPage& page, std::string_view path,
                                          std::string_view body) {
    const std::string token = between(page.body, "name=\"csrf\" value=\"", "\"");
    const auto answer = client_.send("POST", path, body,
                                     {{"Content-Type", "application/json"},
                                      {"Accept", "application/json"},
                                      {"X-CSRF-Token", token}});
    if (!answer) return fail(answer.error());
    if (answer->status >= 300) {
        return fail(ErrorKind::Refused, "demo.page",
                    name_ + " at " + std::string{path} + ": " + std::to_string(answer->status) +
                        " " + answer->body.substr(0, quoted_max));
    }
    return answer->body;
}

Result<std::string> DemoPerson::download(std::string_view path) {
    ANTIN_TRY(page, open(path));
    return page.body;
}

Result<std::string> DemoPerson::phone_code() {
    using namespace std::chrono;
    if (phone_secret_.empty()) return fail(ErrorKind::Internal, "internal", "no phone yet");
    const auto step = [this] { return to_millis(clock_.now()) / 30'000; };
    // A code is good once: after one was given the next is waited for, as a person would.
    while (step() <= last_step_) std::this_thread::sleep_for(milliseconds{200});
    last_step_ = step();
    return app::totp_code(phone_secret_, last_step_);
}

Result<DemoPage> DemoPerson::set_up_phone(const DemoPage& page) {
    phone_secret_ = from_base32(page.code());
    if (phone_secret_.empty()) {
        return fail(ErrorKind::Refused, "demo.page",
                    name_ + " at " + page.path + ": " + quote(page.body));
    }
    ANTIN_TRY(code, phone_code());
    return submit(page, "/tai-khoan/xac-thuc", {{"code", code}});
}

Status DemoPerson::sign_in(const std::string& email, const std::string& one_time_password) {
    ANTIN_TRY(start, open("/dang-nhap"));
    ANTIN_TRY(page,
              submit(start, "/dang-nhap", {{"email", email}, {"password", one_time_password}}));
    for (int i = 0; i < 4; ++i) {
        if (page.has_form("/tai-khoan/mat-khau")) {
            const std::string password = random_readable(6) + "-" + random_token(12);
            ANTIN_TRY(next, submit(page, "/tai-khoan/mat-khau",
                                   {{"old_password", one_time_password},
                                    {"password", password},
                                    {"password_again", password}}));
            page = std::move(next);
        } else if (page.has_form("/tai-khoan/xac-thuc")) {
            ANTIN_TRY(next, set_up_phone(page));
            page = std::move(next);
        } else if (page.has_form("/dang-nhap/ma-thu") && read_mailed_code) {
            ANTIN_TRY(mailed, submit(page, "/dang-nhap/ma-thu"));
            ANTIN_TRY(code, read_mailed_code(email));
            ANTIN_TRY(next, submit(mailed, "/dang-nhap/ma", {{"code", code}}));
            page = std::move(next);
        } else if (page.has_form("/dang-nhap")) {
            return fail(ErrorKind::Refused, "demo.page", name_ + ": " + quote(page.body));
        } else {
            return {};
        }
    }
    return {};
}

}  // namespace antin::program
