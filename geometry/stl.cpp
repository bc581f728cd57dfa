// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/stl.hpp"

#include "base/check.hpp"
#include "geometry/number_text.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>

namespace nearfab::geometry {
namespace {

static_assert(std::endian::native == std::endian::little, "STL numbers are copied as they are");

constexpr std::size_t header_bytes = 80;
constexpr std::size_t records_at = 84;
constexpr std::size_t record_bytes = 50;
constexpr std::size_t corners_at = 12;  // Within a record, after the normal.
constexpr const char* export_again = "Export the part again as STL and submit the new file";

std::string_view as_text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// REQUIRES: lower is in lower case.
bool begins_with(std::string_view text, std::string_view lower) {
    return text.size() >= lower.size() &&
           std::equal(lower.begin(), lower.end(), text.begin(), [](char want, char got) {
               return got == want || (got >= 'A' && got <= 'Z' && got - 'A' + 'a' == want);
           });
}

std::string_view skip_space(std::string_view text) {
    const auto first = std::find_if_not(text.begin(), text.end(), is_space);
    return text.substr(static_cast<std::size_t>(first - text.begin()));
}

std::optional<std::uint32_t> announced_triangles(std::span<const std::uint8_t> file) {
    if (file.size() < records_at) return std::nullopt;
    std::uint32_t count = 0;
    std::memcpy(&count, file.data() + header_bytes, sizeof count);
    return count;
}

std::uint64_t size_for(std::uint64_t triangles) {
    return records_at + record_bytes * triangles;
}

// A binary header may begin with "solid" too. Text goes on with a facet after its first line.
bool is_text(std::string_view text) {
    if (!begins_with(text, "solid")) return false;
    const std::size_t line_end = text.find_first_of("\r\n");
    if (line_end == std::string_view::npos) return text.find('\0') == std::string_view::npos;
    const std::string_view next = skip_space(text.substr(line_end));
    return begins_with(next, "facet") || begins_with(next, "endsolid") ||
           text.find('\0') == std::string_view::npos;
}

bool is_utf16(std::string_view text) {
    using namespace std::string_view_literals;
    return text.starts_with("\xFF\xFE"sv) || text.starts_with("\xFE\xFF"sv) ||
           text.starts_with("s\0o\0"sv) || text.starts_with("\0s\0o"sv);
}

// Names what people submit by mistake, so that they need not guess.
std::string other_format(std::string_view text) {
    if (text.starts_with("PK\x03\x04")) return "a ZIP or 3MF archive";
    if (begins_with(text, "iso-10303")) return "a STEP file";
    if (begins_with(text, "ply")) return "a PLY file";
    if (begins_with(text, "off")) return "an OFF file";
    if (text.starts_with('<')) return "XML or HTML";
    return {};
}

Error not_an_stl(std::span<const std::uint8_t> file) {
    const std::string_view text = skip_space(as_text(file));
    const std::string size = std::to_string(file.size()) + " bytes";
    if (const std::string other = other_format(text); !other.empty()) {
        return {ErrorCode::invalid_file,
                "this is not an STL file: it looks like " + other,
                export_again};
    }
    const auto announced = announced_triangles(file);
    if (!announced) {
        return {ErrorCode::invalid_file,
                "this is not an STL file: it does not begin with \"solid\", and its " + size +
                    " are less than the 84 that a binary STL has at least",
                export_again};
    }
    const std::uint64_t expected = size_for(*announced);
    const std::string sum = "the header of a binary STL announces " + std::to_string(*announced) +
                            " triangles = " + std::to_string(expected) +
                            " bytes, but the file has " + size;
    if (file.size() < expected) {
        return {ErrorCode::invalid_file,
                "the file is truncated or not an STL: " + sum,
                "Copy or download the file again; if that does not help, export it again as STL"};
    }
    return {ErrorCode::invalid_file,
            "the file has bytes after its end or is not an STL: " + sum,
            export_again};
}

Error bad_coordinate(float value, std::size_t facet, double limit_mm) {
    const std::string where = "facet " + std::to_string(facet + 1);
    if (!std::isfinite(value)) {
        return {ErrorCode::invalid_file,
                where + " has a coordinate that is not a finite number (" +
                    (std::isnan(value) ? "NaN" : "infinity") + ")",
                "Repair the mesh in the program it comes from and export it again"};
    }
    return {ErrorCode::too_large,
            where + " has the coordinate " + number_text(static_cast<double>(value)) +
                " mm, beyond the limit of " + number_text(limit_mm) + " mm",
            "Move the part near the origin, check that its unit is millimetres, and export it "
            "again"};
}

Error too_many_triangles(std::uint64_t count, std::uint32_t limit) {
    return {ErrorCode::too_large,
            "the file has " + std::to_string(count) + " triangles, more than the limit of " +
                std::to_string(limit),
            "Export the part with a coarser mesh"};
}

Result<TriangleSoup> read_binary(std::span<const std::uint8_t> file,
                                 std::uint32_t count,
                                 const ReadLimits& limits) {
    if (count > limits.triangles) return fail(too_many_triangles(count, limits.triangles));
    TriangleSoup soup;
    soup.format = FileFormat::stl_binary;
    soup.triangles.resize(count);
    const std::uint8_t* at = file.data() + records_at + corners_at;
    for (std::size_t facet = 0; facet < count; ++facet, at += record_bytes) {
        std::array<float, 9>& corners = soup.triangles[facet];
        std::memcpy(corners.data(), at, sizeof corners);
        for (float& value : corners) {
            // Written so that NaN fails too.
            if (!(std::abs(static_cast<double>(value)) <= limits.coordinate_mm)) {
                return fail(bad_coordinate(value, facet, limits.coordinate_mm));
            }
            value += 0.0F;  // Turns -0 into 0.
        }
    }
    return soup;
}

Result<TriangleSoup> read_any(std::span<const std::uint8_t> file, const ReadLimits& limits) {
    if (file.empty()) {
        return fail(ErrorCode::invalid_file, "the file is empty (0 bytes)", export_again);
    }
    if (file.size() > limits.file_bytes) {
        return fail(ErrorCode::too_large,
                    "the file has " + std::to_string(file.size()) +
                        " bytes, more than the limit of " + std::to_string(limits.file_bytes),
                    "Export the part with a coarser mesh, or as binary instead of text STL");
    }
    const auto announced = announced_triangles(file);
    if (announced && file.size() == size_for(*announced)) {
        return read_binary(file, *announced, limits);
    }
    if (is_utf16(as_text(file))) {
        return fail(ErrorCode::invalid_file,
                    "the file is text in UTF-16, which no STL reader takes",
                    "Save the file as plain ASCII or UTF-8 text, or export it as binary STL");
    }
    std::string_view text = as_text(file);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // A UTF-8 mark does no harm.
    text = skip_space(text);
    if (is_text(text)) return read_text_stl(as_text(file), limits);
    return fail(not_an_stl(file));
}

std::array<float, 12> record_of(const Vec3& a, const Vec3& b, const Vec3& c) {
    const Vec3 u{b.x - a.x, b.y - a.y, b.z - a.z};
    const Vec3 v{c.x - a.x, c.y - a.y, c.z - a.z};
    Vec3 n{u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x};
    const double length = std::sqrt(n.x * n.x + n.y * n.y + n.z * n.z);
    if (length > 0) n = {n.x / length, n.y / length, n.z / length};
    std::array<float, 12> record{};
    std::size_t at = 0;
    for (const Vec3& p : {n, a, b, c}) {
        record[at++] = static_cast<float>(p.x);
        record[at++] = static_cast<float>(p.y);
        record[at++] = static_cast<float>(p.z);
    }
    return record;
}

}  // namespace

std::string to_string(FileFormat format) {
    switch (format) {
        case FileFormat::stl_binary:
            return "stl_binary";
        case FileFormat::stl_ascii:
            return "stl_ascii";
    }
    return "unknown";
}

Result<TriangleSoup> read_stl(std::span<const std::uint8_t> file, const ReadLimits& limits) {
    Result<TriangleSoup> soup = read_any(file, limits);
    if (soup && soup->triangles.empty()) {
        return fail(ErrorCode::invalid_file,
                    "the file is an STL without a single triangle",
                    "Export the part again and check that something was selected for export");
    }
    return soup;
}

std::vector<std::uint8_t> write_stl(const Mesh& mesh) {
    // Real normals, though nobody needs them: readers exist that take a binary file whose first
    // records hold only small bytes for text.
    std::vector<std::uint8_t> file(records_at + record_bytes * mesh.triangles.size(), 0);
    const auto count = static_cast<std::uint32_t>(mesh.triangles.size());
    std::memcpy(file.data() + header_bytes, &count, sizeof count);
    std::uint8_t* at = file.data() + records_at;
    for (const auto& [a, b, c] : mesh.triangles) {
        NEARFAB_CHECK(std::max({a, b, c}) < mesh.vertices.size(), "triangles index the vertices");
        const auto record = record_of(mesh.vertices[a], mesh.vertices[b], mesh.vertices[c]);
        std::memcpy(at, record.data(), sizeof record);
        at += record_bytes;
    }
    return file;
}

}  // namespace nearfab::geometry
