// SPDX-License-Identifier: GPL-3.0-or-later
// How well a Grbl is fed and how soon it holds; what 50 machines cost an agent at rest.
//
//   nearfab-bench-drivers grbl [LINES]     the line rate that streaming reaches at 115,200 baud
//   nearfab-bench-drivers hold [TIMES]     from pause() to the byte off the wire, under full load
//   nearfab-bench-drivers rest [SECONDS]   processor time of 50 machines that do nothing
//   nearfab-bench-drivers dead [TIMES]     a command to one machine while 49 others do not answer

#include "node-agent/core/start_gate.hpp"
#include "node-agent/drivers/grbl/grbl_driver.hpp"
#include "node-agent/drivers/moonraker_driver.hpp"
#include "node-agent/drivers/octoprint_driver.hpp"
#include "node-agent/drivers/prusalink_driver.hpp"
#include "node-agent/shell/machine_worker.hpp"
#include "tests/node-agent/drivers/fakes/fake_grbl.hpp"
#include "tests/node-agent/drivers/fakes/fake_moonraker.hpp"
#include "tests/node-agent/drivers/fakes/fake_octoprint.hpp"
#include "tests/node-agent/drivers/fakes/fake_prusalink.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <poll.h>
#include <random>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace nearfab::agent {
namespace {

using std::chrono::steady_clock;

constexpr int baud = 115'200;

std::span<const std::uint8_t> bytes_of_text(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

double seconds_since(steady_clock::time_point begin) {
    return std::chrono::duration<double>(steady_clock::now() - begin).count();
}

// What a bench cannot do without ends it, with the words of whoever refused.
void must(const Status& done) {
    if (done) return;
    std::fprintf(stderr, "nearfab-bench-drivers: %s\n", done.error().message.c_str());
    std::exit(1);
}

void pass(int milliseconds) {
    (void)::poll(nullptr, 0, milliseconds);
}

fakes::FakeGrblOptions a_laser() {
    fakes::FakeGrblOptions options;
    options.baud = baud;
    return options;
}

std::unique_ptr<MachineDriver> grbl_at(const std::string& port) {
    GrblOptions options;
    options.link = {port, baud};
    options.rules.kind = GrblKind::laser;
    options.rules.banner_wait = Duration{100};
    options.rules.dry_run = false;  // It would send every line twice.
    auto driver = std::move(*open_grbl(options));
    while (driver->read().condition != MachineCondition::idle)
        pass(5);
    return driver;
}

// Short lines as a raster engraving has them.
std::string raster(int lines) {
    std::string text = "G21G90\nM4S0\n";
    for (int i = 0; i < lines; ++i) {
        text += "G1X" + std::to_string(i % 300) + "." + std::to_string(i % 10) + "S" +
                std::to_string(i % 1000) + "F6000\n";
    }
    return text + "M5\n";
}

void start(MachineDriver& driver, const std::string& program) {
    StartOrder order;
    order.work_order = WorkOrderId{"w"};
    order.epoch = order.highest_epoch_seen = 1;
    order.machine_file = "bench.gcode";
    order.authorised_hash = nearfab::hash_of(program);
    order.right_expires = SystemClock{}.read().boot + std::chrono::minutes{5};
    order.bed_confirmed_clear = true;
    order.attended_process = true;
    order.presence_until = SystemClock{}.read().boot + std::chrono::hours{5};
    const StartOutcome outcome = StartGate::open(
        order, driver, [] { return SystemClock{}.read(); }, [] { return false; });
    if (outcome.kind == StartOutcome::Kind::started) return;
    std::fprintf(stderr, "no start: %s\n", outcome.reason.c_str());
    std::exit(1);
}

int bench_grbl(int lines) {
    fakes::FakeGrbl fake{a_laser()};
    const auto driver = grbl_at(fake.port());
    const std::string program = raster(lines);
    const auto sent = grbl_program(program, GrblKind::laser);
    must(driver->upload("bench.gcode", bytes_of_text(program)));
    const auto begin = steady_clock::now();
    start(*driver, program);
    while (driver->read().condition == MachineCondition::running)
        pass(2);
    const double took_s = seconds_since(begin);
    const double line_s = static_cast<double>(sent->text.size()) * 10 / baud;
    std::printf(
        "%d lines, %zu bytes: %.3f s, the bare line takes %.3f s: %.1f %%; lost %zu bytes, "
        "at most %zu in the receive buffer\n",
        lines,
        sent->text.size(),
        took_s,
        line_s,
        100 * line_s / took_s,
        fake.lost_bytes(),
        fake.fullest());
    return 0;
}

int bench_hold(int times) {
    // Its moves take longer than its line, or it would stand idle between them and hear no hold.
    fakes::FakeGrblOptions slow = a_laser();
    slow.block_time = std::chrono::milliseconds{4};
    fakes::FakeGrbl fake{slow};
    const auto driver = grbl_at(fake.port());
    const std::string program = raster(200'000);
    must(driver->upload("bench.gcode", bytes_of_text(program)));
    start(*driver, program);
    std::mt19937 any{1};
    std::uniform_int_distribution<int> wait_ms{20, 60};
    std::vector<double> took_ms;
    for (int i = 0; i < times; ++i) {
        pass(wait_ms(any));
        const auto begin = steady_clock::now();
        must(driver->pause());
        const auto arrived = fake.arrival('!');
        took_ms.push_back(std::chrono::duration<double, std::milli>(*arrived - begin).count());
        must(driver->resume());
    }
    (void)driver->cancel();
    std::sort(took_ms.begin(), took_ms.end());
    const auto at = [&](double share) {
        return took_ms[static_cast<std::size_t>(share * static_cast<double>(took_ms.size() - 1))];
    };
    std::printf("%d holds: median %.2f ms, p90 %.2f ms, p99 %.2f ms, longest %.2f ms\n",
                times,
                at(0.5),
                at(0.9),
                at(0.99),
                took_ms.back());
    return 0;
}

// The fakes live in a process of their own, so that their time is not the agent's.
struct Fab {
    std::vector<std::string> octoprints, moonrakers, prusalinks, grbls;
    pid_t process = -1;

    ~Fab() {
        if (process > 0) ::kill(process, SIGKILL);
        if (process > 0) ::waitpid(process, nullptr, 0);
    }
};

[[noreturn]] void be_a_fab(int to) {
    std::vector<std::unique_ptr<fakes::FakeOctoprint>> octoprints;
    std::vector<std::unique_ptr<fakes::FakeMoonraker>> moonrakers;
    std::vector<std::unique_ptr<fakes::FakePrusalink>> prusalinks;
    std::vector<std::unique_ptr<fakes::FakeGrbl>> grbls;
    std::string list;
    for (int i = 0; i < 10; ++i) {
        list +=
            octoprints.emplace_back(std::make_unique<fakes::FakeOctoprint>())->server.url() + "\n";
        list +=
            octoprints.emplace_back(std::make_unique<fakes::FakeOctoprint>())->server.url() + "\n";
        list +=
            moonrakers.emplace_back(std::make_unique<fakes::FakeMoonraker>())->server.url() + "\n";
        list +=
            prusalinks.emplace_back(std::make_unique<fakes::FakePrusalink>())->server.url() + "\n";
        list += grbls.emplace_back(std::make_unique<fakes::FakeGrbl>(a_laser()))->port() + "\n";
    }
    (void)!::write(to, list.data(), list.size());
    ::close(to);
    for (;;)
        ::pause();
}

void open_fab(Fab& fab) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) std::exit(1);
    fab.process = ::fork();
    if (fab.process == 0) be_a_fab(ends[1]);
    ::close(ends[1]);
    std::string list;
    std::array<char, 4096> bytes{};
    for (ssize_t n = 0; (n = ::read(ends[0], bytes.data(), bytes.size())) > 0;)
        list.append(bytes.data(), static_cast<std::size_t>(n));
    ::close(ends[0]);
    std::array<std::vector<std::string>*, 5> kinds{
        &fab.octoprints, &fab.octoprints, &fab.moonrakers, &fab.prusalinks, &fab.grbls};
    for (std::size_t i = 0; !list.empty(); ++i) {
        kinds[i % 5]->push_back(list.substr(0, list.find('\n')));
        list.erase(0, list.find('\n') + 1);
    }
}

std::vector<std::unique_ptr<MachineDriver>> drivers_of(const Fab& fab) {
    std::vector<std::unique_ptr<MachineDriver>> drivers;
    for (const std::string& url : fab.octoprints)
        drivers.push_back(std::move(*OctoprintDriver::open({url, fakes::FakeOctoprint::key})));
    for (const std::string& url : fab.moonrakers)
        drivers.push_back(std::move(*MoonrakerDriver::open({url, fakes::FakeMoonraker::key})));
    for (const std::string& url : fab.prusalinks) {
        PrusalinkOptions options;
        options.url = url;
        options.key = fakes::FakePrusalink::key;
        drivers.push_back(std::move(*PrusalinkDriver::open(options)));
    }
    for (const std::string& port : fab.grbls) {
        GrblOptions options;
        options.link.address = port;
        options.rules.kind = GrblKind::laser;
        drivers.push_back(std::move(*open_grbl(options)));
    }
    return drivers;
}

double processor_s() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

std::unique_ptr<MachineWorker> work_on(std::unique_ptr<MachineDriver> driver,
                                       const std::string& name,
                                       EventQueue& events) {
    MachineWorkerOptions options;
    options.machine = MachineId{name};
    options.now = [] { return SystemClock{}.read(); };
    return std::make_unique<MachineWorker>(std::move(options), std::move(driver), events);
}

int bench_rest(int seconds) {
    Fab fab;
    open_fab(fab);
    const auto events = std::move(*EventQueue::open());
    std::vector<std::unique_ptr<MachineWorker>> workers;
    for (auto& driver : drivers_of(fab)) {
        workers.push_back(
            work_on(std::move(driver), "m" + std::to_string(workers.size()), *events));
    }
    pass(8000);  // Until all are known.
    (void)events->take_all();
    const double before_s = processor_s();
    const auto begin = steady_clock::now();
    std::size_t looks = 0;
    std::size_t idle = 0;
    while (seconds_since(begin) < seconds) {
        pollfd waiting{events->descriptor(), POLLIN, 0};
        (void)::poll(&waiting, 1, 1000);
        for (const Event& event : events->take_all()) {
            const auto* read = std::get_if<event::MachineRead>(&event);
            looks += read != nullptr ? 1 : 0;
            idle += read != nullptr && read->reading.condition == MachineCondition::idle ? 1 : 0;
        }
    }
    const double share = (processor_s() - before_s) / seconds_since(begin);
    std::printf("%zu machines at rest for %d s: %.2f %% of one core, %zu looks, %zu of them idle\n",
                workers.size(),
                seconds,
                100 * share,
                looks,
                idle);
    return 0;
}

int bench_dead(int times) {
    fakes::FakeHttpServer silent{[](const fakes::FakeRequest&) {
        fakes::FakeAnswer answer;
        answer.ugliness = fakes::FakeAnswer::Ugliness::silence;
        return answer;
    }};
    fakes::FakeOctoprint alive;
    const auto events = std::move(*EventQueue::open());
    std::vector<std::unique_ptr<MachineWorker>> workers;
    for (int i = 0; i < 49; ++i) {
        workers.push_back(work_on(std::move(*OctoprintDriver::open({silent.url(), "key"})),
                                  "dead" + std::to_string(i),
                                  *events));
    }
    const auto worker =
        work_on(std::move(*OctoprintDriver::open({alive.server.url(), fakes::FakeOctoprint::key})),
                "alive",
                *events);
    std::vector<double> took_ms;
    for (int i = 0; i < times; ++i) {
        pass(50);
        (void)events->take_all();
        const auto begin = steady_clock::now();
        worker->cancel({{WorkOrderId{"w"}, 1}, MachineId{"alive"}, "nothing"});
        for (bool answered = false; !answered;) {
            pollfd waiting{events->descriptor(), POLLIN, 0};
            (void)::poll(&waiting, 1, 1000);
            for (const Event& event : events->take_all())
                answered = answered || std::holds_alternative<event::CancelAnswered>(event);
        }
        took_ms.push_back(seconds_since(begin) * 1000);
    }
    std::sort(took_ms.begin(), took_ms.end());
    std::printf("49 machines silent, %d commands to the 50th: median %.2f ms, longest %.2f ms\n",
                times,
                took_ms[took_ms.size() / 2],
                took_ms.back());
    return 0;
}

}  // namespace
}  // namespace nearfab::agent

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "";
    const int count = argc > 2 ? std::atoi(argv[2]) : 0;
    if (what == "grbl") return nearfab::agent::bench_grbl(count > 0 ? count : 5000);
    if (what == "hold") return nearfab::agent::bench_hold(count > 0 ? count : 200);
    if (what == "rest") return nearfab::agent::bench_rest(count > 0 ? count : 30);
    if (what == "dead") return nearfab::agent::bench_dead(count > 0 ? count : 100);
    std::fprintf(stderr, "usage: nearfab-bench-drivers grbl|hold|rest|dead [COUNT]\n");
    return 2;
}
