#include "kit/office.hpp"

#include <algorithm>
#include <stdexcept>

#include "app/attach_file.hpp"
#include "app/receive_devices.hpp"
#include "app/register_agency.hpp"
#include "forms/receipt.hpp"
#include "store/dossier_lines.hpp"
#include "store/dossiers.hpp"
#include "store/handovers.hpp"
#include "store/notices.hpp"
#include "store/papers.hpp"

namespace antin::kit {
namespace {

using domain::DossierState;
using domain::Role;

template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().code + ": " + result.error().detail);
    return std::move(*result);
}

constexpr std::string_view a_pdf = "%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";
constexpr sql::Statement newest_mail{"kit.newest_mail",
                                     "SELECT COALESCE(MAX(id), 0) AS id FROM mail"};

}  // namespace

Office::Office()
    : router(web::make_portal(*portal.services)),
      agency(portal.add_agency("Đảng ủy xã Bản Thử")),
      neighbour(portal.add_agency("Đảng ủy xã Bản Bên")),
      provider(portal.provider()),
      desk(portal.provincial_desk()),
      foreign_desk(portal.provincial_desk("14")),
      clerk(portal.add_person("Lò Thị Đầu Mối", agency, {Role::FocalPoint})),
      head(portal.add_person("Vàng A Lãnh Đạo", agency, {Role::Head})) {
    papers.emplace(must(forms::PaperLibrary::load()));
    portal.services->papers = &*papers;
    add_things();
}

std::int64_t Office::add_dossier(DossierState state, std::string_view code) {
    store::Dossier dossier;
    if (!code.empty()) dossier.code = code;
    dossier.check_value = "ABCD-EFGH";
    dossier.state = state;
    dossier.agency_id = agency;
    dossier.receiver_id = provider;
    dossier.recipient = {{"full_name", "Lò Thị Đầu Mối"}, {"email", "thu@laichau.gov.vn"}};
    dossier.shared_values = {{"province", "Lai Châu"}, {"agency_name", "Đảng ủy xã Bản Thử"}};
    dossier.rules_date = "2026-11-23";
    dossier.line_count = 2;
    dossier.created_by = clerk;
    dossier.created_at = dossier.saved_at = portal.clock.now();
    if (state != DossierState::Draft) dossier.submitted_at = portal.clock.now();
    return must(portal.database->transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
        const auto id = store::add_dossier(tx, dossier);
        for (int i = 1; i <= 2; ++i) {
            store::DossierLine line;
            line.dossier_id = id;
            line.number = i;
            line.name = "Người Thử " + std::string(1, static_cast<char>('A' + i));
            line.values = {{"full_name", line.name},
                           {"personal_id", "01207900441" + std::to_string(i)}};
            line.id = store::add_line(tx, line);
            places_["/cap-phat/dong/{id}"] = "/cap-phat/dong/" + std::to_string(line.id);
        }
        return id;
    }));
}

void Office::add_things() {
    auto& services = *portal.services;
    const auto at = [&](const char* pattern, std::int64_t id) {
        const std::string start{pattern};
        places_[start] = start.substr(0, start.find('{')) + std::to_string(id);
    };
    const auto draft = add_dossier(DossierState::Draft, "");
    at("/ho-so/nhap/{id}", draft);
    at("/ho-so/da-gui/{id}", add_dossier(DossierState::Submitted, ""));
    const auto accepted = add_dossier(DossierState::InProgress, "G11.07-261123-0001");
    places_["/ho-so/{code}"] = "/ho-so/G11.07-261123-0001";
    at("/xu-ly/{id}", accepted);
    const auto file = must(app::attach_file(services, portal.actor(clerk),
                                            {draft, "other", "giay-to.pdf"}, as_bytes(a_pdf)));
    at("/tep/{tep}", file);
    places_["{tep}"] = places_["{file}"] = std::to_string(file);
    places_["{n}"] = "1";
    places_["/tai-len/{token}"] =
        "/tai-len/" + must(app::start_upload(services, portal.actor(clerk),
                                             {{draft, "other", "to-tep.pdf"}, 1000}));
    at("/giay-to/{id}",
       must(portal.database->transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
           store::Paper paper;
           paper.dossier_id = accepted;
           paper.kind = "receipt";
           forms::Receipt receipt;
           receipt.dossier_code = "G11.07-261123-0001";
           receipt.date = local_date(portal.clock.now());
           receipt.received_at = receipt.due_at = receipt.made_at = portal.clock.now();
           receipt.lookup_url = "https://cong.example/tra-cuu";
           paper.data = forms::to_json(forms::receipt_content(receipt));
           paper.created_at = portal.clock.now();
           return store::add_paper(tx, paper);
       })));
    const auto giver = portal.add_person("Bùi Anh Phát", provider, {});
    at("/ban-giao/{id}",
       must(portal.database->transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
           store::Handover handover;
           handover.dossier_id = accepted;
           handover.method = "direct";
           handover.recipient_name = "Lò Thị Đầu Mối";
           handover.handed_by = giver;
           handover.handed_at = portal.clock.now();
           return store::add_handover(tx, handover, "kit");
       })));
    const auto officer = portal.add_person("Hà Văn Kho", provider, {Role::RegistrationOfficer});
    must(app::receive_devices(services, portal.actor(officer), {"TB0001", "Thẻ thử", "Tủ 1"}));
    places_["/kho/{serial}"] = "/kho/TB0001";
    at("/co-quan/{id}", agency);
    app::AgencyDetails details{
        "Sở Tự Đăng Ký",    "department", "state", "province", "12", "", "", "", "Lai Châu", "",
        "so@laichau.gov.vn"};
    details.contact_name = "Lò Văn Liên";
    details.contact_position = "Văn thư";
    details.contact_role = "focal_point";
    must(app::register_agency(services, {}, details, {"dau.pdf", to_bytes(a_pdf)}));
    at("/dang-ky/{id}", 1);
    at("/quan-tri/nguoi/{id}", clerk);
    places_["/quan-tri/quy-tac/{name}"] = "/quan-tri/quy-tac/issue.deadline_wd";
    at("/quan-tri/lich/{year}", 2026);
    at("/quan-tri/thu/{id}",
       must(portal.database->read([](sql::Reader& db) -> Result<std::int64_t> {
           return db.query(newest_mail)[0].integer("id");
       })));
    places_["/mat-khau/dat-lai/{secret}"] = "/mat-khau/dat-lai/khong-co";
    places_["/ngon-ngu/{code}"] = "/ngon-ngu/vi";
    places_["/tro-giup/{topic}"] = "/tro-giup/tra-cuu";
    places_["/tro-giup/mau-bieu/{name}"] = "/tro-giup/mau-bieu/mau-01";
}

std::string Office::address(std::string_view pattern) const {
    std::string path{pattern};
    // The longest start that is known: "/ho-so/nhap/{id}" before "/ho-so/{code}".
    std::string_view best;
    for (const auto& [start, given] : places_) {
        if (path.starts_with(start) && start.size() > best.size()) best = start;
    }
    if (!best.empty()) path.replace(0, best.size(), places_.find(best)->second);
    for (const char* rest : {"{tep}", "{file}", "{n}"}) {
        const auto at = path.find(rest);
        if (at == std::string::npos) continue;
        path.replace(at, std::string_view{rest}.size(), places_.find(rest)->second);
    }
    return path.find('{') == std::string::npos ? path : std::string{};
}

std::int64_t Office::body_of(Role role) {
    switch (role) {
        case Role::FocalPoint:
        case Role::Head:
            return agency;
        case Role::ProvinceCoordinator:
            return desk;
        default:
            return provider;
    }
}

std::size_t Office::denials() {
    return static_cast<std::size_t>(std::ranges::count(portal.journal(), "access.denied"));
}

}  // namespace antin::kit
