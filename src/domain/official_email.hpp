#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace antin::domain {

/// Which addresses count as issued by a state or Party body (notes to Mẫu 01 and 02 of NĐ 68/2024).
/// The lists are data, kept by an administrator: data/rules/official_email.json.
struct OfficialEmailRule {
    std::vector<std::string> allowed;  // "gov.vn": the domain itself and everything below it
    std::vector<std::string> blocked;  // wins over `allowed`; "gmail.com"
    std::string source;
};

/// The list that ships with the program.
[[nodiscard]] const OfficialEmailRule& shipped_official_email_rule();
/// Reads {"allowed":[…],"blocked":[…],"source":…}; Invalid "rules.official_email" when it is not
/// that.
[[nodiscard]] Result<OfficialEmailRule> parse_official_email_rule(std::string_view json);

enum class EmailVerdict {
    Official,
    Malformed,     // not one plain address
    Personal,      // a public mail service (blocked)
    NotOnTheList,  // perhaps official, but nobody has said so yet
};
struct EmailReading {
    EmailVerdict verdict;
    std::string address;  // lower case, clean
    std::string domain;
};
/// ASCII addresses only, at most 254 characters, one "@", a dotted domain.
[[nodiscard]] EmailReading read_official_email(std::string_view text,
                                               const OfficialEmailRule& rule);

}  // namespace antin::domain
