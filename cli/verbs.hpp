// SPDX-License-Identifier: GPL-3.0-or-later
// verbs.hpp - one function per verb; each in a file of its name.
//
// Each prints its result and says how the program ends. An Error is printed by main().

#pragma once

#include "base/result.hpp"
#include "cli/command.hpp"
#include "cli/desk.hpp"
#include "host/exit_code.hpp"

namespace nearfab::cli {

[[nodiscard]] Result<ExitCode> run(const CheckCommand& command, const Desk& desk);
[[nodiscard]] Result<ExitCode> run(const QuoteCommand& command, const Desk& desk);
[[nodiscard]] Result<ExitCode> run(const SubmitCommand& command, const Desk& desk);
[[nodiscard]] Result<ExitCode> run(const StatusCommand& command, const Desk& desk);
[[nodiscard]] Result<ExitCode> run(const WatchCommand& command, const Desk& desk);
[[nodiscard]] Result<ExitCode> run(const WhyCommand& command, const Desk& desk);
[[nodiscard]] Result<ExitCode> run(const CancelCommand& command, const Desk& desk);
[[nodiscard]] Result<ExitCode> run(const FabsCommand& command, const Desk& desk);
[[nodiscard]] Result<ExitCode> run(const ReportCommand& command, const Desk& desk);
[[nodiscard]] Result<ExitCode> run(const KeygenCommand& command, const Desk& desk);
[[nodiscard]] Result<ExitCode> run(const PlaceAddCommand& command, const Desk& desk);
[[nodiscard]] Result<ExitCode> run(const PlaceListCommand& command, const Desk& desk);
[[nodiscard]] Result<ExitCode> run(const ConfigShowCommand& command, const Desk& desk);
[[nodiscard]] Result<ExitCode> run(const FabActionCommand& command, const Desk& desk);
[[nodiscard]] Result<ExitCode> run(const FabStatusCommand& command, const Desk& desk);
[[nodiscard]] Result<ExitCode> run(const HelpExitCodesCommand& command, const Desk& desk);
[[nodiscard]] Result<ExitCode> run(const VersionCommand& command, const Desk& desk);

}  // namespace nearfab::cli
