// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/router/core/story.hpp"

#include "tests/router/core/story_words.hpp"
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

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> words;
    std::istringstream in{text};
    for (std::string word; std::getline(in, word, at);)
        words.push_back(word);
    return words;
}

// "EUR:SETUP:PER_HOUR:PER_KG", and "WATTS:GRID" of its energy.
void state_figures(Capability& machine, const std::string& rates, const std::string& energy) {
    if (const auto words = split(rates, ':'); words.size() == 4) {
        machine.rates =
            Rates{words[0], std::stoll(words[1]), std::stoll(words[2]), std::stoll(words[3])};
    }
    if (const auto words = split(energy, ':'); words.size() == 2) {
        machine.energy = Energy{std::stod(words[0]), std::stod(words[1])};
    }
}

// Another part of a job: "NAME:SIZE:PROCESS:MATERIAL:QUANTITY[:KIND]".
struct OtherPart {
    PartSpec spec;
    PartFacts facts;
};

std::vector<OtherPart> other_parts(const std::string& text) {
    std::vector<OtherPart> parts;
    for (const std::string& one : split(text, ',')) {
        const auto words = split(one, ':');
        OtherPart other{part(words.at(0), words.at(3)),
                        facts_from(words.at(1), "", words.size() > 5 ? words.at(5) : "solid")};
        other.spec.process = ProcessId{words.at(2)};
        other.spec.quantity = static_cast<std::uint32_t>(std::stoul(words.at(4)));
        parts.push_back(std::move(other));
    }
    return parts;
}

Objective objective_from(const std::string& word) {
    for (const Objective objective :
         {Objective::soonest, Objective::cheapest, Objective::greenest}) {
        if (to_string(objective) == word) return objective;
    }
    return Objective::nearest;
}

message::OperatorAction action_from(const std::string& word) {
    for (std::uint8_t i = 1; i <= 20; ++i) {
        const auto action = static_cast<message::OperatorAction>(i);
        if (message::to_string(action) == word) return action;
    }
    throw std::runtime_error{"no action: " + word};
}

A attempt_state(const std::string& word) {
    for (int i = 1; i <= 13; ++i) {
        if (message::to_string(static_cast<A>(i)) == word) return static_cast<A>(i);
    }
    throw std::runtime_error{"no attempt state: " + word};
}

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
        return "record " + in_words(record->fact);
    }
    if (const auto* analyse = std::get_if<Analyse>(&effect)) {
        return "analyse " + in_words(analyse->design);
    }
    if (const auto* tell = std::get_if<Tell>(&effect)) {
        if (std::holds_alternative<message::AskInventory>(tell->body)) asked_.insert(tell->fab);
        return "tell " + tell->fab.text() + " " + in_words(tell->body);
    }
    const auto& answer = std::get<Answer>(effect);
    return fmt::format("answer {} {}", answer.session, in_words(answer.body));
}

Event Story::client(const Words& words, Message body) {
    const std::string& who = words.at(1);
    // One session for each person: their first letter.
    return ClientSaid{static_cast<SessionNumber>(who.front() - 'a' + 1),
                      IdentityId{who},
                      who.starts_with("operator") ? Role::operator_ : Role::client,
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
        std::istringstream words{w.at(1)};
        std::string word;
        std::getline(words, word, '/');
        DesignReading as_said = hash_of(word);
        while (std::getline(words, word, '/')) {
            const auto unit = find_length_unit(word);
            if (unit) as_said.unit = *unit;
            if (!unit) as_said.operations.push_back(*read_line_rule(word));
        }
        return as_said;
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
        state_figures(machine, w.get("rates", ""), w.get("energy", ""));
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
    if (verb == "gone") return run(FabGone{fab_id()});
    if (verb == "fabs") return run(client(w, message::AskFabs{}));
    if (verb == "clock") {
        now_.wall += std::chrono::seconds{std::stoll(w.at(1))};
        return {};
    }
    if (verb == "restore") {
        facts_.resize(facts_.size() - std::stoul(w.at(1)));
        ++options_.generation;
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
        if (w.named.contains("operation"))
            body.spec.parts[0].operations = {*read_line_rule(w.get("operation", ""))};
        body.spec.parts[0].quantity =
            static_cast<std::uint32_t>(std::stoul(w.get("quantity", "1")));
        const std::vector<OtherPart> others = other_parts(w.get("more", ""));
        for (const OtherPart& other : others)
            body.spec.parts.push_back(other.spec);
        body.spec.objective = objective_from(w.get("prefer", "nearest"));
        body.spec.currency = w.get("currency", "");
        body.spec.carbon_price_per_t = std::stoll(w.get("carbon", "0"));
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
            message::AskQuote question{body.spec, facts()};
            for (const OtherPart& other : others)
                question.more_facts.push_back(other.facts);
            return run(client(w, std::move(question)));
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
        body.with_ended = w.get("early", "no") == "no" && asked_.erase(fab_id()) > 0;
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
    if (verb == "relay") {
        message::OperatorCommand command{
            action_from(w.at(4)), {}, MachineId{w.rest(5).empty() ? "" : w.at(5)}, w.rest(6)};
        return run(client(w, message::RelayCommand{FabId{w.at(3)}, w.at(2), std::move(command)}));
    }
    if (verb == "look") {
        return run(client(w, message::RelayCommand{FabId{w.at(2)}, "", message::AskAgent{}}));
    }
    if (verb == "pass" || verb == "did" || verb == "refuses" || verb == "shows") {
        message::RelayedAnswer body{std::stoull(w.at(2)), message::Pass{71}};
        if (verb == "did") body.body = message::OperatorAnswer{w.rest(3)};
        if (verb == "shows") body.body.emplace<message::AgentStatus>().fab_title = "FabLab";
        if (verb == "refuses") {
            body.body = message::Failure{{ErrorCode::unauthorised, w.rest(3), "ask"}};
        }
        return said(std::move(body));
    }
    if (verb == "leave") {
        return run(ClientLost{static_cast<SessionNumber>(w.at(1).front() - 'a' + 1)});
    }
    if (verb == "storage") return run(StorageLow{w.at(1) == "low"});
    if (verb == "wait") return wait(std::chrono::seconds{std::stoll(w.at(1))});
    if (verb == "restart") return restart();
    throw std::runtime_error{"no such command: " + line};
}

// The indexes against what they index.
std::string broken_index(const Ledger& ledger) {
    WaitingLines waiting;
    std::map<FabId, std::set<WorkOrderId>> placed;
    std::map<IdentityId, std::size_t> places;
    std::map<JobId, WaitingPieces> pieces;
    WaitingTally tally;
    for (const auto& [id, order] : ledger.work_orders()) {
        const Job& job = *ledger.job(order.job);
        if (is_final(order.state)) continue;
        if (order.state == WorkOrderState::queued) {
            if (job.cancel_wanted) continue;
            waiting[job.submitter].insert({job.in_line_since, id});
            tally.count(pieces[job.id], waits_for(order), true);
            continue;
        }
        placed[order.chosen.fab].insert(id);
        const bool made =
            order.state == WorkOrderState::produced || order.state == WorkOrderState::inspected;
        places[job.submitter] += made ? 0U : 1U;
    }
    if (waiting != ledger.waiting()) return "waiting work and states disagree";
    if (tally != ledger.waiting_tally()) return "what waits, and what it was counted for, disagree";
    for (const auto& [fab, orders] : placed) {
        if (orders != ledger.placed_at(fab)) return fab.text() + ": its work and states disagree";
    }
    std::map<IdentityId, std::size_t> unfinished;
    std::map<JobState, std::uint32_t> states;
    for (const auto& [id, job] : ledger.jobs()) {
        if (job.waiting != pieces[id]) return id.text() + ": its waiting pieces disagree";
        states[job.state] += is_final(job.state) ? 0U : 1U;
        unfinished[job.submitter] += is_final(job.state) ? 0U : 1U;
        if ((job.state == JobState::analysing) != ledger.analysing().contains(id)) {
            return id.text() + ": analysing and states disagree";
        }
    }
    for (const JobState state :
         {JobState::analysing, JobState::matching, JobState::in_production, JobState::ready}) {
        if (ledger.jobs_in(state) != states[state]) return "jobs by state are counted wrongly";
    }
    for (const auto& [who, count] : unfinished) {
        if (count != ledger.unfinished_of(who)) return who.text() + ": unfinished jobs disagree";
        if (places[who] != ledger.places_of(who)) return who.text() + ": places disagree";
    }
    return {};
}

std::string broken_invariant(const Router& router) {
    if (std::string broken = broken_index(router.ledger()); !broken.empty()) return broken;
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
