#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/agency_certificates.hpp"
#include "app/choose_rows.hpp"
#include "app/create_dossier.hpp"
#include "app/dossier_access.hpp"
#include "web/components.hpp"
#include "web/dossier_pages.hpp"
#include "web/form_errors.hpp"

// Certificates (Mẫu 04, 05) are chosen: for a new dossier, or added to a draft.
namespace antin::web {
namespace {

constexpr int rows_per_page = 100;
constexpr int chosen_max = 1000;

struct Offer {
    domain::Procedure procedure = domain::Procedure::Renewal;
    std::optional<store::Dossier> draft;
    std::int64_t agency_id = 0;
    std::string self;
};

Result<Offer> offer_of(PageContext& context) {
    Offer offer;
    offer.self = context.request.path;
    if (!context.request.path_value("id").empty()) {
        ANTIN_TRY(draft, draft_of(context));
        offer.procedure = draft.procedure;
        offer.agency_id = draft.agency_id;
        offer.draft = std::move(draft);
        return offer;
    }
    for (const auto procedure : domain::all<domain::Procedure>()) {
        if (procedure_path(procedure) == offer.self) offer.procedure = procedure;
    }
    offer.agency_id = own_agency(context);
    const std::string asked = context.request.method == "POST"
                                  ? context.form().get("agency")
                                  : context.request.query().get("agency");
    for (const auto& grant : context.actor.grants) {
        if (std::to_string(grant.agency_id) == asked &&
            app::acts_for_agency(context.actor, grant.agency_id)) {
            offer.agency_id = grant.agency_id;
        }
    }
    return offer;
}

struct Look {
    std::string words, part;
    int page = 1;
};

Look look_of(PageContext& context, const Offer& offer) {
    const auto query = context.request.query();
    const bool posted = context.request.method == "POST";
    const auto value = [&](const char* name) {
        return posted ? context.form().get(name) : query.get(name);
    };
    Look look;
    look.words = value("tim");
    look.part = value("loc");
    const bool asked = posted || query.has("loc");
    if (!asked && offer.procedure == domain::Procedure::Renewal) look.part = "90";
    look.page = std::max(1, std::atoi(value("trang").c_str()));
    return look;
}

app::CertificateSearch search_of(const Offer& offer, const Look& look) {
    app::CertificateSearch search;
    search.agency_id = offer.agency_id;
    search.words = look.words;
    search.part =
        look.part == "90" ? app::CertificatePart::EndingSoon : app::CertificatePart::InForce;
    search.page = look.page;
    search.per_page = rows_per_page;
    return search;
}

struct Choices {
    Json rows = Json::array();
    std::int64_t count = 0;
};

Choices certificates(PageContext& context, sql::Reader& db, const Offer& offer, const Look& look) {
    const Instant now = context.services.clock.now();
    const auto found = app::agency_certificates(db, search_of(offer, look), now);
    Choices out;
    out.count = found.count;
    for (const auto& one : found.rows) {
        const auto& certificate = one.certificate;
        const auto left =
            std::chrono::floor<std::chrono::days>(certificate.not_after - now).count();
        out.rows.push_back(
            {{"value", certificate.serial},
             {"name", one.name},
             {"second", one.position.empty() ? certificate.email : one.position},
             {"mono", certificate.serial},
             {"third", text(context, "subscribers.until",
                            {{"date", to_vietnamese(local_date(certificate.not_after))}})},
             {"left", text(context, "home.days_left", {{"n", std::to_string(left)}})},
             {"where",
              text(context, fmt::format("carrier.{}", domain::to_text(certificate.carrier)))},
             {"device", one.device},
             {"state", certificate_tag(certificate.state_on(now), context.language)}});
    }
    return out;
}

Json part_field(const PageContext& context, const std::string& chosen) {
    Field ask;
    ask.id = ask.name = "loc";
    ask.type = "select";
    ask.label = text(context, "list.show");
    ask.value = chosen;
    ask.options = {{"", text(context, "certificates.in_force"), ""},
                   {"90", text(context, "certificates.ending"), ""}};
    return field(ask);
}

Json agency_field(PageContext& context, const Offer& offer) {
    Field ask;
    ask.id = ask.name = "agency";
    ask.type = "select";
    ask.label = text(context, "request.agency_label");
    ask.value = std::to_string(offer.agency_id);
    if (context.signed_in) {
        for (const auto& body : context.signed_in->bodies) {
            if (app::acts_for_agency(context.actor, body.id))
                ask.options.push_back({std::to_string(body.id), body.name, ""});
        }
    }
    return offer.draft || ask.options.size() < 2 ? Json(false) : field(ask);
}

http::Response show(PageContext& context, const Offer& offer, const FormErrors& errors) {
    const Look look = look_of(context, offer);
    Choices choices;
    const auto read = context.services.db.read([&](sql::Reader& db) -> Status {
        choices = certificates(context, db, offer, look);
        return {};
    });
    if (!read) return problem(context, read.error());
    const auto wanted = context.request.method == "POST" ? context.form().all("so")
                                                         : context.request.query().all("so");
    int number = 0;
    for (auto& row : choices.rows) {
        row["id"] = fmt::format("so-{}", ++number);
        row["chosen"] = std::ranges::find(wanted, row["value"].get<std::string>()) != wanted.end();
    }
    const std::string name{domain::to_text(offer.procedure)};
    const std::string base = fmt::format("{}?agency={}&tim={}&loc={}", offer.self, offer.agency_id,
                                         http::url_encode(look.words), look.part);
    const auto page_link = [&](int to) {
        const bool there =
            to >= 1 && static_cast<std::int64_t>(to - 1) * rows_per_page < choices.count;
        return there ? fmt::format("{}&trang={}", base, to) : std::string{};
    };
    Json view{
        {"page", {{"title", text(context, "choose.title_" + name)}}},
        {"steps", request_steps(context, offer.draft ? 2 : 1)},
        {"heading", text(context, "choose.title_" + name)},
        {"lead", text(context, "choose.lead_" + name)},
        {"self", offer.self},
        {"words", look.words},
        {"part", look.part},
        {"part_field", part_field(context, look.part)},
        {"agency_field", agency_field(context, offer)},
        {"agency_id", std::to_string(offer.agency_id)},
        {"count_words",
         text(context, "certificates.count", {{"n", std::to_string(choices.count)}})},
        {"has_rows", !choices.rows.empty()},
        {"rows", choices.rows},
        {"none_words",
         text(context, look.part == "90" ? "choose.none_ending" : "certificates.none_found")},
        {"all_words", choices.count > 1 && choices.count <= chosen_max
                          ? text(context, "choose.all", {{"n", std::to_string(choices.count)}})
                          : ""},
        {"button", text(context, offer.draft ? "choose.add" : "choose.begin")},
        {"is_new", !offer.draft.has_value()},
        {"back", offer.draft ? draft_base(offer.draft->id) + "/danh-sach" : "/ho-so/moi"},
        {"pasted", context.request.method == "POST" ? context.form().get("so_hieu") : ""},
        {"pagination",
         choices.count > rows_per_page
             ? pagination(page_link(look.page - 1), page_link(look.page + 1),
                          text(context, "list.page", {{"n", std::to_string(look.page)}}))
             : Json(nullptr)},
        {"errors", errors.summary()}};
    return page(context, "pages/certificate_choose", std::move(view), errors.empty() ? 200 : 422);
}

/// What was ticked, pasted, or all that the search finds.
Result<std::vector<std::string>> numbers_of(PageContext& context, const Offer& offer) {
    std::vector<std::string> numbers = context.form().all("so");
    for (auto& serial : app::read_pasted_serials(context.form().get("so_hieu"))) {
        numbers.push_back(std::move(serial));
    }
    if (context.form().get("tat-ca") != "1") return numbers;
    return context.services.db.read([&](sql::Reader& db) -> Result<std::vector<std::string>> {
        auto search = search_of(offer, look_of(context, offer));
        search.page = 1;
        search.per_page = chosen_max;
        const auto found = app::agency_certificates(db, search, context.services.clock.now());
        for (const auto& one : found.rows) numbers.push_back(one.certificate.serial);
        return numbers;
    });
}

}  // namespace

http::Response certificate_choose(PageContext& context) {
    const auto offer = offer_of(context);
    if (!offer) return problem(context, offer.error());
    if (offer->procedure == domain::Procedure::Issuance)
        return http::see_other(draft_base(offer->draft->id) + "/danh-sach");
    return show(context, *offer, FormErrors{context});
}

http::Response certificate_choose_post(PageContext& context) {
    const auto offer = offer_of(context);
    if (!offer) return problem(context, offer.error());
    if (offer->procedure == domain::Procedure::Issuance)
        return http::see_other(draft_base(offer->draft->id) + "/danh-sach");
    FormErrors errors{context};
    const auto numbers = numbers_of(context, *offer);
    if (!numbers) return problem(context, numbers.error());
    const bool from_file = context.form().get("viec") == "tep";
    if (numbers->empty() && !from_file) {
        errors.add_key("so_hieu", "choose.nothing");
        return show(context, *offer, errors);
    }
    if (numbers->size() > static_cast<std::size_t>(chosen_max)) {
        errors.add_key("so_hieu", "choose.too_many");
        return show(context, *offer, errors);
    }
    std::int64_t draft = offer->draft ? offer->draft->id : 0;
    if (draft == 0) {
        app::CreateDossier input;
        input.agency_id = offer->agency_id;
        input.procedure = offer->procedure;
        const auto dossier = app::create_dossier(context.services, context.actor, input);
        if (!dossier) return problem(context, dossier.error());
        draft = dossier->id;
    }
    if (numbers->empty()) return http::see_other(draft_base(draft) + "/nhap-tep");
    const auto added = app::choose_rows(context.services, context.actor, {draft, *numbers});
    if (!added) {
        if (added.error().kind != ErrorKind::TooLarge) return problem(context, added.error());
        errors.add(added.error());
        return show(context, *offer, errors);
    }
    return redirect(context, draft_base(draft) + "/danh-sach?trang=999",
                    text(context, "choose.added", {{"n", std::to_string(*added)}}));
}

}  // namespace antin::web
