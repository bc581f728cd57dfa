// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/part_file.hpp"

#include "cli/quantity_text.hpp"
#include "host/durable_file.hpp"
#include "proto/model/limits.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

namespace nearfab::cli {

Result<std::vector<std::uint8_t>> read_design(const std::filesystem::path& path) {
    auto bytes = read_file(path, limits::design_bytes_max);
    if (bytes) return bytes;
    if (bytes.error().code == ErrorCode::too_large) {
        return fail(ErrorCode::too_large,
                    bytes.error().message,
                    "export it again with fewer triangles: finer than the machine helps nobody");
    }
    return fail(ErrorCode::invalid_file,
                bytes.error().message,
                bytes.error().next.empty() ? "check the path" : bytes.error().next);
}

Result<PartFile> read_part(const std::filesystem::path& path) {
    auto bytes = read_design(path);
    if (!bytes) return fail(bytes.error());
    auto report = geometry::analyse_part(*bytes);
    if (!report) {
        return fail(prefixed(path.filename().string() + ": ", report.error()));
    }
    PartFile part;
    part.path = path;
    part.hash = hash_of(*bytes);
    part.bytes = std::move(*bytes);
    part.report = std::move(*report);
    return part;
}

std::optional<Error> why_not_makeable(const std::string& name, const geometry::PartReport& report) {
    if (report.makeable()) return std::nullopt;
    for (const geometry::Finding& finding : report.findings) {
        if (finding.severity != geometry::Severity::error) continue;
        return Error{ErrorCode::invalid_file, name + ": " + finding.message, finding.next};
    }
    return Error{ErrorCode::invalid_file,
                 name + " does not bound a volume",
                 "repair the mesh so that it is closed, and try again"};
}

Result<geometry::WorkEnvelope> parse_bed(std::string_view text) {
    std::array<double, 3> sizes{};
    std::string_view rest = text;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        double& size = sizes[i];
        const auto [end, problem] = std::from_chars(rest.data(), rest.data() + rest.size(), size);
        const bool number = problem == std::errc{} && std::isfinite(size) && size > 0;
        if (number) rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
        const bool last = i + 1 == sizes.size();
        if (!number || (last ? !rest.empty() : !rest.starts_with('x'))) {
            return fail(ErrorCode::invalid_argument,
                        in_quotes(text) + " is no size of a machine",
                        "write three numbers in millimetres, for example 180x180x180");
        }
        if (!last) rest.remove_prefix(1);
    }
    return geometry::WorkEnvelope{sizes[0], sizes[1], sizes[2]};
}

}  // namespace nearfab::cli
