// SPDX-License-Identifier: GPL-3.0-or-later
// name_table.hpp - numbers by the hash of a name, found with one look at memory.
//
// A linear hash table (W. Litwin, VLDB 1980): it grows and shrinks by one bucket at a time, so no
// change moves more than a bucket, where a common table copies a million entries at once now and
// then. A bucket is a cache line; few need a second. The names are the caller's, who says whether
// a number is the one of the name in question.

#pragma once

#include "router/matching/tree/node_pool.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace nearfab::router {

class NameTable {
public:
    using Number = std::uint32_t;

    NameTable() { static_cast<void>(heads_.take()); }

    // The number whose name has this hash and of which same(number) is true.
    template <class Same>
    [[nodiscard]] std::optional<Number> find(std::size_t hash, const Same& same) const {
        const auto part = static_cast<std::uint32_t>(hash);
        const Bucket* bucket = &heads_[head_of(part)];
        while (true) {
            for (std::size_t i = 0; i < bucket->count; ++i) {
                if (bucket->hash[i] == part && same(bucket->number[i])) return bucket->number[i];
            }
            if (bucket->next == none) return std::nullopt;
            bucket = &more_[bucket->next];
        }
    }
    // REQUIRES: it is not there.
    void add(std::size_t hash, Number number);
    // REQUIRES: it is there.
    void remove(std::size_t hash, Number number);

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t bytes() const { return heads_.bytes() + more_.bytes(); }

private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};
    static constexpr std::size_t bucket_size = 7;
    // On average, between which it neither grows nor shrinks.
    static constexpr std::size_t most_in_bucket = 4;
    static constexpr std::size_t least_in_bucket = 2;

    struct alignas(64) Bucket {
        std::array<std::uint32_t, bucket_size> hash{};  // The lower half.
        std::array<Number, bucket_size> number{};
        std::uint32_t count = 0;
        std::uint32_t next = none;  // The number of one in `more_`.
    };
    static_assert(sizeof(Bucket) == 64);

    [[nodiscard]] std::uint32_t head_of(std::uint32_t hash) const {
        const std::uint32_t head = hash & (round_ - 1);
        return head < heads_taken_ - round_ ? hash & (2 * round_ - 1) : head;
    }
    void put(std::uint32_t hash, Number number);
    void split();
    void join();
    // Takes everything out of the bucket with this head.
    [[nodiscard]] std::vector<std::pair<std::uint32_t, Number>> empty(std::uint32_t head);

    NodePool<Bucket> heads_;
    NodePool<Bucket> more_;
    std::uint32_t heads_taken_ = 1;
    std::uint32_t round_ = 1;  // The largest power of two that is not above it.
    std::size_t size_ = 0;
};

}  // namespace nearfab::router
