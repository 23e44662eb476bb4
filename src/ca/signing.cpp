#include "ca/signing.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/random.hpp"

namespace antin::ca {
namespace {

bool sync_folder(const std::filesystem::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return false;
    const bool good = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return good;
}

}  // namespace

Result<Bytes> sign_checked(pki::Signer& signer, const pki::PublicKey& key, BytesView digest) {
    ANTIN_TRY(signature, signer.sign_digest_sha256(digest));
    if (!key.verify_digest_sha256(digest, signature)) {
        return fail(ErrorKind::Internal, "ca.signature_wrong");
    }
    return signature;
}

Bytes random_serial() {
    Bytes serial;
    do {
        serial = random_bytes(8);
    } while (std::ranges::all_of(serial, [](auto byte) { return byte == 0; }));
    return serial;
}

Addresses addresses_of(const std::string& status_url, const std::string& issuer) {
    return {status_url + "/ocsp", status_url + "/crl/" + issuer + ".crl",
            status_url + "/aia/" + issuer + ".crt"};
}

bool write_all(int descriptor, BytesView bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

Status publish_file(const std::filesystem::path& path, const std::function<bool(int)>& write) {
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    std::string temporary = path.string() + ".XXXXXX";
    const auto refuse = [&] {
        return fail(ErrorKind::Unavailable, "ca.public_file", std::strerror(errno),
                    {{"path", path.string()}});
    };
    const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (descriptor < 0) return refuse();
    const bool good =
        write(descriptor) && ::fchmod(descriptor, 0644) == 0 && ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (!good || ::rename(temporary.c_str(), path.c_str()) != 0 ||
        !sync_folder(path.parent_path())) {
        auto error = refuse();
        ::unlink(temporary.c_str());
        return error;
    }
    return {};
}

Status publish_file(const std::filesystem::path& path, BytesView content) {
    return publish_file(path, [&](int descriptor) { return write_all(descriptor, content); });
}

}  // namespace antin::ca
