// SPDX-License-Identifier: GPL-3.0-or-later
// Runs every story in tests/router/core/stories and compares what the router did with what is
// written there. NEARFAB_REWRITE=1 writes the present answers into the files, to be read as a diff.

#include "tests/router/core/story.hpp"

#include "router/shell/job_codec.hpp"
#include "tests/folders.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace nearfab::router::testing {
namespace {

namespace fs = std::filesystem;

std::string retold(const fs::path& file, RouterOptions options = {}) {
    std::ifstream in{file};
    REQUIRE(in.good());
    Story story{std::move(options)};
    std::string text;
    bool answering = false;
    std::string pending;
    for (std::string line; std::getline(in, line);) {
        if (line == "----") {
            text += "----\n" + pending;
            pending.clear();
            answering = true;
        } else if (line.empty()) {
            answering = false;
            text += "\n";
        } else if (line.starts_with('#')) {
            text += line + "\n";
        } else if (!answering) {
            pending += story.tell(line);
            text += line + "\n";
        }
    }
    return text;
}

TEST_CASE("every story ends as it is written", "[stories]") {
    std::vector<fs::path> files;
    for (const auto& entry :
         fs::directory_iterator{tests::source_folder() + "/tests/router/core/stories"}) {
        if (entry.path().extension() == ".txt") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    REQUIRE(files.size() >= 8);
    for (const fs::path& file : files) {
        INFO(file.filename().string());
        const std::string now = retold(file);
        CHECK(now.find("BROKEN") == std::string::npos);
        if (std::getenv("NEARFAB_REWRITE") != nullptr) {
            std::ofstream{file} << now;
            continue;
        }
        std::ostringstream written;
        written << std::ifstream{file}.rdbuf();
        CHECK(now == written.str());
        // What is over may be packed; nobody notices.
        RouterOptions packs;
        packs.packing = job_packing();
        CHECK(retold(file, packs) == written.str());
    }
}

}  // namespace
}  // namespace nearfab::router::testing
