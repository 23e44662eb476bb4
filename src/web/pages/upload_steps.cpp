#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

#include "app/attach_file.hpp"
#include "web/dossier_pages.hpp"

// tus 1.0: core, creation, termination. Answers are bare, as the protocol wants them.
namespace antin::web {
namespace {

http::Response bare(int status) {
    http::Response response;
    response.status = status;
    response.set("Tus-Resumable", "1.0.0");
    response.set("Cache-Control", "no-store");
    return response;
}

http::Response refused(PageContext& context, const Error& error) {
    auto response = problem(context, error);
    response.set("Tus-Resumable", "1.0.0");
    return response;
}

bool speaks_our_version(const http::Request& request) {
    return request.header("tus-resumable") == "1.0.0";
}

http::Response other_version() {
    auto response = bare(412);
    response.set("Tus-Version", "1.0.0");
    return response;
}

/// "filename d29ybGQucGRm,kind b3RoZXI="
std::map<std::string, std::string> metadata(std::string_view header) {
    std::map<std::string, std::string> out;
    while (!header.empty()) {
        const auto comma = std::min(header.find(','), header.size());
        std::string_view pair = header.substr(0, comma);
        header.remove_prefix(std::min(comma + 1, header.size()));
        while (pair.starts_with(' ')) pair.remove_prefix(1);
        const auto space = std::min(pair.find(' '), pair.size());
        const auto value =
            from_base64(space < pair.size() ? pair.substr(space + 1) : std::string_view{});
        if (value) out[std::string{pair.substr(0, space)}] = std::string{as_text(*value)};
    }
    return out;
}

std::int64_t number(std::string_view text) {
    std::int64_t value = -1;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size() ? value : -1;
}

}  // namespace

http::Response upload_options(PageContext& context) {
    auto response = bare(204);
    response.set("Tus-Version", "1.0.0");
    response.set("Tus-Extension", "creation,termination");
    const auto limits = context.services.db.read([](sql::Reader& db) -> Result<app::UploadLimits> {
        return app::upload_limits(db, "other");
    });
    if (limits) response.set("Tus-Max-Size", std::to_string(limits->file_bytes_max));
    return response;
}

http::Response upload_start(PageContext& context) {
    if (!speaks_our_version(context.request)) return other_version();
    auto about = metadata(context.request.header("upload-metadata"));
    app::StartUpload input;
    input.size_bytes = number(context.request.header("upload-length"));
    input.file = {number(about["dossier"]), about["kind"], about["filename"]};
    const auto token = app::start_upload(context.services, context.actor, input);
    if (!token) return refused(context, token.error());
    auto response = bare(201);
    response.set("Location", "/tai-len/" + *token);
    return response;
}

http::Response upload_head(PageContext& context) {
    if (!speaks_our_version(context.request)) return other_version();
    const auto state =
        app::upload_state(context.services, context.actor, context.request.path_value("token"));
    if (!state) return refused(context, state.error());
    auto response = bare(200);
    response.set("Upload-Offset", std::to_string(state->offset_bytes));
    response.set("Upload-Length", std::to_string(state->size_bytes));
    return response;
}

http::Response upload_patch(PageContext& context) {
    if (!speaks_our_version(context.request)) return other_version();
    if (context.request.header("content-type") != "application/offset+octet-stream")
        return bare(415);
    const auto state = app::continue_upload(
        context.services, context.actor, context.request.path_value("token"),
        number(context.request.header("upload-offset")), as_bytes(context.request.body));
    if (!state) return refused(context, state.error());
    auto response = bare(204);
    response.set("Upload-Offset", std::to_string(state->offset_bytes));
    return response;
}

http::Response upload_end(PageContext& context) {
    if (!speaks_our_version(context.request)) return other_version();
    const auto ended =
        app::end_upload(context.services, context.actor, context.request.path_value("token"));
    if (!ended) return refused(context, ended.error());
    return bare(204);
}

}  // namespace antin::web
