#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "sheet/table.hpp"

namespace antin::sheet {

/// The parts of a zip container, unpacked one at a time and never beyond the limits.
class XlsxParts {
  public:
    [[nodiscard]] static Result<XlsxParts> open(BytesView file, const Limits& limits);
    XlsxParts(XlsxParts&&) noexcept;
    XlsxParts& operator=(XlsxParts&&) noexcept;
    ~XlsxParts();

    [[nodiscard]] bool has(const std::string& name) const;
    /// UTF-8 text of a part (UTF-16 is turned); "" when there is no such part.
    [[nodiscard]] Result<std::string> text(const std::string& name) const;

  private:
    struct Inside;
    explicit XlsxParts(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

}  // namespace antin::sheet
