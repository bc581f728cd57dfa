// SPDX-License-Identifier: GPL-3.0-or-later
// Who is not on the list gets in nowhere, and what is wrong is said so.

#include "tests/e2e/network.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <signal.h>

namespace nearfab::e2e {
namespace {

struct OneFab {
    Network network{{FabPlan{.name = "lyon"}}};

    Outcome as(const std::string& key_file, std::vector<std::string> words) const {
        words.insert(
            words.end(),
            {"--key-file", (network.folder() / key_file).string(), "--timeout-connect", "20s"});
        return network.nearfab(words);
    }
};

TEST_CASE_METHOD(OneFab, "an unknown key gets nowhere, and is told what to do", "[e2e][intruder]") {
    const std::string key = network.make_key("mallory");
    const Outcome outcome = as("mallory.key", {"status"});
    CHECK(outcome.exit_code == 4);
    CHECK(outcome.err.find("next: give this public key to the operator of the router: " + key) !=
          std::string::npos);
    CHECK(network.until(
        [&] { return network.log_of("router").find("unknown key") != std::string::npos; }));
}

TEST_CASE_METHOD(OneFab, "a fab's key cannot act for a designer", "[e2e][intruder]") {
    network.fabs.at("lyon").kill();  // Its place is free, so that only the role is in the way.
    const Outcome outcome = as("lyon.key", {"status"});
    CHECK(outcome.exit_code == 4);
    CHECK(outcome.err.find("agent") != std::string::npos);
}

TEST_CASE_METHOD(OneFab, "a router that proves another key is not spoken to", "[e2e][intruder]") {
    const std::string other = network.make_key("other");
    const Outcome outcome =
        network.nearfab({"status", "--router-key", other, "--timeout-connect", "20s"});
    CHECK(outcome.exit_code == 4);
    CHECK(outcome.err.find("does not have the key in your settings") != std::string::npos);
}

TEST_CASE_METHOD(OneFab, "a key that others may read is not used", "[e2e][intruder]") {
    std::filesystem::permissions(network.folder() / "ada.key",
                                 std::filesystem::perms::group_read,
                                 std::filesystem::perm_options::add);
    const Outcome outcome = network.nearfab({"status"});
    CHECK(outcome.exit_code == 4);
    CHECK(outcome.err.find("chmod 600") != std::string::npos);
}

TEST_CASE_METHOD(OneFab, "a key taken off the list is out at once", "[e2e][intruder]") {
    CHECK(network.nearfab({"status"}).exit_code == 0);
    std::ofstream{network.folder() / "allowed_keys"} << "# nobody\n";
    network.router.signal(SIGHUP);
    CHECK(network.until([&] {
        return network.nearfab({"status", "--timeout-connect", "20s"}).exit_code == 4;
    }));
}

TEST_CASE("a router that is not there is said so, with the next step", "[e2e][intruder]") {
    Network network{{}};
    network.router.kill();
    const Outcome outcome = network.nearfab({"status", "--timeout-connect", "1s"});
    CHECK(outcome.exit_code == 6);
    CHECK(outcome.err.find(network.endpoint()) != std::string::npos);
    CHECK(outcome.err.find("next:") != std::string::npos);
}

}  // namespace
}  // namespace nearfab::e2e
