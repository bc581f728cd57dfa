// SPDX-License-Identifier: GPL-3.0-or-later
// matrix.hpp - what the real cores do in every state with everything that can happen.

#pragma once

#include <string>
#include <vector>

namespace nearfab::simulation::life {

struct Matrix {
    std::vector<std::string> states;
    struct Row {
        std::string happening;
        std::vector<std::string> cells;  // One for each state; "." when nothing follows.
    };
    std::vector<Row> rows;
};

// Drives a fresh Router into each state, then lets each thing happen to it.
[[nodiscard]] Matrix work_order_matrix();
// The same with an Agent.
[[nodiscard]] Matrix attempt_matrix();

// docs/LIFE.md as it should be now.
[[nodiscard]] std::string life_page();

}  // namespace nearfab::simulation::life
