#pragma once
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "pdf/canvas.hpp"

namespace antin::pdf {

/// What an archive asks of a file beyond looking right (ISO 19005-2 was the aim; no validator has
/// confirmed it, so the file does not call itself PDF/A): XMP metadata that say what the properties
/// say, an output intent with a profile of its own for the colours, a language, a file identifier
/// made from the content. No script, no action, no attachment is in it. The same input gives the
/// same bytes.
/// Errors: Internal "internal".
[[nodiscard]] Result<Bytes> for_archive(BytesView drawn, const FileInfo& info);

/// The colour space of screens and office printers (IEC 61966-2-1) as an ICC profile, version 2.
[[nodiscard]] Bytes srgb_profile();

}  // namespace antin::pdf
