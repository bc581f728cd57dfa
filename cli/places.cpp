// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/places.hpp"

#include "base/spelling.hpp"
#include "cli/settings_file.hpp"
#include "cli/text_file.hpp"
#include "terminal/quantity_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace nearfab::cli {
namespace {

bool is_place_name(std::string_view text) {
    const auto allowed = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
    };
    return !text.empty() && text.size() <= 64 && text.front() != '-' &&
           std::all_of(text.begin(), text.end(), allowed);
}

// The shortest text that gives the same number again.
std::string exact(double number) {
    std::array<char, 40> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number);
    std::string out{text.data(), end.ptr};
    if (out.find_first_of(".e") == std::string::npos) out += ".0";
    return out;
}

const NamedPlace* named(std::string_view name, const std::vector<NamedPlace>& places) {
    for (const NamedPlace& place : places) {
        if (place.name == name) return &place;
    }
    return nullptr;
}

}  // namespace

Result<std::vector<NamedPlace>> read_places(const std::filesystem::path& file) {
    std::vector<NamedPlace> places;
    const auto text = read_text(file);
    if (!text) {
        if (text.error().code == ErrorCode::not_found) return places;
        return fail(text.error());
    }
    const auto entries = parse_settings_file(*text, file.string());
    if (!entries) return fail(entries.error());
    for (const SettingsEntry& entry : *entries) {
        const auto* numbers = std::get_if<std::vector<double>>(&entry.value);
        NamedPlace place;
        place.name = entry.key;
        const bool two = numbers != nullptr && numbers->size() == 2;
        if (two) place.place = Place{numbers->front(), numbers->back()};
        if (!two || !is_valid(place.place)) {
            return fail(ErrorCode::config,
                        file.string() + ":" + std::to_string(entry.line) + ": `" + entry.key +
                            "` must be [latitude, longitude] in degrees",
                        "mend that line, for example: paris = [48.85, 2.35]");
        }
        places.push_back(std::move(place));
    }
    return places;
}

Result<Place> find_place(std::string_view text, const std::vector<NamedPlace>& places) {
    if (const NamedPlace* found = named(text, places)) return found->place;
    if (!is_place_name(text)) return parse_place(text);
    std::vector<std::string> names;
    for (const NamedPlace& place : places)
        names.push_back(place.name);
    const auto meant = nearest_word(text, names);
    return fail(ErrorCode::invalid_argument,
                in_quotes(text) + " is none of your places" +
                    (meant ? "; did you mean " + in_quotes(*meant) + "?" : ""),
                "run `nearfab place list`, or give LAT,LON, or name it: nearfab place add " +
                    std::string{text} + " LAT,LON");
}

Status add_place(const std::filesystem::path& file, const NamedPlace& place) {
    if (!is_place_name(place.name)) {
        return fail(ErrorCode::invalid_argument,
                    in_quotes(place.name) + " cannot name a place",
                    "use letters, digits, '-' and '_', at most 64");
    }
    const auto places = read_places(file);
    if (!places) return fail(places.error());
    if (const NamedPlace* taken = named(place.name, *places)) {
        return fail(ErrorCode::conflict,
                    in_quotes(place.name) + " is already " + to_string(taken->place),
                    "choose another name, or edit " + file.string());
    }
    auto text = read_text(file);
    if (!text && text.error().code != ErrorCode::not_found) return fail(text.error());
    std::string all = text.value_or("");
    if (!all.empty() && all.back() != '\n') all += '\n';
    all += place.name + " = [" + exact(place.place.latitude_deg) + ", " +
           exact(place.place.longitude_deg) + "]\n";
    return write_text(file, all);
}

}  // namespace nearfab::cli
