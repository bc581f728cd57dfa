// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/opc_package.hpp"

#include "geometry/readers/decimal.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace nearfab::geometry {
namespace {

constexpr std::string_view types_space =
    "http://schemas.openxmlformats.org/package/2006/content-types";
constexpr std::string_view relations_space =
    "http://schemas.openxmlformats.org/package/2006/relationships";
constexpr std::string_view model_relation =
    "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel";
constexpr std::string_view model_type = "application/vnd.ms-package.3dmanufacturing-3dmodel+xml";
constexpr const char* export_again = "Export the part again as 3MF and submit the new file";

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
}

// "scheme:..." or "//host/...".
bool leads_outside(std::string_view target) {
    const std::size_t end = target.find_first_of(":/");
    return target.starts_with("//") || target.starts_with("\\\\") ||
           (end != std::string_view::npos && target[end] == ':');
}

// The part that a target means, as seen from a folder ("/" or "/3D/"); nothing when it climbs out
// of the package.
std::optional<std::string> resolve(std::string_view folder, std::string_view target) {
    std::vector<std::string_view> steps;
    for (std::string_view path : {target.starts_with('/') ? std::string_view{} : folder, target}) {
        while (!path.empty()) {
            const std::size_t end = std::min(path.find('/'), path.size());
            const std::string_view step = path.substr(0, end);
            path.remove_prefix(std::min(end + 1, path.size()));
            if (step.empty() || step == ".") continue;
            if (step != "..") {
                steps.push_back(step);
            } else if (steps.empty()) {
                return std::nullopt;
            } else {
                steps.pop_back();
            }
        }
    }
    std::string part;
    for (const std::string_view step : steps)
        part.append("/").append(step);
    return part;
}

// "/3D/3dmodel.model" -> "/3D/_rels/3dmodel.model.rels".
std::string relations_of(const std::string& part) {
    const std::size_t slash = part.rfind('/') + 1;
    return part.substr(0, slash) + "_rels/" + part.substr(slash) + ".rels";
}

class TypesVisitor : public XmlVisitor {
public:
    Status begin_element(const XmlName& name, const XmlAttributes& attributes) override {
        const auto type = attributes.find("ContentType");
        const bool ours = name.space == types_space && type;
        if (const auto extension = attributes.find("Extension");
            ours && name.local == "Default" && extension) {
            of_extension.emplace(lower(*extension), lower(*type));
        } else if (const auto part = attributes.find("PartName");
                   ours && name.local == "Override" && part) {
            of_part.emplace(lower(*part), lower(*type));
        }
        if (of_extension.size() + of_part.size() > most_types) {
            return fail(ErrorCode::too_large,
                        "more content types than the limit of " + std::to_string(most_types),
                        export_again);
        }
        return note_strange(name, attributes);
    }
    Status end_element() override { return {}; }

    std::map<std::string, std::string, std::less<>> of_extension;
    std::map<std::string, std::string, std::less<>> of_part;

private:
    static constexpr std::size_t most_types = 4096;
};

// Collects the targets of 3D models and refuses what leads outside.
class RelationsVisitor : public XmlVisitor {
public:
    explicit RelationsVisitor(std::string_view folder) : folder_(folder) {}

    Status begin_element(const XmlName& name, const XmlAttributes& attributes) override {
        if (name.space != relations_space || name.local != "Relationship") {
            return note_strange(name, attributes);
        }
        const auto target = attributes.find("Target");
        if (!target) {
            return fail(ErrorCode::invalid_file, "a relationship without a target", export_again);
        }
        if (lower(attributes.find("TargetMode").value_or("")) == "external" ||
            leads_outside(*target)) {
            return fail(ErrorCode::invalid_file,
                        "a relationship leads out of the package, to " + quoted(*target) +
                            ", and nothing outside is ever fetched",
                        "Export the part as one 3MF file that holds everything");
        }
        if (attributes.find("Type") != model_relation) return {};
        const auto part = resolve(folder_, *target);
        if (!part) {
            return fail(ErrorCode::invalid_file,
                        "the target " + quoted(*target) + " climbs out of the package",
                        export_again);
        }
        models.insert(*part);
        if (models.size() > most_xml_names) {
            return fail(ErrorCode::too_large,
                        "more 3D models than the limit of " + std::to_string(most_xml_names),
                        export_again);
        }
        return {};
    }
    Status end_element() override { return {}; }

    std::set<std::string> models;

private:
    std::string_view folder_;
};

}  // namespace

Result<OpcPackage> OpcPackage::open(std::span<const std::uint8_t> file, const ReadLimits& limits) {
    Result<ZipArchive> archive = ZipArchive::open(file, limits);
    if (!archive) return fail(archive.error());
    OpcPackage package(*std::move(archive));
    if (Status status = package.read_content_types(); !status) return fail(status.error());
    if (Status status = package.find_root(); !status) return fail(status.error());
    return package;
}

Status OpcPackage::read_xml(const ZipEntry& entry, const std::string& part, XmlVisitor& visitor) {
    XmlReader reader(part, visitor);
    Status status = archive_.read(
        entry, [&](std::span<const std::uint8_t> piece) { return reader.feed(piece); });
    return status ? reader.finish() : status;
}

Status OpcPackage::read_content_types() {
    const std::string part = "/[Content_Types].xml";
    const ZipEntry* const entry = archive_.find(part);
    if (entry == nullptr) {
        remarks_.push_back({RemarkWeight::warning,
                            "content_types_missing",
                            "the package has no [Content_Types].xml, which every 3MF must have",
                            "Export the part again as 3MF, because other programs may refuse it"});
        return {};
    }
    TypesVisitor types;
    if (Status status = read_xml(*entry, part, types); !status) return status;
    type_of_extension_ = std::move(types.of_extension);
    type_of_part_ = std::move(types.of_part);
    return {};
}

Status OpcPackage::find_root() {
    const std::string part = "/_rels/.rels";
    const ZipEntry* const entry = archive_.find(part);
    if (entry == nullptr) {
        return fail(ErrorCode::invalid_file,
                    "this is a ZIP archive but no 3MF: it has no _rels/.rels",
                    "Take the design file out of the archive, or export the part as 3MF");
    }
    RelationsVisitor relations("/");
    if (Status status = read_xml(*entry, part, relations); !status) return status;
    if (relations.models.size() != 1) {
        const bool none = relations.models.empty();
        return fail(ErrorCode::invalid_file,
                    none ? "this is a package but no 3MF: _rels/.rels names no 3D model"
                         : "_rels/.rels names " + std::to_string(relations.models.size()) +
                               " 3D models to start with instead of one",
                    export_again,
                    "part " + part);
    }
    root_model_ = *relations.models.begin();
    return {};
}

Status OpcPackage::check_content_type(const std::string& part) {
    const std::string key = lower(part);
    const std::size_t dot = key.find_last_of("./");
    std::optional<std::string> type;
    if (dot != std::string::npos && key[dot] == '.') {
        const auto found = type_of_extension_.find(key.substr(dot + 1));
        if (found != type_of_extension_.end()) type = found->second;
    }
    if (const auto found = type_of_part_.find(key); found != type_of_part_.end()) {
        type = found->second;
    }
    if (type && *type != model_type) {
        return fail(
            ErrorCode::invalid_file,
            "part " + part + " should be a 3D model, but [Content_Types].xml says " + quoted(*type),
            export_again,
            "part " + part);
    }
    const bool said = !remarks_.empty();
    if (!type && !said) {
        remarks_.push_back(
            {RemarkWeight::warning,
             "content_type_unstated",
             "[Content_Types].xml does not say what part " + display_name(part) + " is",
             "Export the part again as 3MF, because other programs may refuse it"});
    }
    return {};
}

Status OpcPackage::read_model(const std::string& part, XmlVisitor& visitor) {
    const ZipEntry* const entry = archive_.find(part);
    if (entry == nullptr) {
        return fail(ErrorCode::invalid_file,
                    "the package has no part " + quoted(part) + ", which should be a 3D model",
                    export_again,
                    "part " + part);
    }
    if (Status status = check_content_type(part); !status) return status;
    const std::string relations_part = relations_of(part);
    if (const ZipEntry* const relations = archive_.find(relations_part); relations != nullptr) {
        RelationsVisitor inside(std::string_view{part}.substr(0, part.rfind('/') + 1));
        if (Status status = read_xml(*relations, relations_part, inside); !status) return status;
    }
    return read_xml(*entry, part, visitor);
}

}  // namespace nearfab::geometry
