#include <charconv>

#include "app/make_paper.hpp"
#include "web/public_pages.hpp"

namespace antin::web {

http::Response paper_show(PageContext& context) {
    const std::string typed = context.request.path_value("id");
    std::int64_t id = 0;
    const auto read = std::from_chars(typed.data(), typed.data() + typed.size(), id);
    if (read.ec != std::errc{} || read.ptr != typed.data() + typed.size()) {
        return problem(context, Error{ErrorKind::NotFound, "paper.not_found"});
    }
    const auto file = app::read_paper(context.services, context.actor, id);
    if (!file) return problem(context, file.error());
    auto response = http::bytes_body("application/pdf", std::string{as_text(file->bytes)});
    http::as_attachment(response, file->file_name);
    response.set("Cache-Control", "private, no-store");
    return response;
}

}  // namespace antin::web
