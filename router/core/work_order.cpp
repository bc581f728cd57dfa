// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/work_order.hpp"

#include <array>

namespace nearfab::router {
namespace {

using S = WorkOrderState;
using E = WorkEvent;

struct Transition {
    S from;
    E event;
    S to;
};

// clang-format off
constexpr std::array<Transition, 53> table{{
    {S::queued,     E::offered,       S::offered},
    {S::queued,     E::cancelled,     S::cancelled},
    {S::queued,     E::given_up,      S::failed_final},
    {S::queued,     E::recovered,     S::produced},
    {S::queued,     E::adopted,       S::in_doubt},    // What it is follows from the same report.

    {S::offered,    E::reserved,      S::reserved},
    {S::offered,    E::released,      S::queued},
    {S::offered,    E::cancelled,     S::cancelled},
    {S::offered,    E::recovered,     S::produced},

    {S::reserved,   E::released,      S::queued},
    {S::reserved,   E::failed,        S::queued},      // The design could not be prepared there.
    {S::reserved,   E::authorised,    S::authorised},
    {S::reserved,   E::never_started, S::queued},      // Given back before the answer came.
    {S::reserved,   E::cancelled,     S::cancelled},
    {S::reserved,   E::recovered,     S::produced},
    // Only after an older backup was restored: the right was given, but this router forgot it.
    {S::reserved,   E::started,       S::producing},
    {S::reserved,   E::produced,      S::produced},
    {S::reserved,   E::doubted,       S::in_doubt},
    {S::reserved,   E::inspected,     S::inspected},
    {S::reserved,   E::rejected,      S::queued},
    {S::reserved,   E::delivered,     S::delivered},

    // From here on silence never means "again": only the agent, a person or the designer's rule.
    {S::authorised, E::started,       S::producing},
    {S::authorised, E::never_started, S::queued},
    {S::authorised, E::produced,      S::produced},    // The word "started" was lost on the way.
    {S::authorised, E::failed,        S::queued},
    {S::authorised, E::doubted,       S::in_doubt},
    {S::authorised, E::inspected,     S::inspected},
    {S::authorised, E::rejected,      S::queued},
    {S::authorised, E::delivered,     S::delivered},

    {S::producing,  E::produced,      S::produced},
    {S::producing,  E::failed,        S::queued},
    {S::producing,  E::never_started, S::queued},      // The machine proved that nothing ran.
    {S::producing,  E::doubted,       S::in_doubt},
    {S::producing,  E::inspected,     S::inspected},
    {S::producing,  E::rejected,      S::queued},
    {S::producing,  E::delivered,     S::delivered},

    {S::in_doubt,   E::authorised,    S::authorised},  // It asks to start: so it has not started.
    {S::in_doubt,   E::started,       S::producing},
    {S::in_doubt,   E::produced,      S::produced},
    {S::in_doubt,   E::failed,        S::queued},
    {S::in_doubt,   E::never_started, S::queued},
    {S::in_doubt,   E::released,      S::queued},      // Said only of a right not used.
    {S::in_doubt,   E::declared_lost, S::queued},
    {S::in_doubt,   E::cancelled,     S::cancelled},   // The designer no longer wants the answer.
    {S::in_doubt,   E::inspected,     S::inspected},
    {S::in_doubt,   E::rejected,      S::queued},
    {S::in_doubt,   E::delivered,     S::delivered},

    {S::produced,   E::inspected,     S::inspected},
    {S::produced,   E::rejected,      S::queued},
    {S::produced,   E::delivered,     S::delivered},   // Inspection and hand-over in one report.
    {S::produced,   E::failed,        S::queued},

    {S::inspected,  E::delivered,     S::delivered},
    {S::inspected,  E::rejected,      S::queued},      // The second look found a fault.
}};
// clang-format on

}  // namespace

std::optional<WorkOrderState> next_state(WorkOrderState state, WorkEvent event) {
    for (const Transition& t : table) {
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
