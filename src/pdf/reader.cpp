#include "pdf/reader.hpp"

// The library asks its users to say that they know of its change of pointers.
#define POINTERHOLDER_TRANSITION 4

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <qpdf/QPDF.hh>
#include <string>

namespace antin::pdf {
namespace {

// A parsed token costs the parser about 150 bytes; this many stay far below 256 MB.
constexpr std::size_t tokens_max = 1'000'000;
constexpr long predictor_columns_max = 65536;

/// "/Obj#53tm" -> "/ObjStm": names may be written with escapes (ISO 32000-1, 7.3.5).
std::string unescape_names(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '#' && i + 2 < text.size() &&
            std::isxdigit(static_cast<unsigned char>(text[i + 1])) != 0 &&
            std::isxdigit(static_cast<unsigned char>(text[i + 2])) != 0) {
            out += static_cast<char>(
                std::strtol(std::string{text.substr(i + 1, 2)}.c_str(), nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::size_t count_tokens(std::string_view text) {
    std::size_t tokens = 0;
    bool inside = false;
    for (const char c : text) {
        const bool separates = c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' ||
                               c == '\0' || c == '/' || c == '[' || c == ']' || c == '<' ||
                               c == '>' || c == '(' || c == ')';
        if (!separates && !inside) ++tokens;
        if (c == '/' || c == '[' || c == '(' || c == '<') ++tokens;
        inside = !separates;
    }
    return tokens;
}

/// How much `data` unpacks to, at most `limit` + 1; counts the tokens in it.
std::size_t unpacked_size(std::string_view data, std::size_t limit, std::size_t& tokens) {
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) return limit + 1;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream.avail_in = static_cast<uInt>(data.size());
    std::array<char, 65536> buffer{};
    std::size_t total = 0;
    int status = Z_OK;
    while (status == Z_OK && total <= limit) {
        stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
        stream.avail_out = static_cast<uInt>(buffer.size());
        status = inflate(&stream, Z_NO_FLUSH);
        const std::size_t got = buffer.size() - stream.avail_out;
        tokens += count_tokens({buffer.data(), got});
        total += got;
    }
    inflateEnd(&stream);
    return total;
}

std::size_t occurrences(std::string_view text, std::string_view word) {
    std::size_t count = 0;
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        ++count;
    }
    return count;
}

/// Only object and reference streams are needed to know a file's structure. Those are measured
/// here; the data of every other stream is blanked, so that the parser can unpack nothing that was
/// not measured before.
class Screening {
  public:
    Screening(std::string& file, const ReadLimits& limits) : file_(file), limits_(limits) {}

    Status run() {
        std::size_t from = 0;
        while (from < file_.size()) {
            const std::size_t keyword = next_stream(from);
            const std::size_t end = std::min(keyword, file_.size());
            ANTIN_CHECK(plain(std::string_view{file_}.substr(from, end - from)));
            if (keyword == std::string::npos) break;
            const std::string dictionary = unescape_names(before(from, keyword));
            const std::size_t data = keyword + 6;
            const std::size_t stop = std::min(file_.find("endstream", data), file_.size());
            const bool structure = dictionary.find("/ObjStm") != std::string::npos ||
                                   dictionary.find("/XRef") != std::string::npos;
            if (structure)
                ANTIN_CHECK(measure(dictionary, data, stop));
            else
                std::fill(file_.begin() + static_cast<std::ptrdiff_t>(data),
                          file_.begin() + static_cast<std::ptrdiff_t>(stop), ' ');
            from = std::min(stop + 9, file_.size());
        }
        return {};
    }

  private:
    /// The next "stream" that is not the end of "endstream".
    [[nodiscard]] std::size_t next_stream(std::size_t from) const {
        for (auto at = file_.find("stream", from); at != std::string::npos;
             at = file_.find("stream", at + 6)) {
            if (at < 3 || file_.compare(at - 3, 3, "end") != 0) return at;
        }
        return std::string::npos;
    }

    [[nodiscard]] std::string_view before(std::size_t from, std::size_t keyword) const {
        const std::string_view gap = std::string_view{file_}.substr(from, keyword - from);
        const auto object = gap.rfind("obj");
        return object == std::string_view::npos ? gap : gap.substr(object);
    }

    Status plain(std::string_view text) {
        tokens_ += count_tokens(text);
        if (tokens_ > tokens_max) return fail(ErrorKind::TooLarge, "pdf.too_large");
        if (unescape_names(text).find("/Encrypt") != std::string::npos) {
            return fail(ErrorKind::Invalid, "pdf.password");
        }
        return {};
    }

    Status measure(const std::string& dictionary, std::size_t data, std::size_t stop) {
        const std::string_view bytes = std::string_view{file_}.substr(data, stop - data);
        const auto damaged = fail(ErrorKind::Invalid, "pdf.damaged", "structure stream");
        if (bytes.find("stream") != std::string_view::npos) return damaged;
        const std::size_t filters =
            occurrences(dictionary, "Decode") - occurrences(dictionary, "/DecodeParms");
        const std::size_t flates = occurrences(dictionary, "/FlateDecode");
        const bool names_filter = dictionary.find("/Filter") != std::string::npos;
        if (filters != flates || flates > 1 || (names_filter && flates == 0)) return damaged;
        const auto columns = dictionary.find("/Columns");
        if (columns != std::string::npos &&
            std::atol(dictionary.c_str() + columns + 8) > predictor_columns_max) {
            return damaged;
        }
        std::size_t begin = 0;
        while (begin < bytes.size() && begin < 2 &&
               (bytes[begin] == '\r' || bytes[begin] == '\n')) {
            ++begin;
        }
        const std::size_t room = limits_.structure_bytes - unpacked_;
        unpacked_ += flates == 0 ? bytes.size() : unpacked_size(bytes.substr(begin), room, tokens_);
        if (flates == 0) tokens_ += count_tokens(bytes);
        if (unpacked_ > limits_.structure_bytes || tokens_ > tokens_max) {
            return fail(ErrorKind::TooLarge, "pdf.too_large", "structure unpacks too far");
        }
        return {};
    }

    std::string& file_;
    const ReadLimits& limits_;
    std::size_t unpacked_ = 0;
    std::size_t tokens_ = 0;
};

/// A field that is a signature and holds one; kids are looked through, to a stated depth.
bool holds_signature(QPDFObjectHandle field, int depth) {
    if (depth > 8 || !field.isDictionary()) return false;
    auto type = field.getKey("/FT");
    if (type.isName() && type.getName() == "/Sig" && field.getKey("/V").isDictionary()) return true;
    auto kids = field.getKey("/Kids");
    if (!kids.isArray()) return false;
    for (int i = 0; i < std::min(kids.getArrayNItems(), 2000); ++i) {
        if (holds_signature(kids.getArrayItem(i), depth + 1)) return true;
    }
    return false;
}

bool has_signatures(QPDFObjectHandle root) {
    auto form = root.getKey("/AcroForm");
    if (!form.isDictionary()) return false;
    auto fields = form.getKey("/Fields");
    if (!fields.isArray()) return false;
    for (int i = 0; i < std::min(fields.getArrayNItems(), 2000); ++i) {
        if (holds_signature(fields.getArrayItem(i), 0)) return true;
    }
    return false;
}

bool runs_something(QPDFObjectHandle root) {
    auto names = root.getKey("/Names");
    if (names.isDictionary() && names.hasKey("/JavaScript")) return true;
    auto open = root.getKey("/OpenAction");
    if (!open.isDictionary()) return root.hasKey("/AA");
    auto act = open.getKey("/S");
    return act.isName() && (act.getName() == "/JavaScript" || act.getName() == "/Launch");
}

}  // namespace

Result<FileFacts> inspect(BytesView file, const ReadLimits& limits) {
    if (file.size() > limits.file_bytes) return fail(ErrorKind::TooLarge, "pdf.too_large");
    // The header may stand behind a few bytes of rubbish (ISO 32000-1, Annex H, note 13).
    const std::string_view head = as_text(file.first(std::min<std::size_t>(file.size(), 1024)));
    if (head.find("%PDF-") == std::string_view::npos) {
        return fail(ErrorKind::Invalid, "pdf.not_pdf");
    }
    std::string screened{as_text(file)};
    ANTIN_CHECK(Screening{screened, limits}.run());
    try {
        QPDF reader;
        reader.setSuppressWarnings(true);
        reader.processMemoryFile("received", screened.data(), screened.size());
        FileFacts facts;
        auto root = reader.getRoot();
        facts.pages = static_cast<int>(reader.getAllPages().size());
        if (facts.pages == 0) return fail(ErrorKind::Invalid, "pdf.damaged", "no page");
        if (facts.pages > limits.pages) return fail(ErrorKind::TooLarge, "pdf.too_many_pages");
        facts.has_signature_fields = has_signatures(root);
        facts.has_scripts = runs_something(root);
        return facts;
    } catch (const std::exception& problem) {
        return fail(ErrorKind::Invalid, "pdf.damaged", problem.what());
    }
}

}  // namespace antin::pdf
