// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/exit_code.hpp"

#include <array>

namespace nearfab {
namespace {

constexpr std::array<ExitCodeMeaning, 10> meanings{{
    {ExitCode::ok, "ok", "done"},
    {ExitCode::failure, "failure", "something went wrong; the message says what"},
    {ExitCode::usage, "usage", "the command line or a settings file is wrong or missing"},
    {ExitCode::nobody_can, "nobody_can", "no fab can make it now"},
    {ExitCode::authentication,
     "authentication",
     "a key is missing, unsafe, not known or not allowed to"},
    {ExitCode::job_failed, "job_failed", "the job failed, was rejected or was cancelled"},
    {ExitCode::unreachable, "unreachable", "the router or agent does not answer; try again later"},
    {ExitCode::file_rejected,
     "file_rejected",
     "the design or its manifest cannot be used as it is"},
    {ExitCode::still_pending, "still_pending", "the job still goes on after --timeout"},
    {ExitCode::interrupted, "interrupted", "stopped by Ctrl-C; a submitted job goes on"},
}};

}  // namespace

std::span<const ExitCodeMeaning> exit_code_meanings() {
    return meanings;
}

ExitCode exit_code_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid_argument:
        case ErrorCode::config:
            return ExitCode::usage;
        case ErrorCode::invalid_file:
        case ErrorCode::too_large:
            return ExitCode::file_rejected;
        case ErrorCode::unauthorised:
            return ExitCode::authentication;
        case ErrorCode::unavailable:
        case ErrorCode::timed_out:
            return ExitCode::unreachable;
        case ErrorCode::internal:
        case ErrorCode::not_found:
        case ErrorCode::conflict:
        case ErrorCode::unsupported_version:
        case ErrorCode::storage:
        case ErrorCode::session_unknown:
        case ErrorCode::malformed:
        case ErrorCode::limit_reached:
        case ErrorCode::unsupported:
            return ExitCode::failure;
    }
    return ExitCode::failure;
}

}  // namespace nearfab
