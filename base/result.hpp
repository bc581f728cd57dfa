// SPDX-License-Identifier: GPL-3.0-or-later
// result.hpp - a value, or an error a person can act on.
//
// Everything that can go wrong outside the program (files, messages, machines, people) is returned
// as a Result. A "no" to a question (no fab can make it, the part does not fit) is a value, not an
// error.

#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace nearfab {

// The kinds of error, shared by every program and by the wire (proto/PROTOCOL.md, "Errors").
// The numbers are part of the protocol: never reuse or renumber one.
enum class ErrorCode : std::uint16_t {
    internal = 1,             // A fault of nearfab itself.
    invalid_argument = 2,     // A value is outside what is allowed; the message names it.
    invalid_file = 3,         // A design or its manifest cannot be used as it is.
    not_found = 4,            // The named job, fab, machine, file or key is not known here.
    conflict = 5,             // Contradicts what is there (same key, other body; wrong state).
    unauthorised = 6,         // This key may not do that.
    unavailable = 7,          // Cannot be reached or cannot answer now; trying again may help.
    too_large = 8,            // Over a limit; the message names the limit and the size.
    unsupported_version = 9,  // The other side speaks no protocol version that we speak.
    storage = 10,             // The disk refused a read or a write.
    timed_out = 11,           // No answer within the time allowed.
    session_unknown = 12,     // The session is not (or no longer) open; say hello again.
    malformed = 13,           // Bytes that are no message, or a message that breaks a rule.
    limit_reached = 14,       // Too many open requests or jobs for one identity.
    unsupported = 15,         // Understood, but this program cannot do it.
    config = 16,              // A configuration file is wrong; the message gives file and line.
};

// The stable lower-case name used in messages, logs and JSON ("invalid_argument").
[[nodiscard]] std::string_view to_string(ErrorCode code);

// What went wrong, and what the person (or program) that sees it can do next.
struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string message;  // A sentence without its full stop, naming the thing and numbers.
    std::string next;     // The next step, as an instruction; may be empty between programs.
    // The place in the file, for programs ("line 7", "byte 84"); empty when there is none or the
    // error came over the wire. The message names it as well.
    std::string where = {};

    friend bool operator==(const Error&, const Error&) = default;
};

template <typename T>
using Result = tl::expected<T, Error>;

// Success or an error, for actions without a value.
using Status = Result<void>;

// Makes the error side of any Result: `return fail(ErrorCode::invalid_file, "...", "...");`
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code,
                                                std::string message,
                                                std::string next = {},
                                                std::string where = {}) {
    return tl::make_unexpected(Error{code, std::move(message), std::move(next), std::move(where)});
}

// Passes an error of one Result on as the error of another.
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
    return tl::make_unexpected(std::move(error));
}

// The error with words put before its message; all else stays.
[[nodiscard]] inline Error prefixed(const std::string& words, Error error) {
    error.message.insert(0, words);
    return error;
}

// The error said of a place: `where` becomes its place, and the message begins with it.
[[nodiscard]] inline Error placed(const std::string& where, Error error) {
    error = prefixed(where + ": ", std::move(error));
    error.where = where;
    return error;
}

}  // namespace nearfab
