// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-bench-restart: how long a router needs from its start to serving, with a long history.
//
// Writes the records of so many finished and open jobs, in the facts that a router would have
// written, makes the snapshot that it would have made, adds what came since, and then does what a
// restart does: open, load, replay, start. A folder that has its records is restarted as often as
// wanted: nothing in it changes but marks in the log.

#include "host/clock.hpp"
#include "router/core/router.hpp"
#include "router/shell/compaction.hpp"
#include "router/shell/fact_codec.hpp"
#include "router/shell/job_codec.hpp"
#include "router/shell/ledger_codec.hpp"
#include "store/journal.hpp"

#include "bench/intake/intake_engine.hpp"
#include "bench/intake/sample_work.hpp"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <malloc.h>
#include <string>
#include <sys/resource.h>

namespace nearfab::bench {

void give_up(const std::string& what) {
    std::fprintf(stderr, "nearfab-bench-restart: %s.\n", what.c_str());
    std::exit(1);
}

namespace {

constexpr std::size_t batch_bytes = std::size_t{1} << 20U;

// Wall time, and processor time of this process: the machine may be shared.
struct Spent {
    double wall_s = 0;
    double cpu_s = 0;
};

double cpu_s() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Watch {
public:
    // Since the last lap.
    Spent lap() {
        const auto now = Clock::now();
        const double cpu = cpu_s();
        const Spent spent{std::chrono::duration<double>(now - wall_).count(), cpu - cpu_};
        wall_ = now;
        cpu_ = cpu;
        return spent;
    }

private:
    Clock::time_point wall_ = Clock::now();
    double cpu_ = cpu_s();
};

class History {
public:
    explicit History(Journal& journal) : journal_{journal} {
        add(router::DesignAnalysed{part_.design, bracket_facts(), part_analysis_version});
    }

    // A job of one piece, made and delivered, or waiting for a fab.
    void job(std::uint64_t number, bool finished) {
        const JobId id{hash_of("job " + std::to_string(number)).hex().substr(0, 16)};
        const WorkOrderId work{id.text() + "-1"};
        const IdentityId who{fmt::format("designer-{}", number % 1000)};
        JobSpec spec;
        spec.title = "Bracket for the workshop shelf, " + std::to_string(number);
        spec.licence = "CERN-OHL-S-2.0";
        spec.parts = {part_};
        spec.place_of_use = {45.75, 4.85};
        add(router::JobSubmitted{id, who, id.text() + id.text(), spec});
        add(router::WorkQueued{id});
        if (!finished) {
            router::WorkWaits waits{work, "no machine here has pla now: nearest 3.2 km", {}};
            waits.report.rejections = {rejection_, rejection_};
            waits.report.machines_seen = 120;
            add(waits);
            return;
        }
        Candidate chosen;
        chosen.fab = FabId{fmt::format("fab-{}", number % 500)};
        chosen.machine = MachineId{"p1"};
        chosen.distance_km = 3.2;
        chosen.finish_s = 5400;
        chosen.making_s = 5400;
        chosen.mass_g = 12;
        chosen.reason = "nearest: 3.2 km";
        router::WorkOffered offer{work, 1, chosen, {}, false};
        offer.report.candidates = {chosen};
        offer.report.rejections = {rejection_, rejection_};
        offer.report.machines_seen = 120;
        add(offer);
        using enum router::WorkEvent;
        for (const auto event : {reserved, authorised, started, produced, inspected})
            add(router::WorkMoved{work, 1, event, {}, part_.design});
        add(router::JobMoved{id, JobState::ready, ""});
        add(router::WorkMoved{work, 1, delivered, {}, {}});
        add(router::JobMoved{id, JobState::closed, ""});
    }

    void flush() {
        if (count_ == 0) return;
        const Status done = journal_.append_payload(payload_, count_);
        if (!done) give_up(done.error().message);
        payload_.clear();
        count_ = 0;
    }

private:
    void add(const router::Fact& fact) {
        now_ += Duration{1};
        frame::put_fact(payload_, now_, router::encode_fact(fact));
        ++count_;
        if (payload_.size() > batch_bytes) flush();
    }

    Journal& journal_;
    PartSpec part_ = bracket();
    Rejection rejection_{FabId{"fab-17"},
                         MachineId{"p2"},
                         4.1,
                         Requirement::material,
                         "pla",
                         "petg, abs",
                         "material: pla is needed, petg and abs are there"};
    WallTime now_{Duration{1'700'000'000'000}};
    std::vector<std::uint8_t> payload_;
    std::uint32_t count_ = 0;
};

Journal open_or_give_up(const std::string& folder) {
    auto journal = Journal::open(folder + "/journal", {.kind = "router"});
    if (!journal) give_up(journal.error().message);
    return std::move(*journal);
}

std::size_t memory_kib() {
    std::ifstream file{"/proc/self/status"};
    for (std::string word; file >> word;) {
        std::size_t kib = 0;
        if (word == "VmRSS:" && file >> kib) return kib;
    }
    return 0;
}

}  // namespace

// The records of such a router, with a snapshot and what came after it.
void make_records(const std::string& folder, std::uint64_t finished, std::uint64_t open) {
    std::filesystem::create_directories(folder);
    {
        Journal journal = open_or_give_up(folder);
        History history{journal};
        for (std::uint64_t n = 0; n < finished + open; ++n)
            history.job(n, n < finished);
        history.flush();
        std::printf("%llu facts, %llu MiB of log\n",
                    static_cast<unsigned long long>(journal.seq()),
                    static_cast<unsigned long long>(journal.log_bytes() >> 20U));
    }
    Watch watch;
    const auto last = router::compact_records(folder);
    if (!last) give_up(last.error().message);
    const Spent compaction = watch.lap();
    std::printf(
        "snapshot made in %.1f s, %.1f s of processor\n", compaction.wall_s, compaction.cpu_s);
    Journal journal = open_or_give_up(folder);
    if (Status done = journal.adopt_snapshot(*last); !done) give_up(done.error().message);
    History history{journal};
    for (std::uint64_t n = finished + open; n < finished + open + finished / 100; ++n)
        history.job(n, true);  // What came since.
    history.flush();
}

void restart(const std::string& folder) {
    ::malloc_trim(0);
    const std::size_t before = memory_kib();
    Watch watch;
    const Journal journal = open_or_give_up(folder);
    const Spent opening = watch.lap();
    router::RouterOptions options;
    options.packing = router::job_packing();
    router::Router core{options};
    const auto loaded = journal.load_snapshot(
        [&](std::span<const std::uint8_t> piece) { return router::decode_piece(piece, core); });
    if (!loaded) give_up(loaded.error().message);
    const Spent loading = watch.lap();
    const Status replayed = journal.replay([&](auto, WallTime wall, auto bytes) -> Status {
        const auto fact = router::decode_fact(bytes);
        if (!fact) return fail(fact.error());
        core.replay(wall, *fact);
        return {};
    });
    if (!replayed) give_up(replayed.error().message);
    const Spent replay = watch.lap();
    (void)core.start(SystemClock{}.read());
    const Spent start = watch.lap();
    std::printf("%zu jobs, %zu open; snapshot of %llu MiB\n",
                core.ledger().job_count(),
                core.ledger().open_work().size(),
                static_cast<unsigned long long>(journal.snapshot_bytes() >> 20U));
    const auto row = [](const char* what, const Spent& spent) {
        std::printf("  %-14s %7.2f s, %6.2f s of processor\n", what, spent.wall_s, spent.cpu_s);
    };
    Spent all;
    for (const Spent& one : {opening, loading, replay, start})
        all = {all.wall_s + one.wall_s, all.cpu_s + one.cpu_s};
    row("to serving", all);
    row("open", opening);
    row("snapshot", loading);
    row("log since", replay);
    row("start", start);
    const auto& closed = core.ledger().closed_jobs();
    std::printf("%zu MiB of memory, %zu MiB before; %zu closed jobs of %zu bytes each\n",
                memory_kib() >> 10U,
                before >> 10U,
                closed.size(),
                closed.bytes() / std::max<std::size_t>(closed.size(), 1));
}

}  // namespace nearfab::bench

int main(int argc, char** argv) {
    if (argc != 2 && argc != 4) {
        std::fputs(
            "usage: nearfab-bench-restart FOLDER [FINISHED OPEN]\n"
            "  with numbers, it writes the records into FOLDER first\n",
            stderr);
        return 2;
    }
    if (argc == 4)
        nearfab::bench::make_records(argv[1], std::stoull(argv[2]), std::stoull(argv[3]));
    nearfab::bench::restart(argv[1]);
    return 0;
}
