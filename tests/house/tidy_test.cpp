// SPDX-License-Identifier: GPL-3.0-or-later
// The look of the house: what every file owes its next reader.

#include "base/version.hpp"
#include "tests/folders.hpp"
#include "tests/house/source_tree.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace nearfab::house {
namespace {

std::string all_of(const SourceFile& file) {
    std::string text;
    for (const std::string& line : file.lines)
        text += line + "\n";
    return text;
}

TEST_CASE("lines are short and clean, files are one thing", "[house]") {
    for (const SourceFile& file : sources()) {
        INFO(file.path);
        CHECK(file.lines.size() <= 600);
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            const std::string& line = file.lines[i];
            INFO("line " << i + 1 << ": " << line);
            // Counted in characters: continuation bytes of UTF-8 are none.
            const auto width = std::count_if(line.begin(), line.end(), [](char c) {
                return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
            });
            CHECK(width <= 100);
            CHECK(line.find('\t') == std::string::npos);
            CHECK((line.empty() || line.back() != ' '));
        }
    }
}

TEST_CASE("every source names its licence first", "[house]") {
    for (const SourceFile& file : sources()) {
        INFO(file.path);
        REQUIRE_FALSE(file.lines.empty());
        CHECK(file.lines.front() == "// SPDX-License-Identifier: GPL-3.0-or-later");
    }
}

TEST_CASE("every header says at once what it is, and guards itself", "[house]") {
    for (const SourceFile& file : sources()) {
        if (!file.is_header()) continue;
        INFO(file.path);
        const std::string name = file.path.substr(file.path.rfind('/') + 1);
        REQUIRE_FALSE(file.lines.empty());
        REQUIRE(file.lines.size() > 2);
        CHECK(file.lines[1].starts_with("// " + name + " - "));
        CHECK(std::find(file.lines.begin(), file.lines.end(), "#pragma once") != file.lines.end());
    }
}

TEST_CASE("no file has a name that says nothing", "[house]") {
    const std::set<std::string> empty_words{
        "util", "utils", "helper", "helpers", "manager", "misc", "common", "stuff"};
    for (const SourceFile& file : sources()) {
        std::string stem = file.path.substr(file.path.rfind('/') + 1);
        stem = stem.substr(0, stem.find('.'));
        std::istringstream words{stem};
        for (std::string word; std::getline(words, word, '_');) {
            INFO(file.path);
            CHECK_FALSE(empty_words.contains(word));
        }
    }
}

TEST_CASE("every source is built", "[house]") {
    std::string lists;
    for (const SourceFile& file : files_ending("CMakeLists.txt"))
        lists += all_of(file);
    for (const SourceFile& file : sources()) {
        if (!file.is_source()) continue;
        const std::string name = file.path.substr(file.path.rfind('/') + 1);
        INFO(file.path);
        CHECK(lists.find(name) != std::string::npos);
    }
}

TEST_CASE("nothing is left for later in the code", "[house]") {
    const std::string words = std::string{"TO"} + "DO|FIX" + "ME|X" + "XX|HA" + "CK";
    const std::regex mark{"\\b(" + words + ")\\b"};
    for (const SourceFile& file : sources()) {
        if (file.path.starts_with("tests/cli")) continue;  // Real manifests say such things.
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            INFO(file.path << ":" << i + 1 << ": " << file.lines[i]);
            CHECK_FALSE(std::regex_search(file.lines[i], mark));
        }
    }
}

TEST_CASE("every markdown file has exactly one title", "[house]") {
    for (const SourceFile& file : files_ending(".md")) {
        int titles = 0;
        bool in_code = false;
        for (const std::string& line : file.lines) {
            if (line.starts_with("```")) in_code = !in_code;
            titles += !in_code && line.starts_with("# ") ? 1 : 0;
        }
        INFO(file.path);
        CHECK(titles == 1);
    }
}

TEST_CASE("protocol files carry their licence, which is freer than the programs'", "[house]") {
    const auto protos = files_ending(".proto");
    REQUIRE(protos.size() >= 5);
    for (const SourceFile& file : protos) {
        INFO(file.path);
        CHECK(all_of(file).find("SPDX-License-Identifier: Apache-2.0") != std::string::npos);
    }
}

TEST_CASE("the architecture page knows every folder of code, and no other", "[house]") {
    std::ifstream in{tests::source_folder() + "/docs/ARCHITECTURE.md"};
    std::ostringstream text;
    text << in.rdbuf();
    std::set<std::string> folders;
    for (const SourceFile& file : sources()) {
        if (!file.path.starts_with("tests/")) folders.insert(file.folder());
    }
    for (const std::string& folder : folders) {
        INFO(folder);
        CHECK(text.str().find("`" + folder + "/`") != std::string::npos);
    }
    static const std::regex named{R"(`([a-z_-]+(/[a-z_-]+)?)/`)"};
    const std::string page = text.str();
    for (std::sregex_iterator it{page.begin(), page.end(), named}; it != std::sregex_iterator{};
         ++it) {
        const std::string folder = (*it)[1];
        INFO(folder);
        std::ifstream exists{tests::source_folder() + "/" + folder};
        CHECK(exists.good());
    }
}

TEST_CASE("one version everywhere", "[house]") {
    std::ifstream in{tests::source_folder() + "/CMakeLists.txt"};
    std::ostringstream text;
    text << in.rdbuf();
    CHECK(text.str().find(std::string{"project(nearfab VERSION "} + version + " ") !=
          std::string::npos);
    std::ifstream log{tests::source_folder() + "/CHANGELOG.md"};
    std::ostringstream changes;
    changes << log.rdbuf();
    CHECK(changes.str().find(std::string{"## "} + version) != std::string::npos);
}

}  // namespace
}  // namespace nearfab::house
