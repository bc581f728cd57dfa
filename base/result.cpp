// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/result.hpp"

namespace nearfab {

std::string_view to_string(ErrorCode code) {
    switch (code) {
        case ErrorCode::internal:
            return "internal";
        case ErrorCode::invalid_argument:
            return "invalid_argument";
        case ErrorCode::invalid_file:
            return "invalid_file";
        case ErrorCode::not_found:
            return "not_found";
        case ErrorCode::conflict:
            return "conflict";
        case ErrorCode::unauthorised:
            return "unauthorised";
        case ErrorCode::unavailable:
            return "unavailable";
        case ErrorCode::too_large:
            return "too_large";
        case ErrorCode::unsupported_version:
            return "unsupported_version";
        case ErrorCode::storage:
            return "storage";
        case ErrorCode::timed_out:
            return "timed_out";
        case ErrorCode::session_unknown:
            return "session_unknown";
        case ErrorCode::malformed:
            return "malformed";
        case ErrorCode::limit_reached:
            return "limit_reached";
        case ErrorCode::unsupported:
            return "unsupported";
        case ErrorCode::config:
            return "config";
    }
    return "internal";  // A number from a newer program: the most cautious reading.
}

}  // namespace nearfab
