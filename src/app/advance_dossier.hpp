#pragma once
#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "sql/sql.hpp"

namespace antin::app {

/// Called in the transaction of every act that gives a row its result (decision, issuing,
/// handover): in progress -> decided when every row has its result; decided -> returned when all
/// results have been handed over; awaiting the agency when every row that is left waits for it.
/// Writes event, journal and notices. Nothing happens when it is too
/// early.
Status advance_dossier(sql::Transaction& tx, Services& services, const Actor& actor,
                       std::int64_t dossier_id);

}  // namespace antin::app
