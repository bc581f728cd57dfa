// SPDX-License-Identifier: GPL-3.0-or-later
// What cannot be tested on this system is called skipped, and what failed never is.

#include <catch2/catch.hpp>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>

namespace nearfab {
namespace {

// Run by the test below, each in a process of its own.
TEST_CASE("sample: nothing checked", "[.skip-sample]") {
    WARN("skipped: there is no such thing here");
}
TEST_CASE("sample: something checked", "[.skip-sample]") {
    CHECK(true);
    WARN("skipped with it: there is no such thing here");
}
TEST_CASE("sample: failed", "[.skip-sample]") {
    WARN("skipped: there is no such thing here");
    CHECK(false);
}
TEST_CASE("sample: warned", "[.skip-sample]") {
    WARN("slow, but nothing was skipped");
}

std::string words_of(const std::string& sample) {
    const auto self = std::filesystem::read_symlink("/proc/self/exe");
    FILE* output = ::popen((self.string() + " \"sample: " + sample + "\" 2>&1").c_str(), "r");
    REQUIRE(output != nullptr);
    std::string words;
    std::array<char, 4096> piece{};
    while (std::fgets(piece.data(), piece.size(), output) != nullptr)
        words += piece.data();
    ::pclose(output);
    return words;
}

TEST_CASE("a skipped test says so in a line that ctest knows") {
    using Catch::Contains;
    CHECK_THAT(
        words_of("nothing checked"),
        Contains("\nnearfab test skipped: \"sample: nothing checked\" skipped: there is no"));
    const std::string partly = words_of("something checked");
    CHECK_THAT(partly, Contains("nearfab test partly skipped: \"sample: something checked\""));
    CHECK_THAT(partly, !Contains("nearfab test skipped:"));
    CHECK_THAT(words_of("failed"), Contains("1 failed") && !Contains("nearfab test"));
    CHECK_THAT(words_of("warned"), !Contains("nearfab test"));
}

}  // namespace
}  // namespace nearfab
