// SPDX-License-Identifier: GPL-3.0-or-later
// network.hpp - a whole network on loopback: a router, fabs with simulated printers, a designer.
//
// Everything is real but the printers: the programs as built, their files in a folder of the test,
// PrusaSlicer for the machine code. The printers run some thousand times faster than real ones.

#pragma once

#include "tests/e2e/running_program.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::e2e {

struct FabPlan {
    std::string name;
    std::string place = "45.7640,4.8357";
    std::string materials = R"([{id = "pla", grams = 900}])";
    std::string envelope = "[180, 180, 180]";
    std::string acceptance = "automatic";
    double speed = 20000;
    bool bed_clear = true;  // False: unknown until an operator has looked.
    std::string process = "fdm";
    std::string profile = "";        // Of examples/profiles. DEFAULT: a printer's, by its envelope.
    std::string figures = "";        // Tables of what it asks and takes.
    std::string power = "";          // Of its machine: "power_w = 95".
    std::string operators = "[]";    // Whom it listens to through the router.
    std::string presence_code = "";  // On the card at its machine.
    std::uint32_t pieces_per_plate = 1;
};

class Network {
public:
    // Starts the router and every fab, and waits until the router knows them and their machines.
    // With `http` (lines for its table, which may be empty) the router's HTTP gateway runs as well.
    explicit Network(const std::vector<FabPlan>& fabs, std::optional<std::string> http = {});
    ~Network();
    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;

    // The designer's command.
    Outcome nearfab(std::vector<std::string> words) const;
    // The same with the key of "olga" or "eve", who are operators of the network.
    Outcome nearfab_as(const std::string& who, std::vector<std::string> words) const;
    // The operator's command at a fab.
    Outcome operate(const std::string& fab, std::vector<std::string> words) const;

    // Submits a design of examples/designs ("wall_hook", or a file: "finger_box/finger_box.svg")
    // and gives the job's id. REQUIRES it to be accepted.
    std::string submit(const std::string& design, std::vector<std::string> more = {}) const;
    [[nodiscard]] nlohmann::json job(const std::string& id) const;
    // All events of the job, as one text with a line for each.
    [[nodiscard]] std::string history(const std::string& id) const;
    // The state of the job's first work order.
    [[nodiscard]] std::string work_state(const std::string& id) const;
    // Asks again and again until it is true; false after a minute.
    [[nodiscard]] bool until(const std::function<bool()>& is_so) const;
    [[nodiscard]] bool until_work_is(const std::string& id, const std::string& state) const;
    // Inspects, clears the bed, hands over: what a good operator does with a finished part.
    void finish_at(const std::string& fab, const std::string& job_id) const;
    // Orders for a simulated printer: see node-agent/drivers/simulated_machine.hpp.
    void order_machine(const std::string& fab, const std::string& order) const;

    // Put before the router's command: a tool that makes something go wrong.
    std::vector<std::string> router_under{};
    // Behind the command of each program that is started from now on.
    std::vector<std::string> more_words{};
    void start_router();
    void start_fab(const std::string& name);
    RunningProgram router;
    std::map<std::string, RunningProgram> fabs;

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] const std::string& endpoint() const { return endpoint_; }
    [[nodiscard]] const std::string& router_key() const { return router_key_; }
    [[nodiscard]] std::string log_of(const std::string& program) const;
    // Makes a key pair in a new file and gives the public key.
    std::string make_key(const std::string& name) const;
    [[nodiscard]] Environment environment() const;
    [[nodiscard]] std::uint16_t http_port() const { return http_port_; }
    // A token of the HTTP API, in the router's list: ada and bob (designers), screen (read_only),
    // root (admin), and each fab by its own name (operator).
    [[nodiscard]] const std::string& token(const std::string& name) const {
        return tokens_.at(name);
    }
    // Puts one more into the list; the router knows it after a SIGHUP.
    std::string make_token(const std::string& name, std::vector<std::string> words) const;

private:
    void write(const std::string& name, const std::string& text) const;

    std::filesystem::path folder_;
    std::string endpoint_;
    std::string router_key_;
    std::uint16_t http_port_ = 0;
    std::map<std::string, std::string> tokens_;
};

// True when the slicer is there; says that the test is skipped when it is not.
bool can_slice();

}  // namespace nearfab::e2e
