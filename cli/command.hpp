// SPDX-License-Identifier: GPL-3.0-or-later
// command.hpp - what the person typed, as plain values.
//
// command_line.cpp makes them, one file per verb runs them. Texts are as typed; the verb turns them
// into places, materials and moments, because only it can say what is wrong with them.

#pragma once

#include "base/length_unit.hpp"
#include "base/line_rule.hpp"
#include "proto/model/message.hpp"

#include "step/cut_mesh.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace nearfab::cli {

// Given before or after any verb.
struct GlobalOptions {
    std::optional<std::string> router;           // --router
    std::optional<std::string> router_key;       // --router-key
    std::optional<std::string> key_file;         // --key-file
    std::optional<std::string> timeout_connect;  // --timeout-connect
    std::optional<std::string> agent;            // --agent
    std::optional<std::string> config;           // --config
    bool json = false;
    bool quiet = false;
    bool no_colour = false;
};

struct CheckCommand {
    std::vector<std::string> files;
    std::optional<std::string> bed;          // "180x180x180"
    std::vector<std::string> processes;      // All that have limits when empty.
    std::optional<std::string> limits;       // A file like data/process_limits.csv.
    std::optional<std::string> picture;      // A PNG to be written.
    std::optional<double> thickness_mm;      // Of the sheet that drawings are cut from.
    LengthUnit unit = LengthUnit::unstated;  // Of files that do not say it.
    LineRules operations;                    // Of lines of drawings.
    step::Deflection deflection;             // Of STEP files.
    bool deflection_said = false;
};

// What is wished of one part. What is not said comes from its papers.
struct PartWishes {
    std::string file;
    std::string said_in;                     // "job.toml, rack.stl"; empty: typed.
    LengthUnit unit = LengthUnit::unstated;  // Of a file that does not say it.
    LineRules operations;                    // Of lines of a drawing.
    std::optional<std::string> material;
    std::optional<std::string> process;
    std::optional<std::int64_t> quantity;
    std::optional<double> min_feature_mm;
    std::optional<double> tolerance_mm;
    std::optional<double> thickness_mm;
    bool thickness_is_for_all = false;  // It is said of several parts: it counts for drawings.
};

// What `quote` and `submit` have in common.
struct JobWishes {
    std::vector<std::string> files;  // Parts, or one job file.
    PartWishes every_part;           // As typed.
    std::vector<PartWishes> parts;   // job_file.hpp makes them.
    std::optional<std::string> at;
    std::optional<std::string> prefer;
    std::optional<std::string> currency;
    std::optional<double> carbon_price;  // Money per kg of CO2e.
    std::optional<std::string> licence;
    std::optional<std::string> manifest;
    std::optional<std::string> title;
    std::optional<std::string> deadline;
    std::optional<std::string> redo_after;
};

struct QuoteCommand {
    JobWishes wishes;
};

struct FollowOptions {
    std::optional<std::string> timeout;
    bool no_wait_for_fabs = false;
};

struct SubmitCommand {
    JobWishes wishes;
    std::optional<std::string> key;  // Idempotency key chosen by the caller.
    bool fresh = false;              // --new: never reuse a recent key.
    bool wait = false;
    bool yes = false;  // Do not ask whether the plan of many pieces is fine.
    FollowOptions follow;
};

struct StatusCommand {
    std::string job;  // Empty: all jobs.
};

struct WatchCommand {
    std::string job;
    FollowOptions follow;
};

struct WhyCommand {
    std::string job;
};

struct CancelCommand {
    std::string job;
    std::string reason;
};

struct FabsCommand {
    std::optional<std::string> at;
};

struct ReportCommand {
    std::uint32_t days = 30;
};

struct KeygenCommand {
    std::optional<std::string> out;
    std::string name = "NAME";
};

struct PlaceAddCommand {
    std::string name;
    std::string position;
};

struct PlaceListCommand {};

struct ConfigShowCommand {};

// The verbs of `nearfab fab` that tell the agent to do something.
struct FabActionCommand {
    message::OperatorCommand order;
    std::optional<std::string> fab{};  // By way of the router; none: the agent on this machine.
};

struct FabStatusCommand {
    bool watch = false;  // Go on until Ctrl-C.
    std::optional<std::string> fab{};
};

struct HelpExitCodesCommand {};

struct VersionCommand {};

using Command = std::variant<CheckCommand,
                             QuoteCommand,
                             SubmitCommand,
                             StatusCommand,
                             WatchCommand,
                             WhyCommand,
                             CancelCommand,
                             FabsCommand,
                             ReportCommand,
                             KeygenCommand,
                             PlaceAddCommand,
                             PlaceListCommand,
                             ConfigShowCommand,
                             FabActionCommand,
                             FabStatusCommand,
                             HelpExitCodesCommand,
                             VersionCommand>;

struct CommandLine {
    GlobalOptions global;
    Command command;
};

}  // namespace nearfab::cli
