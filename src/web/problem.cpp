#include <nlohmann/json.hpp>

#include "base/log.hpp"
#include "web/frame.hpp"

namespace antin::web {
namespace {

/// The text key of a kind, for codes that have no sentence of their own.
std::string_view kind_name(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::Invalid:
            return "invalid";
        case ErrorKind::Refused:
            return "refused";
        case ErrorKind::Forbidden:
            return "forbidden";
        case ErrorKind::NotFound:
            return "not_found";
        case ErrorKind::Conflict:
            return "conflict";
        case ErrorKind::TooLarge:
            return "too_large";
        case ErrorKind::TooMany:
            return "too_many";
        case ErrorKind::Unavailable:
            return "unavailable";
        case ErrorKind::Internal:
            return "internal";
    }
    return "internal";
}

}  // namespace

int status_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::Invalid:
            return 422;
        case ErrorKind::Refused:
            return 409;
        case ErrorKind::Forbidden:
            return 403;
        case ErrorKind::NotFound:
            return 404;
        case ErrorKind::Conflict:
            return 409;
        case ErrorKind::TooLarge:
            return 413;
        case ErrorKind::TooMany:
            return 429;
        case ErrorKind::Unavailable:
            return 503;
        case ErrorKind::Internal:
            return 500;
    }
    return 500;
}

std::string sentence_of(html::Language language, const Error& error) {
    const std::string own = "error." + error.code;
    if (html::has_text(language, own)) return html::text(language, own, error.args);
    return html::text(language, "problem." + std::string{kind_name(error.kind)} + ".text");
}

http::Response problem(PageContext& context, const Error& error) {
    const int status = status_of(error.kind);
    if (status >= 500) {
        log(LogLevel::Error, "web.problem",
            {{"code", error.code}, {"detail", error.detail}, {"path", context.request.path}});
    }
    const auto sentence = sentence_of(context.language, error);
    http::Response response;
    if (wants_json(context.request)) {
        response =
            json({{"error", {{"code", error.code}, {"message", sentence}, {"field", error.field}}}},
                 status);
    } else {
        const std::string kind{kind_name(error.kind)};
        nlohmann::json view{{"page", {{"title", text(context, "problem." + kind + ".title")}}},
                            {"heading", text(context, "problem." + kind + ".title")},
                            {"sentence", sentence},
                            {"next", text(context, "problem." + kind + ".next")},
                            {"home_text", text(context, context.signed_in ? "problem.to_work"
                                                                          : "problem.to_start")}};
        response = page(context, "pages/problem", std::move(view), status);
    }
    if (error.kind == ErrorKind::TooMany) response.set("Retry-After", "60");
    if (error.kind == ErrorKind::Unavailable) response.set("Retry-After", "10");
    return response;
}

}  // namespace antin::web
