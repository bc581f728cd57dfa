// SPDX-License-Identifier: GPL-3.0-or-later

#include "step/cut_mesh.hpp"

#include "base/check.hpp"
#include "geometry/number_text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

namespace nearfab::step {
namespace {

template <typename Number>
void append(std::string& text, Number value) {
    std::array<char, 48> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    NEARFAB_CHECK(error == std::errc{}, "a number has at most 48 characters");
    text.append(digits.data(), end);
}

template <typename Number>
void append_fact(std::string& text, std::string_view name, Number value) {
    text.append("# ").append(name).append(" ");
    append(text, value);
    text += '\n';
}

// What stands after "# name " in the first line of the text, which is taken off it.
std::optional<std::string_view> take_fact(std::string_view& text, std::string_view name) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (!line.starts_with("# ")) return std::nullopt;
    line.remove_prefix(2);
    if (!line.starts_with(name)) return std::nullopt;
    line.remove_prefix(name.size());
    if (!line.starts_with(' ')) return std::nullopt;
    return line.substr(1);
}

template <typename Number>
bool take_number(std::string_view& text, std::string_view name, Number& out) {
    const auto word = take_fact(text, name);
    if (!word) return false;
    const auto [end, error] = std::from_chars(word->data(), word->data() + word->size(), out);
    return error == std::errc{} && end == word->data() + word->size();
}

bool take_unit(std::string_view& text, geometry::Unit& out) {
    using geometry::Unit;
    const auto word = take_fact(text, "unit");
    const Unit units[]{Unit::unstated,
                       Unit::micron,
                       Unit::millimetre,
                       Unit::centimetre,
                       Unit::inch,
                       Unit::foot,
                       Unit::metre};
    const auto* const found = std::find_if(std::begin(units), std::end(units), [&](Unit unit) {
        return word == to_string(unit);
    });
    if (found == std::end(units)) return false;
    out = *found;
    return true;
}

// NaN is in no range.
Status check_range(
    const char* name, double value, double least, double largest, const std::string& unit) {
    if (value >= least && value <= largest) return {};
    return fail(ErrorCode::invalid_argument,
                std::string{name} + " of " + geometry::number_text(value) + " " + unit +
                    " is out of range: allowed is " + geometry::number_text(least) + " to " +
                    geometry::number_text(largest),
                "give a number in this range; smaller is finer");
}

}  // namespace

Status check_deflection(const Deflection& deflection) {
    Status linear = check_range(
        "a linear deflection", deflection.linear_mm, linear_mm_min, linear_mm_max, "mm");
    if (!linear) return linear;
    return check_range("an angular deflection",
                       deflection.angular_deg,
                       angular_deg_min,
                       angular_deg_max,
                       "degrees");
}

std::string write_obj(const CutMesh& mesh, const CutFacts& facts) {
    std::string text = "# nearfab-step 1\n# unit " + to_string(facts.unit) + "\n";
    append_fact(text, "linear_mm", facts.deflection.linear_mm);
    append_fact(text, "angular_deg", facts.deflection.angular_deg);
    append_fact(text, "solids", facts.solids);
    append_fact(text, "left_out", facts.left_out);
    for (const auto& vertex : mesh.vertices) {
        text += 'v';
        for (const float value : vertex) {
            text += ' ';
            append(text, value + 0.0F);  // Turns -0 into 0.
        }
        text += '\n';
    }
    for (std::size_t body = 0; body < mesh.bodies.size(); ++body) {
        text += facts.solids > 0 ? "o solid_" : "o surfaces_";
        append(text, body + 1);
        text += '\n';
        for (const auto& triangle : mesh.bodies[body]) {
            text += 'f';
            for (const std::uint32_t index : triangle) {
                NEARFAB_CHECK(index < mesh.vertices.size(), "triangles index the vertices");
                text += ' ';
                append(text, index + 1);
            }
            text += '\n';
        }
    }
    return text;
}

Result<CutFacts> read_head(std::string_view obj) {
    CutFacts facts;
    std::uint32_t version = 0;
    const bool read =
        take_number(obj, "nearfab-step", version) && version == 1 && take_unit(obj, facts.unit) &&
        take_number(obj, "linear_mm", facts.deflection.linear_mm) &&
        take_number(obj, "angular_deg", facts.deflection.angular_deg) &&
        take_number(obj, "solids", facts.solids) && take_number(obj, "left_out", facts.left_out);
    if (!read || !check_deflection(facts.deflection)) {
        return fail(ErrorCode::malformed,
                    "what nearfab-step wrote does not begin as version 1 of it does",
                    "use nearfab and nearfab-step of the same version");
    }
    return facts;
}

}  // namespace nearfab::step
