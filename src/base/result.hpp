#pragma once
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace antin {

/// What went wrong, in nine kinds. `web/problem.cpp` alone maps them to HTTP statuses.
enum class ErrorKind {
    Invalid,      // the input breaks a rule of form; mend the field
    Refused,      // a rule of the trade says no (an Objection)
    Forbidden,    // this person may not do this
    NotFound,     // does not exist, or is not theirs: both read the same
    Conflict,     // somebody else was faster; look at the new version
    TooLarge,     // a stated limit of size or count
    TooMany,      // a stated limit of rate
    Unavailable,  // database, token, disk or mail cannot work now; nothing was done
    Internal,     // our fault
};

/// An error as a value. `code` is a key of data/texts ("error.<code>"), whose sentence says what
/// happened, what is kept and what to do; `args` fill its placeholders. `detail` is for the log
/// only and never shown. `field` names the input at fault, when there is one.
struct Error {
    ErrorKind kind = ErrorKind::Internal;
    std::string code;
    std::string detail;
    std::string field;
    std::vector<std::pair<std::string, std::string>> args;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> fail(
    ErrorKind kind, std::string code, std::string detail = {},
    std::vector<std::pair<std::string, std::string>> args = {}, std::string field = {}) {
    return tl::unexpected<Error>(
        Error{kind, std::move(code), std::move(detail), std::move(field), std::move(args)});
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

/// `ANTIN_TRY(name, expression)`: binds the value, or returns the error to the caller.
#define ANTIN_TRY_CONCAT_(a, b) a##b
#define ANTIN_TRY_NAME_(a, b) ANTIN_TRY_CONCAT_(a, b)
#define ANTIN_TRY(name, ...)                                                            \
    auto ANTIN_TRY_NAME_(result_of_, __LINE__) = (__VA_ARGS__);                         \
    if (!ANTIN_TRY_NAME_(result_of_, __LINE__))                                         \
        return ::antin::fail(std::move(ANTIN_TRY_NAME_(result_of_, __LINE__)).error()); \
    auto name = std::move(*ANTIN_TRY_NAME_(result_of_, __LINE__))
/// `ANTIN_CHECK(expression)`: returns the error of a Status to the caller, if there is one.
#define ANTIN_CHECK(...)                                           \
    do {                                                           \
        if (auto antin_status = (__VA_ARGS__); !antin_status)      \
            return ::antin::fail(std::move(antin_status).error()); \
    } while (false)

}  // namespace antin
