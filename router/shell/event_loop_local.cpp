// SPDX-License-Identifier: GPL-3.0-or-later
// Clients that are threads of this program: what they ask goes the way of what comes by wire.

#include "router/shell/event_loop.hpp"

#include <utility>

namespace nearfab::router {
namespace {

// Of one turn, so that agents get theirs even while a browser asks without end.
constexpr std::size_t questions_per_turn_max = 256;
// Of a metric with one series for each.
constexpr std::size_t fabs_told_max = 1000;

}  // namespace

void EventLoop::take_local(Moment now) {
    for (LocalWord& word : local_->take_questions(questions_per_turn_max)) {
        if (const auto* goodbye = std::get_if<LocalGoodbye>(&word)) {
            feed(now, ClientLost{goodbye->session});
            continue;
        }
        auto& question = std::get<LocalQuestion>(word);
        wire::session_event::Delivered delivered{question.session,
                                                 question.role,
                                                 std::move(question.who),
                                                 question.correlation,
                                                 0,
                                                 std::move(question.body)};
        take_from_client(now, delivered);
    }
}

void EventLoop::send_to_client(Moment now,
                               SessionNumber session,
                               Message body,
                               std::uint64_t correlation) {
    if (is_local(session)) {
        local_->answer({session, correlation, std::move(body)});
    } else {
        sessions_->send(now.boot, session, body, correlation);
    }
}

// Whoever is told asks, and what is asked is answered after what it tells of is durable.
void EventLoop::tell_local() {
    Router::Changes changes = router_->take_changes();
    if (changes.jobs.empty() && changes.fabs.empty()) return;
    if (!local_->wants_changes()) return;
    local_->tell({std::move(changes.jobs), std::move(changes.fabs), false});
}

void EventLoop::publish_gauges() {
    LocalGauges gauges;
    for (const auto& [id, job] : router_->ledger().jobs())
        ++gauges.open_jobs[job.state];
    gauges.closed_jobs = router_->ledger().closed_jobs().size();
    gauges.open_work_orders = router_->ledger().open_work().size();
    for (const auto& [fab, seen] : router_->fabs().all()) {
        if (gauges.fabs.size() == fabs_told_max) break;
        gauges.fabs.emplace_back(fab, seen.connected);
    }
    gauges.sessions = sessions_->size();
    gauges.turns_waiting = turns_.size();
    gauges.journal_bytes = journal_bytes_;
    gauges.design_bytes = designs_->total_bytes();
    gauges.storage_low = storage_low_;
    gauges.match_times = match_times_;
    local_->publish(std::move(gauges));
}

}  // namespace nearfab::router
