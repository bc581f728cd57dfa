// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/setup/setup_command.hpp"

#include "host/clock.hpp"
#include "host/durable_file.hpp"
#include "host/random.hpp"
#include "node-agent/drivers/application_key.hpp"
#include "node-agent/setup/fab_plan.hpp"
#include "node-agent/setup/setup_dialogue.hpp"
#include "node-agent/shell/config.hpp"
#include "node-agent/shell/doctor.hpp"
#include "node-agent/shell/driver_factory.hpp"
#include "wire/keys.hpp"

#include <array>
#include <cstdio>
#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace nearfab::agent {
namespace {

void say(const std::string& text) {
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
}

std::optional<std::string> ask(const std::string& question) {
    say(question);
    std::string line;
    if (!std::getline(std::cin, line)) return std::nullopt;
    return line;
}

// While it lives, what is typed is not shown. Nothing where there is no terminal.
class Unseen {
public:
    Unseen() {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    }
    ~Unseen() {
        if (!changed_) return;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
        say("\n");
    }
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;

private:
    termios before_{};
    bool changed_ = false;
};

std::optional<std::string> ask_secret(const std::string& question) {
    say(question);
    const Unseen unseen;
    std::string line;
    if (!std::getline(std::cin, line)) return std::nullopt;
    return line;
}

// Short enough to type with gloves; one of some 230,000.
std::string presence_code() {
    constexpr std::array<const char*, 16> first{"brass",
                                                "copper",
                                                "amber",
                                                "birch",
                                                "cobalt",
                                                "coral",
                                                "ember",
                                                "fern",
                                                "flint",
                                                "ivory",
                                                "jade",
                                                "linen",
                                                "maple",
                                                "ochre",
                                                "slate",
                                                "walnut"};
    constexpr std::array<const char*, 16> second{"badger",
                                                 "beetle",
                                                 "crane",
                                                 "falcon",
                                                 "ferret",
                                                 "gecko",
                                                 "heron",
                                                 "lynx",
                                                 "marten",
                                                 "mole",
                                                 "otter",
                                                 "raven",
                                                 "stoat",
                                                 "tern",
                                                 "vole",
                                                 "wren"};
    const std::uint64_t drawn = random_u64();
    return std::string{first[drawn % first.size()]} + " " +
           second[drawn / first.size() % second.size()] + " " +
           std::to_string(100 + drawn / 256 % 900);
}

std::vector<FoundMachine> find() {
    auto found = machines_in(ask_avahi());
    for (FoundMachine& device : serial_devices())
        found.push_back(std::move(device));
    return found;
}

Status write_text(const std::filesystem::path& file, const std::string& text) {
    return write_durably(
        file,
        {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});  // Bytes of the text.
}

Status must_be_new(const std::filesystem::path& file) {
    std::error_code problem;
    if (!std::filesystem::exists(std::filesystem::symlink_status(file, problem))) return {};
    return fail(ErrorCode::conflict,
                file.string() + " is there already, and is not touched",
                "name another one with --config FILE, or move it away first");
}

// The same drivers as at work, before there is a configuration: its key is put where one looks for
// it, and stays there if the machine is kept.
Result<MachineIdentity> identify(const std::filesystem::path& folder,
                                 const std::string& boot_id,
                                 const PlannedMachine& planned) {
    MachineConfig machine;
    machine.id = MachineId{planned.id.empty() ? planned.kind : planned.id};
    machine.laser = planned.process == "laser_cut";
    machine.driver.kind = planned.kind;
    machine.driver.user = planned.user;
    if (planned.kind == "hand_off") {
        machine.driver.directory = folder / planned.place;
    } else if (planned.kind == "grbl" || planned.kind == "marlin") {
        machine.driver.port = planned.place;
    } else {
        machine.driver.url = planned.place;
    }
    const std::filesystem::path trial = folder / (".setup-" + random_hex(8) + ".key");
    if (!planned.key.empty()) {
        if (Status written = write_text(trial, planned.key + "\n"); !written)
            return fail(written.error());
        machine.driver.key_file = trial;
    }
    const auto asked = [&]() -> Result<MachineIdentity> {
        const auto driver = make_driver(machine, boot_id);
        if (!driver) return fail(driver.error());
        return (*driver)->identify();
    };
    auto identity = asked();
    std::error_code problem;
    std::filesystem::remove(trial, problem);
    return identity;
}

SetupWorld real_world(const std::filesystem::path& folder, const std::string& boot_id) {
    SetupWorld world;
    world.ask = ask;
    world.ask_secret = ask_secret;
    world.say = say;
    world.find = find;
    world.identify = [folder, boot_id](const PlannedMachine& machine) {
        return identify(folder, boot_id, machine);
    };
    world.application_key = [](const std::string& url, const std::function<void()>& asked) {
        KeyQuestion question;
        question.url = url;
        return ask_for_application_key(question, asked);
    };
    world.presence_code = presence_code;
    return world;
}

// The configuration comes last: where it is, all that it names is there.
Status write_plan(const FabPlan& plan, const std::filesystem::path& config) {
    const std::filesystem::path folder = config.parent_path();
    for (const PlannedMachine& machine : plan.machines) {
        if (machine.key.empty()) continue;
        const auto file = folder / key_file_of(machine);
        if (Status is_new = must_be_new(file); !is_new) return is_new;
        if (Status written = write_text(file, machine.key + "\n"); !written) return written;
    }
    const auto own = folder / "agent.key";
    std::error_code problem;
    if (!std::filesystem::exists(own, problem)) {
        if (Status saved = wire::save_key_pair(own, wire::generate_key_pair()); !saved)
            return saved;
    }
    return write_text(config, config_text(plan));
}

Status tell_next(const std::filesystem::path& config, const std::string& boot_id) {
    const auto keys = wire::load_key_pair(config.parent_path() / "agent.key");
    if (!keys) return fail(keys.error());
    say("\nWritten: " + config.string() + "\n");
    say("Give this line to who runs the router, with a name for your fab in place of NAME:\n"
        "    agent NAME " +
        keys->public_key + "\n");
    const auto read = load_config(config);
    if (!read) {
        say("Still missing: " + read.error().message + "\n  next: " + read.error().next + "\n");
        return {};
    }
    say("\n");
    for (const Examination& examination : examine_machines(*read, boot_id))
        say(to_text(examination));
    say("\nStart it with: nearfab-agent --config " + config.string() + "\n");
    return {};
}

}  // namespace

Status set_up(const std::filesystem::path& config) {
    if (Status is_new = must_be_new(config); !is_new) return is_new;
    const std::filesystem::path folder =
        config.has_parent_path() ? config.parent_path() : std::filesystem::path{"."};
    std::error_code problem;
    if (!std::filesystem::is_directory(folder, problem)) {
        return fail(ErrorCode::not_found,
                    "there is no folder " + folder.string(),
                    "make it, or name another file with --config FILE");
    }
    const auto boot = boot_id();
    if (!boot) return fail(boot.error());
    const auto plan = plan_fab(real_world(folder, *boot));
    if (!plan) return fail(plan.error());
    const auto file = folder / config.filename();
    if (Status written = write_plan(*plan, file); !written) return written;
    return tell_next(file, *boot);
}

}  // namespace nearfab::agent
