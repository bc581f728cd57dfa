// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/core/agent.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace nearfab::agent {
namespace {

// The attempt a fact is about; null for facts of machines.
const AttemptKey* key_of(const Fact& fact) {
    return std::visit(
        [](const auto& f) -> const AttemptKey* {
            if constexpr (requires { f.key; }) return &f.key;
            return nullptr;
        },
        fact);
}

// The turn a fact stands for; nothing when it only adds knowledge.
struct TurnOf {
    using Answer = std::optional<Turn>;
    Answer operator()(const fact::Declined&) const { return Turn::decline; }
    Answer operator()(const fact::Reserved&) const { return Turn::accept; }
    Answer operator()(const fact::Authorised&) const { return Turn::authorise; }
    Answer operator()(const fact::Starting&) const { return Turn::begin; }
    Answer operator()(const fact::Running&) const { return Turn::run; }
    Answer operator()(const fact::Doubted&) const { return Turn::doubt; }
    Answer operator()(const fact::Burnt&) const { return Turn::burn; }
    Answer operator()(const fact::Ended& f) const {
        return f.produced ? Turn::produce : Turn::fail;
    }
    Answer operator()(const fact::Released&) const { return Turn::release; }
    Answer operator()(const fact::Inspected& f) const { return f.good ? Turn::pass : Turn::reject; }
    Answer operator()(const fact::HandedOver&) const { return Turn::hand_over; }
    template <typename Other>
    Answer operator()(const Other&) const {
        return std::nullopt;
    }
};

// Asking is not a fact, so in a replay a right may follow a reservation directly.
std::optional<Stage> after(Stage stage, Turn turn) {
    if (stage == Stage::reserved && turn == Turn::authorise) stage = Stage::asked;
    return next(stage, turn);
}

// Of a plate, who leads it; only one of which a person has said in part what came of it may have
// lost that one. Of Work, or of const Work, as the map is.
template <typename All>
auto holder_among(All& all, const MachineId& machine) {
    decltype(&all.begin()->second) holder = nullptr;
    for (auto& [key, work] : all) {
        if (work.offer.machine != machine || !occupies_machine(work.stage)) continue;
        const bool comes_first =
            holder == nullptr || leads(work) || (!leads(*holder) && work.order < holder->order);
        if (comes_first) holder = &work;
    }
    return holder;
}

}  // namespace

std::uint64_t spread(std::uint64_t seed, std::uint64_t counter) {
    std::uint64_t z = seed + counter * 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
}

Agent::Agent(AgentOptions options) : options_{std::move(options)}, machines_{options_.machines} {
    NEARFAB_CHECK(machines_.all().size() == options_.machines.size(), "machine ids are unique");
}

Effects Agent::step(Moment now, const Event& event) {
    Step step{now, {}, {}};
    if (!restart_settled_) settle_restart(step);
    std::visit([&](const auto& what) { take(step, what); }, event);
    keep_time(step);
    mend_plates(step);
    form_plates(step);
    recall_starts(step);
    start_what_is_ready(step);
    tell_router(step);
    forget_settled();
    Effects effects = std::move(step.records);
    effects.insert(effects.end(),
                   std::make_move_iterator(step.others.begin()),
                   std::make_move_iterator(step.others.end()));
    return effects;
}

Status Agent::replay(WallTime, const Fact& fact) {
    NEARFAB_CHECK(!restart_settled_, "facts are replayed before the first step");
    if (auto fit = fits(fact); !fit) return fit;
    apply(fact);
    forget_settled();
    return {};
}

Status Agent::fits(const Fact& fact) const {
    const AttemptKey* key = key_of(fact);
    if (key == nullptr || std::holds_alternative<fact::EpochSeen>(fact)) return {};
    const auto refuse = [&](const std::string& why) {
        return fail(ErrorCode::conflict,
                    "the fact \"" + to_string(fact) + "\" " + why,
                    "the journal belongs to another program or version; keep it, and ask for help");
    };
    const auto at = work_.find(*key);
    if (at == work_.end()) {
        // The last word about an attempt may come after it was forgotten.
        if (std::holds_alternative<fact::Reported>(fact)) return {};
        if (std::holds_alternative<fact::Unplated>(fact)) return {};
        return refuse("is about an attempt that was never seen");
    }
    if (const auto* plated = std::get_if<fact::Plated>(&fact); plated && !may_be_plated(*plated)) {
        return refuse("puts on a plate what was not waiting for it");
    }
    const auto turn = std::visit(TurnOf{}, fact);
    if (turn && !after(at->second.stage, *turn)) {
        return refuse("cannot follow the stage \"" + std::string{to_string(at->second.stage)} +
                      "\"");
    }
    return {};
}

void Agent::record(Step& step, Fact fact) {
    apply(fact);
    step.records.push_back(effect::Record{std::move(fact)});
}

void Agent::apply(const Fact& fact) {
    if (const auto* seen = std::get_if<fact::Seen>(&fact)) return note(*seen);
    if (const auto* plated = std::get_if<fact::Plated>(&fact)) return note(*plated);
    if (const auto* unplated = std::get_if<fact::Unplated>(&fact)) return note(*unplated);
    const AttemptKey* key = key_of(fact);
    if (key == nullptr) return note_machine(fact);
    note_epoch(*key);
    Work* work = find(*key);
    if (work == nullptr) {
        NEARFAB_CHECK(std::holds_alternative<fact::EpochSeen>(fact) ||
                          std::holds_alternative<fact::Reported>(fact),
                      "a fact is about a known attempt");
        return;
    }
    const Stage before = work->stage;
    if (const auto turn = std::visit(TurnOf{}, fact)) {
        const auto to = after(work->stage, *turn);
        NEARFAB_CHECK(to.has_value(), "the turn is in the table of attempt.hpp");
        work->stage = *to;
    }
    if (before == Stage::asked && work->stage != Stage::asked) {
        work->nonce = 0;
        work->granted_until.reset();
    }
    note_attempt(*work, fact, before);
}

void Agent::note(const fact::Seen& fact) {
    Work work;
    work.key = {fact.offer.work_order, fact.offer.epoch};
    work.offer = fact.offer;
    work.order = ++orders_;
    work.boot_id = fact.boot_id;
    work.offer_expires = TimePoint{Duration{fact.expires_boot_ms}};
    note_epoch(work.key);
    work_.insert_or_assign(work.key, std::move(work));
}

void Agent::note_attempt(Work& work, const Fact& fact, Stage before) {
    const MachineId& machine = work.offer.machine;
    if (const auto* f = std::get_if<fact::Declined>(&fact)) {
        work.detail = f->reason;
    } else if (std::holds_alternative<fact::Confirmed>(fact)) {
        work.confirmed = true;
    } else if (const auto* prepared = std::get_if<fact::Prepared>(&fact)) {
        work.prepared = *prepared;
    } else if (const auto* authorised = std::get_if<fact::Authorised>(&fact)) {
        work.boot_id = authorised->boot_id;
        work.right_expires = TimePoint{Duration{authorised->expires_boot_ms}};
    } else if (const auto* starting = std::get_if<fact::Starting>(&fact)) {
        NEARFAB_CHECK(work.prepared.has_value(), "only what is prepared is started");
        work.before_start = starting->before;
        machines_.bed_taken(machine, file_of(work));
        machines_.get(machine).accounted = starting->before;
    } else if (std::holds_alternative<fact::Running>(fact)) {
        work.has_run = true;
        work.fault_seen = false;  // It has got over it.
        work.detail.clear();
    } else if (const auto* doubted = std::get_if<fact::Doubted>(&fact)) {
        work.detail = doubted->detail;
        work.fault_seen = work.fault_seen || doubted->fault;
    } else if (const auto* burnt = std::get_if<fact::Burnt>(&fact)) {
        work.detail = burnt->reason;
        // Before a start the bed was not ours, so there is nothing to give back.
        if ((before == Stage::starting || before == Stage::in_doubt) && leads(work)) {
            machines_.bed_untouched(machine, file_of(work));
        }
    } else if (const auto* ended = std::get_if<fact::Ended>(&fact)) {
        note(*ended, before);
    } else if (const auto* released = std::get_if<fact::Released>(&fact)) {
        work.detail = released->reason;
        work.router_knows = released->router_knows;
    } else if (const auto* inspected = std::get_if<fact::Inspected>(&fact)) {
        work.detail = inspected->detail;
    } else if (const auto* unwanted = std::get_if<fact::Unwanted>(&fact)) {
        work.unwanted = *unwanted;
    } else if (std::holds_alternative<fact::Paused>(fact)) {
        work.paused = true;
    } else if (std::holds_alternative<fact::WentOn>(fact)) {
        work.paused = false;
    } else if (const auto* reported = std::get_if<fact::Reported>(&fact)) {
        work.reported = reported->state;
    }
}

void Agent::note(const fact::Ended& fact, Stage before) {
    Work& work = *find(fact.key);
    work.detail = fact.detail;
    work.unsafe = fact.unsafe;
    if (fact.produced) work.progress = 1;
    if (fact.unsafe) machines_.get(work.offer.machine).quarantine = fact.detail;
    if (was_started(before)) note_use(work);
}

void Agent::note_machine(const Fact& fact) {
    if (const auto* used = std::get_if<fact::BedUsed>(&fact)) {
        machines_.bed_taken(used->machine, used->file);
        machines_.get(used->machine).accounted = used->history;
    } else if (const auto* cleared = std::get_if<fact::BedCleared>(&fact)) {
        Machine& machine = machines_.get(cleared->machine);
        machine.bed_clear = true;
        machine.bed_holds.clear();
        machine.accounted = cleared->history;
    } else if (const auto* drained = std::get_if<fact::Drained>(&fact)) {
        machines_.get(drained->machine).drained = true;
    } else if (const auto* resumed = std::get_if<fact::Resumed>(&fact)) {
        machines_.get(resumed->machine).drained = false;
        machines_.get(resumed->machine).quarantine.clear();
    } else if (const auto* closed = std::get_if<fact::Closed>(&fact)) {
        machines_.get(closed->machine).quarantine = closed->reason;
        machines_.get(closed->machine).bed_clear = false;
    } else if (const auto* loaded = std::get_if<fact::Loaded>(&fact)) {
        note(*loaded);
    } else if (const auto* obeyed = std::get_if<fact::Obeyed>(&fact)) {
        note(*obeyed);
    }
}

void Agent::note_epoch(const AttemptKey& key) {
    std::uint64_t& highest = epochs_[key.work_order];
    highest = std::max(highest, key.epoch);
}

std::uint64_t Agent::highest_epoch(const WorkOrderId& work_order) const {
    const auto at = epochs_.find(work_order);
    return at == epochs_.end() ? 0 : at->second;
}

void Agent::send(Step& step, Message message, bool reliable, std::uint64_t token) const {
    // Without a session nothing is kept for later: the next session starts from the inventory.
    if (!connected_) return;
    step.others.push_back(effect::SendToRouter{std::move(message), reliable, token});
}

void Agent::report(Step& step, const Work& work) {
    if (!connected_ || !is_reported(work.stage) || work.router_knows) return;
    unacknowledged_[++tokens_] = fact::Reported{work.key, state_of(work.stage)};
    send(step, report_of(work), true, tokens_);
}

void Agent::forget_settled() {
    std::set<ContentHash> wanted;
    std::size_t settled = 0;
    for (const auto& [key, work] : work_)
        settled += is_settled(work) ? 1U : 0U;
    for (const auto& [key, work] : work_) {
        if (is_waiting(work.stage)) wanted.insert(work.offer.part.design);
    }
    // The shell may throw away what nothing waits for.
    std::erase_if(designs_, [&](const ContentHash& design) { return !wanted.contains(design); });
    while (settled > options_.settled_kept) {
        auto oldest = work_.end();
        for (auto at = work_.begin(); at != work_.end(); ++at) {
            if (!is_settled(at->second)) continue;
            if (oldest == work_.end() || at->second.order < oldest->second.order) oldest = at;
        }
        work_.erase(oldest);
        --settled;
    }
}

Work* Agent::find(const AttemptKey& key) {
    const auto at = work_.find(key);
    return at == work_.end() ? nullptr : &at->second;
}

const Work* Agent::holder_of(const MachineId& machine) const {
    return holder_among(work_, machine);
}

Work* Agent::holder_of(const MachineId& machine) {
    return holder_among(work_, machine);
}

std::int64_t Agent::backlog_s(const Machine& machine) const {
    std::int64_t seconds = 0;
    for (const auto& [key, work] : work_) {
        if (work.offer.machine != machine.id()) continue;
        // What is on a plate is done when the plate is; the line behind it waits for that once.
        if (&leader_of(work) != &work) continue;
        if (is_waiting(work.stage) || occupies_machine(work.stage)) {
            seconds += seconds_left(work, machine.options.capability.build_rate_cm3_per_h);
        }
    }
    return seconds;
}

}  // namespace nearfab::agent
