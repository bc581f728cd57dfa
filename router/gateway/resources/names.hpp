// SPDX-License-Identifier: GPL-3.0-or-later
// names.hpp - the names that stand in paths, checked.

#pragma once

#include "base/content_hash.hpp"
#include "base/id.hpp"
#include "router/gateway/desk.hpp"

#include <optional>

namespace nearfab::gateway::resources {

// Nothing after it has replied with 404.
[[nodiscard]] std::optional<ContentHash> design_named(const ExchangePtr& exchange);
[[nodiscard]] std::optional<JobId> job_named(const ExchangePtr& exchange);
struct NamedOrder {
    JobId job;
    WorkOrderId order;
};
[[nodiscard]] std::optional<NamedOrder> order_named(const ExchangePtr& exchange);
[[nodiscard]] std::optional<FabId> fab_named(const ExchangePtr& exchange);

// What the router knows the header Idempotency-Key by; nothing after it has replied with 400.
[[nodiscard]] std::optional<std::string> key_for_router(const ExchangePtr& exchange);

// Replies with 400 and gives false when the query has a word that is none of these.
[[nodiscard]] bool query_is_known(const ExchangePtr& exchange,
                                  std::initializer_list<std::string_view> words);

}  // namespace nearfab::gateway::resources
