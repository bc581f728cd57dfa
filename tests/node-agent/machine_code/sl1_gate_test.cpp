// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/sl1_gate.hpp"

#include "node-agent/machine_code/layer_image.hpp"
#include "tests/geometry/readers/package_writer.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>
#include <zlib.h>

namespace nearfab::agent {
namespace {

using Catch::Matchers::Contains;
using geometry::sample::zip_of;
using geometry::sample::ZipPart;

constexpr std::uint32_t width = 60;
constexpr std::uint32_t height = 40;

std::string big_endian(std::uint32_t value) {
    std::string bytes;
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        bytes += static_cast<char>(value >> shift & 255U);
    return bytes;
}

std::string chunk(const std::string& type, const std::string& content) {
    const std::string checked = type + content;
    const auto sum = ::crc32(
        0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size()));
    return big_endian(static_cast<std::uint32_t>(content.size())) + checked +
           big_endian(static_cast<std::uint32_t>(sum));
}

std::string packed(const std::string& raw) {
    uLongf size = ::compressBound(static_cast<uLong>(raw.size()));
    std::string out(size, '\0');
    REQUIRE(::compress(reinterpret_cast<Bytef*>(out.data()),
                       &size,
                       reinterpret_cast<const Bytef*>(raw.data()),
                       static_cast<uLong>(raw.size())) == Z_OK);
    out.resize(size);
    return out;
}

struct Picture {
    std::uint32_t columns = width;
    std::uint32_t rows = height;
    std::uint32_t margin = 10;  // Dark pixels around what is lit.
    char filter = 0;
    char depth = 8;
    std::string before_end = {};  // More chunks.
    std::string behind_rows = {};
    std::string behind_end = {};
};

std::string raw_rows(const Picture& picture) {
    std::string raw;
    for (std::uint32_t y = 0; y < picture.rows; ++y) {
        raw += picture.filter;
        for (std::uint32_t x = 0; x < picture.columns; ++x) {
            const bool lit = x >= picture.margin && x + picture.margin < picture.columns &&
                             y >= picture.margin && y + picture.margin < picture.rows;
            raw += static_cast<char>(lit ? 255 : 0);
        }
    }
    return raw + picture.behind_rows;
}

std::string png_of(const Picture& picture) {
    const std::string header = big_endian(picture.columns) + big_endian(picture.rows) +
                               picture.depth + std::string(4, '\0');
    return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", packed(raw_rows(picture))) +
           picture.before_end + chunk("IEND", "") + picture.behind_end;
}

// A print of four layers on a display of 60 x 40 pixels of 0.1 mm.
struct Print {
    std::map<std::string, std::string> settings{{"action", "print"},
                                                {"jobDir", "part"},
                                                {"expTime", "8"},
                                                {"expTimeFirst", "35"},
                                                {"layerHeight", "0.05"},
                                                {"numFast", "4"},
                                                {"numSlow", "0"},
                                                {"numFade", "10"},
                                                {"printTime", "120.5"},
                                                {"usedMaterial", "0.0016"},
                                                {"printerModel", "SL1"}};
    std::vector<ZipPart> layers;
    std::vector<ZipPart> others;

    Print() {
        for (int i = 0; i < 4; ++i)
            layers.push_back({"part0000" + std::to_string(i) + ".png", png_of({})});
    }
    [[nodiscard]] std::vector<std::uint8_t> bytes() const {
        std::string config;
        for (const auto& [name, value] : settings)
            config += name + " = " + value + "\n";
        std::vector<ZipPart> parts{{"config.ini", config}};
        parts.insert(parts.end(), layers.begin(), layers.end());
        parts.insert(parts.end(), others.begin(), others.end());
        return zip_of(parts);
    }
};

Sl1Limits limits() {
    Sl1Limits limits;
    limits.pixels_x = width;
    limits.pixels_y = height;
    limits.display_x_mm = 6;
    limits.display_y_mm = 4;
    limits.height_mm = 100;
    return limits;
}

std::string refused(const Print& print, const Sl1Limits& with = limits()) {
    const auto facts = check_sl1(print.bytes(), with);
    REQUIRE_FALSE(facts);
    CHECK_FALSE(facts.error().next.empty());
    return facts.error().message;
}

std::string refused_with(const std::string& setting, const std::string& value) {
    Print print;
    print.settings[setting] = value;
    return refused(print);
}

std::string refused_layer(const Picture& picture) {
    Print print;
    print.layers[2].contents = png_of(picture);
    return refused(print);
}

TEST_CASE("a print as PrusaSlicer writes it passes") {
    Print print;
    print.others = {{"prusaslicer.ini", "anything at all"},
                    {"thumbnail/thumbnail400x400.png", "a picture"}};
    const auto facts = check_sl1(print.bytes(), limits());
    if (!facts) FAIL(facts.error().message);
    CHECK(facts->layers == 4);
    CHECK(facts->layer_mm == 0.05);
    CHECK(facts->exposure_s == 8);
    CHECK(facts->first_exposure_s == 35);
    CHECK(facts->seconds == 121);
    CHECK(facts->resin_ml == 0.0016);
    SECTION("also turned by a quarter") {
        Sl1Limits turned = limits();
        std::swap(turned.pixels_x, turned.pixels_y);
        std::swap(turned.display_x_mm, turned.display_y_mm);
        CHECK(check_sl1(print.bytes(), turned));
    }
}

TEST_CASE("exposures, heights and counts outside of the machine's limits are refused") {
    CHECK_THAT(refused_with("expTime", "500"),
               Contains("expTime is 500") && Contains("0.1 to 120"));
    CHECK_THAT(refused_with("expTime", "-1"), Contains("expTime is -1"));
    CHECK_THAT(refused_with("expTimeFirst", "301"), Contains("expTimeFirst is 301"));
    CHECK_THAT(refused_with("expTime", "nan"), Contains("no number for expTime"));
    CHECK_THAT(refused_with("layerHeight", "0.9"), Contains("layerHeight is 0.9"));
    CHECK_THAT(refused_with("numFast", "3"), Contains("has 4 layers, and config.ini speaks of 3"));
    CHECK_THAT(refused_with("numFast", "3.5"), Contains("a number of layers is odd"));
    CHECK_THAT(refused_with("numFast", "0"), Contains("no layer"));
    Sl1Limits low = limits();
    low.height_mm = 0.1;
    Print tall;
    tall.settings["layerHeight"] = "0.2";
    CHECK_THAT(refused(tall, low), Contains("0.8 mm, and this machine builds 0.1 mm"));
}

TEST_CASE("what the archive says must agree with what it shows") {
    CHECK_THAT(refused_with("printTime", "20"), Contains("the exposures alone take 32 s"));
    CHECK_THAT(refused_with("printTime", "1e9"), Contains("no number for printTime"));
    CHECK_THAT(refused_with("printTime", "100000000"), Contains("printTime is"));
    CHECK_THAT(refused_with("usedMaterial", "900"), Contains("usedMaterial is 900 ml"));
    Print dark;
    for (ZipPart& layer : dark.layers)
        layer.contents = png_of({.margin = 30});
    CHECK_THAT(refused(dark), Contains("no layer is lit"));
}

TEST_CASE("a setting that is not on the list is refused, as is another action") {
    CHECK_THAT(refused_with("uvLedPwm", "255"), Contains("\"uvLedPwm\" is not on the list"));
    CHECK_THAT(refused_with("action", "update"), Contains("action"));
    CHECK_THAT(refused_with("jobDir", "../../etc"), Contains("jobDir is no plain name"));
    CHECK_THAT(refused_with("jobDir", ""), Contains("jobDir is no plain name"));
    Print none;
    none.settings.erase("expTime");
    CHECK_THAT(refused(none), Contains("no number for expTime"));
}

TEST_CASE("no name leads out of the folder that the archive is unpacked into") {
    for (const char* name : {"../part00004.png",
                             "thumbnail/../../x.png",
                             "/config.inj",
                             "/etc/part00000.png",
                             "/thumbnail/x.png",
                             "thumbnail/a/b.png",
                             "C:\\part.png",
                             "part00004.png.sh",
                             "firmware.bin",
                             "part0004.png"}) {
        CAPTURE(name);
        Print print;
        print.others = {{name, "x"}};
        CHECK_THAT(refused(print), Contains("no print has"));
    }
    Print rooted;
    rooted.layers[1].name = "/part00001.png";
    CHECK_THAT(refused(rooted), Contains("\"/part00001.png\""));
}

TEST_CASE("layers are all there, numbered without a gap") {
    Print gap;
    gap.layers[3].name = "part00007.png";
    CHECK_THAT(refused(gap), Contains("the layer part00003.png is missing"));
    Print fewer;
    fewer.layers.pop_back();
    CHECK_THAT(refused(fewer), Contains("has 3 layers, and config.ini speaks of 4"));
}

TEST_CASE("a layer is a plain picture of the display's size, whole, and dark at the edge") {
    CHECK_THAT(refused_layer({.columns = 50}), Contains("50 x 40 pixels") && Contains("60 x 40"));
    CHECK_THAT(refused_layer({.columns = height, .rows = width}), Contains("40 x 60 pixels"));
    CHECK_THAT(refused_layer({.columns = 6000, .rows = 4000}), Contains("6000 x 4000 pixels"));
    CHECK_THAT(refused_layer({.margin = 0}), Contains("lit at the edge"));
    CHECK_THAT(refused_layer({.filter = 2}), Contains("filtered"));
    CHECK_THAT(refused_layer({.depth = 16}), Contains("8 bits of grey"));
    CHECK_THAT(refused_layer({.before_end = chunk("tEXt", "a=b")}),
               Contains("more than a picture"));
    CHECK_THAT(refused_layer({.before_end = chunk("IDAT", "zz")}),
               Contains("more than its pixels"));
    CHECK_THAT(refused_layer({.behind_rows = std::string(61, '\0')}), Contains("more rows"));
    CHECK_THAT(refused_layer({.behind_end = chunk("IEND", "")}), Contains("behind its end"));
    CHECK_THAT(refused_layer({.behind_end = "x"}), Contains("cut off"));
}

std::string refused_bytes(const std::string& bytes) {
    const auto image = read_layer_image(
        {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, 10'000, "x.png");
    REQUIRE_FALSE(image);
    return image.error().message;
}

TEST_CASE("a layer that is cut off or changed anywhere is refused") {
    const std::string whole = png_of({});
    for (std::size_t length = 0; length < whole.size(); ++length)
        CHECK_FALSE(refused_bytes(whole.substr(0, length)).empty());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string changed = whole;
        changed[i] = static_cast<char>(changed[i] ^ 0x10);
        CHECK_FALSE(refused_bytes(changed).empty());
    }
    CHECK_THAT(refused_bytes(""), Contains("is no PNG"));
}

TEST_CASE("a layer in two pieces is the same layer") {
    const std::string pixels = packed(raw_rows({}));
    const std::string header =
        big_endian(width) + big_endian(height) + '\x08' + std::string(4, '\0');
    for (std::size_t cut = 0; cut <= pixels.size(); ++cut) {
        const std::string bytes = "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) +
                                  chunk("IDAT", pixels.substr(0, cut)) +
                                  chunk("IDAT", pixels.substr(cut)) + chunk("IEND", "");
        const auto image = read_layer_image(
            {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, 10'000, "x.png");
        if (!image) FAIL(image.error().message);
        CHECK(image->light == 255U * 40 * 20);
        CHECK_FALSE(image->touches_edge);
    }
}

TEST_CASE("what inflates to more than it says, or than is allowed, is not inflated") {
    Print bomb;
    bomb.layers[0].contents = std::string(5'000'000, '\0');
    CHECK_THAT(refused(bomb), Contains("part00000.png") || Contains("inflates"));
    Print liar;
    liar.layers[0].stated_bytes = 10;
    CHECK_FALSE(refused(liar).empty());
    Sl1Limits small = limits();
    small.file_bytes = 100;
    CHECK_THAT(refused(Print{}, small), Contains("bytes, and the limit is 100"));
    small = limits();
    small.layers_max = 2;
    CHECK_FALSE(refused(Print{}, small).empty());
    CHECK_FALSE(check_sl1({}, limits()));
}

}  // namespace
}  // namespace nearfab::agent
