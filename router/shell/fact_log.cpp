// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/fact_log.hpp"

#include "host/log.hpp"

#include <spdlog/spdlog.h>

#include <string>
#include <string_view>
#include <variant>

namespace nearfab::router {
namespace {

using spdlog::level::level_enum;

std::string because(const std::string& reason) {
    return reason.empty() ? "" : ": " + reason;
}

std::string attempt(const WorkOrderId& order, std::uint64_t epoch) {
    return order.text() + " e" + std::to_string(epoch);
}

// The id of a work order begins with that of its job.
std::string_view job_of(const WorkOrderId& order) {
    const std::string_view text = order.text();
    return text.substr(0, text.rfind('-'));
}

level_enum level_of(WorkEvent event) {
    switch (event) {
        case WorkEvent::doubted:
        case WorkEvent::declared_lost:
        case WorkEvent::failed:
        case WorkEvent::rejected:
        case WorkEvent::given_up:
        case WorkEvent::recovered:
        case WorkEvent::adopted:
            return spdlog::level::warn;
        case WorkEvent::offered:
        case WorkEvent::reserved:
        case WorkEvent::released:
        case WorkEvent::authorised:
        case WorkEvent::started:
        case WorkEvent::never_started:
        case WorkEvent::produced:
        case WorkEvent::inspected:
        case WorkEvent::delivered:
        case WorkEvent::cancelled:
            break;
    }
    return spdlog::level::info;
}

// Checks the level before any text is made: a router that takes in thousands of jobs in a second
// is run with --log-level warn.
template <typename Text>
void say(level_enum level, LogAbout::Fields fields, const Text& text) {
    if (!spdlog::should_log(level)) return;
    const LogAbout about{fields};
    spdlog::log(level, "{}", text());
}

struct Lines {
    void operator()(const JobSubmitted& f) const {
        say(spdlog::level::info, {{"job", f.job.text()}}, [&] {
            return "job " + f.job.text() + " submitted by " + f.submitter.text() +
                   because(f.spec.title);
        });
    }
    void operator()(const DesignAnalysed& f) const {
        say(spdlog::level::debug, {}, [&] {
            return "design " + f.design.design.short_hex() + " analysed";
        });
    }
    void operator()(const DesignRefused& f) const {
        say(spdlog::level::info, {}, [&] {
            return "design " + f.design.design.short_hex() + " refused: " + f.error.message;
        });
    }
    void operator()(const WorkQueued& f) const {
        say(spdlog::level::debug, {{"job", f.job.text()}}, [&] {
            return "job " + f.job.text() + ": its pieces are queued";
        });
    }
    void operator()(const WorkPlanned& f) const {
        say(spdlog::level::debug, {{"job", f.job.text()}}, [&] {
            return "job " + f.job.text() + ": " + std::to_string(f.pieces.size()) +
                   " pieces planned" + because(f.reason);
        });
    }
    void operator()(const WorkOffered& f) const {
        say(spdlog::level::info,
            {{"job", job_of(f.work_order)},
             {"work_order", f.work_order.text()},
             {"fab", f.chosen.fab.text()},
             {"machine", f.chosen.machine.text()}},
            [&] {
                return attempt(f.work_order, f.epoch) + " offered to " + f.chosen.fab.text() +
                       ", " + f.chosen.machine.text();
            });
    }
    void operator()(const WorkWaits& f) const {
        say(spdlog::level::info,
            {{"job", job_of(f.work_order)}, {"work_order", f.work_order.text()}},
            [&] { return f.work_order.text() + " waits" + because(f.reason); });
    }
    void operator()(const WorkMoved& f) const {
        const level_enum level = f.unsafe ? spdlog::level::err : level_of(f.event);
        say(level, {{"job", job_of(f.work_order)}, {"work_order", f.work_order.text()}}, [&] {
            return attempt(f.work_order, f.epoch) + " " + std::string{to_string(f.event)} +
                   (f.unsafe ? " (unsafe)" : "") + because(f.detail);
        });
    }
    void operator()(const DoubtCounted&) const {}  // Every few minutes, of each doubt.
    void operator()(const SurplusFound& f) const {
        say(spdlog::level::warn,
            {{"job", job_of(f.work_order)},
             {"work_order", f.work_order.text()},
             {"fab", f.fab.text()}},
            [&] {
                return attempt(f.work_order, f.epoch) + " was made after all, by " + f.fab.text() +
                       because(f.detail);
            });
    }
    void operator()(const PieceMissing& f) const {
        say(f.found ? spdlog::level::info : spdlog::level::warn,
            {{"job", job_of(f.work_order)},
             {"work_order", f.work_order.text()},
             {"fab", f.fab.text()}},
            [&] {
                return f.fab.text() + (f.found ? " knows of " : " does not know any more of ") +
                       attempt(f.work_order, f.epoch) +
                       (f.found ? " again" : ", which it has made");
            });
    }
    void operator()(const EpochRaised& f) const {
        say(spdlog::level::warn,
            {{"job", job_of(f.work_order)},
             {"work_order", f.work_order.text()},
             {"fab", f.fab.text()}},
            [&] {
                return f.fab.text() + " speaks of " + attempt(f.work_order, f.epoch) +
                       ", which these records never gave out";
            });
    }
    void operator()(const AttemptAdopted& f) const {
        say(spdlog::level::warn,
            {{"job", job_of(f.work_order)},
             {"work_order", f.work_order.text()},
             {"fab", f.fab.text()}},
            [&] { return attempt(f.work_order, f.epoch) + " is adopted from " + f.fab.text(); });
    }
    void operator()(const AttemptClaimed& f) const {
        say(spdlog::level::warn,
            {{"job", job_of(f.work_order)},
             {"work_order", f.work_order.text()},
             {"fab", f.fab.text()}},
            [&] {
                return attempt(f.work_order, f.epoch) + " is claimed by " + f.fab.text() +
                       ", while another attempt holds a right";
            });
    }
    void operator()(const FabHeard& f) const {
        say(spdlog::level::info, {{"fab", f.fab.text()}}, [&] {
            return f.fab.text() + " has said all that it remembers";
        });
    }
    void operator()(const FabWrittenOff& f) const {
        say(spdlog::level::warn, {{"fab", f.fab.text()}}, [&] {
            return f.fab.text() + " is gone for good: nothing waits for it";
        });
    }
    void operator()(const FabSuspected& f) const {
        say(spdlog::level::err, {{"fab", f.fab.text()}}, [&] {
            return f.fab.text() + " is held back: two programs use its key";
        });
    }
    void operator()(const FabCleared& f) const {
        say(spdlog::level::info, {{"fab", f.fab.text()}}, [&] {
            return f.fab.text() + " is trusted again" + because(f.reason);
        });
    }
    void operator()(const CancelWanted& f) const {
        say(spdlog::level::info, {{"job", f.job.text()}}, [&] {
            return "job " + f.job.text() + " is to be cancelled" + because(f.reason);
        });
    }
    void operator()(const JobMoved& f) const {
        say(spdlog::level::info, {{"job", f.job.text()}}, [&] {
            return "job " + f.job.text() + " is " + to_string(f.state) + because(f.reason);
        });
    }
    void operator()(const GenerationBegan& f) const {
        say(f.restored ? spdlog::level::warn : spdlog::level::info, {}, [&] {
            return "generation " + std::to_string(f.generation) + " of the records begins" +
                   (f.restored ? ", from a backup" : "");
        });
    }
    void operator()(const Reconciled& f) const {
        say(spdlog::level::info, {}, [&] { return "the fabs have been heard" + because(f.how); });
    }
    void operator()(const ClockSet&) const {
        say(spdlog::level::info, {}, [] { return std::string{"the wall clock was set"}; });
    }
};

}  // namespace

void log_fact(const Fact& fact) {
    std::visit(Lines{}, fact);
}

}  // namespace nearfab::router
