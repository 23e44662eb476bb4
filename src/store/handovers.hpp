#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/sql.hpp"

namespace antin::store {

/// What left the provider's desk for one dossier, who took it, and the agency's confirmation.
struct Handover {
    std::int64_t id = 0, dossier_id = 0;
    std::string method;  // direct | post | online
    std::string recipient_name, recipient_position;
    std::int64_t handed_by = 0;
    std::string handed_by_name;
    Instant handed_at{};
    std::optional<std::int64_t> confirmed_by;
    std::optional<Instant> confirmed_at;
    std::string note;
    std::int64_t version = 1;
};
struct HandoverLine {
    std::int64_t line_id = 0, number = 0;
    std::optional<std::int64_t> device_id;
    std::string name, device_serial, device_kind, certificate_serial;
    std::optional<Instant> confirmed_at;
};

[[nodiscard]] std::int64_t add_handover(sql::Transaction& tx, const Handover& handover,
                                        std::string_view submit_key);
void add_handover_line(sql::Transaction& tx, std::int64_t handover_id, std::int64_t line_id,
                       std::optional<std::int64_t> device_id);
[[nodiscard]] std::optional<Handover> find_handover(sql::Reader& db, std::int64_t id);
[[nodiscard]] std::optional<Handover> find_handover_by_submit_key(sql::Reader& db,
                                                                  std::string_view key);
[[nodiscard]] std::vector<HandoverLine> handover_lines(sql::Reader& db, std::int64_t handover_id);
[[nodiscard]] std::vector<Handover> handovers_of_dossier(sql::Reader& db, std::int64_t dossier_id);
/// An agency's handovers that it has not confirmed yet, oldest first.
[[nodiscard]] std::vector<Handover> open_handovers(sql::Reader& db, std::int64_t agency_id);
/// Everybody's handovers of the desk, those that wait for their agency first, then the newest.
struct DeskHandover {
    Handover handover;
    std::string dossier_code, agency_name;
    std::int64_t lines = 0, accounts = 0;  // of the rows, those of centralised accounts
};
[[nodiscard]] std::vector<DeskHandover> desk_handovers(sql::Reader& db, std::int64_t limit);
/// False when it was confirmed already.
[[nodiscard]] bool confirm_handover(sql::Transaction& tx, std::int64_t id, std::int64_t by,
                                    Instant now);

/// Dossiers with rows whose device is ready and not handed over yet.
struct ReadyDossier {
    std::int64_t dossier_id = 0, lines = 0, accounts = 0;
    std::string code, agency_name;
    std::optional<Instant> due_at;
};
[[nodiscard]] std::vector<ReadyDossier> dossiers_to_hand_over(sql::Reader& db, std::int64_t limit);
/// The ids of these rows of a dossier, in order.
[[nodiscard]] std::vector<std::int64_t> lines_to_hand_over(sql::Reader& db,
                                                           std::int64_t dossier_id);

}  // namespace antin::store
