#pragma once
#include <cstdint>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/papers.hpp"

namespace antin::app {

/// Draws the PDF of an ordered paper and keeps it with its SHA-256; the second time it does
/// nothing. For the jobs runner (outbox kind "paper", {"paper_id":…}) and for make_paper's callers
/// below. Errors: NotFound "paper.not_found"; those of PaperLibrary::draw and keep_bytes.
Status make_paper(Services& services, std::int64_t paper_id);

struct PaperFile {
    store::Paper paper;
    std::string file_name;  // "giay-tiep-nhan-G11.07-261207-0041.pdf"
    Bytes bytes;
};
/// A paper for somebody who may see its dossier: the agency's clerks and heads, officers of the
/// receiving body and of the provider, the coordinator of the agency's province, the auditor.
/// Draws it when the job has not come yet. What is not theirs is NotFound "paper.not_found".
[[nodiscard]] Result<PaperFile> read_paper(Services& services, const Actor& actor,
                                           std::int64_t paper_id);

/// May the actor see this dossier's papers? (The same rule, for lists.)
[[nodiscard]] bool may_read_dossier(sql::Reader& reader, const Actor& actor, std::int64_t agency_id,
                                    std::int64_t receiver_id);

}  // namespace antin::app
