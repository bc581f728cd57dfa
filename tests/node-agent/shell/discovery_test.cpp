// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/discovery.hpp"

#include "tests/host/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

namespace nearfab::agent {
namespace {

TEST_CASE("what announces itself in the network is told by kind", "[agent][config]") {
    const auto found = machines_in(
        "+;eth0;IPv4;OctoPrint\\032instance\\032\\034left\\034;_octoprint._tcp;local\n"
        "=;eth0;IPv4;OctoPrint\\032left;_octoprint._tcp;local;octopi.local;10.0.0.5;80;\"path=/\"\n"
        "=;eth0;IPv6;OctoPrint\\032left;_octoprint._tcp;local;octopi.local;fe80::1;80;\"path=/\"\n"
        "=;eth0;IPv4;mk3;_prusalink._tcp;local;mk3.local;10.0.0.6;8080;\n"
        "=;eth0;IPv4;mk3;_octoprint._tcp;local;mk3.local;10.0.0.6;8080;\n"
        "=;eth0;IPv4;voron;_moonraker._tcp;local;voron.local;10.0.0.7;7125;\"uuid=1\"\n"
        "=;eth0;IPv4;a printer;_ipp._tcp;local;office.local;10.0.0.8;631;\n"
        "=;eth0\nnoise\n");
    CHECK(found ==
          std::vector<FoundMachine>{{"prusalink", "mk3", "http://mk3.local:8080"},
                                    {"octoprint", "OctoPrint left", "http://octopi.local:80"},
                                    {"moonraker", "voron", "http://voron.local:7125"}});
    CHECK(machines_in("").empty());
}

TEST_CASE("serial devices are told by the names that stay", "[agent][config]") {
    const test::ScratchDirectory directory;
    std::ofstream{directory / "usb-b"};
    std::ofstream{directory / "usb-a"};
    const auto found = serial_devices(directory.path());
    REQUIRE(found.size() == 2);
    CHECK(found[0].place == (directory / "usb-a").string());
    CHECK(to_text(found[0]).find("port = \"" + found[0].place + "\"") != std::string::npos);
    CHECK(serial_devices(directory / "none").empty());
}

}  // namespace
}  // namespace nearfab::agent
