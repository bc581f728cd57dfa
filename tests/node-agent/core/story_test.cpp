// SPDX-License-Identifier: GPL-3.0-or-later
// story_test.cpp - the agent's conversations, told in stories/*.txt.
//
// With NEARFAB_REWRITE=1 the expected effects in the files are written anew; read the difference
// before you keep it.

#include "tests/node-agent/core/story.hpp"

#include "tests/folders.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace nearfab::agent {
namespace {

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in{file};
    REQUIRE(in);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// The story with its expected effects replaced by what happens.
std::string told_anew(const std::string& text) {
    Story story;
    std::istringstream lines{text};
    std::string told;
    std::string scene;
    std::string effects;
    bool expects = false;
    const auto end_scene = [&] {
        if (expects) {
            std::istringstream commands{scene};
            for (std::string line; std::getline(commands, line);)
                effects += story.play(line);
            told += scene + "----\n" + effects;
        } else {
            told += scene;
        }
        scene.clear();
        effects.clear();
        expects = false;
    };
    for (std::string line; std::getline(lines, line);) {
        if (line.empty()) {
            end_scene();
            told += "\n";
        } else if (line == "----") {
            expects = true;
        } else if (!expects) {
            scene += line + "\n";
        }
    }
    end_scene();
    return told;
}

TEST_CASE("the stories of the agent end as they are told", "[agent][story]") {
    const std::filesystem::path folder =
        std::filesystem::path{tests::source_folder()} / "tests/node-agent/core/stories";
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().extension() == ".txt") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    REQUIRE(files.size() >= 8);
    for (const auto& file : files) {
        DYNAMIC_SECTION(file.stem().string()) {
            const std::string expected = text_of(file);
            const std::string told = told_anew(expected);
            CHECK(told.find("BROKEN") == std::string::npos);
            if (std::getenv("NEARFAB_REWRITE") != nullptr) {
                std::ofstream{file} << told;
            } else {
                CHECK(told == expected);
            }
        }
    }
}

}  // namespace
}  // namespace nearfab::agent
