// SPDX-License-Identifier: GPL-3.0-or-later

#include "intake/design_manifest.hpp"

#include "proto/model/process.hpp"

#include <toml++/toml.h>

#include <array>
#include <initializer_list>
#include <utility>

namespace nearfab::intake {
namespace {

constexpr std::string_view how_to_mend =
    "mend the manifest, or give --licence and --material on the command line";

std::string_view base_name(std::string_view path) {
    const auto slash = path.find_last_of('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// Reads fields of one table and remembers what was odd about them.
class FieldReader {
public:
    FieldReader(std::string_view file_name, std::vector<ManifestWarning>& warnings)
        : file_name_{file_name}, warnings_{warnings} {}

    void warn(std::uint32_t line, std::string text) {
        warnings_.push_back({line, std::move(text)});
    }

    [[nodiscard]] tl::unexpected<Error> wrong_type(const toml::node& node,
                                                   std::string_view key,
                                                   std::string_view wanted) const {
        return fail(ErrorCode::invalid_file,
                    std::string{file_name_} + ":" + std::to_string(node.source().begin.line) +
                        ": `" + std::string{key} + "` must be " + std::string{wanted},
                    std::string{how_to_mend});
    }

    // Nothing when absent or empty.
    [[nodiscard]] Result<std::optional<std::string>> text(const toml::table& table,
                                                          std::string_view key) const {
        const toml::node* node = table.get(key);
        if (node == nullptr) return std::nullopt;
        const auto value = node->value_exact<std::string>();
        if (!value) return wrong_type(*node, key, "a text in quotes");
        if (value->empty()) return std::nullopt;
        return *value;
    }

    // A text or a list of texts.
    [[nodiscard]] Result<std::vector<std::string>> texts(const toml::table& table,
                                                         std::string_view key) const {
        std::vector<std::string> found;
        const toml::node* node = table.get(key);
        if (node == nullptr) return found;
        if (const auto single = node->value_exact<std::string>()) {
            found.push_back(*single);
            return found;
        }
        const toml::array* list = node->as_array();
        if (list == nullptr) return wrong_type(*node, key, "a text or a list of texts");
        for (const toml::node& entry : *list) {
            const auto value = entry.value_exact<std::string>();
            if (!value) return wrong_type(entry, key, "a list of texts");
            found.push_back(*value);
        }
        return found;
    }

private:
    std::string_view file_name_;
    std::vector<ManifestWarning>& warnings_;
};

std::uint32_t line_of(const toml::table& table, std::string_view key) {
    const toml::node* node = table.get(key);
    return node == nullptr ? 0 : static_cast<std::uint32_t>(node->source().begin.line);
}

// `tsdc` names documentation criteria of DIN SPEC 3105-1; people use them as process tags. Several
// processes give none: then the designer says which one this part is made with.
Result<std::optional<ProcessId>> process_in(const toml::table& table, const FieldReader& read) {
    auto printing = read.text(table, "printing-process");
    if (!printing) return fail(std::move(printing.error()));
    auto codes = read.texts(table, "tsdc");
    if (!codes) return fail(std::move(codes.error()));
    std::optional<ProcessId> found;
    for (const std::string& code : *codes) {
        const bool printed = code == "3DP";
        if (printed && !*printing) continue;  // Could be any printing process.
        const auto process = find_process(printed ? **printing : code);
        if (!process) continue;
        const ProcessId id{std::string{process->id}};
        if (found && *found != id) return std::nullopt;
        found = id;
    }
    return found;
}

// OKH v1 had a table {hardware, documentation, software}; some TOML manifests kept it.
Result<std::optional<std::string>> licence_in_manifest(const toml::table& table,
                                                       FieldReader& read) {
    for (const std::string_view key : {"license", "spdxLicense", "alternativeLicense"}) {
        const toml::node* node = table.get(key);
        if (node == nullptr) continue;
        const toml::table* kinds = node->as_table();
        if (kinds == nullptr) {
            auto licence = read.text(table, key);
            if (!licence || *licence) return licence;
            continue;
        }
        for (const std::string_view kind : {"hardware", "documentation"}) {
            auto licence = read.text(*kinds, kind);
            if (!licence || *licence) return licence;
        }
    }
    read.warn(0, "no licence is given (`license`)");
    return std::nullopt;
}

Result<ManifestPart> part_in(const toml::table& table, FieldReader& read) {
    ManifestPart part;
    auto name = read.text(table, "name");
    if (!name) return fail(std::move(name.error()));
    part.name = name->value_or("");
    for (const std::string_view key : {"export", "source"}) {
        auto files = read.texts(table, key);
        if (!files) return fail(std::move(files.error()));
        part.files.insert(part.files.end(), files->begin(), files->end());
    }
    const auto line = static_cast<std::uint32_t>(table.source().begin.line);
    if (part.name.empty()) read.warn(line, "a part has no `name`");
    if (part.files.empty()) read.warn(line, "a part has neither `export` nor `source`");
    auto material = read.text(table, "material");
    if (!material) return fail(std::move(material.error()));
    part.material = *material;
    auto process = process_in(table, read);
    if (!process) return fail(std::move(process.error()));
    part.process = *process;
    return part;
}

Status read_parts(const toml::table& table, FieldReader& read, DesignManifest& manifest) {
    const toml::node* node = table.get("part");
    if (node == nullptr) return {};
    const toml::array* list = node->as_array();
    if (list == nullptr) return read.wrong_type(*node, "part", "a list of tables ([[part]])");
    for (const toml::node& entry : *list) {
        const toml::table* part_table = entry.as_table();
        if (part_table == nullptr) return read.wrong_type(entry, "part", "a list of tables");
        auto part = part_in(*part_table, read);
        if (!part) return fail(std::move(part.error()));
        manifest.parts.push_back(std::move(*part));
    }
    return {};
}

void judge_version(const toml::table& table, FieldReader& read, const std::string& version) {
    if (version.empty()) {
        read.warn(0, "no version is given (`okhv`); read as OKH-LOSH 2");
    } else if (version != "OKH-LOSHv1.0" && !version.starts_with("2.")) {
        read.warn(line_of(table, "okhv"),
                  "okhv \"" + version +
                      "\" is not known here (known: OKH-LOSHv1.0, 2.x); "
                      "read as OKH-LOSH 2");
    }
}

Result<DesignManifest> read_manifest(const toml::table& table, std::string_view file_name) {
    DesignManifest manifest;
    FieldReader read{file_name, manifest.warnings};
    auto version = read.text(table, "okhv");
    if (!version) return fail(std::move(version.error()));
    manifest.version = version->value_or("");
    judge_version(table, read, manifest.version);
    auto name = read.text(table, "name");
    if (!name) return fail(std::move(name.error()));
    manifest.title = name->value_or("");
    if (manifest.title.empty()) read.warn(0, "the design has no `name`");
    auto licence = licence_in_manifest(table, read);
    if (!licence) return fail(std::move(licence.error()));
    manifest.licence = *licence;
    auto material = read.text(table, "material");
    if (!material) return fail(std::move(material.error()));
    manifest.material = *material;
    auto process = process_in(table, read);
    if (!process) return fail(std::move(process.error()));
    manifest.process = *process;
    if (auto parts = read_parts(table, read, manifest); !parts) {
        return fail(std::move(parts.error()));
    }
    return manifest;
}

}  // namespace

const ManifestPart* DesignManifest::part_of_file(std::string_view file_name) const {
    for (const ManifestPart& part : parts) {
        for (const std::string& file : part.files) {
            if (base_name(file) == base_name(file_name)) return &part;
        }
    }
    return nullptr;
}

Result<DesignManifest> parse_design_manifest(std::string_view text, std::string_view file_name) {
    try {
        const toml::table table = toml::parse(text, file_name);
        return read_manifest(table, file_name);
    } catch (const toml::parse_error& problem) {
        return fail(ErrorCode::invalid_file,
                    std::string{file_name} + ":" + std::to_string(problem.source().begin.line) +
                        ": " + std::string{problem.description()},
                    std::string{how_to_mend});
    }
}

}  // namespace nearfab::intake
