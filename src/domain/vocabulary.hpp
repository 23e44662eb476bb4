#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace antin::domain {

/// The words of the trade as closed lists. Each value has one lower-case name, used in the
/// database, in JSON and as the tail of text keys ("state.dossier.in_progress"): a name never
/// changes. Specialise `Names` beside each list; `to_text`, `parse` and `all` come from it.
template <class E>
struct Names;

template <class E>
[[nodiscard]] constexpr std::string_view to_text(E value) {
    return Names<E>::values[static_cast<std::size_t>(value)];
}

template <class E>
[[nodiscard]] constexpr std::optional<E> parse(std::string_view text) {
    for (std::size_t i = 0; i < Names<E>::values.size(); ++i) {
        if (Names<E>::values[i] == text) return static_cast<E>(i);
    }
    return std::nullopt;
}

template <class E>
[[nodiscard]] constexpr auto all() {
    std::array<E, Names<E>::values.size()> values{};
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<E>(i);
    return values;
}

/// The five kinds of request (NĐ 68/2024/NĐ-CP, Điều 6).
enum class Procedure { Issuance, Renewal, Amendment, Revocation, DeviceRestoration };
template <>
struct Names<Procedure> {
    static constexpr std::array<std::string_view, 5> values{"issuance", "renewal", "amendment",
                                                            "revocation", "device_restoration"};
};

/// Mẫu 01–06 of the annex: what an agency fills in.
enum class RequestForm { Form01, Form02, Form03, Form04, Form05, Form06 };
template <>
struct Names<RequestForm> {
    static constexpr std::array<std::string_view, 6> values{"01", "02", "03", "04", "05", "06"};
};

enum class SubscriberKind { Individual, Organisation, Equipment };
template <>
struct Names<SubscriberKind> {
    static constexpr std::array<std::string_view, 3> values{"individual", "organisation",
                                                            "equipment"};
};

/// Where the private key lives.
enum class Carrier { PkiToken, SimPki, CentralSigning };
template <>
struct Names<Carrier> {
    static constexpr std::array<std::string_view, 3> values{"usb_token", "sim_pki", "central"};
};

/// How the dossier came (KenhThucHien of the national portal: 1, 2, 3). Set by the system.
enum class Channel { Direct, Online, Post };
template <>
struct Names<Channel> {
    static constexpr std::array<std::string_view, 3> values{"direct", "online", "post"};
};

enum class DossierState {
    Draft,
    Submitted,
    Accepted,
    IntakeRefused,
    InProgress,
    AwaitingSupplement,
    WithdrawalRequested,
    Stopped,
    Decided,
    Returned,
};
template <>
struct Names<DossierState> {
    static constexpr std::array<std::string_view, 10> values{"draft",
                                                             "submitted",
                                                             "accepted",
                                                             "intake_refused",
                                                             "in_progress",
                                                             "awaiting_supplement",
                                                             "withdrawal_requested",
                                                             "stopped",
                                                             "decided",
                                                             "returned"};
};

/// The status of the national portal, 1 to 10; 0 for a draft, which has none. 6 (money) is not
/// used.
[[nodiscard]] constexpr int national_code(DossierState state) {
    constexpr std::array<int, 10> codes{0, 1, 2, 3, 4, 5, 7, 8, 9, 10};
    return codes[static_cast<std::size_t>(state)];
}

/// A row of a dossier: one certificate.
enum class LineState {
    Requested,
    InCorrection,
    Proposed,
    Approved,
    Refused,
    KeyReady,
    Issued,
    HandedOver,
    InForce,
    Revoked,
    DeviceDueBack,
    DeviceReturned,
    DeviceLost,
    Unlocked,
};
template <>
struct Names<LineState> {
    static constexpr std::array<std::string_view, 14> values{
        "requested",       "in_correction",   "proposed",    "approved", "refused",
        "key_ready",       "issued",          "handed_over", "in_force", "revoked",
        "device_due_back", "device_returned", "device_lost", "unlocked"};
};

/// What an assessor thinks of a row.
enum class Proposal { Grant, Supplement, Refuse };
template <>
struct Names<Proposal> {
    static constexpr std::array<std::string_view, 3> values{"approve", "supplement", "refuse"};
};

enum class CertificateState { OnHold, InForce, EmergencyHold, Replaced, Expired, Revoked };
template <>
struct Names<CertificateState> {
    static constexpr std::array<std::string_view, 6> values{
        "on_hold", "in_force", "emergency_hold", "replaced", "expired", "revoked"};
};

enum class DeviceState {
    InStock,
    Assigned,
    Personalised,
    HandedOver,
    Locked,
    Unlocked,
    DueBack,
    Returned,
    Erased,
    Lost,
};
template <>
struct Names<DeviceState> {
    static constexpr std::array<std::string_view, 10> values{
        "in_stock", "assigned", "personalised", "handed_over", "locked",
        "unlocked", "due_back", "returned",     "erased",      "lost"};
};

enum class AgencyState {
    None,
    Invited,
    Registered,
    Approved,
    ReturnedForCorrection,
    Suspended,
    Closed
};
template <>
struct Names<AgencyState> {
    static constexpr std::array<std::string_view, 7> values{
        "none", "invited", "registered", "approved", "returned", "suspended", "closed"};
};

/// Which issuing CA serves an agency. Data of the agency, never guessed from its name.
enum class Branch { State, Party };
template <>
struct Names<Branch> {
    static constexpr std::array<std::string_view, 2> values{"state", "party"};
};

/// What a person is. `System` is the program itself (clock-driven acts); nobody can hold it.
enum class Role {
    FocalPoint,
    Head,
    ProvinceCoordinator,
    IntakeOfficer,
    Assessor,
    Approver,
    RegistrationOfficer,
    CaAdministrator,
    Auditor,
    SystemAdministrator,
    System,
};
template <>
struct Names<Role> {
    static constexpr std::array<std::string_view, 11> values{"focal_point",
                                                             "head",
                                                             "province_coordinator",
                                                             "intake_officer",
                                                             "assessor",
                                                             "approver",
                                                             "registration_officer",
                                                             "ca_administrator",
                                                             "auditor",
                                                             "system_administrator",
                                                             "system"};
};

/// A set of roles, small enough to pass by value.
class Roles {
  public:
    constexpr Roles() = default;
    template <class... More>
    constexpr explicit Roles(Role first, More... more) : bits_(bit(first)) {
        ((bits_ |= bit(more)), ...);
    }
    constexpr Roles& add(Role role) {
        bits_ |= bit(role);
        return *this;
    }
    [[nodiscard]] constexpr bool has(Role role) const { return (bits_ & bit(role)) != 0; }
    [[nodiscard]] constexpr bool any_of(Roles other) const { return (bits_ & other.bits_) != 0; }
    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
    friend constexpr bool operator==(Roles, Roles) = default;

  private:
    static constexpr std::uint32_t bit(Role role) { return 1U << static_cast<unsigned>(role); }
    std::uint32_t bits_ = 0;
};

}  // namespace antin::domain
