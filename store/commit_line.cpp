// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/commit_line.hpp"

#include <utility>

namespace nearfab {

CommitLine::Ticket CommitLine::add(std::span<const std::uint8_t> payload, std::uint32_t count) {
    payload_.insert(payload_.end(), payload.begin(), payload.end());
    count_ += count;
    return ++handed_in_;
}

void CommitLine::take(Batch& batch) {
    batch.payload.clear();
    std::swap(batch.payload, payload_);
    batch.count = std::exchange(count_, 0);
    batch.upto = handed_in_;
}

void CommitLine::finish(const Batch& batch) {
    durable_ = batch.upto;
    commits_ += batch.count > 0 ? 1 : 0;
}

}  // namespace nearfab
