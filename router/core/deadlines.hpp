// SPDX-License-Identifier: GPL-3.0-or-later
// deadlines.hpp - which work order waits for which moment, and which of them comes first.
//
// An order has one deadline at most; what happens then follows from its state. All is logarithmic
// in their number, so a hundred thousand open orders cost a turn nothing.

#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace nearfab::router {

class Deadlines {
public:
    void set(const WorkOrderId& order, TimePoint at);
    void clear(const WorkOrderId& order);
    [[nodiscard]] std::optional<TimePoint> of(const WorkOrderId& order) const;
    [[nodiscard]] bool has(const WorkOrderId& order) const { return at_.contains(order); }

    [[nodiscard]] std::optional<TimePoint> first() const;
    // Those that have come, in the order of their names; they have none afterwards.
    [[nodiscard]] std::vector<WorkOrderId> take_due(TimePoint now);

private:
    std::map<WorkOrderId, TimePoint> at_;
    std::set<std::pair<TimePoint, WorkOrderId>> order_;
};

}  // namespace nearfab::router
