#include "app/attach_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "app/access.hpp"
#include "app/dossier_access.hpp"
#include "app/keep_file.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "domain/objection.hpp"
#include "store/dossier_events.hpp"
#include "store/settings.hpp"
#include "store/uploads.hpp"

namespace antin::app {
namespace {

constexpr std::int64_t megabyte = 1024 * 1024;
constexpr std::chrono::hours upload_kept{24};
constexpr std::array<std::string_view, 4> kinds{"form_scan", "form_signed",
                                                "establishment_decision", "other"};

bool may_attach(const store::Dossier& dossier) {
    using enum domain::DossierState;
    return dossier.state == Draft || dossier.state == Submitted || dossier.state == InProgress ||
           dossier.state == AwaitingSupplement;
}

Result<store::Dossier> open_for_files(Services& services, const Actor& actor, std::int64_t id) {
    ANTIN_TRY(dossier, agency_dossier(services, actor, id));
    if (!may_attach(dossier)) return fail(domain::to_error(domain::Objection::NotNow));
    return dossier;
}

std::string size_words(std::int64_t bytes) {
    return std::to_string(bytes / megabyte);
}

Status check_size(std::int64_t size, const UploadLimits& limits) {
    if (size <= 0) return fail(ErrorKind::Invalid, "upload.empty", {}, {}, "file");
    if (size > limits.file_bytes_max)
        return fail(ErrorKind::TooLarge, "upload.too_large", {},
                    {{"max", size_words(limits.file_bytes_max)}}, "file");
    return {};
}

Status check_type(const std::string& type, const UploadLimits& limits) {
    if (std::ranges::find(limits.media_types, type) != limits.media_types.end()) return {};
    return fail(ErrorKind::Invalid, "upload.wrong_type", {}, {{"type", type}}, "file");
}

std::string shown_name(const std::string& name) {
    std::string clean = clean_text(name);
    const auto slash = clean.find_last_of("/\\");
    if (slash != std::string::npos) clean.erase(0, slash + 1);
    if (clean.size() > 200) clean.resize(200);
    while (!clean.empty() && !is_valid_utf8(clean)) clean.pop_back();
    return clean.empty() ? "tep" : clean;
}

/// The head who looked at a draft before its files changed has to look again.
void files_changed(sql::Transaction& tx, const store::Dossier& dossier, Instant now) {
    if (dossier.state == domain::DossierState::Draft)
        store::touch_draft(tx, dossier.id, now, dossier.line_count, dossier.search_text);
}

/// File, attachment, history and journal in one transaction.
Result<std::int64_t> record(Services& services, const Actor& actor, const AttachFile& input,
                            const store::File& kept, std::string_view token) {
    const Instant now = services.clock.now();
    return services.db.transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
        const auto dossier = store::find_dossier(tx, input.dossier_id);
        if (!dossier || !may_attach(*dossier))
            return fail(domain::to_error(domain::Objection::NotNow));
        if (store::attachments(tx, dossier->id).size() >= UploadLimits{}.files_max)
            return fail(ErrorKind::TooMany, "upload.too_many_files");
        store::Attachment attachment;
        attachment.dossier_id = dossier->id;
        attachment.kind = input.kind;
        attachment.file = kept;
        attachment.file.id = store::add_file(tx, attachment.file);
        attachment.added_by = actor.account_id;
        attachment.added_at = now;
        const auto id = store::add_attachment(tx, attachment);
        if (!token.empty()) store::remove_upload(tx, token);
        files_changed(tx, *dossier, now);
        audit::append(tx, journal_entry(services, actor, "dossier.file_attached", "dossier",
                                        std::to_string(dossier->id),
                                        fmt::format(R"({{"file":{},"sha256":"{}"}})",
                                                    attachment.file.id, kept.sha256)));
        return id;
    });
}

std::filesystem::path upload_path(const Services& services, std::string_view token) {
    return services.configuration.data_dir / "uploads" / std::string{token};
}

/// The bytes so far, locked: of two requests for one upload the second waits and then sees the new
/// offset, so what was acknowledged is never written over.
class PartFile {
  public:
    explicit PartFile(const std::filesystem::path& path)
        : descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) {
        if (descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX) != 0) close();
    }
    ~PartFile() { close(); }
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    [[nodiscard]] Status write(std::int64_t offset, BytesView bytes) const {
        std::size_t done = 0;
        while (descriptor_ >= 0 && done < bytes.size()) {
            const auto wrote = ::pwrite(descriptor_, bytes.data() + done, bytes.size() - done,
                                        offset + static_cast<std::int64_t>(done));
            if (wrote <= 0) break;
            done += static_cast<std::size_t>(wrote);
        }
        if (descriptor_ < 0 || done != bytes.size() || ::fsync(descriptor_) != 0)
            return fail(ErrorKind::Unavailable, "files.cannot_write");
        return {};
    }

  private:
    void close() {
        if (descriptor_ >= 0) ::close(descriptor_);
        descriptor_ = -1;
    }
    int descriptor_;
};

Result<store::PendingUpload> own_upload(Services& services, const Actor& actor,
                                        std::string_view token) {
    ANTIN_TRY(found,
              services.db.read([&](sql::Reader& db) -> Result<std::optional<store::PendingUpload>> {
                  return store::find_upload(db, token);
              }));
    if (!found || found->expires_at < services.clock.now())
        return fail(ErrorKind::NotFound, "upload.not_found");
    if (found->account_id != actor.account_id)
        return not_yours(services, actor, "upload", std::to_string(found->dossier_id));
    return std::move(*found);
}

/// All bytes are there: judge and attach, or throw away.
Status finish(Services& services, const Actor& actor, const store::PendingUpload& upload) {
    ANTIN_TRY(dossier, agency_dossier(services, actor, upload.dossier_id));
    ANTIN_TRY(kept, keep_file_at(services, actor, upload_path(services, upload.token).string(),
                                 upload.name, dossier.agency_id));
    ANTIN_TRY(limits, services.db.read([&](sql::Reader& db) -> Result<UploadLimits> {
        return upload_limits(db, upload.attachment_kind);
    }));
    Status answer = check_type(kept.media_type, limits);
    if (answer) {
        const auto id =
            record(services, actor, {upload.dossier_id, upload.attachment_kind, upload.name}, kept,
                   upload.token);
        if (id) return {};
        answer = fail(id.error());
    }
    const auto removed = services.db.transact([&](sql::Transaction& tx) -> Status {
        store::remove_upload(tx, upload.token);
        return {};
    });
    return removed ? answer : removed;
}

}  // namespace

UploadLimits upload_limits(sql::Reader& db, std::string_view kind) {
    UploadLimits limits;
    limits.file_bytes_max = store::setting_integer(db, "upload_max_mb") * megabyte;
    limits.media_types = {"application/pdf"};
    if (kind != "form_signed") {
        limits.media_types.emplace_back("image/jpeg");
        limits.media_types.emplace_back("image/png");
    }
    return limits;
}

Result<std::int64_t> attach_file(Services& services, const Actor& actor, const AttachFile& input,
                                 BytesView bytes) {
    ANTIN_TRY(dossier, open_for_files(services, actor, input.dossier_id));
    if (std::ranges::find(kinds, input.kind) == kinds.end())
        return fail(ErrorKind::Invalid, "upload.unknown_kind", {}, {}, "kind");
    ANTIN_TRY(limits, services.db.read([&](sql::Reader& db) -> Result<UploadLimits> {
        return upload_limits(db, input.kind);
    }));
    ANTIN_CHECK(check_size(static_cast<std::int64_t>(bytes.size()), limits));
    ANTIN_CHECK(check_type(media_type_of(bytes), limits));
    ANTIN_TRY(kept, keep_file(services, actor, bytes, shown_name(input.name), dossier.agency_id));
    return record(services, actor, input, kept, {});
}

Status remove_attachment(Services& services, const Actor& actor, std::int64_t dossier_id,
                         std::int64_t attachment_id) {
    ANTIN_TRY(seen, agency_draft(services, actor, dossier_id));
    const Instant now = services.clock.now();
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        ANTIN_TRY(dossier, draft_again(tx, seen.id));
        const auto attachment = store::find_attachment(tx, attachment_id);
        if (!attachment || attachment->dossier_id != dossier.id) return {};
        store::remove_attachment(tx, attachment_id, now);
        files_changed(tx, dossier, now);
        audit::append(tx, journal_entry(services, actor, "dossier.file_removed", "dossier",
                                        std::to_string(dossier.id),
                                        fmt::format(R"({{"file":{}}})", attachment->file.id)));
        return {};
    });
}

Result<std::string> start_upload(Services& services, const Actor& actor, const StartUpload& input) {
    ANTIN_TRY(dossier, open_for_files(services, actor, input.file.dossier_id));
    if (std::ranges::find(kinds, input.file.kind) == kinds.end())
        return fail(ErrorKind::Invalid, "upload.unknown_kind", {}, {}, "kind");
    const Instant now = services.clock.now();
    store::PendingUpload upload;
    upload.token = random_token(24);
    upload.account_id = actor.account_id;
    upload.dossier_id = dossier.id;
    upload.attachment_kind = input.file.kind;
    upload.name = shown_name(input.file.name);
    upload.size_bytes = input.size_bytes;
    upload.created_at = now;
    upload.expires_at = now + upload_kept;
    std::error_code problem;
    std::filesystem::create_directories(services.configuration.data_dir / "uploads", problem);
    return services.db.transact([&](sql::Transaction& tx) -> Result<std::string> {
        ANTIN_CHECK(check_size(input.size_bytes, upload_limits(tx, upload.attachment_kind)));
        for (const auto& token : store::expired_uploads(tx, now)) {
            std::error_code ignored;
            std::filesystem::remove(upload_path(services, token), ignored);
            store::remove_upload(tx, token);
        }
        store::add_upload(tx, upload);
        return upload.token;
    });
}

Result<UploadState> upload_state(Services& services, const Actor& actor, std::string_view token) {
    ANTIN_TRY(upload, own_upload(services, actor, token));
    return UploadState{upload.offset_bytes, upload.size_bytes, upload.file_id.has_value()};
}

Result<UploadState> continue_upload(Services& services, const Actor& actor, std::string_view token,
                                    std::int64_t offset, BytesView bytes) {
    ANTIN_TRY(known, own_upload(services, actor, token));
    const PartFile part(upload_path(services, known.token));
    ANTIN_TRY(upload, own_upload(services, actor, token));
    if (offset != upload.offset_bytes) return fail(ErrorKind::Conflict, "upload.wrong_offset");
    const auto size = static_cast<std::int64_t>(bytes.size());
    if (offset + size > upload.size_bytes)
        return fail(ErrorKind::TooLarge, "upload.more_than_said");
    ANTIN_CHECK(part.write(offset, bytes));
    const auto moved = services.db.transact([&](sql::Transaction& tx) -> Status {
        if (!store::advance_upload(tx, token, offset, offset + size, std::nullopt))
            return fail(ErrorKind::Conflict, "upload.wrong_offset");
        return {};
    });
    if (!moved) return fail(moved.error());
    const bool done = offset + size == upload.size_bytes;
    if (done) ANTIN_CHECK(finish(services, actor, upload));
    return UploadState{offset + size, upload.size_bytes, done};
}

Status end_upload(Services& services, const Actor& actor, std::string_view token) {
    ANTIN_TRY(upload, own_upload(services, actor, token));
    std::error_code ignored;
    std::filesystem::remove(upload_path(services, token), ignored);
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        store::remove_upload(tx, token);
        return {};
    });
}

Result<FileToShow> open_attachment(Services& services, const Actor& actor,
                                   std::int64_t attachment_id) {
    ANTIN_TRY(found,
              services.db.read([&](sql::Reader& db) -> Result<std::optional<store::Attachment>> {
                  return store::find_attachment(db, attachment_id);
              }));
    if (!found) return fail(ErrorKind::NotFound, "attachment.not_found");
    ANTIN_TRY(dossier, agency_dossier(services, actor, found->dossier_id));
    return FileToShow{*found, path_of(services, found->file)};
}

}  // namespace antin::app
