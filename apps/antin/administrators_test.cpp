// Acts of the authority at the command line: two administrators, each with a proof of their own.
#include "app/load_session.hpp"
#include "app/password.hpp"
#include "app/second_factor.hpp"
#include "app/vault.hpp"
#include "base/random.hpp"
#include "ca/authority.hpp"
#include "command_fixture.hpp"
#include "ledger/certificates.hpp"
#include "offline.hpp"
#include "store/accounts.hpp"
#include "store/sessions.hpp"

namespace antin::program {
namespace {

constexpr const char* first_email = "quantri.ca1@antin.invalid";
constexpr const char* second_email = "quantri.ca2@antin.invalid";
constexpr const char* password = "một câu rất dễ nhớ";

class Administrators : public Command {
  protected:
    void SetUp() override {
        folder = own_data();
        offline = Offline::open(folder).value();
        ASSERT_TRUE(offline->db().transact([&](sql::Transaction& tx) {
            return ca::raise_fence(tx, "test", offline->clock().now());
        }));
    }
    /// As after the first sign-in: a password of one's own, the phone set up, recovery codes.
    void set_up(const std::string& email) {
        const auto hash = app::hash_password(password);
        ASSERT_TRUE(offline->db().transact([&](sql::Transaction& tx) -> Status {
            auto account = store::find_account_by_email(tx, email).value();
            account.password_hash = hash;
            account.password_temporary = false;
            account.password_expires_at.reset();
            account.totp_secret =
                to_base64url(app::seal(offline->services(), "totp", std::string(20, 's')));
            account.totp_confirmed_at = offline->clock().now();
            ANTIN_CHECK(store::update_account(tx, account));
            for (const char* code : {"AAAAABBBBB", "CCCCCDDDDD", "EEEEEFFFFF", "GGGGGHHHHH"}) {
                store::insert_recovery_code(tx, account.id, app::secret_hash(code));
            }
            return {};
        }));
    }
    std::string proof(const std::string& words, const std::string& code) {
        const auto path = own / ("proof-" + std::to_string(++proofs));
        std::ofstream{path} << words << '\n' << code << '\n';
        return path.string();
    }
    /// The code that the phone shows now; once used it is not good again.
    [[nodiscard]] std::string phone() const {
        return app::totp_code(std::string(20, 's'), to_millis(offline->clock().now()) / 1000 / 30);
    }
    Answer lift(const std::string& one, const std::string& one_proof, const std::string& other,
                const std::string& other_proof) {
        std::vector<std::string> arguments{"ca",     "lift-fence",    "--nothing-missing",
                                           "--data", folder.string(), "--first",
                                           one,      "--second",      other};
        if (!one_proof.empty()) arguments.insert(arguments.end(), {"--first-proof", one_proof});
        if (!other_proof.empty())
            arguments.insert(arguments.end(), {"--second-proof", other_proof});
        return run(std::move(arguments));
    }
    std::vector<std::string> journal() {
        return offline->db()
            .read([](sql::Reader& db) -> Result<std::vector<std::string>> {
                std::vector<std::string> out;
                for (const sql::Row row :
                     db.query_built("journal", "SELECT act FROM audit_entry ORDER BY seq", {})) {
                    out.push_back(row.text("act"));
                }
                return out;
            })
            .value();
    }
    bool stands_in_journal(const std::string& act) {
        const auto acts = journal();
        return std::find(acts.begin(), acts.end(), act) != acts.end();
    }

    fs::path folder;
    std::unique_ptr<Offline> offline;
    int proofs = 0;
};

TEST_F(Administrators, two_with_password_and_code_lift_the_fence) {
    set_up(first_email);
    set_up(second_email);
    const auto lifted =
        lift(first_email, proof(password, phone()), second_email, proof(password, "aaaaa-bbbbb"));
    EXPECT_EQ(lifted.exit_code, 0) << lifted.complaint;
    EXPECT_TRUE(stands_in_journal("ca.fence_lifted"));
}

TEST_F(Administrators, names_alone_lift_nothing) {
    set_up(first_email);
    set_up(second_email);
    const auto answer = lift(first_email, "", second_email, "");
    EXPECT_EQ(answer.exit_code, 2);
    EXPECT_NE(answer.complaint.find("--first-proof"), std::string::npos) << answer.complaint;
    EXPECT_FALSE(stands_in_journal("ca.fence_lifted"));
}

TEST_F(Administrators, a_wrong_password_or_code_of_either_lifts_nothing_and_stands_in_the_trail) {
    set_up(first_email);
    set_up(second_email);
    EXPECT_NE(lift(first_email, proof("sai rồi nhé", phone()), second_email,
                   proof(password, "AAAAABBBBB"))
                  .exit_code,
              0);
    EXPECT_TRUE(stands_in_journal("account.sign_in_failed"));
    EXPECT_NE(
        lift(first_email, proof(password, "AAAAABBBBB"), second_email, proof(password, "000000"))
            .exit_code,
        0);
    EXPECT_TRUE(stands_in_journal("account.second_factor_failed"));
    // A code that was used, even for something refused, is used.
    EXPECT_NE(lift(first_email, proof(password, "AAAAABBBBB"), second_email,
                   proof(password, "AAAAABBBBB"))
                  .exit_code,
              0);
    EXPECT_FALSE(stands_in_journal("ca.fence_lifted"));
}

TEST_F(Administrators, one_person_twice_is_refused) {
    set_up(first_email);
    const auto answer = lift(first_email, proof(password, "AAAAABBBBB"),
                             "QuanTri.CA1@antin.invalid", proof(password, "CCCCCDDDDD"));
    EXPECT_EQ(answer.exit_code, 1);
    EXPECT_NE(answer.complaint.find("two different people"), std::string::npos) << answer.complaint;
}

TEST_F(Administrators, another_role_is_refused_and_a_one_time_password_is_not_enough) {
    set_up(first_email);
    set_up("quantri@antin.invalid");
    const auto other = lift(first_email, proof(password, "AAAAABBBBB"), "quantri@antin.invalid",
                            proof(password, "AAAAABBBBB"));
    EXPECT_EQ(other.exit_code, 1);
    EXPECT_NE(other.complaint.find("no active CA administrator"), std::string::npos);
    std::string one_time;
    const auto told = json::parse(installed().answer.output);
    for (const auto& account : told["accounts"]) {
        if (account["email"] == second_email) one_time = account["password"].get<std::string>();
    }
    const auto fresh =
        lift(first_email, proof(password, "CCCCCDDDDD"), second_email, proof(one_time, "000000"));
    EXPECT_EQ(fresh.exit_code, 1);
    EXPECT_NE(fresh.complaint.find("one-time password"), std::string::npos) << fresh.complaint;
}

TEST_F(Administrators, hold_needs_both_and_names_the_second) {
    set_up(first_email);
    set_up(second_email);
    const auto hold = [&](const std::string& first_code, const std::string& second_code) {
        return run({"ca", "hold", "00AA00AA00AA00AA", "--data", folder.string(), "--first",
                    first_email, "--first-proof", proof(password, first_code), "--second",
                    second_email, "--second-proof", proof(password, second_code)});
    };
    const auto unknown = hold("AAAAABBBBB", "AAAAABBBBB");
    EXPECT_EQ(unknown.exit_code, 1);
    EXPECT_FALSE(stands_in_journal("ca.change_confirmed")) << "nothing happened, nothing is noted";
    EXPECT_NE(hold("CCCCCDDDDD", "sai").exit_code, 0);
    EXPECT_EQ(run({"ca", "revoke", "00AA00AA00AA00AA", "--reason", "whim", "--data",
                   folder.string(), "--first", first_email, "--second", second_email})
                  .exit_code,
              2);
}

TEST_F(Administrators, a_certificate_is_held_released_and_revoked_for_good_by_two) {
    set_up(first_email);
    set_up(second_email);
    ASSERT_EQ(lift(first_email, proof(password, "AAAAABBBBB"), second_email,
                   proof(password, "AAAAABBBBB"))
                  .exit_code,
              0);
    const std::string serial = "00AA00AA00AA00AA";
    ASSERT_TRUE(offline->db().transact([&](sql::Transaction& tx) -> Status {
        tx.execute({"test.serial",
                    "INSERT INTO ca_serial (serial, issuer, purpose, state, given_at) "
                    "VALUES ($1, 'state', 'restored', 'done', 0)"},
                   serial);
        ledger::CertificateRecord record;
        record.serial = serial;
        record.issuer = "state";
        record.state = ledger::CertificateState::InForce;
        record.not_after = offline->clock().now() + std::chrono::hours{24};
        return ledger::insert_certificate(tx, record) ? Status{}
                                                      : Status{fail(ErrorKind::Conflict, "test")};
    }));
    const auto state = [&] {
        return offline->db()
            .read([&](sql::Reader& db) -> Result<std::string> {
                return std::string{to_name(ledger::find_certificate(db, serial).value().state)};
            })
            .value();
    };
    const auto act = [&](const std::string& name, const std::string& code,
                         const std::vector<std::string>& more) {
        std::vector<std::string> words{"ca",
                                       name,
                                       serial,
                                       "--data",
                                       folder.string(),
                                       "--first",
                                       first_email,
                                       "--first-proof",
                                       proof(password, code),
                                       "--second",
                                       second_email,
                                       "--second-proof",
                                       proof(password, code)};
        words.insert(words.end(), more.begin(), more.end());
        return run(words);
    };
    const auto held = act("hold", "CCCCCDDDDD", {"--reference", "công văn 12"});
    EXPECT_EQ(held.exit_code, 0) << held.complaint;
    EXPECT_EQ(state(), "hold");
    const auto released = act("release", "EEEEEFFFFF", {});
    EXPECT_EQ(released.exit_code, 0) << released.complaint;
    EXPECT_EQ(state(), "in_force");
    const auto revoked = act("revoke", "GGGGGHHHHH", {"--reason", "key-compromise"});
    EXPECT_EQ(revoked.exit_code, 0) << revoked.complaint;
    EXPECT_EQ(state(), "revoked");
    EXPECT_EQ(std::ranges::count(journal(), "ca.change_confirmed"), 3) << "both names each time";
}

}  // namespace
}  // namespace antin::program
