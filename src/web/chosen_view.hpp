#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "app/check_dossier.hpp"
#include "app/save_sheet.hpp"
#include "web/components.hpp"
#include "web/frame.hpp"

namespace antin::web {

/// The reasons of Điều 17 that an agency may give, under the rules of the dossier; `value` stays
/// choosable when it is none of them. "" asks to choose.
[[nodiscard]] std::vector<Option> reason_options(PageContext& context,
                                                 const store::Dossier& dossier,
                                                 const std::string& value);

/// One row of Mẫu 04, 05 or 06: what is known, what is asked, what is wrong. `conflict` brings back
/// what was typed when somebody else was faster.
[[nodiscard]] nlohmann::json chosen_row(PageContext& context, const app::CheckedDossier& checked,
                                        std::size_t index, const app::RowConflict* conflict);

/// The rows of the page's form; what is asked as boxes and single fields becomes the form's values.
[[nodiscard]] std::vector<app::SheetRow> chosen_rows_of(PageContext& context,
                                                        const app::CheckedDossier& checked);

/// On the officer's page: what the row asks for, in one line.
[[nodiscard]] std::string asked_words(const PageContext& context, const store::Dossier& dossier,
                                      const store::DossierLine& line);
/// On the officer's page: the certificate that the row concerns, as it is now.
void add_known_certificate(const PageContext& context, const store::Dossier& dossier,
                           const store::DossierLine& line, nlohmann::json& facts);
/// What granting is called: a certificate is given, revoked, or what was asked is agreed to.
[[nodiscard]] std::string grant_text(const PageContext& context, const store::Dossier& dossier,
                                     const std::string& key, html::TextArgs arguments = {});
void add_grant_words(const PageContext& context, const store::Dossier& dossier,
                     nlohmann::json& view);

}  // namespace antin::web
