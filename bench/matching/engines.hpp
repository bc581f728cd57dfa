// SPDX-License-Identifier: GPL-3.0-or-later
// engines.hpp - all engines there are, by name.
//
// Each is in a file of its own. An engine whose library was missing when CMake looked is not built.

#pragma once

#include "bench/matching/engine.hpp"
#include <functional>

namespace nearfab::bench {

struct Servers {
    std::string postgres;  // Connection string of a database that may be filled; empty: none.
    std::string redis;     // Path of its unix socket; empty: none. All its keys are deleted.
};

struct EngineEntry {
    std::string name;
    std::function<std::unique_ptr<Engine>(const Servers&)> make;  // Empty: not built here.
    std::string missing;  // Why it is not built, or which server it needs.
    bool is_peer = true;  // Not nearfab's own.
};

[[nodiscard]] std::vector<EngineEntry> engine_list();

// nearfab's own tree, in nearfab_tree.cpp; its name() is "nearfab".
[[nodiscard]] std::unique_ptr<Engine> make_nearfab_tree();

[[nodiscard]] std::unique_ptr<Engine> make_brute_force();
[[nodiscard]] std::unique_ptr<Engine> make_soa_scan();
[[nodiscard]] std::unique_ptr<Engine> make_nanoflann();
[[nodiscard]] std::unique_ptr<Engine> make_boost_rtree();
[[nodiscard]] std::unique_ptr<Engine> make_sqlite_rtree();
[[nodiscard]] std::unique_ptr<Engine> make_postgis_gin(const std::string& connection);
[[nodiscard]] std::unique_ptr<Engine> make_postgis_mask(const std::string& connection);
[[nodiscard]] std::unique_ptr<Engine> make_redis_geo(const std::string& socket);

}  // namespace nearfab::bench
