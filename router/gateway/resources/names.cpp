// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/resources/names.hpp"

#include "proto/model/limits.hpp"
#include "proto/model/text.hpp"
#include "router/gateway/problem.hpp"

#include <algorithm>
#include <string>

namespace nearfab::gateway::resources {
namespace {

constexpr std::size_t job_id_characters = 16;

bool is_key(const std::string& text) {
    if (text.empty() || text.size() > limits::name_bytes_max) return false;
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x21 && c <= 0x7E; });
}

}  // namespace

std::optional<ContentHash> design_named(const ExchangePtr& exchange) {
    auto hash = ContentHash::from_hex(exchange->names.front());
    if (!hash) {
        exchange->reply(problem(Error{ErrorCode::not_found,
                                      "a design is named by the 64 hex digits of its hash",
                                      "take the BLAKE2b-256 of the file's bytes"}));
    }
    return hash;
}

std::optional<JobId> job_named(const ExchangePtr& exchange) {
    const std::string& name = exchange->names.front();
    // The router takes the beginning of an id for a question; a path names one thing.
    if (name.size() == job_id_characters && is_well_formed_id(name)) return JobId{name};
    exchange->reply(problem(
        Error{ErrorCode::not_found, "there is no such job", "GET /api/v1/jobs lists yours"}));
    return std::nullopt;
}

// The id of a work order begins with that of its job.
std::optional<NamedOrder> order_named(const ExchangePtr& exchange) {
    const std::string& name = exchange->names.front();
    if (is_well_formed_id(name) && name.rfind('-') == job_id_characters) {
        return NamedOrder{JobId{name.substr(0, job_id_characters)}, WorkOrderId{name}};
    }
    exchange->reply(problem(Error{ErrorCode::not_found,
                                  "there is no such work order",
                                  "GET /api/v1/jobs/JOB lists those of a job"}));
    return std::nullopt;
}

std::optional<FabId> fab_named(const ExchangePtr& exchange) {
    const std::string& name = exchange->names.front();
    if (is_well_formed_id(name)) return FabId{name};
    exchange->reply(problem(
        Error{ErrorCode::not_found, "there is no such fab", "GET /api/v1/fabs lists them"}));
    return std::nullopt;
}

// The header may be any printable ASCII. Ids are stricter, so that a key may stand anywhere; others
// are named by their hash.
std::optional<std::string> key_for_router(const ExchangePtr& exchange) {
    const std::string& key = exchange->request.idempotency_key;
    if (is_key(key)) {
        return is_well_formed_id(key) ? key : "h-" + hash_of(key).hex().substr(0, 48);
    }
    exchange->reply(
        problem(400,
                {ErrorCode::malformed,
                 "the header Idempotency-Key is missing, or is not of 1 to 64 printable "
                 "characters",
                 "make a random key once for each thing to do, and send the same when you try "
                 "again"}));
    return std::nullopt;
}

bool query_is_known(const ExchangePtr& exchange, std::initializer_list<std::string_view> words) {
    for (const auto& [key, value] : exchange->request.target.query) {
        if (std::find(words.begin(), words.end(), key) != words.end()) continue;
        std::string all;
        for (const std::string_view word : words)
            all += (all.empty() ? "" : ", ") + std::string{word};
        exchange->reply(problem(400,
                                {ErrorCode::malformed,
                                 "the query has a word that is not known here",
                                 words.size() == 0 ? "leave it out" : "use " + all}));
        return false;
    }
    return true;
}

}  // namespace nearfab::gateway::resources
