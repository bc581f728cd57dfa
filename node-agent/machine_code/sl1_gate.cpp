// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/sl1_gate.hpp"

#include "base/check.hpp"
#include "geometry/number_text.hpp"
#include "geometry/readers/zip_archive.hpp"
#include "node-agent/machine_code/ini_text.hpp"
#include "node-agent/machine_code/layer_image.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nearfab::agent {
namespace {

using geometry::number_text;
using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t digits = 5;            // Of a layer's number.
constexpr std::uint32_t other_entries = 16;  // Beside the layers: settings, pictures.
constexpr std::uint64_t text_bytes_max = 1'000'000;
constexpr double seconds_max = 30.0 * 86'400;
constexpr double height_slack_mm = 0.5;  // A pad and a first layer may add this.
// How far the resin that is told may be from what is lit: edges are soft, and a little is rounded.
constexpr double resin_factor = 1.5;
constexpr double resin_slack_ml = 0.5;
constexpr std::size_t local_header_bytes = 30;

constexpr const char* mend = "correct the machine's profile, then slice again";

// What PrusaSlicer 2.5 writes. Another setting might switch something.
constexpr std::array<std::string_view, 19> known_settings{"action",
                                                          "jobDir",
                                                          "expTime",
                                                          "expTimeFirst",
                                                          "expUserProfile",
                                                          "fileCreationTimestamp",
                                                          "hollow",
                                                          "layerHeight",
                                                          "materialName",
                                                          "numFade",
                                                          "numFast",
                                                          "numSlow",
                                                          "printProfile",
                                                          "printTime",
                                                          "printerModel",
                                                          "printerProfile",
                                                          "printerVariant",
                                                          "prusaSlicerVersion",
                                                          "usedMaterial"};

tl::unexpected<Error> refusal(const std::string& what, ErrorCode code = ErrorCode::invalid_file) {
    return fail(code, what, mend);
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_plain(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
               c == '-';
    });
}

class Sl1Gate {
public:
    Sl1Gate(Bytes file, const Sl1Limits& limits) : file_{file}, limits_{limits} {}

    Result<Sl1Facts> check();

private:
    Result<std::vector<std::uint8_t>> inflated(geometry::ZipArchive& archive,
                                               const geometry::ZipEntry& entry,
                                               std::uint64_t bytes_max) const;
    Status check_names(const geometry::ZipArchive& archive);
    Status check_name(const geometry::ZipEntry& entry);
    Status read_settings(geometry::ZipArchive& archive);
    Status check_settings(const IniText& ini);
    Status check_layers(geometry::ZipArchive& archive);
    Status check_layer(const LayerImage& image, const std::string& name);
    Status check_claims() const;
    [[nodiscard]] std::string layer_name(std::uint32_t number) const;
    Result<double> number(const IniText& ini, std::string_view name, double min, double max) const;

    Bytes file_;
    const Sl1Limits& limits_;
    Sl1Facts facts_;
    std::string prefix_;  // Of the names of layers.
    std::uint32_t pictures_ = 0;
    std::pair<std::uint32_t, std::uint32_t> size_{};  // Of the first layer.
    std::uint64_t light_ = 0;
};

Result<std::vector<std::uint8_t>> Sl1Gate::inflated(geometry::ZipArchive& archive,
                                                    const geometry::ZipEntry& entry,
                                                    std::uint64_t bytes_max) const {
    if (entry.bytes > bytes_max) {
        return refusal(entry.name + " has " + std::to_string(entry.bytes) +
                           " bytes, and the limit is " + std::to_string(bytes_max),
                       ErrorCode::too_large);
    }
    std::vector<std::uint8_t> bytes;
    bytes.reserve(entry.bytes);
    const Status read = archive.read(entry, [&bytes](Bytes piece) {
        bytes.insert(bytes.end(), piece.begin(), piece.end());
        return Status{};
    });
    if (!read) return refusal(read.error().message, read.error().code);
    return bytes;
}

Result<Sl1Facts> Sl1Gate::check() {
    if (file_.size() > limits_.file_bytes) {
        return refusal("the archive has " + std::to_string(file_.size()) +
                           " bytes, and the limit is " + std::to_string(limits_.file_bytes),
                       ErrorCode::too_large);
    }
    geometry::ReadLimits reading;
    reading.inflated_bytes = limits_.inflated_bytes;
    reading.entries = limits_.layers_max + other_entries;
    auto archive = geometry::ZipArchive::open(file_, reading);
    if (!archive) return refusal(archive.error().message, archive.error().code);
    if (Status read = read_settings(*archive); !read) return fail(read.error());
    if (Status names = check_names(*archive); !names) return fail(names.error());
    if (Status layers = check_layers(*archive); !layers) return fail(layers.error());
    if (Status claims = check_claims(); !claims) return fail(claims.error());
    return facts_;
}

Status Sl1Gate::read_settings(geometry::ZipArchive& archive) {
    const geometry::ZipEntry* entry = archive.find("config.ini");
    if (entry == nullptr) return refusal("the archive has no config.ini");
    const auto bytes = inflated(archive, *entry, text_bytes_max);
    if (!bytes) return fail(bytes.error());
    const auto ini =
        IniText::parse({reinterpret_cast<const char*>(bytes->data()), bytes->size()}, "config.ini");
    if (!ini) return refusal(ini.error().message);
    return check_settings(*ini);
}

Result<double> Sl1Gate::number(const IniText& ini,
                               std::string_view name,
                               double min,
                               double max) const {
    const auto value = ini.number(name);
    if (!value) return refusal("config.ini has no number for " + std::string{name});
    if (*value < min || *value > max) {
        return refusal("config.ini: " + std::string{name} + " is " + number_text(*value) +
                       ", and this machine allows " + number_text(min) + " to " + number_text(max));
    }
    return *value;
}

Status Sl1Gate::check_settings(const IniText& ini) {
    for (const std::string& name : ini.names()) {
        const bool known =
            std::find(known_settings.begin(), known_settings.end(), name) != known_settings.end();
        if (!known) {
            return refusal("config.ini: \"" + name +
                           "\" is not on the list of settings that a job "
                           "may have");
        }
    }
    if (ini.text("action") != "print") return refusal("config.ini: the action is not \"print\"");
    prefix_ = ini.text("jobDir").value_or("");
    if (!is_plain(prefix_)) return refusal("config.ini: jobDir is no plain name");
    const auto layer = number(ini, "layerHeight", limits_.layer_mm_min, limits_.layer_mm_max);
    const auto shown = number(ini, "expTime", 0.1, limits_.exposure_s_max);
    const auto first = number(ini, "expTimeFirst", 0.1, limits_.first_exposure_s_max);
    const auto fast = number(ini, "numFast", 0, limits_.layers_max);
    const auto slow = number(ini, "numSlow", 0, limits_.layers_max);
    const auto fade = number(ini, "numFade", 0, limits_.layers_max);
    const auto time = number(ini, "printTime", 1, seconds_max);
    const auto resin = number(ini, "usedMaterial", 0, 1e5);
    for (const auto* value : {&layer, &shown, &first, &fast, &slow, &fade, &time, &resin})
        if (!*value) return fail(value->error());
    for (const auto* count : {&fast, &slow, &fade}) {
        if (**count != std::floor(**count)) return refusal("config.ini: a number of layers is odd");
    }
    facts_.layers = static_cast<std::uint32_t>(*fast) + static_cast<std::uint32_t>(*slow);
    facts_.layer_mm = *layer;
    facts_.exposure_s = *shown;
    facts_.first_exposure_s = *first;
    facts_.seconds = static_cast<std::int64_t>(std::llround(*time));
    facts_.resin_ml = *resin;
    const double height = facts_.layers * facts_.layer_mm;
    if (facts_.layers == 0) return refusal("there is no layer in it");
    if (facts_.layers > limits_.layers_max || height > limits_.height_mm + height_slack_mm) {
        return refusal("the print has " + std::to_string(facts_.layers) + " layers, " +
                       number_text(height) + " mm, and this machine builds " +
                       number_text(limits_.height_mm) + " mm");
    }
    return {};
}

std::string Sl1Gate::layer_name(std::uint32_t number) const {
    const std::string text = std::to_string(number);
    return prefix_ + std::string(digits - std::min(digits, text.size()), '0') + text + ".png";
}

// What the archive is unpacked to: a name with a path would be written somewhere else.
Status Sl1Gate::check_name(const geometry::ZipEntry& entry) {
    const std::string& name = entry.name;
    // The reader of archives takes a slash off the front of a name; a printer may not.
    const bool rooted = file_[entry.header_at + local_header_bytes] == '/';
    constexpr std::string_view folder = "thumbnail/";
    constexpr std::string_view png = ".png";
    bool allowed = name == "config.ini" || name == "prusaslicer.ini";
    if (name.ends_with(png)) {
        const std::string_view stem = std::string_view{name}.substr(0, name.size() - png.size());
        allowed = stem.starts_with(folder) && is_plain(stem.substr(folder.size()));
        if (stem.size() == prefix_.size() + digits && stem.starts_with(prefix_) &&
            std::all_of(
                stem.begin() + static_cast<std::ptrdiff_t>(prefix_.size()), stem.end(), is_digit)) {
            allowed = true;
            ++pictures_;
        }
    }
    if (allowed && !rooted) return {};
    return refusal("the archive has an entry that no print has: \"" +
                   (rooted ? "/" + name : name).substr(0, 60) + "\"");
}

Status Sl1Gate::check_names(const geometry::ZipArchive& archive) {
    for (const geometry::ZipEntry& entry : archive.entries()) {
        if (Status allowed = check_name(entry); !allowed) return allowed;
    }
    if (pictures_ == facts_.layers) return {};
    return refusal("the archive has " + std::to_string(pictures_) +
                   " layers, and config.ini speaks of " + std::to_string(facts_.layers));
}

Status Sl1Gate::check_layers(geometry::ZipArchive& archive) {
    const std::uint64_t pixels = std::uint64_t{limits_.pixels_x} * limits_.pixels_y;
    for (std::uint32_t layer = 0; layer < facts_.layers; ++layer) {
        const std::string name = layer_name(layer);
        const geometry::ZipEntry* entry = archive.find(name);
        if (entry == nullptr) return refusal("the layer " + name + " is missing");
        // Grey that cannot be packed at all takes a little more than its pixels.
        const auto bytes = inflated(archive, *entry, pixels + pixels / 8 + text_bytes_max);
        if (!bytes) return fail(bytes.error());
        const auto image = read_layer_image(*bytes, pixels, name);
        if (!image) return fail(image.error());
        if (Status checked = check_layer(*image, name); !checked) return checked;
    }
    return {};
}

Status Sl1Gate::check_layer(const LayerImage& image, const std::string& name) {
    const std::pair size{image.width, image.height};
    const bool fits = size == std::pair{limits_.pixels_x, limits_.pixels_y} ||
                      size == std::pair{limits_.pixels_y, limits_.pixels_x};
    if (size_ == std::pair<std::uint32_t, std::uint32_t>{}) size_ = size;
    if (!fits || size != size_) {
        return refusal("the layer " + name + " has " + std::to_string(image.width) + " x " +
                       std::to_string(image.height) + " pixels, and the display has " +
                       std::to_string(limits_.pixels_x) + " x " + std::to_string(limits_.pixels_y));
    }
    if (image.touches_edge) {
        return refusal("the layer " + name +
                       " is lit at the edge of the display: the part with its supports and pad "
                       "does not fit");
    }
    light_ += image.light;
    return {};
}

// What the slicer says of time and resin, held against what is shown.
Status Sl1Gate::check_claims() const {
    const double shortest = facts_.layers * std::min(facts_.exposure_s, facts_.first_exposure_s);
    if (static_cast<double>(facts_.seconds) < 0.99 * shortest) {
        return refusal("config.ini: printTime is " + std::to_string(facts_.seconds) +
                       " s, and the exposures alone take " + number_text(shortest) + " s");
    }
    const double pixel_mm2 =
        limits_.display_x_mm / limits_.pixels_x * limits_.display_y_mm / limits_.pixels_y;
    const double lit_ml = static_cast<double>(light_) / 255 * pixel_mm2 * facts_.layer_mm / 1000;
    if (light_ == 0) return refusal("no layer is lit: there is nothing to print");
    if (facts_.resin_ml > lit_ml * resin_factor + resin_slack_ml ||
        lit_ml > facts_.resin_ml * resin_factor + resin_slack_ml) {
        return refusal("config.ini: usedMaterial is " + number_text(facts_.resin_ml) +
                       " ml, and the layers light " + number_text(lit_ml) + " ml");
    }
    return {};
}

}  // namespace

Result<Sl1Facts> check_sl1(std::span<const std::uint8_t> archive, const Sl1Limits& limits) {
    NEARFAB_CHECK(limits.pixels_x > 0 && limits.pixels_y > 0 && limits.display_x_mm > 0 &&
                      limits.display_y_mm > 0 && limits.height_mm > 0,
                  "a resin printer has a display and a height");
    return Sl1Gate{archive, limits}.check();
}

}  // namespace nearfab::agent
