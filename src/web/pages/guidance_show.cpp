#include <array>
#include <nlohmann/json.hpp>

#include "web/public_pages.hpp"

namespace antin::web {
namespace {

struct Group {
    std::string_view key;
    std::vector<std::string_view> topics;
};
const std::array<Group, 3>& groups() {
    static const std::array<Group, 3> all{
        Group{"agency",
              {"mo-tai-khoan", "lap-ho-so", "bang-danh-sach", "ky-va-gui", "bo-sung",
               "nhan-thiet-bi", "dau-moi"}},
        Group{"everybody",
              {"quen-mat-khau", "thong-bao", "tra-cuu", "kiem-tra-chung-thu", "du-lieu-ca-nhan"}},
        Group{"officer",
              {"moi-co-quan", "tiep-nhan", "tham-dinh", "phe-duyet", "cap-phat", "quan-tri"}}};
    return all;
}

bool known(std::string_view topic) {
    for (const Group& group : groups()) {
        if (std::find(group.topics.begin(), group.topics.end(), topic) != group.topics.end()) {
            return true;
        }
    }
    return false;
}

/// guidance.<topic>.<kind>1, 2, 3 … as long as there are any.
Json numbered(const PageContext& context, const std::string& topic, const char* kind) {
    Json out = Json::array();
    for (int i = 1; i < 20; ++i) {
        const std::string key = "guidance." + topic + "." + kind + std::to_string(i);
        if (!html::has_text(context.language, key)) break;
        out.push_back(text(context, key));
    }
    return out;
}

}  // namespace

http::Response guidance_list(PageContext& context) {
    Json view;
    view["page"] = {{"title", text(context, "guidance.title")}, {"guide", true}};
    view["groups"] = Json::array();
    for (const Group& group : groups()) {
        Json topics = Json::array();
        for (const auto topic : group.topics) {
            const std::string name{topic};
            topics.push_back({{"href", "/tro-giup/" + name},
                              {"title", text(context, "guidance." + name + ".title")}});
        }
        view["groups"].push_back(
            {{"title", text(context, "guidance.group." + std::string{group.key})},
             {"topics", std::move(topics)}});
    }
    return page(context, "pages/guidance_list", std::move(view));
}

http::Response guidance_show(PageContext& context) {
    const std::string topic = context.request.path_value("topic");
    if (!known(topic)) return problem(context, Error{ErrorKind::NotFound, "page.not_found"});
    Json view;
    view["heading"] = text(context, "guidance." + topic + ".title");
    view["page"] = {{"title", view["heading"]}, {"guide", true}};
    view["back"] = {{"href", "/tro-giup"}, {"text", text(context, "guidance.all")}};
    view["lead"] = text(context, "guidance." + topic + ".lead");
    view["steps"] = numbered(context, topic, "step");
    view["notes"] = numbered(context, topic, "note");
    view["has_notes"] = !view["notes"].empty();
    view["notes_title"] = false;
    if (!view["notes"].empty()) view["notes_title"] = text(context, "guidance.notes");
    return page(context, "pages/guidance_show", std::move(view));
}

}  // namespace antin::web
