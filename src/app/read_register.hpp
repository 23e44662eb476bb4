#pragma once
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "forms/processing_papers.hpp"

namespace antin::app {

struct RegisterOf {
    std::int64_t body_id = 0;
    Date from{}, until{};  // both days included
    std::int64_t limit = 5000, offset = 0;
};
struct RegisterView {
    forms::Register paper;               // with the rows that were asked for
    std::vector<std::int64_t> dossiers;  // their ids, in the same order
    std::int64_t total = 0;              // in the period
    std::string body_name;
};
/// The register of a body (TT 03/2025/TT-VPCP, Mẫu 07): every dossier accepted in the period, by
/// the moment of acceptance. Officers of that body and the auditor; no personal data in it.
/// Errors: Forbidden "access.role"; Invalid "register.period" (from after until, or longer than a
/// year), TooLarge "register.too_long" {{most}} when all rows are asked for and there are more.
[[nodiscard]] Result<RegisterView> read_register(Services& services, const Actor& actor,
                                                 const RegisterOf& input);

/// The same as a PDF. Errors: those of PaperLibrary::draw.
[[nodiscard]] Result<Bytes> draw_register(const Services& services, const RegisterView& view);

}  // namespace antin::app
