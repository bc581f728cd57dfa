// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/local_socket.hpp"

#include "tests/host/scratch_directory.hpp"
#include "wire/server_socket.hpp"

#include <catch2/catch.hpp>
#include <zmq.hpp>

#include <fstream>
#include <iterator>
#include <optional>

namespace nearfab::wire::test {
namespace {

using nearfab::test::ScratchDirectory;

std::string text_of(const std::filesystem::path& file) {
    std::ifstream stream{file};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

// A socket whose program has ended without tidying up.
void leave_socket(const std::filesystem::path& path) {
    zmq::context_t context;
    {
        auto server = ServerSocket::bind_ipc(context, path);
        REQUIRE(server.has_value());
        std::filesystem::rename(path, path.string() + ".kept");
    }
    std::filesystem::rename(path.string() + ".kept", path);
}

TEST_CASE("A path without a socket is told at once, and may be used for a new one") {
    const ScratchDirectory directory;
    const auto path = directory / "agent.sock";
    const Status there = can_dial(path);
    REQUIRE_FALSE(there);
    CHECK(there.error().code == ErrorCode::unavailable);
    CHECK(there.error().message ==
          "nobody listens at " + path.string() + ": there is no such socket");
    CHECK(can_bind(path));
}

TEST_CASE("A socket that was left behind is nobody's, and is replaced") {
    const ScratchDirectory directory;
    const auto path = directory / "agent.sock";
    leave_socket(path);
    REQUIRE(std::filesystem::is_socket(path));
    const Status there = can_dial(path);
    REQUIRE_FALSE(there);
    CHECK(there.error().code == ErrorCode::unavailable);
    CHECK(there.error().message.find("has ended") != std::string::npos);
    zmq::context_t context;
    CHECK(ServerSocket::bind_ipc(context, path).has_value());
}

TEST_CASE("A file at the path of a socket is refused and stays as it is") {
    const ScratchDirectory directory;
    const auto path = directory / "thesis.txt";
    std::ofstream{path} << "years of work";
    zmq::context_t context;
    const auto server = ServerSocket::bind_ipc(context, path);
    REQUIRE_FALSE(server.has_value());
    CHECK(server.error().code == ErrorCode::config);
    CHECK(server.error().message == path.string() + " is not a socket, and is left as it is");
    CHECK(text_of(path) == "years of work");
    CHECK(can_dial(path).error().code == ErrorCode::invalid_argument);

    const auto link = directory / "link";
    std::filesystem::create_symlink(path, link);
    CHECK(ServerSocket::bind_ipc(context, link).error().code == ErrorCode::config);
    CHECK(std::filesystem::is_symlink(link));
    CHECK(ServerSocket::bind_ipc(context, directory.path()).error().code == ErrorCode::config);
}

TEST_CASE("The socket of a program that runs is not taken from it") {
    const ScratchDirectory directory;
    const auto path = directory / "agent.sock";
    zmq::context_t context;
    const auto first = ServerSocket::bind_ipc(context, path);
    REQUIRE(first.has_value());
    CHECK(can_dial(path));
    zmq::context_t other;
    const auto second = ServerSocket::bind_ipc(other, path);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code == ErrorCode::conflict);
    CHECK(can_dial(path));
}

}  // namespace
}  // namespace nearfab::wire::test
