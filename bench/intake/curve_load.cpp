// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-bench-curve: durable jobs per second of a running router, over CURVE connections.
//
// Many designers, each with a session and a thread of its own, each with many submits under way.
// A job counts when its durable acceptance has come back. Everything shares the machine.

#include "host/durable_file.hpp"
#include "host/random.hpp"
#include "proto/model/limits.hpp"
#include "wire/connection.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace nearfab;
using Clock = std::chrono::steady_clock;

constexpr Duration patience = std::chrono::seconds{60};

[[noreturn]] void stop(const Error& error) {
    std::fprintf(stderr,
                 "nearfab-bench-curve: %s.\n  next: %s\n",
                 error.message.c_str(),
                 error.next.c_str());
    std::exit(1);
}

template <typename T>
T must(Result<T> result) {
    if (!result) stop(result.error());
    return std::move(*result);
}

struct Plan {
    std::string endpoint;
    std::string router_key;
    std::string key_folder;  // client-0.key, client-1.key, ...
    std::string design;
    std::size_t clients = 16;
    std::size_t window = 200;
    double seconds = 5;
    std::string json;
};

wire::Connection connect(const Plan& plan, std::size_t client) {
    wire::ConnectionOptions options;
    options.endpoint = plan.endpoint;
    options.server_key = plan.router_key;
    options.keys =
        must(wire::load_key_pair(fmt::format("{}/client-{}.key", plan.key_folder, client)));
    options.software = "nearfab-bench";
    options.connect_timeout = patience;
    return must(wire::Connection::open(std::move(options)));
}

JobSpec upload(wire::Connection& router, const std::string& path) {
    const auto file = must(read_file(path, limits::design_bytes_max));
    const ContentHash design = hash_of(file);
    auto status = std::get<message::UploadStatus>(
        must(router.ask(message::OpenUpload{design, file.size()}, patience)));
    while (!status.complete) {
        const auto rest = std::span{file}.subspan(status.received);
        const auto piece = rest.first(std::min(rest.size(), limits::chunk_bytes_max));
        status = std::get<message::UploadStatus>(must(
            router.ask(message::UploadChunk{design, status.received, {piece.begin(), piece.end()}},
                       patience)));
    }
    JobSpec spec;
    spec.title = "Bracket for the workshop shelf";
    spec.licence = "CERN-OHL-S-2.0";
    PartSpec part;
    part.design = design;
    part.design_bytes = file.size();
    part.file_name = "bracket.stl";
    part.process = ProcessId{"fdm"};
    part.material = MaterialId{"pla"};
    spec.parts = {part};
    spec.place_of_use = {45.75, 4.85};
    return spec;
}

// Until then jobs only gather in front of the analysis, and all go on in one step.
void wait_for_analysis(wire::Connection& router) {
    for (bool analysing = true; analysing;) {
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
        message::AskJobs ask;
        ask.include_final = true;
        const auto answer = must(router.ask(ask, patience));
        const auto* found = std::get_if<message::Jobs>(&answer);
        if (found == nullptr || found->jobs.empty()) {
            stop({ErrorCode::internal, "the first job is not there", "look at the router's log"});
        }
        analysing = found->jobs.front().state == JobState::analysing;
    }
}

struct Outcome {
    std::uint64_t accepted = 0;
    std::vector<double> ms;  // From submit to acceptance, a sample.
};

Outcome submit_for(const Plan& plan,
                   std::size_t client,
                   const JobSpec& spec,
                   Clock::time_point end) {
    wire::Connection router = connect(plan, client);
    Outcome outcome;
    std::map<std::uint64_t, Clock::time_point> under_way;
    const auto send = [&] {
        under_way[router.send(message::SubmitJob{random_hex(16), spec})] = Clock::now();
    };
    while (under_way.size() < plan.window)
        send();
    while (!under_way.empty()) {
        const auto received = must(router.next(patience));
        if (!received) stop({ErrorCode::timed_out, "no answer came", "is the router alive?"});
        if (const auto* failure = std::get_if<message::Failure>(&received->body)) {
            stop(failure->error);
        }
        const auto sent = under_way.find(received->correlation);
        if (sent == under_way.end()) continue;
        if (outcome.accepted % 16 == 0) {
            outcome.ms.push_back(
                std::chrono::duration<double, std::milli>(Clock::now() - sent->second).count());
        }
        under_way.erase(sent);
        ++outcome.accepted;
        if (Clock::now() < end) send();
    }
    return outcome;
}

int run(const Plan& plan) {
    JobSpec spec;
    {
        wire::Connection first = connect(plan, 0);
        spec = upload(first, plan.design);
        (void)must(first.ask(message::SubmitJob{random_hex(16), spec}, patience));
        wait_for_analysis(first);
    }
    std::vector<Outcome> outcomes(plan.clients);
    std::vector<std::thread> threads;
    const auto start = Clock::now();
    const auto end = start + std::chrono::milliseconds{static_cast<int>(plan.seconds * 1000)};
    for (std::size_t c = 0; c < plan.clients; ++c)
        threads.emplace_back([&, c] { outcomes[c] = submit_for(plan, c, spec, end); });
    for (std::thread& thread : threads)
        thread.join();
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    std::uint64_t accepted = 0;
    std::vector<double> ms;
    for (const Outcome& outcome : outcomes) {
        accepted += outcome.accepted;
        ms.insert(ms.end(), outcome.ms.begin(), outcome.ms.end());
    }
    std::sort(ms.begin(), ms.end());
    const double per_s = static_cast<double>(accepted) / seconds;
    const double p50 = ms.empty() ? 0 : ms[ms.size() / 2];
    const double p99 = ms.empty() ? 0 : ms[ms.size() * 99 / 100];
    std::printf(
        "%-44s %10.0f jobs/s  %zu designers, %zu under way each, p50 %.1f ms, p99 %.1f ms\n",
        "nearfab over CURVE",
        per_s,
        plan.clients,
        plan.window,
        p50,
        p99);
    if (!plan.json.empty()) {
        std::ofstream{plan.json} << fmt::format(
            "{{\"jobs_per_s\": {:.0f}, \"p50_ms\": {:.2f}, \"p99_ms\": {:.2f}}}\n",
            per_s,
            p50,
            p99);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 8) {
        std::fputs(
            "usage: nearfab-bench-curve ENDPOINT ROUTER_KEY KEY_FOLDER DESIGN.stl CLIENTS "
            "WINDOW SECONDS [JSON]\n",
            stderr);
        return 2;
    }
    Plan plan;
    plan.endpoint = argv[1];
    plan.router_key = argv[2];
    plan.key_folder = argv[3];
    plan.design = argv[4];
    plan.clients = static_cast<std::size_t>(std::max(1, std::atoi(argv[5])));
    plan.window = static_cast<std::size_t>(std::max(1, std::atoi(argv[6])));
    plan.seconds = std::atof(argv[7]);
    if (argc > 8) plan.json = argv[8];
    return run(plan);
}
