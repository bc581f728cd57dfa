// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/mesh_file.hpp"

#include "geometry/readers/decimal.hpp"
#include "geometry/readers/foreign_format.hpp"
#include "geometry/readers/obj.hpp"
#include "geometry/readers/off.hpp"
#include "geometry/readers/statement_reader.hpp"
#include "geometry/readers/stl.hpp"
#include "geometry/readers/threemf.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace nearfab::geometry {
namespace {

constexpr const char* known_formats = "nearfab reads meshes as STL, 3MF, OBJ and OFF";

bool is_utf16(std::string_view text) {
    using namespace std::string_view_literals;
    return text.starts_with("\xFF\xFE"sv) || text.starts_with("\xFE\xFF"sv) ||
           text.starts_with("s\0o\0"sv) || text.starts_with("\0s\0o"sv);
}

Error is_foreign(const ForeignFormat& format) {
    return {ErrorCode::invalid_file,
            "this is " + std::string(format.name) + "; " + known_formats,
            std::string(format.next)};
}

// What a person could read; to them the sum of a binary STL says nothing.
bool is_plain_text(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        return c == 0x7F || (c >= 0 && c < ' ' && !(c >= '\t' && c <= '\r'));
    });
}

Error is_unknown(std::span<const std::uint8_t> file) {
    constexpr std::size_t looked_at = 4096;
    const std::string_view text{reinterpret_cast<const char*>(file.data()),
                                std::min(file.size(), looked_at)};
    if (is_plain_text(text)) {
        StatementReader reader{text, false};
        return {ErrorCode::invalid_file,
                "the file is text of " + std::to_string(file.size()) +
                    " bytes, but no mesh begins with " + quoted(reader.word_on_any_line()) + "; " +
                    known_formats,
                "Export the part again as 3MF or STL and submit the new file"};
    }
    Error error = not_an_stl(file);
    error.message += std::string("; ") + known_formats;
    return error;
}

// A package always has a unit: the format says millimetres where the file does not.
Result<TriangleSoup> read_package(std::span<const std::uint8_t> file, const ReadLimits& limits) {
    auto soup = read_3mf(file, limits);
    if (!soup || limits.unit == Unit::unstated || limits.unit == soup->unit) return soup;
    return fail(
        ErrorCode::invalid_file,
        "the file states its own unit, " + to_string(soup->unit) + ", and not " +
            to_string(limits.unit),
        "Give no unit for it; if the file is wrong, export the part again in its true unit");
}

}  // namespace

Result<TriangleSoup> read_soup(std::span<const std::uint8_t> file, const ReadLimits& limits) {
    if (file.empty()) {
        return fail(ErrorCode::invalid_file,
                    "the file is empty (0 bytes)",
                    "Export the part again and submit the new file");
    }
    if (file.size() > limits.file_bytes) {
        return fail(ErrorCode::too_large,
                    "the file has " + std::to_string(file.size()) +
                        " bytes, more than the limit of " + std::to_string(limits.file_bytes),
                    "Export the part with a coarser mesh, or as 3MF or binary STL instead of text");
    }
    const std::string_view text{reinterpret_cast<const char*>(file.data()), file.size()};
    if (is_binary_stl(file)) return read_stl(file, limits);
    if (text.starts_with("PK\x03\x04") || text.starts_with("PK\x05\x06")) {
        return read_package(file, limits);
    }
    if (is_utf16(text)) {
        return fail(ErrorCode::invalid_file,
                    "the file is text in UTF-16, which is not read for meshes",
                    "Save the file as plain ASCII or UTF-8 text, or export it as binary STL",
                    "byte 0");
    }
    if (is_text_stl(file)) return read_stl(file, limits);
    if (looks_like_off(text)) return read_off(text, limits);
    if (const auto foreign = foreign_format(file)) return fail(is_foreign(*foreign));
    if (looks_like_obj(text)) return read_obj(text, limits);
    return fail(is_unknown(file));
}

}  // namespace nearfab::geometry
