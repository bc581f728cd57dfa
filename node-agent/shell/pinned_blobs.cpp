// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/pinned_blobs.hpp"

#include <utility>

namespace nearfab::agent {

PinnedBlobs::Pin::Pin(PinnedBlobs& pins, const ContentHash& hash) : pins_{&pins}, hash_{hash} {
    const std::lock_guard lock{pins_->mutex_};
    ++pins_->counts_[hash_];
}

PinnedBlobs::Pin::Pin(Pin&& other) noexcept
    : pins_{std::exchange(other.pins_, nullptr)}, hash_{other.hash_} {}

PinnedBlobs::Pin::~Pin() {
    if (pins_ == nullptr) return;
    const std::lock_guard lock{pins_->mutex_};
    const auto at = pins_->counts_.find(hash_);
    if (--at->second == 0) pins_->counts_.erase(at);
}

void PinnedBlobs::unless_pinned(const ContentHash& hash, const std::function<void()>& remove) {
    const std::lock_guard lock{mutex_};
    if (!counts_.contains(hash)) remove();
}

}  // namespace nearfab::agent
