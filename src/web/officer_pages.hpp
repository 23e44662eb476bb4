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
/// The page again after something went wrong, with what was typed.
http::Response dossier_assess_again(PageContext& context, const Error& error);

}  // namespace antin::web
