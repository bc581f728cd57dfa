// SPDX-License-Identifier: GPL-3.0-or-later
// One line for each fact and effect, for logs and for the stories in tests.

#include "node-agent/core/effect.hpp"
#include "node-agent/core/work.hpp"

namespace nearfab::agent {
namespace {

std::string because(const std::string& reason) {
    return reason.empty() ? "" : ": " + reason;
}

struct FactText {
    std::string operator()(const fact::Seen& f) const {
        return "seen " + to_string(AttemptKey{f.offer.work_order, f.offer.epoch});
    }
    std::string operator()(const fact::EpochSeen& f) const {
        return "epoch seen " + to_string(f.key);
    }
    std::string operator()(const fact::Declined& f) const {
        return "declined " + to_string(f.key) + because(f.reason);
    }
    std::string operator()(const fact::Reserved& f) const { return "reserved " + to_string(f.key); }
    std::string operator()(const fact::Confirmed& f) const {
        return "confirmed " + to_string(f.key);
    }
    std::string operator()(const fact::Prepared& f) const {
        return "prepared " + to_string(f.key) + ": " + f.machine_file;
    }
    std::string operator()(const fact::Authorised& f) const {
        return "authorised " + to_string(f.key) + " until " + std::to_string(f.expires_boot_ms) +
               " ms";
    }
    std::string operator()(const fact::Starting& f) const { return "starting " + to_string(f.key); }
    std::string operator()(const fact::Running& f) const { return "running " + to_string(f.key); }
    std::string operator()(const fact::Doubted& f) const {
        return "in doubt " + to_string(f.key) + because(f.detail);
    }
    std::string operator()(const fact::Burnt& f) const {
        return "burnt " + to_string(f.key) + because(f.reason);
    }
    std::string operator()(const fact::Ended& f) const {
        return std::string{f.produced ? "produced " : "failed "} + to_string(f.key) +
               because(f.detail) + (f.unsafe ? " (unsafe)" : "");
    }
    std::string operator()(const fact::Released& f) const {
        return "released " + to_string(f.key) + because(f.reason);
    }
    std::string operator()(const fact::Inspected& f) const {
        return std::string{f.good ? "inspected good " : "inspected bad "} + to_string(f.key) +
               because(f.detail);
    }
    std::string operator()(const fact::HandedOver& f) const {
        return "handed over " + to_string(f.key);
    }
    std::string operator()(const fact::Unwanted& f) const {
        return std::string{f.stop ? "to be stopped " : "unwanted "} + to_string(f.key) +
               because(f.reason);
    }
    std::string operator()(const fact::Reported& f) const {
        return "reported " + to_string(f.key) + ": " + nearfab::message::to_string(f.state);
    }
    std::string operator()(const fact::BedUsed& f) const {
        return "bed used " + f.machine.text() + ": " + f.file;
    }
    std::string operator()(const fact::BedCleared& f) const {
        return "bed cleared " + f.machine.text();
    }
    std::string operator()(const fact::Drained& f) const { return "drained " + f.machine.text(); }
    std::string operator()(const fact::Resumed& f) const { return "resumed " + f.machine.text(); }
    std::string operator()(const fact::Closed& f) const {
        return "closed " + f.machine.text() + because(f.reason);
    }
    std::string operator()(const fact::Loaded& f) const {
        std::string text =
            "loaded " + f.machine.text() + ": " + grams_text(f.grams) + " of " + f.material.text();
        for (const fact::UsedByRun& run : f.runs)
            text += ", " + grams_text(run.grams) + " used by " + to_string(run.key);
        return text + (f.configured ? " (configured)" : "");
    }
    std::string operator()(const fact::Paused& f) const {
        return "to be paused " + to_string(f.key);
    }
    std::string operator()(const fact::WentOn& f) const { return "goes on " + to_string(f.key); }
    std::string operator()(const fact::Plated& f) const {
        std::string text = "plated " + to_string(f.key);
        for (const AttemptKey& rider : f.riders)
            text += ", " + to_string(rider);
        return text + ": " + f.machine_file;
    }
    std::string operator()(const fact::Unplated& f) const {
        return "plate dissolved " + to_string(f.key) + because(f.reason);
    }
    std::string operator()(const fact::Obeyed& f) const {
        return "obeyed " + f.operator_name.text() + " through the router (" +
               nearfab::message::to_string(f.command.action) + "): " + f.answer;
    }
};

struct MessageText {
    std::string operator()(const message::AttemptReport& m) const {
        return "report " + to_string(AttemptKey{m.work_order, m.epoch}) + " " +
               nearfab::message::to_string(m.state) + (m.unsafe ? " (unsafe)" : "") +
               because(m.detail);
    }
    std::string operator()(const message::AcceptOffer& m) const {
        return "accept " + to_string(AttemptKey{m.work_order, m.epoch});
    }
    std::string operator()(const message::DeclineOffer& m) const {
        return "decline " + to_string(AttemptKey{m.work_order, m.epoch}) + because(m.reason);
    }
    std::string operator()(const message::StartRequest& m) const {
        return "ask to start " + to_string(AttemptKey{m.work_order, m.epoch}) + " on " +
               m.machine.text() + (m.bed_clear ? ", bed clear" : "") +
               (m.operator_present ? ", attended" : "");
    }
    std::string operator()(const message::Inventory& m) const {
        std::string text = m.with_ended ? "inventory, with what is over" : "inventory";
        for (const auto& attempt : m.attempts) {
            text += "; " + to_string(AttemptKey{attempt.work_order, attempt.epoch}) + " " +
                    nearfab::message::to_string(attempt.state);
        }
        return text;
    }
    std::string operator()(const message::Progress& m) const {
        return "progress " + to_string(AttemptKey{m.work_order, m.epoch}) + " " +
               std::to_string(static_cast<int>(m.fraction * 100)) + " %: " + m.phase;
    }
    std::string operator()(const message::Advertise& m) const {
        std::string text = "advertise";
        for (const Capability& machine : m.advertisement.machines) {
            text += "; " + machine.machine.text() + " " + to_string(machine.state) + ", backlog " +
                    std::to_string(machine.backlog_s) + " s";
            for (const MaterialStock& stock : machine.materials) {
                text += ", " + std::to_string(static_cast<int>(stock.available_g)) + " g " +
                        stock.material.text();
            }
        }
        return text;
    }
    std::string operator()(const message::RelayedAnswer& m) const {
        const std::string text = "answer " + std::to_string(m.request);
        if (std::holds_alternative<message::Pass>(m.body)) return text + ": a pass";
        if (std::holds_alternative<message::AgentStatus>(m.body)) return text + ": its status";
        if (const auto* done = std::get_if<message::OperatorAnswer>(&m.body)) {
            return text + because(done->text);
        }
        const auto& failure = std::get<message::Failure>(m.body);
        return text + " with a refusal (" + std::string{nearfab::to_string(failure.error.code)} +
               "): " + failure.error.message + "; next: " + failure.error.next +
               (failure.retry_after_s > 0 ? " [" + std::to_string(failure.retry_after_s) + " s]"
                                          : "");
    }
    template <typename Other>
    std::string operator()(const Other& other) const {
        return std::string{name_of(Message{other})};
    }
};

struct EffectText {
    std::string operator()(const effect::Record& e) const { return "record " + to_string(e.fact); }
    std::string operator()(const effect::SendToRouter& e) const {
        return std::string{e.reliable ? "send " : "tell "} + std::visit(MessageText{}, e.message);
    }
    std::string operator()(const effect::FetchDesign& e) const {
        return "fetch design " + e.design.short_hex() + ", " + std::to_string(e.size) + " bytes";
    }
    std::string operator()(const effect::Prepare& e) const {
        return "prepare " + to_string(e.key) + " for " + e.machine.text();
    }
    std::string operator()(const effect::PreparePlate& e) const {
        std::string text = "prepare a plate for " + e.pieces.front().machine.text() + ":";
        for (const effect::Prepare& piece : e.pieces)
            text += " " + to_string(piece.key);
        return text;
    }
    std::string operator()(const effect::UploadToMachine& e) const {
        return "upload " + e.machine_file + " to " + e.machine.text();
    }
    std::string operator()(const effect::OpenStartGate& e) const {
        return "open the start gate of " + e.order.machine.text() + " for " +
               to_string(AttemptKey{e.order.work_order, e.order.epoch}) +
               (e.order.riders.empty() ? ""
                                       : " and " + std::to_string(e.order.riders.size()) + " more");
    }
    std::string operator()(const effect::RevokeStart& e) const {
        return "take back the start of " + to_string(e.key) + " on " + e.machine.text() +
               because(e.reason);
    }
    std::string operator()(const effect::CancelRun& e) const {
        return "cancel the run of " + to_string(e.key) + " on " + e.machine.text();
    }
    std::string operator()(const effect::PauseRun& e) const {
        return (e.go_on ? "let the run of " : "pause the run of ") + to_string(e.key) +
               (e.go_on ? " go on, on " : " on ") + e.machine.text();
    }
    std::string operator()(const effect::TellPresence& e) const {
        return "tell " + e.machine.text() + " that a person is there";
    }
    std::string operator()(const effect::AnswerOperator& e) const {
        if (e.answer) return "answer: " + e.answer->text;
        return "refuse (" + std::string{nearfab::to_string(e.answer.error().code)} +
               "): " + e.answer.error().message + "; next: " + e.answer.error().next;
    }
};

}  // namespace

std::string to_string(const Fact& fact) {
    return std::visit(FactText{}, fact);
}

std::string to_string(const Effect& effect) {
    return std::visit(EffectText{}, effect);
}

std::string in_words(const message::OperatorCommand& command) {
    std::string text = nearfab::message::to_string(command.action);
    const bool has_code = command.action == message::OperatorAction::presence;
    for (const std::string& word : {command.work_order.text(),
                                    command.machine.text(),
                                    has_code ? std::string{} : command.text}) {
        if (!word.empty()) text += " " + word;
    }
    if (command.action == message::OperatorAction::load) {
        text += " " + command.material.text() + " " + grams_text(command.grams) +
                (command.nothing_else ? " and nothing else" : "");
    }
    return text;
}

}  // namespace nearfab::agent
