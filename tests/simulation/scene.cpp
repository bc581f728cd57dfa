// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/simulation/scene.hpp"

#include <cstdio>

namespace nearfab::simulation {

void Scene::tell(const std::string& line) {
    for (const char letter : line)
        fingerprint = (fingerprint ^ static_cast<unsigned char>(letter)) * 0x100000001B3ULL;
    if (!loud) return;
    const auto ms = now.time_since_epoch().count();
    std::printf("%10.3f  %s\n", static_cast<double>(ms) / 1000.0, line.c_str());
}

}  // namespace nearfab::simulation
