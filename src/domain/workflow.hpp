#pragma once
#include <optional>
#include <span>
#include <variant>

#include "domain/objection.hpp"
#include "domain/vocabulary.hpp"

namespace antin::domain {

/// One row of a transition table. Several rows may share state, action and role: the first whose
/// guard agrees wins, and when none does, the objection of the last one is the answer.
template <class State, class Action, class Facts>
struct Rule {
    using Guard = std::optional<Objection> (*)(const Facts&);
    State from;
    Action action;
    Roles by;
    State to;
    Guard guard = nullptr;
};

template <class State>
struct Transition {
    State to;
    friend constexpr bool operator==(const Transition&, const Transition&) = default;
};

template <class State>
using Decision = std::variant<Transition<State>, Objection>;

/// Pure: may this role do this now, and what follows? Pages ask it which buttons to show; the use
/// case asks again before it writes.
template <class State, class Action, class Facts, std::size_t N>
[[nodiscard]] constexpr Decision<State> decide_by(
    const std::array<Rule<State, Action, Facts>, N>& rules, State from, const Facts& facts,
    Action action, Role by) {
    Objection answer = Objection::NotNow;
    for (const auto& rule : rules) {
        if (rule.from != from || rule.action != action) continue;
        if (!rule.by.has(by)) {
            if (answer == Objection::NotNow) answer = Objection::NotYourRole;
            continue;
        }
        const auto objection = rule.guard != nullptr ? rule.guard(facts) : std::nullopt;
        if (!objection) return Transition<State>{rule.to};
        answer = *objection;
    }
    return answer;
}

/// The state that follows, or the objection as an Error for the person.
template <class State>
[[nodiscard]] Result<State> as_result(const Decision<State>& decision) {
    if (const auto* objection = std::get_if<Objection>(&decision))
        return fail(to_error(*objection));
    return std::get<Transition<State>>(decision).to;
}

}  // namespace antin::domain
