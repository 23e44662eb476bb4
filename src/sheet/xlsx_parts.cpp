#include "sheet/xlsx_parts.hpp"

#include <zip.h>

#include <array>
#include <utility>

#include "sheet/text_encoding.hpp"

namespace antin::sheet {
namespace {

struct CloseArchive {
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseFile {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};

constexpr zip_int64_t parts_max = 2000;

}  // namespace

struct XlsxParts::Inside {
    std::unique_ptr<zip_t, CloseArchive> archive;
    std::size_t part_bytes_max;
};

XlsxParts::XlsxParts(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
XlsxParts::XlsxParts(XlsxParts&&) noexcept = default;
XlsxParts& XlsxParts::operator=(XlsxParts&&) noexcept = default;
XlsxParts::~XlsxParts() = default;

Result<XlsxParts> XlsxParts::open(BytesView file, const Limits& limits) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(file.data(), file.size(), 0, &error);
    if (source == nullptr) return fail(ErrorKind::Invalid, "sheet.broken");
    zip_t* archive = zip_open_from_source(source, ZIP_RDONLY, &error);
    if (archive == nullptr) {
        zip_source_free(source);
        return fail(ErrorKind::Invalid, "sheet.broken", zip_error_strerror(&error));
    }
    auto inside = std::make_unique<Inside>();
    inside->archive.reset(archive);
    inside->part_bytes_max = limits.part_bytes_max;
    if (zip_get_num_entries(archive, 0) > parts_max) {
        return fail(ErrorKind::TooLarge, "sheet.unpacks_too_large", "too many parts");
    }
    return XlsxParts{std::move(inside)};
}

bool XlsxParts::has(const std::string& name) const {
    return zip_name_locate(inside_->archive.get(), name.c_str(), ZIP_FL_NOCASE) >= 0;
}

Result<std::string> XlsxParts::text(const std::string& name) const {
    const auto index = zip_name_locate(inside_->archive.get(), name.c_str(), ZIP_FL_NOCASE);
    if (index < 0) return std::string{};
    const std::unique_ptr<zip_file_t, CloseFile> file{
        zip_fopen_index(inside_->archive.get(), static_cast<zip_uint64_t>(index), 0)};
    if (!file) return fail(ErrorKind::Invalid, "sheet.broken", name);
    // The size that the file claims is not believed: what comes out is counted. It only says how
    // much to set aside, so that a large part is not copied from buffer to buffer as it grows.
    std::string out;
    zip_stat_t about;
    zip_stat_init(&about);
    const bool is_known =
        zip_stat_index(inside_->archive.get(), static_cast<zip_uint64_t>(index), 0, &about) == 0 &&
        (about.valid & ZIP_STAT_SIZE) != 0;
    if (is_known && about.size <= inside_->part_bytes_max) out.reserve(about.size + 1);
    std::array<char, 64 * 1024> chunk{};
    for (;;) {
        const auto got = zip_fread(file.get(), chunk.data(), chunk.size());
        if (got < 0) return fail(ErrorKind::Invalid, "sheet.broken", name);
        if (got == 0) break;
        out.append(chunk.data(), static_cast<std::size_t>(got));
        if (out.size() > inside_->part_bytes_max) {
            return fail(ErrorKind::TooLarge, "sheet.unpacks_too_large", name);
        }
    }
    return to_utf8(std::move(out));
}

}  // namespace antin::sheet
