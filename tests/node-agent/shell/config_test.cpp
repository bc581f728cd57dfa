// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/config.hpp"

#include "tests/folders.hpp"
#include "tests/host/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::agent {
namespace {

const std::string whole = R"([agent]
title = "FabLab Lyon"
place = "45.7640,4.8357"
state_directory = "state"

[router]
endpoint = "tcp://router.example.org:7440"
public_key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
key_file = "agent.key"

[terms]
licences = ["open"]

[intervals]
progress_s = 0.5

[[machine]]
id = "small"
process = "FFF"
model = "Small printer"
envelope_mm = [180, 180, 170.5]
materials = [{id = "PLA", grams = 800, nozzle_c = 205}, {id = "petg", grams = 250}]
min_feature_mm = 0.4
tolerance_mm = 0.2
build_rate_cm3_per_h = 12
profile = "small_printer.ini"
acceptance = "automatic"
driver = {kind = "simulated", speed = 200, directory = "small"}
)";

std::string with(const std::string& from, const std::string& to) {
    std::string text = whole;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::string complaint(const std::string& text) {
    const auto config = parse_config(text, "/etc/nearfab/agent.toml");
    REQUIRE_FALSE(config);
    CHECK(config.error().code == ErrorCode::config);
    return config.error().message + " | " + config.error().next;
}

TEST_CASE("a complete configuration is understood", "[agent][config]") {
    const auto config = parse_config(whole, "/etc/nearfab/agent.toml");
    INFO((config ? "" : config.error().message));
    REQUIRE(config);
    CHECK(config->core.title == "FabLab Lyon");
    CHECK(config->core.owner.empty());
    CHECK(config->core.place == Place{45.764, 4.8357});
    CHECK(config->state_directory == "/etc/nearfab/state");
    CHECK(config->control_socket == "/etc/nearfab/state/agent.sock");
    CHECK(config->core.intervals.progress == Duration{500});
    CHECK(config->core.intervals.advert == Duration{30'000});
    REQUIRE(config->machines.size() == 1);
    const Capability& machine = config->core.machines.at(0).capability;
    CHECK(machine.process == ProcessId{"fdm"});
    CHECK(machine.envelope_z_mm == 170.5);
    CHECK(machine.materials ==
          std::vector<MaterialStock>{{MaterialId{"pla"}, 800}, {MaterialId{"petg"}, 250}});
    CHECK(config->core.machines.at(0).acceptance == Acceptance::automatic);
    CHECK(config->machines.at(0).profile == "/etc/nearfab/small_printer.ini");
    CHECK(config->machines.at(0).limits.envelope == geometry::WorkEnvelope{180, 180, 170.5});
    CHECK(config->machines.at(0).materials.at(MaterialId{"pla"}).nozzle_c == 205);
    CHECK(config->machines.at(0).driver.speed == 200);
    CHECK_FALSE(config->machines.at(0).driver.bed_clear_at_first_start);
}

TEST_CASE("a machine asks its operator unless told otherwise", "[agent][config]") {
    const auto config = parse_config(with("acceptance = \"automatic\"\n", ""), "agent.toml");
    REQUIRE(config);
    CHECK(config->core.machines.at(0).acceptance == Acceptance::manual);
}

TEST_CASE("pieces share a run only where the fab says how many", "[agent][config]") {
    const auto asking = [](const std::string& line) {
        return parse_config(with("acceptance = \"automatic\"\n", line), "agent.toml");
    };
    REQUIRE(asking(""));
    CHECK(asking("")->core.machines.at(0).pieces_per_plate == 1);
    REQUIRE(asking("pieces_per_plate = 4\n"));
    CHECK(asking("pieces_per_plate = 4\n")->core.machines.at(0).pieces_per_plate == 4);
    for (const char* line : {"pieces_per_plate = 0\n", "pieces_per_plate = 33\n"}) {
        const auto wrong = asking(line);
        REQUIRE_FALSE(wrong);
        CHECK_THAT(wrong.error().message, Catch::Contains("pieces_per_plate"));
    }
}

// With what a fab asks and takes, before the machine.
std::string with_figures(const std::string& fab, const std::string& machine) {
    std::string text = with("[[machine]]\n", fab + "[[machine]]\n");
    const std::string anchor = "acceptance = \"automatic\"\n";
    return text.replace(text.find(anchor), anchor.size(), anchor + machine);
}

Result<Capability> capability_of(const std::string& text) {
    const auto config = parse_config(text, "/etc/nearfab/agent.toml");
    if (!config) return fail(config.error());
    return config->core.machines.at(0).capability;
}

TEST_CASE("a fab states rates, and a machine what is different", "[agent][config]") {
    const auto plain = capability_of(whole);
    REQUIRE(plain);
    CHECK_FALSE(plain->rates);
    CHECK_FALSE(plain->energy);
    const std::string rates =
        "[rates]\ncurrency = \"eur\"\nsetup = 150\nper_hour = 120\nper_kg = 3000\n";
    const auto usual = capability_of(with_figures(rates, ""));
    REQUIRE(usual);
    CHECK(usual->rates == Rates{"EUR", 150, 120, 3000});
    const auto own = capability_of(with_figures(rates, "rates = {per_hour = 300}\n"));
    REQUIRE(own);
    CHECK(own->rates == Rates{"EUR", 150, 300, 3000});
    std::string priced = with_figures(rates, "");
    priced.replace(priced.find("grams = 800"), 11, "grams = 800, per_kg = 2500");
    const auto material = capability_of(priced);
    REQUIRE(material);
    CHECK(material->rates == Rates{"EUR", 150, 120, 3000, {{MaterialId{"pla"}, 2500}}});
}

TEST_CASE("power and electricity are stated or taken from a table", "[agent][config]") {
    const auto stated =
        capability_of(with_figures("[energy]\ngrid_gco2e_per_kwh = 20.5\n", "power_w = 95\n"));
    REQUIRE(stated);
    CHECK(stated->energy == Energy{95, 20.5, 0, 0, "stated by the fab", "stated by the fab"});
    const auto looked_up = capability_of(
        with_figures("[energy]\ncountry = \"fra\"\n", "power_like = \"fdm_open_220\"\n"));
    REQUIRE(looked_up);
    CHECK(looked_up->energy == Energy{100, 56, 70, 160, "fdm_open_220 (read)", "FRA 2023 (read)"});
    const auto without = capability_of(with_figures("[energy]\ncountry = \"FRA\"\n", ""));
    REQUIRE(without);
    CHECK_FALSE(without->energy);
}

TEST_CASE("wrong rates and powers are refused with what to write", "[agent][config]") {
    const std::string rates = "[rates]\ncurrency = \"EUR\"\n";
    CHECK_THAT(complaint(with_figures("[rates]\nsetup = 1\n", "")), Catch::Contains("currency"));
    CHECK_THAT(complaint(with_figures("[rates]\ncurrency = \"EUT\"\n", "")),
               Catch::Contains("\"EUT\" is no currency of ISO 4217; did you mean \"EUR\"?"));
    CHECK_THAT(complaint(with_figures(rates + "setup = -1\n", "")), Catch::Contains("setup"));
    CHECK_THAT(complaint(with_figures(rates + "per_hour = 1.5\n", "")),
               Catch::Contains("per_hour"));
    CHECK_THAT(complaint(with_figures(rates + "per_kg = 100000000001\n", "")),
               Catch::Contains("100000000000"));
    CHECK_THAT(complaint(with_figures("", "rates = {per_hour = 5}\n")),
               Catch::Contains("currency"));
    std::string priced = whole;
    priced.replace(priced.find("grams = 800"), 11, "grams = 800, per_kg = 2500");
    CHECK_THAT(complaint(priced), Catch::Contains("nobody says in which currency"));
    CHECK_THAT(complaint(with_figures("[energy]\ncountry = \"FR\"\n", "")),
               Catch::Contains("did you mean \"FRA\"?"));
    CHECK_THAT(complaint(with_figures("[energy]\n", "")), Catch::Contains("country"));
    CHECK_THAT(complaint(with_figures("[energy]\ncountry = \"FRA\"\ngrid_gco2e_per_kwh = 3\n", "")),
               Catch::Contains("both given"));
    CHECK_THAT(complaint(with_figures("[energy]\ngrid_gco2e_per_kwh = nan\n", "")),
               Catch::Contains("grid_gco2e_per_kwh"));
    CHECK_THAT(complaint(with_figures("", "power_w = 95\n")),
               Catch::Contains("nobody says what its electricity emits"));
    const std::string energy = "[energy]\ncountry = \"FRA\"\n";
    CHECK_THAT(complaint(with_figures(energy, "power_w = -1\n")), Catch::Contains("power_w"));
    CHECK_THAT(complaint(with_figures(energy, "power_w = 1e9\n")), Catch::Contains("1000000"));
    CHECK_THAT(complaint(with_figures(energy, "power_like = \"fdm_open_20\"\n")),
               Catch::Contains("did you mean \"fdm_open_220\"?"));
    CHECK_THAT(complaint(with_figures(energy, "power_w = 1\npower_like = \"fdm_open_220\"\n")),
               Catch::Contains("both given"));
}

TEST_CASE("a wrong configuration is refused with file, line and what to write", "[agent][config]") {
    CHECK_THAT(complaint(with("progress_s", "progres_s")),
               Catch::Contains("/etc/nearfab/agent.toml:15") && Catch::Contains("progress_s"));
    CHECK_THAT(complaint(with("\"45.7640,4.8357\"", "\"Lyon\"")),
               Catch::Contains("agent.toml:3") && Catch::Contains("no place"));
    CHECK_THAT(complaint(with("id = \"PLA\"", "id = \"plaa\"")),
               Catch::Contains("plaa") && Catch::Contains("did you mean \"pla\""));
    CHECK_THAT(complaint(with("\"FFF\"", "\"knitting\"")),
               Catch::Contains("no process is called \"knitting\"") && Catch::Contains("fdm"));
    CHECK_THAT(complaint(with("tcp://", "ipc://")), Catch::Contains("is not tcp"));
    CHECK_THAT(complaint(with("rq:rM", "rq")), Catch::Contains("is no public key"));
    CHECK_THAT(complaint(with("180, 180, 170.5", "180, 180")), Catch::Contains("envelope_mm"));
    CHECK_THAT(complaint(with("grams = 800", "grams = -1")), Catch::Contains("grams"));
    CHECK_THAT(complaint(with("id = \"petg\"", "id = \"pla\"")),
               Catch::Contains("pla is listed twice"));
    CHECK_THAT(complaint(with("\"simulated\"", "\"duet\"")), Catch::Contains("simulated"));
    CHECK_THAT(complaint(with("speed = 200", "speed = 0")), Catch::Contains("speed"));
    CHECK_THAT(complaint(with("\"automatic\"", "\"maybe\"")), Catch::Contains("manual"));
    CHECK_THAT(complaint(with("id = \"small\"", "id = \"../small\"")), Catch::Contains("is no id"));
    CHECK_THAT(complaint(with("[\"open\"]", "[]")), Catch::Contains("no licence"));
    CHECK_THAT(complaint(with("[\"open\"]", "[\"opne\"]")),
               Catch::Contains("agent.toml:12") && Catch::Contains("\"opne\"") &&
                   Catch::Contains("expected") && Catch::Contains("did you mean \"open\"?"));
    CHECK_THAT(complaint(with("[\"open\"]", "[\"open\"]\nsubmitters = [\"ada lovelace\"]")),
               Catch::Contains("agent.toml:13") && Catch::Contains("ada lovelace"));
    CHECK_THAT(complaint(with("speed = 200", "bed_clear_at_first_strat = true")),
               Catch::Contains("bed_clear_at_first_start"));
    CHECK_THAT(complaint(with("speed = 200", "bed_clear_at_first_start = 1")),
               Catch::Contains("bed_clear_at_first_start"));
    CHECK_THAT(complaint(with("title = \"FabLab Lyon\"\n", "")), Catch::Contains("title"));
    const std::string owner = "title = \"FabLab Lyon\"\nowner = ";
    CHECK_THAT(
        complaint(with("title = \"FabLab Lyon\"", owner + "\"" + std::string(201, 'x') + "\"")),
        Catch::Contains("owner") && Catch::Contains("200"));
    const auto owned = parse_config(with("title = \"FabLab Lyon\"", owner + "\"City of Lyon\""),
                                    "/etc/nearfab/agent.toml");
    REQUIRE(owned);
    CHECK(owned->core.owner == "City of Lyon");
    const std::string state = "state_directory = \"state\"";
    CHECK_THAT(complaint(with(state, state + "\nwork_orders_max = 501")),
               Catch::Contains("work_orders_max") && Catch::Contains("500"));
    CHECK(parse_config(with(state, state + "\nwork_orders_max = 500"), "/etc/nearfab/agent.toml"));
    CHECK_THAT(complaint("[agent]\ntitle = "), Catch::Contains("agent.toml:2"));
    CHECK_THAT(complaint(""), Catch::Contains("[agent]"));
    CHECK_THAT(complaint(with("state_directory = \"state\"",
                              "state_directory = \"" + std::string(120, 'x') + "\"")),
               Catch::Contains("control socket"));
}

// A file on the disk, with a laser that has a profile.
Result<Config> load_laser(const std::string& process,
                          const std::string& profile,
                          const std::string& materials) {
    const test::ScratchDirectory folder;
    const std::string machines = R"(
[[machine]]
id = "cutter"
process = ")" + process + R"("
envelope_mm = [900, 600, 80]
materials = [)" + materials + R"(]
min_feature_mm = 0.3
tolerance_mm = 0.15
build_rate_cm3_per_h = 60
profile = ")" + tests::source_folder() +
                                 "/examples/profiles/" + profile + R"("
driver = {kind = "simulated", directory = "cutter"}
)";
    std::ofstream{folder / "agent.toml"} << whole.substr(0, whole.find("[[machine]]")) + machines;
    return load_config(folder / "agent.toml");
}

TEST_CASE("a laser or mill with a profile takes work", "[agent][config]") {
    const std::string ply = "{id = \"plywood_birch\", grams = 1}";
    for (const auto& [process, profile] :
         {std::pair{"laser_cut", "laser.toml"}, std::pair{"cnc_mill", "mill.toml"}}) {
        const auto config = load_laser(process, profile, ply);
        if (!config) FAIL(config.error().message);
        CHECK(config->machines.at(0).cutter);
        const auto& can = config->core.preparable;
        CHECK(std::find(can.begin(), can.end(), ProcessId{process}) != can.end());
    }
}

TEST_CASE("a profile has to be there, of the right kind, and know the materials",
          "[agent][config]") {
    const std::string ply = "{id = \"plywood_birch\", grams = 1}";
    CHECK_THAT(load_laser("laser_cut", "none.toml", ply).error().message,
               Catch::Contains("there is no profile"));
    CHECK_THAT(load_laser("laser_cut", "mill.toml", ply).error().message,
               Catch::Contains("is the profile of a mill"));
    CHECK_THAT(load_laser("laser_cut", "laser.toml", "{id = \"pom\", grams = 1}").error().message,
               Catch::Contains("has no settings"));
}

// A file on the disk with the machine of `whole`, changed like this, and more under [agent].
Result<Config> load_printer(const std::string& profile,
                            const std::string& agent,
                            const std::vector<std::pair<std::string, std::string>>& changes = {}) {
    const test::ScratchDirectory folder;
    std::string text = with("\"small_printer.ini\"",
                            "\"" + tests::source_folder() + "/examples/profiles/" + profile + "\"");
    text.replace(text.find("[agent]\n"), 8, "[agent]\n" + agent);
    for (const auto& [from, to] : changes) {
        const auto at = text.find(from);
        REQUIRE(at != std::string::npos);
        text.replace(at, from.size(), to);
    }
    std::ofstream{folder / "agent.toml"} << text;
    return load_config(folder / "agent.toml");
}

TEST_CASE("a printer's profile chooses the slicer, which has to be here", "[agent][config]") {
    const std::string both = "slicer = \"/bin/true\"\ncura_engine = \"/bin/true\"\n";
    const auto prusa = load_printer("small_printer.ini", both);
    if (!prusa) FAIL(prusa.error().message);
    CHECK(prusa->machines.at(0).printer->slicer == Slicer::prusa_slicer);
    const auto cura = load_printer("small_printer_cura.toml", both);
    if (!cura) FAIL(cura.error().message);
    CHECK(cura->machines.at(0).printer->slicer == Slicer::cura_engine);
    CHECK(cura->machines.at(0).printer->file.is_absolute());

    const std::string none = "slicer = \"/bin/true\"\ncura_engine = \"/nowhere/CuraEngine\"\n";
    CHECK(load_printer("small_printer.ini", none));
    const auto missing = load_printer("small_printer_cura.toml", none);
    REQUIRE_FALSE(missing);
    CHECK_THAT(missing.error().message,
               Catch::Contains("machine small: CuraEngine is not installed at /nowhere"));
    CHECK_THAT(missing.error().next, Catch::Contains("install the package cura-engine"));
}

const std::string resin_driver = R"({kind = "hand_off", directory = "resin-inbox"})";

// The resin printer of examples/profiles, changed like this.
Result<Config> load_resin(std::vector<std::pair<std::string, std::string>> changes = {},
                          const std::string& profile = "resin_printer.ini") {
    changes.insert(changes.begin(),
                   {{"\"FFF\"", "\"resin\""},
                    {"[180, 180, 170.5]", "[110, 60, 140]"},
                    {R"({kind = "simulated", speed = 200, directory = "small"})", resin_driver}});
    return load_printer(profile, "slicer = \"/bin/true\"\n", changes);
}

TEST_CASE("a resin printer needs a profile for resin and a driver that takes layers",
          "[agent][config]") {
    const auto config = load_resin();
    if (!config) FAIL(config.error().message);
    CHECK(config->machines.at(0).printer->resin);
    const auto& can = config->core.preparable;
    CHECK(std::find(can.begin(), can.end(), ProcessId{"sla"}) != can.end());
    CHECK(load_resin(
        {{resin_driver, R"({kind = "prusalink", url = "http://sl1", key_file = "sl1.key"})"}}));

    for (const std::string driver :
         {R"({kind = "octoprint", url = "http://octopi.local", key_file = "o.key"})",
          R"({kind = "moonraker", url = "http://voron.local"})",
          R"({kind = "marlin", port = "/dev/ttyUSB0"})",
          R"({kind = "simulated", directory = "small"})"}) {
        const auto wrong = load_resin({{resin_driver, driver}});
        REQUIRE_FALSE(wrong);
        CHECK_THAT(wrong.error().message, Catch::Contains("a resin printer cannot be driven by"));
        CHECK_THAT(wrong.error().next, Catch::Contains("hand_off"));
    }
    CHECK_THAT(load_resin({}, "small_printer.ini").error().message,
               Catch::Contains("its process is sla") && Catch::Contains("for filament"));
    CHECK_THAT(load_resin({}, "small_printer_cura.toml").error().message,
               Catch::Contains("is a profile for filament"));
    CHECK_THAT(load_printer("resin_printer.ini", "slicer = \"/bin/true\"\n").error().message,
               Catch::Contains("its process is fdm") && Catch::Contains("for resin"));
    CHECK_THAT(load_resin({{"[110, 60, 140]", "[110, 60, 151]"}}).error().message,
               Catch::Contains("118.04 x 66 x 150 mm"));
}

TEST_CASE("a resin printer without a profile is known, but takes no work", "[agent][config]") {
    std::string text = with("\"FFF\"", "\"sla\"");
    text.replace(text.find("profile = \"small_printer.ini\"\n"), 30, "");
    const std::string driver = R"({kind = "simulated", speed = 200, directory = "small"})";
    text.replace(text.find(driver), driver.size(), resin_driver);
    const auto config = parse_config(text, "/etc/nearfab/agent.toml");
    if (!config) FAIL(config.error().message);
    const auto& can = config->core.preparable;
    CHECK(std::find(can.begin(), can.end(), ProcessId{"sla"}) == can.end());
}

TEST_CASE("a laser without a profile is known, but takes no work", "[agent][config]") {
    std::string text = with("\"FFF\"", "\"laser_cut\"");
    text.replace(text.find("profile = \"small_printer.ini\"\n"), 30, "");
    const auto config = parse_config(text, "/etc/nearfab/agent.toml");
    if (!config) FAIL(config.error().message);
    const auto& can = config->core.preparable;
    CHECK(std::find(can.begin(), can.end(), ProcessId{"laser_cut"}) == can.end());
    CHECK(std::find(can.begin(), can.end(), ProcessId{"fdm"}) != can.end());
}

TEST_CASE("two machines share neither a name nor a directory", "[agent][config]") {
    const std::string again = whole.substr(whole.find("[[machine]]"));
    CHECK_THAT(complaint(whole + again), Catch::Contains("two machines are called \"small\""));
    std::string other = again;
    other.replace(other.find("\"small\""), 7, "\"other\"");
    CHECK_THAT(complaint(whole + other), Catch::Contains("share the directory"));
}

const std::string simulated_driver = R"({kind = "simulated", speed = 200, directory = "small"})";

std::string as_laser(const std::string& driver) {
    std::string text = with("process = \"FFF\"", "process = \"laser_cut\"");
    const auto at = text.find(simulated_driver);
    return text.replace(at, simulated_driver.size(), driver);
}

TEST_CASE("each kind of driver is understood", "[agent][config]") {
    const auto driver_of = [](const std::string& text) {
        const auto config = parse_config(text, "/etc/nearfab/agent.toml");
        INFO((config ? "" : config.error().message));
        REQUIRE(config);
        return config->machines.at(0).driver;
    };
    const DriverConfig octoprint =
        driver_of(with(simulated_driver,
                       R"({kind = "octoprint", url = "http://octopi.local", key_file = "o.key"})"));
    CHECK(octoprint.url == "http://octopi.local");
    CHECK(octoprint.key_file == "/etc/nearfab/o.key");
    CHECK(driver_of(with(simulated_driver, R"({kind = "moonraker", url = "https://voron:7130"})"))
              .key_file.empty());
    CHECK(driver_of(
              with(simulated_driver,
                   R"({kind = "prusalink", url = "http://mk3", user = "maker", key_file = "p"})"))
              .user == "maker");
    CHECK(driver_of(with(simulated_driver, R"({kind = "marlin", port = "/dev/ttyUSB0"})")).baud ==
          115'200);
    CHECK(driver_of(with(simulated_driver, R"({kind = "hand_off", directory = "inbox"})"))
              .directory == "/etc/nearfab/inbox");
    const auto grbl = parse_config(as_laser(R"({kind = "grbl", port = "tcp://fluidnc.local:23"})") +
                                       "presence_code = \"brass otter\"\n",
                                   "/etc/nearfab/agent.toml");
    INFO((grbl ? "" : grbl.error().message));
    REQUIRE(grbl);
    CHECK(grbl->machines.at(0).laser);
    CHECK(grbl->core.machines.at(0).presence_code == "brass otter");
}

TEST_CASE("a driver that cannot be right is refused with what to write", "[agent][config]") {
    const auto says = [](const std::string& driver) {
        return complaint(with(simulated_driver, driver));
    };
    CHECK_THAT(says(R"({kind = "octoprint", url = "octopi.local", key_file = "k"})"),
               Catch::Contains("http://HOST"));
    CHECK_THAT(says(R"({kind = "octoprint", url = "http://octopi.local"})"),
               Catch::Contains("key_file"));
    CHECK_THAT(says(R"({kind = "marlin", port = "ttyUSB0"})"),
               Catch::Contains("/dev/serial/by-id"));
    CHECK_THAT(says(R"({kind = "octoprnt", url = "http://octopi.local"})"),
               Catch::Contains("octoprint"));
    CHECK_THAT(says(R"({kind = "grbl", port = "/dev/ttyUSB0"})"), Catch::Contains("laser_cut"));
}

TEST_CASE("a laser or mill is never given to a driver that starts from afar", "[agent][config]") {
    CHECK_THAT(
        complaint(as_laser(R"({kind = "octoprint", url = "http://octopi.local", key_file = "k"})")),
        Catch::Contains("a person is at the machine"));
    CHECK_THAT(complaint(as_laser(R"({kind = "grbl", port = "/dev/ttyUSB0"})")),
               Catch::Contains("presence_code"));
}

TEST_CASE("nobody is heard through the router who is not named", "[agent][config]") {
    const auto silent = parse_config(whole, "a.toml");
    REQUIRE(silent);
    CHECK(silent->core.through_router.empty());
    const std::string table = "[operators]\nthrough_router = [\"olga\", \"ann\"]\n";
    const auto named = parse_config(with("[intervals]", table + "[intervals]"), "a.toml");
    REQUIRE(named);
    CHECK(named->core.through_router ==
          std::vector<IdentityId>{IdentityId{"olga"}, IdentityId{"ann"}});
    const std::string wild = "[operators]\nthrough_router = [\"*\"]\n";
    const std::string refused = complaint(with("[intervals]", wild + "[intervals]"));
    CHECK(refused.find("\"*\" cannot be the name of an operator") != std::string::npos);
}

}  // namespace
}  // namespace nearfab::agent
