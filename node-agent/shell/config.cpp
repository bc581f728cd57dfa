// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/config.hpp"

#include "geometry/number_text.hpp"
#include "host/config_file.hpp"
#include "node-agent/shell/config_figures.hpp"
#include "node-agent/shell/licence_terms.hpp"
#include "proto/codec/codec.hpp"
#include "proto/model/limits.hpp"
#include "proto/model/material.hpp"
#include "proto/model/process.hpp"
#include "wire/keys.hpp"
#include "wire/socket_settings.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>

namespace nearfab::agent {
namespace {

constexpr double envelope_mm_max = 10'000;
constexpr std::size_t socket_path_max = 100;  // The kernel takes 107 bytes.

Duration seconds(ConfigTable& table, std::string_view key, double by_default) {
    const double value = table.number(key, 0.05, 86'400, by_default);
    return Duration{static_cast<std::int64_t>(std::llround(value * 1000))};
}

void read_agent(ConfigFile& file, ConfigTable agent, Config& config) {
    config.core.title = agent.text("title");
    if (config.core.title.size() > limits::title_bytes_max) {
        agent.complain(
            "title",
            "the title is longer than " + std::to_string(limits::title_bytes_max) + " bytes",
            "shorten it");
    }
    config.core.owner = agent.text("owner", "");
    if (config.core.owner.size() > limits::title_bytes_max) {
        agent.complain(
            "owner",
            "the owner is longer than " + std::to_string(limits::title_bytes_max) + " bytes",
            "shorten it");
    }
    const std::string place = agent.text("place");
    if (const auto parsed = parse_place(place)) {
        config.core.place = *parsed;
    } else if (!place.empty()) {
        agent.complain("place", parsed.error().message, parsed.error().next);
    }
    config.state_directory = file.resolve(agent.text("state_directory"));
    config.control_socket = file.resolve(
        agent.text("control_socket", (config.state_directory / "agent.sock").string()));
    if (config.control_socket.string().size() > socket_path_max) {
        agent.complain("control_socket",
                       "the path of the control socket has " +
                           std::to_string(config.control_socket.string().size()) +
                           " bytes, a socket takes at most 100",
                       "write control_socket = \"/run/nearfab/agent.sock\" or another short path");
    }
    SlicerPrograms& programs = config.slicers;
    programs.prusa_slicer = file.resolve(agent.text("slicer", programs.prusa_slicer.string()));
    programs.cura_engine = file.resolve(agent.text("cura_engine", programs.cura_engine.string()));
    config.core.work_orders_max =
        static_cast<std::size_t>(agent.whole("work_orders_max", 1, 500, 200));
}

void read_router(ConfigFile& file, ConfigTable router, Config& config) {
    config.router_endpoint = router.text("endpoint");
    if (!config.router_endpoint.empty() && !wire::is_tcp(config.router_endpoint)) {
        router.complain("endpoint",
                        "the endpoint \"" + config.router_endpoint + "\" is not tcp",
                        "write tcp://HOST:PORT, for example tcp://router.example.org:7440");
    }
    config.router_public_key = router.text("public_key");
    if (!config.router_public_key.empty() && !wire::is_well_formed_key(config.router_public_key)) {
        router.complain("public_key",
                        "\"" + config.router_public_key + "\" is no public key",
                        "write the 40 characters that the router's operator published");
    }
    config.key_file = file.resolve(router.text("key_file"));
}

void read_terms(ConfigTable terms, FabTerms& to) {
    to.licences = terms.texts("licences", to.licences);
    for (const std::string& licence : to.licences) {
        if (const Status known = check_licence_term(licence); !known) {
            terms.complain("licences", known.error().message, known.error().next);
        }
    }
    to.submitters = terms.texts("submitters", to.submitters);
    for (const std::string& submitter : to.submitters) {
        if (is_well_formed_id(submitter)) continue;
        terms.complain("submitters",
                       "\"" + submitter + "\" cannot be the name of a submitter",
                       "use 1 to 64 letters, digits, '.', '-' and '_'");
    }
    if (to.licences.empty()) {
        terms.complain(
            "licences", "no licence is accepted", "name licences, or write licences = [\"open\"]");
    }
    if (to.licences.size() > limits::terms_max || to.submitters.size() > limits::terms_max) {
        terms.complain("licences", "more than 64 licences or submitters", "shorten the lists");
    }
}

// By the names of the router's list of keys.
void read_operators(ConfigTable operators, std::vector<IdentityId>& to) {
    const std::vector<std::string> names = operators.texts("through_router", {});
    for (const std::string& name : names) {
        if (is_well_formed_id(name)) {
            to.emplace_back(name);
            continue;
        }
        operators.complain("through_router",
                           "\"" + name + "\" cannot be the name of an operator",
                           "use the names of the router's list of keys, for example [\"olga\"]");
    }
    if (names.size() > limits::terms_max) {
        operators.complain("through_router", "more than 64 operators", "shorten the list");
    }
}

void read_intervals(ConfigTable table, Config& config) {
    Intervals& to = config.core.intervals;
    to.advert = seconds(table, "advert_s", 30);
    to.inventory = seconds(table, "inventory_s", 30);
    to.progress = seconds(table, "progress_s", 30);
    to.presence_validity = seconds(table, "presence_s", 300);
    to.start_answer = seconds(table, "start_answer_s", 10);
    to.start_retry = seconds(table, "start_retry_s", 10);
    to.evidence_grace = seconds(table, "evidence_grace_s", 10);
    config.poll = seconds(table, "poll_s", 2);
}

// Gives back the prices that materials have of their own.
std::vector<MaterialRate> read_materials(ConfigTable& machine,
                                         Capability& capability,
                                         MachineConfig& settings) {
    std::vector<MaterialRate> rates;
    for (ConfigTable& entry : machine.tables("materials")) {
        const std::string name = entry.text("id");
        const double grams = entry.number("grams", 0, 1e7);
        MaterialSettings temperatures;
        if (entry.has("nozzle_c")) {
            temperatures.nozzle_c = static_cast<int>(entry.whole("nozzle_c", 0, 500));
        }
        if (entry.has("bed_c")) temperatures.bed_c = static_cast<int>(entry.whole("bed_c", 0, 200));
        const auto material = find_material(name);
        if (!material) {
            const auto like = material_like(name);
            entry.complain("id",
                           "no material is called \"" + name + "\"",
                           like ? "did you mean \"" + std::string{*like} + "\"?"
                                : "use one of: " + known_material_ids());
            continue;
        }
        const MaterialId id{std::string{material->id}};
        if (stock_of(capability, id) != nullptr) {
            entry.complain(
                "id", id.text() + " is listed twice", "list it once, with all its grams");
            continue;
        }
        capability.materials.push_back({id, grams});
        settings.materials[id] = temperatures;
        if (auto rate = read_material_rate(entry, id)) rates.push_back(std::move(*rate));
    }
    if (capability.materials.empty() || capability.materials.size() > limits::materials_max) {
        machine.complain("materials",
                         "a machine needs 1 to 64 materials, this one has " +
                             std::to_string(capability.materials.size()),
                         "write materials = [{id = \"pla\", grams = 800}]");
    }
    return rates;
}

void read_process(ConfigTable& machine, Capability& to) {
    const std::string name = machine.text("process");
    if (name.empty()) return;
    const auto process = find_process(name);
    if (!process) {
        machine.complain("process",
                         "no process is called \"" + name + "\"",
                         "use one of: " + std::string{known_process_ids()});
        return;
    }
    to.process = ProcessId{std::string{process->id}};
}

bool is_resin(const ProcessId& process) {
    return process == ProcessId{"sla"};
}

bool is_sliced(const ProcessId& process) {
    return process == ProcessId{"fdm"} || is_resin(process);
}

// A simulated printer and most servers know G-code only.
void check_resin_driver(ConfigTable& machine, const std::string& kind) {
    if (kind.empty() || takes_resin_files(kind)) return;
    machine.complain("driver",
                     "a resin printer cannot be driven by \"" + kind +
                         "\": that takes G-code, and a resin print is an archive of layers",
                     "use kind = \"prusalink\", or kind = \"hand_off\" and start it by hand");
}

void read_machine(ConfigFile& file,
                  ConfigTable& machine,
                  const FabFigures& figures,
                  Config& config) {
    MachineOptions options;
    MachineConfig settings;
    Capability& capability = options.capability;
    const std::string id = machine.text("id");
    if (!id.empty() && !is_well_formed_id(id)) {
        machine.complain(
            "id", "\"" + id + "\" is no id", "use 1 to 64 letters, digits, '.', '-' and '_'");
    }
    capability.machine = MachineId{id};
    settings.id = capability.machine;
    capability.model = machine.text("model", id);
    read_process(machine, capability);
    const std::vector<double> size = machine.numbers("envelope_mm", 3, 1, envelope_mm_max);
    capability.envelope_x_mm = size[0];
    capability.envelope_y_mm = size[1];
    capability.envelope_z_mm = size[2];
    settings.limits.envelope = {size[0], size[1], size[2]};
    read_machine_figures(
        machine, figures, read_materials(machine, capability, settings), capability);
    capability.min_feature_mm = machine.number("min_feature_mm", 0.001, 100);
    capability.tolerance_mm = machine.number("tolerance_mm", 0.0001, 100);
    capability.build_rate_cm3_per_h = machine.number("build_rate_cm3_per_h", 0.01, 1e6);
    settings.limits.nozzle_c = machine.number("nozzle_c_max", 0, 500, 300);
    settings.limits.bed_c = machine.number("bed_c_max", 0, 200, 120);
    // Without a profile a laser, a mill or a resin printer is known, but takes no work.
    const std::string profile = capability.process == ProcessId{"fdm"}
                                    ? machine.text("profile")
                                    : machine.text("profile", std::string{});
    if (!profile.empty()) settings.profile = file.resolve(profile);
    options.acceptance = machine.word("acceptance", {"automatic", "manual"}, "manual") == "manual"
                             ? Acceptance::manual
                             : Acceptance::automatic;
    const auto process = find_process(capability.process.text());
    settings.laser = capability.process == ProcessId{"laser_cut"};
    read_driver(file, machine, process && process->attended, settings.driver);
    if (is_resin(capability.process)) check_resin_driver(machine, settings.driver.kind);
    options.pieces_per_plate =
        static_cast<std::uint32_t>(machine.whole("pieces_per_plate", 1, 32, 1));
    if (settings.driver.kind == "grbl") {
        options.presence_code = machine.text("presence_code");
    } else {
        options.presence_code = machine.text("presence_code", std::string{});
    }
    config.core.machines.push_back(std::move(options));
    config.machines.push_back(std::move(settings));
}

void read_machines(ConfigFile& file, ConfigTable& root, Config& config) {
    std::set<MachineId> ids;
    std::set<std::string> places;
    const FabFigures figures = read_fab_figures(root);
    for (ConfigTable& machine : root.tables("machine")) {
        read_machine(file, machine, figures, config);
        const MachineConfig& added = config.machines.back();
        if (!ids.insert(added.id).second) {
            machine.complain("id",
                             "two machines are called \"" + added.id.text() + "\"",
                             "give each machine its own id");
        }
        if (!places.insert(added.driver.place()).second) {
            machine.complain("driver",
                             "two machines share " + added.driver.place(),
                             "give each machine its own");
        }
    }
    if (config.machines.empty() || config.machines.size() > limits::machines_max) {
        root.complain(
            "machine",
            "a fab needs 1 to 256 machines, this one has " + std::to_string(config.machines.size()),
            "add a table [[machine]]");
    }
}

bool is_cutting(const ProcessId& process) {
    return process == ProcessId{"laser_cut"} || process == ProcessId{"cnc_mill"};
}

// What prepare/ can make machine code for: printing with filament, and the rest where every machine
// has a profile.
std::vector<ProcessId> preparable_with(const Config& config) {
    std::vector<ProcessId> can{ProcessId{"fdm"}};
    for (const ProcessId& process :
         {ProcessId{"laser_cut"}, ProcessId{"cnc_mill"}, ProcessId{"sla"}}) {
        bool all = true;
        for (std::size_t i = 0; i < config.machines.size(); ++i) {
            if (config.core.machines[i].capability.process != process) continue;
            all = all && !config.machines[i].profile.empty();
        }
        if (all) can.push_back(process);
    }
    return can;
}

Status no_profile(const std::string& file, const MachineConfig& machine) {
    return fail(ErrorCode::config,
                file + ": machine " + machine.id.text() + ": there is no profile " +
                    machine.profile.string(),
                "write the path of its profile, relative to this file: a PrusaSlicer profile (or "
                "CuraEngine's, like examples/profiles/small_printer_cura.toml) for a printer, one "
                "like examples/profiles/laser.toml for a laser or mill");
}

// The profile of a laser or mill, held against what the agent's file says of the machine.
Status read_cutter(const std::string& file, const Capability& capability, MachineConfig& machine) {
    auto profile = load_cutter_profile(machine.profile);
    if (!profile) return fail(profile.error());
    const bool laser = capability.process == ProcessId{"laser_cut"};
    const auto complain = [&](const std::string& what, const char* next) {
        return fail(ErrorCode::config, file + ": machine " + machine.id.text() + ": " + what, next);
    };
    if (laser != (profile->kind == CutterKind::laser)) {
        return complain("its process is " + capability.process.text() + ", and " +
                            machine.profile.string() + " is the profile of a " +
                            (laser ? "mill" : "laser"),
                        "name the right profile");
    }
    for (const MaterialStock& stock : capability.materials) {
        const auto row = std::find_if(
            profile->materials.begin(), profile->materials.end(), [&](const CutterMaterial& m) {
                return m.material == stock.material;
            });
        if (row != profile->materials.end()) continue;
        return complain("it has " + stock.material.text() + ", for which " +
                            machine.profile.string() + " has no settings",
                        "make a test cut and add a row [[material]], or take the material away");
    }
    machine.cutter = std::move(*profile);
    return {};
}

// The profile of a printer, and whether the slicer that it is for is here.
Status check_printer(const Capability& capability, const PrintProfile& profile) {
    const bool resin = is_resin(capability.process);
    if (resin != profile.resin.has_value()) {
        return fail(ErrorCode::config,
                    "its process is " + capability.process.text() + ", and " +
                        profile.file.string() + " is a profile for " +
                        (resin ? "filament" : "resin"),
                    "name the right profile");
    }
    if (!resin) return {};
    const ResinPrinter& printer = *profile.resin;
    if (capability.envelope_x_mm <= printer.bed_mm.x &&
        capability.envelope_y_mm <= printer.bed_mm.y &&
        capability.envelope_z_mm <= printer.limits.height_mm) {
        return {};
    }
    return fail(ErrorCode::config,
                "envelope_mm is larger than the " + geometry::number_text(printer.bed_mm.x) +
                    " x " + geometry::number_text(printer.bed_mm.y) + " x " +
                    geometry::number_text(printer.limits.height_mm) + " mm of " +
                    profile.file.string(),
                "write what the printer can build, less what supports and pad stand out");
}

Status read_printer(const std::string& file,
                    const SlicerPrograms& programs,
                    const Capability& capability,
                    MachineConfig& machine) {
    const std::string prefix = file + ": machine " + machine.id.text() + ": ";
    auto profile = load_print_profile(machine.profile);
    if (!profile) return fail(prefixed(prefix, profile.error()));
    const Status there = check_slicer(profile->slicer, programs.of(profile->slicer));
    if (!there) return fail(prefixed(prefix, there.error()));
    if (Status fits = check_printer(capability, *profile); !fits) {
        return fail(prefixed(prefix, fits.error()));
    }
    machine.printer = std::move(*profile);
    return {};
}

Status read_profiles(const std::string& file, Config& config) {
    // A fab that cannot prepare would take jobs only to fail them.
    for (std::size_t i = 0; i < config.machines.size(); ++i) {
        MachineConfig& machine = config.machines[i];
        const Capability& capability = config.core.machines[i].capability;
        if (machine.profile.empty()) continue;
        std::error_code problem;
        if (!std::filesystem::is_regular_file(machine.profile, problem)) {
            return no_profile(file, machine);
        }
        Status read;
        if (is_cutting(capability.process)) read = read_cutter(file, capability, machine);
        if (is_sliced(capability.process))
            read = read_printer(file, config.slicers, capability, machine);
        if (!read) return read;
    }
    return {};
}

Result<Config> read(ConfigFile file) {
    Config config;
    ConfigTable root = file.root();
    for (const char* needed : {"agent", "router"}) {
        if (root.has(needed)) continue;
        root.complain(needed,
                      "the table [" + std::string{needed} + "] is missing",
                      "node-agent/README.md shows a complete file");
    }
    read_agent(file, root.table("agent"), config);
    read_router(file, root.table("router"), config);
    read_terms(root.table("terms"), config.core.terms);
    read_operators(root.table("operators"), config.core.through_router);
    read_intervals(root.table("intervals"), config);
    read_machines(file, root, config);
    config.core.preparable = preparable_with(config);
    if (auto status = file.finish(); !status) return fail(status.error());
    return config;
}

}  // namespace

Result<Config> load_config(const std::filesystem::path& file) {
    auto loaded = ConfigFile::load(file);
    if (!loaded) return fail(loaded.error());
    auto config = read(std::move(*loaded));
    if (!config) return config;
    if (Status status = read_profiles(file.string(), *config); !status) {
        return fail(status.error());
    }
    return config;
}

Result<Config> parse_config(std::string_view text, const std::string& file_name) {
    auto parsed = ConfigFile::parse(text, file_name);
    if (!parsed) return fail(parsed.error());
    return read(std::move(*parsed));
}

}  // namespace nearfab::agent
