#pragma once
// Inside app/ only: what the acts at the bench have in common.
#include <optional>
#include <string>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "domain/device_workflow.hpp"
#include "domain/line_workflow.hpp"
#include "store/devices.hpp"
#include "store/dossier_lines.hpp"
#include "store/dossiers.hpp"
#include "store/personalisations.hpp"

namespace antin::app {

/// A row at the bench with everything that belongs to it.
struct LineWork {
    store::DossierLine line;
    store::Dossier dossier;
    std::optional<store::Personalisation> work;
    std::optional<store::Device> device;
};

/// Who works at a row keeps it this long after the last step; then another officer may go on.
inline constexpr std::chrono::minutes bench_lease{10};

/// The row inside the transaction that changes it, now held by `actor` (the caller saves it).
/// Errors: NotFound "line.not_found"; Refused "workflow.not_this_procedure"; Conflict
/// "bench.taken" with the other officer's name and time.
[[nodiscard]] Result<LineWork> hold_line(sql::Transaction& tx, const Services& services,
                                         const Actor& actor, std::int64_t line_id);
[[nodiscard]] Result<LineWork> load_line(sql::Reader& db, std::int64_t line_id);

/// Decides by the table, writes state, history and journal of the row. `role` System for jobs.
[[nodiscard]] Status advance_line(sql::Transaction& tx, const Services& services,
                                  const Actor& actor, domain::Role role, LineWork& at,
                                  domain::LineAction action, bool possession_proved = false);
/// The same for its device; the history of the device names who, from whom, to whom.
[[nodiscard]] Status advance_device(sql::Transaction& tx, const Services& services,
                                    const Actor& actor, domain::Role role, store::Device& device,
                                    domain::DeviceAction action, const std::string& from_whom,
                                    const std::string& to_whom, const std::string& note = {});
/// The subscriber has it: a renewal or change on it needs no step of the stock.
[[nodiscard]] bool is_with_subscriber(const store::Device& device);
/// Conflict "bench.changed" when the row was changed meanwhile.
[[nodiscard]] Status save_work(sql::Transaction& tx, LineWork& at);

/// The order of a row in the ledger that counts now: "line:17", or "line:17.2" after its first key
/// was given up with its device.
[[nodiscard]] std::string line_order_id(sql::Reader& db, std::int64_t line_id);
/// The one after it.
[[nodiscard]] std::string next_line_order_id(sql::Reader& db, std::int64_t line_id);
/// "antin-17": the name of its key on the device.
[[nodiscard]] std::string line_key_label(std::int64_t line_id);
/// What the key signs for `challenge`, as docs/token-agent.md says.
[[nodiscard]] bool proves_possession(BytesView certificate, std::string_view challenge,
                                     BytesView signature);

/// What binds a sealed PIN to its row.
[[nodiscard]] std::string pin_purpose(std::int64_t line_id);
/// Eight digits: what people can type and every device takes.
[[nodiscard]] std::string random_pin();
[[nodiscard]] domain::Role bench_role(const Actor& actor);

}  // namespace antin::app
