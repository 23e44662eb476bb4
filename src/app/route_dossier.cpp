#include "app/route_dossier.hpp"

namespace antin::app {

Result<std::int64_t> receiver_of(sql::Reader& db, const store::Agency& /*agency*/,
                                 domain::Procedure /*procedure*/, domain::Carrier /*carrier*/) {
    // Until routing is data per province everything is the provider's.
    const auto provider = store::find_provider(db);
    if (!provider) return fail(ErrorKind::Unavailable, "provider.missing");
    return provider->id;
}

}  // namespace antin::app
