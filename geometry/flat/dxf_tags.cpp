// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/dxf_tags.hpp"

#include "geometry/flat/remarks.hpp"

#include <charconv>
#include <cmath>
#include <system_error>
#include <type_traits>

namespace nearfab::geometry::flat {
namespace {

constexpr std::size_t longest_number = 128;
// A polyline of a million points has three million groups.
constexpr std::size_t entity_tags = 4'000'000;

std::string_view trimmed(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

template <typename Number>
bool parse(std::string_view text, Number& number) {
    if (text.size() > longest_number) return false;
    // from_chars takes no plus sign.
    if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (stop != end) return false;
    if (error == std::errc::result_out_of_range && std::is_floating_point_v<Number> &&
        text.find_first_of("eE") != std::string_view::npos &&
        text[text.find_first_of("eE") + 1] == '-') {
        number = 0;  // Too small for a double is nothing for a machine.
        return true;
    }
    return error == std::errc{};
}

}  // namespace

std::optional<std::string_view> DxfTagReader::line() {
    if (place_.at >= text_.size()) return std::nullopt;
    const std::size_t end = text_.find_first_of("\r\n", place_.at);
    if (end == std::string_view::npos) {
        const std::string_view last = text_.substr(place_.at);
        place_.at = text_.size();
        ++place_.line;
        return last;
    }
    const std::string_view text = text_.substr(place_.at, end - place_.at);
    const bool two = text_[end] == '\r' && end + 1 < text_.size() && text_[end + 1] == '\n';
    place_.at = end + (two ? 2 : 1);
    ++place_.line;
    return text;
}

Result<DxfTag> DxfTagReader::next() {
    while (true) {
        DxfTag tag;
        tag.line = place_.line;
        const auto code = line();
        const auto value = line();
        if (!code || !value) {
            return fail(
                Error{ErrorCode::invalid_file,
                      "the file ends at line " + std::to_string(tag.line) +
                          " without EOF; its end is missing",
                      "Copy or download the file again; if that does not help, export it again",
                      "line " + std::to_string(tag.line)});
        }
        if (!parse(trimmed(*code), tag.code) || tag.code < -10 || tag.code > 9999) {
            return fail(placed("line " + std::to_string(tag.line),
                               {ErrorCode::invalid_file,
                                shown(*code) + " is not a DXF group code",
                                dxf_broken_next}));
        }
        tag.value = trimmed(*value);
        if (tag.code != 999) return tag;
    }
}

const DxfTag* DxfEntity::find(int code) const {
    for (const DxfTag& tag : tags) {
        if (tag.code == code) return &tag;
    }
    return nullptr;
}

Error DxfEntity::refusal(ErrorCode code, const std::string& what, const char* next) const {
    const std::string place = "line " + std::to_string(line);
    return {code, place + " (" + kept_name(type.substr(0, 32)) + "): " + what, next, place};
}

Status read_entity(DxfTagReader& reader, DxfEntity& entity, std::uint64_t& left) {
    auto head = reader.next();
    if (!head) return fail(head.error());
    if (head->code != 0) {
        return fail(placed("line " + std::to_string(head->line),
                           {ErrorCode::invalid_file,
                            "group " + std::to_string(head->code) +
                                " stands where an entity should begin with group 0",
                            dxf_broken_next}));
    }
    entity.type = head->value;
    entity.line = head->line;
    entity.tags.clear();
    if (entity.type == "EOF") return {};
    bool application = false;
    while (true) {
        const DxfPlace before = reader.place();
        auto tag = reader.next();
        if (!tag) return fail(tag.error());
        if (tag->code == 0) {
            reader.back_to(before);
            return {};
        }
        if (entity.tags.size() >= entity_tags) {
            return fail(
                entity.refusal(ErrorCode::too_large,
                               "more groups than the limit of " + std::to_string(entity_tags),
                               "Divide the drawing into smaller outlines"));
        }
        if (left == 0) {
            return fail(
                entity.refusal(ErrorCode::too_large,
                               "more groups are to be read, with all insertions, than "
                               "the limit allows",
                               "Explode the blocks in your CAD program, or send fewer copies"));
        }
        --left;
        // Data of other programs ({...} and extended data) uses the same codes for other things.
        if (tag->code == 102) application = tag->value.starts_with("{");
        if (!application && tag->code < 1000) entity.tags.push_back(*tag);
    }
}

Result<double> dxf_number(const DxfEntity& entity, const DxfTag& tag) {
    double value = 0;
    if (parse(tag.value, value) && std::isfinite(value)) return value;
    return fail(entity.refusal(ErrorCode::invalid_file,
                               shown(tag.value) + " in line " + std::to_string(tag.line + 1) +
                                   " (group " + std::to_string(tag.code) +
                                   ") is not a finite decimal number",
                               dxf_broken_next));
}

Result<double> dxf_number(const DxfEntity& entity, int code, double otherwise) {
    const DxfTag* const tag = entity.find(code);
    return tag == nullptr ? Result<double>{otherwise} : dxf_number(entity, *tag);
}

Result<double> dxf_required(const DxfEntity& entity, int code) {
    if (const DxfTag* const tag = entity.find(code)) return dxf_number(entity, *tag);
    return fail(entity.refusal(
        ErrorCode::invalid_file, "group " + std::to_string(code) + " is missing", dxf_broken_next));
}

Result<int> dxf_integer(const DxfEntity& entity, int code, int otherwise) {
    const DxfTag* const tag = entity.find(code);
    if (tag == nullptr) return otherwise;
    int value = 0;
    if (parse(tag->value, value)) return value;
    double real = 0;  // Some programs write "1.0".
    if (parse(tag->value, real) && std::abs(real) < 1e9 && real == std::floor(real))
        return static_cast<int>(real);
    return fail(entity.refusal(ErrorCode::invalid_file,
                               shown(tag->value) + " in line " + std::to_string(tag->line + 1) +
                                   " (group " + std::to_string(code) + ") is not a whole number",
                               dxf_broken_next));
}

}  // namespace nearfab::geometry::flat
