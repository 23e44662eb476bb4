#pragma once
#include "web/frame.hpp"

namespace antin::web {

// The registration officer's desk: devices, accounts and SIMs.
http::Response bench_show(PageContext& context);
http::Response bench_take(PageContext& context);
http::Response bench_prepared(PageContext& context);
http::Response bench_key(PageContext& context);
http::Response bench_issue(PageContext& context);
http::Response bench_written(PageContext& context);
http::Response bench_checked(PageContext& context);
http::Response bench_problem(PageContext& context);
http::Response bench_release(PageContext& context);
http::Response bench_change_ask(PageContext& context);
http::Response bench_change_device(PageContext& context);
http::Response bench_reset_pin(PageContext& context);
http::Response bench_envelopes(PageContext& context);
http::Response central_show(PageContext& context);
http::Response central_post(PageContext& context);
http::Response sim_show(PageContext& context);
http::Response sim_download(PageContext& context);
http::Response sim_post(PageContext& context);

// Handover, from both sides.
http::Response handover_list(PageContext& context);
http::Response handover_new(PageContext& context);
http::Response handover_post(PageContext& context);
http::Response handover_show(PageContext& context);
http::Response handover_confirm(PageContext& context);

// The stock.
http::Response device_list(PageContext& context);
http::Response device_receive(PageContext& context);
http::Response device_show(PageContext& context);

/// The number in "/…/{name}"; 0 when it is none.
[[nodiscard]] std::int64_t number_in_path(const PageContext& context, std::string_view name);
/// The numbers of a form's checkboxes.
[[nodiscard]] std::vector<std::int64_t> chosen_numbers(PageContext& context, std::string_view name);

}  // namespace antin::web
