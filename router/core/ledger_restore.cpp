// SPDX-License-Identifier: GPL-3.0-or-later
// What the ledger knows after older records were restored: which fabs are still to be heard, which
// attempts they told of, and whose word is not taken.

#include "base/check.hpp"
#include "router/core/ledger.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace nearfab::router {

void Ledger::index_awaited(const FabId& id, bool there) {
    const FabRecord& record = fab(id);
    const std::pair entry{std::max(record.heard, record.not_awaited), id};
    if (!there) {
        awaited_.erase(entry);
    } else if (known_fabs_.contains(id) && !record.written_off) {
        awaited_.insert(entry);
    }
}

std::uint64_t Ledger::inquiry_about(const Job& job) const {
    if (job.born_in >= generation_) return 0;
    return std::max(job.inquiry, restored_inquiry_);
}

const FabId* Ledger::awaited_in(std::uint64_t inquiry) const {
    const auto first = awaited_.begin();
    return first == awaited_.end() || first->first >= inquiry ? nullptr : &first->second;
}

std::size_t Ledger::count_awaited_in(std::uint64_t inquiry) const {
    const auto end = std::find_if(
        awaited_.begin(), awaited_.end(), [&](const auto& fab) { return fab.first >= inquiry; });
    return static_cast<std::size_t>(std::distance(awaited_.begin(), end));
}

void Ledger::take(WallTime, const GenerationBegan& fact) {
    NEARFAB_CHECK(fact.generation > generation_, "a generation began twice");
    generation_ = fact.generation;
    reconciling_ = fact.restored;
    if (fact.restored) restored_inquiry_ = ++inquiry_;
}

// Every fab of the last restore has been heard. Records of a time before FabHeard say no more.
void Ledger::take(WallTime, const Reconciled&) {
    reconciling_ = false;
    while (const FabId* awaited = awaited_in(restored_inquiry_)) {
        const FabId id = *awaited;
        index_awaited(id, false);
        fabs_[id].not_awaited = restored_inquiry_;
        index_awaited(id, true);
    }
}

void Ledger::take(WallTime at, const EpochRaised& fact) {
    WorkOrder& order = known_order(fact.work_order);
    order.epoch_highest = std::max(order.epoch_highest, fact.epoch);
    note(at,
         known_job(order.job),
         order.id,
         fmt::format("{} reports attempt {}, which these records do not hold: they are older than "
                     "what happened",
                     fact.fab.text(),
                     fact.epoch));
}

void Ledger::take(WallTime at, const AttemptAdopted& fact) {
    WorkOrder& order = known_order(fact.work_order);
    NEARFAB_CHECK(!order.held_by.contains(fact.epoch) || order.claims.contains(fact.epoch),
                  "an attempt that is known was adopted");
    order.claims.erase(fact.epoch);
    index(order, false);
    order.chosen = Candidate{};
    order.energy_confidence.clear();
    order.chosen.fab = fact.fab;
    order.chosen.machine = fact.machine;
    order.chosen.distance_km = fact.distance_km;
    index(order, true);
    move(order, WorkEvent::adopted);
    begin_attempt(order, fact.epoch);
    order.held_by[fact.epoch] = order.chosen;
    Job& job = known_job(order.job);
    move(job, JobStep::placed);
    note(at,
         job,
         order.id,
         fmt::format(
             "attempt {} at {} is taken back into these records", fact.epoch, fact.fab.text()));
}

void Ledger::take(WallTime at, const AttemptClaimed& fact) {
    WorkOrder& order = known_order(fact.work_order);
    NEARFAB_CHECK(!order.held_by.contains(fact.epoch), "an attempt that is known was claimed");
    Candidate by;
    by.fab = fact.fab;
    by.machine = fact.machine;
    by.distance_km = fact.distance_km;
    order.held_by[fact.epoch] = std::move(by);
    order.claims.insert(fact.epoch);
    order.epoch_highest = std::max(order.epoch_highest, fact.epoch);
    const std::string counts =
        is_final(order.state)
            ? "which is not needed any more"
            : fmt::format("which counts if attempt {} comes to nothing", order.epoch);
    note(at,
         known_job(order.job),
         order.id,
         fmt::format("{} says that it has attempt {}, {}", fact.fab.text(), fact.epoch, counts));
}

void Ledger::take(WallTime, const FabHeard& fact) {
    index_awaited(fact.fab, false);
    FabRecord& fab = fabs_[fact.fab];
    fab.heard = inquiry_;
    fab.written_off = false;
    index_awaited(fact.fab, true);
}

void Ledger::take(WallTime, const DoubtCounted& fact) {
    known_order(fact.work_order).doubt_counted_s = fact.seconds;
}

void Ledger::take(WallTime, const FabWrittenOff& fact) {
    index_awaited(fact.fab, false);
    fabs_[fact.fab].written_off = true;
}

void Ledger::take(WallTime at, const FabSuspected& fact) {
    // What it has said may have been the word of the copy.
    index_awaited(fact.fab, false);
    FabRecord& fab = fabs_[fact.fab];
    fab.suspicion = FabRecord::Suspicion{fact.key, at};
    fab.heard = fab.not_awaited = 0;
    index_awaited(fact.fab, true);
}

void Ledger::take(WallTime, const FabCleared& fact) {
    fabs_[fact.fab].suspicion.reset();
}

}  // namespace nearfab::router
