// SPDX-License-Identifier: GPL-3.0-or-later
// fab_plan.hpp - what a person said of the fab and its machines, and the configuration that says
// it.

#pragma once

#include <array>
#include <string>
#include <vector>

namespace nearfab::agent {

struct PlannedMachine {
    std::string id;
    std::string process;  // "fdm", "laser_cut", "cnc_mill"
    std::string model;
    std::string firmware;  // As it says itself; empty: it was not asked, or said nothing.
    std::string kind;      // Of the driver.
    std::string place;     // An address, a port, a directory.
    std::string key;       // Secret; goes into a file of its own. Empty: none.
    std::string user;      // prusalink: the key is this user's password.
    std::array<double, 3> envelope_mm{};
    double min_feature_mm = 0;
    struct Loaded {
        std::string material;
        double grams = 0;
    };
    std::vector<Loaded> loaded;
    std::string profile;        // Empty: none yet.
    std::string presence_code;  // grbl: what the card at the machine says.
};

struct FabPlan {
    std::string title;
    std::string place;            // "45.7640,4.8357"
    std::string router_endpoint;  // Empty: not known yet; so with the key.
    std::string router_key;
    std::vector<PlannedMachine> machines;
};

// The file that holds a machine's key, beside the configuration.
[[nodiscard]] std::string key_file_of(const PlannedMachine& machine);

// TOML, with a word on what to check. What is not known stands there as a comment, and reading the
// file says that it is missing. No secret is in it.
[[nodiscard]] std::string config_text(const FabPlan& plan);

}  // namespace nearfab::agent
