// SPDX-License-Identifier: GPL-3.0-or-later
// What designers and operators are told: jobs, fabs, reasons, page by page, and what they watch.
//
// A page ends before it is larger than limits::page_bytes_max, but it has one row at least; the
// asker names the last row it has to get the next page. So a page is right whatever came, went or
// changed since the page before.

#include "proto/model/limits.hpp"
#include "proto/model/place.hpp"
#include "proto/model/text.hpp"
#include "router/core/router.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <string_view>
#include <utility>

namespace nearfab::router {
namespace {

constexpr std::ptrdiff_t watches_per_session_max = 16;
constexpr std::size_t listed_orders_max = 4;
// Twelve changes are told at once; from there on what changes in a quarter of a second is told
// together. A watcher that takes four answers a second never has more than that waiting for it.
constexpr Rate watch_pace{.burst = 12, .per_hour = 4 * 3600};
// Of the events in one answer to a watcher; its status may be as large again.
constexpr std::size_t events_bytes_max = limits::page_bytes_max / 4;
// What surrounds a text of an event: its number, its time, the id of a work order.
constexpr std::size_t event_head_bytes = 128;
// What a row may have that alone is larger than a page.
constexpr std::size_t row_bytes_max = limits::message_bytes_max - 4096;

// The newest of many jobs, in order, without keeping the others.
class FirstRows {
public:
    using Row = std::pair<WallTime, std::string_view>;
    explicit FirstRows(std::size_t most) : most_{most} {}
    void add(const Row& row) {
        rows_.push_back(row);
        if (rows_.size() < 2 * most_) return;
        std::nth_element(rows_.begin(),
                         rows_.begin() + static_cast<std::ptrdiff_t>(most_),
                         rows_.end(),
                         std::greater<>{});
        rows_.resize(most_);
    }
    [[nodiscard]] const std::vector<Row>& in_order() {
        std::sort(rows_.begin(), rows_.end(), std::greater<>{});
        return rows_;
    }

private:
    std::size_t most_;
    std::vector<Row> rows_;
};

std::string duration_words(std::int64_t seconds) {
    if (seconds >= 7200) return fmt::format("{} h", seconds / 3600);
    if (seconds >= 120) return fmt::format("{} min", seconds / 60);
    return fmt::format("{} s", seconds);
}

}  // namespace

std::size_t Router::size_of(const Message& body) const {
    return options_.encoded_size ? options_.encoded_size(body) : 0;
}

// ---- Jobs -------------------------------------------------------------------------------------

// In doubt, or made and missing: what will happen, and who can end that.
std::string Router::next_of(const WorkOrder& order) const {
    if (order.missing) {
        return fmt::format(
            "{0} has made it, and its computer does not know of it any more; ask {0} whether it "
            "lies there: it cannot be handed over through the network, and nothing is made again "
            "by itself; cancelling the job gives it up",
            order.chosen.fab.text());
    }
    if (order.state != WorkOrderState::in_doubt) return {};
    std::string text = fmt::format(
        "{0} had the right to start it and has not said what came of it; the operator of {0} can "
        "end the doubt with: nearfab fab resolve {1} made|failed|never_started",
        order.chosen.fab.text(),
        order.id.text());
    const RedoRule& redo = ledger_.job(order.job)->spec.redo;
    if (redo.kind == RedoRule::Kind::after || redo.kind == RedoRule::Kind::at_once) {
        const auto left = std::chrono::duration_cast<std::chrono::seconds>(doubt_left(order));
        return text + fmt::format(
                          "; without an answer it is made elsewhere in {}, as the designer "
                          "chose at submission",
                          duration_words(left.count()));
    }
    return text +
           "; nothing is made a second time by itself, as the designer chose at submission; "
           "cancelling the job ends the waiting";
}

WorkOrderStatus Router::status_of(const WorkOrder& order) const {
    WorkOrderStatus row;
    row.id = order.id;
    row.part = order.part;
    row.state = order.state;
    row.epoch = order.epoch;
    row.attempts = order.attempts;
    if (order.state != WorkOrderState::queued) {
        row.fab = order.chosen.fab;
        row.machine = order.chosen.machine;
        row.distance_km = order.chosen.distance_km;
        row.disconnected = !is_final(order.state) && !fabs_.is_connected(order.chosen.fab);
    }
    if (const auto found = attention_.find(order.id); found != attention_.end()) {
        row.phase = found->second.phase;
        row.progress = found->second.progress;
        row.remaining_s = found->second.remaining_s;
    }
    row.next = next_of(order);
    if (order.planned && order.state == WorkOrderState::queued) {
        row.planned_fab = order.planned->fab;
        row.planned_machine = order.planned->machine;
    }
    return row;
}

// None before the work is queued: then the reason for a refusal says all.
std::vector<std::string> Router::remarks_of(const Job& job) const {
    std::vector<std::string> remarks;
    if (job.work_orders.empty()) return remarks;
    for (const PartSpec& part : job.spec.parts) {
        const Design* design = ledger_.design(part.reading());
        if (design == nullptr || !design->facts) continue;
        for (const std::string& remark : remarks_on(*design->facts, part.process)) {
            if (remarks.size() >= limits::part_remarks_max) return remarks;
            remarks.push_back(part.file_name + ", " + part.process.text() + ": " + remark);
        }
    }
    return remarks;
}

// What a queued work order waits for.
std::string Router::waits_for(const WorkOrder& order) const {
    if (!order.planned || !order.waits_for.empty()) return order.waits_for;
    const std::string& fab = order.planned->fab.text();
    if (!fabs_.is_live(order.planned->fab, now_.boot)) {
        return fmt::format("planned for {}, which is not there now", fab);
    }
    return fmt::format("waits for a place at {}, as planned", fab);
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
    status.remarks = remarks_of(job);
    status.place_of_use = job.spec.place_of_use;
    for (const PartSpec& part : job.spec.parts)
        status.parts.push_back({part.file_name, part.process, part.material, part.quantity});
    for (const WorkOrderId& id : job.work_orders) {
        const WorkOrder& order = *ledger_.work_order(id);
        if (order.state == WorkOrderState::queued && status.reason.empty()) {
            status.reason = waits_for(order);
        }
        status.work_orders.push_back(status_of(order));
    }
    return status;
}

void Router::hear(const ClientSaid& from, const message::AskJobs& body) {
    using Row = std::pair<WallTime, std::string_view>;
    const Row told{body.after_submitted_at, body.after_job.text()};
    FirstRows found{limits::page_rows_max + 1};
    const auto consider = [&](const Row& row, JobState state) {
        if (!body.include_final && is_final(state)) return;
        if (!body.after_job.empty() && row >= told) return;
        if (row.second.starts_with(body.id_prefix)) found.add(row);
    };
    const auto packed = [&](const ClosedJob& job) {
        consider({job.submitted_at, job.id}, job.state);
    };
    // Who asks for one job by its whole id is not made to wait for a look at all of them.
    const Job* whole = ledger_.job(JobId{body.id_prefix});
    if (whole != nullptr && (whole->submitter == from.who || from.role == Role::operator_)) {
        consider({whole->submitted_at, body.id_prefix}, whole->state);
    } else if (from.role == Role::operator_) {
        for (const auto& [id, job] : ledger_.jobs())
            consider({job.submitted_at, id.text()}, job.state);
        if (body.include_final) ledger_.closed_jobs().each(packed);
    } else {
        for (const JobId& id : ledger_.jobs_of(from.who)) {
            const Job& job = *ledger_.job(id);
            consider({job.submitted_at, id.text()}, job.state);
        }
        if (body.include_final) ledger_.closed_jobs().each_of(from.who, packed);
    }
    message::Jobs page;
    std::size_t bytes = 0;
    for (const Row& next : found.in_order()) {
        JobStatus row = status_of(*ledger_.job(JobId{std::string{next.second}}));
        // A list shows jobs; who wants every piece asks for the job.
        if (body.id_prefix.empty() && row.work_orders.size() > listed_orders_max) {
            row.work_orders.resize(listed_orders_max);
        }
        bytes += size_of(message::Jobs{{row}});
        const bool full =
            page.jobs.size() >= limits::page_rows_max || bytes > limits::page_bytes_max;
        if (full && !page.jobs.empty()) {
            page.more = true;
            break;
        }
        page.jobs.push_back(std::move(row));
    }
    answer(from, std::move(page));
}

// ---- Watching -----------------------------------------------------------------------------------

bool Router::tell_watcher(SessionNumber session, std::uint64_t correlation, Watch& watch) {
    for (bool behind = true; behind;) {
        if (watch.pace.take(watch_pace, 1, now_.boot)) return false;
        const Job& job = *ledger_.job(watch.job);
        message::JobUpdate update;
        std::size_t bytes = 0;
        std::size_t end = watch.after_event;
        while (end < job.events.size() && update.events.size() < limits::page_rows_max) {
            bytes += event_head_bytes + job.events[end].text.size();
            if (bytes > events_bytes_max && !update.events.empty()) break;
            update.events.push_back(job.events[end++]);
        }
        watch.after_event = end;
        behind = end < job.events.size();
        update.more = behind;
        update.status = status_of(job);
        if (update.more) update.status.work_orders.clear();
        effects_.push_back(Answer{session, correlation, std::move(update)});
    }
    return true;
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
    Watch watch;
    watch.job = body.job;
    watch.after_event = std::min<std::uint64_t>(body.after_event, job->events.size());
    const WatchKey key{from.session, from.correlation};
    if (const auto old = watches_.find(key); old != watches_.end()) forget_watch(old);
    watches_[key] = std::move(watch);
    watches_of_[body.job].insert(key);
    behind_.insert(key);  // Told at the end of the step.
}

// ---- Why ----------------------------------------------------------------------------------------

message::WorkOrderReason Router::reason_of(const WorkOrder& order) const {
    const bool has_fab = order.state != WorkOrderState::queued;
    message::WorkOrderReason row{order.id,
                                 has_fab ? order.chosen.fab : FabId{},
                                 order.decided_at,
                                 order.report,
                                 {},
                                 {},
                                 order.part};
    if (order.planned && !has_fab) row.planned = order.planned->fab;
    for (const auto& [fab, text] : order.words) {
        if (row.words.size() >= limits::match_rows_max) break;
        if (text.empty()) continue;
        row.words.push_back({fab, clean_text(text, TextKind::text, limits::fab_word_bytes_max)});
    }
    return row;
}

void Router::hear(const ClientSaid& from, const message::AskWhy& body) {
    const Job* job = own_job(from, body.job);
    if (job == nullptr) return;
    auto next = job->work_orders.begin();
    if (!body.after_work_order.empty()) {
        next = std::find(next, job->work_orders.end(), body.after_work_order);
        if (next == job->work_orders.end()) {
            refuse(from,
                   {ErrorCode::not_found,
                    "job " + job->id.text() + " has no work order " + body.after_work_order.text(),
                    "ask from the beginning"});
            return;
        }
        ++next;
    }
    message::Why page;
    page.job = job->id;
    std::size_t bytes = 0;
    for (; next != job->work_orders.end(); ++next) {
        message::WorkOrderReason row = reason_of(*ledger_.work_order(*next));
        bytes += size_of(message::Why{job->id, {row}});
        const bool full =
            page.work_orders.size() >= limits::page_rows_max || bytes > limits::page_bytes_max;
        if (full && !page.work_orders.empty()) {
            page.more = true;
            break;
        }
        page.work_orders.push_back(std::move(row));
    }
    answer(from, std::move(page));
}

// ---- Fabs ---------------------------------------------------------------------------------------

message::FabStatus Router::status_of(const FabId& id, const FabSeen& seen) const {
    message::FabStatus row;
    row.fab = id;
    row.advertisement = *seen.advertisement;
    row.connected = fabs_.is_live(id, now_.boot);
    row.age_s =
        std::chrono::duration_cast<std::chrono::seconds>(now_.boot - seen.advertised_at).count();
    row.failures_in_row = ledger_.fab(id).failures_in_row;
    row.held_back = distrust_of(id);
    // It came in one message, with less around it; nobody's list of machines may hide other fabs.
    auto& machines = row.advertisement.machines;
    const std::size_t all = machines.size();
    for (std::size_t bytes = size_of(message::Fabs{{row}}); bytes > row_bytes_max;
         bytes = size_of(message::Fabs{{row}})) {
        // As many as fit when all are of the same size, and at least one fewer than before.
        machines.resize(std::min(machines.size() * row_bytes_max / bytes, machines.size() - 1));
    }
    row.machines_left_out = static_cast<std::uint32_t>(all - machines.size());
    return row;
}

void Router::hear(const ClientSaid& from, const message::AskFabs& body) {
    using Row = std::pair<double, FabId>;  // In the order of the answer.
    std::vector<Row> found;
    const Row told{body.near ? body.after_distance_km : 0, body.after_fab};
    for (const auto& [id, seen] : fabs_.all()) {
        if (!seen.advertisement) continue;
        Row place{body.near ? distance_km(*body.near, seen.advertisement->place) : 0, id};
        if (body.after_fab.empty() || told < place) found.push_back(std::move(place));
    }
    std::sort(found.begin(), found.end());
    message::Fabs page;
    std::size_t bytes = 0;
    for (const auto& [distance, id] : found) {
        message::FabStatus row = status_of(id, *fabs_.find(id));
        row.distance_km = distance;
        bytes += size_of(message::Fabs{{row}});
        const bool full =
            page.fabs.size() >= limits::page_rows_max || bytes > limits::page_bytes_max;
        if (full && !page.fabs.empty()) {
            page.more = true;
            break;
        }
        page.fabs.push_back(std::move(row));
    }
    answer(from, std::move(page));
}

}  // namespace nearfab::router
