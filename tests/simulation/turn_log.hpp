// SPDX-License-Identifier: GPL-3.0-or-later
// turn_log.hpp - INV3 at the moment it could be broken: when an acknowledgement leaves a program.
//
// For each numbered message that a program took in, it knows how many rows the journal must hold
// before the other side may be told that the message is safe.

#pragma once

#include "proto/codec/codec.hpp"
#include "tests/simulation/oracle.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>

namespace nearfab::simulation {

class TurnLog {
public:
    void took(std::uint64_t session, std::uint64_t sequence, std::size_t rows_needed) {
        if (sequence != 0) needed_[{session, sequence}] = rows_needed;
    }

    void check_frame(std::span<const std::uint8_t> bytes, std::size_t synced) {
        const auto head = decode_head(bytes);
        if (!head || head->acknowledged == 0) return;
        const auto first = needed_.lower_bound({head->session, 0});
        const auto last = needed_.upper_bound({head->session, head->acknowledged});
        for (auto at = first; at != last; ++at) {
            if (at->second <= synced) continue;
            throw Violation{"INV3: message " + std::to_string(at->first.second) +
                            " was acknowledged before what follows from it was on the disk"};
        }
        needed_.erase(first, last);
    }

private:
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> needed_;
};

}  // namespace nearfab::simulation
