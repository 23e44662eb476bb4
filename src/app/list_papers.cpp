#include "app/list_papers.hpp"

#include "domain/vocabulary.hpp"
#include "forms/request_form.hpp"
#include "store/agencies.hpp"

namespace antin::app {
namespace {
constexpr int blank_rows = 5;
}

std::vector<forms::PaperAbout> list_papers(const Services& services) {
    if (services.papers == nullptr) return {};
    return services.papers->about();
}

Result<Bytes> draw_blank_form(Services& services, std::string_view name) {
    forms::RequestForm form;
    const auto number = name.starts_with("mau-")
                            ? domain::parse<domain::RequestForm>(name.substr(4))
                            : std::nullopt;
    if (!number) return fail(ErrorKind::NotFound, "paper.unknown");
    form.kind = static_cast<forms::FormKind>(*number);
    if (services.papers == nullptr) return fail(ErrorKind::Internal, "internal", "no layouts");
    ANTIN_TRY(provider, services.db.read([](sql::Reader& reader) -> Result<std::string> {
        const auto body = store::find_provider(reader);
        return body ? body->name : "";
    }));
    form.provider = provider;
    form.agency = {"", "……………………", ""};
    form.rows.assign(blank_rows, {});
    form.made_at = services.clock.now();
    return forms::draw_request_form(*services.papers, form);
}

}  // namespace antin::app
