// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/router/core/story_words.hpp"

#include <fmt/format.h>
#include <optional>
#include <variant>

namespace nearfab::router::testing {
namespace {

// What a fab asks and emits, if it says so.
std::string figures(const std::optional<Money>& price, const std::optional<Footprint>& footprint) {
    std::string text;
    if (price) text += " [" + to_string(*price) + "]";
    if (footprint && is_complete(*footprint)) {
        text += fmt::format(" [{:.0f} g CO2e]",
                            static_cast<double>(sum_of(*footprint).typical_mg) / 1000);
    }
    return text;
}

std::string rows(const MatchReport& report) {
    std::string text;
    for (const Candidate& c : report.candidates) {
        text += fmt::format("\n    can {}/{}: {}{}",
                            c.fab.text(),
                            c.machine.text(),
                            c.reason,
                            figures(c.price, c.footprint));
    }
    for (const Rejection& r : report.rejections) {
        text += fmt::format("\n    not {}/{}: {}", r.fab.text(), r.machine.text(), r.text);
    }
    for (const Alternative& a : report.alternatives) {
        text += fmt::format("\n    could be {} for {}: {}", a.offered, a.needed, a.text);
    }
    return text;
}

std::string plan_rows(const JobPlan& plan) {
    std::string text;
    for (const PlanRow& row : plan.rows) {
        text += fmt::format("\n    part {}: {} at {}/{}, {:.1f} km, from {} to {} s",
                            row.part,
                            row.pieces,
                            row.fab.text(),
                            row.machine.text(),
                            row.distance_km,
                            row.first_s,
                            row.last_s);
        if (row.late > 0) text += fmt::format(", {} late", row.late);
        text += figures(row.price, row.footprint);
    }
    for (const Money& price : plan.prices)
        text += "\n    in all " + to_string(price);
    for (const PlanPart& part : plan.parts) {
        if (part.unplaced > 0) {
            text +=
                fmt::format("\n    part {}: {} nowhere: {}", part.part, part.unplaced, part.reason);
        }
        for (const Alternative& a : part.alternatives)
            text += "\n      could be made " + a.text;
    }
    return text;
}

// A fact in a few words.
struct FactPrinter {
    std::string operator()(const JobSubmitted& f) const { return "job " + f.job.text(); }
    std::string operator()(const DesignAnalysed& f) const {
        return "design " + in_words(f.design) + " analysed";
    }
    std::string operator()(const DesignRefused& f) const {
        return std::string{f.in_any_unit ? "design refused in any unit: " : "design refused: "} +
               f.error.message;
    }
    std::string operator()(const WorkQueued& f) const { return f.job.text() + " queued"; }
    std::string operator()(const WorkPlanned& f) const {
        return fmt::format("{} planned{}: {}{}",
                           f.job.text(),
                           f.reason.empty() ? "" : " anew (" + f.reason + ")",
                           summary_of(f.plan),
                           plan_rows(f.plan));
    }
    std::string operator()(const WorkOffered& f) const {
        return fmt::format("{} e{} offered to {}/{}: {}",
                           f.work_order.text(),
                           f.epoch,
                           f.chosen.fab.text(),
                           f.chosen.machine.text(),
                           f.chosen.reason);
    }
    std::string operator()(const WorkWaits& f) const {
        return f.work_order.text() + " waits: " + f.reason;
    }
    std::string operator()(const WorkMoved& f) const {
        return fmt::format("{} e{} {}{}{}",
                           f.work_order.text(),
                           f.epoch,
                           to_string(f.event),
                           f.detail.empty() ? "" : ": ",
                           f.detail);
    }
    std::string operator()(const SurplusFound& f) const {
        return fmt::format("{} e{} surplus at {}{}",
                           f.work_order.text(),
                           f.epoch,
                           f.fab.text(),
                           f.satisfies ? ", taken as the part" : "");
    }
    std::string operator()(const PieceMissing& f) const {
        return fmt::format("{} e{} {} {}",
                           f.work_order.text(),
                           f.epoch,
                           f.found ? "found again at" : "missing at",
                           f.fab.text());
    }
    std::string operator()(const EpochRaised& f) const {
        return fmt::format("{} e{} heard of from {}", f.work_order.text(), f.epoch, f.fab.text());
    }
    std::string operator()(const AttemptAdopted& f) const {
        return fmt::format("{} e{} adopted, at {}/{}",
                           f.work_order.text(),
                           f.epoch,
                           f.fab.text(),
                           f.machine.text());
    }
    std::string operator()(const AttemptClaimed& f) const {
        return fmt::format("{} e{} claimed by {}/{}",
                           f.work_order.text(),
                           f.epoch,
                           f.fab.text(),
                           f.machine.text());
    }
    std::string operator()(const DoubtCounted& f) const {
        return fmt::format("{} e{} in doubt for {} s", f.work_order.text(), f.epoch, f.seconds);
    }
    std::string operator()(const ClockSet& f) const {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(f.offset);
        return fmt::format("clock set: steady time is {} s from it", seconds.count());
    }
    std::string operator()(const FabHeard& f) const { return f.fab.text() + " heard"; }
    std::string operator()(const FabWrittenOff& f) const { return f.fab.text() + " written off"; }
    std::string operator()(const FabSuspected& f) const { return f.fab.text() + " suspected"; }
    std::string operator()(const FabCleared& f) const {
        return f.fab.text() + " cleared: " + f.reason;
    }
    std::string operator()(const GenerationBegan& f) const {
        return fmt::format("generation {} began{}", f.generation, f.restored ? ", restored" : "");
    }
    std::string operator()(const Reconciled& f) const { return "reconciled: " + f.how; }
    std::string operator()(const CancelWanted& f) const { return f.job.text() + " cancel wanted"; }
    std::string operator()(const JobMoved& f) const {
        return f.job.text() + " " + to_string(f.state) + (f.reason.empty() ? "" : ": " + f.reason);
    }
};

// A message in a few words.
struct MessagePrinter {
    std::string operator()(const message::Offer& m) const {
        return fmt::format("Offer {} e{} on {} for {} s",
                           m.work_order.text(),
                           m.epoch,
                           m.machine.text(),
                           m.expires_s);
    }
    std::string operator()(const message::ConfirmReservation& m) const {
        return fmt::format("ConfirmReservation {} e{}", m.work_order.text(), m.epoch);
    }
    std::string operator()(const message::WithdrawWork& m) const {
        return fmt::format("WithdrawWork {} e{}: {}", m.work_order.text(), m.epoch, m.reason);
    }
    std::string operator()(const message::StartRight& m) const {
        return fmt::format("StartRight {} e{} nonce {} for {} ms",
                           m.work_order.text(),
                           m.epoch,
                           m.nonce,
                           m.window_ms);
    }
    std::string operator()(const message::StartRefused& m) const {
        return fmt::format("StartRefused {} e{} nonce {}: {}{}",
                           m.work_order.text(),
                           m.epoch,
                           m.nonce,
                           m.reason,
                           m.withdrawn ? " (withdrawn)" : "");
    }
    std::string operator()(const message::StopWork& m) const {
        return fmt::format("StopWork {} e{}: {}", m.work_order.text(), m.epoch, m.reason);
    }
    std::string operator()(const message::AskInventory&) const { return "AskInventory"; }
    std::string operator()(const message::Failure& m) const {
        return fmt::format("Failure {}: {}; {}{}",
                           to_string(m.error.code),
                           m.error.message,
                           m.error.next,
                           m.retry_after_s > 0 ? fmt::format(" [{} s]", m.retry_after_s) : "");
    }
    std::string operator()(const message::JobAccepted& m) const {
        return "JobAccepted " + m.job.text() + (m.existed ? " (existed)" : "");
    }
    std::string operator()(const message::Quote& m) const {
        std::string text = "Quote" + rows(m.report);
        for (std::size_t i = 0; i < m.more_reports.size(); ++i)
            text += fmt::format("\n    part {}:", i + 1) + rows(m.more_reports[i]);
        if (m.plan) text += "\n    plan: " + summary_of(*m.plan) + plan_rows(*m.plan);
        return text;
    }
    std::string operator()(const message::Jobs& m) const {
        std::string text = "Jobs";
        for (const JobStatus& job : m.jobs) {
            text += fmt::format("\n    {} {} {}", job.id.text(), to_string(job.state), job.reason);
            for (const std::string& remark : job.remarks)
                text += "\n      remark: " + remark;
            if (job.parts.size() > 1) {
                for (const JobPart& part : job.parts) {
                    text += fmt::format("\n      part: {} x {} of {} by {}",
                                        part.quantity,
                                        part.file_name,
                                        part.material.text(),
                                        part.process.text());
                }
            }
            for (const WorkOrderStatus& w : job.work_orders) {
                text += fmt::format("\n      {} {} {}{}{}",
                                    w.id.text(),
                                    to_string(w.state),
                                    w.fab.text(),
                                    w.disconnected ? " (silent)" : "",
                                    w.phase.empty() ? "" : " " + w.phase);
                if (!w.next.empty()) text += "\n        next: " + w.next;
                if (!w.planned_fab.empty()) {
                    text += fmt::format(
                        "planned at {}/{}", w.planned_fab.text(), w.planned_machine.text());
                }
            }
        }
        if (m.more) text += "\n    more";
        return text;
    }
    std::string operator()(const message::JobUpdate& m) const {
        std::string text = "JobUpdate " + to_string(m.status.state) + (m.more ? " (more)" : "");
        for (const JobEvent& event : m.events) {
            text += fmt::format("\n    {} {}", event.number, event.text);
        }
        return text;
    }
    std::string operator()(const message::Why& m) const {
        std::string text = "Why";
        for (const auto& order : m.work_orders) {
            text +=
                fmt::format("\n    {} chose \"{}\"", order.work_order.text(), order.chosen.text());
            if (order.part > 0) text += fmt::format(" for part {}", order.part);
            if (!order.planned.empty()) text += ", planned at " + order.planned.text();
            text += rows(order.report);
            for (const message::FabWord& word : order.words)
                text += fmt::format("\n    {} said: {}", word.fab.text(), word.text);
        }
        return text;
    }
    std::string operator()(const message::Fabs& m) const {
        std::string text = "Fabs";
        for (const message::FabStatus& fab : m.fabs) {
            text += fmt::format("\n    {} {} {}",
                                fab.fab.text(),
                                fab.connected ? "connected" : "not connected",
                                fab.held_back.empty() ? "" : "held back: " + fab.held_back);
        }
        return text;
    }
    std::string operator()(const message::CancelAnswer& m) const {
        return "CancelAnswer " + to_string(m.status.state) + ": " + m.text;
    }
    std::string operator()(const message::RelayedCommand& m) const {
        const std::string text =
            fmt::format("RelayedCommand {} of {}: ", m.request, m.operator_name.text());
        if (std::holds_alternative<message::AskPass>(m.body)) return text + "may it come?";
        if (std::holds_alternative<message::AskAgent>(m.body)) return text + "how is it?";
        const auto& passed = std::get<message::PassedCommand>(m.body);
        return text + fmt::format("{} {} {} ({}, pass {}, good for {} ms)",
                                  message::to_string(passed.command.action),
                                  passed.command.machine.text(),
                                  passed.command.text,
                                  passed.key,
                                  passed.pass.number,
                                  passed.valid_ms);
    }
    std::string operator()(const message::OperatorAnswer& m) const {
        return "OperatorAnswer " + m.text;
    }
    std::string operator()(const message::AgentStatus& m) const {
        return "AgentStatus of " + m.fab_title;
    }
    std::string operator()(const auto&) const { return "some other message"; }
};

}  // namespace

std::string in_words(const DesignReading& reading) {
    std::string text = reading.design.short_hex();
    if (reading.unit != LengthUnit::unstated) text += " in " + to_string(reading.unit);
    for (const LineRule& rule : reading.operations)
        text += " with " + to_string(rule);
    return text;
}

std::string in_words(const Fact& fact) {
    return std::visit(FactPrinter{}, fact);
}

std::string in_words(const Message& message) {
    return std::visit(MessagePrinter{}, message);
}

}  // namespace nearfab::router::testing
