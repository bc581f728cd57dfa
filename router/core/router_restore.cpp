// SPDX-License-Identifier: GPL-3.0-or-later
// After older records were restored: listen first, then go on.
//
// The restored records may lack attempts that are being made. Fabs report them in their
// inventories, and what they report becomes a fact (EpochRaised, AttemptAdopted). Until every fab
// that the records know has done so, or any right to start of the time before has run out, nothing
// is offered and nothing may start. After that time new work goes on; what is as old as the records
// waits for the last of these fabs, which may be making it, or for the word of the network's
// operator that this fab is not to be waited for.

#include "router/core/restored_hold.hpp"
#include "router/core/router.hpp"

#include <fmt/format.h>

namespace nearfab::router {

void Router::begin_generation() {
    if (options_.generation > ledger_.generation()) {
        const bool restored = ledger_.job_count() > 0 || !ledger_.known_fabs().empty();
        record(GenerationBegan{options_.generation, restored});
    }
    if (!ledger_.reconciling()) return;
    reconcile_until_ = now_.boot + options_.reconcile_window;
    unheard_ = ledger_.known_fabs();
}

void Router::heard_after_restore(const FabId& fab) {
    const bool was_known = unheard_.erase(fab) > 0;
    if (!was_known) return;
    if (unheard_.empty()) end_reconcile("every fab that was known has been heard");
    match_wanted_ = true;
}

// It was analysed when the records were copied, so the lost ones may have queued it and more. What
// fabs said of its pieces before was about work that nobody knew.
void Router::listen_for(const Job& queued) {
    if (queued.born_in >= ledger_.generation()) return;
    reconcile_until_ = now_.boot + options_.reconcile_window;
    unheard_ = ledger_.known_fabs();
    for (const auto& [fab, seen] : fabs_.all()) {
        if (seen.connected) tell(fab, message::AskInventory{});
    }
}

void Router::end_reconcile(std::string how) {
    record(Reconciled{std::move(how)});
    reconcile_until_.reset();
    unheard_.clear();
    match_wanted_ = true;
}

std::string Router::refusal_while_reconciling() const {
    if (!reconcile_until_) return {};
    return fmt::format(
        "the router was restored from older records and listens to the fabs first; {} of them have "
        "not been heard yet",
        unheard_.size());
}

std::string refusal_of_restored(const Job& job,
                                std::uint64_t generation,
                                const std::set<FabId>& unheard) {
    if (unheard.empty() || job.born_in >= generation) return {};
    return fmt::format(
        "the router was restored from older records, and {0} may be making it: it has not been "
        "heard "
        "since (if it is gone for good, the network's operator says so with: nearfab-router "
        "forgive "
        "--fab {0})",
        unheard.begin()->text());
}

}  // namespace nearfab::router
