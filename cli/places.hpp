// SPDX-License-Identifier: GPL-3.0-or-later
// places.hpp - the person's own names for places: `paris = [48.85, 2.35]` in places.toml.

#pragma once

#include "base/result.hpp"
#include "proto/model/place.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::cli {

struct NamedPlace {
    std::string name;
    Place place;

    friend bool operator==(const NamedPlace&, const NamedPlace&) = default;
};

// In the order of the file; a file that is not there is an empty list.
[[nodiscard]] Result<std::vector<NamedPlace>> read_places(const std::filesystem::path& file);

// "LAT,LON", or a name of the list. An unknown name: error with "did you mean".
[[nodiscard]] Result<Place> find_place(std::string_view text,
                                       const std::vector<NamedPlace>& places);

// Adds a line at the end of the file; what is there, comments too, stays. Errors: conflict when the
// name is taken, invalid_argument when it is no name (letters, digits, '-' and '_').
[[nodiscard]] Status add_place(const std::filesystem::path& file, const NamedPlace& place);

}  // namespace nearfab::cli
