// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/resources/names.hpp"

#include "proto/model/text.hpp"
#include "router/gateway/problem.hpp"

#include <algorithm>
#include <string>

namespace nearfab::gateway::resources {
namespace {

constexpr std::size_t job_id_characters = 16;

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
