// SPDX-License-Identifier: GPL-3.0-or-later
// `nearfab check` with its options, right and wrong.

#include "tests/cli/run_program.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace nearfab::cli::test {
namespace {

using nlohmann::json;

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

constexpr const char* drawing =
    R"(<svg xmlns="http://www.w3.org/2000/svg" width="60mm" height="40mm" viewBox="0 0 60 40">)"
    R"(<g fill="none" stroke="#000"><rect x="5" y="5" width="50" height="30"/>)"
    R"(<circle cx="20" cy="20" r="4"/><path d="M57,10 v12"/></g></svg>)";

// The same without the open line, which no laser could cut.
constexpr const char* closed_drawing =
    R"(<svg xmlns="http://www.w3.org/2000/svg" width="60mm" height="40mm" viewBox="0 0 60 40">)"
    R"(<g fill="none" stroke="#000"><rect x="5" y="5" width="50" height="30"/>)"
    R"(<circle cx="20" cy="20" r="4"/></g></svg>)";

constexpr const char* heading = "process,key,value,unit,confidence,source\n";

}  // namespace

TEST_CASE("check --process judges only what is named, and rejects what it cannot make") {
    const TemporaryFolder home;
    const Outcome some = run_nearfab(
        home, {"check", "--json", "--process", "sla", "--process", "fdm", example("wall_hook")});
    CHECK(some.exit_code == 0);
    const json verdicts = json::parse(some.out).at("verdicts");
    REQUIRE(verdicts.size() == 2);
    CHECK(verdicts[0].at("process") == "sla");
    CHECK(verdicts[1].at("process") == "fdm");
    const Outcome none =
        run_nearfab(home, {"check", "--process", "laser_cut", example("wall_hook")});
    CHECK(none.exit_code == 7);
    CHECK(has(none.err, "wall_hook.stl cannot be made by laser_cut"));
    const Outcome unknown =
        run_nearfab(home, {"check", "--process", "origami", example("wall_hook")});
    CHECK(unknown.exit_code == 2);
    CHECK(has(unknown.err, "--process: no limits are known for \"origami\""));
    CHECK(has(unknown.err, "use one of fdm, "));
}

TEST_CASE("check --limits replaces limits line by line, and a wrong line is named by its number") {
    const TemporaryFolder home;
    const auto check = [&](const std::string& csv, bool process = true) {
        const std::string file = home.write("mine.csv", csv).string();
        std::vector<std::string> words{"check", "--limits", file, example("wall_hook")};
        if (process) words.insert(words.end(), {"--process", "fdm"});
        return run_nearfab(home, words);
    };
    const std::string wall = std::string{heading} + "fdm,wall_min_mm,900,mm,read,mine\n";
    const Outcome strict = check(wall);
    CHECK(strict.exit_code == 7);
    CHECK(has(strict.err, "below 900 mm"));
    CHECK(check(wall, false).exit_code == 0);  // No process was asked for.
    const auto wrong = [&](const std::string& csv, const std::string& expected) {
        const Outcome outcome = check(csv);
        INFO(outcome.err);
        CHECK(outcome.exit_code == 2);
        CHECK(has(outcome.err, "mine.csv: "));
        CHECK(has(outcome.err, expected));
        CHECK(has(outcome.err, "\n  next: "));
    };
    wrong(std::string{heading} + "fdm,wall_min_mm,0.8\n", "line 2 of the limits has 3 fields");
    wrong(std::string{heading} + "\n# mine\nfdm,wall_min_mm,thin,mm,read,x\n",
          "line 4 of the limits: \"thin\" is not a number above 0");
    wrong(std::string{heading} + "fdm,wall_min_mm,-1,mm,read,x\n", "\"-1\" is not a number");
    wrong(std::string{heading} + "fdm,wal_min_mm,1,mm,read,x\n",
          "line 2 of the limits: \"wal_min_mm\" is no limit of a process");
    wrong(std::string{heading} + "FDM,wall_min_mm,1,mm,read,x\n", "\"FDM\" is no process");
    wrong(std::string{heading} + "fdm,wall_min_mm,1,inch,read,x\n", "is in mm, not in \"inch\"");
    wrong("", "the limits are empty");
    const Outcome missing =
        run_nearfab(home, {"check", "--limits", home.path() / "none.csv", example("wall_hook")});
    CHECK(missing.exit_code == 2);
    CHECK(has(missing.err, "none.csv"));
}

TEST_CASE("check --picture draws a solid and a drawing, and says what the colours mean") {
    const TemporaryFolder home;
    const std::string picture = (home.path() / "part.png").string();
    const Outcome solid = run_nearfab(home, {"check", "--picture", picture, example("wall_hook")});
    CHECK(solid.exit_code == 0);
    CHECK(has(solid.err, "picture: " + picture));
    CHECK(home.read("part.png").starts_with("\x89PNG\r\n"));
    const std::string flat = home.write("plate.svg", drawing).string();
    const Outcome plate = run_nearfab(home, {"check", "--picture", picture, flat});
    CHECK(plate.exit_code == 7);  // For the open cut.
    CHECK(has(plate.err, "black: outlines; blue: holes; red: open cuts"));
    CHECK(home.read("part.png").starts_with("\x89PNG\r\n"));
}

TEST_CASE("check --picture for nothing, for many files or into no folder says so") {
    const TemporaryFolder home;
    const std::string picture = (home.path() / "part.png").string();
    const Outcome many = run_nearfab(
        home, {"check", "--picture", picture, example("wall_hook"), example("tool_rack")});
    CHECK(many.exit_code == 2);
    CHECK(has(many.err, "--picture draws one part, and there are 2 files"));
    const Outcome nowhere = run_nearfab(
        home, {"check", "--picture", home.path() / "no" / "part.png", example("wall_hook")});
    CHECK(nowhere.exit_code == 2);
    CHECK(nowhere.out.empty());
    CHECK(has(nowhere.err, "--picture: there is no folder"));
    const Outcome unread = run_nearfab(
        home, {"check", "--picture", picture, home.write("x.stl", "what is this").string()});
    CHECK(unread.exit_code == 7);
    CHECK(has(unread.err, "no picture: the file could not be read"));
    std::string point{"solid p\n"};
    for (int i = 0; i < 4; ++i)
        point +=
            "facet normal 0 0 0\nouter loop\nvertex 1 1 1\nvertex 1 1 1\nvertex 1 1 1\n"
            "endloop\nendfacet\n";
    const Outcome empty = run_nearfab(
        home, {"check", "--picture", picture, home.write("p.stl", point + "endsolid\n").string()});
    CHECK(empty.exit_code == 7);
    CHECK(has(empty.err, "no picture: no triangle of the part has an area"));
    CHECK(home.read("part.png").empty());
}

TEST_CASE("check --json tells walls, gaps, holes, self-intersections and verdicts of a solid") {
    const TemporaryFolder home;
    const Outcome outcome = run_nearfab(home, {"check", "--json", example("tool_rack")});
    REQUIRE(outcome.exit_code == 0);
    const json out = json::parse(outcome.out);
    CHECK(out.at("accepted") == true);
    CHECK(out.at("self_intersections") == 0);
    CHECK(out.at("self_intersection_places").empty());
    CHECK(out.at("wall_thickness_mm_min").get<double>() > 2);  // No slivers.
    CHECK(out.at("smallest_gap_mm") == out.at("gaps").at("min_mm"));
    // The screw holes, of 4.5 mm by 48 sides.
    REQUIRE_FALSE(out.at("holes").empty());
    CHECK(out.at("smallest_hole_mm").get<double>() == Approx(4.49).margin(0.03));
    CHECK(out.at("holes")[0].at("diameter_mm") == out.at("smallest_hole_mm"));
    CHECK(out.at("findings").empty());
    CHECK(out.at("verdicts").size() == 6);
    const Outcome text = run_nearfab(home, {"check", example("tool_rack")});
    CHECK(has(text.out, "holes        = smallest 4."));
    CHECK_FALSE(has(text.out, "sliver"));
}

TEST_CASE("check --json tells the necks, holes and open ends of a drawing with their places") {
    const TemporaryFolder home;
    const Outcome outcome =
        run_nearfab(home, {"check", "--json", home.write("plate.svg", drawing).string()});
    REQUIRE(outcome.exit_code == 7);
    const json out = json::parse(outcome.out);
    CHECK(out.at("accepted") == false);
    CHECK(has(out.at("error").at("message"), "plate.svg: no process makes it by the limits of "));
    CHECK(out.at("error").at("where") == "at 57.0, 30.0, 0.0");
    CHECK(out.at("format") == "svg");
    CHECK(out.at("outer_loops") == 1);
    CHECK(out.at("inner_loops") == 1);
    CHECK(out.at("open_ends") == 2);
    CHECK(out.at("smallest_hole_mm").get<double>() == Approx(8));
    CHECK(out.at("smallest_hole_at_mm").size() == 2);
    CHECK(out.at("narrowest_wall_mm").is_number());
    CHECK(out.at("narrowest_wall_at_mm").size() == 2);
    CHECK(out.at("findings")[0].at("severity") == "warning");
}

TEST_CASE("check --operation says what is done along which lines") {
    const TemporaryFolder home;
    const std::string drawing =
        home.write("panel.svg",
                   R"(<svg xmlns="http://www.w3.org/2000/svg" width="60mm" height="40mm" )"
                   R"(viewBox="0 0 60 40" fill="none"><rect x="5" y="5" width="50" height="30" )"
                   R"(stroke="#000"/><path d="M10 10H50" stroke="#00f"/></svg>)")
            .string();
    const json plain = json::parse(run_nearfab(home, {"check", "--json", drawing}).out);
    CHECK(plain.at("engrave_length_mm") == 0);
    CHECK(plain.at("open_ends") == 2);
    CHECK(plain.at("slits") == 1);
    CHECK(plain.at("error").is_null());
    const Outcome outcome =
        run_nearfab(home, {"check", "--json", "--operation", "blue=engrave", drawing});
    CHECK(outcome.exit_code == 0);
    const json said = json::parse(outcome.out);
    CHECK(said.at("engrave_length_mm").get<double>() == Approx(40));
    CHECK(said.at("open_ends") == 0);

    const Outcome unmatched =
        run_nearfab(home, {"check", "--operation", "layer:Fold=score", drawing});
    CHECK(unmatched.exit_code == 7);
    CHECK(has(unmatched.out, "on a layer named \"Fold\""));
    CHECK(has(unmatched.out, "#0000ff (1 line)"));
    const Outcome unknown = run_nearfab(home, {"check", "--operation", "blue=carve", drawing});
    CHECK(unknown.exit_code == 2);
    CHECK(has(unknown.err, "use cut, score, engrave or ignore"));
    const Outcome unused =
        run_nearfab(home, {"check", "--operation", "blue=cut", example("wall_hook")});
    CHECK(unused.exit_code == 0);
    CHECK(has(unused.err, "warning: --operation was not used"));
}

TEST_CASE("check --unit says the unit of a drawing that states none, and quote takes it then") {
    const TemporaryFolder home;
    const std::string circle =
        home.write("disc.dxf",
                   "0\nSECTION\n2\nENTITIES\n0\nCIRCLE\n8\n0\n10\n0\n20\n0\n40\n0.5\n0\n"
                   "ENDSEC\n0\nEOF\n")
            .string();
    const Outcome unsaid = run_nearfab(home, {"check", circle});
    CHECK(unsaid.exit_code == 0);
    CHECK(has(unsaid.out, "makeable once its unit is known"));
    CHECK(has(unsaid.out, "--unit mm, --unit inch"));
    const json asked = json::parse(run_nearfab(home, {"check", "--json", circle}).out);
    CHECK(asked.at("unit") == "unstated");
    CHECK(asked.at("unit_origin") == "none");
    const json said =
        json::parse(run_nearfab(home, {"check", "--json", "--unit", "inch", circle}).out);
    CHECK(said.at("unit") == "inch");
    CHECK(said.at("unit_origin") == "given");
    CHECK(said.at("unit_mm") == 25.4);
    CHECK(said.at("bounds_mm").at("max")[0].get<double>() == Approx(12.7));
    CHECK(said.at("findings").empty());
    CHECK(said.at("smallest_rectangle_mm")[0].get<double>() == Approx(25.4).margin(0.1));

    const std::vector<std::string> quote{"quote", circle, "--at", "45,4", "--licence", "MIT"};
    const Outcome refused = run_nearfab(home, quote);
    CHECK(refused.exit_code == 7);
    CHECK(has(refused.err, "does not say how long its unit is"));
    CHECK(has(refused.err, "--unit"));
    std::vector<std::string> with_unit = quote;
    with_unit.insert(with_unit.end(), {"--unit", "inch"});
    const Outcome taken = run_nearfab(home, with_unit);  // Ends for want of a router.
    CHECK(taken.exit_code != 7);
    CHECK_FALSE(has(taken.err, "how long its unit is"));
}

TEST_CASE("check --unit holds for meshes too, and not against a file that knows better") {
    const TemporaryFolder home;
    const json inches = json::parse(
        run_nearfab(home, {"check", "--json", "--unit", "in", example("wall_hook")}).out);
    const json plain =
        json::parse(run_nearfab(home, {"check", "--json", example("wall_hook")}).out);
    CHECK(plain.at("unit") == "unstated");
    CHECK(inches.at("unit") == "inch");
    CHECK(inches.at("volume_mm3").get<double>() ==
          Approx(25.4 * 25.4 * 25.4 * plain.at("volume_mm3").get<double>()).epsilon(1e-4));
    CHECK(plain.at("design") == inches.at("design"));
    CHECK(plain.at("centre_of_mass_mm").size() == 3);
    const std::string page = home.write("plate.svg", drawing).string();
    const Outcome refused = run_nearfab(home, {"check", "--unit", "mm", page});
    CHECK(refused.exit_code == 7);
    CHECK(has(refused.err, "states its physical size"));
    const Outcome unknown = run_nearfab(home, {"check", "--unit", "furlong", page});
    CHECK(unknown.exit_code == 2);
    CHECK(has(unknown.err, "px (1/96 inch)"));
}

TEST_CASE("check --bed and --thickness look at drawings as well") {
    const TemporaryFolder home;
    const std::string page = home.write("plate.svg", closed_drawing).string();
    const Outcome large = run_nearfab(home, {"check", "--bed", "5x5x5", page});
    CHECK(large.exit_code == 7);
    CHECK(has(large.err, "does not fit"));
    const json fits = json::parse(
        run_nearfab(home, {"check", "--json", "--bed", "500x500x5", "--thickness", "3", page}).out);
    CHECK(fits.at("fit").at("fits") == true);
    bool estimated = false;
    for (const json& one : fits.at("estimates")) {
        if (one.at("process") != "laser_cut") continue;
        estimated = true;
        CHECK(one.at("time_s").get<double>() > 0);
        CHECK(one.at("material_mm3").get<double>() > 0);
    }
    CHECK(estimated);
    const json bare = json::parse(run_nearfab(home, {"check", "--json", page}).out);
    bool without_mass = false;
    for (const json& one : bare.at("estimates"))
        without_mass =
            without_mass || (one.at("process") == "laser_cut" && one.at("mass_g").is_null());
    CHECK(without_mass);
    const Outcome too_thick =
        run_nearfab(home, {"check", "--bed", "500x500x5", "--thickness", "8", page});
    CHECK(too_thick.exit_code == 7);
    CHECK(run_nearfab(home, {"check", "--thickness", "0", page}).exit_code == 2);
}

TEST_CASE("what is wrong with a surface has a place") {
    const TemporaryFolder home;
    // A tetrahedron without its fourth side.
    const std::string file = home.write("open.off",
                                        "OFF\n4 3 0\n0 0 0\n20 0 0\n0 20 0\n0 0 20\n"
                                        "3 0 2 1\n3 0 1 3\n3 0 3 2\n")
                                 .string();
    const Outcome outcome = run_nearfab(home, {"check", "--json", file});
    CHECK(outcome.exit_code == 7);
    const json out = json::parse(outcome.out);
    CHECK(out.at("error").at("where") == "at 10.0, 10.0, 0.0");
    CHECK(out.at("findings")[0].at("rule") == "open_mesh");
    CHECK(out.at("findings")[0].at("at_mm") == json::array({10.0, 10.0, 0.0}));
}

TEST_CASE("a part that no process makes is rejected, with the nearest process and its reason") {
    const TemporaryFolder home;
    // A tetrahedron of a fiftieth of a millimetre.
    const std::string dust = home.write("dust.off",
                                        "OFF\n4 4 0\n0 0 0\n0.02 0 0\n0 0.02 0\n0 0 0.02\n"
                                        "3 0 2 1\n3 0 1 3\n3 1 2 3\n3 0 3 2\n")
                                 .string();
    const Outcome outcome = run_nearfab(home, {"check", dust});
    CHECK(outcome.exit_code == 7);
    CHECK(has(outcome.out, "readable, but no process makes it by the limits of typical machines"));
    CHECK(has(outcome.out, "size         = 0.02 x 0.02 x 0.02 mm"));
    CHECK_FALSE(has(outcome.out, "makeable"));
    CHECK(has(outcome.err, "dust.off: no process makes it by the limits of typical machines; "));
    const Outcome named = run_nearfab(
        home, {"check", "--process", "laser_cut", "--process", "sls", example("tool_rack")});
    CHECK(named.exit_code == 0);
    const Outcome neither =
        run_nearfab(home, {"check", "--process", "laser_cut", "--process", "sls", dust});
    CHECK(has(neither.out, "readable, but none of laser_cut, sls makes it by the limits"));
    const std::string open = home.write("plate.svg", drawing).string();
    const Outcome cut = run_nearfab(home, {"check", open});
    CHECK(cut.exit_code == 7);
    CHECK(has(cut.err, ": 2 ends of lines meet no other line"));
    CHECK_FALSE(has(cut.err, "quote"));  // No machine of anybody cuts that.
}

TEST_CASE("every reason of every process is listed with its place, and shared ones once") {
    const TemporaryFolder home;
    // A plate of 0.05 mm.
    const std::string foil =
        home.write("foil.off",
                   "OFF\n8 6 0\n0 0 0\n50 0 0\n50 50 0\n0 50 0\n0 0 0.05\n50 0 0.05\n"
                   "50 50 0.05\n0 50 0.05\n4 3 2 1 0\n4 0 1 5 4\n4 1 2 6 5\n4 2 3 7 6\n"
                   "4 3 0 4 7\n4 4 5 6 7\n")
            .string();
    const Outcome outcome = run_nearfab(home, {"check", foil});
    INFO(outcome.out);
    CHECK(outcome.exit_code == 0);  // A laser cuts it.
    CHECK(has(outcome.out, "size         = 50.0 x 50.0 x 0.05 mm"));
    CHECK(has(outcome.out, "PROCESS    VERDICT  TIME"));
    CHECK(has(outcome.out, "MATERIAL\n"));
    CHECK(
        has(outcome.out,
            "  no wall_too_thin (sla, cnc_mill): the thinnest wall is 0.05 mm, below 0.5 mm, at "));
    CHECK(has(outcome.out, "0.13 cm3 +-20 %"));
}

TEST_CASE("what a harmless mend would do is said, and an open surface has no volume") {
    const TemporaryFolder home;
    const std::string box =
        "0 0 0\n20 0 0\n20 20 0\n0 20 0\n0 0 20\n20 0 20\n20 20 20\n0 20 20\n"
        "4 3 2 1 0\n4 0 1 5 4\n4 1 2 6 5\n4 2 3 7 6\n4 3 0 4 7\n";
    const Outcome turned = run_nearfab(
        home, {"check", home.write("a.off", "OFF\n8 7 0\n" + box + "3 4 5 6\n3 4 7 6\n").string()});
    INFO(turned.out);
    CHECK(
        has(turned.out,
            "mend         = flip 1 triangle; then closed and oriented (your file is not changed)"));
    CHECK(has(turned.out, "volume       = unknown, the triangles do not face the same way"));
    CHECK(has(turned.err, "a.off cannot be made as it is: misoriented, at "));
    CHECK_FALSE(has(turned.err, "two triangles face opposite ways"));  // Stands in the report.
    const Outcome open =
        run_nearfab(home, {"check", home.write("b.off", "OFF\n8 5 0\n" + box).string()});
    CHECK(has(open.out, "volume       = unknown, the surface is open"));
    CHECK_FALSE(has(open.out, "mend "));
}

TEST_CASE("options that no file could use are remarked") {
    const TemporaryFolder home;
    const std::vector<std::string> words{
        "check", "--thickness", "3", "--step-linear", "0.01", example("wall_hook")};
    const Outcome outcome = run_nearfab(home, words);
    CHECK(outcome.exit_code == 0);
    CHECK(has(outcome.err, "warning: --thickness was not used"));
    CHECK(has(outcome.err, "warning: --step-linear and --step-angular were not used"));
    std::vector<std::string> both = words;
    both.push_back(home.write("plate.svg", closed_drawing).string());
    CHECK_FALSE(has(run_nearfab(home, both).err, "--thickness"));
}

TEST_CASE("check --picture says at once where nothing can be written") {
    const TemporaryFolder home;
    const Outcome folder =
        run_nearfab(home, {"check", "--picture", home.path().string(), example("wall_hook")});
    CHECK(folder.exit_code == 2);
    CHECK(folder.out.empty());
    CHECK(has(folder.err, "is a folder"));
    const Outcome near = run_nearfab(home, {"check", "--process", "fmd", example("wall_hook")});
    CHECK(near.exit_code == 2);
    CHECK(has(near.err, "did you mean fdm?"));
}

TEST_CASE("check --bed finds the way up of a part that was drawn askew") {
    const TemporaryFolder home;
    const std::string file = home.write("askew.off",
                                        "OFF\n"
                                        "8 6 0\n"
                                        "0.0000 0.0000 0.0000\n"
                                        "95.6305 0.0000 -29.2372\n"
                                        "2.8349 17.4924 9.2725\n"
                                        "98.4654 17.4924 -19.9647\n"
                                        "2.5571 -4.8481 8.3640\n"
                                        "98.1876 -4.8481 -20.8731\n"
                                        "5.3920 12.6443 17.6365\n"
                                        "101.0225 12.6443 -11.6006\n"
                                        "4 0 2 3 1\n"
                                        "4 4 5 7 6\n"
                                        "4 0 1 5 4\n"
                                        "4 2 6 7 3\n"
                                        "4 0 4 6 2\n"
                                        "4 1 3 7 5\n")
                                 .string();
    const Outcome text = run_nearfab(home, {"check", "--bed", "101x21x11", file});
    CHECK(text.exit_code == 0);
    CHECK(has(text.out, "turn it so in your CAD program"));
    const json fit =
        json::parse(run_nearfab(home, {"check", "--json", "--bed", "101x21x11", file}).out)
            .at("fit");
    CHECK(fit.at("fits") == true);
    CHECK(fit.at("up_axis").is_null());
    CHECK(fit.at("up").size() == 3);
    const json small =
        json::parse(run_nearfab(home, {"check", "--json", "--bed", "95x21x11", file}).out);
    CHECK(small.at("accepted") == false);
    CHECK(small.at("fit").at("excess_mm").get<double>() < 6);
    const json standing =
        json::parse(run_nearfab(home, {"check", "--json", "--bed", "200x200x200", file}).out);
    CHECK(standing.at("fit").at("up_axis") == "z");
    CHECK(standing.at("fit").at("up") == json::array({0.0, 0.0, 1.0}));
}

TEST_CASE("check --picture never replaces a file that is read, whatever it is called") {
    const TemporaryFolder home;
    const std::string part = home.read(home.write("part.svg", closed_drawing).filename());
    const std::filesystem::path file = home.path() / "part.svg";
    std::filesystem::create_symlink(file, home.path() / "soft.png");
    std::filesystem::create_hard_link(file, home.path() / "hard.png");
    std::filesystem::create_directory(home.path() / "sub");
    for (const auto& name : {file,
                             home.path() / "sub" / ".." / "part.svg",
                             home.path() / "soft.png",
                             home.path() / "hard.png"}) {
        const Outcome outcome = run_nearfab(home, {"check", file, "--picture", name});
        INFO(name);
        CHECK(outcome.exit_code == 2);
        CHECK(outcome.out.empty());
        CHECK(has(outcome.err, "is the file to be checked, which the picture would replace"));
        CHECK(has(outcome.err, "\n  next: "));
        CHECK(home.read("part.svg") == part);
    }
    const std::string limits = std::string{heading} + "laser_cut,kerf_mm,0.2,mm,read,mine\n";
    const std::filesystem::path own = home.write("mine.csv", limits);
    const Outcome outcome = run_nearfab(home, {"check", file, "--limits", own, "--picture", own});
    CHECK(outcome.exit_code == 2);
    CHECK(home.read("mine.csv") == limits);
    // A picture of before may be replaced.
    home.write("old.png", "old");
    CHECK(run_nearfab(home, {"check", file, "--picture", home.path() / "old.png"}).exit_code == 0);
    CHECK(home.read("old.png") != "old");
}

TEST_CASE("a solid that cuts itself is warned about in text and in JSON, and accepted") {
    const TemporaryFolder home;
    // Two tetrahedra through each other.
    const std::string file = home.write("two.off",
                                        "OFF\n8 8 0\n0 0 0\n20 0 0\n0 20 0\n0 0 20\n"
                                        "2 2 -5\n22 2 -5\n2 22 -5\n2 2 15\n"
                                        "3 0 2 1\n3 0 1 3\n3 1 2 3\n3 0 3 2\n"
                                        "3 4 6 5\n3 4 5 7\n3 5 6 7\n3 4 7 6\n")
                                 .string();
    const Outcome text = run_nearfab(home, {"check", file});
    CHECK(text.exit_code == 0);
    CHECK(has(text.out, "warning self_intersecting: the surface cuts or touches itself: "));
    const json out = json::parse(run_nearfab(home, {"check", "--json", file}).out);
    CHECK(out.at("self_intersections").get<int>() > 0);
    CHECK_FALSE(out.at("self_intersection_places").empty());
    bool found = false;
    for (const json& one : out.at("findings"))
        found = found || one.at("rule") == "self_intersecting";
    CHECK(found);
}

}  // namespace nearfab::cli::test
