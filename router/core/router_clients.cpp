// SPDX-License-Identifier: GPL-3.0-or-later
// What designers and operators ask, and what they are told.

#include "base/content_hash.hpp"
#include "proto/model/limits.hpp"
#include "proto/model/material.hpp"
#include "proto/model/process.hpp"
#include "router/core/router.hpp"
#include "router/matching/matcher.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace nearfab::router {
namespace {

constexpr std::ptrdiff_t watches_per_session_max = 16;
constexpr std::size_t listed_orders_max = 4;

// The same submitter and key always name the same job, so a retry finds what the first try made.
JobId job_id_of(const IdentityId& submitter, const std::string& key) {
    return JobId{hash_of(submitter.text() + '\n' + key).hex().substr(0, 16)};
}

std::optional<Error> fault_of_part(const PartSpec& part) {
    if (!find_process(part.process.text())) {
        return Error{ErrorCode::invalid_argument,
                     "\"" + part.process.text() + "\" is no known process",
                     fmt::format("use one of: {}", known_process_ids())};
    }
    if (!find_material(part.material.text())) {
        const auto like = material_like(part.material.text());
        return Error{
            ErrorCode::invalid_argument,
            "\"" + part.material.text() + "\" is no known material",
            like ? fmt::format("did you mean {}?", *like) : "use one of: " + known_material_ids()};
    }
    return std::nullopt;
}

}  // namespace

void Router::answer(const ClientSaid& to, Message body) {
    effects_.push_back(Answer{to.session, to.correlation, std::move(body)});
}

void Router::refuse(const ClientSaid& to, Error error) {
    answer(to, message::Failure{std::move(error)});
}

const Job* Router::own_job(const ClientSaid& from, const JobId& id) {
    const Job* job = ledger_.job(id);
    if (job != nullptr && (job->submitter == from.who || from.role == Role::operator_)) return job;
    // A stranger's job looks like no job: ids are nobody else's business.
    refuse(
        from,
        {ErrorCode::not_found, "there is no job " + id.text(), "list yours with: nearfab status"});
    return nullptr;
}

std::optional<std::int64_t> Router::seconds_left(const JobSpec& spec) const {
    if (!spec.deadline) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::seconds>(*spec.deadline - now_.wall).count();
}

std::optional<Error> Router::fault_of(const ClientSaid& from,
                                      const message::SubmitJob& body) const {
    if (body.spec.licence.empty()) {
        return Error{ErrorCode::invalid_argument,
                     "the design names no licence, so no fab can know whether it may make it",
                     "give its SPDX licence, for example --licence CERN-OHL-P-2.0"};
    }
    if (auto licence = LicenceExpression::parse(body.spec.licence); !licence) {
        return licence.error();
    }
    std::size_t pieces = 0;
    for (const PartSpec& part : body.spec.parts) {
        if (auto fault = fault_of_part(part)) return fault;
        pieces += part.quantity;
    }
    if (pieces > limits::work_orders_max) {
        return Error{
            ErrorCode::too_large,
            fmt::format("the job has {} pieces, the limit is {}", pieces, limits::work_orders_max),
            "submit it as several jobs"};
    }
    if (const auto left = seconds_left(body.spec); left && *left <= 0) {
        return Error{ErrorCode::invalid_argument,
                     "the deadline has already passed",
                     "give a moment in the future"};
    }
    if (!from.missing_designs.empty()) {
        return Error{ErrorCode::conflict,
                     "design " + from.missing_designs.front().short_hex() + " is not uploaded",
                     "upload it first, then submit again with the same key"};
    }
    if (storage_low_) {
        return Error{ErrorCode::unavailable,
                     "the router's disk is nearly full, it takes no new jobs now",
                     "try again later; jobs already accepted go on"};
    }
    const auto& own = ledger_.jobs_of(from.who);
    const auto unfinished = std::count_if(
        own.begin(), own.end(), [&](const JobId& id) { return !is_final(ledger_.job(id)->state); });
    if (static_cast<std::size_t>(unfinished) >= limits::unfinished_jobs_max) {
        return Error{ErrorCode::limit_reached,
                     fmt::format("{} has {} unfinished jobs, the limit is {}",
                                 from.who.text(),
                                 unfinished,
                                 limits::unfinished_jobs_max),
                     "wait until some are finished, or cancel some"};
    }
    return std::nullopt;
}

void Router::hear(const ClientSaid& from, const message::SubmitJob& body) {
    const JobId id = job_id_of(from.who, body.idempotency_key);
    if (const Job* known = ledger_.job(id)) {
        if (known->spec == body.spec) {
            answer(from, message::JobAccepted{id, true});
        } else {
            refuse(from,
                   {ErrorCode::conflict,
                    "the key \"" + body.idempotency_key + "\" was already used for another job (" +
                        id.text() + ")",
                    "submit with a new key"});
        }
        return;
    }
    if (auto fault = fault_of(from, body)) {
        refuse(from, std::move(*fault));
        return;
    }
    record(JobSubmitted{id, from.who, body.idempotency_key, body.spec});
    answer(from, message::JobAccepted{id, false});
    advance_analysis(*ledger_.job(id));
}

void Router::hear(const ClientSaid& from, const message::AskQuote& body) {
    const PartSpec& part = body.spec.parts.front();
    if (auto fault = fault_of_part(part)) {
        refuse(from, std::move(*fault));
        return;
    }
    Question question = make_question(part, body.facts);
    question.place_of_use = body.spec.place_of_use;
    question.submitter = from.who;
    question.objective = body.spec.objective;
    question.deadline_s = seconds_left(body.spec);
    if (!body.spec.licence.empty()) {
        auto licence = LicenceExpression::parse(body.spec.licence);
        if (!licence) {
            refuse(from, licence.error());
            return;
        }
        question.licence = std::move(*licence);
    }
    answer(from,
           message::Quote{match(question, views_for(part.material, nullptr), options_.matching)});
}

JobStatus Router::status_of(const Job& job) const {
    JobStatus status;
    status.id = job.id;
    status.submitter = job.submitter;
    status.title = job.spec.title;
    status.state = job.state;
    status.reason = job.reason;
    status.cancel_wanted = job.cancel_wanted;
    status.submitted_at = job.submitted_at;
    status.changed_at = job.changed_at;
    status.last_event = job.events.size();
    for (const WorkOrderId& id : job.work_orders) {
        const WorkOrder& order = *ledger_.work_order(id);
        WorkOrderStatus row;
        row.id = id;
        row.part = order.part;
        row.state = order.state;
        row.epoch = order.epoch;
        row.attempts = order.attempts;
        if (order.state == WorkOrderState::queued) {
            if (status.reason.empty()) status.reason = order.waits_for;
        } else {
            row.fab = order.chosen.fab;
            row.machine = order.chosen.machine;
            row.distance_km = order.chosen.distance_km;
            row.disconnected = !is_final(order.state) && !fabs_.is_connected(order.chosen.fab);
        }
        if (const auto found = attention_.find(id); found != attention_.end()) {
            row.phase = found->second.phase;
            row.progress = found->second.progress;
            row.remaining_s = found->second.remaining_s;
        }
        status.work_orders.push_back(std::move(row));
    }
    return status;
}

void Router::hear(const ClientSaid& from, const message::AskJobs& body) {
    std::vector<const Job*> found;
    const auto consider = [&](const Job& job) {
        if (!body.include_final && is_final(job.state)) return;
        if (job.id.text().starts_with(body.id_prefix)) found.push_back(&job);
    };
    if (from.role == Role::operator_) {
        for (const auto& [id, job] : ledger_.jobs())
            consider(job);
    } else {
        for (const JobId& id : ledger_.jobs_of(from.who))
            consider(*ledger_.job(id));
    }
    std::sort(found.begin(), found.end(), [](const Job* a, const Job* b) {
        return std::tie(b->submitted_at, b->id) < std::tie(a->submitted_at, a->id);
    });
    // An answer must stay far below the largest message: a job of many pieces counts as many rows.
    message::Jobs jobs;
    std::size_t rows = 0;
    for (const Job* job : found) {
        rows += 1 + (body.id_prefix.empty() ? std::min(job->work_orders.size(), listed_orders_max)
                                            : job->work_orders.size());
        if (!jobs.jobs.empty() &&
            (rows > limits::work_orders_max || jobs.jobs.size() >= limits::page_rows_max)) {
            jobs.more = true;
            break;
        }
        jobs.jobs.push_back(status_of(*job));
        // A list shows jobs; who wants every piece asks for the job.
        auto& orders = jobs.jobs.back().work_orders;
        if (body.id_prefix.empty() && orders.size() > listed_orders_max) {
            orders.resize(listed_orders_max);
        }
    }
    answer(from, std::move(jobs));
}

void Router::update_watch(SessionNumber session, std::uint64_t correlation, Watch& watch) {
    const Job& job = *ledger_.job(watch.job);
    do {
        message::JobUpdate update;
        update.status = status_of(job);
        const std::size_t end =
            std::min<std::size_t>(job.events.size(), watch.after_event + limits::page_rows_max);
        for (std::size_t i = watch.after_event; i < end; ++i)
            update.events.push_back(job.events[i]);
        watch.after_event = std::max<std::uint64_t>(watch.after_event, end);
        effects_.push_back(Answer{session, correlation, std::move(update)});
    } while (watch.after_event < job.events.size());
}

void Router::hear(const ClientSaid& from, const message::WatchJob& body) {
    const Job* job = own_job(from, body.job);
    if (job == nullptr) return;
    const auto first = watches_.lower_bound({from.session, 0});
    const auto last = watches_.lower_bound({from.session + 1, 0});
    if (std::distance(first, last) >= watches_per_session_max) {
        refuse(from,
               {ErrorCode::limit_reached,
                fmt::format("this session watches {} jobs already", watches_per_session_max),
                "watch fewer jobs at a time"});
        return;
    }
    Watch watch{body.job, std::min<std::uint64_t>(body.after_event, job->events.size())};
    update_watch(from.session, from.correlation, watch);
    if (!is_final(job->state)) watches_[{from.session, from.correlation}] = watch;
}

void Router::hear(const ClientSaid& from, const message::AskWhy& body) {
    const Job* job = own_job(from, body.job);
    if (job == nullptr) return;
    message::Why why;
    why.job = job->id;
    for (const WorkOrderId& id : job->work_orders) {
        const WorkOrder& order = *ledger_.work_order(id);
        const bool has_fab = order.state != WorkOrderState::queued;
        why.work_orders.push_back(
            {id, has_fab ? order.chosen.fab : FabId{}, order.decided_at, order.report});
        if (why.work_orders.size() >= limits::match_rows_max) break;
    }
    answer(from, std::move(why));
}

std::string Router::stop_for_cancel(const Job& job, const std::string& reason) {
    std::size_t stopped = 0;
    std::size_t made = 0;
    std::string running;
    for (const WorkOrderId& id : job.work_orders) {
        const WorkOrder& order = *ledger_.work_order(id);
        const FabId fab = order.chosen.fab;
        switch (order.state) {
            case WorkOrderState::offered:
            case WorkOrderState::reserved:
                withdraw(fab, id, order.epoch, "the designer cancelled the job");
                [[fallthrough]];
            case WorkOrderState::queued:
                move(order, WorkEvent::cancelled, reason);
                ++stopped;
                break;
            case WorkOrderState::in_doubt:
                tell(fab, message::StopWork{id, order.epoch, "the designer cancelled the job"});
                move(order, WorkEvent::cancelled, reason);
                ++stopped;
                break;
            case WorkOrderState::authorised:
            case WorkOrderState::producing:
                tell(fab, message::StopWork{id, order.epoch, "the designer cancelled the job"});
                running += fmt::format("{}{} is already being made at {} ({:.0f} %)",
                                       running.empty() ? "" : "; ",
                                       id.text(),
                                       fab.text(),
                                       attention_[id].progress * 100);
                break;
            case WorkOrderState::produced:
            case WorkOrderState::inspected:
            case WorkOrderState::delivered:
                ++made;
                break;
            case WorkOrderState::cancelled:
            case WorkOrderState::failed_final:
            case WorkOrderState::unknown:
                break;
        }
    }
    std::string text = fmt::format("{} of {} pieces cancelled", stopped, job.work_orders.size());
    if (made > 0) text += fmt::format("; {} already made", made);
    if (!running.empty()) text += "; " + running + ": the fab was asked to stop";
    return text;
}

void Router::hear(const ClientSaid& from, const message::CancelJob& body) {
    const Job* job = own_job(from, body.job);
    if (job == nullptr) return;
    if (is_final(job->state)) {
        answer(from, message::CancelAnswer{status_of(*job), "already " + to_string(job->state)});
        return;
    }
    touched_.insert(job->id);
    if (!job->cancel_wanted) record(CancelWanted{job->id, body.reason});
    std::string text = stop_for_cancel(*job, body.reason);
    if (job->work_orders.empty()) {  // Nothing was queued yet: the analysis is not awaited.
        record(JobMoved{job->id, JobState::cancelled, "by " + from.who.text()});
        text = "cancelled before it was matched";
    }
    answer(from, message::CancelAnswer{status_of(*job), std::move(text)});
}

void Router::hear(const ClientSaid& from, const message::AskFabs& body) {
    message::Fabs fabs;
    for (const auto& [id, seen] : fabs_.all()) {
        if (!seen.advertisement) continue;
        message::FabStatus row;
        row.fab = id;
        row.advertisement = *seen.advertisement;
        row.connected = fabs_.is_live(id, now_.boot);
        row.age_s = std::chrono::duration_cast<std::chrono::seconds>(now_.boot - seen.advertised_at)
                        .count();
        if (body.near) row.distance_km = distance_km(*body.near, seen.advertisement->place);
        row.failures_in_row = ledger_.fab(id).failures_in_row;
        fabs.fabs.push_back(std::move(row));
    }
    if (body.near) {
        std::sort(fabs.fabs.begin(), fabs.fabs.end(), [](const auto& a, const auto& b) {
            return std::tie(a.distance_km, a.fab) < std::tie(b.distance_km, b.fab);
        });
    }
    if (fabs.fabs.size() > limits::page_rows_max) fabs.fabs.resize(limits::page_rows_max);
    answer(from, std::move(fabs));
}

}  // namespace nearfab::router
