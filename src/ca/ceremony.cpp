#include "ca/ceremony.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "audit/journal.hpp"
#include "base/embedded.hpp"
#include "base/text.hpp"
#include "ca/crl_publisher.hpp"
#include "ca/own_certificates.hpp"
#include "ca/signing.hpp"
#include "ledger/issuers.hpp"
#include "ledger/orders.hpp"
#include "ledger/status.hpp"
#include "pki/digest.hpp"
#include "pki/key.hpp"

namespace antin::ca {
namespace {

using Json = nlohmann::json;

constexpr std::chrono::hours first_crl_validity{72};

tl::unexpected<Error> bad(const std::string& field, std::string detail = {}) {
    return fail(ErrorKind::Invalid, "ca.script_wrong", std::move(detail), {{"field", field}},
                field);
}

Result<pki::KeyKind> key_of(const Json& json, const std::string& field) {
    const auto kind = pki::key_kind_from_name(json.get<std::string>());
    if (!kind) return bad(field, json.get<std::string>());
    return *kind;
}

Result<CeremonyScript::Authority> authority_of(const Json& json, const std::string& field) {
    CeremonyScript::Authority out;
    out.name = json.at("name").get<std::string>();
    out.common_name = json.at("common_name").get<std::string>();
    out.validity_days = json.at("validity_days").get<int>();
    ANTIN_TRY(key, key_of(json.at("key"), field + ".key"));
    out.key = key;
    const bool plain =
        !out.name.empty() && out.name.size() <= 20 && std::ranges::all_of(out.name, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        });
    if (!plain) return bad(field + ".name", out.name);
    if (clean_text(out.common_name) != out.common_name || out.common_name.empty()) {
        return bad(field + ".common_name", out.common_name);
    }
    if (out.validity_days < 1 || out.validity_days > 11000) return bad(field + ".validity_days");
    return out;
}

Result<CeremonyScript> script_of(const Json& json) {
    CeremonyScript out;
    out.country = json.at("country").get<std::string>();
    out.organisation = json.at("organisation").get<std::string>();
    if (out.country != "VN") return bad("country", out.country);
    if (out.organisation.empty() || clean_text(out.organisation) != out.organisation) {
        return bad("organisation");
    }
    ANTIN_TRY(root, authority_of(json.at("root"), "root"));
    out.root = root;
    if (out.root.name != "root") return bad("root.name", out.root.name);
    for (const auto& item : json.at("issuing")) {
        ANTIN_TRY(issuing, authority_of(item, "issuing"));
        const bool taken =
            issuing.name == "root" ||
            std::ranges::any_of(out.issuing, [&](const auto& o) { return o.name == issuing.name; });
        if (taken) return bad("issuing.name", issuing.name);
        out.issuing.push_back(issuing);
    }
    if (out.issuing.empty()) return bad("issuing");
    ANTIN_TRY(responder, key_of(json.at("responder_key"), "responder_key"));
    out.responder_key = responder;
    out.responder_days = json.at("responder_days").get<int>();
    out.root_crl_days = json.at("root_crl_days").get<int>();
    if (out.responder_days < 2 || out.responder_days > 400) return bad("responder_days");
    if (out.root_crl_days < 2 || out.root_crl_days > 1100) return bad("root_crl_days");
    return out;
}

Json to_json(const CeremonyScript::Authority& authority) {
    return {{"name", authority.name},
            {"common_name", authority.common_name},
            {"key", pki::to_name(authority.key)},
            {"validity_days", authority.validity_days}};
}

/// One ceremony on its way; each step looks whether it was done before.
class Ceremony {
  public:
    Ceremony(sql::Database& db, const Clock& clock, KeyStore& root_keys, KeyStore& issuing_keys,
             const CeremonyScript& script, std::string status_url)
        : db_(db),
          clock_(clock),
          root_keys_(root_keys),
          issuing_keys_(issuing_keys),
          script_(script),
          status_url_(std::move(status_url)) {}

    Status begin() {
        return db_.transact([&](sql::Transaction& tx) -> Status {
            const std::string text = write_ceremony(script_);
            if (const auto known = ledger::find_ceremony(tx)) {
                if (known->finished_at) return fail(ErrorKind::Conflict, "ca.ceremony_done");
                if (known->script != text || known->status_url != status_url_) {
                    return fail(ErrorKind::Conflict, "ca.ceremony_other");
                }
                return {};
            }
            ledger::start_ceremony(tx, {text, status_url_, clock_.now(), std::nullopt});
            audit::append(tx, {clock_.now(), 0, "ca", "ca.ceremony_started", "ca", "ceremony"});
            return {};
        });
    }

    Result<ledger::Issuer> authority(const CeremonyScript::Authority& wanted,
                                     const ledger::Issuer* parent) {
        ANTIN_TRY(known, find(wanted.name));
        if (known) return *known;
        const bool is_root = parent == nullptr;
        ledger::Issuer out;
        out.name = wanted.name;
        out.sort = is_root ? "root" : "issuing";
        out.common_name = wanted.common_name;
        out.key_label = "ca-" + wanted.name;
        out.key_kind = pki::to_name(wanted.key);
        KeyStore& own_keys = is_root ? root_keys_ : issuing_keys_;
        ANTIN_TRY(key, own_keys.generate(out.key_label, wanted.key));
        std::shared_ptr<pki::Signer> signer = key;
        if (!is_root) {
            ANTIN_TRY(root_key, root_keys_.signer(parent->key_label));
            signer = root_key;
        }
        OwnCertificate certificate;
        certificate.profile = out.sort;
        certificate.country = script_.country;
        certificate.organisation = script_.organisation;
        certificate.common_name = wanted.common_name;
        certificate.validity_days = wanted.validity_days;
        certificate.issuer = parent;
        certificate.status_url = status_url_;
        ANTIN_TRY(made,
                  make_own_certificate(db_, clock_, certificate, key->public_key_info(), *signer));
        out.serial = made.serial;
        out.der = made.der;
        out.not_after = made.not_after;
        out.created_at = clock_.now();
        ANTIN_CHECK(db_.transact([&](sql::Transaction& tx) -> Status {
            ledger::insert_issuer(tx, out);
            ledger::end_serial(tx, made.serial, "done", out.created_at);
            audit::append(tx, {out.created_at, 0, "ca", "ca.authority_made", "ca_issuer", out.name,
                               fmt::format(R"({{"serial":"{}"}})", made.serial)});
            return {};
        }));
        return out;
    }

    Status responder(const ledger::Issuer& issuer) {
        ANTIN_TRY(known,
                  db_.read([&](sql::Reader& reader) -> Result<std::optional<ledger::Responder>> {
                      return ledger::find_responder(reader, issuer.name);
                  }));
        if (known) return {};
        ANTIN_TRY(made, make_responder(db_, clock_, script_, issuer, status_url_, issuing_keys_));
        return {};
    }

    Status publish(const ledger::Issuer& issuer, const std::filesystem::path& public_dir) {
        ANTIN_CHECK(publish_file(public_dir / "aia" / (issuer.name + ".crt"), issuer.der));
        const bool is_root = issuer.sort == "root";
        ANTIN_TRY(signer, (is_root ? root_keys_ : issuing_keys_).signer(issuer.key_label));
        const std::chrono::hours validity =
            is_root ? std::chrono::hours{24 * script_.root_crl_days} : first_crl_validity;
        ANTIN_TRY(crl, publish_crl(db_, clock_, issuer, *signer, validity, public_dir));
        if (is_root) root_crl_next_update = crl.next_update;
        return {};
    }

    Status end() {
        return db_.transact([&](sql::Transaction& tx) -> Status {
            ledger::finish_ceremony(tx, clock_.now());
            audit::append(tx, {clock_.now(), 0, "ca", "ca.ceremony_finished", "ca", "ceremony"});
            return {};
        });
    }

    Instant root_crl_next_update{};

  private:
    Result<std::optional<ledger::Issuer>> find(const std::string& name) {
        return db_.read([&](sql::Reader& reader) -> Result<std::optional<ledger::Issuer>> {
            for (auto& issuer : ledger::list_issuers(reader)) {
                if (issuer.name == name) return std::optional{issuer};
            }
            return std::optional<ledger::Issuer>{};
        });
    }

    sql::Database& db_;
    const Clock& clock_;
    KeyStore& root_keys_;
    KeyStore& issuing_keys_;
    const CeremonyScript& script_;
    std::string status_url_;
};

}  // namespace

Result<CeremonyScript> read_ceremony(std::string_view json) {
    try {
        return script_of(Json::parse(json));
    } catch (const Json::exception& error) {
        return bad("file", error.what());
    }
}

Result<CeremonyScript> default_ceremony() {
    const auto* file = find_embedded("data/profiles/ceremony.json");
    if (file == nullptr) return bad("file", "data/profiles/ceremony.json is missing");
    return read_ceremony(file->content);
}

std::string write_ceremony(const CeremonyScript& script) {
    Json issuing = Json::array();
    for (const auto& authority : script.issuing) issuing.push_back(to_json(authority));
    const Json json{{"country", script.country},
                    {"organisation", script.organisation},
                    {"root", to_json(script.root)},
                    {"issuing", issuing},
                    {"responder_key", pki::to_name(script.responder_key)},
                    {"responder_days", script.responder_days},
                    {"root_crl_days", script.root_crl_days}};
    return json.dump();
}

Result<CeremonyOutcome> hold_ceremony(sql::Database& db, const Clock& clock, KeyStore& root_keys,
                                      KeyStore& issuing_keys, const CeremonyScript& script,
                                      std::string_view status_url,
                                      const std::filesystem::path& public_dir) {
    if (!status_url.starts_with("http://") || status_url.ends_with('/')) {
        return bad("status_url", std::string{status_url});
    }
    Ceremony ceremony{db, clock, root_keys, issuing_keys, script, std::string{status_url}};
    ANTIN_CHECK(ceremony.begin());
    std::vector<ledger::Issuer> all;
    ANTIN_TRY(root, ceremony.authority(script.root, nullptr));
    all.push_back(root);
    for (const auto& wanted : script.issuing) {
        ANTIN_TRY(issuer, ceremony.authority(wanted, &root));
        ANTIN_CHECK(ceremony.responder(issuer));
        all.push_back(issuer);
    }
    CeremonyOutcome outcome;
    for (const ledger::Issuer& issuer : all) {
        ANTIN_CHECK(ceremony.publish(issuer, public_dir));
        outcome.certificates.push_back(
            {issuer.name, issuer.common_name, issuer.serial, to_hex(pki::sha256(issuer.der))});
    }
    ANTIN_CHECK(ceremony.end());
    outcome.root_crl_next_update = ceremony.root_crl_next_update;
    return outcome;
}

Result<Instant> renew_root_crl(sql::Database& db, const Clock& clock, KeyStore& root_keys,
                               const std::filesystem::path& public_dir) {
    ANTIN_TRY(
        known,
        db.read([&](sql::Reader& reader) -> Result<std::pair<ledger::Issuer, CeremonyScript>> {
            const auto issuers = ledger::list_issuers(reader);
            const auto ceremony = ledger::find_ceremony(reader);
            if (issuers.empty() || !ceremony) return fail(ErrorKind::NotFound, "ca.no_ceremony");
            ANTIN_TRY(script, read_ceremony(ceremony->script));
            return std::pair{issuers.front(), script};
        }));
    const auto& [root, script] = known;
    ANTIN_TRY(signer, root_keys.signer(root.key_label));
    ANTIN_TRY(crl, publish_crl(db, clock, root, *signer,
                               std::chrono::hours{24 * script.root_crl_days}, public_dir));
    return crl.next_update;
}

}  // namespace antin::ca
