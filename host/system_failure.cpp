// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/system_failure.hpp"

#include <cerrno>
#include <system_error>

namespace nearfab {
namespace {

std::string usual_next_step(int error_number) {
    switch (error_number) {
        case ENOSPC:
        case EDQUOT:
            return "free some space on that disk, then try again";
        case ENOENT:
            return "check the path";
        case EACCES:
        case EPERM:
            return "check who owns it and that this user may read and write it";
        case EROFS:
            return "mount the file system writable, or choose another directory";
        case EMFILE:
        case ENFILE:
            return "raise the limit of open files (LimitNOFILE)";
        case EIO:
            return "check the disk's health in the system log before going on";
        default:
            return "read the system log for the cause, then try again";
    }
}

}  // namespace

std::string system_text(int error_number) {
    return std::generic_category().message(error_number);
}

tl::unexpected<Error> fail_system(std::string_view what, int error_number, std::string next) {
    std::string message{what};
    if (error_number == ENOSPC || error_number == EDQUOT) message += ": disk full";
    message += ": " + system_text(error_number);
    if (next.empty()) next = usual_next_step(error_number);
    return fail(error_number == ENOENT ? ErrorCode::not_found : ErrorCode::storage,
                std::move(message),
                std::move(next));
}

}  // namespace nearfab
