#include "app/portal_contact.hpp"

#include "store/settings.hpp"

namespace antin::app {

std::string portal_contact(Services& services) {
    return services.db
        .read([](sql::Reader& reader) -> Result<std::string> {
            return store::setting_text(reader, "contact_line");
        })
        .value_or("");
}

}  // namespace antin::app
