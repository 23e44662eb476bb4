#pragma once
// A portal with one of everything: for tests that walk all its addresses.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "forms/paper_library.hpp"
#include "kit/portal.hpp"
#include "web/web_router.hpp"

namespace antin::kit {

/// An agency with a draft, a sent and an accepted dossier, files, a paper, a handover, a device, a
/// registration and a mail; its neighbour; a desk of another province. All people are invented.
class Office {
  public:
    Office();

    /// The address of a route of the agency's (and its officers') things: "/ho-so/nhap/7/ky" for
    /// "/ho-so/nhap/{id}/ky". Empty for a route that this class does not know yet.
    [[nodiscard]] std::string address(std::string_view pattern) const;
    /// "GET /ho-so/{code}" and who may enter.
    [[nodiscard]] const std::vector<std::pair<std::string, web::Access>>& routes() const {
        return router->routes();
    }
    /// Where somebody with this role works: the agency, the provider or the province's desk.
    [[nodiscard]] std::int64_t body_of(domain::Role role);
    /// How often somebody was refused, by the journal.
    [[nodiscard]] std::size_t denials();

    Portal portal;
    std::optional<forms::PaperLibrary> papers;
    std::unique_ptr<web::WebRouter> router;
    std::int64_t agency, neighbour, provider, desk, foreign_desk;
    std::int64_t clerk, head;

  private:
    std::int64_t add_dossier(domain::DossierState state, std::string_view code);
    void add_things();
    std::map<std::string, std::string, std::less<>> places_;  // pattern's start -> address
};

}  // namespace antin::kit
