// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/fab_board.hpp"

#include "cli/fab_link.hpp"
#include "cli/fab_view.hpp"
#include "cli/json_view.hpp"
#include "cli/time_text.hpp"
#include "host/clock.hpp"
#include "host/signals.hpp"

#include <ostream>
#include <string>
#include <utility>

namespace nearfab::cli {
namespace {

constexpr Duration look_every = std::chrono::seconds{2};
constexpr Duration turn = std::chrono::milliseconds{200};  // How soon Ctrl-C is noticed.

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

std::string picture_of(const Result<message::AgentStatus>& status, const Screen& screen) {
    if (status) return screen.json ? json_of_agent(*status) : agent_text(*status, screen);
    // In JSON the last state stands; a reader of lines sees that nothing new comes.
    if (screen.json) return {};
    return screen.in(Ink::red, "The agent does not answer: " + status.error().message) + "\n";
}

}  // namespace

Result<ExitCode> show_board(const Desk& desk, const std::optional<std::string>& fab) {
    auto signals = SignalWatch::open();
    if (!signals) return fail(std::move(signals.error()));
    auto link = FabLink::open(desk, fab);
    if (!link) return fail(std::move(link.error()));
    auto status = link->status();
    if (!status) return fail(std::move(status.error()));
    Board board{desk.screen};
    board.begin();
    const SystemClock clock;
    while (true) {
        const std::string picture = picture_of(status, desk.screen);
        if (!picture.empty()) board.show(picture);
        const TimePoint next = clock.read().boot + look_every;
        while (clock.read().boot < next) {
            auto signal = signals->read();
            if (!signal) return fail(std::move(signal.error()));
            if (*signal) return ExitCode::interrupted;
            // Nothing is expected: this waits, and takes what comes late.
            auto late = link->connection().next(turn);
            if (!late) break;
        }
        status = link->status();
    }
}

}  // namespace nearfab::cli
