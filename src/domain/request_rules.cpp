#include "domain/request_rules.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/embedded.hpp"
#include "base/text.hpp"

namespace antin::domain {
namespace {

tl::unexpected<Error> odd(std::string what) {
    return fail(ErrorKind::Invalid, "rules.reasons", std::move(what));
}

/// Is `words` in `text`, from word to word? Both folded.
bool has_words(std::string_view text, std::string_view words) {
    const std::string padded = " " + std::string{text} + " ";
    return !words.empty() && padded.find(" " + std::string{words} + " ") != std::string::npos;
}

template <class T>
void take(const nlohmann::json& rules, const char* name, T& into) {
    const auto found = rules.find(name);
    if (found != rules.end()) into = found->at("value").get<T>();
}

RequestRules read_shipped() {
    RequestRules rules;
    const auto data =
        nlohmann::json::parse(find_embedded("data/rules/limits.json")->content, nullptr, false);
    if (!data.is_object()) return rules;
    take(data, "renew.max_times", rules.renew_max_times);
    take(data, "renew.min_days_left", rules.renew_min_days_left);
    take(data, "renew.extension_days", rules.renew_extension_days);
    take(data, "change.min_days_left", rules.change_min_days_left);
    if (auto reasons = parse_revocation_reasons(data["revoke.reasons"]["value"])) {
        rules.reasons = std::move(*reasons);
    }
    return rules;
}

}  // namespace

const RevocationReason* RequestRules::reason(std::string_view key) const {
    const auto found = std::ranges::find(reasons, key, &RevocationReason::key);
    return found == reasons.end() ? nullptr : &*found;
}

const RevocationReason* RequestRules::reason_in(std::string_view text) const {
    const std::string folded = fold(text);
    const RevocationReason* best = nullptr;
    std::size_t best_length = 0;
    for (const RevocationReason& reason : reasons) {
        if (fold(reason.label) == folded) return &reason;
        for (const std::string& words : reason.words) {
            if (words.size() <= best_length || !has_words(folded, words)) continue;
            best = &reason;
            best_length = words.size();
        }
    }
    return best;
}

const RequestRules& shipped_request_rules() {
    static const RequestRules rules = read_shipped();
    return rules;
}

Result<std::vector<RevocationReason>> parse_revocation_reasons(const nlohmann::json& list) {
    if (!list.is_array() || list.empty()) return odd("no list");
    std::vector<RevocationReason> reasons;
    for (const auto& item : list) {
        if (!item.is_object()) return odd(item.dump());
        RevocationReason reason;
        reason.key = item.value("key", "");
        reason.label = item.value("label", "");
        reason.code = item.value("code", "");
        reason.by_authority = item.value("asked_by", "") == "authority";
        for (const auto& words : item.value("words", std::vector<std::string>{})) {
            reason.words.push_back(fold(words));
        }
        for (const auto& name : item.value("kinds", std::vector<std::string>{})) {
            const auto kind = parse<SubscriberKind>(name);
            if (!kind) return odd("kind " + name);
            reason.kinds.push_back(*kind);
        }
        if (reason.key.empty() || reason.label.empty() || reason.code.empty() ||
            reason.kinds.empty()) {
            return odd(item.dump());
        }
        reasons.push_back(std::move(reason));
    }
    return reasons;
}

}  // namespace antin::domain
