// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-agent: builds the parts, connects them, runs.

#include "base/version.hpp"
#include "host/clock.hpp"
#include "host/exit_code.hpp"
#include "host/log.hpp"
#include "node-agent/setup/setup_command.hpp"
#include "node-agent/shell/config.hpp"
#include "node-agent/shell/discovery.hpp"
#include "node-agent/shell/doctor.hpp"
#include "node-agent/shell/driver_factory.hpp"
#include "node-agent/shell/event_loop.hpp"
#include "node-agent/shell/prepare_command.hpp"
#include "node-agent/shell/records.hpp"
#include "node-agent/shell/status_command.hpp"
#include "wire/keys.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>

namespace {

using nearfab::Error;
using nearfab::ErrorCode;

int report(const Error& error) {
    std::fprintf(stderr, "nearfab-agent: %s.\n", error.message.c_str());
    if (!error.next.empty()) std::fprintf(stderr, "  next: %s\n", error.next.c_str());
    return static_cast<int>(nearfab::exit_code_of(error.code));
}

// Also when the file is not there or cannot be read: that is for whoever wrote the command line.
int report_config(Error error) {
    if (error.code == ErrorCode::not_found) {
        error.next = "name the file with --config FILE; node-agent/README.md shows a complete one";
    }
    error.code = ErrorCode::config;
    return report(error);
}

int report_usage(const CLI::ParseError& problem) {
    std::string message = problem.what();
    while (!message.empty() && (message.back() == '.' || message.back() == '\n'))
        message.pop_back();
    return report({ErrorCode::invalid_argument, message, "run `nearfab-agent --help`"});
}

int find_machines() {
    auto found = nearfab::agent::machines_in(nearfab::agent::ask_avahi());
    for (auto& device : nearfab::agent::serial_devices())
        found.push_back(std::move(device));
    for (const auto& machine : found)
        std::fputs(nearfab::agent::to_text(machine).c_str(), stdout);
    if (!found.empty()) return 0;
    return report({ErrorCode::not_found,
                   "no machine announces itself, and no serial device is plugged in",
                   "switch the machines on; for the network, install avahi-utils; or write the "
                   "address of the machine by hand"});
}

// All that is wrong, then how much: a script can go by the exit code.
int examine(const nearfab::agent::Config& config) {
    const auto boot = nearfab::boot_id();
    if (!boot) return report(boot.error());
    std::size_t at_fault = 0;
    for (const auto& examination : nearfab::agent::examine_machines(config, *boot)) {
        std::fputs(nearfab::agent::to_text(examination).c_str(), stdout);
        at_fault += examination.faults.empty() ? 0U : 1U;
    }
    if (at_fault == 0) return 0;
    return report({ErrorCode::unavailable,
                   std::to_string(at_fault) + " of " + std::to_string(config.machines.size()) +
                       " machines cannot work yet",
                   "mend what has a ! before it, and ask again"});
}

int verify(const nearfab::agent::Config& config) {
    const auto report = nearfab::agent::verify_records(config);
    if (!report) return ::report(report.error());
    std::printf("every byte is as it was written: %llu facts, %zu attempts, %zu not settled\n",
                static_cast<unsigned long long>(report->journal.end.seq),
                report->attempts,
                report->unsettled);
    std::printf("  chain %s\n", report->journal.end.chain.hex().c_str());
    if (report->journal.unfinished) {
        std::printf("  a commit is being written, or was interrupted; nobody was told of it\n");
    }
    return 0;
}

// The words of `nearfab-agent prepare`.
CLI::App* add_prepare(CLI::App& app, nearfab::agent::PrepareRequest& request) {
    CLI::App* prepare = app.add_subcommand(
        "prepare", "Make machine code for a laser or mill by hand, to look at; nothing is run");
    prepare->add_option("files", request.files, "Drawings or plates; FILE*4 for four of them")
        ->required();
    prepare->add_option("--profile", request.profile, "Of the laser or mill")->required();
    prepare->add_option("--material", request.material, "Of the sheet")->required();
    prepare->add_option("--thickness", request.thickness_mm, "Of the sheet, mm");
    prepare
        ->add_option_function<std::string>(
            "--unit",
            [&request](const std::string& word) {
                request.unit = *nearfab::find_length_unit(word);
            },
            "Of files that do not say it: mm, cm, m, in, ft, um, px, px90, pt")
        ->type_name("UNIT")
        ->check([](const std::string& word) {
            if (nearfab::find_length_unit(word)) return std::string{};
            return "\"" + word + "\" is no known unit of length; use one of " +
                   std::string{nearfab::known_length_units()};
        });
    prepare
        ->add_option_function<std::vector<std::string>>(
            "--operation",
            [&request](const std::vector<std::string>& said) {
                for (const std::string& text : said)
                    request.operations.push_back(*nearfab::read_line_rule(text));
            },
            "Of lines of a drawing: red=cut, layer:Fold=score; may be repeated")
        ->type_name("LINES=WHAT")
        ->take_all()
        ->allow_extra_args(false)
        ->check([](const std::string& text) {
            const auto rule = nearfab::read_line_rule(text);
            return rule ? std::string{} : rule.error().message + "; " + rule.error().next;
        });
    prepare->add_flag("--slits", request.slits, "Allow cuts that do not close, in the material");
    prepare->add_option("--out", request.out, "Write the machine code there");
    prepare->add_option("--picture", request.picture, "Write a PNG of the toolpath there");
    return prepare;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{
        "Speaks for one fab: tells the router what its machines can do, takes work that "
        "fits, and makes it with the operator's consent."};
    std::string config_path = "/etc/nearfab/agent.toml";
    std::string log_level = "info";
    std::string log_format = "text";
    bool check_only = false;
    app.fallthrough();  // --config may stand behind a subcommand as well.
    app.add_option("--config", config_path, "Configuration file")->capture_default_str();
    app.add_option("--log-level", log_level, "trace, debug, info, warn or error")
        ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}))
        ->capture_default_str();
    app.add_option("--log-format", log_format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    app.add_flag(
        "--check-config", check_only, "Only read the configuration and say if it is right");
    nearfab::agent::PrepareRequest request;
    const CLI::App* prepare = add_prepare(app, request);
    const CLI::App* setup = app.add_subcommand(
        "setup", "Ask you and the machines, and write the configuration and keys; nothing moves");
    const CLI::App* doctor = app.add_subcommand(
        "doctor", "Ask every machine what it is, and say what to mend; nothing moves");
    const CLI::App* verify = app.add_subcommand(
        "verify", "Read all records and check every hash; the agent may be running");
    CLI::App* status = app.add_subcommand(
        "status", "Machines and work of this fab, as the agent that runs sees them");
    bool watch = false;
    status->add_flag(
        "--watch", watch, "A board that is drawn again when something changes, until Ctrl-C");
    bool as_json = false;
    status->add_flag("--json", as_json, "The object of `nearfab fab status --json`")
        ->excludes("--watch");
    const CLI::App* find = app.add_subcommand(
        "find", "Look for machines: in the network (with Avahi) and on serial ports");
    app.require_subcommand(0, 1);
    app.set_version_flag("--version", std::string{"nearfab-agent "} + nearfab::version);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& answer) {  // --help and --version.
        return app.exit(answer);
    } catch (const CLI::ParseError& problem) {
        return report_usage(problem);
    }

    if (prepare->parsed()) {
        const auto text = nearfab::agent::prepare_by_hand(request);
        if (!text) return report(text.error());
        std::printf("%s", text->c_str());
        return 0;
    }
    if (find->parsed()) return find_machines();
    if (setup->parsed()) {
        const auto done = nearfab::agent::set_up(config_path);
        return done ? 0 : report(done.error());
    }
    auto config = nearfab::agent::load_config(config_path);
    if (!config) return report_config(config.error());
    if (status->parsed()) {
        using nearfab::agent::StatusLook;
        const auto look = as_json ? StatusLook::json : watch ? StatusLook::board : StatusLook::once;
        const auto end = nearfab::agent::show_status(*config, look);
        return end ? static_cast<int>(*end) : report(end.error());
    }
    if (verify->parsed()) return ::verify(*config);
    if (const auto keys = nearfab::wire::load_key_pair(config->key_file); !keys) {
        return report(keys.error());
    }
    if (check_only) {
        std::printf("%s is right\n", config_path.c_str());
        return 0;
    }
    if (doctor->parsed()) return examine(*config);
    nearfab::start_logging("agent", log_level, log_format == "json");
    auto loop = nearfab::agent::EventLoop::open(std::move(*config), nearfab::agent::make_driver);
    if (!loop) return report(loop.error());
    if (const auto ended = (*loop)->run(); !ended) return report(ended.error());
    return 0;
}
