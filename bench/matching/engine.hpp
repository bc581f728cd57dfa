// SPDX-License-Identifier: GPL-3.0-or-later
// engine.hpp - what every index that is compared can do.
//
// An engine is built once from a world, then asked, then told of new backlogs. Its answers are
// checked against a plain scan (check.hpp), so there is one right answer to each question: the k
// machines nearest on the great circle of those that can make it, nearest first.
//
// Made and used by one thread. What goes wrong outside (a server that is gone) ends the program
// with a message (stop.hpp).

#pragma once

#include "bench/matching/world.hpp"
#include <memory>
#include <span>

namespace nearfab::bench {

struct Hit {
    std::uint32_t id = 0;
    double distance_km = 0;
};

struct BacklogChange {
    std::uint32_t id = 0;
    std::int32_t backlog_s = 0;
};

class Engine {
public:
    Engine() = default;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    virtual ~Engine() = default;

    // One short word for tables and JSON: "boost_rtree".
    [[nodiscard]] virtual std::string name() const = 0;

    // Called once. The world is gone afterwards: what is needed of it must be copied.
    virtual void build(const World& world) = 0;

    // Replaces `hits` by at most k machines, nearest first; machines equally far in any order.
    virtual void nearest(const Query& query, std::size_t k, std::vector<Hit>& hits) = 0;

    // The next question must see it.
    virtual void set_backlog(std::uint32_t id, std::int32_t backlog_s) = 0;

    // The same for many at once, as they come in heartbeats; servers save round trips by it.
    virtual void set_backlogs(std::span<const BacklogChange> changes) {
        for (const BacklogChange& change : changes)
            set_backlog(change.id, change.backlog_s);
    }

    // The whole answer, as a designer who asks in earnest gets it: with fair share, why the others
    // not, what else would do; and for so many pieces a plan (0: none). False: the engine knows no
    // such thing.
    virtual bool answer_in_full(const Query&, std::uint32_t /*pieces*/) { return false; }
    // CPU time that each machine took to come while the world was built, microseconds, given once;
    // none: they do not come one by one.
    virtual std::vector<double> take_arrivals_us() { return {}; }
    // The machine leaves and comes back as it was. False: as above.
    virtual bool replace(std::uint32_t /*id*/) { return false; }

    // Memory (or pages) that the index and its machines take, wherever they are.
    [[nodiscard]] virtual std::size_t bytes() const = 0;
    // Beside these, of what is noted of each fab; 0 where it is counted already.
    [[nodiscard]] virtual std::size_t record_bytes() const { return 0; }

    // CPU seconds so far of what works for this engine in other processes.
    [[nodiscard]] virtual double server_cpu_s() const { return 0; }
};

}  // namespace nearfab::bench
