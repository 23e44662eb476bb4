#include "app/choose_language.hpp"

#include <nlohmann/json.hpp>

#include "app/access.hpp"
#include "store/accounts.hpp"

namespace antin::app {

Status choose_language(Services& services, const SignedIn& signed_in, std::string_view language) {
    if (language != "vi" && language != "en") return fail(ErrorKind::NotFound, "page.not_found");
    if (signed_in.step != SignInStep::Done) return fail(ErrorKind::Forbidden, "session.ended");
    const auto id = signed_in.actor.account_id;
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        auto account = store::find_account(tx, id);
        if (!account) return fail(ErrorKind::Forbidden, "session.ended");
        if (account->language == language) return {};
        account->language = language;
        ANTIN_CHECK(store::update_account(tx, *account));
        const nlohmann::json detail{{"language", account->language}};
        audit::append(tx, journal_entry(services, signed_in.actor, "account.language_chosen",
                                        "account", std::to_string(id), detail.dump()));
        return {};
    });
}

}  // namespace antin::app
