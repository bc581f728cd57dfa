// SPDX-License-Identifier: GPL-3.0-or-later
// node_pool.hpp - nodes by number, in blocks that never move.
//
// A growing vector would copy everything at once and stall one unlucky update; a block of 256 more
// costs the same for a small world and a large one.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace nearfab::router {

template <class Node>
class NodePool {
public:
    static constexpr std::uint32_t block_nodes = 256;

    [[nodiscard]] Node& operator[](std::uint32_t id) {
        return (*blocks_[id / block_nodes])[id % block_nodes];
    }
    [[nodiscard]] const Node& operator[](std::uint32_t id) const {
        return (*blocks_[id / block_nodes])[id % block_nodes];
    }

    // A node as new; its number may have belonged to a released one.
    [[nodiscard]] std::uint32_t take() {
        if (!released_.empty()) {
            const std::uint32_t id = released_.back();
            released_.pop_back();
            (*this)[id] = Node{};
            return id;
        }
        if (taken_ == blocks_.size() * block_nodes) blocks_.push_back(std::make_unique<Block>());
        return taken_++;
    }
    void release(std::uint32_t id) { released_.push_back(id); }

    // Numbers below this have been taken at least once.
    [[nodiscard]] std::uint32_t end() const { return taken_; }
    [[nodiscard]] std::size_t bytes() const {
        return blocks_.size() * sizeof(Block) + blocks_.capacity() * sizeof(void*) +
               released_.capacity() * sizeof(std::uint32_t);
    }

private:
    using Block = std::array<Node, block_nodes>;
    std::vector<std::unique_ptr<Block>> blocks_;
    std::vector<std::uint32_t> released_;
    std::uint32_t taken_ = 0;
};

}  // namespace nearfab::router
