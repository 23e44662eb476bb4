#include "mail/smtp.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "kit/fake_clock.hpp"
#include "kit/smtp_server.hpp"
#include "kit/temp_folder.hpp"

using namespace antin;

namespace {

mail::Message a_message() {
    mail::Message message;
    message.message_id = "<abc123@portal.invalid>";
    message.sender = "khong-tra-loi@antin.invalid";
    message.sender_name = "Ấn Tín";
    message.recipient = "van-thu@coquan.invalid";
    message.subject = "Hồ sơ H35.91.01-261123-0001 đã được tiếp nhận, hẹn trả 17:00 26/11/2026";
    message.text =
        "Kính gửi anh/chị,\nHồ sơ đã được tiếp nhận.\n.\nMột dòng bắt đầu bằng dấu chấm.";
    message.at = kit::FakeClock{}.now();
    return message;
}

mail::Server to(const std::string& url) {
    mail::Server server;
    server.url = url;
    return server;
}

/// A certificate for 127.0.0.1 by openssl, as an office's mail server would have.
struct ServerCertificate {
    ServerCertificate() {
        const std::string command =
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
            "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout " +
            key() + " -out " + certificate() + " 2>/dev/null";
        if (std::system(command.c_str()) != 0) throw std::runtime_error{"openssl req"};
    }
    [[nodiscard]] std::string certificate() const { return folder / "c.pem"; }
    [[nodiscard]] std::string key() const { return folder / "k.pem"; }
    kit::TempFolder folder;
};

}  // namespace

TEST(Smtp, AMailArrivesWithItsIdAndTheServersWordsComeBack) {
    kit::SmtpServer server;
    const auto sent = mail::send(to(server.url()), a_message());
    ASSERT_TRUE(sent) << sent.error().detail;
    EXPECT_NE(sent->find("4711"), std::string::npos) << *sent;
    const auto seen = server.next_mail();
    EXPECT_NE(seen.find("Message-ID: <abc123@portal.invalid>"), std::string::npos) << seen;
    EXPECT_NE(seen.find("van-thu@coquan.invalid"), std::string::npos);
    EXPECT_NE(seen.find("=?UTF-8?B?"), std::string::npos);
}

TEST(Smtp, ARecipientThatDoesNotExistIsRefusedForGood) {
    kit::SmtpServer server{{"refuse"}};
    const auto sent = mail::send(to(server.url()), a_message());
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().kind, ErrorKind::Refused) << sent.error().detail;
    EXPECT_NE(sent.error().detail.find("no such mailbox"), std::string::npos);
}

TEST(Smtp, ContentThatTheServerRefusesIsRefusedForGood) {
    kit::SmtpServer server{{"refuse-content"}};
    EXPECT_EQ(mail::send(to(server.url()), a_message()).error().kind, ErrorKind::Refused);
}

TEST(Smtp, ABusyServerIsTriedAgainLater) {
    kit::SmtpServer server{{"busy"}};
    const auto sent = mail::send(to(server.url()), a_message());
    EXPECT_EQ(sent.error().kind, ErrorKind::Unavailable);
    EXPECT_EQ(sent.error().code, "mail.later") << sent.error().detail;
}

TEST(Smtp, AConnectionThatBreaksBeforeTheAnswerCountsAsNotSent) {
    kit::SmtpServer server{{"silent"}};
    EXPECT_EQ(mail::send(to(server.url()), a_message()).error().kind, ErrorKind::Unavailable);
    EXPECT_NE(server.next_mail().find("abc123"), std::string::npos);
}

TEST(Smtp, AServerThatIsNotThereIsUnreachable) {
    EXPECT_EQ(mail::send(to("smtp://127.0.0.1:1"), a_message()).error().code, "mail.unreachable");
}

TEST(Smtp, StarttlsAndLogin) {
    const ServerCertificate certificate;
    kit::SmtpServer server{
        {"accept", certificate.certificate(), certificate.key(), "starttls", "portal", "mật-khẩu"}};
    auto settings = to(server.url());
    settings.ca_file = certificate.certificate();
    settings.user = "portal";
    settings.password = "mật-khẩu";
    const auto sent = mail::send(settings, a_message());
    ASSERT_TRUE(sent) << sent.error().detail;
    EXPECT_NE(server.next_mail().find("\"tls\": true"), std::string::npos);
    settings.password = "sai";
    EXPECT_EQ(mail::send(settings, a_message()).error().code, "mail.login");
}

TEST(Smtp, TlsFromTheFirstByteAndAStrangersCertificateIsRefused) {
    const ServerCertificate certificate;
    kit::SmtpServer server{{"accept", certificate.certificate(), certificate.key(), "tls"}};
    auto settings = to(server.url("smtps"));
    EXPECT_EQ(mail::send(settings, a_message()).error().code, "mail.tls");
    settings.ca_file = certificate.certificate();
    const auto sent = mail::send(settings, a_message());
    EXPECT_TRUE(sent) << sent.error().detail;
}

TEST(Smtp, AnAddressThatSmugglesLinesIsRefusedBeforeAnythingIsSent) {
    for (const char* address : {"a@b.invalid\r\nBcc: c@d.invalid", "a b@c.invalid", "@c.invalid",
                                "a@", "a@b@c", "Tên <a@b.invalid>", "a,b@c.invalid"}) {
        auto message = a_message();
        message.recipient = address;
        EXPECT_EQ(mail::to_mime(message).error().code, "mail.address") << address;
    }
}

TEST(Mime, HeadersAreAsciiShortAndHoldTheWholeSubject) {
    auto message = a_message();
    message.subject += "\r\nBcc: ai-do@khac.invalid";
    mail::Attachment paper;
    paper.name = "Giấy tiếp nhận.pdf";
    paper.media_type = "application/pdf";
    paper.content = Bytes(5000, 0x25);
    message.attachments.push_back(paper);
    const auto mime = mail::to_mime(message).value();
    std::size_t start = 0;
    for (auto end = mime.find("\r\n"); end != std::string::npos;
         start = end + 2, end = mime.find("\r\n", start)) {
        const auto line = mime.substr(start, end - start);
        EXPECT_LE(line.size(), 100U) << line;
        EXPECT_FALSE(line.starts_with("Bcc:"));
        for (const unsigned char c : line) EXPECT_LT(c, 0x7f);
    }
    EXPECT_NE(mime.find("Date: Mon, 23 Nov 2026 09:00:00 +0700"), std::string::npos) << mime;
    EXPECT_NE(mime.find("filename*=UTF-8''Gi%E1%BA%A5y%20ti"), std::string::npos);
}
