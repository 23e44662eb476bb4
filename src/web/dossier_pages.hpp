#pragma once
// Pages of an agency's dossier; each is a handler of web/pages/<name>.cpp (see dossier_routes.cpp).
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/attachments.hpp"
#include "store/dossier_lines.hpp"
#include "web/frame.hpp"

namespace antin::web {

// Before sending.
http::Response home_show(PageContext& context);
http::Response dossier_list(PageContext& context);
http::Response dossier_kind(PageContext& context);
http::Response dossier_new(PageContext& context);
http::Response dossier_new_post(PageContext& context);
http::Response recipient_edit(PageContext& context);
http::Response recipient_save(PageContext& context);
http::Response sheet_edit(PageContext& context);
http::Response sheet_save(PageContext& context);
http::Response sheet_row(PageContext& context);
http::Response sheet_row_save(PageContext& context);
http::Response sheet_row_remove(PageContext& context);
http::Response sheet_paste(PageContext& context);
http::Response sheet_paste_post(PageContext& context);
http::Response sheet_import(PageContext& context);
http::Response sheet_import_post(PageContext& context);
http::Response sheet_known(PageContext& context);
http::Response sheet_known_post(PageContext& context);
http::Response sheet_template(PageContext& context);
// Mẫu 04–06: choosing certificates or devices, and what is asked about each.
http::Response certificate_choose(PageContext& context);
http::Response certificate_choose_post(PageContext& context);
http::Response chosen_edit(PageContext& context, const store::Dossier& dossier);
http::Response chosen_save(PageContext& context, const store::Dossier& dossier);
http::Response files_edit(PageContext& context);
http::Response files_add(PageContext& context);
http::Response files_remove(PageContext& context);
http::Response file_show(PageContext& context);
http::Response draft_delete(PageContext& context);
http::Response draft_delete_post(PageContext& context);
http::Response dossier_review(PageContext& context);
http::Response dossier_review_post(PageContext& context);
http::Response dossier_send(PageContext& context);
http::Response dossier_send_post(PageContext& context);
http::Response dossier_send_mail(PageContext& context);
http::Response dossier_send_return(PageContext& context);
http::Response request_form_pdf(PageContext& context);
// After sending.
http::Response dossier_show(PageContext& context);
http::Response dossier_withdraw(PageContext& context);
http::Response dossier_withdraw_post(PageContext& context);
http::Response supplement_answer(PageContext& context);
http::Response supplement_answer_post(PageContext& context);
http::Response subscriber_list(PageContext& context);
// Resumable uploads (tus 1.0).
http::Response upload_options(PageContext& context);
http::Response upload_start(PageContext& context);
http::Response upload_head(PageContext& context);
http::Response upload_patch(PageContext& context);
http::Response upload_end(PageContext& context);
// Reference page for developers.
http::Response style_reference(PageContext& context);

// What they share.

/// "/ho-so/nhap/12".
[[nodiscard]] std::string draft_base(std::int64_t id);
/// The draft of "{id}" in the path, when it is the actor's.
[[nodiscard]] Result<store::Dossier> draft_of(PageContext& context);
/// The sent dossier of "{code}" or "{id}" in the path, when it is the actor's.
[[nodiscard]] Result<store::Dossier> dossier_of(PageContext& context);
/// {{> steps}} of a request: kind, list, review, sign and send.
[[nodiscard]] nlohmann::json request_steps(const PageContext& context, int current);
/// {{> draft_banner}}.
[[nodiscard]] nlohmann::json draft_banner(const PageContext& context,
                                          const store::Dossier& dossier);
/// The agency for which the person acts; 0 for officers and others.
[[nodiscard]] std::int64_t own_agency(const PageContext& context);
/// "Lò Thị Hạnh và 11 dòng khác": by whom people know a dossier; "" for an empty one.
[[nodiscard]] std::string first_of(const PageContext& context, sql::Reader& db,
                                   const store::Dossier& dossier);
/// Rows of a list of dossiers, with state and time left.
[[nodiscard]] nlohmann::json dossier_rows(PageContext& context, sql::Reader& db,
                                          const std::vector<store::Dossier>& dossiers);
/// Rows of a table of files.
[[nodiscard]] nlohmann::json files_view(const PageContext& context,
                                        const std::vector<store::Attachment>& attachments);
/// "Cấp mới cho 12 người": what a dossier is about, in a heading.
[[nodiscard]] std::string dossier_heading(html::Language language, const store::Dossier& dossier);
/// "Mẫu 01": which form of the annex the dossier fills in.
[[nodiscard]] std::string form_name(html::Language language, const store::Dossier& dossier);
/// Mẫu 04–06: rows are chosen from what is there, not typed.
[[nodiscard]] bool rows_are_chosen(const store::Dossier& dossier);
/// "/ho-so/moi/gia-han".
[[nodiscard]] std::string procedure_path(domain::Procedure procedure);

}  // namespace antin::web
