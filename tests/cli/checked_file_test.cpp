// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/checked_file.hpp"

#include "cli/check_view.hpp"
#include "cli/part_picture.hpp"
#include "cli/png_file.hpp"
#include "tests/cli/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <sstream>

namespace nearfab::cli {
namespace {

using test::TemporaryFolder;

// A box without its lid, or with it: 20 x 20 x 10 mm.
std::string box_off(bool lid) {
    return std::string{"OFF\n8 "} + (lid ? "6" : "5") +
           " 0\n0 0 0\n20 0 0\n20 20 0\n0 20 0\n0 0 10\n20 0 10\n20 20 10\n0 20 10\n"
           "4 3 2 1 0\n4 0 1 5 4\n4 1 2 6 5\n4 2 3 7 6\n4 3 0 4 7\n" +
           (lid ? "4 4 5 6 7\n" : "");
}

// The box without its lid, and other faces.
std::string box_off_with(const std::string& faces, int count) {
    std::string text = box_off(false) + faces;
    return text.replace(text.find("8 5"), 3, "8 " + std::to_string(count));
}

struct Checker {
    TemporaryFolder home;
    std::ostringstream out;
    std::ostringstream err;
    Screen screen{.out = out, .err = err, .json = false};

    CheckedFile check(const std::string& text,
                      const std::optional<std::string>& bed = std::nullopt,
                      const std::vector<std::string>& processes = {}) {
        const auto settings = check_settings(bed, processes, std::nullopt);
        REQUIRE(settings);
        return check_file(home.write("part.off", text).string(), *settings, screen);
    }
};

}  // namespace

TEST_CASE("a checked file knows its bytes, its hash and its fit") {
    Checker checker;
    const CheckedFile good = checker.check(box_off(true), "20x20x10");
    CHECK_FALSE(good.rejection);
    CHECK(good.bytes == box_off(true).size());
    CHECK(good.hash);
    REQUIRE(good.fit);
    CHECK(good.fit->fits);
    CHECK(good.check->solid.has_value());
    const CheckedFile large = checker.check(box_off(true), "9x9x9");
    REQUIRE(large.rejection);
    CHECK(large.rejection->message.starts_with("part.off does not fit: "));
}

TEST_CASE("the first reason for a rejection is the mesh's own") {
    Checker checker;
    const CheckedFile open = checker.check(box_off(false), "9x9x9", {"laser_cut"});
    REQUIRE(open.rejection);
    CHECK(open.rejection->message.starts_with("part.off: the surface has holes"));
    const CheckedFile broken = checker.check("OFF\n1 1 0\n");
    REQUIRE(broken.rejection);
    CHECK_FALSE(broken.check);
    CHECK(broken.hash);  // The bytes were there.
    const CheckedFile no_process = checker.check(box_off(true), std::nullopt, {"laser_cut"});
    REQUIRE(no_process.check);
    CHECK(no_process.check->verdicts.size() == 1);
}

TEST_CASE("a licence beside the file is found, and a wrong one rejects it") {
    Checker checker;
    checker.home.write("okh.toml", "okhv = \"2.3\"\nname = \"b\"\nlicense = \"CC0-1.0\"\n");
    CHECK(checker.check(box_off(true)).licence == "CC0-1.0");
    checker.home.write("okh.toml", "okhv = \"2.3\"\nname = \"b\"\nlicense = \"mine, all mine\"\n");
    CHECK(checker.check(box_off(true)).rejection);
}

TEST_CASE("settings that make no sense are wrong arguments") {
    for (const auto& settings : {check_settings("1x2", {}, std::nullopt),
                                 check_settings(std::nullopt, {"origami"}, std::nullopt),
                                 check_settings(std::nullopt, {}, "/nowhere/limits.csv")}) {
        REQUIRE_FALSE(settings);
        CHECK(settings.error().code == ErrorCode::invalid_argument);
        CHECK_FALSE(settings.error().next.empty());
    }
    const auto all = check_settings(std::nullopt, {}, std::nullopt);
    REQUIRE(all);
    CHECK(all->limits.size() == geometry::builtin_limits().size());
    CHECK_FALSE(all->asked.named);
}

TEST_CASE("a picture names only the marks that are in it") {
    Checker checker;
    const CheckedFile good = checker.check(box_off(true));
    CHECK(picture_of(*good.check->solid, 1).legend.empty());
    CHECK(picture_of(*good.check->solid, 50).legend == "orange: thin walls");
    const CheckedFile open = checker.check(box_off(false));
    CHECK(picture_of(*open.check->solid, 1).legend == "red: open edges");
    // One half of the lid is turned; then the lid is there twice; then all faces look inwards.
    const CheckedFile turned = checker.check(box_off_with("3 4 5 6\n3 4 7 6\n", 7));
    CHECK(picture_of(*turned.check->solid, 1).legend ==
          "dark blue: edges where triangles face opposite ways");
    const CheckedFile fin = checker.check(box_off_with("4 4 5 6 7\n3 4 5 3\n", 7));
    CHECK(picture_of(*fin.check->solid, 1).legend.find("green: edges of more than two triangles") !=
          std::string::npos);
    const CheckedFile inverse = checker.check(
        "OFF\n4 4 0\n0 0 0\n20 0 0\n0 20 0\n0 0 20\n3 0 1 2\n3 0 3 1\n3 1 3 2\n3 0 2 3\n");
    CHECK(picture_of(*inverse.check->solid, 1).legend == "yellow: inside out");
}

TEST_CASE("a picture becomes a PNG file as a whole, or an error of the disk") {
    const TemporaryFolder home;
    const geometry::Picture picture{
        3, 2, {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {0, 0, 0}, {9, 9, 9}, {255, 255, 255}}};
    REQUIRE(write_png(home.path() / "a.png", picture));
    const std::string file = home.read("a.png");
    CHECK(file.starts_with("\x89PNG\r\n\x1a\n"));
    // Width and height of the header, in network order.
    CHECK(file.substr(16, 8) == std::string("\0\0\0\3\0\0\0\2", 8));
    CHECK(file.ends_with(std::string("IEND\xae\x42\x60\x82")));
    const Status lost = write_png(home.path() / "no" / "a.png", picture);
    REQUIRE_FALSE(lost);
    CHECK_FALSE(lost.error().message.empty());
}

TEST_CASE("progress is drawn only where it can be redrawn, and only for long work") {
    Checker checker;
    Checker live;
    live.screen.live = true;
    CHECK_FALSE(checker.check(box_off(true)).rejection);
    CHECK(checker.err.str().empty());
    // A small part is done before anybody waits; on a very slow machine the bar is wiped again.
    CHECK_FALSE(live.check(box_off(true)).rejection);
    CHECK((live.err.str().empty() || live.err.str().ends_with("\r\x1b[2K")));
}

}  // namespace nearfab::cli
