#include "http/message.hpp"

#include <gtest/gtest.h>

namespace antin::http {
namespace {

Request with_body(std::string type, std::string body) {
    Request request;
    request.headers.emplace_back("content-type", std::move(type));
    request.body = std::move(body);
    return request;
}

TEST(Message, FormFieldsAreDecodedInOrder) {
    const auto form = with_body("application/x-www-form-urlencoded; charset=utf-8",
                                "ten=Nguy%E1%BB%85n+An&dong=1&dong=2&rong=&&x")
                          .form();
    EXPECT_EQ(form.get("ten"), "Nguyễn An");
    EXPECT_EQ(form.all("dong"), (std::vector<std::string>{"1", "2"}));
    EXPECT_TRUE(form.has("rong"));
    EXPECT_TRUE(form.has("x"));
    EXPECT_FALSE(form.has("khac"));
}

TEST(Message, BrokenPercentSignsAreLeftOutNotGuessed) {
    const auto form = with_body("application/x-www-form-urlencoded", "a=%zz&b=%4&c=ok").form();
    EXPECT_FALSE(form.has("a"));
    EXPECT_FALSE(form.has("b"));
    EXPECT_EQ(form.get("c"), "ok");
}

TEST(Message, MultipartFieldsAndFiles) {
    const std::string body =
        "--B\r\nContent-Disposition: form-data; name=\"ghi_chu\"\r\n\r\nxin chào\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"tep\"; filename=\"C:\\thu\\quyết.pdf\"\r\n"
        "Content-Type: application/pdf\r\n\r\n%PDF\r\n--B khong phai\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"trong\"; filename=\"\"\r\n\r\n\r\n--B--\r\n";
    const auto request = with_body("multipart/form-data; boundary=B", body);
    EXPECT_EQ(request.form().get("ghi_chu"), "xin chào");
    const auto files = request.uploads();
    ASSERT_EQ(files.size(), 1u);
    EXPECT_EQ(files[0].field, "tep");
    EXPECT_EQ(files[0].file_name, "quyết.pdf");
    EXPECT_EQ(files[0].media_type, "application/pdf");
}

TEST(Message, MultipartThatIsCutOffGivesOnlyWholeParts) {
    const auto request = with_body("multipart/form-data; boundary=\"B\"",
                                   "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
                                   "--B\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n2");
    EXPECT_EQ(request.form().get("a"), "1");
    EXPECT_FALSE(request.form().has("b"));
}

TEST(Message, CookiesByExactName) {
    Request request;
    request.headers.emplace_back("cookie", "xphien=1; phien=ab=c ; khac=2");
    EXPECT_EQ(request.cookie("phien"), "ab=c");
    EXPECT_EQ(request.cookie("hien"), "");
}

TEST(Message, AttachmentNamesSurviveAndCannotBreakTheHeader) {
    Response response;
    as_attachment(response, "Đề nghị \"cấp\".pdf");
    EXPECT_EQ(response.headers[0].second,
              "attachment; filename=\"__ ngh_ _c_p_.pdf\"; "
              "filename*=UTF-8''%C4%90%E1%BB%81%20ngh%E1%BB%8B%20%22c%E1%BA%A5p%22.pdf");
}

TEST(Message, RedirectsDropLineBreaks) {
    EXPECT_EQ(see_other("/viec\r\nSet-Cookie: a=b").headers[0].second, "/viecSet-Cookie: a=b");
}

}  // namespace
}  // namespace antin::http
