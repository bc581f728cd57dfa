// SPDX-License-Identifier: GPL-3.0-or-later
// forgiveness.hpp - what the operator of the network says of a fab: that it was looked at, or is
// gone.
//
// `nearfab-router forgive [--gone] --fab NAME` leaves a file in the router's state directory,
// durably; the router takes it up when it starts or gets SIGHUP, and removes it once the fact is in
// its journal. So the command works whether the router runs or not, and a crash in between loses
// nothing.

#pragma once

#include "base/id.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace nearfab::router {

enum class Forgiveness : std::uint8_t {
    looked_at,  // It was suspected of being two programs, and is one: it may work again.
    gone,       // For good: after a restore nobody waits for what it remembers.
};

// Errors: invalid_argument when that cannot be a fab's name; storage.
[[nodiscard]] Status leave_forgiveness(const std::filesystem::path& state_directory,
                                       const FabId& fab,
                                       Forgiveness what);

// In the order of their names; none when there is no such file. Files with other names are not
// ours.
[[nodiscard]] std::vector<FabId> find_forgiveness(const std::filesystem::path& state_directory,
                                                  Forgiveness what);

void remove_forgiveness(const std::filesystem::path& state_directory,
                        const FabId& fab,
                        Forgiveness what);

}  // namespace nearfab::router
