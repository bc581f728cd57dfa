// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/deadlines.hpp"

#include <algorithm>

namespace nearfab::router {

void Deadlines::set(const WorkOrderId& order, TimePoint at) {
    const auto [found, fresh] = at_.try_emplace(order, at);
    if (!fresh) {
        if (found->second == at) return;
        order_.erase({found->second, order});
        found->second = at;
    }
    order_.insert({at, order});
}

void Deadlines::clear(const WorkOrderId& order) {
    const auto found = at_.find(order);
    if (found == at_.end()) return;
    order_.erase({found->second, order});
    at_.erase(found);
}

std::optional<TimePoint> Deadlines::of(const WorkOrderId& order) const {
    const auto found = at_.find(order);
    if (found == at_.end()) return std::nullopt;
    return found->second;
}

std::optional<TimePoint> Deadlines::first() const {
    if (order_.empty()) return std::nullopt;
    return order_.begin()->first;
}

std::vector<WorkOrderId> Deadlines::take_due(TimePoint now) {
    std::vector<WorkOrderId> due;
    while (!order_.empty() && order_.begin()->first <= now) {
        due.push_back(order_.begin()->second);
        at_.erase(order_.begin()->second);
        order_.erase(order_.begin());
    }
    std::sort(due.begin(), due.end());
    return due;
}

}  // namespace nearfab::router
