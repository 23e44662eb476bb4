#include <array>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "pdf/archive.hpp"

namespace antin::pdf {
namespace {

/// Big-endian numbers, as ICC.1:2001-04 lays a profile out.
class Writer {
  public:
    void u16(unsigned value) {
        out.push_back(static_cast<std::uint8_t>(value >> 8));
        out.push_back(static_cast<std::uint8_t>(value));
    }
    void u32(std::size_t value) {
        u16(static_cast<unsigned>(value >> 16 & 0xffff));
        u16(static_cast<unsigned>(value & 0xffff));
    }
    void text(std::string_view value) { out.insert(out.end(), value.begin(), value.end()); }
    void zeros(std::size_t count) { out.insert(out.end(), count, 0); }
    void fixed(double value) { u32(static_cast<std::uint32_t>(std::lround(value * 65536))); }
    Bytes out;
};

Bytes xyz(double x, double y, double z) {
    Writer w;
    w.text("XYZ ");
    w.zeros(4);
    w.fixed(x);
    w.fixed(y);
    w.fixed(z);
    return w.out;
}

Bytes text_tag(std::string_view value) {
    Writer w;
    w.text("text");
    w.zeros(4);
    w.text(value);
    w.zeros(1);
    return w.out;
}

Bytes description(std::string_view value) {
    Writer w;
    w.text("desc");
    w.zeros(4);
    w.u32(value.size() + 1);
    w.text(value);
    w.zeros(1 + 4 + 4 + 2 + 1 + 67);  // no Unicode, no Macintosh name
    return w.out;
}

/// The curve of IEC 61966-2-1, in 256 steps.
Bytes curve() {
    Writer w;
    w.text("curv");
    w.zeros(4);
    w.u32(256);
    for (int i = 0; i < 256; ++i) {
        const double v = i / 255.0;
        const double linear = v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
        w.u16(static_cast<unsigned>(std::lround(linear * 65535)));
    }
    return w.out;
}

void header(Writer& w, std::size_t size) {
    w.u32(size);
    w.zeros(4);
    w.u32(0x02100000);  // version 2.1
    w.text("mntrRGB XYZ ");
    for (const unsigned part : {2026U, 1U, 1U, 0U, 0U, 0U}) w.u16(part);
    w.text("acsp");
    w.zeros(4 + 4 + 4 + 4 + 8 + 4);
    w.fixed(0.9642);  // D50
    w.fixed(1.0);
    w.fixed(0.8249);
    w.zeros(4 + 44);
}

}  // namespace

Bytes srgb_profile() {
    const std::vector<std::pair<std::string_view, Bytes>> tags{
        {"desc", description("sRGB IEC61966-2.1")},
        {"cprt", text_tag("Public domain")},
        {"wtpt", xyz(0.9505, 1.0, 1.0891)},
        // The primaries, adapted to D50.
        {"rXYZ", xyz(0.4361, 0.2225, 0.0139)},
        {"gXYZ", xyz(0.3851, 0.7169, 0.0971)},
        {"bXYZ", xyz(0.1431, 0.0606, 0.7139)},
        {"rTRC", curve()},
    };
    // All three curves are one.
    constexpr std::array<std::string_view, 2> same{"gTRC", "bTRC"};
    const std::size_t count = tags.size() + same.size();
    Writer body, table;
    table.u32(count);
    std::size_t at = 128 + 4 + count * 12, curve_at = 0, curve_size = 0;
    for (const auto& [name, bytes] : tags) {
        table.text(name);
        table.u32(at);
        table.u32(bytes.size());
        curve_at = at;
        curve_size = bytes.size();
        body.out.insert(body.out.end(), bytes.begin(), bytes.end());
        const std::size_t padding = (4 - bytes.size() % 4) % 4;
        body.zeros(padding);
        at += bytes.size() + padding;
    }
    for (const auto name : same) {
        table.text(name);
        table.u32(curve_at);
        table.u32(curve_size);
    }
    Writer all;
    header(all, at);
    all.out.insert(all.out.end(), table.out.begin(), table.out.end());
    all.out.insert(all.out.end(), body.out.begin(), body.out.end());
    return all.out;
}

}  // namespace antin::pdf
