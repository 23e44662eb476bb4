#include "tls_certificate.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "kit/fake_clock.hpp"

namespace antin::program {
namespace {

class TlsCertificate : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "antin-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
    }
    void TearDown() override { std::filesystem::remove_all(folder); }
    Status ensure() {
        return ensure_tls_certificate(folder / "tls/c.pem", folder / "tls/k.pem", "cong.example",
                                      clock);
    }
    kit::FakeClock clock;
    std::filesystem::path folder;
};

TEST_F(TlsCertificate, is_made_once_and_kept) {
    ASSERT_TRUE(ensure());
    const auto first = tls_fingerprint(folder / "tls/c.pem");
    ASSERT_TRUE(first);
    EXPECT_EQ(first->size(), 32u * 3 - 1);
    ASSERT_TRUE(ensure());
    EXPECT_EQ(*tls_fingerprint(folder / "tls/c.pem"), *first);
}

TEST_F(TlsCertificate, the_key_is_for_its_owner_only) {
    ASSERT_TRUE(ensure());
    struct stat about {};
    ASSERT_EQ(::stat((folder / "tls/k.pem").c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600u);
}

TEST_F(TlsCertificate, is_made_anew_near_its_end) {
    ASSERT_TRUE(ensure());
    const auto first = tls_fingerprint(folder / "tls/c.pem");
    clock.advance(std::chrono::hours(24 * 725));
    ASSERT_TRUE(ensure());
    EXPECT_NE(*tls_fingerprint(folder / "tls/c.pem"), *first);
}

TEST_F(TlsCertificate, a_lone_key_is_not_overwritten) {
    std::filesystem::create_directory(folder / "tls");
    std::ofstream(folder / "tls/k.pem") << "mine";
    const auto status = ensure();
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, "tls.half");
}

TEST_F(TlsCertificate, a_file_that_is_none_is_named) {
    std::ofstream(folder / "c.pem") << "not a certificate";
    EXPECT_EQ(tls_fingerprint(folder / "c.pem").error().code, "tls.not_readable");
}

}  // namespace
}  // namespace antin::program
