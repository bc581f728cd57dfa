// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/design_papers.hpp"

#include "cli/text_file.hpp"
#include "intake/known_licences.hpp"
#include "intake/licence_file.hpp"
#include "proto/model/licence.hpp"
#include "terminal/quantity_text.hpp"

#include <array>
#include <string_view>
#include <system_error>
#include <utility>

namespace nearfab::cli {
namespace {

namespace fs = std::filesystem;

constexpr int folders_above_max = 3;

constexpr std::array<std::string_view, 10> licence_file_names{"LICENSE",
                                                              "LICENSE.txt",
                                                              "LICENSE.md",
                                                              "LICENCE",
                                                              "LICENCE.txt",
                                                              "LICENCE.md",
                                                              "COPYING",
                                                              "COPYING.txt",
                                                              "COPYING.md",
                                                              "license.txt"};

bool is_file(const fs::path& path) {
    std::error_code ignored;  // What cannot be looked at is not there for us.
    return fs::is_regular_file(path, ignored);
}

bool is_repository_root(const fs::path& folder) {
    std::error_code ignored;
    return fs::exists(folder / ".git", ignored);
}

// Absolute, so that the folders above can be walked. An unreadable working directory gives the
// path as it is, and only that folder is looked at.
fs::path folder_of(const fs::path& design) {
    std::error_code problem;
    const fs::path whole = fs::absolute(design, problem);
    return (problem ? design : whole).lexically_normal().parent_path();
}

std::optional<fs::path> nearest_manifest(const fs::path& design) {
    fs::path folder = folder_of(design);
    for (int above = 0; above <= folders_above_max; ++above) {
        if (is_file(folder / "okh.toml")) return folder / "okh.toml";
        if (is_repository_root(folder) || folder == folder.parent_path()) break;
        folder = folder.parent_path();
    }
    return std::nullopt;
}

std::optional<fs::path> licence_file_beside(const fs::path& design) {
    const fs::path folder = folder_of(design);
    for (const std::string_view name : licence_file_names) {
        if (is_file(folder / name)) return folder / name;
    }
    return std::nullopt;
}

// Relative to where the person is, if that is shorter.
std::string shown(const fs::path& path) {
    std::error_code problem;
    const fs::path near = fs::relative(path, problem);
    if (problem || near.empty() || near.string().size() > path.string().size()) {
        return path.string();
    }
    return near.string();
}

// With the first letter another, a short id is another word.
bool is_near(const std::string& typed, const std::string& like) {
    constexpr std::size_t short_id = 4;
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return typed.size() > short_id ||
           (!typed.empty() && !like.empty() && small(typed.front()) == small(like.front()));
}

// With the ids that may have been meant, and the way out for a licence that is nobody else's.
tl::unexpected<Error> fail_unknown(const std::string& id,
                                   const std::string& origin,
                                   ErrorCode code) {
    std::string meant;
    for (const std::string& like : intake::licences_like(id)) {
        if (!is_near(id, like)) continue;
        meant += (meant.empty() ? "; did you mean " : " or ") + in_quotes(like);
    }
    return fail(code,
                origin + ": " + in_quotes(id) + " is not on the SPDX list of licences" + meant +
                    (meant.empty() ? "" : "?"),
                "use an id of https://spdx.org/licenses, for example CERN-OHL-S-2.0, or for a "
                "licence of your own LicenseRef-" +
                    id);
}

Status take_licence(DesignPapers& papers,
                    const std::string& text,
                    std::string origin,
                    ErrorCode code) {
    const auto licence = LicenceExpression::parse(text);
    if (!licence) {
        return fail(code,
                    origin + ": " + licence.error().message,
                    "use an SPDX expression, for example CERN-OHL-S-2.0; the list is at "
                    "https://spdx.org/licenses");
    }
    if (const auto unknown = intake::unknown_licence_in(licence->text())) {
        return fail_unknown(*unknown, origin, code);
    }
    papers.licence = licence->text();
    papers.licence_origin = std::move(origin);
    return {};
}

Status read_manifest(DesignPapers& papers, const fs::path& file) {
    const auto text = read_text(file);
    if (!text) return fail(ErrorCode::invalid_file, text.error().message, text.error().next);
    auto manifest = intake::parse_design_manifest(*text, shown(file));
    if (!manifest) return fail(manifest.error());
    for (const intake::ManifestWarning& warning : manifest->warnings) {
        const std::string line = warning.line == 0 ? "" : ":" + std::to_string(warning.line);
        papers.remarks.push_back(shown(file) + line + ": " + warning.text);
    }
    papers.manifest = std::move(*manifest);
    papers.manifest_file = file;
    return {};
}

Status take_found_licence(DesignPapers& papers, const fs::path& design) {
    if (papers.manifest && papers.manifest->licence) {
        return take_licence(papers,
                            *papers.manifest->licence,
                            shown(papers.manifest_file),
                            ErrorCode::invalid_file);
    }
    const auto file = licence_file_beside(design);
    if (!file) return {};
    const auto text = read_text(*file);
    if (!text) return fail(ErrorCode::invalid_file, text.error().message, text.error().next);
    const auto licence = intake::licence_in(*text);
    if (!licence) {
        papers.remarks.push_back(shown(*file) + ": no single known licence recognised in it");
        return {};
    }
    return take_licence(papers, *licence, shown(*file), ErrorCode::invalid_file);
}

}  // namespace

Status check_licence(const std::string& typed) {
    DesignPapers ignored;
    return take_licence(ignored, typed, "--licence", ErrorCode::invalid_argument);
}

Result<DesignPapers> find_papers(const PapersWanted& wanted) {
    DesignPapers papers;
    const std::optional<fs::path> manifest =
        wanted.manifest ? fs::path{*wanted.manifest} : nearest_manifest(wanted.design);
    if (manifest) {
        if (auto read = read_manifest(papers, *manifest); !read) return fail(read.error());
    }
    auto taken =
        wanted.licence
            ? take_licence(papers, *wanted.licence, "--licence", ErrorCode::invalid_argument)
            : take_found_licence(papers, wanted.design);
    if (!taken) return fail(taken.error());
    return papers;
}

Result<std::string> licence_of(const DesignPapers& papers, const std::filesystem::path& design) {
    if (papers.licence) return *papers.licence;
    const fs::path yaml = folder_of(design) / "okh.yml";
    return fail(ErrorCode::invalid_file,
                "no licence is known for " + design.filename().string() +
                    (is_file(yaml) ? " (okh.yml is not read, only okh.toml)" : ""),
                "give it with --licence, for example --licence CERN-OHL-S-2.0, or put an okh.toml "
                "or a LICENSE file beside it");
}

}  // namespace nearfab::cli
