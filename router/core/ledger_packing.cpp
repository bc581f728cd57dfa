// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs that are over, in and out of their packed form.

#include "base/check.hpp"
#include "router/core/ledger.hpp"

#include <algorithm>

namespace nearfab::router {
namespace {

// Of a job that is over. Enough to say why here and why not at the nearest others.
constexpr std::size_t report_rows_max = 4;

template <typename Rows>
void keep_first(Rows& rows) {
    if (rows.size() > report_rows_max) rows.resize(report_rows_max);
}

}  // namespace

void Ledger::settle() {
    if (packing_.pack) {
        for (const JobId& id : over_)
            pack(id);
    }
    over_.clear();
    unpacked_jobs_.clear();
    unpacked_orders_.clear();
}

void Ledger::pack(const JobId& id) {
    const auto found = jobs_.find(id);
    if (found == jobs_.end()) return;  // Twice in the list.
    const Job& job = found->second;
    std::vector<const WorkOrder*> orders;
    orders.reserve(job.work_orders.size());
    for (const WorkOrderId& order_id : job.work_orders) {
        WorkOrder& order = known_order(order_id);
        NEARFAB_CHECK(is_final(order.state), "a job is over and its work is not");
        keep_first(order.report.candidates);
        keep_first(order.report.rejections);
        keep_first(order.report.alternatives);
        orders.push_back(&order);
    }
    closed_.add(
        {id.text(), job.submitter.text(), job.state, job.submitted_at, packing_.pack(job, orders)});
    for (const WorkOrderId& order_id : job.work_orders)
        orders_.erase(order_id);
    const auto jobs = by_submitter_.find(job.submitter);
    jobs->second.erase(id);
    if (jobs->second.empty()) by_submitter_.erase(jobs);
    jobs_.erase(found);
}

// False: no such job is packed.
bool Ledger::read_closed(const JobId& id) const {
    if (unpacked_jobs_.contains(id)) return true;
    const auto closed = closed_.find(id.text());
    if (!closed) return false;
    auto whole = packing_.unpack(closed->packed);
    // A snapshot of a form that this program does not know was refused when it was read.
    NEARFAB_CHECK(whole.has_value() && whole->job.id == id, "a packed job does not unpack");
    for (WorkOrder& order : whole->orders) {
        const WorkOrderId order_id = order.id;
        unpacked_orders_.emplace(order_id, std::move(order));
    }
    unpacked_jobs_.emplace(id, std::move(whole->job));
    return true;
}

// Something is still said about it. False: no such job is packed.
bool Ledger::reopen(const JobId& id) {
    if (!read_closed(id)) return false;
    const Job& job = jobs_.insert(unpacked_jobs_.extract(id)).position->second;
    for (const WorkOrderId& order : job.work_orders)
        orders_.insert(unpacked_orders_.extract(order));
    by_submitter_[job.submitter].insert(id);
    closed_.remove(id);
    over_.push_back(id);
    return true;
}

}  // namespace nearfab::router
