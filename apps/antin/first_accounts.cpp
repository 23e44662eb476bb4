#include "first_accounts.hpp"

#include <algorithm>
#include <sstream>

#include "files.hpp"
#include "store/accounts.hpp"

namespace antin::program {
namespace {

std::filesystem::path file_in(const std::filesystem::path& data_dir) {
    return data_dir / "first-accounts.txt";
}

std::string line_of(const FirstAccount& account) {
    std::string roles;
    for (const domain::Role role : account.roles) {
        if (!roles.empty()) roles += ',';
        roles += domain::to_text(role);
    }
    return account.email + "\t" + account.password + "\t" + roles + "\t" + account.full_name +
           "\t" + account.agency_name + "\n";
}

bool is_waiting(sql::Reader& db, const FirstAccount& first, Instant now) {
    const auto account = store::find_account_by_email(db, first.email);
    return account && account->password_temporary && account->state != "closed" &&
           (!account->password_expires_at || *account->password_expires_at > now);
}

}  // namespace

Status write_first_accounts(const std::filesystem::path& data_dir,
                            const std::vector<FirstAccount>& accounts) {
    std::error_code ignored;
    if (accounts.empty()) {
        std::filesystem::remove(file_in(data_dir), ignored);
        return {};
    }
    std::string text =
        "# Tài khoản đầu tiên: thư điện tử, mật khẩu dùng một lần, vai trò, họ tên, cơ quan.\n"
        "# Mỗi dòng tự mất khi người đó đã đặt mật khẩu riêng. Giữ kín tệp này.\n";
    for (const FirstAccount& account : accounts) text += line_of(account);
    return write_file(file_in(data_dir), text, 0600);
}

std::vector<FirstAccount> read_first_accounts(const std::filesystem::path& data_dir) {
    std::error_code ignored;
    if (!std::filesystem::exists(file_in(data_dir), ignored)) return {};
    const auto text = read_file(file_in(data_dir));
    if (!text) return {};
    std::vector<FirstAccount> accounts;
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::istringstream parts(line);
        FirstAccount account;
        std::string roles;
        std::getline(parts, account.email, '\t');
        std::getline(parts, account.password, '\t');
        std::getline(parts, roles, '\t');
        std::getline(parts, account.full_name, '\t');
        std::getline(parts, account.agency_name, '\t');
        std::istringstream names(roles);
        for (std::string name; std::getline(names, name, ',');) {
            if (const auto role = domain::parse<domain::Role>(name)) account.roles.push_back(*role);
        }
        accounts.push_back(std::move(account));
    }
    return accounts;
}

Status tidy_first_accounts(const std::filesystem::path& data_dir, sql::Database& db,
                           const Clock& clock) {
    const auto accounts = read_first_accounts(data_dir);
    if (accounts.empty()) return {};
    ANTIN_TRY(waiting, db.read([&](sql::Reader& reader) -> Result<std::vector<FirstAccount>> {
        std::vector<FirstAccount> rest;
        std::copy_if(accounts.begin(), accounts.end(), std::back_inserter(rest),
                     [&](const FirstAccount& one) { return is_waiting(reader, one, clock.now()); });
        return rest;
    }));
    if (waiting.size() == accounts.size()) return {};
    return write_first_accounts(data_dir, waiting);
}

}  // namespace antin::program
