// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/core/attempt.hpp"
#include "router/core/job_life.hpp"
#include "router/core/work_order.hpp"
#include "tests/simulation/life/matrix.hpp"

#include <fmt/format.h>
#include <map>

namespace nearfab::simulation::life {
namespace {

std::string word(std::string_view name) {
    std::string text{name};
    for (char& letter : text)
        letter = letter == ' ' ? '_' : letter;
    return text;
}

// Arrows between the same two states share one line.
class Chart {
public:
    void add(std::string_view from, std::string_view to, std::string_view why) {
        std::string& label = arrows_[{word(from), word(to)}];
        label += (label.empty() ? "" : ", ") + std::string{why};
    }
    [[nodiscard]] std::string text(std::string_view first) const {
        std::string text = "```mermaid\nstateDiagram-v2\n    [*] --> " + word(first) + "\n";
        for (const auto& [arrow, label] : arrows_)
            text += "    " + arrow.first + " --> " + arrow.second + ": " + label + "\n";
        return text + "```\n";
    }

private:
    std::map<std::pair<std::string, std::string>, std::string> arrows_;
};

std::string table_of(const Matrix& matrix) {
    std::string text = "| |";
    for (const std::string& state : matrix.states)
        text += " " + state + " |";
    text += "\n|---|";
    for (std::size_t i = 0; i < matrix.states.size(); ++i)
        text += "---|";
    text += "\n";
    for (const Matrix::Row& row : matrix.rows) {
        text += "| " + row.happening + " |";
        for (const std::string& cell : row.cells)
            text += " " + cell + " |";
        text += "\n";
    }
    return text;
}

std::string job_part() {
    Chart chart;
    std::string table = "| state | step | who | guard | next |\n|---|---|---|---|---|\n";
    for (const router::JobTurn& turn : router::job_turns()) {
        const std::string from = nearfab::to_string(turn.from);
        const std::string to = nearfab::to_string(turn.to);
        chart.add(from, to, router::to_string(turn.step));
        table += fmt::format("| {} | {} | {} | {} | {} |\n",
                             from,
                             router::to_string(turn.step),
                             turn.who,
                             turn.guard,
                             to);
    }
    return "## The job, at the router\n\nTable in `router/core/job_life.cpp`.\n\n" +
           chart.text("analysing") + "\n" + table + "\n";
}

std::string work_order_part() {
    Chart chart;
    std::string table =
        "| state | event | who | guard | next | effects |\n|---|---|---|---|---|---|\n";
    for (const router::WorkStep& step : router::work_steps()) {
        const std::string from = nearfab::to_string(step.from);
        const std::string to = nearfab::to_string(step.to);
        chart.add(from, to, router::to_string(step.event));
        table += fmt::format("| {} | {} | {} | {} | {} | {} |\n",
                             from,
                             router::to_string(step.event),
                             step.who,
                             step.guard,
                             to,
                             step.effects);
    }
    return "## The work order, at the router\n\nTable in `router/core/work_order.cpp`.\n\n" +
           chart.text("queued") + "\n" + table +
           "\n### Whatever happens, in every state\n\n"
           "Driven through the real router: what follows when this happens to a work order in "
           "that state. `.`: nothing. `+X`: the fab is told X. `eN`: a new attempt.\n\n" +
           table_of(work_order_matrix()) + "\n";
}

std::string attempt_part() {
    Chart chart;
    std::string table =
        "| stage | turn | who | guard | next | effects |\n|---|---|---|---|---|---|\n";
    for (const agent::AttemptStep& step : agent::attempt_steps()) {
        chart.add(
            agent::to_string(step.from), agent::to_string(step.to), agent::to_string(step.turn));
        table += fmt::format("| {} | {} | {} | {} | {} | {} |\n",
                             agent::to_string(step.from),
                             agent::to_string(step.turn),
                             step.who,
                             step.guard,
                             agent::to_string(step.to),
                             step.effects);
    }
    return "## The attempt, at the agent\n\nTable in `node-agent/core/attempt.cpp`.\n\n" +
           chart.text("seen") + "\n" + table +
           "\n### Whatever happens, in every stage\n\n"
           "Driven through the real agent, on a machine that counts its runs. `authorised` is "
           "passed within one step; the column shows what a crash within that step leaves behind. "
           "`refused`: the operator is told why not.\n\n" +
           table_of(attempt_matrix());
}

}  // namespace

std::string life_page() {
    return "# The life of jobs, work orders and attempts\n\n"
           "This page is made from the tables in the code by `tests/simulation/life`, and a test "
           "fails when it is not up to date: `NEARFAB_REWRITE=1` writes it anew. What the words "
           "mean is in [ARCHITECTURE.md](ARCHITECTURE.md); how it is proven that nothing is lost "
           "or made twice is in [PROMISES.md](PROMISES.md).\n\n" +
           job_part() + work_order_part() + attempt_part();
}

}  // namespace nearfab::simulation::life
