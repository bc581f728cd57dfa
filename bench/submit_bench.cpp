// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-bench-submit: from SubmitJob to the durable answer and to the offer, on a real router.
//
// It dials a running router as a client, uploads one design, submits it N times with new keys, one
// after the other, and cancels each job again. The fab that gets the offers must accept by hand.
// The second figure includes the first: the offer is recorded after the job. A plain SQLite insert
// with the same settings, on the same disk in the same run, is the yardstick.

#include "host/durable_file.hpp"
#include "host/random.hpp"
#include "proto/model/limits.hpp"
#include "wire/connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace nearfab;
using Clock = std::chrono::steady_clock;

[[noreturn]] void stop(const Error& error) {
    std::fprintf(stderr,
                 "nearfab-bench-submit: %s.\n  next: %s\n",
                 error.message.c_str(),
                 error.next.c_str());
    std::exit(1);
}

template <typename T>
T must(Result<T> result) {
    if (!result) stop(result.error());
    return std::move(*result);
}

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Figures {
    std::vector<double> ms;
    void print(const char* what) {
        std::sort(ms.begin(), ms.end());
        std::printf("%-34s n %zu   median %.2f ms   p99 %.2f ms\n",
                    what,
                    ms.size(),
                    ms[ms.size() / 2],
                    ms[ms.size() * 99 / 100]);
    }
};

constexpr Duration patience = std::chrono::seconds{30};

void upload(wire::Connection& router,
            const std::vector<std::uint8_t>& file,
            const ContentHash& design) {
    const Message opened = must(router.ask(message::OpenUpload{design, file.size()}, patience));
    auto status = std::get<message::UploadStatus>(opened);
    while (!status.complete) {
        const auto rest = std::span{file}.subspan(status.received);
        const auto piece = rest.first(std::min(rest.size(), limits::chunk_bytes_max));
        status = std::get<message::UploadStatus>(must(
            router.ask(message::UploadChunk{design, status.received, {piece.begin(), piece.end()}},
                       patience)));
    }
}

// Waits until the first work order of the job is offered, then cancels the job.
void await_offer(wire::Connection& router, const JobId& job) {
    const std::uint64_t watch = router.send(message::WatchJob{job, 0});
    for (bool offered = false; !offered;) {
        const auto received = must(router.next(patience));
        if (!received) stop({ErrorCode::timed_out, "no offer came", "is a fab connected?"});
        const auto* update = std::get_if<message::JobUpdate>(&received->body);
        offered = update != nullptr && !update->status.work_orders.empty() &&
                  update->status.work_orders.front().state == WorkOrderState::offered;
    }
    router.forget(watch);
}

Figures plain_sqlite(const std::string& folder, int count) {
    Figures figures;
    const std::string path = folder + "/yardstick.db";
    sqlite3* database = nullptr;
    const auto run = [&](const char* sql) {
        if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
            stop({ErrorCode::storage, sqlite3_errmsg(database), "check the folder"});
        }
    };
    if (sqlite3_open(path.c_str(), &database) != SQLITE_OK) {
        stop({ErrorCode::storage, "cannot open " + path, "check the folder"});
    }
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(a INTEGER, b BLOB)");
    for (int i = 0; i < count; ++i) {
        const auto start = Clock::now();
        run("INSERT INTO t VALUES(1, zeroblob(300))");
        figures.ms.push_back(ms_since(start));
    }
    sqlite3_close(database);
    return figures;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 7) {
        std::fputs("usage: nearfab-bench-submit ENDPOINT ROUTER_KEY KEY_FILE DESIGN.stl FOLDER N\n",
                   stderr);
        return 2;
    }
    const int count = std::max(2, std::atoi(argv[6]));
    wire::ConnectionOptions options;
    options.endpoint = argv[1];
    options.server_key = argv[2];
    options.keys = must(wire::load_key_pair(argv[3]));
    options.software = "nearfab-bench";
    wire::Connection router = must(wire::Connection::open(std::move(options)));
    const auto file = must(read_file(argv[4], limits::design_bytes_max));
    const ContentHash design = hash_of(file);
    upload(router, file, design);

    JobSpec spec;
    spec.title = "Bench";
    spec.licence = "CC0-1.0";
    PartSpec part;
    part.design = design;
    part.design_bytes = file.size();
    part.file_name = "bench.stl";
    part.process = ProcessId{"fdm"};
    part.material = MaterialId{"pla"};
    spec.parts = {part};
    spec.place_of_use = {45.75, 4.85};

    Figures accepted;
    Figures offered;
    for (int i = 0; i < count; ++i) {
        const auto start = Clock::now();
        const Message answer = must(router.ask(message::SubmitJob{random_hex(16), spec}, patience));
        const double durable = ms_since(start);
        const JobId job = std::get<message::JobAccepted>(answer).job;
        await_offer(router, job);
        if (i > 0) {  // The first one is analysed as well.
            accepted.ms.push_back(durable);
            offered.ms.push_back(ms_since(start));
        }
        (void)must(router.ask(message::CancelJob{job, "bench"}, patience));
    }
    accepted.print("submit to durable answer");
    offered.print("submit to offer seen by designer");
    plain_sqlite(argv[5], count).print("one plain SQLite insert, same disk");
    return 0;
}
