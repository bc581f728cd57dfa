// SPDX-License-Identifier: GPL-3.0-or-later
// random_events_test.cpp - seeded sequences of any events in any order never break an invariant.

#include "node-agent/core/agent.hpp"
#include "node-agent/core/invariants.hpp"
#include "tests/node-agent/core/fab_builder.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <set>

namespace nearfab::agent {
namespace {

constexpr std::uint64_t seeds = 20;
constexpr int steps_per_seed = 10'000;
constexpr const char* nobodys_file = "nobody-knows.gcode";

// A world that answers mostly sensibly, often late, and sometimes with nonsense.
class Storm {
public:
    explicit Storm(std::uint64_t seed) : seed_{seed}, options_{small_fab()} {
        options_.work_orders_max = 12;
        options_.settled_kept = 8;
        options_.through_router = {IdentityId{"olga"}};
        options_.machines.back().presence_code = "made";
        if (seed % 2 == 0) {
            for (MachineOptions& machine : options_.machines)
                machine.pieces_per_plate = 3;
        }
        agent_ = std::make_unique<Agent>(options_);
    }

    void step() {
        if (below(400) == 0) return restart();
        now_.boot +=
            Duration{static_cast<std::int64_t>(below(40) == 0 ? below(40'000) : below(900))};
        const Effects effects = agent_->step(now_, any_event());
        const auto broken = invariants_.after(now_, *agent_, effects);
        INFO("seed " << seed_ << " after " << counter_ << " draws");
        REQUIRE(broken.value_or("all hold") == "all hold");
        for (const Effect& effect : effects)
            keep(effect);
        const auto deadline = agent_->next_deadline();
        REQUIRE((!deadline || *deadline > now_.boot));
    }

    std::set<Stage> stages;
    std::size_t gates = 0;
    std::size_t plates = 0;  // Of these.
    std::size_t taken_back = 0;
    std::size_t obeyed = 0;  // Commands through the router.
    std::size_t pauses = 0;  // And goings on.

private:
    std::uint64_t below(std::uint64_t limit) { return spread(seed_, ++counter_) % limit; }

    AttemptKey any_key() {
        if (!agent_->work().empty() && below(8) != 0) {
            auto at = agent_->work().begin();
            std::advance(at, static_cast<std::ptrdiff_t>(below(agent_->work().size())));
            return at->first;
        }
        return {WorkOrderId{"w" + std::to_string(below(30))}, 1 + below(4)};
    }

    MachineId any_machine() {
        return options_.machines[below(options_.machines.size())].capability.machine;
    }

    void keep(const Effect& effect) {
        for (const auto& [key, work] : agent_->work())
            stages.insert(work.stage);
        if (const auto* record = std::get_if<effect::Record>(&effect)) {
            journal_.push_back(record->fact);
            obeyed += std::holds_alternative<fact::Obeyed>(record->fact) ? 1U : 0U;
        } else if (const auto* sent = std::get_if<effect::SendToRouter>(&effect)) {
            if (sent->token != 0) tokens_.push_back(sent->token);
            if (const auto* ask = std::get_if<message::StartRequest>(&sent->message)) {
                asked_ = *ask;
                answers_.push_back(start_right());
            }
            if (const auto* said = std::get_if<message::RelayedAnswer>(&sent->message)) {
                keep(*said);
            }
            if (const auto* accept = std::get_if<message::AcceptOffer>(&sent->message)) {
                answers_.push_back(message::ConfirmReservation{accept->work_order, accept->epoch});
            }
        } else if (const auto* fetch = std::get_if<effect::FetchDesign>(&effect)) {
            answers_.push_back(event::DesignFetched{fetch->design});
        } else if (const auto* prepare = std::get_if<effect::Prepare>(&effect)) {
            answers_.push_back(
                event::Prepared{prepare->key, code_of(prepare->key.work_order.text()), 3600, 20});
        } else if (const auto* plate = std::get_if<effect::PreparePlate>(&effect)) {
            std::vector<AttemptKey> keys;
            for (const effect::Prepare& piece : plate->pieces)
                keys.push_back(piece.key);
            if (below(4) == 0) {
                answers_.push_back(event::PlateFailed{std::move(keys), "storm"});
            } else {
                const ContentHash code = code_of("plate of " + to_string(keys.front()));
                answers_.push_back(event::PlatePrepared{std::move(keys), code, 7200, 50});
            }
        } else if (const auto* upload = std::get_if<effect::UploadToMachine>(&effect)) {
            if (below(8) == 0) {
                answers_.push_back(event::UploadFailed{upload->key, "storm", below(3) > 0});
            } else {
                answers_.push_back(event::UploadedToMachine{upload->key});
            }
        } else if (const auto* open = std::get_if<effect::OpenStartGate>(&effect)) {
            ++gates;
            plates += open->order.riders.empty() ? 0U : 1U;
        } else if (const auto* pause = std::get_if<effect::PauseRun>(&effect)) {
            ++pauses;
            event::PauseAnswered answer{pause->key, std::nullopt};
            if (below(3) == 0) answer.error = Error{ErrorCode::timed_out, "storm", ""};
            if (below(3) == 0) answer.error = Error{ErrorCode::conflict, "storm", ""};
            answers_.push_back(std::move(answer));
        } else if (std::holds_alternative<effect::RevokeStart>(effect)) {
            ++taken_back;
        }
    }

    // Mostly the pass is used at once, and the same words sometimes come twice.
    void keep(const message::RelayedAnswer& said) {
        const auto* pass = std::get_if<message::Pass>(&said.body);
        if (pass == nullptr) return;
        message::RelayedCommand command{said.request, IdentityId{"olga"}, {}};
        const auto order = std::get<event::OperatorAsked>(operator_command()).command;
        command.body = message::PassedCommand{*pass,
                                              1 + static_cast<std::int64_t>(below(10'000)),
                                              "k" + std::to_string(counter_),
                                              order};
        for (std::uint64_t times = 1 + below(2); times > 0; --times)
            answers_.push_back(command);
    }

    Event relayed_question() {
        message::RelayedCommand question{1 + below(20), IdentityId{"olga"}, message::AskPass{}};
        if (below(8) == 0) question.body = message::AskAgent{};
        if (below(8) == 0) question.operator_name = IdentityId{"eve"};
        return question;
    }

    // A new agent with the same journal stands where the old one stood.
    void restart() {
        auto again = std::make_unique<Agent>(options_);
        for (const Fact& fact : journal_)
            REQUIRE(again->replay({}, fact));
        REQUIRE(again->work().size() == agent_->work().size());
        for (const auto& [key, work] : agent_->work()) {
            const Stage kept = work.stage == Stage::asked ? Stage::reserved : work.stage;
            REQUIRE(again->work().at(key).stage == kept);
            REQUIRE(again->work().at(key).used_g == work.used_g);
            const auto& plate = again->work().at(key).plate;
            REQUIRE(plate.has_value() == work.plate.has_value());
            if (!plate) continue;
            REQUIRE(plate->leader == work.plate->leader);
            REQUIRE(plate->machine_file == work.plate->machine_file);
            REQUIRE(plate->machine_code == work.plate->machine_code);
            REQUIRE(plate->pieces == work.plate->pieces);
            REQUIRE(plate->grams == work.plate->grams);
        }
        for (const auto& [id, machine] : agent_->machines()) {
            REQUIRE(again->machines().at(id).bed_holds == machine.bed_holds);
            REQUIRE(again->machines().at(id).bed_clear == machine.bed_clear);
            REQUIRE(again->machines().at(id).quarantine == machine.quarantine);
            REQUIRE(again->machines().at(id).stock == machine.stock);
        }
        agent_ = std::move(again);
        tokens_.clear();
        asked_.reset();
        answers_.clear();
        const Effects effects = agent_->step(now_, event::Tick{});
        REQUIRE(invariants_.after(now_, *agent_, effects).value_or("all hold") == "all hold");
        for (const Effect& effect : effects)
            keep(effect);
    }

    Event any_event() {
        if (!answers_.empty() && below(3) != 0) {
            const Event answer = answers_.back();
            answers_.pop_back();
            return answer;
        }
        switch (below(10)) {
            case 0:
                return message_of_router();
            case 1:
                return any_offer();
            case 2:
                return machine_reading();
            case 3:
                return machine_reading();
            case 4:
                return below(4) == 0 ? relayed_question() : operator_command();
            case 5:
                return session();
            default:
                return worker_answer();
        }
    }

    Event session() {
        if (below(4) == 0) return event::SessionLost{};
        if (!agent_->connected()) return event::SessionOpened{"router-1"};
        if (tokens_.empty()) return event::Tick{};
        const std::uint64_t token = tokens_.back();
        tokens_.pop_back();
        return event::Acknowledged{token};
    }

    Event any_offer() {
        const AttemptKey key = any_key();
        std::uint64_t epoch = agent_->highest_epoch(key.work_order) + 1;
        if (below(4) == 0) epoch = 1 + below(epoch + 2);
        auto offer = offer_for(key.work_order.text(), epoch, any_machine().text());
        offer.facts.volume_mm3 = static_cast<double>(below(below(4) == 0 ? 900'000 : 20'000));
        offer.expires_s = static_cast<std::int64_t>(below(100));
        return offer;
    }

    Event message_of_router() {
        const AttemptKey key = any_key();
        switch (below(6)) {
            case 5:
                return message::AskInventory{};
            case 0:
                return message::WithdrawWork{key.work_order, key.epoch, "storm"};
            case 1:
                return message::StopWork{key.work_order, key.epoch, "storm"};
            case 2:
                return message::StartRefused{
                    key.work_order, key.epoch, nonce(), "storm", below(2) == 0};
            default:
                return message::ConfirmReservation{key.work_order, key.epoch};
        }
    }

    std::uint64_t nonce() { return asked_ && below(4) != 0 ? asked_->nonce : below(100); }

    Event start_right() {
        message::StartRight right;
        const AttemptKey key = any_key();
        right.work_order = asked_ ? asked_->work_order : key.work_order;
        right.epoch = asked_ ? asked_->epoch : key.epoch;
        right.nonce = nonce();
        right.machine_code = asked_ ? asked_->machine_code : code_of(right.work_order.text());
        right.window_ms = static_cast<std::int64_t>(below(200'000));
        return right;
    }

    Event machine_reading() {
        const MachineId machine = any_machine();
        MachineReading reading = idle_machine();
        const std::string ours = any_file(machine);
        reading.remembers = below(4) != 0;
        if (below(4) != 0) {
            runs_ += below(6) == 0 ? 1U : 0U;
            reading.history = RunHistory{below(40) == 0 ? "boot-b" : "boot-a", runs_};
        }
        reading.bed_seen_empty = below(20) == 0;
        switch (below(60)) {
            case 0:
                reading.condition = MachineCondition::unreachable;
                break;
            case 1:
                reading.condition = MachineCondition::fault;
                break;
            case 2:
                reading.condition = MachineCondition::running;
                reading.file = "local.gcode";
                break;
            case 3:
                reading.last_run = LastRun{"local.gcode", RunOutcome::aborted, ""};
                break;
            case 4:
            case 5:
                reading.last_run = LastRun{ours, RunOutcome::failed, "spaghetti"};
                break;
            default:
                sensible(reading, ours);
        }
        return event::MachineRead{machine, reading};
    }

    void sensible(MachineReading& reading, const std::string& ours) {
        if (ours == nobodys_file || below(3) == 0) return;
        if (below(2) == 0) {
            reading.condition =
                below(6) == 0 ? MachineCondition::paused : MachineCondition::running;
            reading.file = ours;
            reading.progress = static_cast<double>(below(101)) / 100;
        } else {
            reading.last_run = LastRun{ours, RunOutcome::completed, ""};
        }
    }

    std::string any_file(const MachineId& machine) {
        std::string file = nobodys_file;
        for (const auto& [key, work] : agent_->work()) {
            if (work.offer.machine != machine || !work.prepared) continue;
            if (!occupies_machine(work.stage) && below(20) != 0) continue;
            file = file_of(work);
            if (occupies_machine(work.stage)) break;
        }
        return file;
    }

    Event worker_answer() {
        const AttemptKey key = any_key();
        const std::string id = key.work_order.text();
        switch (below(10)) {
            case 0:
                return event::DesignFetched{hash_of("design of " + id)};
            case 1:
                return event::Prepared{key, code_of(id), 3600, static_cast<double>(below(300))};
            case 2:
                return event::UploadedToMachine{key};
            case 3:
                return event::UploadFailed{key, "storm", below(2) == 0};
            case 4:
                return event::CancelAnswered{key, below(2) == 0, "storm"};
            case 5:
                if (below(10) == 0) return event::PrepareFailed{key, "storm"};
                if (below(10) == 0) {
                    return event::DesignFetchFailed{hash_of("design of " + id), "storm"};
                }
                return event::Tick{};
            case 6:
                return gate_answer();
            default:
                return start_right();
        }
    }

    Event gate_answer() {
        const auto kind = static_cast<StartOutcome::Kind>(below(5));
        for (const auto& [key, work] : agent_->work()) {
            if (work.gate_open) return event::StartGateAnswered{key, {kind, "storm"}};
        }
        return event::StartGateAnswered{any_key(), {kind, "storm"}};
    }

    Event operator_command() {
        event::OperatorAsked asked;
        asked.reply_id = 1;
        asked.command.action = static_cast<message::OperatorAction>(below(14));
        if (below(6) != 0) asked.command.work_order = any_key().work_order;
        if (below(8) != 0) asked.command.machine = any_machine();
        const char* const texts[] = {"made", "failed", "never_started", ""};
        asked.command.text = texts[below(4)];
        if (below(2) == 0) asked.command.action = message::OperatorAction::clear_bed;
        if (below(6) == 0) asked.command.action = message::OperatorAction::resume;
        if (below(6) == 0) asked.command.action = message::OperatorAction::presence;
        if (below(6) == 0) asked.command.action = message::OperatorAction::pause_machine;
        if (below(12) == 0) asked.command.action = message::OperatorAction::resume_machine;
        if (asked.command.action == message::OperatorAction::load) {
            const bool much = below(3) != 0;
            asked.command.material = MaterialId{"pla"};
            asked.command.grams = static_cast<double>(much ? 800 : below(60));
            asked.command.nothing_else = below(2) == 0;
        }
        return asked;
    }

    std::uint64_t seed_;
    std::uint64_t counter_ = 0;
    AgentOptions options_;
    std::unique_ptr<Agent> agent_;
    Invariants invariants_;
    Moment now_{TimePoint{Duration{1'000}}, {}};
    std::vector<Fact> journal_;
    std::vector<std::uint64_t> tokens_;
    std::vector<Event> answers_;  // The world's answers to effects, newest first.
    std::optional<message::StartRequest> asked_;
    std::uint64_t runs_ = 0;
};

TEST_CASE("no order of events breaks an invariant, and a replay gives the same agent",
          "[agent][random]") {
    std::set<Stage> stages;
    std::size_t gates = 0;
    std::size_t plates = 0;
    std::size_t taken_back = 0;
    std::size_t obeyed = 0;
    std::size_t pauses = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        Storm storm{seed};
        for (int i = 0; i < steps_per_seed; ++i)
            storm.step();
        stages.insert(storm.stages.begin(), storm.stages.end());
        gates += storm.gates;
        plates += storm.plates;
        taken_back += storm.taken_back;
        obeyed += storm.obeyed;
        pauses += storm.pauses;
    }
    // The storm went everywhere, or it proves nothing. Authorised lasts no longer than a step.
    INFO("opened the start gate " << gates << " times");
    CHECK(gates > seeds * 20);
    INFO(plates << " of them for several pieces");
    CHECK(plates > seeds / 2);
    INFO("took " << taken_back << " of these starts back");
    CHECK(taken_back > seeds);
    INFO("obeyed " << obeyed << " commands through the router");
    CHECK(obeyed > seeds);
    INFO("paused and went on " << pauses << " times");
    CHECK(pauses > 0);
    for (std::size_t i = 0; i < stage_count; ++i) {
        const auto stage = static_cast<Stage>(i);
        INFO(to_string(stage));
        CHECK((stage == Stage::authorised || stages.contains(stage)));
    }
}

}  // namespace
}  // namespace nearfab::agent
