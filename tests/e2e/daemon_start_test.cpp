// SPDX-License-Identifier: GPL-3.0-or-later
// A router or an agent that cannot start says why, with the exit codes of `nearfab help
// exit-codes`.

#include "tests/e2e/network.hpp"
#include "tests/folders.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <tuple>

namespace nearfab::e2e {
namespace {

namespace fs = std::filesystem;

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

struct StoppedNetwork {
    Network network{{FabPlan{.name = "lyon"}}};

    StoppedNetwork() {
        network.fabs.at("lyon").kill();
        network.router.kill();
    }
    [[nodiscard]] fs::path file(const std::string& name) const { return network.folder() / name; }
    [[nodiscard]] std::string text_of(const std::string& name) const {
        std::ifstream stream{file(name)};
        return {std::istreambuf_iterator<char>{stream}, {}};
    }
    void replace(const std::string& name, const std::string& old, const std::string& by) const {
        std::string text = text_of(name);
        const auto at = text.find(old);
        REQUIRE(at != std::string::npos);
        std::ofstream{file(name)} << text.replace(at, old.size(), by);
    }
    [[nodiscard]] Outcome start(const std::string& program, const std::string& config) const {
        const Outcome outcome =
            run({tests::program_folder() + "/" + program, "--config", file(config).string()},
                network.environment());
        INFO(outcome.err);
        CHECK(has(outcome.err, program + ": "));
        CHECK(has(outcome.err, "\n  next: "));
        return outcome;
    }
};

TEST_CASE_METHOD(StoppedNetwork, "what is missing or unsafe ends a daemon with 2 or 4", "[e2e]") {
    for (const auto& [program, config, key] :
         {std::tuple{"nearfab-router", "router.toml", "router.key"},
          std::tuple{"nearfab-agent", "lyon.toml", "lyon.key"}}) {
        CHECK(start(program, "none.toml").exit_code == 2);
        fs::permissions(file(key), fs::perms::others_read, fs::perm_options::add);
        const Outcome unsafe = start(program, config);
        CHECK(unsafe.exit_code == 4);
        CHECK(has(unsafe.err, "chmod 600"));
        fs::remove(file(key));
        const Outcome keyless = start(program, config);
        CHECK(keyless.exit_code == 4);
        CHECK(has(keyless.err, "there is no key file " + file(key).string()));
        replace(config, "key_file", "kye_file");
        const Outcome misspelt = start(program, config);
        CHECK(misspelt.exit_code == 2);
        CHECK(has(misspelt.err, "did you mean \"key_file\"?"));
    }
}

TEST_CASE_METHOD(StoppedNetwork, "a router without a list of keys does not start", "[e2e]") {
    fs::remove(file("allowed_keys"));
    const Outcome outcome = start("nearfab-router", "router.toml");
    CHECK(outcome.exit_code == 2);
    CHECK(has(outcome.err, "there is no list of allowed keys"));
}

TEST_CASE_METHOD(StoppedNetwork, "a router with an empty list warns that nobody gets in", "[e2e]") {
    std::ofstream{file("allowed_keys")} << "# nobody yet\n";
    const Outcome outcome = run({tests::program_folder() + "/nearfab-router",
                                 "--check-config",
                                 "--config",
                                 file("router.toml").string()},
                                network.environment());
    CHECK(outcome.exit_code == 0);
    CHECK(has(outcome.err, "holds no key, so nobody can come in"));
}

TEST_CASE_METHOD(StoppedNetwork, "an agent never deletes a file to make its socket", "[e2e]") {
    std::ofstream{file("thesis.txt")} << "years of work";
    replace("lyon.toml", "lyon.sock", "thesis.txt");
    const Outcome outcome = start("nearfab-agent", "lyon.toml");
    CHECK(outcome.exit_code == 2);
    CHECK(has(outcome.err, "thesis.txt is not a socket, and is left as it is"));
    CHECK(text_of("thesis.txt") == "years of work");
}

TEST_CASE_METHOD(StoppedNetwork,
                 "an agent that is not on the list says which key to add",
                 "[e2e]") {
    std::ofstream{file("allowed_keys")} << "# nobody yet\n";
    const std::string key = text_of("lyon.key").substr(std::string{"public "}.size(), 40);
    network.start_router();
    network.start_fab("lyon");
    CHECK(network.until([&] {
        return has(network.log_of("lyon"),
                   "give this public key to the operator of the router: " + key);
    }));
}

}  // namespace
}  // namespace nearfab::e2e
