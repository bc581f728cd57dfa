// SPDX-License-Identifier: GPL-3.0-or-later
// Work in doubt: how long it has been so for certain, and what ends it.

#include "router/core/router.hpp"

#include <algorithm>
#include <tuple>

namespace nearfab::router {
namespace {

// A restart loses no more of the time in doubt than this.
Duration counted_at_once(Duration whole) {
    return std::clamp<Duration>(whole / 4, std::chrono::minutes{1}, std::chrono::hours{1});
}

}  // namespace

std::optional<TimePoint> Router::deadline_of_doubtful(const WorkOrder& order) const {
    if (ledger_.job(order.job)->spec.redo.kind == RedoRule::Kind::at_once) return now_.boot;
    const auto found = attention_.find(order.id);
    if (found == attention_.end()) return std::nullopt;
    const auto& [counted, ask] = std::tie(found->second.counted_at, found->second.ask_at);
    if (counted && ask) return std::min(*counted, *ask);
    return counted ? counted : ask;
}

// What is left of the time after which the designer has it made again, if that is the rule.
Duration Router::doubt_left(const WorkOrder& order) const {
    const Duration whole = std::chrono::seconds{ledger_.job(order.job)->spec.redo.after_s};
    Duration counted = std::chrono::seconds{order.doubt_counted_s};
    const auto found = attention_.find(order.id);
    if (found != attention_.end() && found->second.counted_at) {
        counted += now_.boot - found->second.counted_from;
    }
    return std::max(Duration::zero(), whole - counted);
}

// Only time that passed while this router ran counts, on a clock that nobody sets; what earlier
// runs counted is in the records. Nothing that is said meanwhile puts the end of it off.
void Router::go_on_counting(const WorkOrder& order) {
    const RedoRule& redo = ledger_.job(order.job)->spec.redo;
    Attention& attention = attention_[order.id];
    if (redo.kind != RedoRule::Kind::after || attention.counted_at) return;
    attention.counted_from = now_.boot;
    attention.counted_at =
        now_.boot +
        std::min(doubt_left(order), counted_at_once(std::chrono::seconds{redo.after_s}));
}

// True: the designer's time is over.
bool Router::count_doubt(const WorkOrder& order) {
    const RedoRule& redo = ledger_.job(order.job)->spec.redo;
    if (redo.kind != RedoRule::Kind::after) return redo.kind == RedoRule::Kind::at_once;
    std::optional<TimePoint>& counted_at = attention_[order.id].counted_at;
    if (!counted_at || *counted_at > now_.boot) return false;
    const Duration left = doubt_left(order);
    counted_at.reset();
    if (left <= Duration::zero()) return true;
    const auto over =
        std::chrono::seconds{redo.after_s} - std::chrono::ceil<std::chrono::seconds>(left);
    record(DoubtCounted{order.id, order.epoch, over.count()});
    return false;
}

void Router::expire_doubtful(const WorkOrder& order) {
    const FabId fab = order.chosen.fab;
    std::optional<TimePoint>& ask_at = attention_[order.id].ask_at;
    if (ask_at && *ask_at <= now_.boot) {
        ask_at.reset();
        tell(fab, message::AskInventory{});
    }
    if (!count_doubt(order)) {
        arm(order);
        return;
    }
    const std::uint64_t epoch = order.epoch;
    move(order, WorkEvent::declared_lost, "by the rule chosen at submission");
    withdraw(fab, order.id, epoch, "declared lost; it is made elsewhere");
}

}  // namespace nearfab::router
