#include "audit/checkpoint.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "pki/digest.hpp"
#include "pki/key.hpp"
#include "pki/pem.hpp"

namespace antin::audit {
namespace {

constexpr sql::Statement insert_checkpoint{
    "audit_checkpoint.insert",
    "INSERT INTO audit_checkpoint (seq, at, hash, entries_hash, signature)"
    " VALUES ($1,$2,$3,$4,$5) ON CONFLICT DO NOTHING"};
constexpr sql::Statement select_checkpoints{
    "audit_checkpoint.list",
    "SELECT seq, at, hash, entries_hash, signature FROM audit_checkpoint ORDER BY seq"};
constexpr sql::Statement last_checkpoint{
    "audit_checkpoint.last", "SELECT COALESCE(MAX(seq), 0) AS seq FROM audit_checkpoint"};

std::string line_of(const Checkpoint& checkpoint) {
    std::string digests;
    for (const auto& digest : checkpoint.digests) digests += digest;
    const nlohmann::json json{{"seq", checkpoint.seq},
                              {"at", to_millis(checkpoint.at)},
                              {"hash", checkpoint.hash},
                              {"digests", digests},
                              {"entries_hash", checkpoint.entries_hash},
                              {"signature", to_base64(checkpoint.signature)}};
    return json.dump() + "\n";
}

Checkpoint checkpoint_of(const std::string& line) {
    const auto json = nlohmann::json::parse(line);
    Checkpoint out;
    out.seq = json.at("seq").get<std::int64_t>();
    out.at = from_millis(json.at("at").get<std::int64_t>());
    out.hash = json.at("hash").get<std::string>();
    out.entries_hash = json.at("entries_hash").get<std::string>();
    out.signature = from_base64(json.at("signature").get<std::string>()).value_or(Bytes{});
    const auto digests = json.at("digests").get<std::string>();
    for (std::size_t i = 0; i + 16 <= digests.size(); i += 16) {
        out.digests.push_back(digests.substr(i, 16));
    }
    return out;
}

/// Appends and waits until it is on the disk.
Status append_to_disk(const std::filesystem::path& path, std::string_view text) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const auto refuse = [&] {
        if (fd >= 0) ::close(fd);
        return fail(ErrorKind::Unavailable, "audit.cannot_write", path.string());
    };
    struct stat before {};
    if (fd < 0 || ::fstat(fd, &before) != 0) return refuse();
    const auto written = ::write(fd, text.data(), text.size());
    if (written != static_cast<ssize_t>(text.size()) || ::fsync(fd) != 0) {
        if (::ftruncate(fd, before.st_size) != 0) return refuse();  // no half line stays
        return refuse();
    }
    ::close(fd);
    return {};
}

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// The end of the file. The file grows with the trail and this is looked at a few times a minute;
/// no line is longer than a quarter of it.
constexpr std::uintmax_t tail_bytes_max = 64 * 1024;

std::string tail_of(const std::filesystem::path& path) {
    std::error_code ignored;
    const auto size = std::filesystem::file_size(path, ignored);
    if (ignored || size == 0) return {};
    const auto length = std::min(size, tail_bytes_max);
    std::ifstream file{path, std::ios::binary};
    file.seekg(static_cast<std::streamoff>(size - length));
    std::string tail(length, '\0');
    file.read(tail.data(), static_cast<std::streamsize>(length));
    tail.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    return tail;
}

/// A crash may have cut off the last line; the next one must not be glued to it.
Status drop_half_line(const std::filesystem::path& path) {
    const auto tail = tail_of(path);
    if (tail.empty() || tail.ends_with('\n')) return {};
    std::error_code failed;
    const auto size = std::filesystem::file_size(path, failed);
    const auto end = tail.rfind('\n');
    if (end == std::string::npos && tail.size() < size) {  // no line of ours is as long as that
        return fail(ErrorKind::Invalid, "audit.checkpoint_file", "", {{"line", "1"}});
    }
    const auto kept = end == std::string::npos ? 0 : size - tail.size() + end + 1;
    if (!failed) std::filesystem::resize_file(path, kept, failed);
    if (failed) return fail(ErrorKind::Unavailable, "audit.cannot_write", path.string());
    return {};
}

/// The number of the last checkpoint in the file, 0 when there is none.
Result<std::int64_t> last_in_file(const std::filesystem::path& folder) {
    auto tail = tail_of(checkpoint_file(folder));
    if (tail.empty()) return 0;
    tail.pop_back();  // the line break that drop_half_line() left at the end
    const auto before = tail.rfind('\n');
    try {
        return checkpoint_of(before == std::string::npos ? tail : tail.substr(before + 1)).seq;
    } catch (const nlohmann::json::exception&) {
        ANTIN_TRY(all, read_checkpoints(folder));  // says which line is damaged
        return all.empty() ? 0 : all.back().seq;
    }
}

Status keep_public_key(const std::filesystem::path& folder, const pki::Signer& signer) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return fail(ErrorKind::Unavailable, "audit.cannot_write", folder.string());
    const auto path = public_key_file(folder);
    if (std::filesystem::exists(path)) return {};
    return append_to_disk(path, pki::to_pem("PUBLIC KEY", signer.public_key_info()));
}

Status insert_rows(sql::Database& db, const std::vector<Checkpoint>& checkpoints,
                   std::int64_t after) {
    return db.transact([&](sql::Transaction& tx) -> Status {
        for (const auto& checkpoint : checkpoints) {
            if (checkpoint.seq <= after) continue;
            tx.execute(insert_checkpoint, checkpoint.seq, checkpoint.at, checkpoint.hash,
                       checkpoint.entries_hash, checkpoint.signature);
        }
        return {};
    });
}

struct Position {
    std::int64_t in_rows = 0;  // the last checkpoint of the table
    std::vector<Kept> next;    // the entries after the last checkpoint of the file
};

Result<Position> look(sql::Database& db, std::int64_t last) {
    return db.read([&](sql::Reader& reader) -> Result<Position> {
        return Position{reader.query(last_checkpoint)[0].integer("seq"),
                        list_from(reader, last + 1, entries_between_checkpoints)};
    });
}

bool is_due(const std::vector<Kept>& entries, Instant now, When when) {
    if (entries.empty()) return false;
    return when == When::AtOnce || std::ssize(entries) >= entries_between_checkpoints ||
           now - entries.front().entry.at >= time_between_checkpoints;
}

Result<Checkpoint> make(const std::vector<Kept>& entries, Instant now, pki::Signer& signer) {
    Checkpoint out;
    out.seq = entries.back().seq;
    out.at = now;
    out.hash = entries.back().hash;
    for (const Kept& kept : entries) out.digests.push_back(content_digest(kept.entry));
    out.entries_hash = hash_of(out.digests);
    const auto digest = pki::sha256(as_bytes(statement(out)));
    ANTIN_TRY(signature, signer.sign_digest_sha256(digest));
    ANTIN_TRY(key, pki::PublicKey::read(signer.public_key_info()));
    if (!key.verify_digest_sha256(digest, signature)) {
        return fail(ErrorKind::Unavailable, "audit.signature_wrong");
    }
    out.signature = std::move(signature);
    return out;
}

std::array<std::filesystem::path, 2> copied_files(const std::filesystem::path& folder) {
    return {public_key_file(folder), checkpoint_file(folder)};
}

/// How much of `original` stands in `copy`; Conflict when the one does not begin with the other.
Result<std::uintmax_t> size_of_agreeing_copy(const std::filesystem::path& original,
                                             const std::filesystem::path& copy) {
    constexpr std::size_t block = 64UL * 1024;
    std::ifstream first{original, std::ios::binary}, second{copy, std::ios::binary};
    std::string of_original(block, '\0'), of_copy(block, '\0');
    for (std::uintmax_t size = 0;;) {
        second.read(of_copy.data(), block);
        const auto length = static_cast<std::size_t>(second.gcount());
        if (length == 0) return size;
        first.read(of_original.data(), static_cast<std::streamsize>(length));
        const bool agrees = static_cast<std::size_t>(first.gcount()) == length &&
                            std::string_view{of_copy}.substr(0, length) ==
                                std::string_view{of_original}.substr(0, length);
        if (!agrees) {
            return fail(ErrorKind::Conflict, "audit.copy_differs", copy.string(),
                        {{"folder", copy.parent_path().string()}});
        }
        size += length;
    }
}

/// What `original` holds from `start` on; a line that is being written waits.
Status append_rest(const std::filesystem::path& original, std::uintmax_t start,
                   const std::filesystem::path& copy) {
    std::ifstream file{original, std::ios::binary};
    file.seekg(static_cast<std::streamoff>(start));
    const std::string rest{std::istreambuf_iterator<char>{file}, {}};
    const auto end = rest.rfind('\n');
    if (end == std::string::npos) return {};
    return append_to_disk(copy, std::string_view{rest}.substr(0, end + 1));
}

}  // namespace

std::string statement(const Checkpoint& checkpoint) {
    return fmt::format("antin-audit-checkpoint-1\nseq {}\nat {}\nhash {}\nentries {}\n",
                       checkpoint.seq, to_millis(checkpoint.at), checkpoint.hash,
                       checkpoint.entries_hash);
}

std::string hash_of(const std::vector<std::string>& digests) {
    pki::Sha256 sha;
    for (const auto& digest : digests) sha.add(as_bytes(digest));
    return to_hex(sha.finish());
}

Result<int> write_checkpoints(sql::Database& db, const Clock& clock, pki::Signer& signer,
                              const std::filesystem::path& folder, When when) {
    ANTIN_CHECK(keep_public_key(folder, signer));
    ANTIN_CHECK(drop_half_line(checkpoint_file(folder)));
    ANTIN_TRY(last, last_in_file(folder));
    for (int written = 0;;) {
        ANTIN_TRY(position, look(db, last));
        if (position.in_rows < last) {  // the process may have died between file and row
            ANTIN_TRY(in_file, read_checkpoints(folder));
            ANTIN_CHECK(insert_rows(db, in_file, position.in_rows));
        }
        if (!is_due(position.next, clock.now(), when)) return written;
        ANTIN_TRY(checkpoint, make(position.next, clock.now(), signer));
        ANTIN_CHECK(append_to_disk(checkpoint_file(folder), line_of(checkpoint)));
        last = checkpoint.seq;
        ANTIN_CHECK(insert_rows(db, {std::move(checkpoint)}, position.in_rows));
        ++written;
    }
}

Status compare_copy(const std::filesystem::path& folder, const std::filesystem::path& copy_folder) {
    for (const auto& path : copied_files(folder)) {
        ANTIN_TRY(size, size_of_agreeing_copy(path, copy_folder / path.filename()));
        (void)size;
    }
    return {};
}

Status extend_copy(const std::filesystem::path& folder, const std::filesystem::path& copy_folder) {
    for (const auto& path : copied_files(folder)) {
        const auto copy = copy_folder / path.filename();
        ANTIN_CHECK(drop_half_line(copy));
        ANTIN_TRY(kept, size_of_agreeing_copy(path, copy));
        ANTIN_CHECK(append_rest(path, kept, copy));
    }
    return {};
}

TrailCopy::Stamp TrailCopy::stamp_of(const std::filesystem::path& path) {
    struct stat now {};
    if (::stat(path.c_str(), &now) != 0) return {};
    const auto nanoseconds = [](const timespec& moment) {
        return static_cast<std::int64_t>(moment.tv_sec) * 1'000'000'000 + moment.tv_nsec;
    };
    return {now.st_dev, now.st_ino, now.st_size, nanoseconds(now.st_mtim),
            nanoseconds(now.st_ctim)};
}

std::vector<TrailCopy::Stamps> TrailCopy::stamps() const {
    std::vector<Stamps> now;
    for (const auto& path : copied_files(folder_)) {
        now.push_back({stamp_of(path), stamp_of(copy_folder_ / path.filename())});
    }
    return now;
}

void TrailCopy::look() {
    untouched_ = !seen_.empty() && stamps() == seen_;
}

Status TrailCopy::compare_all(Instant now) {
    bool was_cut = false;
    const auto found = stamps();
    for (std::size_t i = 0; i < seen_.size(); ++i) {
        was_cut = was_cut || found[i].copy.size < seen_[i].copy.size;
    }
    ANTIN_CHECK(extend_copy(folder_, copy_folder_));
    compared_at_ = now;
    seen_ = stamps();
    if (!was_cut) return {};
    return fail(ErrorKind::Conflict, "audit.copy_removed", copy_folder_.string(),
                {{"folder", copy_folder_.string()}});
}

Status TrailCopy::extend(Instant now) {
    const bool is_time =
        !compared_at_ || now < *compared_at_ || now - *compared_at_ >= time_between_comparisons;
    const bool untouched = std::exchange(untouched_, false);
    if (is_time || !untouched) return compare_all(now);
    const auto paths = copied_files(folder_);
    for (std::size_t i = 0; i < paths.size(); ++i) {
        const auto copy = copy_folder_ / paths[i].filename();
        if (stamp_of(copy) != seen_[i].copy) return compare_all(now);
        if (stamp_of(paths[i]) == seen_[i].original) continue;
        ANTIN_CHECK(append_rest(paths[i], static_cast<std::uintmax_t>(seen_[i].copy.size), copy));
    }
    seen_ = stamps();
    return {};
}

Status drop_unknown_checkpoints(sql::Database& db, const std::filesystem::path& folder) {
    ANTIN_TRY(in_file, read_checkpoints(folder));
    ANTIN_TRY(in_rows, db.read([](sql::Reader& reader) -> Result<std::vector<Checkpoint>> {
        return list_checkpoints(reader);
    }));
    const std::int64_t newest = in_rows.empty() ? 0 : in_rows.back().seq;
    if (in_file.empty() || in_file.back().seq <= newest) return {};
    const auto path = checkpoint_file(folder);
    auto fresh = path;
    fresh += ".new";
    std::error_code failed;
    std::filesystem::remove(fresh, failed);
    std::string kept;
    for (const Checkpoint& checkpoint : in_file) {
        if (checkpoint.seq <= newest) kept += line_of(checkpoint);
    }
    ANTIN_CHECK(append_to_disk(fresh, kept));
    std::filesystem::rename(fresh, path, failed);
    if (failed) return fail(ErrorKind::Unavailable, "audit.cannot_write", path.string());
    return {};
}

Result<std::vector<Checkpoint>> read_checkpoints(const std::filesystem::path& folder) {
    const std::string all = content_of(checkpoint_file(folder));
    std::vector<Checkpoint> out;
    std::size_t start = 0;
    for (auto end = all.find('\n'); end != std::string::npos;
         start = end + 1, end = all.find('\n', start)) {
        try {
            out.push_back(checkpoint_of(all.substr(start, end - start)));
        } catch (const nlohmann::json::exception& exception) {
            const auto line = std::to_string(out.size() + 1);
            return fail(ErrorKind::Invalid, "audit.checkpoint_file", exception.what(),
                        {{"line", line}});
        }
    }
    return out;
}

std::filesystem::path checkpoint_file(const std::filesystem::path& folder) {
    return folder / "checkpoints.jsonl";
}
std::filesystem::path public_key_file(const std::filesystem::path& folder) {
    return folder / "public-key.pem";
}

std::vector<Checkpoint> list_checkpoints(sql::Reader& reader) {
    std::vector<Checkpoint> out;
    for (const auto row : reader.query(select_checkpoints)) {
        Checkpoint checkpoint;
        checkpoint.seq = row.integer("seq");
        checkpoint.at = row.instant("at");
        checkpoint.hash = row.text("hash");
        checkpoint.entries_hash = row.text("entries_hash");
        checkpoint.signature = row.bytes("signature");
        out.push_back(std::move(checkpoint));
    }
    return out;
}

}  // namespace antin::audit
