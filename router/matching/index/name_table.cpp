// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/index/name_table.hpp"

#include "base/check.hpp"

namespace nearfab::router {

void NameTable::add(std::size_t hash, Number number) {
    put(static_cast<std::uint32_t>(hash), number);
    if (++size_ > most_in_bucket * heads_taken_) split();
}

void NameTable::put(std::uint32_t hash, Number number) {
    Bucket* bucket = &heads_[head_of(hash)];
    while (bucket->count == bucket_size) {
        if (bucket->next == none) bucket->next = more_.take();
        bucket = &more_[bucket->next];
    }
    bucket->hash[bucket->count] = hash;
    bucket->number[bucket->count] = number;
    ++bucket->count;
}

void NameTable::remove(std::size_t hash, Number number) {
    const auto part = static_cast<std::uint32_t>(hash);
    const std::uint32_t head = head_of(part);
    // Only the last bucket of a chain has room, so its last entry fills the gap.
    Bucket* before_last = nullptr;
    Bucket* last = &heads_[head];
    std::pair<Bucket*, std::size_t> gap{nullptr, 0};
    while (true) {
        for (std::size_t i = 0; i < last->count; ++i) {
            if (last->hash[i] == part && last->number[i] == number) gap = {last, i};
        }
        if (last->next == none) break;
        before_last = last;
        last = &more_[last->next];
    }
    NEARFAB_CHECK(gap.first != nullptr, "a name was forgotten twice");
    --last->count;
    gap.first->hash[gap.second] = last->hash[last->count];
    gap.first->number[gap.second] = last->number[last->count];
    if (last->count == 0 && before_last != nullptr) {
        more_.release(std::exchange(before_last->next, none));
    }
    if (--size_ < least_in_bucket * (heads_taken_ - 1)) join();
}

std::vector<std::pair<std::uint32_t, NameTable::Number>> NameTable::empty(std::uint32_t head) {
    std::vector<std::pair<std::uint32_t, Number>> all;
    const auto take_from = [&all](const Bucket& bucket) {
        for (std::size_t i = 0; i < bucket.count; ++i)
            all.emplace_back(bucket.hash[i], bucket.number[i]);
        return bucket.next;
    };
    std::uint32_t next = take_from(heads_[head]);
    heads_[head] = {};
    while (next != none) {
        const std::uint32_t emptied = next;
        next = take_from(more_[emptied]);
        more_.release(emptied);
    }
    return all;
}

// The first bucket that is still of the last round gets a twin.
void NameTable::split() {
    const std::uint32_t head = heads_taken_ - round_;
    const std::uint32_t twin = heads_.take();
    NEARFAB_CHECK(twin == heads_taken_, "heads are taken in order");
    const auto both = empty(head);
    if (++heads_taken_ == 2 * round_) round_ = heads_taken_;
    for (const auto& [hash, number] : both)
        put(hash, number);
}

// The last bucket goes back into the one that it was split from.
void NameTable::join() {
    const std::uint32_t twin = heads_taken_ - 1;
    const auto its = empty(twin);
    heads_.release(twin);
    if (--heads_taken_ < round_) round_ /= 2;
    for (const auto& [hash, number] : its)
        put(hash, number);
}

}  // namespace nearfab::router
