// SPDX-License-Identifier: GPL-3.0-or-later
// forgiveness.hpp - the operator of the network has looked at a fab that was suspected.
//
// `nearfab-router forgive --fab NAME` leaves a file in the router's state directory, durably; the
// router takes it up when it starts or gets SIGHUP, and removes it once the fact is in its journal.
// So the command works whether the router runs or not, and a crash in between loses nothing.

#pragma once

#include "base/id.hpp"
#include "base/result.hpp"

#include <filesystem>
#include <vector>

namespace nearfab::router {

// Errors: invalid_argument when that cannot be a fab's name; storage.
[[nodiscard]] Status leave_forgiveness(const std::filesystem::path& state_directory,
                                       const FabId& fab);

// In the order of their names; none when there is no such file. Files with other names are not
// ours.
[[nodiscard]] std::vector<FabId> find_forgiveness(const std::filesystem::path& state_directory);

void remove_forgiveness(const std::filesystem::path& state_directory, const FabId& fab);

}  // namespace nearfab::router
