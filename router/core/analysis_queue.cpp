// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/analysis_queue.hpp"

namespace nearfab::router {

void AnalysisQueue::add(const IdentityId& submitter, const DesignReading& design) {
    if (known_.insert(design).second) lines_[submitter].push_back(design);
}

std::optional<DesignReading> AnalysisQueue::next() {
    if (lines_.empty() || given_out_.size() >= at_once) return std::nullopt;
    auto line = lines_.upper_bound(served_);
    if (line == lines_.end()) line = lines_.begin();
    const DesignReading design = line->second.front();
    line->second.pop_front();
    served_ = line->first;
    if (line->second.empty()) lines_.erase(line);
    given_out_.insert(design);
    return design;
}

void AnalysisQueue::done(const DesignReading& design) {
    if (given_out_.erase(design) > 0) known_.erase(design);
}

std::size_t AnalysisQueue::waiting_of(const IdentityId& submitter) const {
    const auto line = lines_.find(submitter);
    return line == lines_.end() ? 0 : line->second.size();
}

}  // namespace nearfab::router
