// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/front_desk.hpp"

#include "router/gateway/problem.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace nearfab::gateway {
namespace {

constexpr std::size_t announced_max = 4096;
constexpr std::size_t asked_jobs_max = 64;
constexpr Duration goes_on_looking = std::chrono::seconds{60};
constexpr Duration stream_look_interval = std::chrono::seconds{10};

Response too_many(std::int64_t seconds, const std::string& whose) {
    Response response = problem(429,
                                {ErrorCode::limit_reached,
                                 "there are too many requests " + whose,
                                 "wait " + std::to_string(seconds) + " s, then go on slower"});
    response.headers.emplace_back("Retry-After", std::to_string(seconds));
    return response;
}

Response unknown_caller(const Error& error) {
    Response response = problem(401, error);
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"nearfab\"");
    return response;
}

}  // namespace

FrontDesk::FrontDesk(const Settings& settings, Parts parts, TokenList tokens, Post post)
    : settings_{settings},
      parts_{std::move(parts)},
      tokens_{std::move(tokens)},
      by_token_{settings.requests_per_second, settings.requests_burst},
      by_address_{settings.requests_per_second, settings.requests_burst},
      conversation_{parts_.clients, std::chrono::seconds{settings.answer_seconds}},
      board_{SystemClock{}.read().wall},
      analyses_{{parts_.worker, settings.analyses_max, settings.analyses_per_token_max},
                parts_.designs,
                std::move(post)} {}

std::optional<Response> FrontDesk::refuse_address(const std::string& address) {
    const auto wait = by_address_.take(address, now().boot);
    if (!wait) return std::nullopt;
    return too_many(*wait, "from this address");
}

std::variant<Caller, Response> FrontDesk::admit(std::optional<std::string_view> token) {
    if (!token) {
        return unknown_caller({ErrorCode::unauthorised,
                               "the request has no token",
                               "send \"Authorization: Bearer nf_...\"; the operator of the router "
                               "makes one with: nearfab-router token"});
    }
    const Moment moment = now();
    auto caller = tokens_.find(*token, moment.wall);
    if (!caller) return unknown_caller(caller.error());
    if (const auto wait = by_token_.take(caller->token.hex(), moment.boot)) {
        return too_many(*wait, "with this token");
    }
    return std::move(*caller);
}

void FrontDesk::replace_tokens(TokenList tokens) {
    tokens_ = std::move(tokens);
    end_stale_streams(now().wall);
}

void FrontDesk::end_stale_streams(WallTime wall) {
    std::vector<std::shared_ptr<EventStream>> stale;
    for (const auto& [key, open] : streams_) {
        if (tokens_.is_good(open.caller, wall)) continue;
        if (auto stream = open.stream.lock()) stale.push_back(std::move(stream));
    }
    for (const auto& stream : stale)
        stream->end();
}

void FrontDesk::readable() {
    conversation_.take_answers();
    router::LocalChanges changes = parts_.clients.take_changes();
    if (!looks_for_changes_) return;
    if (changes.all) {
        changed_jobs_.clear();
        changed_fabs_.clear();
        board_.post_resync();
    }
    changed_jobs_.merge(changes.jobs);
    changed_fabs_.merge(changes.fabs);
    if (now().boot >= told_at_ + tick_interval) tell_changes();
}

// At most once in a tick, so that a flood of changes is told together.
void FrontDesk::tell_changes() {
    if (changed_jobs_.empty() && changed_fabs_.empty()) return;
    told_at_ = now().boot;
    if (!changed_fabs_.empty()) board_.post_fabs(std::exchange(changed_fabs_, {}));
    ask_next();
}

// What a job is now, for those that changed; what changes meanwhile is asked about again.
void FrontDesk::ask_next() {
    for (auto job = changed_jobs_.begin();
         job != changed_jobs_.end() && asked_jobs_.size() < asked_jobs_max;) {
        if (asked_jobs_.contains(*job)) {
            ++job;
            continue;
        }
        const JobId id = *job;
        job = changed_jobs_.erase(job);
        asked_jobs_.insert(id);
        look_up(id, [this, id](const Message& answer) {
            asked_jobs_.erase(id);
            const auto* jobs = std::get_if<message::Jobs>(&answer);
            if (jobs == nullptr) {
                board_.post_resync();
            } else if (jobs->jobs.size() == 1) {
                board_.post_job(jobs->jobs.front());
            }
        });
    }
}

void FrontDesk::tick() {
    const Moment moment = now();
    conversation_.tick(moment.boot);
    if (looks_for_changes_) {
        tell_changes();
        if (board_.streams() > 0) followed_until_ = moment.boot + goes_on_looking;
        if (moment.boot >= followed_until_) look_for_changes(false);
    }
    if (moment.boot < looked_at_streams_ + stream_look_interval) return;
    looked_at_streams_ = moment.boot;
    by_token_.forget_quiet(moment.boot);
    by_address_.forget_quiet(moment.boot);
    end_stale_streams(moment.wall);
}

void FrontDesk::look_for_changes(bool wanted) {
    if (looks_for_changes_ == wanted) return;
    looks_for_changes_ = wanted;
    parts_.clients.want_changes(wanted);
    if (wanted) return;
    changed_jobs_.clear();
    changed_fabs_.clear();
    board_.forget();
}

void FrontDesk::ask(const Caller& caller, Message question, Answered answered) {
    conversation_.ask(now().boot, caller, std::move(question), std::move(answered));
}

void FrontDesk::relay(const Caller& caller, message::RelayCommand command, Answered answered) {
    conversation_.ask_as_operator(now().boot, caller, std::move(command), std::move(answered));
}

void FrontDesk::look_up(const JobId& job, Answered answered) {
    message::AskJobs question;
    question.id_prefix = job.text();
    conversation_.ask_as_router(now().boot, std::move(question), std::move(answered));
}

Desk::Watch FrontDesk::watch(const Caller& caller, message::WatchJob question, Answered answered) {
    return conversation_.watch(caller, std::move(question), std::move(answered));
}

void FrontDesk::unwatch(Watch watch) {
    conversation_.unwatch(watch);
}

std::optional<std::uint64_t> FrontDesk::design_size(const ContentHash& design) {
    const auto size = parts_.designs.size(design);
    return size ? std::optional{*size} : std::nullopt;
}

void FrontDesk::facts(const Caller& caller,
                      const DesignReading& design,
                      std::function<void(Result<PartFacts>)> then) {
    analyses_.facts(caller, design, std::move(then));
}

void FrontDesk::check(const Caller& caller,
                      const CheckWish& wish,
                      std::function<void(Result<std::string>)> then) {
    analyses_.check(caller, wish, std::move(then));
}

Result<std::shared_ptr<EventStream>> FrontDesk::open_stream(const Caller& caller) {
    std::size_t& open = streams_of_[caller.token];
    if (open >= settings_.streams_per_token_max) {
        return fail(ErrorCode::limit_reached,
                    std::to_string(open) + " event streams of this token are open already",
                    "close one of them first; a browser does so when its tab is closed");
    }
    ++open;
    auto stream = std::make_shared<EventStream>(settings_.stream_bytes_max);
    const EventStream* const key = stream.get();
    streams_.emplace(key, OpenStream{caller, stream});
    stream->on_close([this, token = caller.token, key] { forget_stream(token, key); });
    return stream;
}

void FrontDesk::forget_stream(const ContentHash& token, const EventStream* stream) {
    board_.close(stream);
    streams_.erase(stream);
    const auto open = streams_of_.find(token);
    if (open != streams_of_.end() && --open->second == 0) streams_of_.erase(open);
}

void FrontDesk::follow_all(const std::shared_ptr<EventStream>& stream,
                           const Caller& caller,
                           const std::string& last_event_id) {
    look_for_changes(true);
    board_.open(stream, caller, last_event_id);
}

void FrontDesk::remember_size(const ContentHash& design, std::uint64_t size) {
    if (announced_.insert_or_assign(design, size).second) announced_order_.push_back(design);
    if (announced_order_.size() <= announced_max) return;
    announced_.erase(announced_order_.front());
    announced_order_.pop_front();
}

std::optional<std::uint64_t> FrontDesk::announced_size(const ContentHash& design) const {
    const auto known = announced_.find(design);
    return known == announced_.end() ? std::nullopt : std::optional{known->second};
}

std::string FrontDesk::metrics() const {
    if (!settings_.metrics) return {};
    return metrics_.text({streams_.size(),
                          conversation_.waiting(),
                          analyses_.waiting(),
                          analyses_.runs(),
                          tokens_.size(),
                          parts_.clients.gauges()});
}

}  // namespace nearfab::gateway
