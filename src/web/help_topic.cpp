#include "web/help_topic.hpp"

#include <array>

namespace antin::web {
namespace {

using enum domain::Role;
using domain::Roles;

struct Task {
    std::string_view begin;  // of the path
    std::string_view part;   // somewhere behind it; "" for all
    std::string_view topic;
    Roles roles = {};  // of whom it is the task; none: of everybody
};

// The first that fits.
constexpr std::array tasks{
    Task{"/ho-so/nhap/", "/danh-sach", "bang-danh-sach"},
    Task{"/ho-so/nhap/", "/dong/", "bang-danh-sach"},
    Task{"/ho-so/nhap/", "/dan", "bang-danh-sach"},
    Task{"/ho-so/nhap/", "/nhap-tep", "bang-danh-sach"},
    Task{"/ho-so/nhap/", "/da-co", "bang-danh-sach"},
    Task{"/ho-so/nhap/", "/ky", "ky-va-gui"},
    Task{"/ho-so/nhap/", "/xem-lai", "ky-va-gui"},
    Task{"/ho-so/", "/bo-sung", "bo-sung"},
    Task{"/ho-so", "", "lap-ho-so"},
    Task{"/ban-giao", "", "nhan-thiet-bi"},
    Task{"/thue-bao", "", "nhan-thiet-bi"},
    Task{"/kich-hoat", "", "mo-tai-khoan"},
    Task{"/dang-ky", "", "moi-co-quan", Roles(ProvinceCoordinator)},
    Task{"/dang-ky", "", "mo-tai-khoan"},
    Task{"/co-quan", "", "moi-co-quan"},
    Task{"/nguoi", "", "dau-moi"},
    Task{"/thong-bao", "", "thong-bao"},
    Task{"/dang-nhap", "", "quen-mat-khau"},
    Task{"/mat-khau", "", "quen-mat-khau"},
    Task{"/tai-khoan", "", "quen-mat-khau"},
    Task{"/tra-cuu", "", "tra-cuu"},
    Task{"/kho-chung-thu", "", "kiem-tra-chung-thu"},
    Task{"/xu-ly/", "/tiep-nhan", "tiep-nhan"},
    Task{"/xu-ly/", "/tu-choi", "tiep-nhan"},
    Task{"/xu-ly/", "/bo-sung", "tham-dinh"},
    // One dossier is worked on by several: whoever examines it stands before whoever receives it.
    Task{"/xu-ly/", "", "tham-dinh", Roles(Assessor)},
    Task{"/xu-ly/", "", "phe-duyet", Roles(Approver)},
    Task{"/xu-ly/", "", "tiep-nhan", Roles(IntakeOfficer, ProvinceCoordinator)},
    Task{"/xu-ly/", "", "cap-phat", Roles(RegistrationOfficer)},
    Task{"/xu-ly/", "", "tham-dinh"},
    Task{"/hang-cho", "", "tiep-nhan", Roles(IntakeOfficer)},
    Task{"/hang-cho", "", "tham-dinh", Roles(Assessor)},
    Task{"/hang-cho", "", "phe-duyet", Roles(Approver)},
    Task{"/hang-cho", "", "cap-phat", Roles(RegistrationOfficer)},
    Task{"/hang-cho", "", "tiep-nhan"},
    Task{"/cong-viec", "", "tiep-nhan", Roles(IntakeOfficer)},
    Task{"/cong-viec", "", "tham-dinh", Roles(Assessor)},
    Task{"/cong-viec", "", "phe-duyet", Roles(Approver)},
    Task{"/cong-viec", "", "cap-phat", Roles(RegistrationOfficer)},
    Task{"/cong-viec", "", "moi-co-quan", Roles(ProvinceCoordinator)},
    Task{"/viec", "", "lap-ho-so", Roles(FocalPoint)},
    Task{"/viec", "", "ky-va-gui", Roles(Head)},
    Task{"/cap-phat", "", "cap-phat"},
    Task{"/kho", "", "cap-phat"},
    Task{"/quan-tri", "", "quan-tri"},
};

}  // namespace

std::string help_for(std::string_view path, Roles roles) {
    for (const Task& task : tasks) {
        if (!path.starts_with(task.begin)) continue;
        if (!task.roles.empty() && !task.roles.any_of(roles)) continue;
        if (path.find(task.part, task.begin.size()) == std::string_view::npos) continue;
        return "/tro-giup/" + std::string{task.topic};
    }
    return "/tro-giup";
}

}  // namespace antin::web
