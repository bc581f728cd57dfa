// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/turn_line.hpp"

#include "router/shell/fact_codec.hpp"
#include "store/journal_frame.hpp"

#include <utility>

namespace nearfab::router {

std::size_t TurnLine::add(WallTime wall, Effects effects, Handled handled, const Submit& submit) {
    payload_.clear();
    std::uint32_t records = 0;
    for (const Effect& effect : effects) {
        const auto* record = std::get_if<Record>(&effect);
        if (record == nullptr) continue;
        frame::put_fact(payload_, wall, encode_fact(record->fact));
        ++records;
    }
    if (records > 0) last_ = submit(payload_, records);
    // A turn without records may rest on those of the turns before, so it waits behind them.
    if (!effects.empty() || !handled.empty()) {
        turns_.push_back({last_, std::move(effects), std::move(handled)});
    }
    return payload_.size();
}

std::optional<TurnLine::Turn> TurnLine::next(Ticket durable) {
    if (turns_.empty() || turns_.front().ticket > durable) return std::nullopt;
    Turn turn = std::move(turns_.front());
    turns_.pop_front();
    return turn;
}

}  // namespace nearfab::router
