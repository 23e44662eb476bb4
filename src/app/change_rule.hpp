#pragma once
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/rules.hpp"

namespace antin::app {

/// Rules with all their versions, for the system administrator and the auditor.
/// Errors: Forbidden "access.role".
[[nodiscard]] Result<std::vector<store::RuleRow>> read_rules(Services& services,
                                                             const Actor& actor);

/// A new version of a rule; the old ones stay, and dossiers keep the one they were filed under.
/// Errors: Forbidden "access.role"; NotFound "rule.not_found"; Invalid "rule.number" (0 to 100000),
/// "rule.hours" (spans "08:00-12:00, 13:00-17:00"), "rule.legal_basis", "rule.certainty",
/// "rule.effective_from" (a day, not before today), each with its field.
struct NewRuleVersion {
    std::string name, value, legal_basis, certainty, effective_from;
};
[[nodiscard]] Status add_rule_version(Services& services, const Actor& actor,
                                      const NewRuleVersion& input);

/// A value as people read and type it: "3", or spans of hours.
[[nodiscard]] std::string typed_rule_value(const store::RuleRow& rule);

}  // namespace antin::app
