#include "web/dossier_pages.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "app/dossier_access.hpp"
#include "domain/form_definition.hpp"
#include "web/components.hpp"

namespace antin::web {
namespace {

std::int64_t id_of(const PageContext& context, std::string_view name) {
    const std::string value = context.request.path_value(name);
    std::int64_t id = 0;
    const auto end = value.data() + value.size();
    const auto read = std::from_chars(value.data(), end, id);
    return read.ec == std::errc{} && read.ptr == end ? id : 0;
}

}  // namespace

std::string draft_base(std::int64_t id) {
    return fmt::format("/ho-so/nhap/{}", id);
}

Result<store::Dossier> draft_of(PageContext& context) {
    return app::agency_draft(context.services, context.actor, id_of(context, "id"));
}

Result<store::Dossier> dossier_of(PageContext& context) {
    const std::string code = context.request.path_value("code");
    if (!code.empty()) return app::agency_dossier_by_code(context.services, context.actor, code);
    return app::agency_dossier(context.services, context.actor, id_of(context, "id"));
}

Json request_steps(const PageContext& context, int current) {
    return steps({text(context, "request.step_kind"), text(context, "request.step_list"),
                  text(context, "request.step_review"), text(context, "request.step_send")},
                 current);
}

Json draft_banner(const PageContext& context, const store::Dossier& dossier) {
    return {{"word", text(context, "draft.word")},
            {"text", text(context, "draft.saved_at",
                          {{"time", time_of_day(dossier.saved_at, context.language)}})},
            {"link_href", ""},
            {"link_text", ""}};
}

std::string dossier_heading(html::Language language, const store::Dossier& dossier) {
    const auto procedure = dossier.procedure;
    const std::string of{procedure == domain::Procedure::Issuance
                             ? domain::to_text(dossier.subscriber_kind)
                             : domain::to_text(procedure)};
    return html::text(language, "request.heading_" + of,
                      {{"n", std::to_string(dossier.line_count)}});
}

std::string form_name(html::Language language, const store::Dossier& dossier) {
    const auto* form = domain::form_definition(dossier.procedure, dossier.subscriber_kind);
    if (form == nullptr) return {};
    if (form->rows_are_chosen()) {
        return html::text(language, "form.name_" + std::string{domain::to_text(form->form)});
    }
    return html::text(language,
                      "form.name_" + std::string{domain::to_text(dossier.subscriber_kind)});
}

bool rows_are_chosen(const store::Dossier& dossier) {
    return dossier.procedure != domain::Procedure::Issuance;
}

std::string procedure_path(domain::Procedure procedure) {
    constexpr std::array<const char*, 5> words{"cap-moi", "gia-han", "thay-doi", "thu-hoi",
                                               "khoi-phuc"};
    return std::string{"/ho-so/moi/"} + words[static_cast<std::size_t>(procedure)];
}

}  // namespace antin::web
