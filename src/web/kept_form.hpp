#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "web/frame.hpp"

namespace antin::web {

/// A form that could not be sent because the session had ended: it travels through the sign-in
/// pages in hidden fields and is offered to be sent again. Files cannot travel so.
class KeptForm {
  public:
    /// Of the request that failed.
    static KeptForm of_request(PageContext& context);
    /// Of a sign-in page that carries one; nothing when it does not.
    static std::optional<KeptForm> carried(PageContext& context);

    /// For {{> kept_form}}: hidden fields of a sign-in page.
    [[nodiscard]] nlohmann::json view() const;
    /// The page that sends it again under the new session.
    [[nodiscard]] http::Response resume(PageContext& context) const;

  private:
    std::string path_;
    http::Fields fields_;
    bool had_files_ = false;
};

}  // namespace antin::web
