// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/answer_bodies.hpp"

#include "base/version.hpp"
#include "host/clock.hpp"
#include "json/answer_shapes.hpp"
#include "proto/model/material.hpp"
#include "proto/model/process.hpp"
#include "router/gateway/commit.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace nearfab::gateway {
namespace {

using json::Json;
using json::list;
using json::text_of;

Json job_with_place(const JobStatus& job) {
    Json out = json::job_json(job);
    out["at"] = job.place_of_use ? json::place_json(*job.place_of_use) : Json(nullptr);
    return out;
}

// Many jobs may come in one second, so where a page ends is told to the millisecond.
std::string exact_time(WallTime time) {
    const std::string seconds = rfc3339_utc(time);
    const auto since = time.time_since_epoch().count();
    const auto thousandths = ((since % 1000) + 1000) % 1000;
    return fmt::format("{}.{:03}Z", seconds.substr(0, seconds.size() - 1), thousandths);
}

double coarse(double degrees) {
    constexpr double steps = 100;
    return std::round(degrees * steps) / steps;
}

}  // namespace

std::string me_body(const Caller& caller, const MeFacts& facts) {
    Json fabs = list();
    for (const FabId& fab : caller.fabs)
        fabs.push_back(fab.text());
    Json processes = list();
    for (const ProcessInfo& process : known_processes())
        processes.push_back(process.id);
    Json materials = list();
    for (const MaterialInfo& material : known_materials())
        materials.push_back(material.id);
    return text_of(
        {{"name", caller.name.text()},
         {"role", to_string(caller.access)},
         {"fabs", std::move(fabs)},
         {"network", facts.network},
         {"version", version},
         {"processes", std::move(processes)},
         {"materials", std::move(materials)},
         {"limits", {{"design_bytes", facts.design_bytes}, {"chunk_bytes", facts.chunk_bytes}}}});
}

std::string upload_body(const ContentHash& design,
                        std::uint64_t size,
                        std::uint64_t received,
                        bool complete) {
    return text_of(
        {{"design", design.hex()}, {"size", size}, {"received", received}, {"complete", complete}});
}

std::string job_body(const JobStatus& job, bool one_line) {
    return text_of(job_with_place(job), one_line ? -1 : 2);
}

std::string jobs_body(const message::Jobs& jobs) {
    Json out = list();
    for (const JobStatus& job : jobs.jobs)
        out.push_back(job_with_place(job));
    Json next = nullptr;
    if (jobs.more && !jobs.jobs.empty()) {
        const JobStatus& last = jobs.jobs.back();
        next = {{"after", last.id.text()}, {"after_submitted_at", exact_time(last.submitted_at)}};
    }
    return text_of({{"jobs", std::move(out)}, {"more", jobs.more}, {"next", std::move(next)}});
}

std::string cancel_body(const message::CancelAnswer& answer) {
    return text_of({{"text", answer.text}, {"job", job_with_place(answer.status)}});
}

std::string accepted_body(const message::JobAccepted& accepted, const std::string& key) {
    return text_of({{"job", accepted.job.text()}, {"existed", accepted.existed}, {"key", key}});
}

std::string fabs_body(const message::Fabs& fabs, const Caller& caller, bool with_distance) {
    Json features = list();
    for (const message::FabStatus& fab : fabs.fabs) {
        Place place = fab.advertisement.place;
        if (!acts_for(caller, fab.fab)) {
            place = {coarse(place.latitude_deg), coarse(place.longitude_deg)};
        }
        Json properties = json::fab_json(fab, with_distance);
        properties["place"] = json::place_json(place);
        features.push_back(
            {{"type", "Feature"},
             {"id", fab.fab.text()},
             {"geometry",
              {{"type", "Point"},
               {"coordinates", Json::array({place.longitude_deg, place.latitude_deg})}}},
             {"properties", std::move(properties)}});
    }
    return text_of(
        {{"type", "FeatureCollection"}, {"features", std::move(features)}, {"more", fabs.more}},
        -1);
}

std::string changed_fabs_body(const std::set<FabId>& fabs) {
    Json names = list();
    for (const FabId& fab : fabs)
        names.push_back(fab.text());
    return text_of({{"fabs", std::move(names)}}, -1);
}

std::string version_body() {
    return text_of({{"version", version}, {"commit", commit}});
}

}  // namespace nearfab::gateway
