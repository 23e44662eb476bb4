#include "forms/handover_notice.hpp"

#include "forms/draw.hpp"
#include "forms/values.hpp"

namespace antin::forms {
namespace {

std::vector<Values> rows_of(const std::vector<HandoverItem>& items) {
    std::vector<Values> rows;
    for (const HandoverItem& item : items) {
        rows.push_back({{"subscriber", item.subscriber},
                        {"certificate_serial", item.certificate_serial},
                        {"device_serial", item.device_serial},
                        {"carrier", item.carrier},
                        {"handed_on", item.handed_on},
                        {"note", item.note}});
    }
    return rows;
}

}  // namespace

PaperContent handover_notice_content(const HandoverNotice& notice) {
    PaperContent content;
    content.made_at = notice.made_at;
    Values& values = content.values;
    put_head(values, notice.agency, notice.number, notice.date);
    values["provider"] = notice.provider;
    values["dossier_code"] = notice.dossier_code;
    values["item_count"] = std::to_string(notice.items.size());
    values["confirmed_by"] = notice.confirmed_by;
    values["confirmed_position"] = upper(notice.confirmed_position);
    content.tables["items"] = rows_of(notice.items);
    return content;
}

Result<Bytes> draw_handover_notice(const PaperLibrary& library, const HandoverNotice& notice) {
    return library.draw("mau-07", handover_notice_content(notice));
}

PaperContent handover_record_content(const HandoverRecord& record) {
    PaperContent content;
    content.made_at = record.made_at;
    Values& values = content.values;
    put_head(values, record.body, record.number_text, local_date(record.handed_at));
    values["handed_at"] = long_moment(record.handed_at);
    values["handed_place"] = record.place;
    values["dossier_code"] = record.dossier_code;
    values["agency"] = record.agency;
    values["handed_by"] = record.handed_by;
    values["handed_position"] = record.handed_position;
    values["recipient_name"] = record.recipient_name;
    values["recipient_position"] = record.recipient_position;
    values["method"] = record.method;
    values["item_count"] = std::to_string(record.items.size());
    values["pin_envelopes"] = record.pin_envelopes > 0 ? std::to_string(record.pin_envelopes) : "";
    content.tables["items"] = rows_of(record.items);
    return content;
}

Result<Bytes> draw_handover_record(const PaperLibrary& library, const HandoverRecord& record) {
    return library.draw("handover-record", handover_record_content(record));
}

}  // namespace antin::forms
