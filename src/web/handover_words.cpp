#include "web/handover_words.hpp"

#include <algorithm>

#include "domain/vocabulary.hpp"

namespace antin::web {

std::string handover_words(const PageContext& context, std::int64_t all, std::int64_t accounts) {
    const auto words = [&](const char* key, std::int64_t n) {
        return text(context, key, {{"n", std::to_string(n)}});
    };
    if (accounts == 0) return words("handover.n_devices", all);
    if (accounts == all) return words("handover.n_accounts", accounts);
    return text(context, "handover.n_both",
                {{"devices", words("handover.n_devices", all - accounts)},
                 {"accounts", words("handover.n_accounts", accounts)}});
}

std::int64_t count_accounts(const std::vector<store::HandoverLine>& lines) {
    return std::ranges::count(lines, domain::to_text(domain::Carrier::CentralSigning),
                              &store::HandoverLine::device_kind);
}

}  // namespace antin::web
