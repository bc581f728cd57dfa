// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/faults/faulty_network.hpp"

#include "tests/folders.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

namespace nearfab::e2e {

namespace fs = std::filesystem;

LoneRouter::LoneRouter() {
    // The design is uploaded and analysed once, so that a submit is one turn of the router.
    const Outcome first = submit("first");
    INFO(first.err);
    REQUIRE(accepted(first));
}

Outcome LoneRouter::submit(const std::string& key) const {
    const fs::path design =
        fs::path{tests::source_folder()} / "examples/designs/wall_hook/wall_hook.stl";
    return network.nearfab({"submit",
                            design.string(),
                            "--material",
                            "pla",
                            "--at",
                            "45.76,4.83",
                            "--key",
                            key,
                            "--timeout-connect",
                            "5s",
                            "--json"});
}

std::size_t LoneRouter::jobs() const {
    const Outcome outcome = network.nearfab({"status", "--json"});
    INFO(outcome.err << network.log_of("router"));
    REQUIRE(outcome.exit_code == 0);
    return nlohmann::json::parse(outcome.out).at("jobs").size();
}

void LoneRouter::configure(const std::string& line) const {
    const fs::path file = network.folder() / "router.toml";
    std::ostringstream text;
    text << std::ifstream{file}.rdbuf();
    std::string changed = text.str();
    changed.insert(changed.find("[router]\n") + 9, line + "\n");
    std::ofstream{file} << changed;
}

Outcome LoneRouter::tool(std::vector<std::string> words,
                         std::vector<std::string> under,
                         const fs::path& state_directory) const {
    fs::path config = network.folder() / "router.toml";
    if (!state_directory.empty()) {
        std::ostringstream text;
        text << std::ifstream{config}.rdbuf();
        std::string changed = text.str();
        const std::string here = "state_directory = \"router\"";
        changed.replace(changed.find(here),
                        here.size(),
                        "state_directory = \"" + state_directory.string() + "\"");
        config = network.folder() / "other_state.toml";
        std::ofstream{config} << changed;
    }
    under.insert(under.end(),
                 {tests::program_folder() + "/nearfab-router", "--config", config.string()});
    under.insert(under.end(), words.begin(), words.end());
    return run(under, network.environment());
}

bool LoneRouter::answers() const {
    return network.until([&] {
        return network.nearfab({"status", "--timeout-connect", "2s"}).exit_code == 0;
    });
}

fs::path LoneRouter::log() const {
    fs::path last;
    for (const auto& file : fs::directory_iterator{state() / "journal"}) {
        const bool is_log = file.path().filename().string().starts_with("log-");
        if (is_log && file.path() > last) last = file.path();
    }
    return last;
}

bool can_trace() {
    const Outcome outcome = run({"/usr/bin/strace", "-qq", "-o", "/dev/null", "/bin/true"}, {});
    if (outcome.exit_code == 0) return true;
    WARN("skipped: strace is missing or may not trace here (scripts/setup installs it)");
    return false;
}

}  // namespace nearfab::e2e
