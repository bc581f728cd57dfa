// SPDX-License-Identifier: GPL-3.0-or-later
// What designers and operators want: jobs and cancellations.

#include "base/content_hash.hpp"
#include "proto/model/limits.hpp"
#include "router/core/refusals.hpp"
#include "router/core/router.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace nearfab::router {
namespace {

// One analysis may take two minutes at worst; most take a second.
constexpr std::int64_t analysis_retry_s = 30;
constexpr double bytes_per_mib = 1024.0 * 1024.0;

// The same submitter and key always name the same job, so a retry finds what the first try made.
JobId job_id_of(const IdentityId& submitter, const std::string& key) {
    return JobId{hash_of(submitter.text() + '\n' + key).hex().substr(0, 16)};
}

// Since when this fab is not there; nothing while it is.
std::optional<TimePoint> away_since(const FabRegistry& fabs, const FabId& fab, TimePoint started) {
    const FabSeen* seen = fabs.find(fab);
    if (seen == nullptr) return started;
    if (seen->connected) return std::nullopt;
    return std::max(seen->lost_at, started);
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

std::optional<message::Failure> Router::refuse_upload(TimePoint now,
                                                      const IdentityId& who,
                                                      std::size_t bytes) {
    const double mib = static_cast<double>(bytes) / bytes_per_mib;
    const auto wait = uploads_.take(who, options_.upload_mib, mib, now);
    if (!wait) return std::nullopt;
    return too_fast("bytes of designs", *wait);
}

std::optional<message::Failure> Router::fault_of(const ClientSaid& from,
                                                 const message::SubmitJob& body) {
    if (body.spec.licence.empty()) {
        return message::Failure{
            {ErrorCode::invalid_argument,
             "the design names no licence, so no fab can know whether it may make it",
             "give its SPDX licence, for example --licence CERN-OHL-P-2.0"}};
    }
    if (auto licence = LicenceExpression::parse(body.spec.licence); !licence) {
        return message::Failure{licence.error()};
    }
    if (auto fault = fault_of_job(body.spec)) return message::Failure{std::move(*fault)};
    if (const auto left = seconds_left(body.spec); left && *left <= 0) {
        return message::Failure{{ErrorCode::invalid_argument,
                                 "the deadline has already passed",
                                 "give a moment in the future"}};
    }
    if (!from.missing_designs.empty()) {
        return message::Failure{
            {ErrorCode::conflict,
             "design " + from.missing_designs.front().short_hex() + " is not uploaded",
             "upload it first, then submit again with the same key"}};
    }
    return crowd_of(from, body);
}

// What is refused because there is too much of it, not because something is wrong with it.
std::optional<message::Failure> Router::crowd_of(const ClientSaid& from,
                                                 const message::SubmitJob& body) {
    if (storage_low_) {
        return message::Failure{{ErrorCode::unavailable,
                                 "the router's disk is nearly full, it takes no new jobs now",
                                 "try again later; jobs already accepted go on"}};
    }
    const std::size_t unfinished = ledger_.unfinished_of(from.who);
    if (unfinished >= options_.unfinished_jobs_max) {
        return message::Failure{{ErrorCode::limit_reached,
                                 fmt::format("{} has {} unfinished jobs, the limit is {}",
                                             from.who.text(),
                                             unfinished,
                                             options_.unfinished_jobs_max),
                                 "wait until some are finished, or cancel some"}};
    }
    std::set<DesignReading> fresh;
    for (const PartSpec& part : body.spec.parts) {
        const DesignReading reading = part.reading();
        const bool known = analysed(reading) != nullptr || analyses_.knows(reading);
        if (!known) fresh.insert(reading);
    }
    const std::size_t own_line = analyses_.waiting_of(from.who);
    if (!fresh.empty() && own_line + fresh.size() > options_.analyses_per_submitter_max) {
        return message::Failure{
            {ErrorCode::limit_reached,
             fmt::format("{} designs of {} wait for their analysis already, "
                         "the limit is {}",
                         own_line,
                         from.who.text(),
                         options_.analyses_per_submitter_max),
             fmt::format("try again in {} s, with the same key", analysis_retry_s)},
            analysis_retry_s};
    }
    if (!fresh.empty() && analyses_.size() + fresh.size() > options_.analyses_max) {
        return message::Failure{
            {ErrorCode::unavailable,
             fmt::format("{} designs wait for their analysis already, the limit is {}",
                         analyses_.size(),
                         options_.analyses_max),
             fmt::format("try again in {} s, with the same key", analysis_retry_s)},
            analysis_retry_s};
    }
    const auto wait = submits_.take(from.who, options_.submits, 1, now_.boot);
    if (wait) return too_fast("jobs", *wait);
    return std::nullopt;
}

void Router::hear(const ClientSaid& from, const message::SubmitJob& body) {
    const JobId id = job_id_of(from.who, body.idempotency_key);
    JobSpec spec = usually_spelled(body.spec);
    if (const Job* known = ledger_.job(id)) {
        if (usually_spelled(known->spec) == spec) {
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
        answer(from, std::move(*fault));
        return;
    }
    record(JobSubmitted{id, from.who, body.idempotency_key, std::move(spec)});
    touched_.insert(id);
    advance_analysis(*ledger_.job(id));
    answer(from, message::JobAccepted{id, false});
}

std::string Router::stop_for_cancel(const Job& job, const std::string& reason) {
    std::size_t stopped = 0;
    std::size_t made = 0;
    std::string running;
    Duration silent{};
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
                if (order.missing) {
                    move(order, WorkEvent::cancelled, fab.text() + " does not know of it any more");
                    ++stopped;
                    break;
                }
                if (const auto since = away_since(fabs_, fab, started_->boot)) {
                    silent = std::max(silent, *since + options_.doubt_grace_min - now_.boot);
                    if (*since + options_.doubt_grace_min <= now_.boot) {
                        move(order, WorkEvent::cancelled, fab.text() + " has it and is silent");
                        ++stopped;
                        break;
                    }
                }
                ++made;
                break;
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
    if (silent > Duration::zero()) {
        text += fmt::format("; a fab that has one is away: cancel again in {} s to give it up",
                            std::chrono::ceil<std::chrono::seconds>(silent).count());
    }
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

}  // namespace nearfab::router
