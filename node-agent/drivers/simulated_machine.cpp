// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/simulated_machine.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace nearfab::agent {
namespace {

double progress_of(const SimulatedRun& run, const SimulatedNow& now) {
    if (run.by_hand) {
        return 0;
    }
    if (run.length_ms <= 0) {
        return 1;
    }
    return std::clamp(
        static_cast<double>(elapsed_ms(run, now)) / static_cast<double>(run.length_ms), 0.0, 1.0);
}

std::string percent(double progress) {
    return std::to_string(static_cast<int>(std::floor(progress * 100 + 1e-9))) + " %";
}

void end_run(SimulatedMemory& memory, RunOutcome outcome, std::string detail) {
    NEARFAB_CHECK(memory.run.has_value(), "only a run can end");
    memory.last_run = LastRun{memory.run->file, outcome, std::move(detail)};
    memory.run.reset();
}

void lose_power(SimulatedMemory& memory, double progress) {
    std::string fault = "power was lost";
    if (memory.run) {
        fault += memory.run->by_hand ? "" : " at " + percent(progress);
        const std::string file = memory.run->file;
        end_run(memory, RunOutcome::failed, fault);
        fault += " of " + file;
    }
    memory.fault = fault;
    memory.power_lost = true;
    ++memory.boots;
    memory.runs = 0;
}

void fail_now(SimulatedMemory& memory, const std::string& text) {
    if (memory.run) {
        end_run(memory, RunOutcome::failed, text);
    }
    memory.fault = text;
}

Status need_run(const SimulatedMemory& memory, std::string_view wish) {
    if (!memory.run) {
        return fail(ErrorCode::conflict,
                    "the machine runs nothing, so there is nothing to " + std::string{wish});
    }
    return {};
}

// An order and the rest of its line.
struct Order {
    std::string_view name;
    std::string_view rest;
};

Order split(std::string_view line) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) {
        return {line, {}};
    }
    std::string_view rest = line.substr(space);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    return {line.substr(0, space), rest};
}

using Problem = std::string;  // Empty when the order was obeyed.

Problem obey_fail_at(SimulatedMemory& memory, std::string_view rest) {
    const Order parts = split(rest);
    int value = 0;
    const char* end = parts.name.data() + parts.name.size();
    const auto [parsed, error] = std::from_chars(parts.name.data(), end, value);
    if (error != std::errc{} || parsed != end || value < 0 || value > 100 || parts.rest.empty()) {
        return "needs a percentage from 0 to 100 and a text";
    }
    memory.fail_at = PlannedFailure{value / 100.0, std::string{parts.rest}};
    return {};
}

Problem obey_by_hand(SimulatedMemory& memory, std::string_view file, const SimulatedNow& now) {
    if (file.empty()) {
        return "needs a file name";
    }
    if (const Status idle = may_start(memory); !idle) {
        return idle.error().message;
    }
    memory = started(std::move(memory), std::string{file}, 0, 1, now);
    memory.run->by_hand = true;
    return {};
}

Problem obey_by_hand_end(SimulatedMemory& memory) {
    if (!memory.run || !memory.run->by_hand) {
        return "nothing was started by hand";
    }
    end_run(memory, RunOutcome::completed, "ended by hand");
    return {};
}

Problem obey_clear_fault(SimulatedMemory& memory) {
    if (memory.power_lost) {
        return "the power is off; power-on comes first";
    }
    memory.fault.reset();
    return {};
}

Problem obey_power(SimulatedMemory& memory, bool on, const SimulatedNow& now) {
    if (!on) {
        lose_power(memory, memory.run ? progress_of(*memory.run, now) : 0);
    } else if (memory.power_lost) {
        memory.power_lost = false;
        memory.fault.reset();
    }
    return {};
}

Problem obey(SimulatedMemory& memory, const Order& order, const SimulatedNow& now) {
    if (order.name == "fail" || order.name == "refuse-start") {
        if (order.rest.empty()) {
            return "needs a text";
        }
        if (order.name == "fail") {
            fail_now(memory, std::string{order.rest});
        } else {
            memory.refuse_start = std::string{order.rest};
        }
        return {};
    }
    if (order.name == "fail-at") {
        return obey_fail_at(memory, order.rest);
    }
    if (order.name == "by-hand") {
        return obey_by_hand(memory, order.rest, now);
    }
    if (!order.rest.empty()) {
        return "is not an order with words after it";
    }
    if (order.name == "by-hand-end") {
        return obey_by_hand_end(memory);
    }
    if (order.name == "clear-fault") {
        return obey_clear_fault(memory);
    }
    if (order.name == "power-cut" || order.name == "power-on") {
        return obey_power(memory, order.name == "power-on", now);
    }
    if (order.name == "offline" || order.name == "online") {
        memory.offline = order.name == "offline";
        return {};
    }
    if (order.name == "hang-start") {
        memory.hang_start = true;
        return {};
    }
    return "is not an order of the simulated machine";
}

}  // namespace

std::int64_t elapsed_ms(const SimulatedRun& run, const SimulatedNow& now) {
    const std::int64_t until = run.paused_since_ms.value_or(now.boot_ms);
    const std::int64_t real = std::max<std::int64_t>(0, until - run.started_ms - run.paused_ms);
    return std::llround(static_cast<double>(real) * run.speed);
}

SimulatedMemory settled(SimulatedMemory memory, const SimulatedNow& now) {
    if (!memory.run) {
        return memory;
    }
    SimulatedRun& run = *memory.run;
    if (run.boot_id != now.boot_id) {
        lose_power(memory, run.progress_seen);
        return memory;
    }
    if (run.by_hand) {
        return memory;
    }
    const double progress = progress_of(run, now);
    if (memory.fail_at && progress >= memory.fail_at->progress) {
        const PlannedFailure failure = *memory.fail_at;
        memory.fail_at.reset();
        fail_now(memory, failure.text);
    } else if (progress >= 1) {
        end_run(memory, RunOutcome::completed, "completed");
    } else {
        run.progress_seen = std::floor(progress * 100) / 100;
    }
    return memory;
}

bool never_ran(const SimulatedMemory& memory) {
    return !memory.run && !memory.last_run && memory.boots == 0 && memory.runs == 0;
}

MachineReading reading_of(const SimulatedMemory& memory, const SimulatedNow& now) {
    MachineReading reading;
    reading.detail = memory.complaint;
    if (memory.offline) {
        return reading;
    }
    reading.remembers = true;
    reading.history = RunHistory{memory.made + "." + std::to_string(memory.boots), memory.runs};
    reading.last_run = memory.last_run;
    reading.condition = MachineCondition::idle;
    const auto add = [&](const std::string& text) {
        reading.detail = reading.detail.empty() ? text : text + "; " + reading.detail;
    };
    if (memory.fault) {
        reading.condition = MachineCondition::fault;
        add(*memory.fault);
    } else if (memory.run) {
        const SimulatedRun& run = *memory.run;
        reading.condition =
            run.paused_since_ms ? MachineCondition::paused : MachineCondition::running;
        reading.file = run.file;
        reading.progress = progress_of(run, now);
        if (run.by_hand) {
            add("started by hand");
        } else {
            const double left = static_cast<double>(run.length_ms - elapsed_ms(run, now));
            reading.remaining_s = std::llround(std::ceil(std::max(0.0, left) / run.speed / 1000));
        }
    }
    return reading;
}

Status may_start(const SimulatedMemory& memory) {
    if (memory.fault) {
        return fail(ErrorCode::conflict, "the machine has a fault: " + *memory.fault);
    }
    if (memory.run) {
        const std::string verb = memory.run->paused_since_ms ? " paused" : " running";
        return fail(ErrorCode::conflict, "the machine has " + memory.run->file + verb);
    }
    return {};
}

SimulatedMemory started(SimulatedMemory memory,
                        std::string file,
                        std::int64_t length_ms,
                        double speed,
                        const SimulatedNow& now) {
    NEARFAB_CHECK(!memory.run && !memory.fault, "only an idle machine can be started");
    SimulatedRun run;
    run.file = std::move(file);
    run.boot_id = now.boot_id;
    run.started_ms = now.boot_ms;
    run.length_ms = length_ms;
    run.speed = speed;
    memory.run = std::move(run);
    ++memory.runs;
    return memory;
}

Result<SimulatedMemory> paused(SimulatedMemory memory, const SimulatedNow& now) {
    if (const Status has = need_run(memory, "pause"); !has) {
        return fail(has.error());
    }
    if (memory.run->paused_since_ms) {
        return fail(ErrorCode::conflict, memory.run->file + " is paused already");
    }
    memory.run->paused_since_ms = now.boot_ms;
    return memory;
}

Result<SimulatedMemory> resumed(SimulatedMemory memory, const SimulatedNow& now) {
    if (const Status has = need_run(memory, "resume"); !has) {
        return fail(has.error());
    }
    SimulatedRun& run = *memory.run;
    if (!run.paused_since_ms) {
        return fail(ErrorCode::conflict, run.file + " is not paused");
    }
    run.paused_ms += now.boot_ms - *run.paused_since_ms;
    run.paused_since_ms.reset();
    return memory;
}

Result<SimulatedMemory> cancelled(SimulatedMemory memory, const SimulatedNow& now) {
    if (const Status has = need_run(memory, "cancel"); !has) {
        return fail(has.error());
    }
    const double progress = progress_of(*memory.run, now);
    end_run(memory, RunOutcome::aborted, "cancelled at " + percent(progress));
    return memory;
}

SimulatedMemory after_order(SimulatedMemory memory,
                            std::string_view order,
                            const SimulatedNow& now) {
    const Order parts = split(order);
    if (const Problem problem = obey(memory, parts, now); !problem.empty()) {
        memory.complaint += memory.complaint.empty() ? "" : "; ";
        memory.complaint += "order \"" + std::string{order.substr(0, 80)} + "\": " + problem;
    }
    return memory;
}

}  // namespace nearfab::agent
