// SPDX-License-Identifier: GPL-3.0-or-later
// dxf_tags.hpp - the groups of a DXF file: a code, a value, and the line they stand on.

#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::geometry::flat {

struct DxfTag {
    int code = 0;
    std::string_view value;  // Without the blanks round it.
    std::uint32_t line = 0;  // Of the code, from 1.
};

// A place in the text where a group begins.
struct DxfPlace {
    std::size_t at = 0;
    std::uint32_t line = 1;
};

// Reads group after group. Comments (999) are passed over. Lines end in LF, CR LF or CR.
class DxfTagReader {
public:
    // REQUIRES: text outlives the reader and its tags.
    explicit DxfTagReader(std::string_view text, DxfPlace from = {}) : text_(text), place_(from) {}

    // Errors: a code that is no number, the end of the file.
    [[nodiscard]] Result<DxfTag> next();
    [[nodiscard]] DxfPlace place() const { return place_; }
    void back_to(DxfPlace place) { place_ = place; }

private:
    std::optional<std::string_view> line();

    std::string_view text_;
    DxfPlace place_;
};

// An entity: its type (the value of group 0) and the groups up to the next group 0.
struct DxfEntity {
    std::string_view type;
    std::uint32_t line = 0;
    std::vector<DxfTag> tags;

    // The first group of that code outside of application data; null when there is none.
    [[nodiscard]] const DxfTag* find(int code) const;
    // Said of this entity: "line 12 (CIRCLE): what", at the place "line 12".
    [[nodiscard]] Error refusal(ErrorCode code, const std::string& what, const char* next) const;
};

// Reads the entity that begins at the reader's place, with its group 0. The tags of entity are
// reused. At most as many groups as are left; left is counted down. Errors: as next(), too_large.
[[nodiscard]] Status read_entity(DxfTagReader& reader, DxfEntity& entity, std::uint64_t& left);

// Errors name the entity, the code and the line.
[[nodiscard]] Result<double> dxf_number(const DxfEntity& entity, const DxfTag& tag);
[[nodiscard]] Result<double> dxf_number(const DxfEntity& entity, int code, double otherwise);
[[nodiscard]] Result<double> dxf_required(const DxfEntity& entity, int code);
[[nodiscard]] Result<int> dxf_integer(const DxfEntity& entity, int code, int otherwise);

inline constexpr const char* dxf_broken_next =
    "Export the drawing again, best as DXF R12 or R2000 text";

}  // namespace nearfab::geometry::flat
