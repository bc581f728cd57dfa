// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/threemf.hpp"

#include "tests/geometry/readers/package_writer.hpp"
#include "tests/geometry/readers/soup_checks.hpp"

#include <catch2/catch.hpp>

namespace nearfab::geometry {
namespace {

using namespace sample;
using Catch::Matchers::Contains;

const std::string one_item = "<item objectid=\"1\"/>";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::string message_of(const std::string& model, const ReadLimits& limits = {}) {
    return refusal_of(package_of(model), limits).message;
}

std::string components(int id, const std::string& uses) {
    return "<object id=\"" + std::to_string(id) + "\"><components>" + uses +
           "</components></object>\n";
}

std::string use(int id, const std::string& more = "") {
    return "<component objectid=\"" + std::to_string(id) + "\" " + more + "/>";
}

TEST_CASE("a 3MF cube is read with its unit and its name") {
    const TriangleSoup soup =
        soup_of(package_of(model_of(cube_object(1, 20, "name=\"a cube\""), one_item)));
    CHECK(soup.format == FileFormat::threemf);
    CHECK(soup.unit == Unit::millimetre);
    CHECK(is_closed(soup));
    CHECK(signed_volume_mm3(soup) == Approx(8000));
    REQUIRE(soup.objects.size() == 1);
    CHECK(soup.objects[0] == SoupObject{"a cube", 0, 12});
    CHECK(soup.remarks.empty());
}

TEST_CASE("every unit scales the mesh and the transforms alike") {
    const std::string item = "<item objectid=\"1\" transform=\"1 0 0 0 1 0 0 0 1 10 0 0\"/>";
    const auto far_x = [&](const char* attribute) {
        const TriangleSoup soup = soup_of(package_of(model_of(cube_object(1, 1), item, attribute)),
                                          {.coordinate_mm = 20'000});
        return bounds_of(soup).max.x;
    };
    CHECK(far_x("unit=\"micron\"") == Approx(0.011));
    CHECK(far_x("unit=\"millimeter\"") == Approx(11));
    CHECK(far_x("") == Approx(11));  // The default of the specification.
    CHECK(far_x("unit=\"centimeter\"") == Approx(110));
    CHECK(far_x("unit=\"inch\"") == Approx(279.4));
    CHECK(far_x("unit=\"foot\"") == Approx(3352.8));
    CHECK(far_x("unit=\"meter\"") == Approx(11000));
}

TEST_CASE("where each mesh of a 3MF begins is known, also that of a component") {
    const TriangleSoup soup = soup_of(
        package_of(model_of(cube_object(1, 10) + cube_object(2, 5) + components(3, use(1) + use(2)),
                            "<item objectid=\"3\"/><item objectid=\"1\"/>")));
    CHECK(soup.bodies == std::vector<std::uint32_t>{0, 12, 24});
    CHECK(soup.objects.size() == 2);
}

TEST_CASE("an unknown unit is refused") {
    CHECK_THAT(message_of(model_of(cube_object(1, 1), one_item, "unit=\"parsec\"")),
               Contains("\"parsec\"") && Contains("micron, millimeter"));
}

TEST_CASE("the same object can be built many times, turned and mirrored") {
    const std::string build =
        "<item objectid=\"1\"/>"
        "<item objectid=\"1\" transform=\"0 1 0 -1 0 0 0 0 1 50 0 0\"/>"
        "<item objectid=\"1\" transform=\"-1 0 0 0 1 0 0 0 1 100 0 0\"/>"
        "<item objectid=\"1\" transform=\"2 0 0 0 2 0 0 0 2 150 0 0\"/>";
    const TriangleSoup soup = soup_of(package_of(model_of(cube_object(1, 10), build)));
    CHECK(soup.objects.size() == 4);
    CHECK(is_closed(soup));
    // The mirrored cube counts as positive because its triangles were turned round.
    CHECK(signed_volume_mm3(soup) == Approx(3 * 1000 + 8000));
    CHECK(bounds_of(soup).min.x == Approx(0));
    CHECK(bounds_of(soup).max.x == Approx(170));
}

TEST_CASE("components carry their transforms through all levels") {
    const std::string resources =
        cube_object(1, 1) +
        components(2, use(1) + use(1, "transform=\"1 0 0 0 1 0 0 0 1 5 0 0\"")) +
        components(3,
                   use(2, "transform=\"2 0 0 0 2 0 0 0 2 0 0 0\"") +
                       use(2, "transform=\"1 0 0 0 1 0 0 0 -1 0 0 20\""));
    const TriangleSoup soup = soup_of(package_of(
        model_of(resources, "<item objectid=\"3\" transform=\"1 0 0 0 1 0 0 0 1 0 0 100\"/>")));
    CHECK(soup.triangles.size() == 48);
    CHECK(soup.objects.size() == 1);
    CHECK(is_closed(soup));
    CHECK(signed_volume_mm3(soup) == Approx(2 * 8 + 2 * 1));
    CHECK(bounds_of(soup).max.x == Approx(12));
    CHECK(bounds_of(soup).max.z == Approx(120));
    CHECK(bounds_of(soup).min.z == Approx(100));
}

TEST_CASE("components that contain themselves or nest too deep are refused") {
    CHECK_THAT(message_of(model_of(components(1, use(1)), one_item)),
               Contains("object 1") && Contains("component of itself"));
    CHECK_THAT(message_of(model_of(components(1, use(2)) + components(2, use(1)), one_item)),
               Contains("component of itself"));
    const auto chain = [](int levels) {
        std::string resources = cube_object(1, 1);
        for (int i = 2; i <= levels; ++i)
            resources += components(i, use(i - 1));
        return model_of(resources, "<item objectid=\"" + std::to_string(levels) + "\"/>");
    };
    CHECK(soup_of(package_of(chain(16))).triangles.size() == 12);
    CHECK_THAT(message_of(chain(17)), Contains("limit of 16"));
}

TEST_CASE("what the build becomes is counted before it is made") {
    // 10^8 copies of 12 triangles from a few lines.
    std::string resources = cube_object(1, 1);
    for (int level = 2; level <= 9; ++level) {
        std::string uses;
        for (int i = 0; i < 10; ++i)
            uses += use(level - 1);
        resources += components(level, uses);
    }
    const std::string bomb = model_of(resources, "<item objectid=\"9\"/>");
    CHECK_THAT(message_of(bomb), Contains("1200000000 triangles") && Contains("2000000"));
    // The same without a single triangle.
    const std::string empty = replaced(
        bomb, "<object id=\"1\" >", "<object id=\"1\"><components/></object><object id=\"100\">");
    CHECK_THAT(message_of(empty), Contains("111111111 copies") && Contains("50000"));

    std::string items;
    for (int i = 0; i < 101; ++i)
        items += one_item;
    CHECK_THAT(message_of(model_of(cube_object(1, 1), items), {.instances = 100}),
               Contains("build items than the limit of 100"));
    CHECK_THAT(message_of(model_of(cube_object(1, 1), one_item), {.triangles = 11}),
               Contains("limit of 11"));
}

TEST_CASE("a transform must be twelve numbers that do not flatten") {
    const auto with = [](const std::string& transform) {
        return message_of(
            model_of(cube_object(1, 1), "<item objectid=\"1\" transform=\"" + transform + "\"/>"));
    };
    CHECK_THAT(with("1 0 0 0 1 0 0 0 0 0 0 0"), Contains("determinant 0"));
    CHECK_THAT(with("0 0 0 0 0 0 0 0 0 0 0 0"), Contains("determinant 0"));
    CHECK_THAT(with("1 0 0 0 1 0 0 0 1 0 0"), Contains("11 numbers instead of 12"));
    CHECK_THAT(with("1 0 0 0 1 0 0 0 1 0 0 nan"), Contains("\"nan\""));
    CHECK_THAT(with("1 0 0 0 1 0 0 0 1 0 0 20000"), Contains("20000") && Contains("10000"));
    const std::string tiny =
        "<item objectid=\"1\" transform=\".001 0 0 0 .001 0 0 0 .001 0 0 0\"/>";
    CHECK(soup_of(package_of(model_of(cube_object(1, 1), tiny))).triangles.size() == 12);
}

TEST_CASE("a broken model is refused with part, line and what is wrong") {
    const std::string good = model_of(cube_object(1, 1), one_item);
    const auto with = [&](std::string_view from, std::string_view to) {
        return message_of(replaced(good, from, to));
    };
    CHECK_THAT(with("v3=\"5\"", "v3=\"8\""),
               Contains("part /3D/part.model, line") && Contains("names vertex \"8\"") &&
                   Contains("8 vertices"));
    CHECK_THAT(with("v3=\"5\"", "v3=\"-1\""), Contains("\"-1\""));
    CHECK_THAT(with("v3=\"5\"", ""), Contains("names vertex \"\""));
    CHECK_THAT(with("x=\"1\"", "x=\"nan\""), Contains("not a finite number"));
    CHECK_THAT(with("x=\"1\"", ""), Contains("without x, y or z"));
    CHECK_THAT(with("x=\"1\"", "x=\"20000\""), Contains("vertex 1 of object 1"));
    CHECK_THAT(with("objectid=\"1\"", "objectid=\"2\""), Contains("there is no object 2"));
    CHECK_THAT(with("objectid=\"1\"", "objectid=\"0\""), Contains("no id between"));
    CHECK_THAT(with("objectid=\"1\"", ""), Contains("no id between"));
    CHECK_THAT(with("<object id=\"1\"", "<object id=\"99999999999\""), Contains("no id between"));
    CHECK_THAT(with("<object id=\"1\"", "<object id=\"1\" type=\"magic\""), Contains("magic"));
    CHECK_THAT(with(one_item, ""), Contains("is empty"));
    CHECK_THAT(with("</vertices>", "<triangle/></vertices>"), Contains("wrong place"));
    CHECK_THAT(with("</mesh>", "</mesh><mesh/>"), Contains("more than one mesh"));
    CHECK_THAT(with("</model>", ""), Contains("well-formed"));
    CHECK_THAT(message_of(model_of(cube_object(1, 1) + cube_object(1, 2), one_item)),
               Contains("two objects with the id 1"));
    CHECK_THAT(message_of(model_of("<object id=\"1\"></object>", one_item)),
               Contains("neither a mesh nor components"));
    CHECK_THAT(message_of(model_of("<object id=\"1\"><mesh/></object>", one_item)),
               Contains("without a single triangle"));
    CHECK_THAT(message_of("<html/>"), Contains("\"html\"") && Contains("not the <model>"));
    CHECK_THAT(message_of("<!DOCTYPE x><model/>"), Contains("DOCTYPE"));
}

TEST_CASE("a required extension is refused by name unless it says nothing about shape") {
    const auto with = [](const std::string& attributes) {
        return package_of(model_of(cube_object(1, 1), one_item, attributes));
    };
    CHECK(soup_of(with("requiredextensions=\"m p\"")).triangles.size() == 12);
    CHECK(soup_of(with("requiredextensions=\"\"")).triangles.size() == 12);
    CHECK_THAT(
        refusal_of(with("xmlns:b=\"http://schemas.microsoft.com/3dmanufacturing/beamlattice/2017/02"
                        "\" requiredextensions=\"p b\""))
            .message,
        Contains("beamlattice/2017/02") && Contains("not read"));
    CHECK_THAT(refusal_of(with("requiredextensions=\"q\"")).message,
               Contains("\"q\" stands for no namespace"));
}

TEST_CASE("extensions that are only there are skipped and named") {
    const std::string mesh = replaced(
        cube_object(1, 1),
        "</mesh>",
        "<b:beamlattice xmlns:b=\"http://example.org/beams\"><b:beams><vertex x=\"no\"/></b:beams>"
        "</b:beamlattice></mesh>");
    const TriangleSoup soup = soup_of(package_of(model_of(mesh, one_item)));
    CHECK(soup.triangles.size() == 12);
    REQUIRE(has_remark(soup, "extension_left_out"));
    CHECK_THAT(soup.remarks[0].message, Contains("http://example.org/beams"));
    const std::string colours =
        "<m:colorgroup id=\"5\"><m:color color=\"#FFFFFF\"/></m:colorgroup><basematerials "
        "id=\"6\"><base name=\"a\" displaycolor=\"#000000\"/></basematerials>";
    CHECK(soup_of(package_of(model_of(colours + cube_object(1, 1), one_item))).remarks.empty());
}

TEST_CASE("supports are left out, and what is marked as not printable is said") {
    const std::string resources = cube_object(1, 1) + cube_object(2, 2, "type=\"support\"") +
                                  cube_object(3, 3, "type=\"solidsupport\"") +
                                  cube_object(4, 4, "type=\"other\"");
    const TriangleSoup soup = soup_of(package_of(model_of(
        resources, one_item + "<item objectid=\"2\"/><item objectid=\"3\" printable=\"0\"/>")));
    CHECK(soup.triangles.size() == 12);
    CHECK(soup.objects.size() == 1);
    CHECK(has_remark(soup, "support_left_out"));
    CHECK(has_remark(soup, "item_not_printable"));
    CHECK_THAT(message_of(model_of(resources, "<item objectid=\"4\"/>")), Contains("\"other\""));
}

TEST_CASE("the production extension finds objects in other parts of the package") {
    const std::string root = model_of(components(1, use(7, "p:path=\"/3D/Objects/other.model\"")),
                                      one_item +
                                          "<item objectid=\"7\" p:path=\"/3D/Objects/other.model\" "
                                          "transform=\"1 0 0 0 1 0 0 0 1 50 0 0\"/>",
                                      "unit=\"inch\" requiredextensions=\"p\"");
    const auto package = [&](const std::string& other, const std::string& name) {
        return zip_of({content_types(),
                       relations_to("/3D/part.model"),
                       {.name = "3D/part.model", .contents = root},
                       {.name = name, .contents = other}});
    };
    const std::string name = "3D/Objects/other.model";
    const TriangleSoup soup =
        soup_of(package(model_of(cube_object(7, 1), "", "unit=\"inch\""), name));
    CHECK(soup.triangles.size() == 24);
    CHECK(soup.unit == Unit::inch);
    CHECK(bounds_of(soup).max.x == Approx(51 * 25.4));
    CHECK_THAT(refusal_of(package(model_of(cube_object(7, 1), ""), name)).message,
               Contains("millimetre") && Contains("inch"));
    CHECK_THAT(refusal_of(package(model_of(cube_object(8, 1), "", "unit=\"inch\""), name)).message,
               Contains("no object 7 of part /3D/Objects/other.model"));
    CHECK_THAT(refusal_of(package("", "3D/elsewhere.model")).message, Contains("has no part"));
    const std::string back =
        model_of(components(7, use(1, "p:path=\"/3D/part.model\"")), "", "unit=\"inch\"");
    CHECK_THAT(refusal_of(package(back, name)).message, Contains("component of itself"));
    CHECK_THAT(
        message_of(model_of(cube_object(1, 1), "<item objectid=\"1\" p:path=\"../x.model\"/>")),
        Contains("no name of a part"));
}

TEST_CASE("the model is found through the relationships alone") {
    const std::string model = model_of(cube_object(1, 20), one_item);
    const auto package = [&](const ZipPart& relations, const std::string& name) {
        return zip_of({content_types(), relations, {.name = name, .contents = model}});
    };
    for (const char* target :
         {"/odd/place.model", "odd/place.model", "odd/./x/../place.model", "/ODD/Place.model"}) {
        INFO(target);
        CHECK(soup_of(package(relations_to(target), "odd/place.model")).triangles.size() == 12);
    }
    CHECK_THAT(refusal_of(package(relations_to("/a.model"), "3D/3dmodel.model")).message,
               Contains("\"/a.model\""));
    CHECK_THAT(refusal_of(package(relations_to("../a.model"), "a.model")).message,
               Contains("climbs out"));
    CHECK_THAT(refusal_of(package(relations_to("http://host/a.model"), "a.model")).message,
               Contains("leads out of the package"));
    const std::string second =
        "<Relationship Id=\"r1\" Type=\"http://schemas.microsoft.com/3dmanufacturing/2013/01/"
        "3dmodel\" Target=\"/b.model\"/>";
    CHECK_THAT(refusal_of(package(relations_to("/a.model", second), "a.model")).message,
               Contains("2 3D models"));
    const std::string away =
        "<Relationship Id=\"r1\" Type=\"x\" TargetMode=\"External\" Target=\"readme\"/>";
    CHECK_THAT(refusal_of(package(relations_to("/a.model", away), "a.model")).message,
               Contains("leads out of the package"));
}

TEST_CASE("relationships of the model may not lead outside either") {
    ZipPart relations = relations_to("http://host/texture.png");
    relations.name = "3D/_rels/part.model.rels";
    CHECK_THAT(refusal_of(zip_of({content_types(),
                                  relations_to("/3D/part.model"),
                                  relations,
                                  {.name = "3D/part.model",
                                   .contents = model_of(cube_object(1, 20), one_item)}}))
                   .message,
               Contains("leads out of the package"));
}

TEST_CASE("missing content types are remarked, wrong ones refused") {
    const ZipPart model{.name = "3D/part.model",
                        .contents = model_of(cube_object(1, 20), one_item)};
    const TriangleSoup soup = soup_of(zip_of({relations_to("/3D/part.model"), model}));
    CHECK(has_remark(soup, "content_types_missing"));
    ZipPart types = content_types();
    types.contents = replaced(types.contents, "Extension=\"model\"", "Extension=\"other\"");
    CHECK(has_remark(soup_of(zip_of({types, relations_to("/3D/part.model"), model})),
                     "content_type_unstated"));
    types = content_types();
    types.contents = replaced(types.contents,
                              "</Types>",
                              "<Override PartName=\"/3D/Part.model\" ContentType=\"image/png\"/>"
                              "</Types>");
    CHECK_THAT(refusal_of(zip_of({types, relations_to("/3D/part.model"), model})).message,
               Contains("image/png"));
}

TEST_CASE("a slicer's project is read without its settings, and says so") {
    const TriangleSoup soup = soup_of(
        zip_of({content_types(),
                relations_to("/3D/part.model"),
                {.name = "3D/part.model", .contents = model_of(cube_object(1, 20), one_item)},
                {.name = "Metadata/Slic3r_PE_model.config", .contents = "<config/>"}}));
    CHECK(soup.triangles.size() == 12);
    CHECK(has_remark(soup, "slicer_project"));
}

TEST_CASE("a damaged package is called damaged, not badly written") {
    auto file = package_of(model_of(cube_object(1, 20), one_item));
    // Somewhere in the packed model.
    file[file.size() / 2] ^= 0x55U;
    CHECK_THAT(refusal_of(file).message, Contains("damaged"));
}

}  // namespace
}  // namespace nearfab::geometry
