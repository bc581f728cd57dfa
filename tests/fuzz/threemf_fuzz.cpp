// SPDX-License-Identifier: GPL-3.0-or-later
// The first byte says what the rest is, because a mutated archive seldom gets past its checksums:
// 'z' a whole package, 'm' the root model, 'o' another model part, 'r' the relationships,
// 't' the content types; the package around a part is then made here.

#include "geometry/readers/threemf.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/soup_rules.hpp"
#include "tests/geometry/readers/package_writer.hpp"

namespace nearfab::fuzz {

using namespace geometry;
using namespace geometry::sample;

namespace {

const std::string item = "<item objectid=\"1\" transform=\"-1 0 0 0 1 0 0 0 1 5 0 0\"/>";

std::string other_model() {
    return model_of(cube_object(7, 3), "");
}

std::string root_model() {
    return model_of(cube_object(1, 2, "name=\"a\"") +
                        "<object id=\"2\"><components><component objectid=\"1\" transform=\"2 0 0 "
                        "0 2 0 0 0 2 0 0 9\"/><component objectid=\"7\" p:path=\"/3D/o.model\"/>"
                        "</components></object>",
                    item + "<item objectid=\"2\"/>",
                    "unit=\"millimeter\" requiredextensions=\"p m\"");
}

Bytes package(const std::string& root,
              const std::string& other,
              const ZipPart& relations,
              const ZipPart& types) {
    return zip_of({types,
                   relations,
                   {.name = "3D/a.model", .contents = root, .deflate = false},
                   {.name = "3D/o.model", .contents = other, .deflate = false}});
}

Bytes package_with(char kind, const std::string& text) {
    ZipPart relations = relations_to("/3D/a.model");
    ZipPart types = content_types();
    if (kind == 'r') relations.contents = text;
    if (kind == 't') types.contents = text;
    return package(
        kind == 'm' ? text : root_model(), kind == 'o' ? text : other_model(), relations, types);
}

Bytes seed(char kind, const std::string& text) {
    return bytes_of(kind + text);
}

}  // namespace

std::vector<Bytes> seeds() {
    const Bytes whole = package_with('z', "");
    const Bytes deflated = package_of(model_of(cube_object(1, 2), item));
    const Bytes far = zip_of(
        {content_types(),
         relations_to("/3D/a.model"),
         {.name = "3D/a.model", .contents = model_of(cube_object(1, 2), item), .zip64 = true}},
        true);
    return {seed('z', {whole.begin(), whole.end()}),
            seed('z', {deflated.begin(), deflated.end()}),
            seed('z', {far.begin(), far.end()}),
            seed('m', root_model()),
            seed('o', other_model()),
            seed('r', relations_to("/3D/a.model").contents),
            seed('t', content_types().contents)};
}

std::vector<std::string> words() {
    return {"<vertex x=\"1\" y=\"2\" z=\"3\"/>",
            "<triangle v1=\"0\" v2=\"1\" v3=\"2\"/>",
            "<component objectid=\"2\"/>",
            "<item objectid=\"2\"/>",
            "transform=\"0 1 0 1 0 0 0 0 1 0 0 0\"",
            "p:path=\"/3D/a.model\"",
            "unit=\"inch\"",
            "requiredextensions=\"p\"",
            "<!DOCTYPE a [<!ENTITY b \"c\">]>",
            "&b;",
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "xmlns:q=\"r\"",
            "PK\x05\x06",
            "PK\x01\x02",
            "PK\x03\x04",
            "PK\x06\x06",
            "\xFF\xFE"};
}

void run(std::span<const std::uint8_t> input) {
    if (input.empty()) return;
    const ReadLimits limits = small_limits();
    const std::span<const std::uint8_t> rest = input.subspan(1);
    if (input[0] == 'z') {
        check(read_3mf(rest, limits), limits);
        return;
    }
    const Bytes file =
        package_with(static_cast<char>(input[0]), std::string(rest.begin(), rest.end()));
    check(read_3mf(file, limits), limits);
}

}  // namespace nearfab::fuzz
