#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/agency_certificates.hpp"
#include "web/components.hpp"
#include "web/dossier_pages.hpp"

namespace antin::web {
namespace {

constexpr int rows_per_page = 50;

app::CertificatePart part_of(std::string_view filter) {
    if (filter == "con") return app::CertificatePart::InForce;
    if (filter == "90") return app::CertificatePart::EndingSoon;
    if (filter == "het") return app::CertificatePart::Ended;
    return app::CertificatePart::All;
}

Json part_field(const PageContext& context, const std::string& chosen) {
    Field ask;
    ask.id = ask.name = "loc";
    ask.type = "select";
    ask.label = text(context, "list.show");
    ask.value = chosen;
    ask.options = {{"", text(context, "certificates.all"), ""},
                   {"con", text(context, "certificates.in_force"), ""},
                   {"90", text(context, "certificates.ending"), ""},
                   {"het", text(context, "certificates.ended"), ""}};
    return field(ask);
}

Json row_of(const PageContext& context, const app::AgencyCertificate& one) {
    const auto& certificate = one.certificate;
    return {
        {"name", one.name},
        {"email", certificate.email},
        {"serial", certificate.serial},
        {"until", text(context, "subscribers.until",
                       {{"date", to_vietnamese(local_date(certificate.not_after))}})},
        {"carrier", text(context, fmt::format("carrier.{}", domain::to_text(certificate.carrier)))},
        {"device", one.device},
        {"state",
         certificate_tag(certificate.state_on(context.services.clock.now()), context.language)},
        {"href", one.dossier_path},
        {"code", one.dossier_code}};
}

}  // namespace

http::Response subscriber_list(PageContext& context) {
    const auto query = context.request.query();
    const std::string filter = query.get("loc");
    app::CertificateSearch search;
    search.agency_id = own_agency(context);
    search.words = query.get("tim");
    search.part = part_of(filter);
    search.page = std::max(1, std::atoi(query.get("trang").c_str()));
    search.per_page = rows_per_page;
    Json rows = Json::array();
    std::int64_t count = 0;
    const auto read = context.services.db.read([&](sql::Reader& db) -> Status {
        const auto found = app::agency_certificates(db, search, context.services.clock.now());
        count = found.count;
        for (const auto& one : found.rows) rows.push_back(row_of(context, one));
        return {};
    });
    if (!read) return problem(context, read.error());
    const std::string base = fmt::format("/thue-bao?tim={}&loc={}", http::url_encode(search.words),
                                         http::url_encode(filter));
    const auto page_link = [&](int page) {
        const bool there = page >= 1 && (page - 1) * static_cast<std::int64_t>(rows_per_page) <
                                            std::max<std::int64_t>(count, 1);
        return there ? fmt::format("{}&trang={}", base, page) : std::string{};
    };
    const bool filtered = !search.words.empty() || !filter.empty();
    Json view{
        {"page", {{"title", text(context, "subscribers.title")}}},
        {"count_words", text(context, "certificates.count", {{"n", std::to_string(count)}})},
        {"words", search.words},
        {"part_field", part_field(context, filter)},
        {"has_rows", !rows.empty()},
        {"none_words", text(context, filtered ? "certificates.none_found" : "subscribers.none")},
        {"filtered", filtered},
        {"rows", rows},
        {"pagination",
         count > rows_per_page
             ? pagination(page_link(search.page - 1), page_link(search.page + 1),
                          text(context, "list.page", {{"n", std::to_string(search.page)}}))
             : Json(nullptr)}};
    return page(context, "pages/subscriber_list", std::move(view));
}

}  // namespace antin::web
