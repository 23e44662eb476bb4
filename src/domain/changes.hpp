#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "domain/form_definition.hpp"

namespace antin::domain {

/// "Thông tin mới" of Mẫu 04, field by field. On the form, in the sheet and in the database it is
/// one text: "Cơ quan công tác: UBND xã Thử Nghiệm; Thư điện tử công vụ: a@laichau.gov.vn".
struct Change {
    std::string field;  // key: agency_name, email …
    std::string value;
    friend bool operator==(const Change&, const Change&) = default;
};
struct ChangesRead {
    std::vector<Change> changes;      // each field once: the last one counts
    std::vector<std::string> unread;  // pieces without a name that is known
};

/// What may be changed for this kind of subscriber, in the order of the form.
[[nodiscard]] const std::vector<ChangeableField>& changeable_fields(SubscriberKind kind);
[[nodiscard]] const ChangeableField* changeable_field(SubscriberKind kind, std::string_view key);

/// Pieces stand between ";" or line breaks, each "name: value"; names without regard to case and
/// diacritics. A bare address is the new official address.
[[nodiscard]] ChangesRead read_changes(SubscriberKind kind, std::string_view text);
/// The one notation in which changes are kept. A ";" inside a value becomes a ",".
[[nodiscard]] std::string changes_text(SubscriberKind kind, const std::vector<Change>& changes);

}  // namespace antin::domain
