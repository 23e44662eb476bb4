#pragma once
// Pages of officers: queue, intake, assessment, approval. Registered in officer_routes.cpp.
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "app/view_dossier.hpp"
#include "store/work_queue.hpp"
#include "web/frame.hpp"

namespace antin::web {

/// "/cong-viec": what waits for this officer, soonest due first.
http::Response my_work(PageContext& context);
http::Response queue_list(PageContext& context);
/// Many dossiers to one examiner; those that somebody else took meanwhile are told.
http::Response queue_assign_post(PageContext& context);
http::Response dossier_assess(PageContext& context);
http::Response dossier_accept_post(PageContext& context);
http::Response dossier_take_post(PageContext& context);
http::Response dossier_assign_post(PageContext& context);
http::Response dossier_open_post(PageContext& context);
http::Response dossier_assess_post(PageContext& context);
http::Response dossier_approve_post(PageContext& context);
http::Response dossier_intake_refuse(PageContext& context);
http::Response dossier_intake_refuse_post(PageContext& context);
http::Response supplement_request(PageContext& context);
http::Response supplement_request_post(PageContext& context);
http::Response dossier_withdrawal_post(PageContext& context);
http::Response dossier_file(PageContext& context);

/// The {id} of the address; 0 for anything that is not a number.
[[nodiscard]] std::int64_t id_in_path(const PageContext& context);
[[nodiscard]] std::int64_t number_of(const std::string& text);

/// Head of every page about one dossier: code, agency, kind, state, clock.
[[nodiscard]] nlohmann::json dossier_head(const PageContext& context,
                                          const app::OfficerDossier& view);
/// "Cấp mới cho cá nhân (Mẫu 01), 12 dòng".
[[nodiscard]] std::string dossier_kind_words(const PageContext& context,
                                             const store::Dossier& dossier);
/// One dossier in a list.
[[nodiscard]] nlohmann::json queue_row(const PageContext& context, const store::QueueRow& row,
                                       const domain::WorkCalendar& calendar);
/// Bodies whose queue the person sees.
[[nodiscard]] std::vector<std::int64_t> officer_bodies(const PageContext& context);

/// Where an officer is on the page of a dossier; travels in the address and in the form.
struct OfficerPlace {
    std::int64_t row = 0;   // the open row, 0 for none
    std::int64_t page = 0;  // of the rows, 0: where the open row is
    std::int64_t file = 0;  // the attachment that is shown beside the rows, 0 for none
    bool only_defects = false;
    bool agree_all = false;  // "agree" stands chosen at every proposal, nothing is sent yet
    [[nodiscard]] OfficerPlace at(std::int64_t number) const {
        return {.row = number, .page = page, .file = file, .only_defects = only_defects};
    }
    [[nodiscard]] OfficerPlace showing(std::int64_t attachment_id) const {
        return {.row = row, .page = page, .file = attachment_id, .only_defects = only_defects};
    }
};
[[nodiscard]] OfficerPlace officer_place(PageContext& context);
[[nodiscard]] std::string officer_href(std::int64_t dossier_id, const OfficerPlace& place);
/// The same page, scrolled to the file that is shown.
[[nodiscard]] std::string file_href(std::int64_t dossier_id, OfficerPlace place);
/// The page; with `error`, what was typed comes back and the place at fault says why.
http::Response dossier_page(PageContext& context, const app::OfficerDossier& view,
                            OfficerPlace place, const Error* error);
/// Which of the officer's own dossiers this is ("hồ sơ 3 trên 17"), those before and after it.
[[nodiscard]] nlohmann::json work_place(PageContext& context, std::int64_t dossier_id);

}  // namespace antin::web
