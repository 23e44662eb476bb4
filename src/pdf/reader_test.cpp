#include "pdf/reader.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <random>

#include "pdf/canvas.hpp"

namespace antin::pdf {
namespace {

Bytes small_file(int pages = 1) {
    auto canvas = Canvas::open({"Thử", "", "", from_millis(0)}, {});
    for (int i = 1; i < pages; ++i) canvas->new_page();
    canvas->paragraph("Một dòng", {});
    return *canvas->finish();
}

/// A PDF out of numbered objects, with a table of references and a trailer.
std::string assemble(const std::vector<std::string>& objects, const std::string& trailer = "") {
    std::string out = "%PDF-1.5\n";
    std::vector<std::size_t> offsets;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        offsets.push_back(out.size());
        out += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
    }
    const auto start = out.size();
    out += "xref\n0 " + std::to_string(objects.size() + 1) + "\n0000000000 65535 f \n";
    for (const auto offset : offsets) {
        std::string number = std::to_string(offset);
        out += std::string(10 - number.size(), '0') + number + " 00000 n \n";
    }
    out += "trailer\n<< /Size " + std::to_string(objects.size() + 1) + " /Root 1 0 R " + trailer +
           " >>\nstartxref\n" + std::to_string(start) + "\n%%EOF\n";
    return out;
}

std::string packed(const std::string& text) {
    uLongf size = compressBound(static_cast<uLong>(text.size()));
    std::string out(size, '\0');
    compress(reinterpret_cast<Bytef*>(out.data()), &size,
             reinterpret_cast<const Bytef*>(text.data()), static_cast<uLong>(text.size()));
    out.resize(size);
    return out;
}

const std::string pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
const std::string page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>";

TEST(Reader, counts_the_pages_of_a_file_of_ours) {
    const auto facts = inspect(small_file(7));
    ASSERT_TRUE(facts) << facts.error().code << facts.error().detail;
    EXPECT_EQ(facts->pages, 7);
    EXPECT_FALSE(facts->has_signature_fields);
}

TEST(Reader, says_that_something_else_is_not_a_pdf) {
    EXPECT_EQ(inspect(as_bytes("PK\x03\x04 not a paper")).error().code, "pdf.not_pdf");
    EXPECT_EQ(inspect({}).error().code, "pdf.not_pdf");
}

TEST(Reader, says_that_a_broken_file_is_damaged) {
    EXPECT_EQ(inspect(as_bytes("%PDF-1.7\nrubbish")).error().code, "pdf.damaged");
    auto cut = small_file();
    cut.resize(40);
    EXPECT_EQ(inspect(cut).error().code, "pdf.damaged");
}

TEST(Reader, files_changed_at_random_end_in_facts_or_an_error) {
    const auto ours = small_file(2);
    const auto classic = assemble({"<< /Type /Catalog /Pages 2 0 R >>", pages, page});
    std::mt19937 random{20261125};  // the same files in every run
    const auto below = [&](std::size_t end) { return random() % end; };
    ReadLimits limits;
    limits.structure_bytes = 1024 * 1024;
    int read = 0;
    int refused = 0;
    for (int round = 0; round < 1'500; ++round) {
        Bytes file = round % 2 == 0 ? ours : to_bytes(classic);
        for (auto changes = 1 + below(6); changes > 0; --changes) {
            const auto at = below(file.size());
            const auto piece = std::min<std::size_t>(1 + below(40), file.size() - at);
            const auto begin = file.begin() + static_cast<std::ptrdiff_t>(at);
            const auto end = begin + static_cast<std::ptrdiff_t>(piece);
            switch (below(4)) {
                case 0:
                    file[at] = static_cast<unsigned char>(random());
                    break;
                case 1:
                    file.erase(begin, end);
                    break;
                case 2: {
                    const Bytes again(begin, end);
                    file.insert(begin, again.begin(), again.end());
                    break;
                }
                default:
                    std::ranges::generate(begin, end, [&] { return '0' + below(10); });
            }
            if (file.empty()) file = ours;
        }
        const auto facts = inspect(file, limits);
        facts ? ++read : ++refused;
        EXPECT_TRUE(facts || facts.error().code.starts_with("pdf.")) << facts.error().code;
    }
    EXPECT_GT(read, 100);
    EXPECT_GT(refused, 100);
}

TEST(Reader, finds_a_signature_in_the_form) {
    const auto file =
        assemble({"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>", pages, page,
                  "<< /FT /Sig /T (s) /V << /Type /Sig /Contents <00> >> >>"});
    const auto facts = inspect(as_bytes(file));
    ASSERT_TRUE(facts) << facts.error().detail;
    EXPECT_TRUE(facts->has_signature_fields);
}

TEST(Reader, an_empty_signature_field_is_not_a_signature) {
    const auto file = assemble({"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>",
                                pages, page, "<< /FT /Sig /T (s) >>"});
    EXPECT_FALSE(inspect(as_bytes(file))->has_signature_fields);
}

TEST(Reader, finds_scripts_that_would_run_on_opening) {
    const auto file =
        assemble({"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (x) >> >>",
                  pages, page});
    EXPECT_TRUE(inspect(as_bytes(file))->has_scripts);
}

TEST(Reader, an_encrypted_file_is_refused_with_its_own_word) {
    const auto file = assemble({"<< /Type /Catalog /Pages 2 0 R >>", pages, page},
                               "/Encrypt << /Filter /Standard >>");
    EXPECT_EQ(inspect(as_bytes(file)).error().code, "pdf.password");
}

TEST(Reader, an_object_stream_that_unpacks_to_much_is_refused) {
    const std::string bomb = packed(std::string(200'000'000, ' '));
    for (const char* type : {"/ObjStm", "/Obj#53tm"}) {
        const auto file = assemble(
            {"<< /Type /Catalog /Pages 2 0 R >>", pages, page,
             std::string("<< /Type ") + type + " /N 1 /First 4 /Filter /FlateDecode /Length " +
                 std::to_string(bomb.size()) + " >>\nstream\n" + bomb + "\nendstream"});
        EXPECT_EQ(inspect(as_bytes(file)).error().code, "pdf.too_large");
    }
}

TEST(Reader, data_of_pictures_is_never_unpacked) {
    const std::string bomb = packed(std::string(200'000'000, ' '));
    const auto file =
        assemble({"<< /Type /Catalog /Pages 2 0 R >>", pages, page,
                  "<< /Subtype /Image /Filter /FlateDecode /Length " + std::to_string(bomb.size()) +
                      " >>\nstream\n" + bomb + "\nendstream"});
    EXPECT_TRUE(inspect(as_bytes(file)));
}

TEST(Reader, a_file_of_millions_of_tokens_is_refused) {
    std::string numbers = "[";
    for (int i = 0; i < 2'000'000; ++i) numbers += "1 ";
    const auto file = assemble({"<< /Type /Catalog /Pages 2 0 R >>", pages,
                                "<< /Type /Page /Parent 2 0 R /MediaBox " + numbers + "] >>"});
    EXPECT_EQ(inspect(as_bytes(file)).error().code, "pdf.too_large");
}

TEST(Reader, a_page_tree_that_bites_its_tail_ends) {
    const auto file = assemble(
        {"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"});
    EXPECT_FALSE(inspect(as_bytes(file)));
}

}  // namespace
}  // namespace antin::pdf
