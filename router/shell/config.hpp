// SPDX-License-Identifier: GPL-3.0-or-later
// config.hpp - what a router is told by its configuration file.

#pragma once

#include "base/result.hpp"
#include "router/core/router.hpp"
#include "router/gateway/settings.hpp"
#include "store/blob_store.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace nearfab::router {

struct Config {
    std::string name;      // Told to everyone who says hello.
    std::string endpoint;  // "tcp://*:7440"
    std::filesystem::path key_file;
    std::filesystem::path allowed_keys;     // Who may come in, and as what.
    std::filesystem::path state_directory;  // Journal and designs.
    std::filesystem::path analysis_worker;  // The program nearfab-analyse.
    std::uint64_t analysis_memory_bytes = 0;
    std::uint32_t analysis_seconds = 60;
    std::uint64_t reserve_bytes = 0;  // Free disk below this: no new jobs.
    std::filesystem::path file;       // This configuration's own.
    std::uint64_t compact_bytes = 0;  // A log of so many bytes gets a snapshot.
    std::uint64_t segment_bytes = 0;  // Of a file of the journal, and of the room in reserve.
    BlobLimits designs;
    RouterOptions core;
    std::optional<gateway::Settings> http;  // Nothing: no HTTP.
};

// Errors: config with file:line, the cause and what to write instead.
[[nodiscard]] Result<Config> load_config(const std::filesystem::path& file);

}  // namespace nearfab::router
