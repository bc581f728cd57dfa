// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/simulation/designer.hpp"

#include "tests/router/matching/samples.hpp"

#include <algorithm>

namespace nearfab::simulation {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

}  // namespace

Designer::Designer(Scene& scene, Network& network, std::string name, std::size_t jobs)
    : scene_{scene}, network_{network}, name_{std::move(name)} {
    for (std::size_t i = 0; i < jobs; ++i)
        wish_for(scene_.now + scene_.dice.between({}, scene_.setting.storm * 3 / 4));
    start_again();
}

void Designer::start_again() {
    next_.reset();
    wire::ClientSessionOptions options;
    options.software = "simulation";
    options.boot_id = name_ + "-run-" + std::to_string(scene_.dice.next());
    options.role = Role::client;
    options.silence = scene_.setting.silence;
    options.stream.keepalive = scene_.setting.keepalive;
    options.stream.blocked_retry = seconds{1};
    session_ = std::make_unique<wire::ClientSession>(std::move(options), scene_.now);
    inbox_.clear();
    questions_.clear();
}

void Designer::wish_for(TimePoint from) {
    next_.reset();
    Wish wish;
    wish.key = name_ + "-" + std::to_string(wishes_.size());
    const std::string text = "design " + std::to_string(scene_.dice.below(1000));
    wish.design.assign(text.begin(), text.end());
    wish.spec = draw_spec(wish.design);
    wish.from = from;
    wish.next_try = from;
    if (scene_.strikes(Fault::cancelled)) {
        wish.cancel_at = from + scene_.dice.around(scene_.setting.making);
    }
    wishes_.push_back(std::move(wish));
}

JobSpec Designer::draw_spec(const Bytes& design) {
    JobSpec spec;
    spec.title = "Part of " + name_;
    spec.licence = "CERN-OHL-S-2.0";
    spec.place_of_use = {45.0 + static_cast<double>(scene_.dice.below(100)) / 100, 4.8};
    PartSpec part;
    part.design = hash_of(design);
    part.design_bytes = design.size();
    part.file_name = "part.stl";
    const bool milled = scene_.dice.chance(0.2);
    part.process = ProcessId{milled ? "cnc_mill" : "fdm"};
    part.material = MaterialId{milled ? "alu_6061" : "pla"};
    part.quantity =
        scene_.dice.chance(0.7) ? 1 : 2 + static_cast<std::uint32_t>(scene_.dice.below(3));
    spec.parts.push_back(std::move(part));
    switch (scene_.dice.below(4)) {
        case 0:
            spec.redo = {RedoRule::Kind::at_once, 0};
            break;
        case 1:
            spec.redo = {RedoRule::Kind::after,
                         60 + static_cast<std::int64_t>(scene_.dice.below(7200))};
            break;
        default:
            spec.redo = {RedoRule::Kind::never, 0};
    }
    return spec;
}

void Designer::flood() {
    for (int i = 0; i < 12; ++i)
        wish_for(scene_.now);
}

void Designer::pester(TimePoint until) {
    next_.reset();
    pester_until_ = until;
    for (Wish& wish : wishes_)
        wish.next_try = std::max(wish.from, std::min(wish.next_try, scene_.now));
}

void Designer::give_up() {
    next_.reset();
    gave_up_ = true;
    for (Wish& wish : wishes_) {
        if (!wish.cancel_at) wish.cancel_at = scene_.now;
    }
}

void Designer::ask_anew(const std::set<JobId>& lost) {
    next_.reset();
    for (Wish& wish : wishes_) {
        if (!wish.job) continue;
        // What it had heard about the others since then may be lost as well.
        if (lost.contains(*wish.job)) wish.job.reset();
        wish.ended = false;
        wish.cancelled = false;
        wish.next_try = scene_.now;
    }
}

bool Designer::is_content() const {
    return std::all_of(wishes_.begin(), wishes_.end(), [](const Wish& wish) { return wish.ended; });
}

TimePoint Designer::find_next() const {
    TimePoint next = inbox_.empty() ? session_->next_deadline() : TimePoint::min();
    for (const Wish& wish : wishes_) {
        if (!wish.ended && session_->is_open()) next = std::min(next, wish.next_try);
    }
    return next;
}

void Designer::run() {
    next_.reset();
    for (const Bytes& bytes : std::exchange(inbox_, {}))
        session_->receive(scene_.now, bytes);
    session_->tick(scene_.now);
    for (const wire::ClientEvent& event : session_->take_events())
        take(event);
    if (session_->is_open()) {
        for (std::size_t i = 0; i < wishes_.size(); ++i) {
            Wish& wish = wishes_[i];
            if (!wish.ended && wish.next_try <= scene_.now) act(wish, i);
        }
    }
    for (const wire::Stream::Frame& frame : session_->take_outgoing(scene_.now)) {
        if (network_.up(line_, frame.bytes) == Network::Sent::blocked) {
            session_->blocked(scene_.now, frame);
        }
    }
}

void Designer::act(Wish& wish, std::size_t number) {
    wish.next_try = scene_.now + scene_.dice.between(seconds{20}, minutes{2});
    if (!wish.uploaded) {
        ask(message::UploadChunk{wish.spec.parts[0].design, 0, wish.design}, number);
    } else if (!wish.job) {
        submit(wish, number, false);
        if (scene_.strikes(Fault::submitted_again)) submit(wish, number, false);
    } else if (wish.cancel_at && *wish.cancel_at <= scene_.now && (!wish.cancelled || gave_up_)) {
        if (wish.cancelled) wish.next_try += minutes{15};
        ask(message::CancelJob{*wish.job, "changed my mind"}, number);
    } else {
        ask(message::AskJobs{wish.job->text(), true}, number);
        const bool in_a_hurry = scene_.now < pester_until_;
        wish.next_try = scene_.now + (in_a_hurry ? scene_.dice.between(seconds{1}, seconds{5})
                                                 : scene_.dice.between(minutes{3}, minutes{30}));
        if (wish.cancel_at && !wish.cancelled) {
            wish.next_try = std::min(wish.next_try, std::max(*wish.cancel_at, scene_.now));
        }
        if (!wish.tried_otherwise && scene_.strikes(Fault::submitted_otherwise)) {
            wish.tried_otherwise = true;
            submit(wish, number, true);
        }
    }
}

void Designer::submit(const Wish& wish, std::size_t number, bool otherwise) {
    message::SubmitJob body{wish.key, wish.spec};
    if (otherwise) body.spec.title += ", changed";
    ask(body, number, otherwise);
}

void Designer::ask(const Message& body, std::size_t number, bool otherwise) {
    const std::uint64_t correlation = ++correlations_;
    if (session_->send(scene_.now, body, correlation)) {
        questions_[correlation] = {number, otherwise};
    }
}

void Designer::take(const wire::ClientEvent& event) {
    if (std::holds_alternative<wire::client_event::Opened>(event)) {
        for (Wish& wish : wishes_)
            wish.next_try = std::max(wish.from, std::min(wish.next_try, scene_.now + seconds{5}));
    } else if (std::holds_alternative<wire::client_event::Lost>(event)) {
        questions_.clear();
    } else if (const auto* said = std::get_if<wire::client_event::Delivered>(&event)) {
        const auto question = questions_.find(said->correlation);
        if (question != questions_.end()) hear(question->second, said->body);
        if (said->sequence != 0) session_->handled(said->session, said->sequence);
    }
}

void Designer::hear(const Question& question, const Message& body) {
    Wish& wish = wishes_[question.wish];
    if (const auto* upload = std::get_if<message::UploadStatus>(&body)) {
        wish.uploaded = upload->complete;
        wish.next_try = scene_.now;
    } else if (const auto* accepted = std::get_if<message::JobAccepted>(&body)) {
        if (question.otherwise) {
            throw Violation{"INV4: another body with the key " + wish.key + " was accepted"};
        }
        if (wish.job && *wish.job != accepted->job) {
            throw Violation{"INV4: the key " + wish.key + " made two jobs"};
        }
        if (!wish.job) wish.next_try = scene_.now + seconds{30};
        wish.job = accepted->job;
    } else if (const auto* jobs = std::get_if<message::Jobs>(&body)) {
        if (jobs->jobs.empty()) return;
        wish.cancelled = wish.cancelled || jobs->jobs.front().cancel_wanted;
        wish.ended = is_final(jobs->jobs.front().state);
    } else if (const auto* failure = std::get_if<message::Failure>(&body)) {
        if (failure->error.code != ErrorCode::limit_reached) return;
        scene_.count(Fault::limit_reached);
        wish.next_try = scene_.now + scene_.dice.between(minutes{2}, minutes{20});
    } else if (const auto* cancelled = std::get_if<message::CancelAnswer>(&body)) {
        wish.cancelled = true;
        wish.ended = is_final(cancelled->status.state);
    }
}

}  // namespace nearfab::simulation
