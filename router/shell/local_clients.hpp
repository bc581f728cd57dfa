// SPDX-License-Identifier: GPL-3.0-or-later
// local_clients.hpp - how threads of the router's own program ask the router's loop.
//
// A question is the Message that a client would send over ZeroMQ, under a session number that no
// session of the wire ever has; the loop takes it through the same functions and the same limits,
// and its answer comes back when the records behind it are durable. So whoever asks here (the HTTP
// gateway) can do nothing that a client could not.
//
// Beside answers, the names of jobs and fabs about which something may be new are told while
// somebody wants them: hints, not records; who is told asks.
//
// Two queues counted in bytes, and a descriptor each way that is readable while something waits.
// ask(), leave(), want_changes(), take_answers() and take_changes() belong to the clients' thread,
// the others to the loop's.

#pragma once

#include "base/histogram.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "host/file_descriptor.hpp"
#include "proto/model/message.hpp"
#include "router/core/event.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <variant>
#include <vector>

namespace nearfab::router {

// Numbers from here on name local sessions; those of the wire are below.
inline constexpr SessionNumber first_local_session = SessionNumber{1} << 63U;
[[nodiscard]] constexpr bool is_local(SessionNumber session) {
    return session >= first_local_session;
}

struct LocalQuestion {
    SessionNumber session = first_local_session;
    IdentityId who;
    Role role = Role::client;  // Or operator_.
    std::uint64_t correlation = 0;
    Message body;
};

// What this session watches is told no more.
struct LocalGoodbye {
    SessionNumber session = first_local_session;
};

using LocalWord = std::variant<LocalQuestion, LocalGoodbye>;

struct LocalAnswer {
    SessionNumber session = first_local_session;
    std::uint64_t correlation = 0;
    Message body;
};

struct LocalChanges {
    std::set<JobId> jobs;
    std::set<FabId> fabs;
    bool all = false;  // More than are kept: anything may be new.
    [[nodiscard]] bool empty() const { return jobs.empty() && fabs.empty() && !all; }
};

// How long the steps of the core took that looked for machines, since the program began.
inline constexpr std::array<double, 9> match_time_bounds{
    0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.005, 0.025, 0.1, 1};
using MatchTimes = Histogram<match_time_bounds.size()>;

// How the router is, some seconds ago at most; for metrics.
struct LocalGauges {
    std::map<JobState, std::size_t> open_jobs;
    std::size_t closed_jobs = 0;
    std::size_t open_work_orders = 0;
    std::vector<std::pair<FabId, bool>> fabs;  // Whether each is connected; some of very many.
    std::size_t sessions = 0;                  // Of the wire.
    std::size_t turns_waiting = 0;             // For the disk.
    std::uint64_t journal_bytes = 0;           // Since the last snapshot.
    std::uint64_t design_bytes = 0;
    bool storage_low = false;
    MatchTimes match_times{match_time_bounds};
};

struct LocalLimits {
    std::size_t question_bytes = std::size_t{16} << 20U;
    std::size_t answer_bytes = std::size_t{32} << 20U;
    std::size_t changes = 10'000;
};

class LocalClients {
public:
    [[nodiscard]] static Result<std::unique_ptr<LocalClients>> open(LocalLimits limits);

    // The message must have gone through the codec: what one message alone can be given is not
    // checked again. False: too much waits already, and nothing was taken.
    // REQUIRES: is_local(question.session), the role is client or operator_.
    [[nodiscard]] bool ask(LocalQuestion question);
    void leave(SessionNumber session);
    void want_changes(bool wanted);
    [[nodiscard]] std::vector<LocalAnswer> take_answers();
    [[nodiscard]] LocalChanges take_changes();
    // Readable while there are answers or changes.
    [[nodiscard]] int answers_descriptor() const { return answered_.number(); }

    [[nodiscard]] std::vector<LocalWord> take_questions(std::size_t most);
    // An answer for which there is no room becomes a Failure. Who gets one while it watches has
    // missed something, and leaves.
    void answer(LocalAnswer answer);
    [[nodiscard]] bool wants_changes() const;
    void tell(LocalChanges changes);
    void publish(LocalGauges gauges);
    // From any thread.
    [[nodiscard]] LocalGauges gauges() const;
    [[nodiscard]] int questions_descriptor() const { return asked_.number(); }

private:
    struct Waiting {
        LocalAnswer answer;
        std::size_t bytes = 0;
    };
    explicit LocalClients(LocalLimits limits) : limits_{limits} {}

    LocalLimits limits_;
    FileDescriptor asked_;     // An eventfd.
    FileDescriptor answered_;  // Likewise.
    mutable std::mutex mutex_;
    std::deque<std::pair<LocalWord, std::size_t>> questions_;
    std::size_t question_bytes_ = 0;
    std::vector<Waiting> answers_;
    std::size_t answer_bytes_ = 0;
    LocalChanges changes_;
    bool wants_changes_ = false;
    LocalGauges gauges_;
};

}  // namespace nearfab::router
