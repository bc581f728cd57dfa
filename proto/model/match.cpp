// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/match.hpp"

namespace nearfab {

std::string to_string(Objective objective) {
    switch (objective) {
        case Objective::unknown:
            return "unknown";
        case Objective::nearest:
            return "nearest";
        case Objective::soonest:
            return "soonest";
        case Objective::cheapest:
            return "cheapest";
        case Objective::greenest:
            return "greenest";
    }
    return "unknown";
}

std::string to_string(Requirement requirement) {
    switch (requirement) {
        case Requirement::unknown:
            return "unknown";
        case Requirement::process:
            return "process";
        case Requirement::available:
            return "available";
        case Requirement::material:
            return "material";
        case Requirement::envelope:
            return "envelope";
        case Requirement::material_amount:
            return "material_amount";
        case Requirement::feature:
            return "feature";
        case Requirement::tolerance:
            return "tolerance";
        case Requirement::licence:
            return "licence";
        case Requirement::submitter:
            return "submitter";
        case Requirement::deadline:
            return "deadline";
        case Requirement::not_declined:
            return "not_declined";
        case Requirement::trusted:
            return "trusted";
    }
    return "unknown";
}

}  // namespace nearfab
