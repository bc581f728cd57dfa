// SPDX-License-Identifier: GPL-3.0-or-later
// fab_view.hpp - fabs and their machines, as text.

#pragma once

#include "proto/model/message.hpp"
#include "terminal/screen.hpp"

#include <string>

namespace nearfab::cli {

// One line per machine of every fab, in the order given.
[[nodiscard]] std::string fabs_text(const message::Fabs& fabs, bool with_distance);

}  // namespace nearfab::cli
