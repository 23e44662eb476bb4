#include "domain/changes.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace antin::domain {
namespace {

const ChangeableField* by_label(SubscriberKind kind, std::string_view label) {
    const std::string folded = fold(label);
    if (folded.empty()) return nullptr;
    for (const ChangeableField& field : changeable_fields(kind)) {
        if (fold(field.label) == folded) return &field;
        for (const std::string& other : field.labels) {
            if (fold(other) == folded) return &field;
        }
    }
    return nullptr;
}

bool is_address(std::string_view text) {
    return text.find('@') != std::string_view::npos && text.find(' ') == std::string_view::npos;
}

void put(std::vector<Change>& changes, std::string field, std::string value) {
    for (Change& change : changes) {
        if (change.field != field) continue;
        change.value = std::move(value);
        return;
    }
    changes.push_back({std::move(field), std::move(value)});
}

void read_piece(SubscriberKind kind, const std::string& piece, ChangesRead& read) {
    const auto colon = piece.find(':');
    if (colon != std::string::npos) {
        const auto* field = by_label(kind, std::string_view{piece}.substr(0, colon));
        std::string value = clean_text(std::string_view{piece}.substr(colon + 1));
        if (field != nullptr && !value.empty()) return put(read.changes, field->key, value);
    } else if (is_address(piece)) {
        return put(read.changes, "email", piece);
    }
    read.unread.push_back(piece);
}

}  // namespace

const std::vector<ChangeableField>& changeable_fields(SubscriberKind kind) {
    static const std::vector<ChangeableField> none;
    const auto* form = form_definition(RequestForm::Form04);
    if (form == nullptr) return none;
    const auto found = form->changes.find(kind);
    return found == form->changes.end() ? none : found->second;
}

const ChangeableField* changeable_field(SubscriberKind kind, std::string_view key) {
    for (const ChangeableField& field : changeable_fields(kind)) {
        if (field.key == key) return &field;
    }
    return nullptr;
}

ChangesRead read_changes(SubscriberKind kind, std::string_view text) {
    ChangesRead read;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(";\n"), text.size());
        const std::string piece = clean_text(text.substr(0, end));
        if (!piece.empty()) read_piece(kind, piece, read);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return read;
}

std::string changes_text(SubscriberKind kind, const std::vector<Change>& changes) {
    std::string out;
    for (const ChangeableField& field : changeable_fields(kind)) {
        for (const Change& change : changes) {
            if (change.field != field.key || change.value.empty()) continue;
            std::string value = change.value;
            std::ranges::replace(value, ';', ',');
            out += (out.empty() ? "" : "; ") + field.label + ": " + value;
        }
    }
    return out;
}

}  // namespace antin::domain
