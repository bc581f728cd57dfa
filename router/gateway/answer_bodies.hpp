// SPDX-License-Identifier: GPL-3.0-or-later
// answer_bodies.hpp - the bodies of answers that only the HTTP API has; the others are in json/.

#pragma once

#include "base/content_hash.hpp"
#include "proto/model/message.hpp"
#include "router/gateway/tokens.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nearfab::gateway {

struct MeFacts {
    std::string network;
    std::uint64_t design_bytes = 0;
    std::uint64_t chunk_bytes = 0;
};
[[nodiscard]] std::string me_body(const Caller& caller, const MeFacts& facts);

[[nodiscard]] std::string upload_body(const ContentHash& design,
                                      std::uint64_t size,
                                      std::uint64_t received,
                                      bool complete);

// The object of `nearfab status JOB --json`, and where it is to be used. On one line for events.
[[nodiscard]] std::string job_body(const JobStatus& job, bool one_line = false);
// With `next`: what to ask for the next page, or null.
[[nodiscard]] std::string jobs_body(const message::Jobs& jobs);
[[nodiscard]] std::string cancel_body(const message::CancelAnswer& answer);
[[nodiscard]] std::string accepted_body(const message::JobAccepted& accepted,
                                        const std::string& key);

// RFC 7946: longitude first. The place of a fab that is not the caller's own is rounded to
// hundredths of a degree, in its geometry and in its properties.
[[nodiscard]] std::string fabs_body(const message::Fabs& fabs,
                                    const Caller& caller,
                                    bool with_distance);

// {"fabs": [...]}, on one line.
[[nodiscard]] std::string changed_fabs_body(const std::set<FabId>& fabs);

// {"version": ...}.
[[nodiscard]] std::string version_body();

}  // namespace nearfab::gateway
