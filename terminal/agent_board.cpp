// SPDX-License-Identifier: GPL-3.0-or-later

#include "terminal/agent_board.hpp"

#include "host/clock.hpp"
#include "host/signals.hpp"
#include "terminal/quantity_text.hpp"
#include "terminal/table.hpp"
#include "terminal/time_text.hpp"

#include <cmath>
#include <ostream>
#include <utility>

namespace nearfab {
namespace {

constexpr Duration look_every = std::chrono::seconds{2};
constexpr Duration turn = std::chrono::milliseconds{200};  // How soon Ctrl-C is noticed.

std::string or_dash(const std::string& text) {
    return text.empty() ? "-" : text;
}

class Board {
public:
    explicit Board(const Screen& screen)
        // What is written is seen on a terminal when remarks are and it shows colours.
        : screen_{screen}, redraws_{screen.live && screen.colour && !screen.json} {}

    void show(const std::string& picture) {
        if (picture == shown_) return;
        shown_ = picture;
        if (redraws_) {
            // Home, the picture with the rest of each line cleared, then all below it.
            std::string lines = "\x1b[H";
            for (const char c : picture)
                lines += c == '\n' ? "\x1b[K\n" : std::string(1, c);
            screen_.out << lines << "\x1b[J" << std::flush;
            return;
        }
        screen_.out << picture << (screen_.json ? "" : "\n") << std::flush;
    }
    void begin() {
        if (redraws_) screen_.out << "\x1b[2J" << std::flush;
    }

private:
    const Screen& screen_;
    const bool redraws_;
    std::string shown_;
};

std::string picture_of(const Result<message::AgentStatus>& status,
                       const BoardSource& source,
                       const Screen& screen) {
    if (status) return source.picture(*status);
    // In JSON the last state stands; a reader of lines sees that nothing new comes.
    if (screen.json) return {};
    return screen.in(Ink::red, "The agent does not answer: " + status.error().message) + "\n";
}

}  // namespace

std::string materials_text(const Capability& machine) {
    std::string text;
    for (const MaterialStock& stock : machine.materials) {
        text +=
            (text.empty() ? "" : ", ") + stock.material.text() + " " + mass_text(stock.available_g);
    }
    return text.empty() ? "none" : text;
}

std::string backlog_text(const Capability& machine) {
    return machine.backlog_s > 0 ? duration_text(machine.backlog_s) : "-";
}

std::string agent_text(const message::AgentStatus& status, const Screen& screen) {
    const std::string link = status.connected ? "connected" : "not connected";
    std::string text =
        facts_text({{"fab", status.fab_title}, {"router", status.router + " (" + link + ")"}});
    Table machines{{{"MACHINE"},
                    {"MODEL"},
                    {"PROCESS"},
                    {"STATE"},
                    {"WORK ORDER"},
                    {"MATERIALS"},
                    {"BACKLOG", Align::right},
                    {"DETAIL"}}};
    for (const message::AgentMachine& machine : status.machines) {
        const Capability& what = machine.capability;
        machines.add({what.machine.text(),
                      what.model,
                      what.process.text(),
                      to_string(what.state),
                      or_dash(machine.work_order.text()),
                      materials_text(what),
                      backlog_text(what),
                      machine.detail});
    }
    Table work{{{"WORK ORDER"},
                {"TITLE"},
                {"STATE"},
                {"MACHINE"},
                {"PHASE"},
                {"PROGRESS", Align::right},
                {"DETAIL"}}};
    for (const message::AgentWork& entry : status.work) {
        work.add({entry.report.work_order.text(),
                  entry.title,
                  to_string(entry.report.state),
                  or_dash(entry.report.machine.text()),
                  or_dash(entry.phase),
                  fixed(std::floor(entry.progress * 100), 0) + " %",
                  entry.report.detail});
    }
    text += "\n" + screen.in(Ink::bold, "Machines") + "\n" + machines.text();
    text += "\n" + screen.in(Ink::bold, "Work") + "\n";
    text += work.empty() ? "  none\n" : work.text();
    return text;
}

Result<ExitCode> show_board(const BoardSource& source, const Screen& screen) {
    auto signals = SignalWatch::open();
    if (!signals) return fail(std::move(signals.error()));
    auto status = source.look();
    if (!status) return fail(std::move(status.error()));
    Board board{screen};
    board.begin();
    const SystemClock clock;
    while (true) {
        const std::string picture = picture_of(status, source, screen);
        if (!picture.empty()) board.show(picture);
        const TimePoint next = clock.read().boot + look_every;
        while (clock.read().boot < next) {
            auto signal = signals->read();
            if (!signal) return fail(std::move(signal.error()));
            if (*signal) return ExitCode::interrupted;
            source.idle(turn);
        }
        status = source.look();
    }
}

}  // namespace nearfab
