// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/hand_off_driver.hpp"
#include "node-agent/drivers/traveller_page.hpp"
#include "tests/node-agent/drivers/contract.hpp"
#include "tests/node-agent/drivers/fakes/text_bytes.hpp"
#include "tests/node-agent/drivers/rigs.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace nearfab::agent {
namespace {

namespace fs = std::filesystem;
using contract::run_something;
using contract::wait_for;

std::string text_of(const fs::path& file) {
    std::ifstream in{file};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

TEST_CASE("the person finds the file and its traveller, and they go when it is made",
          "[drivers][hand_off]") {
    HandOffRig rig;
    const auto driver = rig.connect();
    const std::string name = run_something(rig, *driver);
    const fs::path file = rig.folder / "to_make" / name;
    CHECK(text_of(file) == rig.program());
    const std::string page = text_of(file.string() + ".html");
    CHECK(page.find(name) != std::string::npos);
    CHECK(page.find(nearfab::hash_of(rig.program()).hex()) != std::string::npos);
    CHECK(page.find("echo done &gt;&gt; " + (rig.folder / "orders").string()) != std::string::npos);
    CHECK(page.find("<svg") != std::string::npos);
    rig.order("done");
    (void)wait_for(rig, *driver, name, Evidence::completed);
    CHECK_FALSE(fs::exists(file));
    CHECK_FALSE(fs::exists(file.string() + ".html"));
}

TEST_CASE("why it was not made is kept in the person's words", "[drivers][hand_off]") {
    HandOffRig rig;
    auto driver = rig.connect();
    const std::string name = run_something(rig, *driver);
    rig.order("failed the sheet moved");
    driver.reset();
    driver = rig.connect();
    const MachineReading reading = wait_for(rig, *driver, name, Evidence::stopped);
    CHECK(reading.last_run->detail == "the sheet moved");
}

TEST_CASE("an order that says nothing changes nothing but what the person is told",
          "[drivers][hand_off]") {
    HandOffRig rig;
    const auto driver = rig.connect();
    rig.order("done");
    CHECK(driver->read().detail.find("nobody has a file") != std::string::npos);
    rig.order("dnoe");
    CHECK(driver->read().detail.find("no order") != std::string::npos);
    CHECK(driver->read().condition == MachineCondition::idle);
    rig.order("fault the belt is loose");
    CHECK(driver->read().condition == MachineCondition::fault);
    rig.order("clear-fault");
    CHECK(driver->read().condition == MachineCondition::idle);
}

TEST_CASE("a crash before the file is in the folder is mended", "[drivers][hand_off]") {
    HandOffRig rig;
    const auto driver = rig.connect();
    const std::string name = run_something(rig, *driver);
    fs::remove(rig.folder / "to_make" / name);
    (void)driver->read();
    CHECK(fs::exists(rig.folder / "to_make" / name));
}

TEST_CASE("a QR code is a picture with its quiet zone", "[drivers][hand_off]") {
    const std::string picture = qr_code_svg("nf-3f9c01d2a4b86e57-1-e1-0a0b0c0d.gcode");
    // 39 bytes at level M take version 3: 29 modules, and four white ones on each side.
    CHECK(picture.find("viewBox=\"0 0 37 37\"") != std::string::npos);
    CHECK(picture.find("M4 4h1v1h-1z") != std::string::npos);  // The first finder's corner.
    CHECK(qr_code_svg("").empty());
    CHECK(qr_code_svg(std::string(1001, 'x')).empty());
}

TEST_CASE("a traveller shows names as they are", "[drivers][hand_off]") {
    const std::string page =
        traveller_page({"<b>", "a&b", nearfab::hash_of("x"), 1, "echo \"done\"", "no"});
    CHECK(page.find("<b>") == std::string::npos);
    CHECK(page.find("&lt;b&gt;") != std::string::npos);
    CHECK(page.find("a&amp;b") != std::string::npos);
}

}  // namespace
}  // namespace nearfab::agent
