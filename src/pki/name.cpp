#include "pki/name.hpp"

#include <array>

#include "base/text.hpp"
#include "pki/der.hpp"
#include "pki/oids.hpp"

namespace antin::pki {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> short_names{{
    {oids::common_name, "CN"},
    {oids::country, "C"},
    {oids::locality, "L"},
    {oids::state_or_province, "ST"},
    {oids::organisation, "O"},
    {oids::organisational_unit, "OU"},
    {oids::serial_number, "serialNumber"},
    {oids::title, "title"},
    {oids::email_address, "E"},
    {oids::user_id, "UID"},
    {"", ""},
}};

constexpr std::uint8_t t61_string = 0x14, universal_string = 0x1c, bmp_string = 0x1e;

void put_utf8(std::string& out, std::uint32_t c) {
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xc0 | c >> 6);
        out += static_cast<char>(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xe0 | c >> 12);
        out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
        out += static_cast<char>(0x80 | (c & 0x3f));
    } else {
        out += static_cast<char>(0xf0 | c >> 18);
        out += static_cast<char>(0x80 | (c >> 12 & 0x3f));
        out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
        out += static_cast<char>(0x80 | (c & 0x3f));
    }
}

std::optional<std::string> text_of(const der::Element& element) {
    const BytesView c = element.content;
    switch (element.tag) {
        case der::tag::utf8_string:
            if (!is_valid_utf8(as_text(c))) return std::nullopt;
            return std::string{as_text(c)};
        case der::tag::printable_string:
        case der::tag::ia5_string:
        case t61_string: {
            std::string out;
            for (const auto byte : c) put_utf8(out, byte);
            return out;
        }
        case bmp_string: {
            if (c.size() % 2 != 0) return std::nullopt;
            std::string out;
            for (std::size_t i = 0; i < c.size(); i += 2) {
                const std::uint32_t unit = static_cast<std::uint32_t>(c[i] << 8 | c[i + 1]);
                if (unit >= 0xd800 && unit < 0xe000) return std::nullopt;
                put_utf8(out, unit);
            }
            return out;
        }
        case universal_string: {
            if (c.size() % 4 != 0) return std::nullopt;
            std::string out;
            for (std::size_t i = 0; i < c.size(); i += 4) {
                const std::uint32_t unit = std::uint32_t{c[i]} << 24 |
                                           std::uint32_t{c[i + 1]} << 16 |
                                           std::uint32_t{c[i + 2]} << 8 | c[i + 3];
                if (unit > 0x10ffff || (unit >= 0xd800 && unit < 0xe000)) return std::nullopt;
                put_utf8(out, unit);
            }
            return out;
        }
        default:
            return std::nullopt;
    }
}

std::uint8_t string_tag_for(std::string_view oid) {
    if (oid == oids::country || oid == oids::serial_number) return der::tag::printable_string;
    if (oid == oids::email_address) return der::tag::ia5_string;
    return der::tag::utf8_string;
}

std::string escaped(std::string_view value) {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        const bool edge = (i == 0 && (c == ' ' || c == '#')) || (i + 1 == value.size() && c == ' ');
        if (c == '\0') {
            out += "\\00";
            continue;
        }
        if (edge || std::string_view{"\"+,;<>\\"}.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

}  // namespace

Bytes encode_name(const Name& name) {
    Bytes content;
    for (const NameAttribute& attribute : name) {
        const std::uint8_t tag =
            attribute.string_tag != 0 ? attribute.string_tag : string_tag_for(attribute.oid);
        der::append(content,
                    der::element(der::tag::set, der::sequence({der::oid(attribute.oid),
                                                               der::text(tag, attribute.value)})));
    }
    return der::element(der::tag::sequence, content);
}

Result<Name> read_name(BytesView der_bytes) {
    const auto malformed = [] { return fail(ErrorKind::Invalid, "name.malformed"); };
    der::Reader outer{der_bytes};
    der::Reader rdns = outer.enter(der::tag::sequence);
    if (!outer.finished()) return malformed();
    Name name;
    while (rdns.ok() && !rdns.at_end()) {
        der::Reader rdn = rdns.enter(der::tag::set);
        if (rdn.at_end()) return malformed();
        while (rdn.ok() && !rdn.at_end()) {
            der::Reader pair = rdn.enter(der::tag::sequence);
            NameAttribute attribute;
            attribute.oid = der::read_oid(pair.next(der::tag::oid).content);
            const der::Element value = pair.next();
            const auto text = text_of(value);
            if (!pair.finished() || attribute.oid.empty() || !text) return malformed();
            attribute.value = *text;
            attribute.string_tag = value.tag;
            name.push_back(std::move(attribute));
        }
        if (!rdn.ok()) return malformed();
    }
    if (!rdns.ok()) return malformed();
    return name;
}

std::string to_text(const Name& name) {
    std::string out;
    for (auto it = name.rbegin(); it != name.rend(); ++it) {
        if (!out.empty()) out += ',';
        std::string_view label = it->oid;
        for (const auto& [oid, text] : short_names) {
            if (!oid.empty() && oid == it->oid) label = text;
        }
        out += label;
        out += '=';
        out += escaped(it->value);
    }
    return out;
}

std::string value_of(const Name& name, std::string_view oid) {
    for (const NameAttribute& attribute : name) {
        if (attribute.oid == oid) return attribute.value;
    }
    return {};
}

}  // namespace antin::pki
