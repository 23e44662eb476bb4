#include "audit/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>

#include "pki/digest.hpp"
#include "pki/key.hpp"
#include "pki/pem.hpp"

namespace antin::audit {
namespace {

constexpr std::int64_t entries_at_once = 2000;

class Verifier {
  public:
    Verifier(sql::Database& db, const std::filesystem::path& folder) : db_(db), folder_(folder) {}

    Result<Report> run(const Bytes& public_key_info) {
        read_key(public_key_info);
        read_checkpoint_file();
        ANTIN_CHECK(db_.read([&](sql::Reader& reader) -> Status {
            check_entries(reader);
            compare_checkpoint_rows(reader);
            return {};
        }));
        check_the_end();
        name_moved_ones();
        report_.more_findings = report_.findings.size() >= findings_max;
        std::ranges::stable_sort(report_.findings, {}, &Finding::seq);
        return std::move(report_);
    }

  private:
    void found(FindingKind kind, std::int64_t seq, std::string detail) {
        if (report_.findings.size() < findings_max) {
            report_.findings.push_back({kind, seq, std::move(detail)});
        }
    }

    void read_key(const Bytes& given) {
        Bytes info = given;
        if (info.empty()) {
            std::ifstream file{public_key_file(folder_), std::ios::binary};
            const std::string text{std::istreambuf_iterator<char>{file}, {}};
            if (text.empty()) return;  // no checkpoint was ever written, or see below
            const auto blocks = pki::read_pem_or_der(text, {"PUBLIC KEY"});
            if (blocks && !blocks->empty()) info = blocks->front();
        }
        auto key = pki::PublicKey::read(info);
        if (key)
            key_ = std::move(*key);
        else
            found(FindingKind::CheckpointFile, 0, "the public key cannot be read");
    }

    [[nodiscard]] bool is_signed(const Checkpoint& checkpoint) const {
        return key_ && key_->verify_digest_sha256(pki::sha256(as_bytes(statement(checkpoint))),
                                                  checkpoint.signature);
    }

    void read_checkpoint_file() {
        auto read = read_checkpoints(folder_);
        if (!read) {
            found(FindingKind::CheckpointFile, 0,
                  "checkpoints.jsonl, line " + read.error().args[0].second + " cannot be read");
            return;
        }
        std::int64_t before = 0;
        for (Checkpoint& checkpoint : *read) {
            const auto covers = checkpoint.seq - before;
            if (!is_signed(checkpoint) || hash_of(checkpoint.digests) != checkpoint.entries_hash) {
                found(FindingKind::CheckpointChanged, checkpoint.seq,
                      "a checkpoint of the file has no good signature");
            } else if (covers != std::ssize(checkpoint.digests)) {
                found(FindingKind::CheckpointMissing, checkpoint.seq,
                      fmt::format("a checkpoint between {} and {} is missing in the file", before,
                                  checkpoint.seq));
                take(std::move(checkpoint));
            } else {
                take(std::move(checkpoint));
            }
            before = std::max(before, checkpoint.seq);
        }
    }

    void take(Checkpoint&& checkpoint) {
        ++report_.checkpoints;
        report_.last_checkpoint = std::max(report_.last_checkpoint, checkpoint.seq);
        const auto first = checkpoint.seq - std::ssize(checkpoint.digests) + 1;
        for (std::size_t i = 0; i < checkpoint.digests.size(); ++i) {
            digests_[first + static_cast<std::int64_t>(i)] = checkpoint.digests[i];
        }
        hashes_[checkpoint.seq] = checkpoint.hash;
    }

    void check_entries(sql::Reader& reader) {
        std::string previous;
        std::int64_t expected = 1;
        for (std::int64_t next = std::numeric_limits<std::int64_t>::min();;) {
            const auto part = list_from(reader, next, entries_at_once);
            for (const Kept& kept : part) {
                check_place(kept, expected);
                check_content(kept, previous, kept.seq == expected);
                previous = kept.hash;
                expected = std::max(expected, kept.seq + 1);
                ++report_.entries;
            }
            if (std::ssize(part) < entries_at_once) break;
            next = part.back().seq + 1;
        }
        end_ = expected - 1;
    }

    void check_place(const Kept& kept, std::int64_t expected) {
        if (kept.seq < 1) {
            found(FindingKind::Added, kept.seq, "an entry with a number below 1");
        } else if (kept.seq > expected) {
            for (auto seq = expected; seq < kept.seq; ++seq) {
                if (report_.findings.size() >= findings_max) return;
                found(FindingKind::Removed, seq, "the entry is missing");
                if (const auto at = digests_.find(seq); at != digests_.end())
                    lost_[at->second] = seq;
            }
        }
    }

    void check_content(const Kept& kept, const std::string& previous, bool follows) {
        const auto recorded = digests_.find(kept.seq);
        const bool known = recorded != digests_.end();
        const auto digest = content_digest(kept.entry);
        const bool content_good = known && recorded->second == digest;
        if (known && !content_good) {
            found(FindingKind::Changed, kept.seq,
                  fmt::format("the entry ({}, {}) is not the one that was written", kept.entry.act,
                              to_iso(kept.entry.at)));
            changed_[kept.seq] = digest;
            lost_[recorded->second] = kept.seq;
            return;
        }
        if (!follows) return;  // said already: something before it is missing
        const bool chained = chain_hash(previous, kept.seq, kept.entry) == kept.hash;
        if (!chained) {
            // Its content is vouched for (then a hash was touched), or only the chain speaks.
            found(content_good ? FindingKind::Unchained : FindingKind::Changed, kept.seq,
                  content_good
                      ? "the content is right, but its hash does not follow the entry before"
                      : fmt::format("the entry ({}, {}) does not have its hash", kept.entry.act,
                                    to_iso(kept.entry.at)));
        } else if (const auto at = hashes_.find(kept.seq);
                   at != hashes_.end() && at->second != kept.hash && changed_.empty()) {
            found(FindingKind::Unchained, kept.seq,
                  "the chain up to here is not the one that was signed");
        }
    }

    /// An entry that now holds what another one held was moved.
    void name_moved_ones() {
        for (Finding& finding : report_.findings) {
            if (finding.kind != FindingKind::Changed) continue;
            const auto now = changed_.find(finding.seq);
            if (now == changed_.end()) continue;
            const auto from = lost_.find(now->second);
            if (from == lost_.end()) continue;
            finding.kind = FindingKind::Moved;
            finding.detail = fmt::format("holds what entry {} held", from->second);
        }
    }

    void compare_checkpoint_rows(sql::Reader& reader) {
        std::map<std::int64_t, bool> in_rows;
        for (const Checkpoint& row : list_checkpoints(reader)) {
            in_rows[row.seq] = true;
            if (!is_signed(row)) {
                found(FindingKind::CheckpointChanged, row.seq,
                      "a checkpoint of the database has no good signature");
            } else if (const auto at = hashes_.find(row.seq); at == hashes_.end()) {
                found(FindingKind::CheckpointMissing, row.seq,
                      "a checkpoint of the database is not in the file");
            }
        }
        for (const auto& [seq, hash] : hashes_) {
            if (in_rows.contains(seq)) continue;
            found(FindingKind::CheckpointMissing, seq,
                  "a checkpoint of the file is not in the database");
        }
    }

    void check_the_end() {
        if (end_ < report_.last_checkpoint) {
            found(FindingKind::Cut, end_ + 1,
                  fmt::format("the journal ends with {}, but the entries up to {} were signed",
                              end_, report_.last_checkpoint));
        }
        report_.after_last_checkpoint = std::max<std::int64_t>(0, end_ - report_.last_checkpoint);
    }

    sql::Database& db_;
    const std::filesystem::path& folder_;
    std::optional<pki::PublicKey> key_;
    Report report_;
    std::map<std::int64_t, std::string> digests_;  // by entry, out of good checkpoints
    std::map<std::int64_t, std::string> hashes_;   // by checkpoint
    std::map<std::int64_t, std::string> changed_;  // entry -> the digest it has now
    std::map<std::string, std::int64_t> lost_;     // a digest that is not where it was
    std::int64_t end_ = 0;
};

}  // namespace

std::string_view to_name(FindingKind kind) {
    switch (kind) {
        case FindingKind::Changed:
            return "changed";
        case FindingKind::Moved:
            return "moved";
        case FindingKind::Removed:
            return "removed";
        case FindingKind::Added:
            return "added";
        case FindingKind::Cut:
            return "cut";
        case FindingKind::Unchained:
            return "unchained";
        case FindingKind::CheckpointChanged:
            return "checkpoint_changed";
        case FindingKind::CheckpointMissing:
            return "checkpoint_missing";
        case FindingKind::CheckpointFile:
            return "checkpoint_file";
    }
    return "";
}

Result<Report> verify(sql::Database& db, const std::filesystem::path& folder,
                      const Bytes& public_key_info) {
    ANTIN_TRY(report, Verifier(db, folder).run(public_key_info));
    if (report.findings.empty()) return report;
    // A checkpoint may have been written between our look at the file and at the table: what is
    // wrong is still wrong at a second look.
    return Verifier(db, folder).run(public_key_info);
}

}  // namespace antin::audit
