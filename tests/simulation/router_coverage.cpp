// SPDX-License-Identifier: GPL-3.0-or-later
// Which steps of the work order's table a router takes, as its facts show them.

#include "tests/simulation/router_host.hpp"

namespace nearfab::simulation {
namespace {

// The step of the table that a fact is, if it is one.
std::optional<router::WorkEvent> event_of(const router::Fact& fact) {
    if (const auto* moved = std::get_if<router::WorkMoved>(&fact)) return moved->event;
    if (std::holds_alternative<router::WorkOffered>(fact)) return router::WorkEvent::offered;
    if (std::holds_alternative<router::AttemptAdopted>(fact)) return router::WorkEvent::adopted;
    const auto* surplus = std::get_if<router::SurplusFound>(&fact);
    if (surplus != nullptr && surplus->satisfies) return router::WorkEvent::recovered;
    return std::nullopt;
}

WorkOrderId order_of(const router::Fact& fact) {
    return std::visit(
        [](const auto& f) {
            if constexpr (requires { f.work_order; }) return f.work_order;
            return WorkOrderId{};
        },
        fact);
}

std::optional<JobId> job_of(const router::Fact& fact) {
    return std::visit(
        [](const auto& f) -> std::optional<JobId> {
            if constexpr (requires { f.job; }) return f.job;
            if constexpr (requires { f.work_order; }) {
                const std::string& order = f.work_order.text();
                return JobId{order.substr(0, order.rfind('-'))};
            }
            return std::nullopt;
        },
        fact);
}

}  // namespace

// No piece of it is with a fab.
bool RouterHost::all_are_back(const JobId& job) const {
    const std::string pieces = job.text() + "-";
    for (auto at = states_.lower_bound(WorkOrderId{pieces});
         at != states_.end() && at->first.text().starts_with(pieces);
         ++at) {
        if (at->second != WorkOrderState::queued && !is_final(at->second)) return false;
    }
    return true;
}

void RouterHost::observe_job(const JobId& job, const router::Fact& fact) {
    using router::JobStep;
    JobState& state = jobs_.try_emplace(job, JobState::analysing).first->second;
    std::optional<JobStep> step;
    if (std::holds_alternative<router::WorkQueued>(fact)) {
        step = JobStep::queued;
    } else if (const auto* ended = std::get_if<router::JobMoved>(&fact)) {
        step = router::step_to(ended->state);
    } else if (const auto* moved = std::get_if<router::WorkMoved>(&fact)) {
        const bool queued = states_.at(moved->work_order) == WorkOrderState::queued;
        if (queued && state != JobState::matching) {
            step = all_are_back(job) ? JobStep::back : JobStep::placed;
        }
    } else if (event_of(fact)) {
        step = JobStep::placed;
    }
    if (!step) return;
    ++scene_.coverage.job[{state, *step}];
    state = router::next_state(state, *step).value_or(state);
}

void RouterHost::observe(const router::Effects& effects) {
    for (const router::Effect& effect : effects) {
        const auto* record = std::get_if<router::Record>(&effect);
        if (record == nullptr) continue;
        const WorkOrderId id = order_of(record->fact);
        if (const auto event = event_of(record->fact)) {
            WorkOrderState& state = states_.try_emplace(id, WorkOrderState::queued).first->second;
            const auto* moved = std::get_if<router::WorkMoved>(&record->fact);
            scene_.tell("router: " + id.text() + " " + std::string{router::to_string(*event)} +
                        (moved == nullptr || moved->detail.empty() ? "" : ": " + moved->detail));
            if (moved != nullptr && *event == router::WorkEvent::doubted) {
                scene_.oracle.doubted({id, moved->epoch}, scene_.now);
            } else if (moved != nullptr && *event == router::WorkEvent::declared_lost) {
                scene_.oracle.declared_lost({id, moved->epoch}, scene_.now);
            } else if (const auto* adopted = std::get_if<router::AttemptAdopted>(&record->fact)) {
                scene_.oracle.doubted({id, adopted->epoch}, scene_.now);
            }
            ++scene_.coverage.work_order[{state, *event}];
            const bool gets_on =
                *event != router::WorkEvent::offered && *event != router::WorkEvent::released;
            if (gets_on) last_progress_ = scene_.now;
            state = router::next_state(state, *event).value_or(state);
        }
        if (const auto job = job_of(record->fact)) observe_job(*job, record->fact);
    }
}

}  // namespace nearfab::simulation
