// SPDX-License-Identifier: GPL-3.0-or-later
// fab_registry.hpp - the fabs as their agents describe them now.
//
// Nothing here is durable: after a restart the agents say it all again.

#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "proto/model/capability.hpp"

#include <map>
#include <memory>
#include <string>

namespace nearfab::router {

struct FabSeen {
    std::shared_ptr<const Advertisement> advertisement;  // Null: it has not said anything yet.
    TimePoint advertised_at;
    bool connected = false;
    std::string run;      // Of its agent, since it connected last; empty: not known.
    TimePoint run_since;  // When this run took the place of another.
    std::string key;      // The public key it connected with last.
    TimePoint lost_at;    // When it was last seen leaving; meaningless while connected.
};

class FabRegistry {
public:
    void connected(const FabId& fab, const std::string& run, const std::string& key, TimePoint now);
    void lost(const FabId& fab, TimePoint now);
    void advertised(const FabId& fab,
                    std::shared_ptr<const Advertisement> advertisement,
                    TimePoint now);

    [[nodiscard]] const FabSeen* find(const FabId& fab) const;
    [[nodiscard]] bool is_connected(const FabId& fab) const;
    // Connected and its advertisement has not run out.
    [[nodiscard]] bool is_live(const FabId& fab, TimePoint now) const;
    [[nodiscard]] const std::map<FabId, FabSeen>& all() const { return fabs_; }

private:
    std::map<FabId, FabSeen> fabs_;
};

}  // namespace nearfab::router
