// SPDX-License-Identifier: GPL-3.0-or-later
// known_licences.hpp - whether a licence id is one that the world knows.
//
// A slip in a licence ("CERN-OHL-S" without its version, "MTI") would not be seen by anybody until
// every fab has said no to the design. Capitals do not matter.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::intake {

// Is this single id on the SPDX License List?
[[nodiscard]] bool is_known_licence(std::string_view id);

// The first id of an expression that is neither on the list nor a licence of somebody's own
// (LicenseRef-...). REQUIRES: LicenceExpression::parse takes the expression.
[[nodiscard]] std::optional<std::string> unknown_licence_in(std::string_view expression);

// At most three ids that may have been meant, the likeliest first; none when nothing is near.
[[nodiscard]] std::vector<std::string> licences_like(std::string_view id);

}  // namespace nearfab::intake
