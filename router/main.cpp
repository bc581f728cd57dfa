// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-router: builds the parts, connects them, runs.

#include "base/version.hpp"
#include "router/shell/config.hpp"
#include "router/shell/event_loop.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>

namespace {

int report(const nearfab::Error& error) {
    std::fprintf(stderr, "nearfab-router: %s.\n", error.message.c_str());
    if (!error.next.empty()) std::fprintf(stderr, "  next: %s\n", error.next.c_str());
    return error.code == nearfab::ErrorCode::config ? 2 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Finds the nearest fab that can really make it, and follows the work to the end."};
    std::string config_path = "/etc/nearfab/router.toml";
    std::string log_level = "info";
    bool check_only = false;
    app.add_option("--config", config_path, "Configuration file")->capture_default_str();
    app.add_option("--log-level", log_level, "trace, debug, info, warn or error")
        ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}))
        ->capture_default_str();
    app.add_flag(
        "--check-config", check_only, "Only read the configuration and say if it is right");
    app.set_version_flag("--version", std::string{"nearfab-router "} + nearfab::version);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
        return app.exit(problem) == 0 ? 0 : 2;
    }

    auto log = spdlog::stderr_logger_mt("router");
    log->set_level(spdlog::level::from_str(log_level));
    log->flush_on(spdlog::level::info);
    log->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    spdlog::set_default_logger(log);

    auto config = nearfab::router::load_config(config_path);
    if (!config) return report(config.error());
    if (check_only) {
        std::printf("%s is right\n", config_path.c_str());
        return 0;
    }
    auto loop = nearfab::router::EventLoop::open(std::move(*config));
    if (!loop) return report(loop.error());
    if (auto status = (*loop)->run(); !status) return report(status.error());
    return 0;
}
