#include "kit/portal.hpp"

#include <stdexcept>

#include "app/load_session.hpp"
#include "base/random.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/sessions.hpp"
#include "web/csrf.hpp"
#include "web/web_router.hpp"

namespace antin::kit {
namespace {

template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().code + ": " + result.error().detail);
    return std::move(*result);
}

http::Answer answer_of(Result<http::Answer> answer) {
    if (answer) return std::move(*answer);
    return {};  // status 0
}

constexpr sql::Statement journal_statement{"kit.journal",
                                           "SELECT act FROM audit_entry ORDER BY seq"};
constexpr sql::Statement mails_statement{"kit.mails",
                                         "SELECT body FROM mail WHERE recipient = $1 ORDER BY id"};

}  // namespace

struct Portal::Inside {
    std::unique_ptr<web::WebRouter> router;
    std::unique_ptr<http::Server> server;
    int count = 0;
    std::int64_t provider = 0;
    ~Inside() {
        if (server) server->stop(std::chrono::seconds{2});
    }
};

Browser::Browser(std::uint16_t port, bool tls)
    : client({.port = port, .tls = tls, .timeout = std::chrono::seconds{60}}) {}

http::Answer Browser::get(std::string_view path) {
    return answer_of(client.get(path));
}

http::Answer Browser::open(std::string_view path) {
    auto answer = get(path);
    for (int i = 0; i < 5 && answer.status == 303; ++i) answer = get(answer.header("location"));
    return answer;
}

std::string Browser::csrf_token() {
    if (!csrf_secret.empty()) return web::mask_csrf(csrf_secret);
    const auto forms = http::read_forms(get("/dang-nhap").body);
    for (const auto& form : forms) {
        if (form.fields.has("csrf")) return form.fields.get("csrf");
    }
    return {};
}

http::Answer Browser::submit(const http::Answer& page, std::string_view action_end,
                             const Typed& typed, const Typed& button,
                             const std::vector<http::Upload>& files) {
    auto form = http::find_form(page.body, action_end);
    if (!form) return {};
    for (const auto& [name, value] : typed) form->set(name, value);
    for (const auto& [name, value] : button) form->fields.items.emplace_back(name, value);
    if (form->method == "get") {
        std::string target = form->action + "?";
        for (const auto& [name, value] : form->fields.items) {
            target += http::url_encode(name) + "=" + http::url_encode(value) + "&";
        }
        return get(target);
    }
    if (form->multipart) return answer_of(client.post_multipart(form->action, form->fields, files));
    return answer_of(client.post_form(form->action, form->fields));
}

http::Answer Browser::post(std::string_view path, const Typed& typed,
                           const std::vector<http::Upload>& files) {
    http::Fields form{typed};
    form.items.emplace_back("csrf", csrf_token());
    if (!files.empty()) return answer_of(client.post_multipart(path, form, files));
    return answer_of(client.post_form(path, form));
}

http::Answer Browser::post_json(std::string_view path, std::string_view body) {
    return send("POST", path, body,
                {{"Content-Type", "application/json"}, {"Accept", "application/json"}});
}

http::Answer Browser::send(std::string_view method, std::string_view path, std::string_view body,
                           const http::Client::Headers& headers) {
    auto all = headers;
    all.emplace_back("X-CSRF-Token", csrf_token());
    return answer_of(client.send(method, path, body, all));
}

Portal::Portal() : inside_(std::make_unique<Inside>()) {
    configuration.data_dir = database.folder();
    services = std::unique_ptr<app::Services>(
        new app::Services{.db = *database, .clock = clock, .configuration = configuration});
    services->vault_key = std::string(32, 'k');
    inside_->router = web::make_portal(*services);
    inside_->server = must(http::Server::start(
        {}, [this](http::Request& request) { return inside_->router->handle(request); }));
    configuration.public_url = "http://127.0.0.1:" + std::to_string(port());
}

Portal::~Portal() {
    inside_.reset();
}

std::uint16_t Portal::port() const {
    return inside_->server->port();
}

std::int64_t Portal::add_agency(std::string_view name, std::string_view kind,
                                std::string_view state, std::string_view province_code) {
    store::Agency agency;
    agency.code = "H35." + std::to_string(100 + ++inside_->count);
    agency.name = name;
    agency.kind = kind;
    agency.branch = kind.starts_with("party") ? "party" : "state";
    agency.level = kind == "provider"          ? "central"
                   : kind == "provincial_desk" ? "province"
                                               : "commune";
    agency.province_code = kind == "provider" ? "" : province_code;
    agency.province_name = agency.province_code.empty() ? "" : "Lai Châu";
    agency.state = state;
    agency.created_at = clock.now();
    return must(
        database->transact([&](sql::Transaction& tx) { return store::insert_agency(tx, agency); }));
}

std::int64_t Portal::provider() {
    if (inside_->provider == 0)
        inside_->provider = add_agency("Tổ chức cung cấp dịch vụ thử", "provider");
    return inside_->provider;
}

std::int64_t Portal::provincial_desk(std::string_view province_code) {
    const auto found =
        must(database->read([&](sql::Reader& db) -> Result<std::optional<store::Agency>> {
            return store::find_provincial_desk(db, province_code);
        }));
    if (found) return found->id;
    return add_agency("Sở Khoa học và Công nghệ thử", "provincial_desk", "approved", province_code);
}

std::int64_t Portal::add_person(std::string_view full_name, std::int64_t agency_id,
                                const std::vector<domain::Role>& roles) {
    store::Account account;
    account.email = std::to_string(++inside_->count) + "@thu.laichau.gov.vn";
    account.full_name = full_name;
    account.state = "active";
    account.created_at = clock.now();
    return must(database->transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
        ANTIN_TRY(id, store::insert_account(tx, account));
        for (const auto role : roles) {
            store::insert_grant(tx, id, role, agency_id, std::nullopt, clock.now());
        }
        return id;
    }));
}

app::Actor Portal::actor(std::int64_t account_id) {
    return must(database->read([&](sql::Reader& db) -> Result<app::Actor> {
        const auto account = store::find_account(db, account_id);
        if (!account) throw std::runtime_error("no such account");
        app::Actor actor;
        actor.account_id = account_id;
        actor.name = account->full_name;
        actor.remote_address = "127.0.0.1";
        actor.second_factor_at = clock.now();
        for (const auto& grant : store::grants_of(db, account_id)) {
            actor.grants.push_back({grant.role, grant.agency_id});
        }
        return actor;
    }));
}

Browser Portal::sign_in(domain::Role role, std::int64_t agency_id) {
    return sign_in(
        add_person("Người Thử " + std::to_string(inside_->count + 1), agency_id, {role}));
}

Browser Portal::sign_in(std::int64_t account_id) {
    const auto cookie = random_token(32);
    store::Session session;
    session.token_hash = app::secret_hash(cookie);
    session.account_id = account_id;
    session.csrf_token = random_token(24);
    session.created_at = session.last_seen_at = clock.now();
    session.expires_at = clock.now() + std::chrono::hours{12};
    session.second_factor_at = clock.now();
    must(database->transact([&](sql::Transaction& tx) -> Result<int> {
        store::insert_session(tx, session);
        return 0;
    }));
    Browser browser{port()};
    browser.client.cookies["antin"] = cookie;
    browser.csrf_secret = session.csrf_token;
    browser.account_id = account_id;
    return browser;
}

Browser Portal::stranger() {
    return Browser{port()};
}

std::vector<std::string> Portal::journal() {
    return must(database->read([&](sql::Reader& db) -> Result<std::vector<std::string>> {
        std::vector<std::string> out;
        for (const auto row : db.query(journal_statement)) out.push_back(row.text("act"));
        return out;
    }));
}

std::vector<std::string> Portal::mails_to(std::string_view address) {
    return must(database->read([&](sql::Reader& db) -> Result<std::vector<std::string>> {
        std::vector<std::string> out;
        for (const auto row : db.query(mails_statement, address)) out.push_back(row.text("body"));
        return out;
    }));
}

}  // namespace antin::kit
