// SPDX-License-Identifier: GPL-3.0-or-later
// design_papers.hpp - the manifest and the licence that belong to a design file.
//
// Looked for where designers put them: an okh.toml beside the file or in up to three folders above
// it, never above the root of its repository (the folder that holds .git); else a LICENSE or
// COPYING file beside the design.

#pragma once

#include "base/result.hpp"
#include "intake/design_manifest.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace nearfab::cli {

struct DesignPapers {
    std::optional<intake::DesignManifest> manifest;
    std::filesystem::path manifest_file;
    std::optional<std::string> licence;  // A valid SPDX expression.
    std::string licence_origin;          // "--licence", "parts/okh.toml", "parts/LICENSE".
    std::vector<std::string> remarks;    // For people: what was odd in the manifest.
};

struct PapersWanted {
    std::filesystem::path design;
    std::optional<std::string> licence;   // --licence wins over what is found.
    std::optional<std::string> manifest;  // --manifest: this file and no other.
};

// Whether --licence says a licence; an error (invalid_argument) otherwise.
[[nodiscard]] Status check_licence(const std::string& typed);

// Errors: invalid_file when the manifest is broken or names no SPDX licence, invalid_argument when
// --licence is none. No licence found is no error here; see licence_of.
[[nodiscard]] Result<DesignPapers> find_papers(const PapersWanted& wanted);

// The licence, or an error (invalid_file) that says how to give one.
[[nodiscard]] Result<std::string> licence_of(const DesignPapers& papers,
                                             const std::filesystem::path& design);

}  // namespace nearfab::cli
