// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/part_file.hpp"

#include "cli/late_bar.hpp"
#include "cli/step_part.hpp"
#include "host/large_file.hpp"
#include "intake/part_facts.hpp"
#include "proto/model/limits.hpp"
#include "terminal/quantity_text.hpp"

#include "step/part21.hpp"
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

namespace nearfab::cli {

Result<LargeArray<std::uint8_t>> read_design(const std::filesystem::path& path) {
    auto bytes = read_large_file(path, limits::design_bytes_max);
    if (bytes) return bytes;
    if (bytes.error().code == ErrorCode::too_large) {
        return fail(ErrorCode::too_large,
                    bytes.error().message,
                    "export it again with fewer triangles: finer than the machine helps nobody");
    }
    return fail(bytes.error().code,
                bytes.error().message,
                bytes.error().next.empty() ? "check the path" : bytes.error().next);
}

namespace {

std::vector<std::string> warnings_of(const geometry::PartCheck& check) {
    std::vector<std::string> warnings;
    if (check.solid) {
        for (const geometry::Finding& finding : check.solid->report.findings) {
            if (finding.severity == geometry::Severity::warning)
                warnings.push_back(finding.message);
        }
        return warnings;
    }
    for (const geometry::Remark& remark : check.flat->remarks) {
        if (remark.level == geometry::RemarkLevel::warning) warnings.push_back(remark.message);
    }
    return warnings;
}

}  // namespace

Result<PartFile> read_part(const std::filesystem::path& path,
                           LengthUnit unit,
                           const LineRules& operations,
                           const step::ProgramPlaces& step_program,
                           const Screen& screen) {
    auto bytes = read_design(path);
    if (!bytes) return fail(std::move(bytes.error()));
    PartFile part;
    part.path = path;
    part.name = path.filename().string();
    part.unit = unit;
    LateBar bar{screen, "checking"};
    if (step::is_step(*bytes)) {
        bar.show("cutting the STEP file into triangles", 0);
        auto cut = cut_step(*bytes, {step_program, {}}, unit, screen);
        if (!cut) return fail(prefixed(part.name + ": ", std::move(cut.error())));
        bytes->assign(cut->obj.begin(), cut->obj.end());
        part.name = path.stem().string() + ".obj";
        part.unit = LengthUnit::unstated;  // The triangles are in millimetres.
        part.notes = remarks_on(cut->facts);
    }
    geometry::PartCheckOptions options = intake::matching_options();
    options.unit = part.unit;
    options.drawing.operations = geometry::operation_rules_of(operations);
    options.progress = [&bar](std::string_view step, double share) { bar.show(step, share); };
    const auto check = geometry::check_part(*bytes, options);
    std::optional<Error> fault = check ? intake::fault_of(*check) : check.error();
    if (fault) {
        return fail(prefixed(path.filename().string() + ": ", std::move(*fault)));
    }
    part.hash = hash_of(*bytes);
    part.bytes = std::move(*bytes);
    part.facts = intake::facts_of(*check);
    // A solid is read the same way whatever is said of lines.
    if (part.facts.drawing) part.operations = operations;
    part.warnings = warnings_of(*check);
    return part;
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
