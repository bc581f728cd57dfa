// SPDX-License-Identifier: GPL-3.0-or-later
// closed_jobs.hpp - jobs that are over, as bytes: found by name, unpacked only when somebody asks.
//
// A router closes jobs for years and is asked about few of them. Here a job takes the bytes of its
// record and 24 more for finding it, and reading a snapshot with a million of them parses none: a
// piece of the snapshot is kept as it came.
//
// What is packed is opaque; the shell has the codec (JobPacking). What lists need to know of a job
// stands in front of it, little end first:
//
//     u32 bytes of the whole record
//     i64 submitted, milliseconds of the wall clock
//     u8  JobState
//     u8  bytes of the id, u8 bytes of the submitter's name; then both texts; then what is packed
//
// Not safe to share between threads.

#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "proto/model/job.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nearfab::router {

// A record, without looking at what is packed in it. The texts are views into the record.
struct ClosedJob {
    std::string_view id;
    std::string_view submitter;
    JobState state = JobState::unknown;
    WallTime submitted_at;
    std::string_view packed;
};

// Appends one record. REQUIRES: names within limits::name_bytes_max, a record below 4 GiB.
void put_closed_job(std::vector<std::uint8_t>& out, const ClosedJob& job);
// Takes one record off the front; none when the bytes are no record.
[[nodiscard]] std::optional<ClosedJob> take_closed_job(std::span<const std::uint8_t>& bytes);

class ClosedJobs {
public:
    // REQUIRES: no job of this name is here.
    void add(const ClosedJob& job);
    // Whole records, one behind the other. Error: malformed, or a job that is here already.
    [[nodiscard]] Status add_records(std::span<const std::uint8_t> records);
    // It is open again. False: it was not here.
    bool remove(const JobId& id);

    // The views count until the next change.
    [[nodiscard]] std::optional<ClosedJob> find(std::string_view id) const;
    [[nodiscard]] bool contains(const JobId& id) const { return number_of(id.text()).has_value(); }
    [[nodiscard]] std::size_t size() const { return live_; }
    // Of the records and of what finds them.
    [[nodiscard]] std::size_t bytes() const;

    // Oldest record first.
    template <typename Visit>
    void each(const Visit& visit) const {
        for (const Entry& entry : entries_) {
            if (entry.block != gone) visit(at(entry));
        }
    }
    // Newest record first.
    template <typename Visit>
    void each_of(const IdentityId& submitter, const Visit& visit) const {
        const auto last = last_of_.find(submitter.text());
        if (last == last_of_.end()) return;
        for (std::uint32_t number = last->second; number != none;) {
            const Entry& entry = entries_[number];
            if (entry.block != gone) visit(at(entry));
            number = entry.before;
        }
    }

private:
    static constexpr std::uint32_t none = UINT32_MAX;
    static constexpr std::uint32_t gone = UINT32_MAX;  // As a block.

    struct Entry {
        std::uint32_t block = gone;
        std::uint32_t offset = 0;
        std::uint32_t hash = 0;       // Of the id.
        std::uint32_t before = none;  // The one before it of the same submitter.
    };
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };

    [[nodiscard]] ClosedJob at(const Entry& entry) const;
    [[nodiscard]] std::optional<std::uint32_t> number_of(std::string_view id) const;
    void enter(const ClosedJob& job, std::uint32_t block, std::uint32_t offset);
    void widen();
    void drop_removed();

    std::vector<std::vector<std::uint8_t>> blocks_;
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> slots_;  // Numbers of entries by hash, open addressing.
    std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> last_of_;
    std::size_t live_ = 0;
    std::size_t bytes_ = 0;  // Of all blocks.
};

}  // namespace nearfab::router
