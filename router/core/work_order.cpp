// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/work_order.hpp"

#include <array>

namespace nearfab::router {
namespace {

using S = WorkOrderState;
using E = WorkEvent;

// clang-format off
constexpr std::array<WorkStep, 53> table{{
    {S::queued, E::offered, S::offered,
        "router", "the nearest able fab has a place; the epoch is new",
        "Offer"},
    {S::queued, E::cancelled, S::cancelled,
        "designer", "",
        ""},
    {S::queued, E::given_up, S::failed_final,
        "router", "3 attempts failed",
        "the job ends when all its pieces have"},
    {S::queued, E::recovered, S::produced,
        "agent", "a given-up attempt has a part after all; the job is wanted",
        "the part is this one"},
    {S::queued, E::adopted, S::in_doubt,
        "agent", "reports an epoch newer than these records (an older backup)",
        "the epoch counts as used"},

    {S::offered, E::reserved, S::reserved,
        "agent", "same fab and epoch",
        "ConfirmReservation"},
    {S::offered, E::released, S::queued,
        "agent, router", "declined, ran out, or the fab is suspected",
        "the fab rests; matched again"},
    {S::offered, E::cancelled, S::cancelled,
        "designer", "",
        "WithdrawWork"},
    {S::offered, E::recovered, S::produced,
        "agent", "a given-up attempt has a part after all",
        "WithdrawWork to the other fab"},

    {S::reserved, E::released, S::queued,
        "agent, router", "given back, unknown there, silent or idle too long",
        "matched again"},
    {S::reserved, E::failed, S::queued,
        "agent", "the design could not be prepared",
        "counts as a failure; another fab"},
    {S::reserved, E::authorised, S::authorised,
        "agent", "a fresh nonce; design, machine, bed and person are right; not cancelled",
        "StartRight, after the sync"},
    {S::reserved, E::never_started, S::queued,
        "agent", "given back before the answer came",
        "matched again"},
    {S::reserved, E::cancelled, S::cancelled,
        "designer", "",
        "WithdrawWork"},
    {S::reserved, E::recovered, S::produced,
        "agent", "a given-up attempt has a part after all",
        "WithdrawWork to the other fab"},
    {S::reserved, E::started, S::producing,
        "agent", "only after an older backup: the right was given and forgotten",
        ""},
    {S::reserved, E::produced, S::produced,
        "agent", "as above",
        ""},
    {S::reserved, E::doubted, S::in_doubt,
        "agent", "as above",
        ""},
    {S::reserved, E::inspected, S::inspected,
        "agent", "as above",
        ""},
    {S::reserved, E::rejected, S::queued,
        "agent", "as above",
        "matched again"},
    {S::reserved, E::delivered, S::delivered,
        "agent", "as above",
        ""},

    // From here on silence never means "again": only the agent, a person or the designer's rule.
    {S::authorised, E::authorised, S::authorised,
        "agent", "another run of it asks; the one that has the right had time to show itself",
        "the same StartRight, after the sync"},
    {S::authorised, E::started, S::producing,
        "agent", "",
        "StopWork when cancelled meanwhile"},
    {S::authorised, E::never_started, S::queued,
        "agent", "the right is burnt, by the run that got it or after its time to show itself",
        "matched again; the fab rests longer each time"},
    {S::authorised, E::produced, S::produced,
        "agent", "the word \"started\" was lost",
        ""},
    {S::authorised, E::failed, S::queued,
        "agent", "",
        "counts as a failure; matched again"},
    {S::authorised, E::doubted, S::in_doubt,
        "router, agent", "silence for the window and more, or unknown there",
        "the rule of the designer is armed"},
    {S::authorised, E::inspected, S::inspected,
        "agent", "earlier words were lost",
        ""},
    {S::authorised, E::rejected, S::queued,
        "agent", "earlier words were lost",
        "counts as a failure; matched again"},
    {S::authorised, E::delivered, S::delivered,
        "agent", "earlier words were lost",
        ""},

    {S::producing, E::produced, S::produced,
        "agent", "",
        "waits for inspection"},
    {S::producing, E::failed, S::queued,
        "agent", "",
        "counts as a failure; matched again"},
    {S::producing, E::doubted, S::in_doubt,
        "router, agent", "silent and overdue, or unknown there",
        "the rule of the designer is armed"},
    {S::producing, E::inspected, S::inspected,
        "agent", "earlier words were lost",
        ""},
    {S::producing, E::rejected, S::queued,
        "agent", "earlier words were lost",
        "counts as a failure; matched again"},
    {S::producing, E::delivered, S::delivered,
        "agent", "earlier words were lost",
        ""},

    {S::in_doubt, E::authorised, S::authorised,
        "agent", "asks to start, so it has not started; as from reserved",
        "StartRight, after the sync"},
    {S::in_doubt, E::started, S::producing,
        "agent", "",
        ""},
    {S::in_doubt, E::produced, S::produced,
        "agent", "",
        ""},
    {S::in_doubt, E::failed, S::queued,
        "agent", "",
        "counts as a failure; matched again"},
    {S::in_doubt, E::never_started, S::queued,
        "agent", "",
        "matched again"},
    {S::in_doubt, E::declared_lost, S::queued,
        "designer", "redo_after: at once, or after T",
        "WithdrawWork; matched again; a late part is a surplus"},
    {S::in_doubt, E::cancelled, S::cancelled,
        "designer", "",
        "StopWork; a late part is a surplus"},
    {S::in_doubt, E::inspected, S::inspected,
        "agent", "",
        ""},
    {S::in_doubt, E::rejected, S::queued,
        "agent", "",
        "counts as a failure; matched again"},
    {S::in_doubt, E::delivered, S::delivered,
        "agent", "",
        ""},

    {S::produced, E::inspected, S::inspected,
        "fab's operator", "",
        "the job is ready when all its pieces are"},
    {S::produced, E::rejected, S::queued,
        "fab's operator", "",
        "counts as a failure; matched again"},
    {S::produced, E::delivered, S::delivered,
        "fab's operator", "inspection and hand-over in one report",
        "the job is closed when all its pieces are"},

    {S::produced, E::cancelled, S::cancelled,
        "designer", "its fab is away for longer than the grace, or does not know of it",
        "a part that turns up is a surplus"},

    {S::inspected, E::delivered, S::delivered,
        "fab's operator", "",
        "the job is closed when all its pieces are"},
    {S::inspected, E::rejected, S::queued,
        "fab's operator", "the second look found a fault",
        "counts as a failure; matched again"},
    {S::inspected, E::cancelled, S::cancelled,
        "designer", "its fab is away for longer than the grace, or does not know of it",
        "a part that turns up is a surplus"},
}};
// clang-format on

}  // namespace

std::span<const WorkStep> work_steps() {
    return table;
}

std::optional<WorkOrderState> next_state(WorkOrderState state, WorkEvent event) {
    for (const WorkStep& t : table) {
        if (t.from == state && t.event == event) return t.to;
    }
    return std::nullopt;
}

std::string_view to_string(WorkEvent event) {
    switch (event) {
        case WorkEvent::offered:
            return "offered";
        case WorkEvent::reserved:
            return "reserved";
        case WorkEvent::released:
            return "released";
        case WorkEvent::authorised:
            return "authorised";
        case WorkEvent::started:
            return "started";
        case WorkEvent::never_started:
            return "never_started";
        case WorkEvent::produced:
            return "produced";
        case WorkEvent::failed:
            return "failed";
        case WorkEvent::doubted:
            return "doubted";
        case WorkEvent::declared_lost:
            return "declared_lost";
        case WorkEvent::inspected:
            return "inspected";
        case WorkEvent::rejected:
            return "rejected";
        case WorkEvent::delivered:
            return "delivered";
        case WorkEvent::cancelled:
            return "cancelled";
        case WorkEvent::given_up:
            return "given_up";
        case WorkEvent::recovered:
            return "recovered";
        case WorkEvent::adopted:
            return "adopted";
    }
    return "unknown";
}

}  // namespace nearfab::router
