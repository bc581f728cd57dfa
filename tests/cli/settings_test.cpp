// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/settings.hpp"

#include "tests/cli/temporary_folder.hpp"

#include <catch2/catch.hpp>

namespace nearfab::cli {
namespace {

UserPaths paths_in(const test::TemporaryFolder& folder) {
    return {folder.path(), folder.path() / "state", folder.path() / "run"};
}

}  // namespace

TEST_CASE("a flag wins over the environment, that over the file, that over the default") {
    const test::TemporaryFolder folder;
    const UserPaths paths = paths_in(folder);
    const std::string file = folder.write("config.toml", "router = 'tcp://file:1'\n").string();
    GlobalOptions options;
    Environment environment;
    const auto router = [&] { return read_settings(options, environment, paths).value().router; };
    CHECK(router() == Setting{"tcp://file:1", file + ":1"});
    environment["NEARFAB_ROUTER"] = "tcp://variable:1";
    CHECK(router() == Setting{"tcp://variable:1", "NEARFAB_ROUTER"});
    options.router = "tcp://flag:1";
    CHECK(router() == Setting{"tcp://flag:1", "--router"});
    std::filesystem::remove(file);
    CHECK(read_settings({}, {}, paths).value().router ==
          Setting{"tcp://127.0.0.1:7440", "default"});
    CHECK(read_settings({}, {}, paths).value().router_key == Setting{"", "not set"});
}

TEST_CASE("mistakes in the settings are named with file and line") {
    const test::TemporaryFolder folder;
    const UserPaths paths = paths_in(folder);
    const auto problem = [&](const std::string& text) {
        folder.write("config.toml", text);
        const auto settings = read_settings({}, {}, paths);
        REQUIRE_FALSE(settings);
        CHECK(settings.error().code == ErrorCode::config);
        return settings.error().message;
    };
    CHECK(problem("\nkeyfile = 'x'\n")
              .find("config.toml:2: \"keyfile\" is no setting; did you "
                    "mean \"key_file\"?") != std::string::npos);
    CHECK(problem("router = [1]\n").find(":1: `router` must be a text") != std::string::npos);
    CHECK(problem("router = 5\n").find(":1: `router` must be") != std::string::npos);
    CHECK(problem("router = \n").find("config.toml:1: ") != std::string::npos);
    CHECK(problem("timeout_connect = 'soon'\n").find("timeout_connect (") == 0);
    CHECK(
        problem("currency = 'EUT'\n").find("config.toml:1): \"EUT\" is no currency of ISO 4217") !=
        std::string::npos);
}

TEST_CASE("a settings file that was asked for must exist") {
    const test::TemporaryFolder folder;
    GlobalOptions options;
    options.config = (folder.path() / "other.toml").string();
    CHECK(read_settings(options, {}, paths_in(folder)).error().code == ErrorCode::config);
}

TEST_CASE("folders follow the XDG rules") {
    const UserPaths usual = user_paths({{"HOME", "/home/anna"}});
    CHECK(usual.config == "/home/anna/.config/nearfab");
    CHECK(usual.state == "/home/anna/.local/state/nearfab");
    CHECK(usual.runtime == usual.state);
    const UserPaths moved = user_paths({{"HOME", "/home/anna"},
                                        {"XDG_CONFIG_HOME", "/c"},
                                        {"XDG_STATE_HOME", "relative"},
                                        {"XDG_RUNTIME_DIR", "/run/user/1"}});
    CHECK(moved.config == "/c/nearfab");
    CHECK(moved.state == "/home/anna/.local/state/nearfab");
    CHECK(moved.runtime == "/run/user/1/nearfab");
}

}  // namespace nearfab::cli
