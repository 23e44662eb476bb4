// What officers do on the page of a dossier: each act posts the page's form and comes back to it.
#include <fmt/format.h>

#include "app/accept_dossier.hpp"
#include "app/assess_lines.hpp"
#include "app/assign_dossier.hpp"
#include "app/decide_lines.hpp"
#include "app/decide_withdrawal.hpp"
#include "web/components.hpp"
#include "web/file_answer.hpp"
#include "web/officer_pages.hpp"

namespace antin::web {
namespace {

constexpr std::size_t rows_in_form_max = 1000;
constexpr std::size_t reason_bytes_max = 4000;

/// Back to where the officer was: page, filter and open row stay.
http::Response back(PageContext& context, std::string_view words = {}) {
    return redirect(context, officer_href(id_in_path(context), officer_place(context)), words);
}

/// The page again with what was typed, and what was wrong.
http::Response again(PageContext& context, const OfficerPlace& place, const Error* error) {
    if (error != nullptr &&
        (error->kind == ErrorKind::NotFound || error->kind == ErrorKind::Forbidden)) {
        return problem(context, *error);
    }
    const auto view =
        app::view_officer_dossier(context.services, context.actor, id_in_path(context));
    if (!view) return problem(context, view.error());
    return dossier_page(context, *view, place, error);
}
http::Response again(PageContext& context, const Error& error) {
    return again(context, officer_place(context), &error);
}

/// A button that only looks: another row ("xem-8"), page ("trang-2"), filter ("loc", "bo-loc") or
/// file ("tep-12", "dong-tep").
std::optional<OfficerPlace> place_asked(PageContext& context) {
    const std::string act = context.form().get("viec");
    auto place = officer_place(context);
    if (act.starts_with("xem-")) {
        place.row = number_of(act.substr(4));
    } else if (act.starts_with("trang-")) {
        place = {.page = number_of(act.substr(6)),
                 .file = place.file,
                 .only_defects = place.only_defects};
    } else if (act == "loc" || act == "bo-loc") {
        place = {.file = place.file, .only_defects = act == "loc"};
    } else if (act.starts_with("tep-") || act == "dong-tep") {
        place.file = act == "dong-tep" ? 0 : number_of(act.substr(4));
        place.row = number_of(context.form().get("dong-mo"));  // the open row stays open
    } else if (act == "chon-het") {
        place.agree_all = true;
    } else {
        return std::nullopt;
    }
    return place;
}

std::vector<app::LineChoice> choices_in(PageContext& context) {
    std::vector<app::LineChoice> choices;
    for (const auto& [name, value] : context.form().items) {
        if (!name.starts_with("ly-do-") || choices.size() >= rows_in_form_max) continue;
        const auto number = number_of(name.substr(6));
        if (number <= 0) continue;
        app::LineChoice choice;
        choice.number = number;
        choice.reason = value.substr(0, reason_bytes_max);
        choice.proposal =
            domain::parse<domain::Proposal>(context.form().get(fmt::format("de-xuat-{}", number)));
        // Nobody can take a choice back, so none means that this page has not seen it: it stays.
        if (!choice.proposal && choice.reason.empty()) continue;
        choices.push_back(std::move(choice));
    }
    return choices;
}

/// "Chọn Cấp cho N dòng không lỗi".
Result<int> grant_clean_rows(PageContext& context, std::int64_t id) {
    ANTIN_TRY(view, app::view_officer_dossier(context.services, context.actor, id));
    app::AssessLines input{id, {}};
    for (std::size_t i = 0; i < view.checked.lines.size(); ++i) {
        const auto& line = view.checked.lines[i];
        const auto& findings = view.checked.findings.lines[i];
        if (line.state == domain::LineState::Requested && !line.proposal &&
            findings.defects.empty() && findings.warnings.empty()) {
            input.choices.push_back({line.number, domain::Proposal::Grant, {}});
        }
    }
    return app::assess_lines(context.services, context.actor, input);
}

}  // namespace

http::Response dossier_accept_post(PageContext& context) {
    const auto done =
        app::accept_dossier(context.services, context.actor,
                            {id_in_path(context), number_of(context.form().get("version"))});
    if (!done) return again(context, done.error());
    return back(context, text(context, "officer.accepted",
                              {{"code", done->code.value_or("")},
                               {"due", moment_in_sentence(*done->due_at, context.language)}}));
}

http::Response dossier_take_post(PageContext& context) {
    const auto done = app::assign_dossier(
        context.services, context.actor,
        {id_in_path(context), number_of(context.form().get("version")), context.actor.account_id});
    if (!done) return again(context, done.error());
    return back(context, text(context, "officer.taken"));
}

http::Response dossier_assign_post(PageContext& context) {
    const auto done =
        app::assign_dossier(context.services, context.actor,
                            {id_in_path(context), number_of(context.form().get("version")),
                             number_of(context.form().get("assessor"))});
    if (!done) return again(context, done.error());
    return back(context, text(context, "officer.assigned"));
}

http::Response dossier_open_post(PageContext& context) {
    const auto done =
        app::open_personal_data(context.services, context.actor, {id_in_path(context)});
    if (!done) return problem(context, done.error());
    return back(context);
}

http::Response dossier_assess_post(PageContext& context) {
    const auto id = id_in_path(context);
    const auto saved =
        app::assess_lines(context.services, context.actor, {id, choices_in(context)});
    if (!saved) return again(context, saved.error());
    if (const auto place = place_asked(context)) {
        const bool to_file = context.form().get("viec").starts_with("tep-");
        return http::see_other(to_file ? file_href(id, *place) : officer_href(id, *place));
    }
    const std::string act = context.form().get("viec");
    if (act == "cap-het") {
        const auto granted = grant_clean_rows(context, id);
        if (!granted) return again(context, granted.error());
        return back(context,
                    text(context, "officer.chosen", {{"count", std::to_string(*granted)}}));
    }
    if (act == "bo-sung") return http::see_other(fmt::format("/xu-ly/{}/bo-sung", id));
    if (act == "trinh") {
        const auto done = app::propose_lines(context.services, context.actor,
                                             {id, number_of(context.form().get("version"))});
        if (!done) return again(context, done.error());
        return back(context, text(context, "officer.proposed",
                                  {{"count", std::to_string(done->granted + done->refused)}}));
    }
    return back(context, text(context, "officer.saved"));
}

http::Response dossier_approve_post(PageContext& context) {
    // Choices of an approver are kept nowhere before they count: the page comes again with them.
    if (const auto place = place_asked(context)) return again(context, *place, nullptr);
    const auto id = id_in_path(context);
    app::DecideLines input{id, number_of(context.form().get("version")), {}};
    const bool all = context.form().get("viec") == "dong-y-het";
    if (all) {
        const auto view = app::view_officer_dossier(context.services, context.actor, id);
        if (!view) return problem(context, view.error());
        for (const auto& line : view->checked.lines) {
            if (line.state == domain::LineState::Proposed &&
                line.proposed_by != context.actor.account_id) {
                input.decisions.push_back({line.number, true, {}});
            }
        }
    } else {
        for (const auto& [name, value] : context.form().items) {
            if (!name.starts_with("quyet-dinh-") || input.decisions.size() >= rows_in_form_max)
                continue;
            const auto number = number_of(name.substr(11));
            input.decisions.push_back(
                {number, value == "dong-y",
                 context.form().get(fmt::format("ly-do-{}", number)).substr(0, reason_bytes_max)});
        }
    }
    const auto done = app::decide_lines(context.services, context.actor, input);
    if (!done) return again(context, done.error());
    return back(context, text(context, "officer.decided",
                              {{"approved", std::to_string(done->approved)},
                               {"refused", std::to_string(done->refused)},
                               {"sent_back", std::to_string(done->sent_back)}}));
}

http::Response dossier_withdrawal_post(PageContext& context) {
    const bool agree = context.form().get("viec") == "dong-y";
    const auto done =
        app::decide_withdrawal(context.services, context.actor,
                               {id_in_path(context), number_of(context.form().get("version")),
                                agree, context.form().get("ly-do").substr(0, reason_bytes_max)});
    if (!done) {
        Error error = done.error();
        if (error.code == "workflow.no_reason") error.field = "ly-do";
        return again(context, error);
    }
    return back(context,
                text(context, agree ? "officer.withdrawn" : "officer.withdrawal_declined"));
}

http::Response dossier_file(PageContext& context) {
    const auto file = app::read_dossier_file(context.services, context.actor, id_in_path(context),
                                             number_of(context.request.path_value("file")));
    if (!file) return problem(context, file.error());
    auto response = http::bytes_body(file->file.media_type, std::string{as_text(file->bytes)});
    describe_file(response, file->file.media_type, file->file.name,
                  context.request.query().get("tai-ve").empty());
    return response;
}

}  // namespace antin::web
