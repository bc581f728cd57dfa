// SPDX-License-Identifier: GPL-3.0-or-later
// package_writer.hpp - small ZIP archives and 3MF packages made by the tests, also wrong ones.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::geometry::sample {

// One entry; the optional fields replace what would be right.
struct ZipPart {
    std::string name;
    std::string contents;
    bool deflate = true;
    std::uint16_t flags = 0;
    std::uint32_t attributes = 0;  // Unix mode in the upper half; the maker is Unix when not 0.
    std::optional<std::uint16_t> method = std::nullopt;
    std::optional<std::uint32_t> crc = std::nullopt;
    std::optional<std::uint32_t> stated_bytes = std::nullopt;
    std::optional<std::uint32_t> header_at = std::nullopt;
    std::optional<std::string> local_name = std::nullopt;
    bool zip64 = false;  // Sizes and offset stand in the extra field.
};

[[nodiscard]] std::vector<std::uint8_t> zip_of(const std::vector<ZipPart>& parts,
                                               bool zip64_end = false);

// The parts around a model: content types and relationships.
[[nodiscard]] ZipPart content_types();
[[nodiscard]] ZipPart relations_to(std::string_view target, std::string_view more = "");

// A <model> with namespaces for core, production (p) and materials (m).
[[nodiscard]] std::string model_of(std::string_view resources,
                                   std::string_view build,
                                   std::string_view attributes = "unit=\"millimeter\"");
// A cube from 0 to side as an <object>.
[[nodiscard]] std::string cube_object(int id, double side, std::string_view attributes = "");

// A whole package around the text of the model.
[[nodiscard]] std::vector<std::uint8_t> package_of(const std::string& model);

}  // namespace nearfab::geometry::sample
