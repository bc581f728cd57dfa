// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/node-agent/core/story.hpp"

#include <stdexcept>

namespace nearfab::agent {
namespace {

std::string word(std::istringstream& words) {
    std::string text;
    if (!(words >> text)) throw std::invalid_argument{"a word is missing"};
    return text;
}

std::string rest(std::istringstream& words) {
    std::string text;
    std::getline(words >> std::ws, text);
    return text;
}

// "w1 e2"
AttemptKey key_from(std::istringstream& words) {
    const std::string id = word(words);
    const std::string epoch = word(words);
    if (epoch.front() != 'e') throw std::invalid_argument{"an epoch is written e1"};
    return {WorkOrderId{id}, std::stoull(epoch.substr(1))};
}

// "w1 e1 w2 e1"
std::vector<AttemptKey> keys_from(std::istringstream& words) {
    std::vector<AttemptKey> keys;
    while (words >> std::ws && !words.eof())
        keys.push_back(key_from(words));
    return keys;
}

ContentHash plate_code(const AttemptKey& leader) {
    return hash_of("plate of " + leader.work_order.text());
}

StartOutcome::Kind kind_from(const std::string& text) {
    if (text == "started") return StartOutcome::Kind::started;
    if (text == "refused") return StartOutcome::Kind::refused;
    if (text == "revoked") return StartOutcome::Kind::revoked;
    if (text == "driver_failed") return StartOutcome::Kind::driver_failed;
    if (text == "unknown") return StartOutcome::Kind::unknown;
    throw std::invalid_argument{"no outcome: " + text};
}

message::OperatorAction action_from(const std::string& text) {
    for (std::uint8_t i = 1; i <= 13; ++i) {
        const auto action = static_cast<message::OperatorAction>(i);
        if (message::to_string(action) == text) return action;
    }
    return message::OperatorAction::unknown;
}

}  // namespace

// A fab that was started before, and whose beds were all confirmed clear. "fresh" begins without
// that.
Story::Story() : agent_{std::make_unique<Agent>(options_)} {
    Effects confirmed;
    journal_ = first_facts(options_);
    for (const MachineOptions& machine : options_.machines)
        journal_.push_back(fact::BedCleared{machine.capability.machine});
    for (const Fact& fact : journal_) {
        confirmed.push_back(effect::Record{fact});
        if (!agent_->replay({}, fact)) throw std::logic_error{"not what a fab can begin with"};
    }
    if (invariants_.after(now_, *agent_, confirmed))
        throw std::logic_error{"broken from the start"};
}

std::string Story::play(const std::string& line) {
    Words words{line};
    const std::string verb = word(words);
    if (verb == "show") return show_adverts_ = true, std::string{};
    if (verb == "wait") return wait(words);
    if (verb == "ack") return acknowledge();
    if (verb == "restart") return restart(false);
    if (verb == "reboot") return restart(true);
    if (verb == "status") return status();
    if (verb == "fresh") {
        journal_.clear();
        invariants_ = {};
        return restart(false);
    }
    if (verb == "terms") {
        options_.terms.submitters = {word(words)};
        return restart(false);
    }
    if (verb == "remove") {
        const std::string id = word(words);
        std::erase_if(options_.machines, [&](const MachineOptions& machine) {
            return machine.capability.machine.text() == id;
        });
        return restart(false);
    }
    if (verb == "configured") {  // configured small pla 500
        const std::string id = word(words);
        const MaterialId material{word(words)};
        const double grams = std::stod(word(words));
        for (MachineOptions& machine : options_.machines) {
            if (machine.capability.machine.text() != id) continue;
            std::erase_if(machine.capability.materials,
                          [&](const MaterialStock& stock) { return stock.material == material; });
            machine.capability.materials.push_back({material, grams});
        }
        return restart(false);
    }
    if (verb == "listens_to") {
        options_.through_router.emplace_back(word(words));
        return restart(false);
    }
    if (verb == "code") {
        const std::string id = word(words);
        for (MachineOptions& machine : options_.machines) {
            if (machine.capability.machine.text() == id) machine.presence_code = rest(words);
        }
        return restart(false);
    }
    if (verb == "forgets_preparing") {
        options_.preparable.clear();
        return restart(false);
    }
    if (verb == "plates_of") {
        const auto pieces = static_cast<std::uint32_t>(std::stoul(word(words)));
        for (MachineOptions& machine : options_.machines)
            machine.pieces_per_plate = pieces;
        return restart(false);
    }
    // ready w1 e1: offered to the small printer, and on it as it would be made alone
    if (verb == "ready") {
        const std::string key = rest(words);
        const std::string id = key.substr(0, key.find(' '));
        std::string text = play("offer " + key + " small");
        for (const std::string& next : {"confirm " + key,
                                        "fetched " + id,
                                        "prepared " + key + " 12 3600",
                                        "uploaded " + key}) {
            text += play(next);
        }
        return text;
    }
    if (verb == "holds_at_most") {
        options_.work_orders_max = std::stoull(word(words));
        return restart(false);
    }
    const auto event = event_from(verb, words);
    if (!event) throw std::invalid_argument{"no such command: " + line};
    return step(*event);
}

std::string Story::step(const Event& event) {
    const Effects effects = agent_->step(now_, event);
    std::string text = show(effects);
    if (const auto broken = invariants_.after(now_, *agent_, effects)) {
        text += "BROKEN: " + *broken + "\n";
    }
    return text;
}

std::string Story::show(const Effects& effects) {
    std::string text;
    for (const Effect& effect : effects) {
        if (const auto* record = std::get_if<effect::Record>(&effect)) {
            journal_.push_back(record->fact);
        }
        if (const auto* sent = std::get_if<effect::SendToRouter>(&effect)) {
            if (sent->token != 0) tokens_.push_back(sent->token);
            if (const auto* ask = std::get_if<message::StartRequest>(&sent->message)) {
                nonces_[{ask->work_order, ask->epoch}].push_back(ask->nonce);
                codes_[{ask->work_order, ask->epoch}] = ask->machine_code;
            }
            if (const auto* said = std::get_if<message::RelayedAnswer>(&sent->message)) {
                const auto* pass = std::get_if<message::Pass>(&said->body);
                if (pass != nullptr) passes_[said->request] = *pass;
            }
            if (!show_adverts_ && std::holds_alternative<message::Advertise>(sent->message)) {
                continue;
            }
        }
        text += to_string(effect) + "\n";
    }
    return text;
}

std::optional<Event> Story::event_from(const std::string& verb, Words& words) {
    if (verb == "session") return event::SessionOpened{"router-1"};
    if (verb == "session_lost") return event::SessionLost{};
    if (verb == "tick") return event::Tick{};
    if (verb == "read") return reading_from(words);
    if (verb == "operator") return command_from(words);
    if (verb == "relayed") return relayed_from(words);
    if (auto event = router_event(verb, words)) return event;
    return worker_event(verb, words);
}

std::optional<Event> Story::router_event(const std::string& verb, Words& words) {
    if (verb == "offer") return offer_from(words);
    if (verb == "right") return right_from(words);
    if (verb == "confirm") {
        const AttemptKey key = key_from(words);
        return message::ConfirmReservation{key.work_order, key.epoch};
    }
    if (verb == "withdraw") {
        const AttemptKey key = key_from(words);
        return message::WithdrawWork{key.work_order, key.epoch, rest(words)};
    }
    if (verb == "stop") {
        const AttemptKey key = key_from(words);
        return message::StopWork{key.work_order, key.epoch, rest(words)};
    }
    if (verb == "ask_inventory") return message::AskInventory{};
    if (verb == "refuse_start") {
        const AttemptKey key = key_from(words);
        const bool withdrawn = word(words) == "withdrawn";
        return message::StartRefused{
            key.work_order, key.epoch, nonces_[key].back(), rest(words), withdrawn};
    }
    return std::nullopt;
}

std::optional<Event> Story::worker_event(const std::string& verb, Words& words) {
    if (verb == "fetched") return event::DesignFetched{hash_of("design of " + word(words))};
    if (verb == "fetch_failed") {
        const ContentHash design = hash_of("design of " + word(words));
        return event::DesignFetchFailed{design, rest(words)};
    }
    if (verb == "prepared") {
        const AttemptKey key = key_from(words);
        const double grams = std::stod(word(words));
        return event::Prepared{key, code_of(key.work_order.text()), std::stoll(word(words)), grams};
    }
    if (verb == "prepare_failed") {
        const AttemptKey key = key_from(words);
        return event::PrepareFailed{key, rest(words)};
    }
    // plate_prepared 60 7200 w1 e1 w2 e1: grams, seconds, the leader and the others
    if (verb == "plate_prepared") {
        event::PlatePrepared made;
        made.grams = std::stod(word(words));
        made.seconds = std::stoll(word(words));
        made.keys = keys_from(words);
        made.machine_code = plate_code(made.keys.front());
        return made;
    }
    if (verb == "plate_failed") return event::PlateFailed{keys_from(words), "no room"};
    if (verb == "uploaded") return event::UploadedToMachine{key_from(words)};
    if (verb == "upload_failed") {
        const AttemptKey key = key_from(words);
        const bool may_retry = word(words) == "retry";
        return event::UploadFailed{key, rest(words), may_retry};
    }
    if (verb == "gate") {
        const AttemptKey key = key_from(words);
        const auto kind = kind_from(word(words));
        return event::StartGateAnswered{key, {kind, rest(words)}};
    }
    if (verb == "cancel_answered") {
        const AttemptKey key = key_from(words);
        const bool ok = word(words) == "ok";
        return event::CancelAnswered{key, ok, rest(words)};
    }
    if (verb == "pause_answered") return pause_answer_from(words);
    return std::nullopt;
}

// pause_answered w1 e1 ok | conflict|unsupported|unavailable|timed_out [text]
Event Story::pause_answer_from(Words& words) {
    event::PauseAnswered answer{key_from(words), std::nullopt};
    const std::string how = word(words);
    for (const ErrorCode code : {ErrorCode::conflict,
                                 ErrorCode::unsupported,
                                 ErrorCode::unavailable,
                                 ErrorCode::timed_out}) {
        if (how == to_string(code)) answer.error = Error{code, rest(words), "look at the machine"};
    }
    if (how != "ok" && !answer.error) throw std::invalid_argument{"no answer: " + how};
    return answer;
}

// "ours:w1:1" is the file of that attempt, "plate:w1:1" that of the plate which it was the last to
// lead; everything else is itself.
std::string Story::file_from(const std::string& text) const {
    const auto key_after = [&text](std::size_t start) {
        const auto colon = text.find(':', start);
        return AttemptKey{WorkOrderId{text.substr(start, colon - start)},
                          std::stoull(text.substr(colon + 1))};
    };
    if (text.starts_with("ours:")) {
        const AttemptKey key = key_after(5);
        return file_of(key.work_order.text(), key.epoch);
    }
    if (!text.starts_with("plate:")) return text;
    const AttemptKey leader = key_after(6);
    for (auto fact = journal_.rbegin(); fact != journal_.rend(); ++fact) {
        const auto* plated = std::get_if<fact::Plated>(&*fact);
        if (plated != nullptr && plated->key == leader) return plated->machine_file;
    }
    throw std::invalid_argument{"no plate was led by " + to_string(leader)};
}

// read small idle|running|paused|fault|unreachable [file=..] [percent=..] [last=..] [ended=..]
//     [runs=..] [boot=..] [empty] [forgets] [says ...]
Event Story::reading_from(Words& words) {
    const MachineId machine{word(words)};
    const std::string condition = word(words);
    MachineReading reading = idle_machine();
    if (condition == "running") reading.condition = MachineCondition::running;
    if (condition == "paused") reading.condition = MachineCondition::paused;
    if (condition == "fault") reading.condition = MachineCondition::fault;
    if (condition == "unreachable") reading.condition = MachineCondition::unreachable;
    for (std::string text; words >> text;) {
        const std::string value = text.substr(text.find('=') + 1);
        if (text == "says") {
            reading.detail = rest(words);
            break;
        }
        if (text == "forgets") reading.remembers = false;
        if (text == "empty") reading.bed_seen_empty = true;
        if (text.starts_with("runs=")) reading.history = RunHistory{"boot-a", std::stoull(value)};
        if (text.starts_with("boot=")) reading.history->boot = value;
        if (text.starts_with("file=")) reading.file = file_from(value);
        if (text.starts_with("percent=")) reading.progress = std::stod(value) / 100;
        if (text.starts_with("percent=")) reading.remaining_s = 600;
        if (text.starts_with("last="))
            reading.last_run = LastRun{file_from(value), RunOutcome::completed, ""};
        if (text.starts_with("ended=")) {
            reading.last_run->outcome = value == "completed" ? RunOutcome::completed
                                        : value == "failed"  ? RunOutcome::failed
                                                             : RunOutcome::aborted;
        }
    }
    return event::MachineRead{machine, reading};
}

// offer w1 e1 small [material=..] [quantity=..] [volume=..cm3] ...
Event Story::offer_from(Words& words) {
    const AttemptKey key = key_from(words);
    message::Offer offer = offer_for(key.work_order.text(), key.epoch, word(words));
    for (std::string text; words >> text;) {
        const std::string value = text.substr(text.find('=') + 1);
        if (text.starts_with("material=")) offer.part.material = MaterialId{value};
        if (text.starts_with("process=")) offer.part.process = ProcessId{value};
        if (text.starts_with("quantity=")) {
            offer.part.quantity = static_cast<std::uint32_t>(std::stoul(value));
        }
        if (text.starts_with("volume_cm3=")) offer.facts.volume_mm3 = std::stod(value) * 1000;
        if (text.starts_with("height=")) offer.facts.stances.fill({std::stod(value), {}});
        if (text.starts_with("licence=")) offer.licence = value;
        if (text.starts_with("submitter=")) offer.submitter = IdentityId{value};
        if (text.starts_with("tolerance=")) offer.part.tolerance_mm = std::stod(value);
        if (text.starts_with("feature=")) offer.part.min_feature_mm = std::stod(value);
        if (text.starts_with("expires=")) offer.expires_s = std::stoll(value);
        if (text.starts_with("design_of=")) offer.part.design = hash_of("design of " + value);
    }
    return offer;
}

// right w1 e1 [old] [wrong_code] [window=..ms]
Event Story::right_from(Words& words) {
    const AttemptKey key = key_from(words);
    const std::vector<std::uint64_t>& asked = nonces_[key];
    message::StartRight right;
    right.work_order = key.work_order;
    right.epoch = key.epoch;
    right.nonce = asked.empty() ? 1 : asked.back();
    const auto code = codes_.find(key);
    right.machine_code = code == codes_.end() ? code_of(key.work_order.text()) : code->second;
    right.window_ms = 60'000;
    for (std::string text; words >> text;) {
        if (text == "old") right.nonce = asked.front();
        if (text == "wrong_code") right.machine_code = hash_of("other");
        if (text.starts_with("window=")) right.window_ms = std::stoll(text.substr(7));
    }
    return right;
}

// operator clear_bed small | operator accept w1 [text] | operator load small pla 500 [alone]
Event Story::command_from(Words& words) {
    return event::OperatorAsked{1, order_from(words)};
}

message::OperatorCommand Story::order_from(Words& words) const {
    message::OperatorCommand command;
    command.action = action_from(word(words));
    using message::OperatorAction;
    const OperatorAction action = command.action;
    const bool of_machine =
        action == OperatorAction::clear_bed || action == OperatorAction::drain ||
        action == OperatorAction::resume || action == OperatorAction::presence ||
        action == OperatorAction::pause_machine || action == OperatorAction::resume_machine ||
        action == OperatorAction::load;
    std::string name;
    words >> name;
    if (of_machine) {
        command.machine = MachineId{name};
    } else {
        command.work_order = WorkOrderId{name};
    }
    if (action == OperatorAction::load) {
        command.material = MaterialId{word(words)};
        command.grams = std::stod(word(words));
        command.nothing_else = rest(words) == "alone";
        return command;
    }
    command.text = rest(words);
    return command;
}

// relayed olga 1 pass | relayed olga 1 ask
// relayed olga 1 KEY [forged] [valid=..ms] clear_bed small: with the pass given last to request 1
Event Story::relayed_from(Words& words) {
    message::RelayedCommand relayed;
    relayed.operator_name = IdentityId{word(words)};
    relayed.request = std::stoull(word(words));
    const std::string what = word(words);
    if (what == "pass") return relayed;
    if (what == "ask") {
        relayed.body = message::AskAgent{};
        return relayed;
    }
    message::PassedCommand passed{passes_[relayed.request], 5000, what, {}};
    for (std::string text;;) {
        const auto at = words.tellg();
        if (!(words >> text)) break;
        if (text == "forged") {
            passed.pass.number += 1;
        } else if (text.starts_with("valid=")) {
            passed.valid_ms = std::stoll(text.substr(6));
        } else {
            words.seekg(at);
            break;
        }
    }
    passed.command = order_from(words);
    relayed.body = std::move(passed);
    return relayed;
}

// Ticks at every deadline on the way, as a shell would.
std::string Story::wait(Words& words) {
    const Moment until{
        now_.boot + Duration{static_cast<std::int64_t>(std::stod(word(words)) * 1000)}, now_.wall};
    std::string text;
    for (;;) {
        const auto deadline = agent_->next_deadline();
        if (!deadline || *deadline > until.boot) break;
        if (*deadline > now_.boot) now_.boot = *deadline;
        text += step(event::Tick{});
        const auto later = agent_->next_deadline();
        if (later && *later <= now_.boot) throw std::logic_error{"a deadline that stays"};
    }
    now_.boot = until.boot;
    return text;
}

std::string Story::acknowledge() {
    std::string text;
    for (const std::uint64_t token : std::exchange(tokens_, {})) {
        text += step(event::Acknowledged{token});
    }
    return text;
}

std::string Story::restart(bool reboot) {
    if (reboot) {
        options_.boot_id += "+";
        now_.boot = TimePoint{Duration{5000}};
    }
    ++options_.nonce_seed;
    tokens_.clear();
    agent_ = std::make_unique<Agent>(options_);
    for (const Fact& fact : journal_) {
        if (const Status taken = agent_->replay({}, fact); !taken) return taken.error().message;
    }
    return step(event::Tick{});
}

std::string Story::status() const {
    const message::AgentStatus status = agent_->status(now_.boot);
    std::string text;
    for (const auto& machine : status.machines) {
        text += machine.capability.machine.text() + ": " + to_string(machine.capability.state) +
                (machine.detail.empty() ? "" : " (" + machine.detail + ")") + "\n";
    }
    for (const auto& work : status.work) {
        text += work.report.work_order.text() + " e" + std::to_string(work.report.epoch) + ": " +
                work.phase + (work.report.detail.empty() ? "" : " (" + work.report.detail + ")") +
                "\n";
    }
    return text;
}

}  // namespace nearfab::agent
