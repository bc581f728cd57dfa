// SPDX-License-Identifier: GPL-3.0-or-later
// design_manifest.hpp - the Open Know-How manifest of a design (okh.toml).
//
// Reads the TOML flavours in use: OKH-LOSH v1.0 and 2.x. Real manifests are often incomplete, so a
// missing or odd field is a warning and only text that is no TOML, or a field of the wrong type
// that nearfab needs, is an error. Source of the field names: the OKH-LOSH schema of the Internet
// of Production Alliance (iop-alliance/OpenKnowHow).

#pragma once

#include "base/id.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::intake {

struct ManifestWarning {
    std::uint32_t line = 0;  // From 1; 0 when it concerns the whole file.
    std::string text;

    friend bool operator==(const ManifestWarning&, const ManifestWarning&) = default;
};

// One [[part]]: a geometry of the design with what is said about it.
struct ManifestPart {
    std::string name;
    std::vector<std::string> files;       // `export`, then `source`; as written, never opened.
    std::optional<std::string> material;  // As written, not yet a nearfab id.
    std::optional<ProcessId> process;

    friend bool operator==(const ManifestPart&, const ManifestPart&) = default;
};

struct DesignManifest {
    std::string version;                 // `okhv`, as written.
    std::string title;                   // `name`; may be empty (with a warning).
    std::optional<std::string> licence;  // SPDX expression as written, not yet checked.
    std::optional<std::string> material;
    std::optional<ProcessId> process;  // From `tsdc` and `printing-process`.
    std::vector<ManifestPart> parts;
    std::vector<ManifestWarning> warnings;

    // The part whose files contain one with this base name, if there is one.
    [[nodiscard]] const ManifestPart* part_of_file(std::string_view file_name) const;

    friend bool operator==(const DesignManifest&, const DesignManifest&) = default;
};

// `file_name` is only used in messages. Error invalid_file: "okh.toml:7: ...".
[[nodiscard]] Result<DesignManifest> parse_design_manifest(std::string_view text,
                                                           std::string_view file_name);

}  // namespace nearfab::intake
