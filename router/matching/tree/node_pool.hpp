// SPDX-License-Identifier: GPL-3.0-or-later
// node_pool.hpp - nodes by number, in blocks that never move.
//
// A growing vector would copy everything at once and stall one unlucky update. A block is address
// space for thousands of nodes whose pages come as they are used; beyond the first 2 MiB of a pool
// they are large pages, because a search jumps from node to node.

#pragma once

#include "base/large_pages.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

namespace nearfab::router {

template <class Node>
class NodePool {
public:
    NodePool() = default;
    ~NodePool() {
        if constexpr (!std::is_trivially_destructible_v<Node>) {
            for (std::uint32_t id = 0; id < taken_; ++id)
                std::destroy_at(&(*this)[id]);
        }
    }
    NodePool(const NodePool&) = delete;
    NodePool& operator=(const NodePool&) = delete;

    static constexpr std::uint32_t block_nodes =
        std::max<std::uint32_t>(1U << 14U, std::bit_floor(large_page_bytes / sizeof(Node)));

    [[nodiscard]] Node& operator[](std::uint32_t id) {
        return nodes_[id / block_nodes][id % block_nodes];
    }
    [[nodiscard]] const Node& operator[](std::uint32_t id) const {
        return nodes_[id / block_nodes][id % block_nodes];
    }

    // A node as new; its number may have belonged to a released one.
    [[nodiscard]] std::uint32_t take() {
        std::uint32_t id = taken_;
        if (released_.empty()) {
            if (taken_ == blocks_.size() * block_nodes) add_block();
            std::construct_at(&(*this)[id]);
            ++taken_;
        } else {
            id = released_.back();
            released_.pop_back();
            (*this)[id] = Node{};
        }
        return id;
    }
    // What it held is given up at once.
    void release(std::uint32_t id) {
        if constexpr (!std::is_trivially_destructible_v<Node>) (*this)[id] = Node{};
        released_.push_back(id);
    }

    // Numbers below this have been taken at least once.
    [[nodiscard]] std::uint32_t end() const { return taken_; }
    // Pages that have been used, and what keeps track of them.
    [[nodiscard]] std::size_t bytes() const {
        const std::size_t nodes = taken_ * sizeof(Node);
        const std::size_t page = nodes > large_page_bytes ? large_page_bytes : 4096;
        return (nodes + page - 1) / page * page +
               blocks_.capacity() * (sizeof(LargeBlock) + sizeof(Node*)) +
               released_.capacity() * sizeof(std::uint32_t);
    }

private:
    static constexpr std::size_t block_bytes =
        (block_nodes * sizeof(Node) + large_page_bytes - 1) / large_page_bytes * large_page_bytes;

    void add_block() {
        nodes_.reserve(blocks_.size() + 1);
        blocks_.emplace_back(block_bytes, blocks_.empty() ? large_page_bytes : 0);
        nodes_.push_back(reinterpret_cast<Node*>(blocks_.back().data()));
    }

    std::vector<LargeBlock> blocks_;
    std::vector<Node*> nodes_;
    std::vector<std::uint32_t> released_;
    std::uint32_t taken_ = 0;
};

}  // namespace nearfab::router
