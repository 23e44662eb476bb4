#include "agent.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/bytes.hpp"
#include "base/log.hpp"
#include "hsm/certification_request.hpp"
#include "hsm/token.hpp"
#include "pairing.hpp"

namespace antin::agent {

using nlohmann::json;

namespace {

constexpr std::string_view agent_version = "0.1.0";

struct KindName {
    pki::KeyKind kind;
    std::string_view name;
};
constexpr KindName kind_names[] = {{pki::KeyKind::Rsa2048, "rsa2048"},
                                   {pki::KeyKind::Rsa3072, "rsa3072"},
                                   {pki::KeyKind::Rsa4096, "rsa4096"},
                                   {pki::KeyKind::P256, "p256"}};

std::string_view name_of(pki::KeyKind kind) {
    for (const auto& entry : kind_names) {
        if (entry.kind == kind) return entry.name;
    }
    return "";
}
std::optional<pki::KeyKind> kind_of(std::string_view name) {
    for (const auto& entry : kind_names) {
        if (entry.name == name) return entry.kind;
    }
    return std::nullopt;
}

/// A text field of the question, bounded; names the field when it is missing.
Result<std::string> text_of(const json& question, const char* field, std::size_t size_max = 200) {
    const auto found = question.find(field);
    if (found == question.end() || !found->is_string()) {
        return fail(ErrorKind::Invalid, "agent.field_missing", field, {{"field", field}}, field);
    }
    auto text = found->get<std::string>();
    if (text.empty() || text.size() > size_max) {
        return fail(ErrorKind::Invalid, "agent.field_length", field, {{"field", field}}, field);
    }
    return text;
}
Result<Bytes> bytes_of(const json& question, const char* field) {
    ANTIN_TRY(text, text_of(question, field, 16 * 1024));
    auto bytes = from_base64(text);
    if (!bytes) {
        return fail(ErrorKind::Invalid, "agent.field_length", field, {{"field", field}}, field);
    }
    return std::move(*bytes);
}

json as_json(const hsm::TokenInfo& token) {
    return {{"serial", token.serial},
            {"label", token.label},
            {"model", token.model},
            {"manufacturer", token.manufacturer},
            {"pin_set", token.pin_set},
            {"pin_tried_before", token.pin_tried_before},
            {"pin_final_try", token.pin_final_try},
            {"pin_locked", token.pin_locked}};
}

/// What the key signs to show that it works: never the bytes of somebody's document.
Bytes challenge_digest(const Bytes& challenge) {
    Bytes text = to_bytes("antin-token check 1\n");
    text.insert(text.end(), challenge.begin(), challenge.end());
    Bytes digest(SHA256_DIGEST_LENGTH);
    SHA256(text.data(), text.size(), digest.data());
    return digest;
}

std::string error_answer(const Error& error) {
    json args = json::object();
    for (const auto& [name, value] : error.args) args[name] = value;
    return json{{"protocol", protocol_version},
                {"ok", false},
                {"error", {{"code", error.code}, {"args", args}}}}
        .dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

Agent::Agent(AgentSettings settings, Pairings& pairings)
    : settings_(std::move(settings)), pairings_(pairings) {}

std::string Agent::answer(std::string_view origin, std::string_view question,
                          const Progress& progress) {
    const auto parsed = json::parse(question, nullptr, false);
    if (!parsed.is_object()) {
        return error_answer(Error{ErrorKind::Invalid, "agent.not_json", {}, {}, {}});
    }
    const auto operation = parsed.contains("operation") && parsed["operation"].is_string()
                               ? parsed["operation"].get<std::string>()
                               : std::string{};
    Result<Json> result = fail(ErrorKind::Internal, "internal");
    try {
        result = perform(origin, parsed, progress);
    } catch (const std::exception& e) {
        result = fail(ErrorKind::Internal, "internal", e.what());
    }
    if (!result) {
        log(LogLevel::Warning, "operation.failed",
            {{"code", result.error().code}, {"detail", result.error().detail}});
        return error_answer(result.error());
    }
    return json{{"protocol", protocol_version}, {"ok", true}, {"result", std::move(*result)}}.dump(
        -1, ' ', false, json::error_handler_t::replace);
}

Result<json> Agent::perform(std::string_view origin, const Json& question,
                            const Progress& progress) {
    const int spoken = question.contains("protocol") && question["protocol"].is_number_integer()
                           ? question["protocol"].get<int>()
                           : 0;
    ANTIN_TRY(operation, text_of(question, "operation"));
    if (operation == "version") {  // also answered to a page of another version
        return json{{"agent", "antin-token"},
                    {"version", agent_version},
                    {"protocols", {protocol_version}},
                    {"can_prepare", !settings_.so_pin.empty()}};
    }
    if (spoken != protocol_version) {
        return fail(
            ErrorKind::Invalid, "agent.protocol", {},
            {{"wanted", std::to_string(spoken)}, {"spoken", std::to_string(protocol_version)}});
    }
    if (operation == "pair") {
        ANTIN_TRY(code, text_of(question, "code"));
        ANTIN_TRY(secret, pairings_.pair(origin, code, settings_.pairing_limit));
        return json{{"pairing", secret}};
    }
    ANTIN_TRY(secret, text_of(question, "pairing"));
    if (!pairings_.is_paired(origin, secret)) {
        return fail(ErrorKind::Forbidden, "agent.not_paired");
    }
    const std::unique_lock lock(device_, std::chrono::seconds{5});
    if (!lock.owns_lock()) return fail(ErrorKind::Unavailable, "agent.busy");
    if (operation == "tokens") return list_tokens();
    if (operation == "info") return describe(question);
    if (operation == "prepare") return prepare(question);
    if (operation == "generate") return generate(question, progress);
    if (operation == "write") return write(question);
    if (operation == "check") return check(question);
    if (operation == "set_pin") return set_pin(question);
    if (operation == "unlock") return unlock(question);
    return fail(ErrorKind::Invalid, "agent.operation_unknown", operation);
}

Result<std::shared_ptr<hsm::Module>> Agent::module() {
    if (module_ == nullptr) {
        ANTIN_TRY(opened, hsm::Module::open(settings_.module));
        module_ = std::move(opened);
    }
    return module_;
}

Result<std::shared_ptr<hsm::Token>> Agent::open(const Json& question) {
    ANTIN_TRY(serial, text_of(question, "serial"));
    ANTIN_TRY(pin, text_of(question, "pin"));
    ANTIN_TRY(library, module());
    hsm::TokenAccess access;
    access.serial = serial;
    access.pin = pin;
    access.workers = 1;
    // The page shows that one try is left and the person says so outright.
    access.allow_final_try = question.value("final_try", false);
    return hsm::Token::open(library, access);
}

Result<json> Agent::list_tokens() {
    ANTIN_TRY(library, module());
    ANTIN_TRY(tokens, library->tokens());
    json list = json::array();
    for (const auto& token : tokens) {
        if (token.initialised) list.push_back(as_json(token));
    }
    return json{{"tokens", list}};
}

Result<json> Agent::describe(const Json& question) {
    ANTIN_TRY(token, open(question));
    ANTIN_TRY(info, token->info());
    ANTIN_TRY(kinds, token->kinds());
    ANTIN_TRY(keys, token->keys());
    json result = as_json(info);
    result["kinds"] = json::array();
    for (const auto kind : kinds) result["kinds"].push_back(name_of(kind));
    result["keys"] = json::array();
    for (const auto& key : keys) {
        result["keys"].push_back({{"key", key.label},
                                  {"kind", name_of(key.kind)},
                                  {"has_certificate", key.has_certificate}});
    }
    return result;
}

Result<json> Agent::prepare(const Json& question) {
    if (settings_.so_pin.empty()) return fail(ErrorKind::Refused, "agent.no_so_pin");
    ANTIN_TRY(serial, text_of(question, "serial"));
    ANTIN_TRY(label, text_of(question, "label", 32));
    ANTIN_TRY(pin, text_of(question, "pin"));
    ANTIN_TRY(library, module());
    ANTIN_TRY(tokens, library->tokens());
    for (const auto& token : tokens) {
        if (token.serial != serial) continue;
        ANTIN_TRY(made, library->reinitialise(token.slot, label, settings_.so_pin, pin));
        return as_json(made);
    }
    return fail(ErrorKind::Unavailable, "token.missing", serial);
}

Result<json> Agent::generate(const Json& question, const Progress& progress) {
    ANTIN_TRY(label, text_of(question, "key", 100));
    ANTIN_TRY(token, open(question));
    ANTIN_TRY(present, token->keys());
    ANTIN_TRY(supported, token->kinds());
    // The first wanted kind that this device can make; a key that is there already counts first.
    std::optional<pki::KeyKind> chosen;
    for (const auto& wanted : question.value("kinds", std::vector<std::string>{})) {
        const auto kind = kind_of(wanted);
        if (!kind) continue;
        const bool there = std::any_of(present.begin(), present.end(), [&](const auto& key) {
            return key.label == label && key.kind == *kind;
        });
        const bool able = std::find(supported.begin(), supported.end(), *kind) != supported.end();
        if (there) chosen = *kind;
        if (able && !chosen) chosen = *kind;
    }
    if (!chosen) return fail(ErrorKind::Unavailable, "token.key_too_big");
    progress(json{{"protocol", protocol_version}, {"progress", "generating"}}.dump());
    ANTIN_TRY(key, token->generate_key(label, *chosen));
    ANTIN_TRY(signer, token->signer(label));
    ANTIN_TRY(request, hsm::make_certification_request(*signer, label));
    return json{{"kind", name_of(key.kind)},
                {"public_key", to_base64(key.public_key_info)},
                {"request", to_base64(request)}};
}

Result<json> Agent::write(const Json& question) {
    ANTIN_TRY(label, text_of(question, "key", 100));
    ANTIN_TRY(certificate, bytes_of(question, "certificate"));
    ANTIN_TRY(token, open(question));
    ANTIN_CHECK(token->key(label));
    ANTIN_CHECK(token->write_certificate(label, certificate));
    ANTIN_TRY(read_back, token->read_certificate(label));
    return json{{"read_back", to_base64(read_back)}};
}

Result<json> Agent::check(const Json& question) {
    ANTIN_TRY(label, text_of(question, "key", 100));
    ANTIN_TRY(challenge, bytes_of(question, "challenge"));
    ANTIN_TRY(token, open(question));
    ANTIN_TRY(read_back, token->read_certificate(label));
    ANTIN_TRY(signer, token->signer(label));
    ANTIN_TRY(signature, signer->sign_digest_sha256(challenge_digest(challenge)));
    return json{{"read_back", to_base64(read_back)}, {"signature", to_base64(signature)}};
}

Result<json> Agent::set_pin(const Json& question) {
    ANTIN_TRY(next, text_of(question, "new_pin"));
    ANTIN_TRY(token, open(question));
    ANTIN_CHECK(token->change_pin(next));
    return json::object();
}

Result<json> Agent::unlock(const Json& question) {
    if (settings_.so_pin.empty()) return fail(ErrorKind::Refused, "agent.no_so_pin");
    ANTIN_TRY(serial, text_of(question, "serial"));
    ANTIN_TRY(next, text_of(question, "new_pin"));
    ANTIN_TRY(library, module());
    ANTIN_CHECK(library->set_pin_by_so(serial, settings_.so_pin, next));
    return json::object();
}

}  // namespace antin::agent
