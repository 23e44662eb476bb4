#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sql/sql.hpp"
#include "store/dossier_lines.hpp"
#include "store/dossiers.hpp"

namespace antin::store {

/// How far the writing of one device is; the first time that is missing is the open step.
struct Personalisation {
    std::int64_t line_id = 0, device_id = 0, officer_id = 0;
    std::string challenge;
    Bytes certificate_request;  // empty before step 2
    Instant started_at{};
    std::optional<Instant> prepared_at, key_at, issued_at, written_at, checked_at, printed_at;
    /// 1 wipe, 2 key, 3 issue, 4 write, 5 try, 6 envelope, 7 done.
    [[nodiscard]] int step() const;
};
[[nodiscard]] std::optional<Personalisation> find_personalisation(sql::Reader& db,
                                                                  std::int64_t line_id);
/// Adds or replaces the one of its row.
void put_personalisation(sql::Transaction& tx, const Personalisation& work);
/// The device is changed for another one before a certificate exists; its history keeps the trace.
void remove_personalisation(sql::Transaction& tx, std::int64_t line_id);

/// A row on the bench, with what the officer needs to see.
struct BenchRow {
    DossierLine line;
    std::string dossier_code, agency_name, officer_name, device_serial;
    std::int64_t agency_id = 0;
    std::optional<Instant> due_at;
    std::optional<Personalisation> work;
};
/// Rows of issuance dossiers that are approved but not ready to be handed over, soonest due first.
/// `carrier` nothing: all.
[[nodiscard]] std::vector<BenchRow> bench_queue(sql::Reader& db,
                                                std::optional<domain::Carrier> carrier,
                                                std::int64_t limit);
/// Rows whose key is shown and whose certificate is missing: what goes on by itself.
[[nodiscard]] std::vector<std::int64_t> lines_to_issue(sql::Reader& db, std::int64_t limit);
/// Rows of centralised accounts and SIMs that an officer began before `before` and that are not
/// ready: what goes on by itself once the token is back.
[[nodiscard]] std::vector<std::int64_t> lines_begun_without_token(sql::Reader& db, Instant before,
                                                                  std::int64_t limit);
/// Rows whose device is ready and whose PIN envelope waits to be printed.
[[nodiscard]] std::vector<BenchRow> envelopes_to_print(sql::Reader& db, domain::Carrier carrier,
                                                       std::int64_t limit);
/// Rows that are ready and printed and wait to be handed over, those of `carrier`.
[[nodiscard]] std::vector<BenchRow> rows_to_hand_over(sql::Reader& db, domain::Carrier carrier,
                                                      std::int64_t limit);
/// One row with what belongs to it, wherever it stands.
[[nodiscard]] std::optional<BenchRow> find_bench_row(sql::Reader& db, std::int64_t line_id);
/// Rows of a dossier that are issued but whose device is not ready yet.
[[nodiscard]] std::int64_t count_unready_lines(sql::Reader& db, std::int64_t dossier_id);

}  // namespace antin::store
