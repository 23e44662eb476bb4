#include "ca/crl_publisher.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "base/log.hpp"
#include "ca/signing.hpp"
#include "ledger/certificates.hpp"
#include "pki/certificate.hpp"
#include "pki/crl.hpp"
#include "pki/der.hpp"
#include "pki/digest.hpp"
#include "pki/key.hpp"

namespace antin::ca {
namespace {

constexpr std::int64_t page_rows = 5000;

struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Closer>;

/// The encoded entries on disk, nameless, and how many bytes and entries they are.
struct Spool {
    File file{std::tmpfile()};
    std::uint64_t length = 0;
    std::int64_t entries = 0;

    bool add(const std::vector<ledger::Listed>& page) {
        for (const ledger::Listed& listed : page) {
            const Bytes entry = pki::encode_crl_entry(
                from_hex_capitals(listed.serial), listed.since, static_cast<int>(listed.reason));
            if (std::fwrite(entry.data(), 1, entry.size(), file.get()) != entry.size())
                return false;
            length += entry.size();
            ++entries;
        }
        return true;
    }
    /// Gives all bytes to `take`, from the beginning.
    template <class Take>
    bool replay(Take&& take) {
        if (std::fflush(file.get()) != 0 || std::fseek(file.get(), 0, SEEK_SET) != 0) return false;
        Bytes buffer(1 << 16);
        std::uint64_t seen = 0;
        while (true) {
            const auto got = std::fread(buffer.data(), 1, buffer.size(), file.get());
            if (got == 0) break;
            seen += got;
            if (!take(BytesView{buffer}.first(got))) return false;
        }
        return seen == length;
    }
    static Bytes from_hex_capitals(const std::string& serial) {
        return from_hex(serial).value_or(Bytes{});
    }
};

Status collect(sql::Database& db, const std::string& issuer, Instant now, Spool& spool) {
    return db.read([&](sql::Reader& reader) -> Status {
        using Lister = std::vector<ledger::Listed> (*)(sql::Reader&, std::string_view, Instant,
                                                       std::string_view, std::int64_t);
        for (const Lister list : {&ledger::list_revoked, &ledger::list_held}) {
            std::string after;
            while (true) {
                const auto page = list(reader, issuer, now, after, page_rows);
                if (!spool.add(page)) return fail(ErrorKind::Unavailable, "ca.public_file");
                if (page.size() < static_cast<std::size_t>(page_rows)) break;
                after = page.back().serial;
            }
        }
        return {};
    });
}

pki::CrlHead head_of(const pki::CertificateView& issuer, pki::KeyKind kind, Instant this_update,
                     Instant next_update) {
    pki::CrlHead head;
    head.signer = kind;
    head.issuer.assign(issuer.subject.begin(), issuer.subject.end());
    head.authority_key_id = pki::subject_key_id_of(issuer);
    head.this_update = this_update;
    head.next_update = next_update;
    return head;
}

}  // namespace

Result<ledger::Crl> publish_crl(sql::Database& db, const Clock& clock, const ledger::Issuer& issuer,
                                pki::Signer& signer, std::chrono::hours validity,
                                const std::filesystem::path& public_dir, std::int64_t number_min) {
    ANTIN_TRY(view, pki::read_certificate(issuer.der));
    ANTIN_TRY(key, pki::PublicKey::read(view.public_key_info));
    const Instant now = std::chrono::floor<std::chrono::seconds>(clock.now());
    pki::CrlHead head = head_of(view, signer.kind(), now, now + validity);
    ANTIN_TRY(number, db.transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
        return ledger::start_crl(tx, issuer.name, now, head.next_update, number_min);
    }));
    head.number = number;
    Spool spool;
    if (spool.file == nullptr) return fail(ErrorKind::Unavailable, "ca.public_file", "tmpfile");
    ANTIN_CHECK(collect(db, issuer.name, now, spool));
    const pki::CrlFrame frame = pki::frame_crl(head, spool.length);

    pki::Sha256 hash;
    hash.add(frame.before);
    const bool hashed = spool.replay([&](BytesView bytes) {
        hash.add(bytes);
        return true;
    });
    hash.add(frame.after);
    if (!hashed) return fail(ErrorKind::Unavailable, "ca.public_file", "entries");
    ANTIN_TRY(signature, sign_checked(signer, key, hash.finish()));

    const std::uint64_t tbs_length = frame.before.size() + spool.length + frame.after.size();
    ANTIN_CHECK(publish_file(public_dir / "crl" / (issuer.name + ".crl"), [&](int out) {
        return write_all(out, pki::crl_opening(tbs_length, signer.kind(), signature)) &&
               write_all(out, frame.before) &&
               spool.replay([&](BytesView bytes) { return write_all(out, bytes); }) &&
               write_all(out, frame.after) &&
               write_all(out, pki::crl_closing(signer.kind(), signature));
    }));
    ledger::Crl crl{issuer.name, number, now, head.next_update, spool.entries, clock.now()};
    ANTIN_CHECK(db.transact([&](sql::Transaction& tx) -> Status {
        ledger::finish_crl(tx, issuer.name, number, spool.entries, *crl.published_at);
        return {};
    }));
    log(LogLevel::Info, "ca.crl_published",
        {{"issuer", issuer.name},
         {"number", std::to_string(number)},
         {"entries", std::to_string(spool.entries)}});
    return crl;
}

}  // namespace antin::ca
