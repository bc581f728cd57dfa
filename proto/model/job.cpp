// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/job.hpp"

namespace nearfab {

std::string to_string(JobState state) {
    switch (state) {
        case JobState::unknown:
            return "unknown";
        case JobState::analysing:
            return "analysing";
        case JobState::matching:
            return "matching";
        case JobState::in_production:
            return "in_production";
        case JobState::ready:
            return "ready";
        case JobState::closed:
            return "closed";
        case JobState::rejected:
            return "rejected";
        case JobState::cancelled:
            return "cancelled";
        case JobState::failed:
            return "failed";
    }
    return "unknown";
}

bool is_final(JobState state) {
    return state == JobState::closed || state == JobState::rejected ||
           state == JobState::cancelled || state == JobState::failed;
}

std::string to_string(WorkOrderState state) {
    switch (state) {
        case WorkOrderState::unknown:
            return "unknown";
        case WorkOrderState::queued:
            return "queued";
        case WorkOrderState::offered:
            return "offered";
        case WorkOrderState::reserved:
            return "reserved";
        case WorkOrderState::authorised:
            return "authorised";
        case WorkOrderState::producing:
            return "producing";
        case WorkOrderState::produced:
            return "produced";
        case WorkOrderState::inspected:
            return "inspected";
        case WorkOrderState::delivered:
            return "delivered";
        case WorkOrderState::in_doubt:
            return "in_doubt";
        case WorkOrderState::cancelled:
            return "cancelled";
        case WorkOrderState::failed_final:
            return "failed_final";
    }
    return "unknown";
}

bool is_final(WorkOrderState state) {
    return state == WorkOrderState::delivered || state == WorkOrderState::cancelled ||
           state == WorkOrderState::failed_final;
}

bool may_exist(WorkOrderState state) {
    switch (state) {
        case WorkOrderState::authorised:
        case WorkOrderState::producing:
        case WorkOrderState::produced:
        case WorkOrderState::in_doubt:
        case WorkOrderState::inspected:
        case WorkOrderState::delivered:
            return true;
        // From a newer program: it might name a state after the start, so no second part is made.
        case WorkOrderState::unknown:
            return true;
        case WorkOrderState::queued:
        case WorkOrderState::offered:
        case WorkOrderState::reserved:
        case WorkOrderState::cancelled:
        case WorkOrderState::failed_final:
            return false;
    }
    return true;
}

}  // namespace nearfab
