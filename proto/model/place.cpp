// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/place.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <optional>

namespace nearfab {
namespace {

constexpr double earth_radius_km = 6371.0088;

double radians(double degrees) {
    return degrees * std::numbers::pi / 180.0;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

std::optional<double> number(std::string_view text) {
    text = trimmed(text);
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    double value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
        return std::nullopt;
    }
    return value;
}

constexpr const char* how_to_write =
    "write latitude,longitude in decimal degrees, for example 45.7640,4.8357";

}  // namespace

Result<Place> parse_place(std::string_view text) {
    const std::string quoted = "\"" + std::string{text} + "\"";
    const auto comma = text.find(',');
    if (comma == std::string_view::npos) {
        return fail(ErrorCode::invalid_argument, quoted + " is no place", how_to_write);
    }
    const auto latitude = number(text.substr(0, comma));
    const auto longitude = number(text.substr(comma + 1));
    if (!latitude || !longitude) {
        return fail(ErrorCode::invalid_argument,
                    quoted + " is no place: " + (latitude ? "the longitude" : "the latitude") +
                        " is not a number",
                    how_to_write);
    }
    const Place place{*latitude, *longitude};
    if (is_valid(place)) return place;
    if (is_valid(Place{*longitude, *latitude})) {
        return fail(ErrorCode::invalid_argument,
                    quoted + " is no place: latitude " + std::to_string(*latitude) +
                        " is not within -90 to 90",
                    "the two numbers look swapped: latitude comes first");
    }
    return fail(ErrorCode::invalid_argument,
                quoted +
                    " is no place: latitude must be within -90 to 90, longitude within -180 "
                    "to 180",
                how_to_write);
}

bool is_valid(const Place& place) {
    return std::isfinite(place.latitude_deg) && std::isfinite(place.longitude_deg) &&
           std::abs(place.latitude_deg) <= 90.0 && std::abs(place.longitude_deg) <= 180.0;
}

std::string to_string(const Place& place) {
    char text[64];
    std::snprintf(text, sizeof text, "%.4f,%.4f", place.latitude_deg, place.longitude_deg);
    return text;
}

double distance_km(const Place& a, const Place& b) {
    const double half_latitude = radians(b.latitude_deg - a.latitude_deg) / 2;
    const double half_longitude = radians(b.longitude_deg - a.longitude_deg) / 2;
    const double h = std::pow(std::sin(half_latitude), 2) +
                     std::cos(radians(a.latitude_deg)) * std::cos(radians(b.latitude_deg)) *
                         std::pow(std::sin(half_longitude), 2);
    return 2 * earth_radius_km * std::asin(std::sqrt(h < 1 ? h : 1));
}

}  // namespace nearfab
