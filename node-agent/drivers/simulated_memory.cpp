// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/simulated_memory.hpp"

#include <nlohmann/json.hpp>

namespace nearfab::agent {
namespace {

using Json = nlohmann::json;

template <typename T>
Json optional_json(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

template <typename T>
std::optional<T> optional_from(const Json& json) {
    return json.is_null() ? std::nullopt : std::optional<T>{json.get<T>()};
}

Json run_json(const SimulatedRun& run) {
    return {{"file", run.file},
            {"boot_id", run.boot_id},
            {"started_ms", run.started_ms},
            {"length_ms", run.length_ms},
            {"speed", run.speed},
            {"by_hand", run.by_hand},
            {"paused_since_ms", optional_json(run.paused_since_ms)},
            {"paused_ms", run.paused_ms},
            {"progress_seen", run.progress_seen}};
}

SimulatedRun run_from(const Json& json) {
    SimulatedRun run;
    run.file = json.at("file").get<std::string>();
    run.boot_id = json.at("boot_id").get<std::string>();
    run.started_ms = json.at("started_ms").get<std::int64_t>();
    run.length_ms = json.at("length_ms").get<std::int64_t>();
    run.speed = json.at("speed").get<double>();
    run.by_hand = json.at("by_hand").get<bool>();
    run.paused_since_ms = optional_from<std::int64_t>(json.at("paused_since_ms"));
    run.paused_ms = json.at("paused_ms").get<std::int64_t>();
    run.progress_seen = json.at("progress_seen").get<double>();
    return run;
}

Result<LastRun> last_run_from(const Json& json) {
    LastRun last;
    last.file = json.at("file").get<std::string>();
    last.detail = json.at("detail").get<std::string>();
    const int outcome = json.at("outcome").get<int>();
    if (outcome < 1 || outcome > 3) {
        return fail(ErrorCode::invalid_file, "no run ends with " + std::to_string(outcome));
    }
    last.outcome = static_cast<RunOutcome>(outcome);
    return last;
}

// Throws nlohmann's exceptions for missing or mistyped values.
Result<SimulatedMemory> memory_from(const Json& json) {
    SimulatedMemory memory;
    if (const Json& run = json.at("run"); !run.is_null()) {
        memory.run = run_from(run);
        if (!(memory.run->speed > 0)) {
            return fail(ErrorCode::invalid_file, "the speed of a run is more than 0");
        }
    }
    if (const Json& last = json.at("last_run"); !last.is_null()) {
        auto read = last_run_from(last);
        if (!read) {
            return fail(std::move(read.error()));
        }
        memory.last_run = std::move(*read);
    }
    memory.fault = optional_from<std::string>(json.at("fault"));
    memory.power_lost = json.at("power_lost").get<bool>();
    memory.offline = json.at("offline").get<bool>();
    if (const Json& planned = json.at("fail_at"); !planned.is_null()) {
        memory.fail_at = PlannedFailure{planned.at("progress").get<double>(),
                                        planned.at("text").get<std::string>()};
    }
    memory.refuse_start = optional_from<std::string>(json.at("refuse_start"));
    memory.hang_start = json.at("hang_start").get<bool>();
    memory.order_files = json.at("order_files").get<std::uint64_t>();
    memory.complaint = json.at("complaint").get<std::string>();
    // Memories from before these were kept: an unknown past, which no count covers.
    memory.made = json.value("made", std::string{"before-counting"});
    memory.boots = json.value("boots", std::uint64_t{1});
    memory.runs = json.value("runs", std::uint64_t{0});
    return memory;
}

}  // namespace

std::string to_json(const SimulatedMemory& memory) {
    Json json{{"run", memory.run ? run_json(*memory.run) : Json(nullptr)},
              {"last_run", nullptr},
              {"fault", optional_json(memory.fault)},
              {"power_lost", memory.power_lost},
              {"offline", memory.offline},
              {"fail_at", nullptr},
              {"refuse_start", optional_json(memory.refuse_start)},
              {"hang_start", memory.hang_start},
              {"order_files", memory.order_files},
              {"complaint", memory.complaint},
              {"made", memory.made},
              {"boots", memory.boots},
              {"runs", memory.runs}};
    if (memory.last_run) {
        json["last_run"] = {{"file", memory.last_run->file},
                            {"outcome", static_cast<int>(memory.last_run->outcome)},
                            {"detail", memory.last_run->detail}};
    }
    if (memory.fail_at) {
        json["fail_at"] = {{"progress", memory.fail_at->progress}, {"text", memory.fail_at->text}};
    }
    // Orders are typed by people: bytes that are no UTF-8 are replaced, not refused.
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<SimulatedMemory> memory_from_json(std::string_view text) {
    try {
        return memory_from(Json::parse(text));
    } catch (const Json::exception& problem) {
        return fail(ErrorCode::invalid_file,
                    "the simulated machine's memory cannot be read: " + std::string{problem.what()},
                    "remove memory.json to begin with a machine that remembers nothing");
    }
}

}  // namespace nearfab::agent
