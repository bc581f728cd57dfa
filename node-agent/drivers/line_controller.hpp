// SPDX-License-Identifier: GPL-3.0-or-later
// line_controller.hpp - a controller that is fed line by line, as a state machine of bytes and
// moments.
//
// It is told what came over the link and what time it is, and says what to send. line_driver.hpp
// brings the link, the clock and the thread, and calls everything under one lock. Pure.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "node-agent/core/machine_reading.hpp"
#include "node-agent/drivers/line_program.hpp"
#include "node-agent/drivers/machine_driver.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace nearfab::agent {

class LineController {
public:
    LineController() = default;
    virtual ~LineController() = default;
    LineController(const LineController&) = delete;
    LineController& operator=(const LineController&) = delete;

    // ---- What happens to it ----
    virtual void opened(TimePoint now) = 0;
    virtual void lost(TimePoint now, const std::string& why) = 0;
    virtual void take(TimePoint now, std::string_view bytes) = 0;
    virtual void tick(TimePoint now) = 0;
    [[nodiscard]] virtual TimePoint next_deadline(TimePoint now) const = 0;
    // Bytes that act at once: to be written before anything else, even inside a line.
    [[nodiscard]] virtual std::string take_at_once() = 0;
    // The next line that the controller has room for, with its "\n", if it is not longer than this.
    // It counts as sent. Empty: none.
    [[nodiscard]] virtual std::string next_line(std::size_t bytes_max) = 0;

    // ---- What it is told ----
    // Error conflict: it is not ready for it.
    [[nodiscard]] virtual Status begin(TimePoint now,
                                       std::string name,
                                       std::shared_ptr<const LineProgram> program,
                                       std::optional<TimePoint> presence_until) = 0;
    [[nodiscard]] virtual Status hold(TimePoint now) = 0;
    [[nodiscard]] virtual Status go_on(TimePoint now) = 0;
    [[nodiscard]] virtual Status stop(TimePoint now,
                                      const std::string& why,
                                      RunOutcome outcome) = 0;
    virtual void attend(TimePoint /*now*/, TimePoint /*until*/) {}

    // ---- What it knows ----
    [[nodiscard]] virtual MachineReading reading(TimePoint now) const = 0;
    [[nodiscard]] virtual bool knows_itself() const = 0;
    [[nodiscard]] virtual MachineIdentity identity() const = 0;
    [[nodiscard]] virtual bool runs() const = 0;
    [[nodiscard]] virtual std::size_t lines_answered() const = 0;
    // The link should be opened anew: what answers is something else, or nothing does.
    [[nodiscard]] virtual const std::optional<std::string>& broken() const = 0;
};

}  // namespace nearfab::agent
