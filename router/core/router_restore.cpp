// SPDX-License-Identifier: GPL-3.0-or-later
// After older records were restored: listen first, then go on.
//
// The restored records may lack attempts that are being made. Every fab is asked for all that it
// remembers (an inquiry, see Ledger), and what it says of such attempts becomes a fact
// (EpochRaised, AttemptAdopted, AttemptClaimed). This one answer of each fab is believed and no
// other word, because whoever can add to the records at any time can make any part twice.
//
// Until every fab that the records know has answered, or any right to start of the time before has
// run out, nothing is offered and nothing may start. After that time new work goes on; what is as
// old as the records waits for the last of these fabs, which may be making it, or for the word of
// the network's operator that this fab is gone for good.

#include "proto/model/place.hpp"
#include "router/core/restored_hold.hpp"
#include "router/core/router.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace nearfab::router {
namespace {

// Of one work order, in the time that a backup lacks.
constexpr std::uint64_t lost_epochs_max = 1000;

}  // namespace

void Router::begin_generation() {
    if (options_.generation > ledger_.generation()) {
        const bool restored = ledger_.job_count() > 0 || !ledger_.known_fabs().empty();
        record(GenerationBegan{options_.generation, restored});
    }
    if (!ledger_.reconciling()) return;
    reconcile_until_ = now_.boot + options_.reconcile_window;
}

void Router::heard_in_inquiry(const FabId& fab) {
    // Of two programs with one key the other may know more.
    const FabRecord& known = ledger_.fab(fab);
    const bool is_news = known.heard < ledger_.inquiry() || known.written_off;
    if (known.suspicion || !is_news) return;
    const bool was_awaited = ledger_.awaited_in(ledger_.restored_inquiry()) != nullptr;
    record(FabHeard{fab});
    if (was_awaited) end_reconcile_if_heard("every fab that was known has been heard");
    match_wanted_ = true;
}

// It was analysed when the records were copied, so the lost ones may have queued it and more. What
// fabs said of its pieces before was about work that nobody knew. Only this work waits; and a
// backlog of analyses that end one after the other asks the fabs no more often than a restore does.
void Router::listen_for(const Job& queued) {
    if (ledger_.inquiry_about(queued) == 0 || ask_unheard_at_) return;
    const TimePoint next = asked_unheard_ + options_.reconcile_window;
    if (asked_unheard_ != TimePoint{} && next > now_.boot) {
        ask_unheard_at_ = next;
    } else {
        ask_unheard();
    }
}

void Router::ask_unheard() {
    ask_unheard_at_.reset();
    asked_unheard_ = now_.boot;
    for (const auto& [fab, seen] : fabs_.all()) {
        if (seen.connected && ledger_.fab(fab).heard < ledger_.inquiry()) {
            tell(fab, message::AskInventory{});
        }
    }
}

void Router::end_reconcile_if_heard(std::string how) {
    if (!ledger_.reconciling() || ledger_.awaited_in(ledger_.restored_inquiry()) != nullptr) return;
    record(Reconciled{std::move(how)});
    reconcile_until_.reset();
    match_wanted_ = true;
}

// Every epoch of this generation is in the records before anybody hears of it, so such an epoch is
// invented; but those of the generations since the job was submitted may be missing, because a
// backup was restored (also when it was still being analysed in these records: the lost ones queued
// it as well).
bool Router::may_be_lost(const WorkOrder& order, std::uint64_t epoch) const {
    const std::uint64_t born_in = ledger_.job(order.job)->born_in;
    if (epoch <= born_in * epochs_per_generation ||
        epoch > ledger_.generation() * epochs_per_generation || order.held_by.contains(epoch)) {
        return false;
    }
    // No records lose more attempts than this at one work order.
    const std::uint64_t generation_begin =
        (epoch - 1) / epochs_per_generation * epochs_per_generation;
    return epoch <= std::max(order.epoch_highest, generation_begin) + lost_epochs_max;
}

// The attempt before came to nothing. What has become of this one its fab says anew.
void Router::take_claim(const WorkOrder& order) {
    const std::uint64_t epoch = *order.claims.rbegin();
    const Candidate by = order.held_by.at(epoch);
    if (order.surplus.contains(epoch)) {
        record(SurplusFound{order.id, epoch, by.fab, "", true});
    } else {
        record(AttemptAdopted{order.id, epoch, by.fab, by.machine, by.distance_km});
    }
    attention_[order.id] = {};
    deadlines_.clear(order.id);
    tell(by.fab, message::AskInventory{});
    arm(order);
    settle(order);
}

double Router::distance_to(const FabId& fab, const WorkOrder& order) const {
    const FabSeen* seen = fabs_.find(fab);
    if (seen == nullptr || !seen->advertisement) return 0;
    return distance_km(ledger_.job(order.job)->spec.place_of_use, seen->advertisement->place);
}

std::string Router::refusal_while_reconciling() const {
    if (!reconcile_until_) return {};
    return fmt::format(
        "the router was restored from older records and listens to the fabs first; {} of them have "
        "not been heard yet",
        ledger_.count_awaited_in(ledger_.restored_inquiry()));
}

std::string refusal_of_restored(const Job& job, const Ledger& ledger) {
    const FabId* awaited = ledger.awaited_in(ledger.inquiry_about(job));
    if (awaited == nullptr) return {};
    return fmt::format(
        "{0}{1} may be making it: it has not said "
        "since what it has (if it is gone for good, the network's operator says so with: "
        "nearfab-router forgive --gone --fab {1})",
        restored_hold_words,
        awaited->text());
}

}  // namespace nearfab::router
