// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/router/core/story.hpp"

#include "tests/router/matching/samples.hpp"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <set>
#include <sstream>
#include <stdexcept>

namespace nearfab::router::testing {
namespace {

using A = message::AttemptState;

PartFacts box_from(const std::string& size) {
    double x = 0;
    double y = 0;
    double z = 0;
    if (std::sscanf(size.c_str(), "%lfx%lfx%lf", &x, &y, &z) != 3) {
        throw std::runtime_error{"no size: " + size};
    }
    return box(x, y, z);
}

// "XxYxZ", and what the words after it say of it.
PartFacts facts_from(const std::string& size, const std::string& wall, const std::string& kind) {
    const PartFacts plain = box_from(size);
    const double x = plain.size_x_mm;
    const double y = plain.size_y_mm;
    if (kind == "drawing") return drawing(x, y);
    if (kind == "plate") return plate(x, y, plain.size_z_mm);
    if (!wall.empty()) return walled_box(x, y, plain.size_z_mm, std::stod(wall));
    return plain;
}

A attempt_state(const std::string& word) {
    for (int i = 1; i <= 13; ++i) {
        if (message::to_string(static_cast<A>(i)) == word) return static_cast<A>(i);
    }
    throw std::runtime_error{"no attempt state: " + word};
}

std::string rows(const MatchReport& report) {
    std::string text;
    for (const Candidate& c : report.candidates) {
        text += fmt::format("\n    can {}/{}: {}", c.fab.text(), c.machine.text(), c.reason);
    }
    for (const Rejection& r : report.rejections) {
        text += fmt::format("\n    not {}/{}: {}", r.fab.text(), r.machine.text(), r.text);
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
    }
    for (const PlanPart& part : plan.parts) {
        if (part.unplaced > 0) {
            text +=
                fmt::format("\n    part {}: {} nowhere: {}", part.part, part.unplaced, part.reason);
        }
    }
    return text;
}

std::string text_of(const DesignReading& reading) {
    std::string text = reading.design.short_hex();
    if (reading.unit != LengthUnit::unstated) text += " in " + to_string(reading.unit);
    return text;
}

// A fact in a few words.
struct FactPrinter {
    std::string operator()(const JobSubmitted& f) const { return "job " + f.job.text(); }
    std::string operator()(const DesignAnalysed& f) const {
        return "design " + text_of(f.design) + " analysed";
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
    std::string operator()(const FabSuspected& f) const { return f.fab.text() + " suspected"; }
    std::string operator()(const FabCleared& f) const {
        return f.fab.text() + " cleared: " + f.reason;
    }
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
        if (m.plan) text += "\n    plan: " + summary_of(*m.plan) + plan_rows(*m.plan);
        return text;
    }
    std::string operator()(const message::Jobs& m) const {
        std::string text = "Jobs";
        for (const JobStatus& job : m.jobs) {
            text += fmt::format("\n    {} {} {}", job.id.text(), to_string(job.state), job.reason);
            for (const std::string& remark : job.remarks)
                text += "\n      remark: " + remark;
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
    std::string operator()(const auto&) const { return "some other message"; }
};

}  // namespace

// The words of one command, with key=value pairs taken out.
struct Story::Words {
    std::vector<std::string> plain;
    std::map<std::string, std::string> named;

    explicit Words(const std::string& line) {
        std::istringstream in{line};
        for (std::string word; in >> word;) {
            const auto equals = word.find('=');
            if (equals != std::string::npos && plain.size() > 1) {
                named[word.substr(0, equals)] = word.substr(equals + 1);
            } else {
                plain.push_back(word);
            }
        }
    }
    [[nodiscard]] const std::string& at(std::size_t i) const { return plain.at(i); }
    [[nodiscard]] std::string get(const std::string& key, const std::string& otherwise) const {
        const auto found = named.find(key);
        return found == named.end() ? otherwise : found->second;
    }
    [[nodiscard]] bool has(const std::string& word) const {
        return std::find(plain.begin(), plain.end(), word) != plain.end();
    }
    [[nodiscard]] std::string rest(std::size_t from) const {
        std::string text;
        for (std::size_t i = from; i < plain.size(); ++i) {
            text += (text.empty() ? "" : " ") + plain[i];
        }
        return text;
    }
};

Story::Story(RouterOptions options)
    : options_{options}, router_{std::make_unique<Router>(options)} {
    now_.boot = TimePoint{std::chrono::hours{1}};
    now_.wall = WallTime{std::chrono::hours{24 * 365 * 56}};
}

JobId Story::job(const std::string& key) const {
    return JobId{job_of_key_.at(key)};
}

WorkOrderId Story::work(const std::string& name) const {
    const auto hash = name.find('#');
    return WorkOrderId{job(name.substr(0, hash)).text() + "-" + name.substr(hash + 1)};
}

std::string Story::named(std::string text) const {
    for (const auto& [id, key] : key_of_job_) {
        for (auto at = text.find(id); at != std::string::npos; at = text.find(id, at + 1)) {
            const bool order = at + id.size() < text.size() && text[at + id.size()] == '-';
            text.replace(at, id.size() + (order ? 1 : 0), key + (order ? "#" : ""));
        }
    }
    return text;
}

std::string Story::run(const Event& event) {
    return print(router_->step(now_, event));
}

std::string Story::wait(Duration span) {
    const TimePoint end = now_.boot + span;
    std::string text;
    while (true) {
        const auto deadline = router_->next_deadline();
        const TimePoint next = deadline && *deadline < end ? *deadline : end;
        now_.wall += next - now_.boot;
        now_.boot = next;
        if (!deadline || *deadline > end) return text;
        const std::string done = run(Tick{});
        if (!done.empty()) {
            text += fmt::format("at +{} s\n", (span - (end - next)).count() / 1000) + done;
        }
        if (next == end) return text;
    }
}

std::string Story::restart() {
    router_ = std::make_unique<Router>(options_);
    for (const auto& [at, fact] : facts_)
        router_->replay(at, fact);
    return print(router_->start(now_));
}

std::string Story::print(const Effects& effects) {
    std::string text;
    for (const Effect& effect : effects)
        text += named(print(effect)) + "\n";
    const std::string broken = broken_invariant(*router_);
    if (!broken.empty()) text += "BROKEN: " + named(broken) + "\n";
    return text;
}

std::string Story::print(const Effect& effect) {
    if (const auto* record = std::get_if<Record>(&effect)) {
        facts_.emplace_back(now_.wall, record->fact);
        return "record " + std::visit(FactPrinter{}, record->fact);
    }
    if (const auto* analyse = std::get_if<Analyse>(&effect)) {
        return "analyse " + text_of(analyse->design);
    }
    if (const auto* tell = std::get_if<Tell>(&effect)) {
        return "tell " + tell->fab.text() + " " + std::visit(MessagePrinter{}, tell->body);
    }
    const auto& answer = std::get<Answer>(effect);
    return fmt::format("answer {} {}", answer.session, std::visit(MessagePrinter{}, answer.body));
}

Event Story::client(const Words& words, Message body) {
    const std::string& who = words.at(1);
    // One session for each person: their first letter.
    return ClientSaid{static_cast<SessionNumber>(who.front() - 'a' + 1),
                      IdentityId{who},
                      who == "operator" ? Role::operator_ : Role::client,
                      ++correlation_,
                      std::move(body),
                      {}};
}

std::string Story::tell(const std::string& line) {
    const Words w{line};
    const std::string& verb = w.at(0);
    const auto fab_id = [&] { return FabId{w.at(1)}; };
    const auto said = [&](Message body) { return run(AgentSaid{fab_id(), std::move(body)}); };
    const auto epoch_of = [&](const WorkOrderId& id) {
        const WorkOrder* order = router_->ledger().work_order(id);
        return std::stoull(w.get("e", std::to_string(order == nullptr ? 1 : order->epoch)));
    };
    const auto facts = [&] {
        return facts_from(w.at(verb == "quote" ? 3 : 2), w.get("wall", ""), w.get("kind", "solid"));
    };
    const auto reading = [&]() -> DesignReading {
        const std::string& name = w.at(1);
        const auto slash = name.find('/');
        if (slash == std::string::npos) return hash_of(name);
        return {hash_of(name.substr(0, slash)), *find_length_unit(name.substr(slash + 1))};
    };
    if (verb == "upgrade") {
        ++options_.analysis_version;
        return restart();
    }
    if (verb == "fab") {
        double x = 0;
        double y = 0;
        double z = 0;
        std::sscanf(w.at(4).c_str(), "%lfx%lfx%lf", &x, &y, &z);
        Capability machine = printer(w.at(3), x, y, z, {});
        std::istringstream stock{w.at(5)};
        for (std::string item; std::getline(stock, item, ',');) {
            const auto colon = item.find(':');
            machine.materials.push_back(
                {MaterialId{item.substr(0, colon)}, std::stod(item.substr(colon + 1))});
        }
        machine.process = ProcessId{w.get("process", "fdm")};
        machine.min_feature_mm = std::stod(w.get("feature", "0.4"));
        machine.accepts_by_hand = w.has("by-hand");
        if (w.get("state", "idle") == "drained") machine.state = MachineState::drained;
        const std::string connected =
            router_->fabs().is_connected(fab_id()) ? "" : run(AgentConnected{fab_id()});
        Advertisement advertisement = fab(*parse_place(w.at(2)), {machine});
        advertisement.valid_s = std::stoll(w.get("valid", "10000000"));
        return connected + said(message::Advertise{std::move(advertisement)});
    }
    if (verb == "connect") {
        return run(AgentConnected{fab_id(), w.get("run", ""), w.get("key", "")});
    }
    if (verb == "forgive") return run(FabForgiven{fab_id()});
    if (verb == "fabs") return run(client(w, message::AskFabs{}));
    if (verb == "clock") {
        now_.wall += std::chrono::seconds{std::stoll(w.at(1))};
        return {};
    }
    if (verb == "forget") {
        facts_.resize(facts_.size() - std::stoul(w.at(1)));
        return restart();
    }
    if (verb == "lose") return run(AgentLost{fab_id()});
    if (verb == "submit" || verb == "quote") {
        message::SubmitJob body;
        body.idempotency_key = verb == "quote" ? "" : w.at(2);
        const std::string& name = verb == "quote" ? w.at(2) : w.at(3);
        body.spec.title = name;
        body.spec.licence = w.get("licence", "CC0-1.0");
        if (body.spec.licence == "none") body.spec.licence.clear();
        body.spec.parts = {part(name, w.get("material", "pla"))};
        body.spec.parts[0].process = ProcessId{w.get("process", "fdm")};
        if (w.named.contains("min-feature"))
            body.spec.parts[0].min_feature_mm = std::stod(w.get("min-feature", ""));
        if (w.named.contains("thickness"))
            body.spec.parts[0].sheet_thickness_mm = std::stod(w.get("thickness", ""));
        if (w.named.contains("unit"))
            body.spec.parts[0].unit = *find_length_unit(w.get("unit", ""));
        body.spec.parts[0].quantity =
            static_cast<std::uint32_t>(std::stoul(w.get("quantity", "1")));
        body.spec.place_of_use = *parse_place(w.get("at", "45.75,4.85"));
        const std::string redo = w.get("redo", "never");
        if (redo == "at-once") body.spec.redo.kind = RedoRule::Kind::at_once;
        if (redo != "at-once" && redo != "never") {
            body.spec.redo = {RedoRule::Kind::after, std::stoll(redo)};
        }
        if (w.named.contains("deadline")) {
            body.spec.deadline =
                now_.wall + std::chrono::seconds{std::stoll(w.get("deadline", ""))};
        }
        if (verb == "quote") {
            return run(client(w, message::AskQuote{body.spec, facts()}));
        }
        const std::string id = hash_of(w.at(1) + '\n' + body.idempotency_key).hex().substr(0, 16);
        key_of_job_[id] = body.idempotency_key;
        job_of_key_[body.idempotency_key] = id;
        Event event = client(w, body);
        if (w.has("missing")) std::get<ClientSaid>(event).missing_designs = {hash_of(name)};
        return run(event);
    }
    if (verb == "analysed") return run(AnalysisDone{reading(), facts()});
    if (verb == "refused" || verb == "broke") {
        return run(AnalysisDone{
            reading(), fail(ErrorCode::invalid_file, w.rest(2), "mend"), verb == "broke"});
    }
    if (verb == "accept") {
        const auto id = work(w.at(2));
        return said(message::AcceptOffer{id, epoch_of(id)});
    }
    if (verb == "decline") {
        const auto id = work(w.at(2));
        return said(message::DeclineOffer{id, epoch_of(id), w.rest(3)});
    }
    if (verb == "ask-start") {
        const auto id = work(w.at(2));
        const WorkOrder* order = router_->ledger().work_order(id);
        message::StartRequest body;
        body.work_order = id;
        body.epoch = epoch_of(id);
        body.machine = MachineId{w.get("machine", "p1")};
        body.nonce = std::stoull(w.get("nonce", "1"));
        body.design = w.named.contains("design")
                          ? hash_of(w.get("design", ""))
                          : router_->ledger().job(order->job)->spec.parts[order->part].design;
        body.machine_code = hash_of(w.get("code", "gcode"));
        body.bed_clear = w.get("bed", "clear") == "clear";
        return said(body);
    }
    if (verb == "report") {
        const auto id = work(w.at(2));
        message::AttemptReport body;
        body.work_order = id;
        body.epoch = epoch_of(id);
        body.state = attempt_state(w.at(3));
        body.machine = MachineId{"p1"};
        body.unsafe = w.has("unsafe");
        body.detail = w.rest(body.unsafe ? 5 : 4);
        return said(body);
    }
    if (verb == "progress") {
        const auto id = work(w.at(2));
        return said(
            message::Progress{id, epoch_of(id), w.at(3), std::stod(w.at(4)), std::stoll(w.at(5))});
    }
    if (verb == "inventory") {
        message::Inventory body;
        for (std::size_t i = 2; i < w.plain.size(); ++i) {
            std::istringstream in{w.at(i)};
            std::string name;
            std::string state;
            std::string epoch;
            std::getline(in, name, ':');
            std::getline(in, state, ':');
            std::getline(in, epoch, ':');
            message::AttemptReport report;
            report.work_order = work(name);
            report.state = attempt_state(state);
            report.epoch = epoch.empty() ? epoch_of(report.work_order) : std::stoull(epoch);
            report.machine = MachineId{"p1"};
            report.detail = w.get("detail", "");
            body.attempts.push_back(report);
        }
        return said(body);
    }
    if (verb == "watch") return run(client(w, message::WatchJob{job(w.at(2)), 0}));
    if (verb == "cancel") return run(client(w, message::CancelJob{job(w.at(2)), w.rest(3)}));
    if (verb == "why") return run(client(w, message::AskWhy{job(w.at(2))}));
    if (verb == "status") return run(client(w, message::AskJobs{}));
    if (verb == "storage") return run(StorageLow{w.at(1) == "low"});
    if (verb == "wait") return wait(std::chrono::seconds{std::stoll(w.at(1))});
    if (verb == "restart") return restart();
    throw std::runtime_error{"no such command: " + line};
}

std::string broken_invariant(const Router& router) {
    for (const auto& [id, order] : router.ledger().work_orders()) {
        if (order.epoch > order.epoch_highest) return id.text() + ": epoch above the highest";
        if (order.state != WorkOrderState::queued && !is_final(order.state) &&
            !order.held_by.contains(order.epoch)) {
            return id.text() + ": nobody holds its epoch";
        }
        if (is_final(order.state) == router.ledger().open_work().contains(id)) {
            return id.text() + ": open work and final states disagree";
        }
        const bool placed = order.state != WorkOrderState::queued && !is_final(order.state);
        if (placed != router.ledger().placed_work().contains(id)) {
            return id.text() + ": placed work and states disagree";
        }
        if (order.state == WorkOrderState::queued &&
            router.ledger().job(order.job)->cancel_wanted) {
            return id.text() + ": queued although the job is cancelled";
        }
    }
    for (const auto& [id, job] : router.ledger().jobs()) {
        for (std::size_t i = 0; i < job.events.size(); ++i) {
            if (job.events[i].number != i + 1) return id.text() + ": a gap in its history";
        }
        const bool open = std::any_of(
            job.work_orders.begin(), job.work_orders.end(), [&](const WorkOrderId& order) {
                return !is_final(router.ledger().work_order(order)->state);
            });
        if (is_final(job.state) && open) return id.text() + ": over, with open work";
        if (!is_final(job.state) && !open && !job.work_orders.empty()) {
            return id.text() + ": not over, without open work";
        }
    }
    return {};
}

}  // namespace nearfab::router::testing
