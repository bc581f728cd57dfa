// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/refusals.hpp"

#include "proto/model/limits.hpp"
#include "proto/model/material.hpp"
#include "proto/model/process.hpp"

#include <cstddef>
#include <cstdint>
#include <fmt/format.h>

namespace nearfab::router {
namespace {

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

std::optional<Error> fault_of_price(const JobSpec& spec) {
    if (spec.objective != Objective::cheapest || !spec.currency.empty()) return std::nullopt;
    return Error{ErrorCode::invalid_argument,
                 "prices are compared in one currency, and the job names none",
                 "name it, for example EUR"};
}

}  // namespace

std::optional<Error> fault_of_job(const JobSpec& spec) {
    if (auto fault = fault_of_price(spec)) return fault;
    std::size_t pieces = 0;
    for (const PartSpec& part : spec.parts) {
        if (auto fault = fault_of_part(part)) return fault;
        pieces += part.quantity;
    }
    if (pieces <= limits::work_orders_max) return std::nullopt;
    return Error{
        ErrorCode::too_large,
        fmt::format("the job has {} pieces, the limit is {}", pieces, limits::work_orders_max),
        "submit it as several jobs"};
}

JobSpec usually_spelled(JobSpec spec) {
    for (PartSpec& part : spec.parts) {
        if (const auto process = find_process(part.process.text())) {
            part.process = ProcessId{std::string{process->id}};
        }
        if (const auto material = find_material(part.material.text())) {
            part.material = MaterialId{std::string{material->id}};
        }
    }
    return spec;
}

message::Failure too_fast(const std::string& what, Duration wait) {
    const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(wait).count() + 1;
    return {{ErrorCode::limit_reached,
             "too many " + what + " from one identity in a short time",
             fmt::format("try again in {} s", seconds)},
            seconds};
}

}  // namespace nearfab::router
