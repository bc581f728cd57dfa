// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/clone_watch.hpp"

#include <algorithm>
#include <cstddef>

namespace nearfab::router {
namespace {

constexpr std::size_t replaced_max = 8;

}  // namespace

bool CloneWatch::saw(const FabId& fab, const std::string& run) {
    Runs& runs = fabs_[fab];
    if (runs.present == run) return false;
    const bool back =
        std::find(runs.replaced.begin(), runs.replaced.end(), run) != runs.replaced.end();
    if (!runs.present.empty()) runs.replaced.push_back(runs.present);
    if (runs.replaced.size() > replaced_max) runs.replaced.pop_front();
    runs.present = run;
    return back;
}

}  // namespace nearfab::router
