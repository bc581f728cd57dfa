// SPDX-License-Identifier: GPL-3.0-or-later
// After older records were restored: listen first, then go on.
//
// The restored records may lack attempts that are being made. Fabs report them in their
// inventories, and what they report becomes a fact (EpochRaised, AttemptAdopted). Until every fab
// that the records know has done so, or any right to start of the time before has run out, nothing
// is offered and nothing may start.

#include "router/core/router.hpp"

#include <fmt/format.h>

namespace nearfab::router {

void Router::begin_generation() {
    if (options_.generation > ledger_.generation()) {
        const bool restored = !ledger_.jobs().empty() || !ledger_.known_fabs().empty();
        record(GenerationBegan{options_.generation, restored});
    }
    if (!ledger_.reconciling()) return;
    reconcile_until_ = now_.boot + options_.reconcile_window;
    unheard_ = ledger_.known_fabs();
}

void Router::heard_after_restore(const FabId& fab) {
    if (!reconcile_until_) return;
    const bool was_known = unheard_.erase(fab) > 0;
    if (was_known && unheard_.empty()) end_reconcile("every fab that was known has been heard");
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

}  // namespace nearfab::router
