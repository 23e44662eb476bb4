#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/line_facts.hpp"
#include "app/read_rows.hpp"
#include "command.hpp"
#include "config.hpp"
#include "html/template.hpp"
#include "sheet/table.hpp"
#include "web/finding_text.hpp"

namespace antin::program {
namespace {

using nlohmann::json;
constexpr auto language = html::Language::Vietnamese;

struct RowsOptions {
    std::string data_dir, form, file, carrier = "usb_token";
    bool json = false;  // it always is
};

Result<std::string> read_file(const std::string& path) {
    std::error_code ignored;
    const auto size = std::filesystem::file_size(path, ignored);
    std::ifstream file{path, std::ios::binary};
    if (!file || ignored) return fail(ErrorKind::Unavailable, "file.unreadable", path);
    if (const auto size_max = sheet::Limits{}.file_bytes_max; size > size_max) {
        return fail(ErrorKind::TooLarge, "sheet.too_large", {},
                    {{"max_mb", std::to_string(size_max >> 20)}});
    }
    std::string content(size, '\0');
    file.read(content.data(), static_cast<std::streamsize>(size));
    content.resize(static_cast<std::size_t>(file.gcount()));
    return content;
}

json findings_json(const std::vector<domain::Finding>& findings) {
    json list = json::array();
    for (const domain::Finding& finding : findings) {
        list.push_back({{"field", finding.field},
                        {"rule", finding.rule},
                        {"message", web::finding_text(finding, language)}});
    }
    return list;
}

std::string sentence_of(const Error& error) {
    auto args = error.args;
    for (auto& [name, value] : args) {
        if (name != "columns") continue;
        std::istringstream keys{value};
        std::string labels;
        for (std::string key; std::getline(keys, key, ',');) {
            labels += (labels.empty() ? "" : ", ") + web::field_label(key, language);
        }
        value = labels;
    }
    const std::string key = "error." + error.code;
    return html::has_text(language, key) ? html::text(language, key, args) : error.code;
}

std::vector<domain::LineFindings> check(const RowsOptions& options,
                                        const domain::DossierToCheck& dossier) {
    const Instant now = SystemClock{}.now();
    if (std::filesystem::exists(std::filesystem::path{options.data_dir} / "antin.toml")) {
        // With an installation at hand the rows are held against its certificates, too.
        const auto config = load_config(options.data_dir);
        const auto settings = config ? config->for_database() : fail(config.error());
        auto db = settings ? sql::Database::open(*settings) : fail(settings.error());
        if (db) {
            auto lines =
                (*db)->read([&](sql::Reader& reader) -> Result<std::vector<domain::LineFindings>> {
                    const auto facts = app::line_facts(reader, {.now = now});
                    return domain::check_lines(dossier, facts.settings(), facts.outside);
                });
            if (lines) return std::move(*lines);
        }
    }
    return domain::check_lines(dossier, {local_date(now), nullptr});
}

ExitCode check_rows(const RowsOptions& options) {
    const auto form = domain::parse<domain::RequestForm>(options.form);
    const auto* definition = form ? domain::form_definition(*form) : nullptr;
    const auto carrier = domain::parse<domain::Carrier>(options.carrier);
    if (definition == nullptr || !carrier) {
        std::fprintf(stderr, "antin: form %s is not there yet\n", options.form.c_str());
        return ExitCode::WrongUse;
    }
    const auto content = read_file(options.file);
    if (!content && content.error().kind == ErrorKind::Unavailable) {
        std::fprintf(stderr, "antin: cannot read %s\n", options.file.c_str());
        return ExitCode::EnvironmentFailed;
    }
    auto rows = content ? app::read_rows(as_bytes(*content), *definition)
                        : Result<app::RowsRead>{fail(content.error())};
    json answer{{"rows", json::array()}, {"errors", json::array()}};
    if (!rows) {
        answer["errors"].push_back(
            {{"rule", rows.error().code}, {"message", sentence_of(rows.error())}});
        print_json(answer);
        return ExitCode::No;
    }
    if (const auto words = web::worksheet_words(rows->worksheets, language); !words.empty()) {
        std::fprintf(stderr, "antin: %s\n", words.c_str());
    }
    domain::DossierToCheck dossier;
    dossier.form = definition;
    dossier.carrier = *carrier;
    dossier.lines = std::move(rows->lines);
    dossier.row_numbers = rows->numbers;
    bool clean = true;
    const auto findings = check(options, dossier);
    for (std::size_t i = 0; i < findings.size(); ++i) {
        clean = clean && findings[i].defects.empty();
        answer["rows"].push_back({{"row", rows->numbers[i]},
                                  {"values", findings[i].values},
                                  {"defects", findings_json(findings[i].defects)},
                                  {"warnings", findings_json(findings[i].warnings)}});
    }
    print_json(answer);
    return clean ? ExitCode::Done : ExitCode::No;
}

}  // namespace

void register_rows(CommandLine& line) {
    CLI::App& rows = line.add(line.root, "rows", "sheets of rows: check");
    rows.require_subcommand(1);
    CLI::App& command = line.add(rows, "check", "read a sheet as the portal would and judge it");
    auto options = std::make_shared<RowsOptions>();
    add_data_option(command, options->data_dir);
    command.add_option("--form", options->form, "01 to 06")
        ->required()
        ->check(CLI::IsMember({"01", "02", "03", "04", "05", "06"}));
    command.add_option("--carrier", options->carrier, "usb_token, sim_pki or central")
        ->check(CLI::IsMember({"usb_token", "sim_pki", "central"}));
    command.add_option("FILE", options->file, "XLSX or CSV")->required();
    add_json_option(command, options->json);
    line.on(command, [options] { return check_rows(*options); });
}

}  // namespace antin::program
