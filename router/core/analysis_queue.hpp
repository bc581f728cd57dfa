// SPDX-License-Identifier: GPL-3.0-or-later
// analysis_queue.hpp - the designs that wait for their analysis: one submitter after the other.
//
// Each submitter has a line of its own, first come first served; the lines take turns. So who
// submits a hundred designs waits for a hundred analyses, and who submits one waits for as many as
// there are submitters. The lengths are bounded where jobs are accepted, not here: what was
// accepted is analysed, also after a restart.

#pragma once

#include "base/id.hpp"
#include "proto/model/part.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>

namespace nearfab::router {

class AnalysisQueue {
public:
    // So many are given out at the same time: one is worked on, one is ready to follow it.
    static constexpr std::size_t at_once = 2;

    [[nodiscard]] bool knows(const DesignReading& design) const { return known_.contains(design); }
    // Nothing happens when it is known.
    void add(const IdentityId& submitter, const DesignReading& design);
    // The next to be given out, if there is room for it.
    [[nodiscard]] std::optional<DesignReading> next();
    void done(const DesignReading& design);

    // Waiting and given out.
    [[nodiscard]] std::size_t size() const { return known_.size(); }
    // Waiting in this line.
    [[nodiscard]] std::size_t waiting_of(const IdentityId& submitter) const;

private:
    std::map<IdentityId, std::deque<DesignReading>> lines_;
    IdentityId served_;  // Whose line was served last.
    std::set<DesignReading> known_;
    std::set<DesignReading> given_out_;
};

}  // namespace nearfab::router
