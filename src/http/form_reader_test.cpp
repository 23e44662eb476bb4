#include "http/form_reader.hpp"

#include <gtest/gtest.h>

namespace antin::http {
namespace {

constexpr std::string_view page = R"(<html><form method="post" action="/a/gui">
<input type="hidden" name="csrf" value="x&amp;&quot;y">
<input name="ten" value="An"><input type="checkbox" name="dong" value="1" checked>
<input type="checkbox" name="dong" value="2"><input type="radio" name="r" value="b" checked>
<select name="loai"><option value="x">X</option><option value="y" selected>Y</option></select>
<select name="tinh"><option value="12">Lai Châu</option><option value="1">Hà Nội</option></select>
<textarea name="ly_do">
Dòng &lt;1&gt;
</textarea><input type="file" name="tep"><button name="viec" value="luu">Lưu</button></form>
<form action="/b"><button>Đi</button></form></html>)";

TEST(FormReader, SendsWhatABrowserWouldSend) {
    auto form = find_form(page, "/gui");
    ASSERT_TRUE(form);
    EXPECT_EQ(form->fields.get("csrf"), "x&\"y");
    EXPECT_EQ(form->fields.get("ten"), "An");
    EXPECT_EQ(form->fields.all("dong"), std::vector<std::string>{"1"});
    EXPECT_EQ(form->fields.get("r"), "b");
    EXPECT_EQ(form->fields.all("loai"), std::vector<std::string>{"y"});
    EXPECT_EQ(form->fields.get("tinh"), "12");
    EXPECT_EQ(form->fields.get("ly_do"), "Dòng <1>\n");
    EXPECT_FALSE(form->fields.has("tep"));
    EXPECT_EQ(form->buttons.at(0).get("viec"), "luu");
    form->set("ten", "Bình");
    EXPECT_EQ(form->fields.all("ten"), std::vector<std::string>{"Bình"});
    EXPECT_EQ(read_forms(page).size(), 2u);
}

TEST(FormReader, WordsAreWhatAPersonSees) {
    EXPECT_EQ(page_words("<p>Hồ  sơ <b>&lt;mới&gt;</b></p>"), "Hồ sơ <mới> ");
}

}  // namespace
}  // namespace antin::http
