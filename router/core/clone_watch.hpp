// SPDX-License-Identifier: GPL-3.0-or-later
// clone_watch.hpp - finds out that two programs use the key of one fab.
//
// Each run of an agent has a random name of its own. A restart brings a new name, and the old one
// is never heard again. A name that was replaced by another and then comes back belongs to a
// program that was alive all the time: the disk of the fab was copied, or an old image of it was
// started again. Nothing else looks like this, however often an agent crashes.
//
// Nothing here is durable: two programs that are still alive show themselves again.

#pragma once

#include "base/id.hpp"

#include <deque>
#include <map>
#include <string>

namespace nearfab::router {

class CloneWatch {
public:
    // This run has the fab's session now. True: it had lost the session to another run before.
    bool saw(const FabId& fab, const std::string& run);
    // Begins anew, after somebody has looked.
    void forget(const FabId& fab) { fabs_.erase(fab); }

private:
    struct Runs {
        std::string present;
        std::deque<std::string> replaced;  // The last few; the newest is the last.
    };
    std::map<FabId, Runs> fabs_;
};

}  // namespace nearfab::router
