// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/check.hpp"
#include "node-agent/core/agent.hpp"
#include "tests/node-agent/core/fab_builder.hpp"
#include "tests/simulation/life/matrix.hpp"

#include <functional>
#include <memory>

namespace nearfab::simulation::life {
namespace {

using namespace agent;
using message::OperatorAction;
using std::chrono::hours;
using std::chrono::minutes;

constexpr const char* order_name = "w-1";
constexpr std::uint64_t epoch = 2;

// One fab with one attempt, on a machine that counts its runs.
class AgentCase {
public:
    explicit AgentCase(Stage stage) : options_{small_fab()} {
        // Only a person decides on offers there; all else goes by itself.
        if (stage == Stage::seen || stage == Stage::declined) {
            options_.machines[0].acceptance = Acceptance::manual;
        }
        agent_ = std::make_unique<Agent>(options_);
        now_.boot = TimePoint{hours{1}};
        go_to(stage);
    }

    [[nodiscard]] AttemptKey key() const { return {WorkOrderId{order_name}, epoch}; }
    [[nodiscard]] Stage stage() const { return agent_->work().at(key()).stage; }

    void feed(const Event& event) {
        for (const Effect& effect : agent_->step(now_, event))
            note(effect);
    }
    void wait(Duration span) { now_.boot += span; }
    void offer(std::uint64_t number) { feed(offer_for(order_name, number, "small")); }
    void command(OperatorAction action, const std::string& text = {}) {
        message::OperatorCommand command{action, WorkOrderId{order_name}, MachineId{"small"}, text};
        command.material = MaterialId{"pla"};  // Of load: none is left.
        feed(event::OperatorAsked{1, command});
    }
    void right(bool of_last_question) {
        message::StartRight right;
        right.work_order = key().work_order;
        right.epoch = epoch;
        right.nonce = of_last_question ? nonce_ : nonce_ + 1;
        right.machine_code = code_of(order_name);
        right.window_ms = 60'000;
        feed(right);
    }
    void gate(StartOutcome::Kind kind) {
        feed(event::StartGateAnswered{key(), StartOutcome{kind, "so it is"}});
    }
    void read(MachineCondition condition,
              const std::optional<RunOutcome>& ended,
              std::uint64_t runs) {
        MachineReading reading = idle_machine();
        reading.condition = condition;
        reading.history = RunHistory{"on-1", runs};
        const std::string file = file_of(order_name, epoch);
        if (condition == MachineCondition::running) reading.file = file;
        if (ended) reading.last_run = LastRun{file, *ended, ""};
        feed(event::MachineRead{MachineId{"small"}, reading});
    }
    void restart() {
        agent_ = std::make_unique<Agent>(options_);
        for (const Fact& fact : facts_)
            NEARFAB_CHECK(agent_->replay({}, fact).has_value(), "the journal is its own");
        feed(event::Tick{});
    }
    // Until its present deadline, if it has one.
    void wait_for_deadline() {
        const auto deadline = agent_->next_deadline();
        if (deadline) now_.boot = std::max(now_.boot, *deadline);
        feed(event::Tick{});
    }
    void begin_to_watch() { told_.clear(); }
    [[nodiscard]] const std::string& told() const { return told_; }

private:
    void go_to(Stage stage) {
        feed(event::SessionOpened{"router"});
        read(MachineCondition::idle, {}, 0);
        offer(epoch);
        if (stage == Stage::declined) command(OperatorAction::decline);
        if (this->stage() == stage) return prepare_if(stage == Stage::reserved);
        prepare_if(true);
        if (stage == Stage::released) feed(message::WithdrawWork{key().work_order, epoch, "over"});
        if (stage == Stage::failed) return fail_now();
        if (this->stage() == stage) return;
        command(OperatorAction::clear_bed);
        if (stage == Stage::asked) return;
        right(true);
        if (stage == Stage::authorised) return forget_start();
        if (stage == Stage::starting) return;
        gate(stage == Stage::never_started ? StartOutcome::Kind::refused
             : stage == Stage::in_doubt    ? StartOutcome::Kind::unknown
                                           : StartOutcome::Kind::started);
        if (this->stage() == stage) return;
        read(MachineCondition::idle, RunOutcome::completed, 1);
        if (this->stage() == stage) return;
        command(stage == Stage::inspected_bad ? OperatorAction::inspect_bad
                                              : OperatorAction::inspect_good);
        if (this->stage() != stage) command(OperatorAction::hand_over);
    }
    void prepare_if(bool wanted) {
        if (!wanted) return;
        feed(message::ConfirmReservation{key().work_order, epoch});
        feed(event::DesignFetched{hash_of("design of " + std::string{order_name})});
        feed(event::Prepared{key(), code_of(order_name), 3600, 20});
        feed(event::UploadedToMachine{key()});
    }
    void fail_now() {
        command(OperatorAction::clear_bed);
        right(true);
        gate(StartOutcome::Kind::started);
        read(MachineCondition::idle, RunOutcome::failed, 1);
    }
    // As a crash between two facts leaves it: the right is written down, the start is not.
    void forget_start() {
        facts_.pop_back();
        agent_ = std::make_unique<Agent>(options_);
        for (const Fact& fact : facts_)
            NEARFAB_CHECK(agent_->replay({}, fact).has_value(), "the journal is its own");
    }
    void note(const Effect& effect) {
        if (const auto* record = std::get_if<effect::Record>(&effect)) {
            facts_.push_back(record->fact);
        } else if (const auto* sent = std::get_if<effect::SendToRouter>(&effect)) {
            if (const auto* question = std::get_if<message::StartRequest>(&sent->message)) {
                nonce_ = question->nonce;
            }
            const std::string name{name_of(sent->message)};
            if (name != "Progress" && name != "Advertise" && name != "Inventory") {
                told_ += " +" + name;
            }
        } else if (const auto* answer = std::get_if<effect::AnswerOperator>(&effect)) {
            if (!answer->answer) told_ += " refused";
        } else if (std::holds_alternative<effect::OpenStartGate>(effect)) {
            told_ += " +gate";
        } else if (std::holds_alternative<effect::RevokeStart>(effect)) {
            told_ += " +take back";
        } else if (std::holds_alternative<effect::CancelRun>(effect)) {
            told_ += " +stop machine";
        }
    }

    AgentOptions options_;
    std::unique_ptr<Agent> agent_;
    Moment now_;
    std::vector<Fact> facts_;
    std::uint64_t nonce_ = 0;
    std::string told_;
};

struct Happening {
    std::string name;
    std::function<void(AgentCase&)> happen;
};

void add_messages(std::vector<Happening>& all) {
    const auto add = [&](const char* name, std::function<void(AgentCase&)> what) {
        all.push_back({name, std::move(what)});
    };
    add("Offer, the same again", [](AgentCase& c) { c.offer(epoch); });
    add("Offer, an older epoch", [](AgentCase& c) { c.offer(epoch - 1); });
    add("Offer, a newer epoch", [](AgentCase& c) { c.offer(epoch + 1); });
    add("ConfirmReservation", [](AgentCase& c) {
        c.feed(message::ConfirmReservation{c.key().work_order, epoch});
    });
    add("WithdrawWork", [](AgentCase& c) {
        c.feed(message::WithdrawWork{c.key().work_order, epoch, "over"});
    });
    add("StopWork", [](AgentCase& c) {
        c.feed(message::StopWork{c.key().work_order, epoch, "cancelled"});
    });
    add("StartRight for the last question", [](AgentCase& c) { c.right(true); });
    add("StartRight for another question", [](AgentCase& c) { c.right(false); });
    add("StartRight after its window", [](AgentCase& c) {
        c.wait(minutes{2});
        c.right(true);
    });
    add("StartRefused, withdrawn", [](AgentCase& c) {
        c.feed(message::StartRefused{c.key().work_order, epoch, 0, "over", true});
    });
    add("session lost", [](AgentCase& c) { c.feed(event::SessionLost{}); });
    add("session opened", [](AgentCase& c) { c.feed(event::SessionOpened{"router"}); });
}

void add_machine(std::vector<Happening>& all) {
    using K = StartOutcome::Kind;
    for (const auto& [kind, name] : {std::pair{K::started, "gate: started"},
                                     std::pair{K::refused, "gate: stayed shut"},
                                     std::pair{K::revoked, "gate: taken back"},
                                     std::pair{K::driver_failed, "gate: machine said no"},
                                     std::pair{K::unknown, "gate: no answer"}}) {
        all.push_back({name, [kind = kind](AgentCase& c) { c.gate(kind); }});
    }
    using M = MachineCondition;
    const auto add =
        [&](const char* name, M condition, std::optional<RunOutcome> ended, std::uint64_t runs) {
            all.push_back({name, [=](AgentCase& c) {
                               c.wait(minutes{1});
                               c.read(condition, ended, runs);
                           }});
        };
    add("machine: runs our file", M::running, {}, 1);
    add("machine: ran it to the end", M::idle, RunOutcome::completed, 1);
    add("machine: ended it early", M::idle, RunOutcome::aborted, 1);
    add("machine: idle, ran nothing", M::idle, {}, 0);
    add("machine: idle, ran something", M::idle, {}, 2);
    add("machine: fault", M::fault, {}, 1);
    add("machine: silent", M::unreachable, {}, 0);
}

void add_people(std::vector<Happening>& all) {
    const auto add = [&](const char* name, OperatorAction action, const char* text = "") {
        all.push_back({name, [=](AgentCase& c) { c.command(action, text); }});
    };
    add("operator: accept", OperatorAction::accept);
    add("operator: decline", OperatorAction::decline);
    add("operator: bed is clear", OperatorAction::clear_bed);
    add("operator: good", OperatorAction::inspect_good);
    add("operator: bad", OperatorAction::inspect_bad);
    add("operator: handed over", OperatorAction::hand_over);
    add("operator: was made", OperatorAction::resolve, "made");
    add("operator: failed", OperatorAction::resolve, "failed");
    add("operator: never started", OperatorAction::resolve, "never_started");
    add("operator: drain", OperatorAction::drain);
    add("operator: no material is left", OperatorAction::load);
    all.push_back({"its time is over", [](AgentCase& c) { c.wait_for_deadline(); }});
    all.push_back({"the program is restarted", [](AgentCase& c) { c.restart(); }});
}

}  // namespace

Matrix attempt_matrix() {
    std::vector<Happening> happenings;
    add_messages(happenings);
    add_machine(happenings);
    add_people(happenings);
    Matrix matrix;
    for (std::size_t i = 0; i < stage_count; ++i)
        matrix.states.emplace_back(to_string(static_cast<Stage>(i)));
    for (const Happening& what : happenings) {
        Matrix::Row row{what.name, {}};
        for (std::size_t i = 0; i < stage_count; ++i) {
            const auto stage = static_cast<Stage>(i);
            AgentCase fresh{stage};
            NEARFAB_CHECK(fresh.stage() == stage, "every stage can be reached");
            fresh.begin_to_watch();
            what.happen(fresh);
            std::string cell;
            if (fresh.stage() != stage) cell = to_string(fresh.stage());
            cell += fresh.told();
            row.cells.push_back(cell.empty() ? "." : cell);
        }
        matrix.rows.push_back(std::move(row));
    }
    return matrix;
}

}  // namespace nearfab::simulation::life
