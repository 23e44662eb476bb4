#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/form_definition.hpp"
#include "domain/official_email.hpp"
#include "domain/request_rules.hpp"

namespace antin::domain {

/// Something that a person has to mend (defect) or look at (warning). The sentence is the text
/// "rule.<rule>" with `args`; {{field}} in it is the label of `field`, put in by who shows it.
struct Finding {
    std::string field;  // key; "" when it concerns the whole row or dossier
    std::string rule;
    std::vector<std::pair<std::string, std::string>> args;
    friend bool operator==(const Finding&, const Finding&) = default;
};

struct LineFindings {
    std::vector<Finding> defects;
    std::vector<Finding> warnings;
    FieldValues values;  // as read: clean text, ISO dates, bare digits; as typed where wrong
    Carrier carrier = Carrier::PkiToken;  // the row's own: a SIM choice wins over the dossier's
    std::string name;                     // what the row is called
    std::string subject_key;              // personal id, tax or budget code, or name of the system
    std::string target_serial;            // the certificate that a row of Mẫu 04–06 concerns
    std::optional<SubscriberKind> kind;   // of that certificate, where it is known
};

/// A certificate in force that touches a row.
struct KnownCertificate {
    std::string serial;
    std::optional<Date> not_after;  // nothing where it is not known here
};

/// What the rules cannot know by themselves. Left empty where nobody knows (a check without a
/// database): then nothing is said about certificates.
struct OutsideFacts {
    /// Certificates in force of a subject (see LineFindings::subject_key).
    std::function<std::vector<KnownCertificate>(std::string_view subject_key)> in_force;
    /// Was this serial issued by this CA?
    std::function<bool(std::string_view serial)> serial_known;
    /// The certificate that a row of Mẫu 04 or 05 names, and the device of Mẫu 06.
    std::function<std::optional<KnownTarget>(std::string_view serial)> target;
    std::function<std::optional<KnownDevice>(std::string_view device_serial)> device;
};

struct DossierToCheck {
    const FormDefinition* form = nullptr;
    Carrier carrier = Carrier::PkiToken;
    FieldValues recipient;
    FieldValues shared;                         // fill empty cells of shareable columns
    std::vector<FieldValues> lines;             // as typed
    std::vector<std::int64_t> row_numbers;      // what sentences call the rows; empty: 1, 2, 3 …
    std::vector<std::string> attachment_kinds;  // what is attached
    std::optional<Date> filed_on;               // margins count from it; not sent yet: from today
    /// A row that this authority cannot carry out is a defect (at sending); else a warning.
    bool target_must_be_known = false;
};

struct DossierFindings {
    std::vector<Finding> dossier;  // attachments, number of rows
    LineFindings recipient;        // section 1
    std::vector<LineFindings> lines;
    [[nodiscard]] std::size_t lines_with_defects() const;
    [[nodiscard]] std::size_t defects() const;  // everywhere
};

/// What the rules need besides the form: the day of the check and the lists kept by administrators.
struct RuleSettings {
    Date today{};
    const OfficialEmailRule* email = nullptr;  // nullptr: the list that ships
    const RequestRules* requests = nullptr;    // nullptr: those that ship
};

/// All defects at once: the same rules in the sheet, at sending and on the officer's screen.
/// Pure; 300 rows take a few milliseconds.
[[nodiscard]] DossierFindings check_dossier(const DossierToCheck& dossier,
                                            const RuleSettings& settings,
                                            const OutsideFacts& outside = {});
/// The rows alone (`antin rows check`, paste, import).
[[nodiscard]] std::vector<LineFindings> check_lines(const DossierToCheck& dossier,
                                                    const RuleSettings& settings,
                                                    const OutsideFacts& outside = {});

/// The cell "SIM PKI" of Mẫu 01: an operator for a new SIM, "/cs" to keep the number in use.
struct SimChoice {
    std::string operator_name;  // "Viettel", "Vinaphone", "Mobifone"
    bool keep_number = false;
    [[nodiscard]] std::string form_code() const {
        return keep_number ? operator_name + "/cs" : operator_name;
    }
};
[[nodiscard]] std::optional<SimChoice> read_sim_choice(std::string_view text);

/// Is this the name of one of the 34 provinces and cities, with or without "Tỉnh" before it?
/// Gives the name as the list has it, without that word.
[[nodiscard]] std::optional<std::string> read_province(std::string_view text);

}  // namespace antin::domain
