// SPDX-License-Identifier: GPL-3.0-or-later
// settle.hpp - the order of steps in which an agent carries out what its core wants.
//
// Records first, all in one commit; only when that is on the disk the rest, which may lead to more.
// It knows no clock, disk, machine or socket; the event loop drives it, and so does the simulation.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "node-agent/core/effect.hpp"
#include "node-agent/core/event.hpp"
#include "store/journal.hpp"

#include <functional>
#include <span>

namespace nearfab::agent {

struct SettleSteps {
    // Durable when it succeeds.
    std::function<Status(std::span<const Journal::Record>)> append;
    // A record is on the disk by then, and may be logged. It may put more into the effects that
    // are being settled.
    std::function<void(const Effect&)> carry_out;
    // The core must hear of this; what follows is settled as well.
    std::function<void(const Event&)> feed;
};

// Until there is nothing left. After an error of `append` the program must end: nothing that
// follows from those records was carried out.
[[nodiscard]] Status settle(Effects& effects, WallTime wall, const SettleSteps& steps);

}  // namespace nearfab::agent
