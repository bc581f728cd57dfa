// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab: the router's core, its facts and its journal in one process, without the wire.
//
// Every job is checked, entered into the ledger, written down and acknowledged when it is durable,
// as in the router's loop; matching goes on beside it, and its offers are written down too.

#include "host/clock.hpp"
#include "router/core/router.hpp"
#include "router/shell/fact_codec.hpp"
#include "store/group_commit.hpp"

#include "bench/intake/intake_engine.hpp"
#include "bench/intake/sample_work.hpp"
#include <algorithm>
#include <cmath>
#include <ctime>
#include <deque>
#include <fmt/format.h>
#include <utility>

namespace nearfab::bench {
namespace {

constexpr std::size_t turn_jobs = 512;  // As many messages as one turn of the loop reads at most.
constexpr std::size_t jobs_ahead = 64 * turn_jobs;  // Handed in and not yet acknowledged.
constexpr std::size_t submitters = 1000;

double thread_cpu_s() {
    timespec spent{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) * 1e-9;
}

message::SubmitJob sample_submit(std::uint64_t number) {
    message::SubmitJob body;
    body.idempotency_key = hash_of("key " + std::to_string(number)).hex().substr(0, 32);
    body.spec.title = "Bracket for the workshop shelf, " + std::to_string(number);
    body.spec.licence = "CERN-OHL-S-2.0";
    body.spec.parts = {bracket()};
    body.spec.place_of_use = {45.0 + static_cast<double>(number % 997) / 500.0,
                              4.0 + static_cast<double>(number % 991) / 500.0};
    return body;
}

IdentityId submitter_of(std::uint64_t number) {
    return IdentityId{fmt::format("designer-{}", number % submitters)};
}

// A core that knows the design and these fabs, each with one printer that takes work by itself.
std::unique_ptr<router::Router> fresh_core(std::size_t fabs, Moment now) {
    router::RouterOptions options;
    options.submits = {.burst = 1e12, .per_hour = 1e12};
    options.unfinished_jobs_max = SIZE_MAX;
    auto made = std::make_unique<router::Router>(options);
    router::Router& core = *made;
    core.replay(now.wall,
                router::DesignAnalysed{bracket().design, bracket_facts(), part_analysis_version});
    (void)core.start(now);
    for (std::size_t i = 0; i < fabs; ++i) {
        const FabId fab{fmt::format("fab-{}", i)};
        const Place place{45.0 + static_cast<double>(i % 31) / 15.0,
                          4.0 + static_cast<double>(i / 31)};
        (void)core.step(now, router::AgentConnected{fab});
        (void)core.step(now, router::AgentSaid{fab, message::Advertise{fab_with_printer(place)}});
    }
    return made;
}

class NearfabCore final : public IntakeEngine {
public:
    NearfabCore(std::string folder, std::size_t fabs) : folder_{std::move(folder)}, fabs_{fabs} {}

    std::string name() const override {
        return fabs_ == 0 ? "nearfab core + journal" : fmt::format("the same, {} fabs", fabs_);
    }

    IntakeFigures run(const JobBytes&, std::chrono::milliseconds time) override {
        auto journal =
            Journal::open(folder_ + fmt::format("/nearfab-{}", fabs_), {.kind = "router"});
        if (!journal) give_up(journal.error().message);
        auto group = GroupCommit::start(*journal);
        if (!group) give_up(group.error().message);
        const SystemClock clock;
        const auto made = fresh_core(fabs_, clock.read());
        router::Router& core = *made;
        prepare(time);
        IntakeFigures figures;
        std::deque<std::pair<GroupCommit::Ticket, std::uint64_t>> pending;
        std::uint64_t sent = 0;
        const double cpu_before = thread_cpu_s();
        const auto start = Clock::now();
        const auto end = start + time;
        while (Clock::now() < end && sent < events_.size()) {
            turn(core, clock.read(), **group, pending, sent);
            const auto durable = (*group)->durable();
            while (!pending.empty() && pending.front().first <= durable) {
                figures.jobs += pending.front().second;
                pending.pop_front();
            }
            if (sent - figures.jobs > jobs_ahead) {
                if (Status done = (*group)->drain(); !done) give_up(done.error().message);
            }
        }
        const double cpu_s = thread_cpu_s() - cpu_before;
        if (Status done = (*group)->drain(); !done) give_up(done.error().message);
        for (const auto& [ticket, jobs] : pending)
            figures.jobs += jobs;
        figures.seconds = std::chrono::duration<double>(Clock::now() - start).count();
        figures.commits = (*group)->commits();
        std::size_t waiting = 0;
        for (const auto& [who, line] : core.ledger().waiting())
            waiting += line.size();
        figures.remark =
            fmt::format("{:.2f} us of the core's processor a job, {} offered at the end",
                        1e6 * cpu_s / static_cast<double>(std::max<std::uint64_t>(sent, 1)),
                        figures.jobs - waiting);
        return figures;
    }

private:
    // What the wire would have decoded already.
    void prepare(std::chrono::milliseconds time) {
        const auto count = static_cast<std::uint64_t>(time.count()) * 400;
        events_.clear();
        events_.reserve(count);
        for (std::uint64_t n = 0; n < count; ++n) {
            events_.push_back(router::ClientSaid{
                n % submitters, submitter_of(n), Role::client, n, sample_submit(n), {}});
        }
    }

    void turn(router::Router& core,
              Moment now,
              GroupCommit& group,
              std::deque<std::pair<GroupCommit::Ticket, std::uint64_t>>& pending,
              std::uint64_t& sent) {
        payload_.clear();
        std::uint32_t facts = 0;
        std::uint64_t answers = 0;
        const auto take = [&](const router::Event& event) {
            effects_.clear();
            core.step(now, event, effects_);
            for (const router::Effect& effect : effects_) {
                if (const auto* record = std::get_if<router::Record>(&effect)) {
                    frame::put_fact(payload_, now.wall, router::encode_fact(record->fact));
                    ++facts;
                } else if (const auto* answer = std::get_if<router::Answer>(&effect)) {
                    answers += std::holds_alternative<message::JobAccepted>(answer->body) ? 1U : 0U;
                }
            }
        };
        for (std::size_t i = 0; i < turn_jobs && sent < events_.size(); ++i, ++sent)
            take(events_[sent]);
        if (const auto due = core.next_deadline(); due && *due <= now.boot) take(router::Tick{});
        if (facts > 0) pending.emplace_back(group.submit(payload_, facts), answers);
    }

    std::string folder_;
    std::size_t fabs_;
    std::vector<router::Event> events_;
    router::Effects effects_;
    std::vector<std::uint8_t> payload_;
};

}  // namespace

std::vector<std::uint8_t> sample_job(std::uint64_t number) {
    const auto body = sample_submit(number);
    return router::encode_fact(router::JobSubmitted{JobId{body.idempotency_key.substr(0, 16)},
                                                    submitter_of(number),
                                                    body.idempotency_key,
                                                    body.spec});
}

std::unique_ptr<IntakeEngine> nearfab_core(const IntakeSettings& settings, std::size_t fabs) {
    return std::make_unique<NearfabCore>(settings.folder, fabs);
}

}  // namespace nearfab::bench
