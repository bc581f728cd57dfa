// SPDX-License-Identifier: GPL-3.0-or-later
// effect.hpp - everything a router may ask of its shell.

#pragma once

#include "base/content_hash.hpp"
#include "base/id.hpp"
#include "proto/model/message.hpp"
#include "router/core/event.hpp"
#include "router/core/fact.hpp"

#include <cstdint>
#include <variant>
#include <vector>

namespace nearfab::router {

// To be durable before any other effect of the same or a later step is carried out. A crash after
// this and before the rest loses only messages, and those are said again.
struct Record {
    Fact fact;
    friend bool operator==(const Record&, const Record&) = default;
};

// To the agent of this fab, if it is connected; if not, its next inventory sets things right.
struct Tell {
    FabId fab;
    Message body;
    friend bool operator==(const Tell&, const Tell&) = default;
};

// The answer to a client's question, or the next of many (WatchJob).
struct Answer {
    SessionNumber session = 0;
    std::uint64_t correlation = 0;
    Message body;
    friend bool operator==(const Answer&, const Answer&) = default;
};

// Analyse these bytes in a worker; the outcome comes back as AnalysisDone.
struct Analyse {
    DesignReading design;
    friend bool operator==(const Analyse&, const Analyse&) = default;
};

using Effect = std::variant<Record, Tell, Answer, Analyse>;
using Effects = std::vector<Effect>;

}  // namespace nearfab::router
