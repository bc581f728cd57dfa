// SPDX-License-Identifier: GPL-3.0-or-later
// computer.hpp - the clocks of one computer, and the fuse that ends its program at any point.

#pragma once

#include "base/clock.hpp"
#include "tests/simulation/dice.hpp"

#include <optional>
#include <string>

namespace nearfab::simulation {

// The program dies here; thrown where a real one could be killed.
struct Crash {};

// Counts the points at which a program can die.
class Fuse {
public:
    void arm(int points) { left_ = points; }
    void disarm() { left_.reset(); }
    [[nodiscard]] bool is_armed() const { return left_.has_value(); }
    void burn() {
        if (!left_ || --*left_ > 0) return;
        left_.reset();
        throw Crash{};
    }

private:
    std::optional<int> left_;
};

// True time counts from the beginning of the simulation; programs see their computer's clocks only.
class Computer {
public:
    Computer(std::string name, TimePoint now, WallTime wall)
        : name_{std::move(name)}, wall_offset_{wall - WallTime{now.time_since_epoch()}} {
        boot(now);
    }

    void boot(TimePoint now) {
        booted_ = now;
        boot_id_ = name_ + "-boot-" + std::to_string(++boots_);
    }
    void set_wall_clock(Duration by) { wall_offset_ += by; }

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& boot_id() const { return boot_id_; }
    [[nodiscard]] Moment read(TimePoint now) const {
        return {boot_time(now), WallTime{now.time_since_epoch()} + wall_offset_};
    }
    [[nodiscard]] TimePoint boot_time(TimePoint now) const {
        return TimePoint{now - booted_ + since_power_on};
    }
    [[nodiscard]] TimePoint true_time(TimePoint boot) const {
        if (boot == TimePoint::max()) return boot;
        return booted_ + (boot.time_since_epoch() - since_power_on);
    }

private:
    static constexpr Duration since_power_on = std::chrono::seconds{30};

    std::string name_;
    std::string boot_id_;
    int boots_ = 0;
    TimePoint booted_;
    Duration wall_offset_;
};

}  // namespace nearfab::simulation
