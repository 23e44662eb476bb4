#pragma once
// Workbooks (XLSX) for tests of programs that link antin_sheet.
#include <zip.h>

#include <string>
#include <utility>
#include <vector>

namespace antin::kit {

/// A zip container with these parts, as bytes.
inline std::string zip_of(const std::vector<std::pair<std::string, std::string>>& parts) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_source_keep(target);
    zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
    for (const auto& [name, content] : parts) {
        zip_file_add(archive, name.c_str(),
                     zip_source_buffer(archive, content.data(), content.size(), 0),
                     ZIP_FL_ENC_UTF_8);
    }
    zip_close(archive);
    zip_source_open(target);
    zip_source_seek(target, 0, SEEK_END);
    std::string bytes(static_cast<std::size_t>(zip_source_tell(target)), '\0');
    zip_source_seek(target, 0, SEEK_SET);
    zip_source_read(target, bytes.data(), bytes.size());
    zip_source_close(target);
    zip_source_free(target);
    return bytes;
}

/// A worksheet of text cells; "" leaves a cell out.
struct Worksheet {
    std::string name;
    std::vector<std::vector<std::string>> rows;
};

/// The texts must not need escaping.
inline std::string workbook_of(const std::vector<Worksheet>& sheets) {
    std::string list, relations;
    std::vector<std::pair<std::string, std::string>> parts{{"[Content_Types].xml", "<Types/>"}};
    for (std::size_t i = 0; i < sheets.size(); ++i) {
        const auto id = std::to_string(i + 1);
        list += "<sheet name=\"" + sheets[i].name + "\" sheetId=\"" + id + "\" r:id=\"rId" + id +
                "\"/>";
        relations +=
            "<Relationship Id=\"rId" + id + "\" Target=\"worksheets/sheet" + id + ".xml\"/>";
        std::string rows;
        for (std::size_t r = 0; r < sheets[i].rows.size(); ++r) {
            rows += "<row r=\"" + std::to_string(r + 1) + "\">";
            const auto& cells = sheets[i].rows[r];
            for (std::size_t c = 0; c < cells.size(); ++c) {
                if (cells[c].empty()) continue;
                rows += "<c r=\"" + std::string(1, static_cast<char>('A' + c)) +
                        std::to_string(r + 1) + "\" t=\"inlineStr\"><is><t>" + cells[c] +
                        "</t></is></c>";
            }
            rows += "</row>";
        }
        parts.emplace_back("xl/worksheets/sheet" + id + ".xml",
                           "<worksheet><sheetData>" + rows + "</sheetData></worksheet>");
    }
    parts.emplace_back("xl/workbook.xml",
                       "<workbook xmlns:r=\"r\"><sheets>" + list + "</sheets></workbook>");
    parts.emplace_back("xl/_rels/workbook.xml.rels",
                       "<Relationships>" + relations + "</Relationships>");
    return zip_of(parts);
}

}  // namespace antin::kit
