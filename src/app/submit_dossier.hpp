#pragma once
#include <string>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/dossiers.hpp"

namespace antin::app {

struct SubmitDossier {
    std::int64_t dossier_id = 0;
    std::int64_t version = 0;      // of the dossier, as the head saw it
    std::int64_t saved_at_ms = 0;  // when its rows were saved last, as the head saw it
    std::string submit_key;        // one-time key of the form: sent twice it acts once
};

/// How long a second factor given in this session is good for sending.
inline constexpr std::chrono::minutes second_factor_fresh{10};

/// The head sends the draft: from now on the provider sees it and its rows are fixed.
///
/// Who:    the head of the agency, with a second factor given in the last ten minutes
///         (Forbidden "second_factor.needed").
/// Errors: Conflict "draft.changed_since_seen" when rows or head were saved after the page was
///         shown; Refused "workflow.defects_remain", "workflow.no_lines",
///         "workflow.not_signed_by_head" (the stamped scan or signed file is missing).
/// Source: NĐ 68/2024/NĐ-CP, Điều 11: the managing agency files, its head signs.
[[nodiscard]] Result<store::Dossier> submit_dossier(Services& services, const Actor& actor,
                                                    const SubmitDossier& input);

/// Which attachment stands for the head's signature until signing in the page exists: the setting
/// "submission_proof" (form_scan or form_signed).
[[nodiscard]] std::string asked_proof(sql::Reader& db);

}  // namespace antin::app
