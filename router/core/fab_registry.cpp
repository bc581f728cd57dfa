// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/fab_registry.hpp"

#include <utility>

namespace nearfab::router {

void FabRegistry::connected(const FabId& fab,
                            const std::string& run,
                            const std::string& key,
                            TimePoint now) {
    FabSeen& seen = fabs_[fab];
    if (seen.run != run || seen.run_since == TimePoint{}) seen.run_since = now;
    seen.connected = true;
    seen.run = run;
    seen.key = key;
}

void FabRegistry::lost(const FabId& fab, TimePoint now) {
    FabSeen& seen = fabs_[fab];
    if (!seen.connected) return;
    seen.connected = false;
    seen.lost_at = now;
}

void FabRegistry::advertised(const FabId& fab,
                             std::shared_ptr<const Advertisement> advertisement,
                             TimePoint now) {
    FabSeen& seen = fabs_[fab];
    seen.advertisement = std::move(advertisement);
    seen.advertised_at = now;
}

const FabSeen* FabRegistry::find(const FabId& fab) const {
    const auto found = fabs_.find(fab);
    return found == fabs_.end() ? nullptr : &found->second;
}

bool FabRegistry::is_connected(const FabId& fab) const {
    const FabSeen* seen = find(fab);
    return seen != nullptr && seen->connected;
}

bool FabRegistry::is_live(const FabId& fab, TimePoint now) const {
    const FabSeen* seen = find(fab);
    return seen != nullptr && seen->connected && seen->advertisement &&
           now <= seen->advertised_at + std::chrono::seconds{seen->advertisement->valid_s};
}

}  // namespace nearfab::router
