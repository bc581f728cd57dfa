// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/closed_jobs.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace nearfab::router {
namespace {

constexpr std::size_t block_bytes = std::size_t{256} << 10U;
constexpr std::size_t head_bytes = 4 + 8 + 1 + 1 + 1;
constexpr std::size_t slots_min = 64;
// More than so many that are gone, and more than there are: the rest moves together.
constexpr std::size_t gone_max = 1024;

static_assert(std::endian::native == std::endian::little, "records are little end first");

template <typename T>
void put(std::vector<std::uint8_t>& out, T number) {
    const std::size_t at = out.size();
    out.resize(at + sizeof number);
    std::memcpy(out.data() + at, &number, sizeof number);
}

template <typename T>
T get(std::span<const std::uint8_t> bytes, std::size_t at) {
    T number{};
    std::memcpy(&number, bytes.data() + at, sizeof number);
    return number;
}

std::string_view text_at(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t size) {
    const auto text = bytes.subspan(at, size);
    return {reinterpret_cast<const char*>(text.data()), text.size()};
}

// FNV-1a, folded. An id is made of a cryptographic hash already.
std::uint32_t hash_of_id(std::string_view id) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : id) {
        hash ^= static_cast<std::uint8_t>(c);
        hash *= 0x100000001b3U;
    }
    return static_cast<std::uint32_t>(hash ^ (hash >> 32U));
}

}  // namespace

void put_closed_job(std::vector<std::uint8_t>& out, const ClosedJob& job) {
    const std::size_t bytes = head_bytes + job.id.size() + job.submitter.size() + job.packed.size();
    NEARFAB_CHECK(
        job.id.size() <= UINT8_MAX && job.submitter.size() <= UINT8_MAX && bytes <= UINT32_MAX,
        "a closed job is too large for its record");
    put(out, static_cast<std::uint32_t>(bytes));
    put(out, static_cast<std::int64_t>(job.submitted_at.time_since_epoch().count()));
    put(out, static_cast<std::uint8_t>(job.state));
    put(out, static_cast<std::uint8_t>(job.id.size()));
    put(out, static_cast<std::uint8_t>(job.submitter.size()));
    for (const std::string_view text : {job.id, job.submitter, job.packed})
        out.insert(out.end(), text.begin(), text.end());
}

std::optional<ClosedJob> take_closed_job(std::span<const std::uint8_t>& bytes) {
    if (bytes.size() < head_bytes) return std::nullopt;
    const std::size_t whole = get<std::uint32_t>(bytes, 0);
    const std::size_t id = bytes[13];
    const std::size_t submitter = bytes[14];
    const std::size_t packed_at = head_bytes + id + submitter;
    if (whole > bytes.size() || whole < packed_at || id == 0) return std::nullopt;
    const auto state = static_cast<JobState>(bytes[12]);
    if (state > JobState::failed || !is_final(state)) return std::nullopt;
    ClosedJob job{text_at(bytes, head_bytes, id),
                  text_at(bytes, head_bytes + id, submitter),
                  state,
                  WallTime{Duration{get<std::int64_t>(bytes, 4)}},
                  text_at(bytes, packed_at, whole - packed_at)};
    bytes = bytes.subspan(whole);
    return job;
}

ClosedJob ClosedJobs::at(const Entry& entry) const {
    auto rest = std::span{blocks_[entry.block]}.subspan(entry.offset);
    const auto job = take_closed_job(rest);
    NEARFAB_CHECK(job.has_value(), "a record of a closed job has changed");
    return *job;
}

std::optional<std::uint32_t> ClosedJobs::number_of(std::string_view id) const {
    if (live_ == 0) return std::nullopt;
    const std::uint32_t hash = hash_of_id(id);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = hash & mask; slots_[slot] != none; slot = (slot + 1) & mask) {
        const Entry& entry = entries_[slots_[slot]];
        if (entry.hash == hash && entry.block != gone && at(entry).id == id) return slots_[slot];
    }
    return std::nullopt;
}

std::optional<ClosedJob> ClosedJobs::find(std::string_view id) const {
    const auto number = number_of(id);
    if (!number) return std::nullopt;
    return at(entries_[*number]);
}

// At most half of the slots are taken.
void ClosedJobs::widen() {
    if (slots_.size() >= 2 * (entries_.size() + 1)) return;
    slots_.assign(std::max(slots_min, std::bit_ceil(4 * (entries_.size() + 1))), none);
    const std::size_t mask = slots_.size() - 1;
    for (std::uint32_t number = 0; number < entries_.size(); ++number) {
        std::size_t slot = entries_[number].hash & mask;
        while (slots_[slot] != none)
            slot = (slot + 1) & mask;
        slots_[slot] = number;
    }
}

void ClosedJobs::enter(const ClosedJob& job, std::uint32_t block, std::uint32_t offset) {
    widen();
    const auto number = static_cast<std::uint32_t>(entries_.size());
    Entry entry{block, offset, hash_of_id(job.id), none};
    if (const auto last = last_of_.find(job.submitter); last != last_of_.end()) {
        entry.before = std::exchange(last->second, number);
    } else {
        last_of_.emplace(job.submitter, number);
    }
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = entry.hash & mask;
    while (slots_[slot] != none)
        slot = (slot + 1) & mask;
    slots_[slot] = number;
    entries_.push_back(entry);
    ++live_;
}

void ClosedJobs::add(const ClosedJob& job) {
    NEARFAB_CHECK(!number_of(job.id), "a job was closed twice");
    const std::size_t bytes = head_bytes + job.id.size() + job.submitter.size() + job.packed.size();
    if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < bytes) {
        blocks_.emplace_back().reserve(std::max(block_bytes, bytes));
    }
    const auto offset = static_cast<std::uint32_t>(blocks_.back().size());
    put_closed_job(blocks_.back(), job);
    bytes_ += bytes;
    enter(job, static_cast<std::uint32_t>(blocks_.size() - 1), offset);
}

Status ClosedJobs::add_records(std::span<const std::uint8_t> records) {
    const auto block = static_cast<std::uint32_t>(blocks_.size());
    blocks_.emplace_back(records.begin(), records.end());
    bytes_ += records.size();
    std::span<const std::uint8_t> rest{blocks_.back()};
    while (!rest.empty()) {
        const auto offset = static_cast<std::uint32_t>(records.size() - rest.size());
        const auto job = take_closed_job(rest);
        if (!job) return fail(ErrorCode::malformed, "bytes that are no closed job");
        if (number_of(job->id)) {
            return fail(ErrorCode::malformed,
                        "job " + std::string{job->id} + " stands there twice");
        }
        enter(*job, block, offset);
    }
    return {};
}

bool ClosedJobs::remove(const JobId& id) {
    const auto number = number_of(id.text());
    if (!number) return false;
    entries_[*number].block = gone;
    --live_;
    drop_removed();
    return true;
}

// All anew without the removed, once they are the larger part: so a change costs what it did.
void ClosedJobs::drop_removed() {
    const std::size_t removed = entries_.size() - live_;
    if (removed < gone_max || removed < live_) return;
    ClosedJobs fresh;
    each([&fresh](const ClosedJob& job) { fresh.add(job); });
    *this = std::move(fresh);
}

std::size_t ClosedJobs::bytes() const {
    return bytes_ + entries_.size() * sizeof(Entry) + slots_.size() * sizeof(std::uint32_t);
}

}  // namespace nearfab::router
