// What clerks upload: every input ends in tables or an error, in bounded memory.
#include "sheet/headings.hpp"
#include "sheet/read.hpp"
#include "sheet/xml_scanner.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace antin;
    const BytesView input{data, size};
    if (const auto tables = sheet::read(input)) {
        for (const auto& table : *tables) {
            (void)sheet::find_headings(
                table, {{"full_name", {"Họ và tên"}, true}, {"email", {"Email"}, true}});
        }
    }
    sheet::XmlScanner scanner{as_text(input)};
    for (;;) {
        const auto event = scanner.next();
        if (event == sheet::XmlScanner::Event::Open) (void)scanner.attribute("r");
        if (event == sheet::XmlScanner::Event::End || event == sheet::XmlScanner::Event::Broken ||
            event == sheet::XmlScanner::Event::Dtd) {
            break;
        }
    }
    return 0;
}
