// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/engines.hpp"

namespace nearfab::bench {
namespace {

[[maybe_unused]] EngineEntry left_out(std::string name, std::string package) {
    return {std::move(name), {}, "built without " + std::move(package)};
}

EngineEntry plain(std::string name, std::unique_ptr<Engine> (*make)()) {
    return {std::move(name), [make](const Servers&) { return make(); }, {}};
}

void add_servers(std::vector<EngineEntry>& list) {
#ifdef NEARFAB_BENCH_POSTGRES
    const auto postgis = [&](const char* name,
                             std::unique_ptr<Engine> (*make)(const std::string&)) {
        list.push_back({name,
                        [make](const Servers& servers) {
                            return servers.postgres.empty() ? nullptr : make(servers.postgres);
                        },
                        "no --postgres was given"});
    };
    postgis("postgis_gin", make_postgis_gin);
    postgis("postgis_mask", make_postgis_mask);
#else
    list.push_back(left_out("postgis_gin", "libpq-dev"));
    list.push_back(left_out("postgis_mask", "libpq-dev"));
#endif
#ifdef NEARFAB_BENCH_REDIS
    list.push_back({"redis_geo",
                    [](const Servers& servers) {
                        return servers.redis.empty() ? nullptr : make_redis_geo(servers.redis);
                    },
                    "no --redis was given"});
#else
    list.push_back(left_out("redis_geo", "libhiredis-dev"));
#endif
}

}  // namespace

std::vector<EngineEntry> engine_list() {
    std::vector<EngineEntry> list;
#ifdef NEARFAB_BENCH_TREE
    list.push_back(plain("nearfab", make_nearfab_tree));
#else
    list.push_back({"nearfab", {}, "nearfab's own tree is not part of this build"});
#endif
    list.back().is_peer = false;
    list.push_back(plain("brute_force", make_brute_force));
    list.push_back(plain("soa_scan", make_soa_scan));
#ifdef NEARFAB_BENCH_NANOFLANN
    list.push_back(plain("nanoflann", make_nanoflann));
#else
    list.push_back(left_out("nanoflann", "libnanoflann-dev"));
#endif
#ifdef NEARFAB_BENCH_BOOST
    list.push_back(plain("boost_rtree", make_boost_rtree));
#else
    list.push_back(left_out("boost_rtree", "libboost-dev"));
#endif
    list.push_back(plain("sqlite_rtree", make_sqlite_rtree));
    add_servers(list);
    return list;
}

}  // namespace nearfab::bench
