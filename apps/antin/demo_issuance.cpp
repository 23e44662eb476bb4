#include "demo_issuance.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/make_demo.hpp"
#include "base/random.hpp"
#include "demo_agent.hpp"
#include "demo_bench.hpp"
#include "demo_person.hpp"
#include "http/client.hpp"
#include "store/dossier_lines.hpp"
#include "store/dossiers.hpp"
#include "store/notices.hpp"

namespace antin::program {
namespace {

namespace fs = std::filesystem;
constexpr int mails_looked_at = 50;

void say(const char* words) {
    std::fprintf(stderr, "demo: %s\n", words);
}

/// Everybody at their own browser.
struct Cast {
    Cast(const app::DemoCast& made, std::uint16_t port, const Clock& clock)
        : made(made),
          clerk("clerk", port, clock),
          head("head", port, clock),
          intake("receptionist", port, clock),
          assessor("examiner", port, clock),
          approver("approver", port, clock),
          registration("registration officer", port, clock) {}

    Status sign_in() {
        ANTIN_CHECK(clerk.sign_in(made.clerk.email, made.clerk.one_time_password));
        ANTIN_CHECK(head.sign_in(made.head.email, made.head.one_time_password));
        ANTIN_CHECK(intake.sign_in(made.intake.email, made.intake.one_time_password));
        ANTIN_CHECK(assessor.sign_in(made.assessor.email, made.assessor.one_time_password));
        return approver.sign_in(made.approver.email, made.approver.one_time_password);
    }
    app::DemoCast made;
    DemoPerson clerk, head, intake, assessor, approver, registration;
};

/// A person nobody is: digits from the system's random source.
std::string invented_digits(std::size_t count) {
    std::string out;
    for (const auto byte : random_bytes(count)) out += static_cast<char>('0' + byte % 10);
    return out;
}

/// One row as a clerk copies it out of a spreadsheet, under its headings.
std::string pasted_row(const app::DemoCast& made) {
    const std::string mark = made.agency_code.substr(made.agency_code.find('X') + 1);
    std::string person = "canbo." + mark;
    for (char& c : person) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return fmt::format(
        "Họ và tên\tNgày sinh\tSố định danh\tNgày cấp\tNơi cấp\tThư điện tử công vụ\t"
        "Tên cơ quan công tác\tTỉnh/Thành phố\tChức vụ\tSố điện thoại di động\n"
        "Lý Thị Thử\t02/09/1990\t012190{}\t15/07/2021\tCục Cảnh sát QLHC về TTXH\t"
        "{}@laichau.gov.vn\t{}\tLai Châu\tChuyên viên\t0912{}\n",
        invented_digits(6), person, made.agency_name, invented_digits(6));
}

/// Fills in, attaches the form and hands the draft to the head. Gives the draft's address.
Result<std::string> prepare(Cast& cast) {
    DemoPerson& clerk = cast.clerk;
    ANTIN_TRY(start, clerk.open("/ho-so/moi/cap-moi"));
    ANTIN_TRY(recipient, clerk.submit(start, "/ho-so/moi/cap-moi",
                                      {{"kind", "individual"}, {"carrier", "usb_token"}}));
    const std::string base = recipient.path.substr(0, recipient.path.rfind('/'));
    ANTIN_TRY(sheet, clerk.submit(recipient, "/nguoi-nhan",
                                  {{"full_name", cast.made.clerk.full_name},
                                   {"personal_id", "012190" + invented_digits(6)},
                                   {"id_issued_on", "15/07/2021"},
                                   {"id_issued_by", "Cục Cảnh sát QLHC về TTXH"},
                                   {"position", "Văn thư"},
                                   {"phone", "0912" + invented_digits(6)},
                                   {"email", cast.made.clerk.email},
                                   {"address", "Bản Thử, xã Thử Nghiệm, tỉnh Lai Châu"}}));
    ANTIN_TRY(paste, clerk.open(base + "/dan"));
    ANTIN_TRY(pasted, clerk.submit(paste, "/dan", {{"van_ban", pasted_row(cast.made)}}));
    ANTIN_TRY(form, clerk.download(base + "/mau.pdf?de-ky=1"));
    ANTIN_TRY(files, clerk.open(base + "/dinh-kem?loai=form_scan"));
    http::Upload scan{"file", "mau-01-da-ky.pdf", "application/pdf", form};
    ANTIN_TRY(attached, clerk.submit(files, "/dinh-kem", {{"kind", "form_scan"}}, {}, {scan}));
    ANTIN_TRY(review, clerk.open(base + "/xem-lai"));
    ANTIN_TRY(handed, clerk.submit(review, "/xem-lai"));
    return base;
}

/// The second factor was given at signing in, minutes ago: the page sends without a new code.
Status send(Cast& cast, const std::string& base) {
    ANTIN_TRY(page, cast.head.open(base + "/ky"));
    ANTIN_TRY(sent, cast.head.submit(page, "/ky"));
    return {};
}

/// The six digits of the newest mail to this address: the invented head reads it where an
/// installation without a mail server keeps it.
Result<std::string> mailed_code(Offline& installation, const std::string& email) {
    return installation.db().read([&](sql::Reader& db) -> Result<std::string> {
        for (const auto& mail : store::list_mails(db, "", mails_looked_at, 0)) {
            if (mail.recipient != email) continue;
            std::string digits;
            for (const char c : mail.subject + " " + mail.body + " ") {
                if (c >= '0' && c <= '9')
                    digits += c;
                else if (digits.size() == 6)
                    return digits;
                else
                    digits.clear();
            }
        }
        return fail(ErrorKind::NotFound, "demo.page", "no code was mailed to " + email);
    });
}

/// The agency's dossier as the database knows it now (what dossier.json tells).
Result<store::Dossier> current(Offline& installation, std::int64_t agency_id) {
    return installation.db().read([&](sql::Reader& db) -> Result<store::Dossier> {
        const auto all = store::agency_dossiers(db, agency_id, {}, 1);
        if (all.empty()) return fail(ErrorKind::NotFound, "dossier.not_found");
        return all.front();
    });
}

Result<std::vector<std::int64_t>> approved_lines(Offline& installation, std::int64_t dossier_id) {
    return installation.db().read([&](sql::Reader& db) -> Result<std::vector<std::int64_t>> {
        std::vector<std::int64_t> out;
        for (const auto& line : store::dossier_lines(db, dossier_id)) {
            if (line.state == domain::LineState::Approved) out.push_back(line.id);
        }
        if (out.empty()) return fail(ErrorKind::Refused, "demo.page", "no row was approved");
        return out;
    });
}

Status accept_and_decide(Offline& installation, Cast& cast) {
    ANTIN_TRY(sent, current(installation, cast.made.agency_id));
    const std::string path = fmt::format("/xu-ly/{}", sent.id);
    ANTIN_TRY(arrived, cast.intake.open(path));
    ANTIN_TRY(accepted, cast.intake.submit(arrived, "/tiep-nhan"));
    say("accepted, under examination");
    ANTIN_TRY(page, cast.assessor.open(path));
    if (page.has_form("/nhan-viec")) {
        ANTIN_TRY(taken, cast.assessor.submit(page, "/nhan-viec"));
        page = std::move(taken);
    }
    ANTIN_TRY(granted, cast.assessor.submit(page, "/tham-dinh", {}, {{"viec", "cap-het"}}));
    ANTIN_TRY(again, cast.assessor.open(path));
    ANTIN_TRY(proposed, cast.assessor.submit(again, "/tham-dinh", {}, {{"viec", "trinh"}}));
    say("proposed, waiting for another person to approve");
    ANTIN_TRY(decide, cast.approver.open(path));
    ANTIN_TRY(agreed, cast.approver.submit(decide, "/quyet-dinh", {}, {{"viec", "dong-y-het"}}));
    ANTIN_TRY(last, cast.approver.open(path));
    if (last.has_form("/quyet-dinh")) {
        ANTIN_TRY(done, cast.approver.submit(last, "/quyet-dinh", {}, {{"viec", "quyet-dinh"}}));
    }
    return {};
}

std::string pem(std::string_view der) {
    std::string out = "-----BEGIN CERTIFICATE-----\n";
    const std::string text = to_base64(as_bytes(der));
    for (std::size_t i = 0; i < text.size(); i += 64) out += text.substr(i, 64) + "\n";
    return out + "-----END CERTIFICATE-----\n";
}

Status write_file(const fs::path& path, std::string_view content) {
    std::ofstream out(path, std::ios::binary);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.close();
    if (!out) return fail(ErrorKind::Unavailable, "demo.cannot_write", path.string());
    return {};
}

/// Issuing CA, then root, as anybody fetches them from the addresses in the certificate.
Result<std::string> chain_of(const DemoIssuance& options) {
    http::Client anybody({.port = options.http_port});
    std::string out;
    for (const char* name : {"state", "root"}) {
        const auto answer = anybody.get(fmt::format("/aia/{}.crt", name));
        if (!answer) return fail(answer.error());
        if (answer->status != 200) {
            return fail(ErrorKind::Refused, "demo.page", fmt::format("/aia/{}.crt", name));
        }
        out += pem(answer->body);
    }
    return out;
}

Status leave(Offline& installation, const DemoIssuance& options, Cast& cast,
             const std::vector<std::string>& certificates) {
    ANTIN_TRY(dossier, current(installation, cast.made.agency_id));
    const std::string code = dossier.code.value_or("");
    ANTIN_TRY(page, cast.clerk.open("/ho-so/" + code));
    ANTIN_TRY(receipt, cast.clerk.download(page.link("/giay-to/")));
    ANTIN_CHECK(write_file(options.out / "receipt.pdf", receipt));
    std::string leaves;
    for (const std::string& der : certificates) leaves += pem(der);
    ANTIN_CHECK(write_file(options.out / "certificate.pem", leaves));
    ANTIN_TRY(chain, chain_of(options));
    ANTIN_CHECK(write_file(options.out / "chain.pem", chain));
    // Anybody, without an account, sees the end of it.
    DemoPerson anybody("anybody", options.port, installation.clock());
    ANTIN_TRY(seen,
              anybody.open("/tra-cuu?ma=" + code + "&kt=" + dossier.check_value.value_or("")));
    nlohmann::json rows = nlohmann::json::array();
    ANTIN_TRY(lines, installation.db().read([&](sql::Reader& db) {
        return Result<std::vector<store::DossierLine>>(store::dossier_lines(db, dossier.id));
    }));
    for (const auto& line : lines) {
        rows.push_back({{"state", std::string{domain::to_text(line.state)}},
                        {"serial", line.certificate_serial.value_or("")}});
    }
    const auto due = dossier.due_at ? nlohmann::json(to_iso(*dossier.due_at)) : nlohmann::json();
    const nlohmann::json told{{"code", code},
                              {"check", dossier.check_value.value_or("")},
                              {"status", domain::national_code(dossier.state)},
                              {"due", due},
                              {"rows", rows}};
    return write_file(options.out / "dossier.json", told.dump(1) + "\n");
}

}  // namespace

Status play_issuance(Offline& installation, const DemoIssuance& options) {
    std::error_code error;
    fs::create_directories(options.out, error);
    if (error) return fail(ErrorKind::Unavailable, "demo.cannot_write", options.out.string());
    // Is anybody there? Asked before anything is made.
    ANTIN_CHECK(DemoPerson("anybody", options.port, installation.clock()).open("/"));
    ANTIN_TRY(made, app::make_demo_cast(installation.services(), options.allow_real));
    Cast cast(made, options.port, installation.clock());
    cast.head.read_mailed_code = [&](const std::string& email) {
        return mailed_code(installation, email);
    };
    say("signing in");
    ANTIN_CHECK(cast.sign_in());
    say("the agency fills in and sends");
    ANTIN_TRY(base, prepare(cast));
    ANTIN_CHECK(send(cast, base));
    ANTIN_CHECK(accept_and_decide(installation, cast));
    say("approved, the key is made on the device");
    const fs::path folder = installation.config().data_dir / "demo-token" / random_token(9);
    ANTIN_TRY(agent,
              DemoAgent::start(folder, fmt::format("https://127.0.0.1:{}", options.port), 1));
    ANTIN_TRY(dossier, current(installation, made.agency_id));
    ANTIN_CHECK(
        cast.registration.sign_in(made.registration.email, made.registration.one_time_password));
    ANTIN_TRY(lines, approved_lines(installation, dossier.id));
    auto certificates = personalise(cast.registration, *agent, lines);
    agent.reset();
    fs::remove_all(folder, error);
    if (!certificates) return fail(certificates.error());
    say("written and checked, handed over");
    ANTIN_CHECK(hand_over_and_confirm(cast.registration, cast.head, dossier.id));
    ANTIN_CHECK(leave(installation, options, cast, *certificates));
    return app::end_demo_cast(installation.services(), made);
}

}  // namespace antin::program
