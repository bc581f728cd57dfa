// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/report.hpp"

#include <algorithm>

namespace nearfab {
namespace {

constexpr std::size_t first_requirement = static_cast<std::size_t>(WaitsFor::process);

static_assert(static_cast<std::size_t>(WaitsFor::trusted) ==
              static_cast<std::size_t>(Requirement::trusted) + first_requirement - 1);

}  // namespace

std::string to_string(WaitsFor what) {
    static constexpr std::array<const char*, first_requirement> own{
        "unknown", "not_tried", "a_place", "restored", "no_machine"};
    const auto number = static_cast<std::size_t>(what);
    if (number < own.size()) return own[number];
    return to_string(static_cast<Requirement>(number - first_requirement + 1));
}

WaitsFor waits_for(Requirement requirement) {
    if (requirement == Requirement::unknown) return WaitsFor::unknown;
    return static_cast<WaitsFor>(static_cast<std::size_t>(requirement) + first_requirement - 1);
}

WaitsFor lacking(const MatchReport& nobody_can) {
    if (!nobody_can.alternatives.empty()) {
        return waits_for(nobody_can.alternatives.front().requirement);
    }
    Requirement closest = Requirement::unknown;
    for (const Rejection& rejection : nobody_can.rejections)
        closest = std::max(closest, rejection.requirement);
    return closest == Requirement::unknown ? WaitsFor::no_machine : waits_for(closest);
}

std::string to_string(HangsOn what) {
    switch (what) {
        case HangsOn::unknown:
            return "unknown";
        case HangsOn::fab:
            return "fab";
        case HangsOn::owner:
            return "owner";
        case HangsOn::size:
            return "size";
    }
    return "unknown";
}

}  // namespace nearfab
