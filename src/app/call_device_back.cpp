#include "app/call_device_back.hpp"

#include <algorithm>

#include "app/bench_work.hpp"
#include "domain/certificate_workflow.hpp"
#include "store/subscriber_certificates.hpp"

namespace antin::app {

Result<bool> call_device_back(sql::Transaction& tx, Services& services, std::string_view serial,
                              const std::string& from_whom) {
    const auto certificate = store::find_subscriber_certificate(tx, serial);
    if (!certificate || !certificate->device_id) return false;
    auto device = store::find_device(tx, *certificate->device_id);
    if (!device || device->kind == domain::Carrier::CentralSigning) return false;
    const Instant now = services.clock.now();
    const auto all = store::certificates_on_device(tx, device->id);
    const bool in_use = std::ranges::any_of(all, [&](const auto& other) {
        return other.serial != serial && !domain::is_final(other.state_on(now));
    });
    if (in_use) return false;
    domain::DeviceFacts facts;
    facts.state = device->state;
    const auto possible =
        domain::decide(facts, domain::DeviceAction::CallBack, domain::Role::System);
    if (std::holds_alternative<domain::Objection>(possible)) return false;  // in stock, lost …
    ANTIN_CHECK(advance_device(tx, services, Actor::system("Ấn Tín"), domain::Role::System, *device,
                               domain::DeviceAction::CallBack, from_whom, {}));
    return true;
}

}  // namespace antin::app
