// SPDX-License-Identifier: GPL-3.0-or-later
// Who may include whom, and what a pure core may never touch.

#include "tests/house/source_tree.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <regex>
#include <set>

namespace nearfab::house {
namespace {

// For each folder: the folders its files may include, besides itself. The longest name that is a
// prefix of a file's folder decides. docs/ARCHITECTURE.md draws the same picture.
const std::map<std::string, std::vector<std::string>> may_include{
    {"base", {}},
    {"geometry", {"base"}},
    {"toolpath", {"base", "geometry"}},
    {"proto/model", {"base"}},
    {"proto/codec", {"base", "proto/model", "nearfab/v1"}},
    {"footprint", {"base", "proto/model"}},
    {"host", {"base"}},
    {"store", {"base", "host"}},
    {"wire", {"base", "host", "proto/model", "proto/codec"}},
    {"intake", {"base", "proto/model", "geometry"}},
    {"step", {"base", "proto/model", "geometry", "host"}},
    {"router/matching", {"base", "proto/model", "geometry", "footprint"}},
    {"router/report", {"base", "proto/model", "router/matching", "footprint"}},
    {"router/core", {"base", "proto/model", "router/matching", "router/report", "geometry"}},
    {"router/analysis", {"base", "proto", "geometry", "intake", "json", "host"}},
    {"router", {"base", "proto", "geometry", "host", "store", "wire", "json", "router", "shell"}},
    {"node-agent/core", {"base", "proto/model", "geometry"}},
    {"node-agent/machine_code", {"base", "geometry", "toolpath"}},
    {"node-agent/drivers", {"base", "host", "node-agent/core", "node-agent/machine_code"}},
    {"node-agent/prepare",
     {"base", "host", "geometry", "toolpath", "proto/model", "node-agent/machine_code"}},
    {"node-agent",
     {"base",
      "proto",
      "geometry",
      "footprint",
      "toolpath",
      "host",
      "store",
      "wire",
      "intake",
      "json",
      "terminal",
      "node-agent",
      "shell"}},
    {"json", {"base", "proto/model", "geometry", "host"}},
    {"terminal", {"base", "host", "proto/model"}},
    {"cli", {"base", "proto", "geometry", "host", "wire", "intake", "json", "step", "terminal"}},
};

// The gate is core by its meaning (the rule), and the one place that calls a driver's start.
const std::set<std::string> gate{"node-agent/core/start_gate.cpp"};

bool below(const std::string& path, const std::string& folder) {
    return path == folder || path.starts_with(folder + "/");
}

std::optional<std::string> rule_for(const std::string& folder) {
    std::optional<std::string> best;
    for (const auto& [name, allowed] : may_include) {
        if (below(folder, name) && (!best || name.size() > best->size())) best = name;
    }
    return best;
}

std::vector<std::string> includes_of(const SourceFile& file, char open) {
    static const std::regex quoted{R"re(^\s*#\s*include\s*"([^"]+)")re"};
    static const std::regex angled{R"re(^\s*#\s*include\s*<([^>]+)>)re"};
    std::vector<std::string> found;
    for (const std::string& line : file.lines) {
        std::smatch match;
        if (std::regex_search(line, match, open == '"' ? quoted : angled))
            found.push_back(match[1]);
    }
    return found;
}

TEST_CASE("every file includes only what its layer may know", "[house]") {
    for (const SourceFile& file : sources()) {
        if (below(file.path, "tests") || below(file.path, "bench") ||
            below(file.path, "examples")) {
            continue;
        }
        const auto rule = rule_for(file.folder());
        INFO(file.path);
        REQUIRE(rule);
        for (const std::string& include : includes_of(file, '"')) {
            INFO("includes \"" << include << "\"");
            if (gate.contains(file.path) && below(include, "node-agent/drivers")) continue;
            const auto& allowed = may_include.at(*rule);
            const bool fine = below(include, *rule) ||
                              std::any_of(allowed.begin(), allowed.end(), [&](const auto& folder) {
                                  return below(include, folder);
                              });
            CHECK(fine);
        }
    }
}

TEST_CASE("router and agent never know each other, and nobody includes tests", "[house]") {
    for (const SourceFile& file : sources()) {
        if (below(file.path, "tests")) continue;
        INFO(file.path);
        for (const std::string& include : includes_of(file, '"')) {
            INFO("includes \"" << include << "\"");
            CHECK_FALSE((below(file.path, "router") && below(include, "node-agent")));
            CHECK_FALSE((below(file.path, "node-agent") && below(include, "router")));
            // What is measured is measured on the same fake machines that the tests have.
            const bool measured =
                below(file.path, "bench") && below(include, "tests/node-agent/drivers/fakes");
            CHECK_FALSE((below(include, "tests") && !measured));
        }
    }
}

// No clock, socket, file, thread, lock, log, environment or random source.
const std::vector<std::string> pure_folders{"base",
                                            "geometry",
                                            "toolpath",
                                            "proto/model",
                                            "proto/codec",
                                            "footprint",
                                            "intake",
                                            "router/matching",
                                            "router/report",
                                            "router/core",
                                            "node-agent/core",
                                            "node-agent/machine_code"};
const std::set<std::string> impure_headers{
    "thread",       "mutex",       "atomic",          "condition_variable",
    "future",       "iostream",    "fstream",         "filesystem",
    "random",       "ctime",       "time.h",          "unistd.h",
    "sys/socket.h", "sys/types.h", "fcntl.h",         "zmq.hpp",
    "zmq.h",        "sqlite3.h",   "spdlog/spdlog.h", "stop_token",
    "semaphore",    "sys/stat.h"};

TEST_CASE("pure folders touch nothing of the outside world", "[house]") {
    static const std::regex impure_call{
        R"(\b(getenv|rand|srand|random_device|system_clock::now|steady_clock::now|sleep_for|)"
        R"(std::time|clock_gettime|fopen|printf)\s*\()"};
    for (const SourceFile& file : sources()) {
        const bool pure = std::any_of(pure_folders.begin(),
                                      pure_folders.end(),
                                      [&](const auto& folder) { return below(file.path, folder); });
        if (!pure) continue;
        INFO(file.path);
        for (const std::string& include : includes_of(file, '<')) {
            INFO("includes <" << include << ">");
            CHECK_FALSE(impure_headers.contains(include));
        }
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const std::string code = file.lines[i].substr(0, file.lines[i].find("//"));
            INFO("line " << i + 1 << ": " << code);
            CHECK_FALSE(std::regex_search(code, impure_call));
        }
    }
}

TEST_CASE("libraries that hide behind an interface stay there", "[house]") {
    const std::vector<std::pair<std::string, std::vector<std::string>>> homes{
        {"CGAL/", {"geometry/detail", "bench"}},
        {"polyclipping/", {"toolpath/region.cpp"}},
        {"zmq", {"wire", "router/shell", "node-agent/shell", "bench/intake", "tests"}},
        {"sqlite3.h", {"bench"}},
        {"google/protobuf", {"proto/codec", "router/shell", "node-agent/shell", "tests"}},
        {"nearfab/v1", {"proto/codec", "tests"}},
        {"curl/", {"host"}},
        {"STEPControl", {"step/occt", "tests/step"}},
        {"BRep", {"step/occt", "tests/step"}},
        {"TopoDS", {"step/occt", "tests/step"}},
        {"spdlog", {"host/log.cpp", "router", "node-agent/shell"}},
    };
    for (const SourceFile& file : sources()) {
        INFO(file.path);
        for (const std::string& include : includes_of(file, '<')) {
            for (const auto& [library, allowed] : homes) {
                if (!include.starts_with(library)) continue;
                INFO("includes <" << include << ">");
                CHECK(std::any_of(allowed.begin(), allowed.end(), [&](const auto& folder) {
                    return below(file.path, folder);
                }));
            }
        }
    }
}

TEST_CASE("heavy headers are compiled once in each program", "[house]") {
    const std::vector<std::string> heavy{"CLI/CLI.hpp", "toml++/toml.h"};
    std::map<std::string, std::set<std::string>> users;
    for (const SourceFile& file : sources()) {
        const std::string folder = file.path.substr(0, file.path.find('/'));
        // Each bench is a program of its own.
        const std::string top = folder == "bench" ? file.path : folder;
        for (const std::string& include : includes_of(file, '<')) {
            if (std::find(heavy.begin(), heavy.end(), include) == heavy.end()) continue;
            INFO(file.path << " includes <" << include << ">");
            CHECK(file.is_source());
            CHECK(users[top + " " + include].insert(file.path).second);
        }
    }
    for (const auto& [what, files] : users) {
        INFO(what);
        CHECK(files.size() == 1);
    }
}

TEST_CASE("only the start gate starts a machine", "[house]") {
    static const std::regex start_call{R"((->|\.)start\s*\()"};
    for (const SourceFile& file : sources()) {
        if (!below(file.path, "node-agent") || gate.contains(file.path)) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const std::string code = file.lines[i].substr(0, file.lines[i].find("//"));
            INFO(file.path << ":" << i + 1 << ": " << code);
            CHECK_FALSE(std::regex_search(code, start_call));
        }
    }
}

}  // namespace
}  // namespace nearfab::house
