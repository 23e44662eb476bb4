#pragma once
#include "web/frame.hpp"

namespace antin::web {

http::Response notice_list(PageContext& context);
http::Response notice_read_post(PageContext& context);

http::Response setting_list(PageContext& context);
http::Response setting_list_post(PageContext& context);
http::Response rule_list(PageContext& context);
http::Response rule_show(PageContext& context);
http::Response rule_show_post(PageContext& context);
http::Response calendar_list(PageContext& context);
http::Response calendar_show(PageContext& context);
http::Response calendar_show_post(PageContext& context);
http::Response calendar_preview_post(PageContext& context);
http::Response mail_list(PageContext& context);
http::Response mail_show(PageContext& context);
http::Response mail_resend_post(PageContext& context);
/// "/quan-tri/viec-nen": what the background gave up, to be tried again.
http::Response job_list(PageContext& context);
http::Response job_retry_post(PageContext& context);
http::Response journal_list(PageContext& context);

}  // namespace antin::web
