#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace antin::domain {

// Each reader takes what a person typed (spaces, dots, hyphens and marks of spreadsheets included)
// and gives the one way it is stored, or nothing. Formats: QĐ 20/2020, tax and budget codes as
// samples show them.

/// Digits only of `text`: what people put between them (space, dot, hyphen, ') is dropped; nothing
/// when another character stands there.
[[nodiscard]] std::optional<std::string> digits_of(std::string_view text);

/// 12 digits (số định danh cá nhân).
[[nodiscard]] std::optional<std::string> read_personal_id(std::string_view text);
/// Structure 3 province + 1 century and sex + 2 birth year + 6 (RECALLED): used to warn, never to
/// refuse. False when the birth year says otherwise.
[[nodiscard]] bool personal_id_fits_birth(std::string_view personal_id, Date birth);

/// "0301519977" or "0301519977-029".
[[nodiscard]] std::optional<std::string> read_tax_code(std::string_view text);
/// The tenth digit (weights 31,29,23,19,17,13,7,5,3; RECALLED): a reason to warn, never to refuse.
[[nodiscard]] bool tax_code_check_digit_fits(std::string_view tax_code);

/// 7 digits (mã quan hệ ngân sách).
[[nodiscard]] std::optional<std::string> read_budget_code(std::string_view text);

/// "H35.12.01" (QĐ 20/2020 Điều 4): up to 35 characters, level 1 is [A-Y][0-9][0-9]. Lower case is
/// raised; the old reversed form "000.00.12.H35" is turned round.
[[nodiscard]] std::optional<std::string> read_agency_code(std::string_view text);

/// Vietnamese mobile number, stored as 10 digits "09…"; +84 and 84 in front are understood.
[[nodiscard]] std::optional<std::string> read_mobile_phone(std::string_view text);

/// Serial of a certificate: hex digits, upper case; spaces, colons, 0x and odd length are taken.
[[nodiscard]] std::optional<std::string> read_certificate_serial(std::string_view text);

/// Number printed on a key device: letters, digits, dots and dashes, as written; spaces dropped.
[[nodiscard]] std::optional<std::string> read_device_serial(std::string_view text);

/// Host name or IP address (IPv4, IPv6) of a system, lower case; scheme and trailing slash dropped.
[[nodiscard]] std::optional<std::string> read_domain_name(std::string_view text);

/// A day as people write it: 1/2/1979, 01-02-1979, 1.2.1979, 1979-02-01 (day before month always).
[[nodiscard]] std::optional<Date> read_date(std::string_view text);

/// "<body code>-YYMMDD-NNNN"; from 10000 on the counter has five digits.
[[nodiscard]] std::string dossier_code(std::string_view body_code, Date day, std::int64_t number);
struct DossierCode {
    std::string body_code;
    Date day;
    std::int64_t number;
};
/// Reads a whole code (lower case and inner spaces are taken); nothing when it is not one.
[[nodiscard]] std::optional<DossierCode> read_dossier_code(std::string_view text);

}  // namespace antin::domain
