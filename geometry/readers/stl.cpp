// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/stl.hpp"

#include "base/check.hpp"
#include "geometry/number_text.hpp"
#include "geometry/readers/soup_builder.hpp"

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

Error bad_coordinate(float value, std::size_t facet, const ReadLimits& limits) {
    const std::string where = "facet " + std::to_string(facet + 1);
    if (!std::isfinite(value)) {
        return {ErrorCode::invalid_file,
                where + " has a coordinate that is not a finite number (" +
                    (std::isnan(value) ? "NaN" : "infinity") + ")",
                "Repair the mesh in the program it comes from and export it again",
                where};
    }
    return {ErrorCode::too_large,
            where + " has the coordinate " +
                number_text(static_cast<double>(value) * millimetres_per(limits.unit)) +
                " mm, beyond the limit of " + number_text(limits.coordinate_mm) + " mm",
            "Move the part near the origin, check its unit, and export it again",
            where};
}

// In the unit of the file.
float coordinate_limit(const ReadLimits& limits) {
    return static_cast<float>(limits.coordinate_mm / millimetres_per(limits.unit));
}

// Whether all of a block of records is finite and within the limit. Without a branch in the loop
// over them it runs as fast as the memory.
bool is_within(const std::uint8_t* record, std::size_t count, float limit) {
    bool fine = true;
    for (std::size_t i = 0; i < count; ++i, record += record_bytes) {
        std::array<float, 9> corners;
        std::memcpy(corners.data(), record + corners_at, sizeof corners);
        for (const float value : corners)
            fine &= std::abs(value) <= limit;  // False for NaN too.
    }
    return fine;
}

Error first_bad_coordinate(const std::uint8_t* record,
                           std::size_t facet,
                           const ReadLimits& limits) {
    const float limit = coordinate_limit(limits);
    for (;; ++facet, record += record_bytes) {
        std::array<float, 9> corners;
        std::memcpy(corners.data(), record + corners_at, sizeof corners);
        for (const float value : corners) {
            if (!(std::abs(value) <= limit)) return bad_coordinate(value, facet, limits);
        }
    }
}

Result<TriangleSoup> read_binary(std::span<const std::uint8_t> file, const ReadLimits& limits) {
    const auto records = check_binary_stl(file, limits);
    if (!records) return fail(records.error());
    TriangleSoup soup;
    soup.format = FileFormat::stl_binary;
    soup.triangles.reserve(records->size());
    const double scale = millimetres_per(limits.unit);
    for (std::size_t i = 0; i < records->size(); ++i) {
        std::array<float, 9> corners = (*records)[i];
        for (float& value : corners)
            value = static_cast<float>(static_cast<double>(value) * scale);
        soup.triangles.push_back(corners);
    }
    return soup;
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

bool is_binary_stl(std::span<const std::uint8_t> file) {
    const auto announced = announced_triangles(file);
    return announced && file.size() == size_for(*announced);
}

bool is_text_stl(std::span<const std::uint8_t> file) {
    std::string_view text = as_text(file);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // A UTF-8 mark does no harm.
    return is_text(skip_space(text));
}

Error not_an_stl(std::span<const std::uint8_t> file) {
    const std::string size = std::to_string(file.size()) + " bytes";
    const auto announced = announced_triangles(file);
    if (!announced) {
        return {ErrorCode::invalid_file,
                "this is no mesh file: it does not begin like one, and its " + size +
                    " are less than the 84 that a binary STL has at least",
                export_again};
    }
    const std::uint64_t expected = size_for(*announced);
    const std::string sum =
        "the header of a binary STL would announce " + std::to_string(*announced) +
        " triangles = " + std::to_string(expected) + " bytes, but the file has " + size;
    if (file.size() < expected) {
        return {ErrorCode::invalid_file,
                "the file is truncated or no mesh file: " + sum,
                "Copy or download the file again; if that does not help, export it again",
                "byte " + std::to_string(file.size())};
    }
    return {ErrorCode::invalid_file,
            "the file has bytes after its end or is no mesh file: " + sum,
            export_again,
            "byte " + std::to_string(expected)};
}

Result<TriangleSoup> read_stl(std::span<const std::uint8_t> file, const ReadLimits& limits) {
    if (file.size() > limits.file_bytes) {
        return fail(ErrorCode::too_large,
                    "the file has " + std::to_string(file.size()) +
                        " bytes, more than the limit of " + std::to_string(limits.file_bytes),
                    "Export the part with a coarser mesh, or as binary instead of text STL");
    }
    if (!is_binary_stl(file)) {
        if (is_text_stl(file)) return read_text_stl(as_text(file), limits);
        return fail(not_an_stl(file));
    }
    return read_binary(file, limits);
}

Result<StlRecords> check_binary_stl(std::span<const std::uint8_t> file, const ReadLimits& limits) {
    constexpr std::size_t block = 256;
    const std::uint32_t count = *announced_triangles(file);
    if (count == 0) {
        return fail(ErrorCode::invalid_file,
                    "the file is an STL without a single triangle",
                    "Export the part again and check that something was selected for export");
    }
    if (count > limits.triangles) return fail(too_many_triangles(count, limits));
    const float limit = coordinate_limit(limits);
    const std::uint8_t* const records = file.data() + records_at;
    for (std::size_t facet = 0; facet < count; facet += block) {
        const std::uint8_t* const record = records + record_bytes * facet;
        if (is_within(record, std::min(block, count - facet), limit)) continue;
        return fail(first_bad_coordinate(record, facet, limits));
    }
    return StlRecords(records + corners_at, count);
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
