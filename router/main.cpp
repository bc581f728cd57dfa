// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-router: builds the parts, connects them, runs.

#include "base/version.hpp"
#include "host/durable_file.hpp"
#include "host/exit_code.hpp"
#include "host/log.hpp"
#include "host/open_files.hpp"
#include "router/gateway/gateway.hpp"
#include "router/gateway/token_command.hpp"
#include "router/shell/compaction.hpp"
#include "router/shell/config.hpp"
#include "router/shell/event_loop.hpp"
#include "router/shell/forgiveness.hpp"
#include "router/shell/records.hpp"
#include "wire/allow_list.hpp"
#include "wire/keys.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace {

using nearfab::Error;
using nearfab::ErrorCode;
using nearfab::Result;
using nearfab::router::Config;

int report(const Error& error) {
    std::fprintf(stderr, "nearfab-router: %s.\n", error.message.c_str());
    if (!error.next.empty()) std::fprintf(stderr, "  next: %s\n", error.next.c_str());
    return static_cast<int>(nearfab::exit_code_of(error.code));
}

// Also when the file is not there or cannot be read: that is for whoever wrote the command line.
int report_config(Error error) {
    if (error.code == ErrorCode::not_found) {
        error.next =
            "name the file with --config FILE; examples/three_fabs/router.toml is a complete one";
    }
    error.code = ErrorCode::config;
    return report(error);
}

int report_usage(const CLI::ParseError& problem) {
    std::string message = problem.what();
    while (!message.empty() && (message.back() == '.' || message.back() == '\n'))
        message.pop_back();
    return report({ErrorCode::invalid_argument, message, "run `nearfab-router --help`"});
}

// The files that the configuration names, looked at before anything is opened. The number of keys
// that may come in.
Result<std::size_t> check_keys(const Config& config) {
    if (const auto keys = nearfab::wire::load_key_pair(config.key_file); !keys) {
        return nearfab::fail(keys.error());
    }
    const auto list = nearfab::wire::AllowList::load(config.allowed_keys);
    if (!list) return nearfab::fail(list.error());
    if (config.http) {
        const auto tokens = nearfab::gateway::TokenList::load(config.http->tokens);
        if (!tokens) return nearfab::fail(tokens.error());
    }
    return list->size();
}

// Beside the loop, which must outlive it.
Result<std::unique_ptr<nearfab::gateway::Gateway>> start_gateway(const Config& config,
                                                                 nearfab::router::EventLoop& loop) {
    const auto work = config.state_directory / "http-analysis";
    if (const auto made = nearfab::make_private_directory(work); !made) {
        return nearfab::fail(made.error());
    }
    auto photos = nearfab::gateway::Photos::open(config.state_directory / "photos",
                                                 config.http->photos_bytes_max);
    if (!photos) return nearfab::fail(photos.error());
    nearfab::gateway::FrontDesk::Parts parts{
        loop.local_clients(),
        loop.designs(),
        std::move(*photos),
        {config.analysis_worker, work, config.analysis_memory_bytes, config.analysis_seconds},
        config.name,
        config.designs.max_blob_bytes};
    auto gateway = nearfab::gateway::Gateway::start(*config.http, std::move(parts));
    if (!gateway) return gateway;
    loop.on_reload([g = gateway->get()] { g->reload(); });
    return gateway;
}

int run(const Config& config) {
    // Each agent and client holds one file.
    spdlog::debug("{} files may be open", nearfab::raise_open_file_limit());
    auto loop = nearfab::router::EventLoop::open(config);
    if (!loop) return report(loop.error());
    std::unique_ptr<nearfab::gateway::Gateway> gateway;
    if (config.http) {
        auto started = start_gateway(config, **loop);
        if (!started) return report(started.error());
        gateway = std::move(*started);
    }
    if (auto status = (*loop)->run(); !status) return report(status.error());
    return 0;
}

// For the operator of the network, beside the running router or while it is stopped.
int forgive(const Config& config, const std::string& fab, bool is_gone) {
    using nearfab::router::Forgiveness;
    const auto done =
        nearfab::router::leave_forgiveness(config.state_directory,
                                           nearfab::FabId{fab},
                                           is_gone ? Forgiveness::gone : Forgiveness::looked_at);
    if (!done) return report(done.error());
    std::printf(
        is_gone ? "%s is gone for good, from when the router starts or gets a SIGHUP: after a "
                  "restore nobody waits for what it has made, so that may be made again; if it was "
                  "suspected, it stays so\n"
                : "%s may work again when the router starts, or at once when it gets a SIGHUP; "
                  "then it is asked what it holds and what it has made\n",
        fab.c_str());
    return 0;
}

void print(const char* what, const nearfab::router::RecordsReport& report) {
    std::printf("%s: %zu jobs, %zu open work orders, %llu facts, generation %llu\n",
                what,
                report.jobs,
                report.open_work,
                static_cast<unsigned long long>(report.journal.end.seq),
                static_cast<unsigned long long>(report.generation));
    std::printf("  chain %s\n", report.journal.end.chain.hex().c_str());
    if (report.journal.unfinished) {
        std::printf("  a commit is being written, or was interrupted; it was never confirmed\n");
    }
}

int verify(const Config& config) {
    const auto report = nearfab::router::verify_records(config.state_directory);
    if (!report) return ::report(report.error());
    print("every byte is as it was written", *report);
    return 0;
}

int back_up(const Config& config, const std::string& folder) {
    const auto report = nearfab::router::back_up(config, folder);
    if (!report) return ::report(report.error());
    print(("backed up to " + folder + " and verified").c_str(), *report);
    return 0;
}

int restore(const Config& config,
            const std::string& folder,
            std::optional<std::uint64_t> generation) {
    const auto report = nearfab::router::restore(config, folder, generation);
    if (!report) return ::report(report.error());
    print(("restored from " + folder).c_str(), *report);
    std::printf("  next: start the router; it listens to the fabs before it offers anything\n");
    return 0;
}

int compact(const Config& config) {
    const auto last =
        nearfab::router::compact_records(config.state_directory, config.reserve_bytes);
    if (!last) return report(last.error());
    std::printf("%llu\n", static_cast<unsigned long long>(*last));
    return 0;
}

// The words for what is on the disk, beside running and checking.
struct RecordsVerbs {
    CLI::App* verify = nullptr;
    CLI::App* back_up = nullptr;
    CLI::App* restore = nullptr;
    CLI::App* compact = nullptr;
    std::string folder;
    std::optional<std::uint64_t> generation;

    void add_to(CLI::App& app) {
        verify = app.add_subcommand(
            "verify", "Read all records and check every hash; the router may be running");
        back_up = app.add_subcommand(
            "backup", "Copy journal and designs into a folder; the router may be running");
        back_up->add_option("folder", folder, "New, or an older backup")->required();
        restore = app.add_subcommand("restore", "Go on from a backup; the router must be stopped");
        restore->add_option("folder", folder, "The backup")->required();
        restore->add_option("--generation",
                            generation,
                            "Larger than that of any router that went on from these records");
        compact = app.add_subcommand(
            "compact", "Write a snapshot, so that the next start is quick; the router does it too");
        for (CLI::App* verb : {verify, back_up, restore, compact})
            verb->fallthrough();
    }
    // Nothing when none of them was said.
    [[nodiscard]] std::optional<int> run(const Config& config) const {
        if (verify->parsed()) return ::verify(config);
        if (back_up->parsed()) return ::back_up(config, folder);
        if (restore->parsed()) return ::restore(config, folder, generation);
        if (compact->parsed()) return ::compact(config);
        return std::nullopt;
    }
};

struct TokenVerb {
    CLI::App* verb = nullptr;
    nearfab::gateway::TokenWish wish;
    bool adds = false;

    void add_to(CLI::App& app) {
        verb = app.add_subcommand(
            "token", "Make a token for the HTTP API; it is shown once, only its hash is kept");
        verb->add_option("--role", wish.role, "read_only, designer, operator or admin")->required();
        verb->add_option("--name", wish.name, "Whose it is, as in the list of keys")->required();
        verb->add_option("--fabs", wish.fabs, "For an operator: the fabs it acts for (a,b)");
        verb->add_option("--until", wish.until, "Its last day (2027-01-31)");
        verb->add_flag("--add", adds, "Put its line into the file that [http] names");
        verb->fallthrough();
    }
    [[nodiscard]] int run(const Config& config) const {
        const auto made = nearfab::gateway::make_token_for(wish, config.http, adds);
        if (!made) return report(made.error());
        std::fputs(made->c_str(), stdout);
        return 0;
    }
};

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Finds the nearest fab that can really make it, and follows the work to the end."};
    std::string config_path = "/etc/nearfab/router.toml";
    std::string log_level = "info";
    std::string log_format = "text";
    bool check_only = false;
    app.add_option("--config", config_path, "Configuration file")->capture_default_str();
    app.add_option("--log-level", log_level, "trace, debug, info, warn or error")
        ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}))
        ->capture_default_str();
    app.add_option("--log-format", log_format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    app.add_flag(
        "--check-config", check_only, "Only read the configuration and say if it is right");
    std::string forgiven;
    CLI::App* forgive_verb = app.add_subcommand(
        "forgive",
        "Let a fab work again that was suspected of being two programs with one key, after you "
        "have "
        "stopped one of them; with --gone: wait no more, after a restore, for a fab that is gone");
    bool is_gone = false;
    forgive_verb->add_flag(
        "--gone",
        is_gone,
        "It is gone for good, so what it may have made since the backup may be made again. It does "
        "not end a suspicion");
    forgive_verb->add_option("--fab", forgiven, "Its name in the list of keys")->required();
    forgive_verb->fallthrough();
    TokenVerb token;
    token.add_to(app);
    RecordsVerbs records;
    records.add_to(app);
    app.set_version_flag("--version", std::string{"nearfab-router "} + nearfab::version);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& answer) {  // --help and --version.
        return app.exit(answer);
    } catch (const CLI::ParseError& problem) {
        return report_usage(problem);
    }

    auto config = nearfab::router::load_config(config_path);
    if (!config) return report_config(config.error());
    if (token.verb->parsed()) return token.run(*config);
    if (forgive_verb->parsed()) return forgive(*config, forgiven, is_gone);
    if (const auto code = records.run(*config)) return *code;
    const auto keys = check_keys(*config);
    if (!keys) return report(keys.error());
    nearfab::start_logging("router", log_level, log_format == "json");
    if (*keys == 0) {
        spdlog::warn(
            "{} holds no key, so nobody can come in; add a line \"ROLE NAME KEY\" for each key and "
            "send this program a SIGHUP",
            config->allowed_keys.string());
    }
    if (check_only) {
        std::printf("%s is right\n", config_path.c_str());
        return 0;
    }
    return run(*config);
}
