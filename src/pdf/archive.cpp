#include "pdf/archive.hpp"

// The library asks its users to say that they know of its change of pointers.
#define POINTERHOLDER_TRANSITION 4

#include <fmt/format.h>

#include <qpdf/QPDF.hh>
#include <qpdf/QPDFWriter.hh>
#include <string>

namespace antin::pdf {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else {
            out += c;
        }
    }
    return out;
}

std::string xmp(const FileInfo& info) {
    constexpr std::string_view format =
        "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
        "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
        "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\n"
        "<dc:format>application/pdf</dc:format>\n"
        "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\n"
        "<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>\n"
        "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">{subject}</rdf:li></rdf:Alt>"
        "</dc:description>\n"
        "<dc:language><rdf:Bag><rdf:li>vi-VN</rdf:li></rdf:Bag></dc:language>\n"
        "<xmp:CreatorTool>Ấn Tín</xmp:CreatorTool>\n"
        "<xmp:CreateDate>{made}</xmp:CreateDate>\n"
        "<xmp:ModifyDate>{made}</xmp:ModifyDate>\n"
        "<pdf:Producer>{producer}</pdf:Producer>\n"
        "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>\n";
    return fmt::format(format, fmt::arg("title", escaped(info.title)),
                       fmt::arg("author", escaped(info.author)),
                       fmt::arg("subject", escaped(info.subject)),
                       fmt::arg("made", to_iso(info.made_at)), fmt::arg("producer", "Ấn Tín"));
}

QPDFObjectHandle stream_of(QPDF& pdf, const std::string& bytes) {
    return pdf.makeIndirectObject(QPDFObjectHandle::newStream(&pdf, bytes));
}

QPDFObjectHandle output_intent(QPDF& pdf) {
    const Bytes profile = srgb_profile();
    auto stream = stream_of(pdf, std::string{as_text(profile)});
    stream.getDict().replaceKey("/N", QPDFObjectHandle::newInteger(3));
    auto intent = QPDFObjectHandle::newDictionary();
    intent.replaceKey("/Type", QPDFObjectHandle::newName("/OutputIntent"));
    intent.replaceKey("/S", QPDFObjectHandle::newName("/GTS_PDFA1"));
    const auto name = QPDFObjectHandle::newString("sRGB IEC61966-2.1");
    intent.replaceKey("/OutputConditionIdentifier", name);
    intent.replaceKey("/Info", name);
    intent.replaceKey("/DestOutputProfile", stream);
    return intent;
}

}  // namespace

Result<Bytes> for_archive(BytesView drawn, const FileInfo& info) {
    try {
        QPDF pdf;
        pdf.setSuppressWarnings(true);
        pdf.processMemoryFile("paper", as_text(drawn).data(), drawn.size());
        auto root = pdf.getRoot();
        auto metadata = stream_of(pdf, xmp(info));
        metadata.getDict().replaceKey("/Type", QPDFObjectHandle::newName("/Metadata"));
        metadata.getDict().replaceKey("/Subtype", QPDFObjectHandle::newName("/XML"));
        root.replaceKey("/Metadata", metadata);
        auto intents = QPDFObjectHandle::newArray();
        intents.appendItem(output_intent(pdf));
        root.replaceKey("/OutputIntents", intents);
        root.replaceKey("/Lang", QPDFObjectHandle::newString("vi-VN"));
        auto preferences = QPDFObjectHandle::newDictionary();
        preferences.replaceKey("/DisplayDocTitle", QPDFObjectHandle::newBool(true));
        root.replaceKey("/ViewerPreferences", preferences);
        auto properties = pdf.getTrailer().getKey("/Info");
        if (properties.isDictionary()) {
            properties.replaceKey("/Producer", QPDFObjectHandle::newUnicodeString("Ấn Tín"));
        }
        QPDFWriter writer{pdf};
        writer.setOutputMemory();
        writer.setMinimumPDFVersion("1.7");
        writer.setObjectStreamMode(qpdf_o_disable);
        writer.setStreamDataMode(qpdf_s_preserve);  // XMP stays readable to any program
        writer.setDeterministicID(true);
        writer.write();
        const auto buffer = writer.getBufferSharedPointer();
        return Bytes(buffer->getBuffer(), buffer->getBuffer() + buffer->getSize());
    } catch (const std::exception& error) {
        return fail(ErrorKind::Internal, "internal", error.what());
    }
}

}  // namespace antin::pdf
