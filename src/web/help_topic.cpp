#include "web/help_topic.hpp"

#include <array>

namespace antin::web {
namespace {

struct Task {
    std::string_view begin;  // of the path
    std::string_view part;   // somewhere behind it; "" for all
    std::string_view topic;
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
    Task{"/dang-ky", "", "mo-tai-khoan"},
    Task{"/dang-nhap", "", "quen-mat-khau"},
    Task{"/mat-khau", "", "quen-mat-khau"},
    Task{"/tai-khoan", "", "quen-mat-khau"},
    Task{"/tra-cuu", "", "tra-cuu"},
    Task{"/kho-chung-thu", "", "kiem-tra-chung-thu"},
    Task{"/hang-cho", "", "tiep-nhan"},
    Task{"/xu-ly/", "/tiep-nhan", "tiep-nhan"},
    Task{"/xu-ly/", "", "tham-dinh"},
    Task{"/cap-phat", "", "cap-phat"},
    Task{"/kho", "", "cap-phat"},
    Task{"/quan-tri", "", "quan-tri"},
};

}  // namespace

std::string help_for(std::string_view path) {
    for (const Task& task : tasks) {
        if (!path.starts_with(task.begin)) continue;
        if (path.find(task.part, task.begin.size()) == std::string_view::npos) continue;
        return "/tro-giup/" + std::string{task.topic};
    }
    return "/tro-giup";
}

}  // namespace antin::web
