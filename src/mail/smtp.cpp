#include "mail/smtp.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>

namespace antin::mail {
namespace {

struct CleanUp {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Upload {
    std::string_view rest;
    std::string last_answer;
};

std::size_t give_bytes(char* buffer, std::size_t size, std::size_t count, void* context) {
    auto& upload = *static_cast<Upload*>(context);
    const auto length = std::min(size * count, upload.rest.size());
    std::memcpy(buffer, upload.rest.data(), length);
    upload.rest.remove_prefix(length);
    return length;
}

/// The server's lines arrive as headers.
std::size_t take_answer(char* buffer, std::size_t size, std::size_t count, void* context) {
    auto& upload = *static_cast<Upload*>(context);
    std::string line{buffer, size * count};
    std::erase_if(line, [](unsigned char c) { return c < 0x20; });
    // 221 is the goodbye after the words that matter.
    if (!line.empty() && !line.starts_with("221")) upload.last_answer = line.substr(0, 300);
    return size * count;
}

struct Address {
    std::string url;
    long use_tls;
};

Result<Address> address_of(const Server& server) {
    const std::string& url = server.url;
    const auto rest = [&](std::string_view scheme) { return url.substr(scheme.size()); };
    if (url.starts_with("smtps://")) return Address{url, CURLUSESSL_ALL};
    if (url.starts_with("smtp+plain://")) {
        return Address{"smtp://" + rest("smtp+plain://"), CURLUSESSL_NONE};
    }
    if (url.starts_with("smtp://")) {
        const auto host = rest("smtp://");
        const bool here =
            host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]");
        return Address{url, here ? CURLUSESSL_TRY : CURLUSESSL_ALL};
    }
    return fail(ErrorKind::Invalid, "mail.server", url, {{"address", url}});
}

Error error_of(CURLcode code, long answer, std::string detail) {
    const bool for_good = answer >= 500 && answer < 600;
    switch (code) {
        case CURLE_LOGIN_DENIED:
            return {ErrorKind::Unavailable, "mail.login", std::move(detail)};
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_USE_SSL_FAILED:
            return {ErrorKind::Unavailable, "mail.tls", std::move(detail)};
        case CURLE_SEND_ERROR:
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_RECV_ERROR:
        case CURLE_GOT_NOTHING:
            if (for_good) return {ErrorKind::Refused, "mail.refused", std::move(detail)};
            if (answer >= 400) return {ErrorKind::Unavailable, "mail.later", std::move(detail)};
            break;
        default:
            break;
    }
    return {ErrorKind::Unavailable, "mail.unreachable", std::move(detail)};
}

using Handle = std::unique_ptr<CURL, CleanUp>;

Handle handle_for(const Server& server, const Address& address, Upload& upload) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    Handle curl{curl_easy_init()};
    curl_easy_setopt(curl.get(), CURLOPT_URL, address.url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl.get(), CURLOPT_USE_SSL, address.use_tls);
    curl_easy_setopt(curl.get(), CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    if (!server.ca_file.empty()) {
        curl_easy_setopt(curl.get(), CURLOPT_CAINFO, server.ca_file.c_str());
    }
    if (!server.user.empty()) {
        curl_easy_setopt(curl.get(), CURLOPT_USERNAME, server.user.c_str());
        curl_easy_setopt(curl.get(), CURLOPT_PASSWORD, server.password.c_str());
    }
    curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");  // mail never goes through a web proxy
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(server.connect_ms_max));
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(server.total_ms_max));
    curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, take_answer);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &upload);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &upload);
    return curl;
}

Status perform(const Handle& curl, const Upload& upload) {
    char message[CURL_ERROR_SIZE] = "";
    curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, message);
    const CURLcode code = curl_easy_perform(curl.get());
    if (code == CURLE_OK) return {};
    long answer = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer);
    std::string detail = message[0] != '\0' ? message : curl_easy_strerror(code);
    if (!upload.last_answer.empty()) detail += " (" + upload.last_answer + ")";
    return fail(error_of(code, answer, std::move(detail)));
}

}  // namespace

Result<std::string> send(const Server& server, const Message& message) {
    ANTIN_TRY(mime, to_mime(message));
    ANTIN_TRY(address, address_of(server));
    Upload upload{mime, {}};
    const Handle curl = handle_for(server, address, upload);
    const std::unique_ptr<curl_slist, CleanUp> recipients{
        curl_slist_append(nullptr, message.recipient.c_str())};
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, message.sender.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, give_bytes);
    curl_easy_setopt(curl.get(), CURLOPT_READDATA, &upload);
    ANTIN_CHECK(perform(curl, upload));
    return upload.last_answer;
}

Status try_server(const Server& server) {
    ANTIN_TRY(address, address_of(server));
    Upload upload;
    const Handle curl = handle_for(server, address, upload);
    curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, "NOOP");
    return perform(curl, upload);
}

}  // namespace antin::mail
