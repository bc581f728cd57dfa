// SPDX-License-Identifier: GPL-3.0-or-later
// opc_package.hpp - the parts of a 3MF package and how to find the first one.
//
// A 3MF is a ZIP archive that follows the Open Packaging Conventions (ECMA-376 part 2):
// "[Content_Types].xml" says what each part is, "_rels/.rels" names the part to start with. Its
// name is never guessed. A relationship that leads out of the package is refused.

#pragma once

#include "base/result.hpp"
#include "geometry/readers/triangle_soup.hpp"
#include "geometry/readers/xml_reader.hpp"
#include "geometry/readers/zip_archive.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::geometry {

class OpcPackage {
public:
    // REQUIRES: the bytes and the limits outlive the package.
    // Errors: invalid_file (no 3MF, damaged, external target), too_large.
    [[nodiscard]] static Result<OpcPackage> open(std::span<const std::uint8_t> file,
                                                 const ReadLimits& limits);

    // The 3D model that the package starts with, like "/3D/3dmodel.model".
    [[nodiscard]] const std::string& root_model() const { return root_model_; }

    // Gives a model part to the visitor. Checks its content type and that its own relationships
    // stay in the package.
    [[nodiscard]] Status read_model(const std::string& part, XmlVisitor& visitor);

    [[nodiscard]] bool has(std::string_view part) const { return archive_.find(part) != nullptr; }

    // What is odd about the package itself.
    [[nodiscard]] const std::vector<ReadRemark>& remarks() const { return remarks_; }

private:
    explicit OpcPackage(ZipArchive archive) : archive_(std::move(archive)) {}
    Status read_content_types();
    Status find_root();
    Status check_content_type(const std::string& part);
    Status read_xml(const ZipEntry& entry, const std::string& part, XmlVisitor& visitor);

    ZipArchive archive_;
    std::string root_model_;
    std::map<std::string, std::string, std::less<>> type_of_extension_;  // Both in lower case.
    std::map<std::string, std::string, std::less<>> type_of_part_;
    std::vector<ReadRemark> remarks_;
};

}  // namespace nearfab::geometry
