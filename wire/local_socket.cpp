// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/local_socket.hpp"

#include "host/file_descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace nearfab::wire {
namespace {

enum class Found { nothing, something_else, nobody_listens, no_permission, listener };

Found look_at(const std::filesystem::path& path) {
    struct stat about {};
    if (::lstat(path.c_str(), &about) != 0) {
        return errno == EACCES ? Found::no_permission : Found::nothing;
    }
    if (S_ISLNK(about.st_mode) && ::stat(path.c_str(), &about) != 0) return Found::something_else;
    if (!S_ISSOCK(about.st_mode)) return Found::something_else;
    sockaddr_un address{};
    const std::string name = path.string();
    if (name.size() >= sizeof address.sun_path) return Found::listener;  // libzmq says the rest.
    address.sun_family = AF_UNIX;
    std::copy(name.begin(), name.end(), address.sun_path);
    const FileDescriptor probe{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!probe.open()) return Found::listener;
    if (::connect(probe.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
        return Found::listener;
    }
    if (errno == ECONNREFUSED) return Found::nobody_listens;
    if (errno == EACCES || errno == EPERM) return Found::no_permission;
    return Found::listener;  // For example too busy to take us now.
}

}  // namespace

Status can_dial(const std::filesystem::path& path) {
    switch (look_at(path)) {
        case Found::listener:
            return {};
        case Found::nothing:
            return fail(ErrorCode::unavailable,
                        "nobody listens at " + path.string() + ": there is no such socket",
                        "start the agent, or check the path against its control_socket");
        case Found::nobody_listens:
            return fail(ErrorCode::unavailable,
                        "nobody listens at " + path.string() +
                            ": the program that made this socket has ended",
                        "start the agent again");
        case Found::something_else:
            return fail(ErrorCode::invalid_argument,
                        path.string() + " is not a socket",
                        "give the path of the agent's control_socket");
        case Found::no_permission:
            return fail(ErrorCode::unauthorised,
                        "this user may not use the socket " + path.string(),
                        "run the command as the user that runs the agent");
    }
    return {};
}

Status can_bind(const std::filesystem::path& path) {
    switch (look_at(path)) {
        case Found::nothing:
        case Found::nobody_listens:
        case Found::no_permission:  // Making it fails, and says why.
            return {};
        case Found::listener:
            return fail(ErrorCode::conflict,
                        "another program listens at " + path.string(),
                        "stop it, or give this one a socket of its own");
        case Found::something_else:
            return fail(ErrorCode::config,
                        path.string() + " is not a socket, and is left as it is",
                        "choose another path for the socket, or move that file away");
    }
    return {};
}

}  // namespace nearfab::wire
