#pragma once
#include <cstddef>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace antin::pdf {

/// What a received PDF says about itself; nothing in it is run or followed.
struct FileFacts {
    int pages = 0;
    bool has_signature_fields = false;  // present; whether they are good is not looked at
    bool has_scripts = false;           // JavaScript or launch actions in the catalog
};

struct ReadLimits {
    std::size_t file_bytes = 20 * 1024 * 1024;
    std::size_t structure_bytes = 32 * 1024 * 1024;  // of unpacked object and reference streams
    int pages = 3000;
};

/// Is it a PDF that a reader can open? Errors: Invalid "pdf.not_pdf" (other content),
/// "pdf.damaged", "pdf.password" (encrypted, with or without a password to open it); TooLarge
/// "pdf.too_large", "pdf.too_many_pages". Memory stays bounded by the limits whatever the file
/// holds.
[[nodiscard]] Result<FileFacts> inspect(BytesView file, const ReadLimits& limits = {});

}  // namespace antin::pdf
