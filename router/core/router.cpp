// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/router.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace nearfab::router {
namespace {

constexpr Duration silence_rest_max = std::chrono::hours{1};
constexpr Duration watch_pause = std::chrono::milliseconds{250};
// What the wall clock must leave the boot clock by to have been set.
constexpr Duration clock_step = std::chrono::seconds{1};

bool is_about_the_file(ErrorCode code) {
    return code == ErrorCode::invalid_file || code == ErrorCode::too_large ||
           code == ErrorCode::invalid_argument || code == ErrorCode::unsupported;
}

}  // namespace

Effects Router::start(Moment now) {
    now_ = now;
    begin_calendar();
    begin_generation();
    for (const WorkOrderId& id : ledger_.placed_work())
        world_.follow(ledger_, *ledger_.work_order(id));
    for (const WorkOrderId& id : ledger_.open_work()) {
        const WorkOrder& order = *ledger_.work_order(id);
        if (order.planned) world_.follow(ledger_, order);
        arm(order);
    }
    // A copy, because the set changes meanwhile.
    const std::set<JobId> analysing = ledger_.analysing();
    for (const JobId& id : analysing)
        advance_analysis(*ledger_.job(id));
    finish_step(0);
    return std::exchange(effects_, {});
}

Effects Router::step(Moment now, const Event& event) {
    Effects effects;
    step(now, event, effects);
    return effects;
}

void Router::step(Moment now, const Event& event, Effects& effects) {
    NEARFAB_CHECK(now.boot >= now_.boot, "time went backwards between two steps");
    now_ = now;
    const std::size_t before = effects.size();
    effects_.swap(effects);
    started_ ? follow_clock() : begin_calendar();
    std::visit([&](const auto& e) { take(e); }, event);
    finish_step(before);
    effects_.swap(effects);
}

// While the router was off only the wall clock ran; it cannot have run backwards.
void Router::begin_calendar() {
    started_ = now_;
    set_clock(std::max(ledger_.clock_offset(), ledger_.last() - now_.wall));
    steady_from_ = steady();
}

// Small steps are how a clock is kept right, so they are followed.
void Router::follow_clock() {
    const WallTime by_boot_clock = steady_from_ + (now_.boot - started_->boot);
    const Duration off = by_boot_clock - steady();
    if (off > clock_step || off < -clock_step) set_clock(ledger_.clock_offset() + off);
}

// At once, for nobody could tell after a restart.
void Router::set_clock(Duration offset) {
    if (offset != ledger_.clock_offset()) record(ClockSet{offset});
}

WallTime Router::steady() const {
    return now_.wall + ledger_.clock_offset();
}

void Router::finish_step(std::size_t first_effect) {
    give_out_analyses();
    match_waiting();
    left_.clear();
    tell_watchers();
    // Records first: whoever carries the effects out in order cannot get it wrong.
    const auto is_record = [](const Effect& effect) {
        return std::holds_alternative<Record>(effect);
    };
    const auto first = effects_.begin() + static_cast<std::ptrdiff_t>(first_effect);
    if (!std::is_partitioned(first, effects_.end(), is_record)) {
        std::stable_partition(first, effects_.end(), is_record);
    }
    ledger_.settle();
}

void Router::tell_watchers() {
    for (const JobId& job : touched_) {
        const auto keys = watches_of_.find(job);
        if (keys != watches_of_.end()) behind_.insert(keys->second.begin(), keys->second.end());
    }
    if (options_.tells_changes) changes_.jobs.merge(touched_);
    touched_.clear();
    for (const WatchKey& key : std::exchange(behind_, {})) {
        const auto watch = watches_.find(key);
        if (!tell_watcher(key.first, key.second, watch->second)) {
            behind_.insert(key);
        } else if (is_final(ledger_.job(watch->second.job)->state)) {
            forget_watch(watch);
        }
    }
}

std::map<Router::WatchKey, Router::Watch>::iterator Router::forget_watch(
    std::map<WatchKey, Watch>::iterator watch) {
    auto& of_job = watches_of_[watch->second.job];
    of_job.erase(watch->first);
    if (of_job.empty()) watches_of_.erase(watch->second.job);
    behind_.erase(watch->first);
    return watches_.erase(watch);
}

void Router::record(Fact fact) {
    ledger_.apply(now_.wall, fact);
    follow(fact);
    effects_.push_back(Record{std::move(fact)});
}

// What a fact changes of the machines as the matcher sees them.
void Router::follow(const Fact& fact) {
    const auto fab_changed = [this](const FabId& fab) {
        world_.follow_share(ledger_, fab, steady());
        world_.set_distrust(fab, distrust_of(fab));
    };
    std::visit(
        [&](const auto& f) {
            if constexpr (requires { f.work_order; }) {
                const WorkOrder& order = *ledger_.work_order(f.work_order);
                world_.follow(ledger_, order);
                if (!order.chosen.fab.empty()) fab_changed(order.chosen.fab);
            } else if constexpr (requires { f.fab; }) {
                fab_changed(f.fab);
            } else if constexpr (requires { f.pieces; }) {
                const Job& job = *ledger_.job(f.job);
                for (const std::uint32_t number : f.pieces)
                    world_.follow(ledger_, *ledger_.work_order(job.work_orders[number - 1]));
            }
        },
        fact);
}

std::optional<TimePoint> Router::next_deadline() const {
    std::optional<TimePoint> next;
    const auto no_later_than = [&next](TimePoint at) { next = next ? std::min(*next, at) : at; };
    if (const auto first = deadlines_.first()) no_later_than(*first);
    // What was held back is told a little later, together with what comes meanwhile.
    if (!behind_.empty()) no_later_than(now_.boot + watch_pause);
    if (ask_unheard_at_) no_later_than(*ask_unheard_at_);
    if (const auto end = relays_.first_end()) no_later_than(*end);
    if (reconcile_until_) {
        no_later_than(*reconcile_until_);
    } else if (match_wanted_ || !untried_.empty() || !pass_.over()) {
        no_later_than(now_.boot + std::chrono::milliseconds{1});
    }
    return next;
}

bool Router::may_read(const FabId& fab, const ContentHash& design) const {
    const auto& placed = ledger_.placed_at(fab);
    return std::any_of(placed.begin(), placed.end(), [&](const WorkOrderId& id) {
        const WorkOrder& order = *ledger_.work_order(id);
        return ledger_.job(order.job)->spec.parts[order.part].design == design;
    });
}

void Router::take(const AgentConnected& event) {
    const auto& suspicion = ledger_.fab(event.fab).suspicion;
    if (suspicion && !event.key.empty() && event.key != suspicion->key) {
        clear(event.fab, "its key was replaced");
    }
    end_relays_of(event.fab);  // This is a new session.
    if (!event.run.empty() && clones_.saw(event.fab, event.run)) suspect(event.fab, event.key);
    note_change(event.fab);
    fabs_.connected(event.fab, event.run, event.key, now_.boot);
    world_.set_connected(event.fab, true);
    match_wanted_ = true;  // What it advertised before may still be valid.
    for (auto& [order, fabs] : silent_)
        fabs.erase(event.fab);  // It is there again.
    for (const WorkOrderId& id : ledger_.placed_at(event.fab))
        touched_.insert(ledger_.work_order(id)->job);
    if (may_know_more(event.fab)) tell(event.fab, message::AskInventory{});
}

void Router::take(const AgentLost& event) {
    note_change(event.fab);
    fabs_.lost(event.fab, now_.boot);
    world_.set_connected(event.fab, false);
    end_relays_of(event.fab);
    for (const WorkOrderId& id : ledger_.placed_at(event.fab)) {
        const WorkOrder& order = *ledger_.work_order(id);
        arm(order);
        touched_.insert(order.job);
    }
}

void Router::take(const AgentSaid& event) {
    std::visit(
        [&](const auto& body) {
            if constexpr (requires { hear(event.fab, body); }) {
                hear(event.fab, body);
            } else {
                NEARFAB_CHECK(false, "the shell let a message through that no agent may send");
            }
        },
        event.body);
}

void Router::take(const ClientSaid& event) {
    std::visit(
        [&](const auto& body) {
            if constexpr (requires { hear(event, body); }) {
                hear(event, body);
            } else {
                NEARFAB_CHECK(false, "the shell let a message through that no client may send");
            }
        },
        event.body);
}

void Router::take(const ClientLost& event) {
    relays_.forget_session(event.session);
    auto watch = watches_.lower_bound({event.session, 0});
    while (watch != watches_.end() && watch->first.first == event.session)
        watch = forget_watch(watch);
}

void Router::take(const AnalysisDone& event) {
    analyses_.done(event.design);
    const std::vector<JobId> waiting{ledger_.analysing().begin(), ledger_.analysing().end()};
    if (event.outcome) {
        record(DesignAnalysed{event.design, *event.outcome, options_.analysis_version});
    } else if (is_about_the_file(event.outcome.error().code)) {
        record(DesignRefused{
            event.design, event.outcome.error(), options_.analysis_version, event.broke});
    } else {
        // The analysis itself failed: nothing is known about the file, so nothing is remembered.
        for (const JobId& id : waiting) {
            const auto& parts = ledger_.job(id)->spec.parts;
            const bool needs_it = std::any_of(parts.begin(), parts.end(), [&](const PartSpec& p) {
                return p.reading() == event.design;
            });
            if (!needs_it) continue;
            touched_.insert(id);
            record(JobMoved{id,
                            JobState::rejected,
                            "the design could not be analysed now: " +
                                event.outcome.error().message + "; submit it again"});
        }
    }
    for (const JobId& id : waiting) {
        if (!is_final(ledger_.job(id)->state)) advance_analysis(*ledger_.job(id));
    }
}

void Router::take(const FabForgiven& event) {
    note_change(event.fab);
    if (ledger_.fab(event.fab).suspicion) clear(event.fab, "the network's operator has looked");
    // What it said while it was held back did not count, and it takes that for said.
    tell(event.fab, message::AskInventory{});
}

void Router::take(const FabGone& event) {
    if (ledger_.fab(event.fab).written_off) return;
    record(FabWrittenOff{event.fab});
    end_reconcile_if_heard("every fab that is not gone has been heard");
    match_wanted_ = true;
}

void Router::take(const StorageLow& event) {
    storage_low_ = event.low;
}

void Router::take(const Tick&) {
    if (reconcile_until_ && *reconcile_until_ <= now_.boot) {
        reconcile_until_.reset();
        match_wanted_ = true;
        end_reconcile_if_heard("the time for it is over");
    }
    if (ask_unheard_at_ && *ask_unheard_at_ <= now_.boot) ask_unheard();
    end_late_relays();
    for (const WorkOrderId& id : deadlines_.take_due(now_.boot))
        expire(*ledger_.work_order(id));
}

// Sets the one deadline that belongs to the state the order is in now.
void Router::arm(const WorkOrder& order) {
    if (is_final(order.state)) {
        attention_.erase(order.id);
        silent_.erase(order.id);
        deadlines_.clear(order.id);
        return;
    }
    if (order.state == WorkOrderState::in_doubt) go_on_counting(order);
    if (const auto deadline = deadline_of(order)) {
        deadlines_.set(order.id, *deadline);
    } else {
        deadlines_.clear(order.id);
    }
}

std::optional<TimePoint> Router::deadline_of(const WorkOrder& order) const {
    const std::optional<TimePoint> given = deadlines_.of(order.id);
    switch (order.state) {
        case WorkOrderState::offered:
            // An order whose fab has left keeps the deadline it was given.
            if (given) return given;
            return now_.boot + (order.by_hand ? options_.offer_ttl_by_hand : options_.offer_ttl);
        case WorkOrderState::reserved:
            return deadline_of_reserved(order);
        case WorkOrderState::authorised:
            if (given) return given;
            return now_.boot + options_.start_window + options_.start_silence;
        case WorkOrderState::producing:
            return deadline_of_producing(order);
        case WorkOrderState::in_doubt:
            return deadline_of_doubtful(order);
        case WorkOrderState::queued:
        case WorkOrderState::produced:
        case WorkOrderState::inspected:
        case WorkOrderState::delivered:
        case WorkOrderState::cancelled:
        case WorkOrderState::failed_final:
        case WorkOrderState::unknown:
            break;
    }
    return std::nullopt;
}

std::optional<TimePoint> Router::deadline_of_reserved(const WorkOrder& order) const {
    if (!fabs_.is_connected(order.chosen.fab)) return now_.boot + options_.reservation_ttl;
    const auto attention = attention_.find(order.id);
    if (attention != attention_.end() && attention->second.recalled) return std::nullopt;
    const Duration allowed = options_.reservation_idle + remaining(order.chosen.finish_s);
    const Duration gone = steady() - order.state_since;
    return now_.boot + std::max(Duration::zero(), allowed - gone);
}

std::optional<TimePoint> Router::deadline_of_producing(const WorkOrder& order) const {
    // A legitimate long print is never timed out.
    if (fabs_.is_connected(order.chosen.fab)) return std::nullopt;
    const Duration estimate = remaining(order.chosen.making_s);
    const auto fraction =
        std::chrono::duration_cast<Duration>(estimate * options_.doubt_grace_fraction);
    const auto attention = attention_.find(order.id);
    const TimePoint expected =
        attention == attention_.end() ? TimePoint{} : attention->second.expected_finish;
    // A print that is overdue when its fab falls silent gets the grace from that moment.
    const TimePoint finish =
        expected == TimePoint{} ? now_.boot + estimate : std::max(expected, now_.boot);
    return finish + std::max(options_.doubt_grace_min, fraction);
}

// What a fab says about the time it needs is a claim.
Duration Router::remaining(std::int64_t claimed_s) const {
    const auto most = std::chrono::duration_cast<std::chrono::seconds>(options_.remaining_max);
    return std::chrono::seconds{std::clamp<std::int64_t>(claimed_s, 0, most.count())};
}

void Router::expire(const WorkOrder& order) {
    switch (order.state) {
        case WorkOrderState::queued:
            want_match(*ledger_.job(order.job));
            return;
        case WorkOrderState::offered: {
            withdraw(order.chosen.fab, order.id, order.epoch, "the offer ran out");
            Silence& silence = silent_[order.id][order.chosen.fab];
            silence.until =
                now_.boot + std::min(silence_rest_max, options_.silence_rest * (1 + silence.times));
            ++silence.times;
            move(order, WorkEvent::released, "no answer in time");
            return;
        }
        case WorkOrderState::reserved:
            if (fabs_.is_connected(order.chosen.fab)) {
                recall(order);
                return;
            }
            withdraw(order.chosen.fab, order.id, order.epoch, "the reservation ran out");
            move(order, WorkEvent::released, "the fab was silent for too long");
            return;
        case WorkOrderState::authorised:
            doubt(order, "no word since the right to start was given");
            return;
        case WorkOrderState::producing:
            doubt(order, "no word, and it should have been finished by now");
            return;
        case WorkOrderState::in_doubt:
            expire_doubtful(order);
            return;
        case WorkOrderState::produced:
        case WorkOrderState::inspected:
        case WorkOrderState::delivered:
        case WorkOrderState::cancelled:
        case WorkOrderState::failed_final:
        case WorkOrderState::unknown:
            return;
    }
}

}  // namespace nearfab::router
