// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-bench-geometry: what the geometry of a file costs, beside what others do with it.
//
//   nearfab-bench-geometry compare N [TRIANGLES...]   all of them, N times each, on own parts
//   nearfab-bench-geometry basic|floor FILE           one piece of work, as `compare` runs it
//   nearfab-bench-geometry full|check FILE [THREADS]  (1) likewise
//   nearfab-bench-geometry steps FILE                 the steps of the whole check, one by one:
//                                                     CPU time, and peak memory of the program
//   nearfab-bench-geometry make TRIANGLES FILE [shuffled]   writes the part: a bumpy hollow sphere
//
// Every contender is a program of its own that reads the same binary STL; what is compared is the
// CPU time (user and system) and the peak memory that the kernel counts for it, which says nearly
// the same whatever else runs on the machine, and the time on the clock, which does not. `floor` is
// the plainest thing that can be right: an exact hash weld of the corners, an edge check by
// sorting, components and volume. `basic` is what it is compared with: weld, edges, shells, volume,
// area, box. `full` adds mends, self-intersections and the nesting of shells, walls and gaps by
// 130,000 samples, orientations with overhangs and support, the oriented box and the stances.
// `check` is all that `nearfab check` does: the plate, milling and estimates as well.

#include "base/large_pages.hpp"
#include "cli/step_threads.hpp"
#include "geometry/part_check.hpp"
#include "geometry/part_survey.hpp"
#include "geometry/readers/stl.hpp"
#include "host/freed_memory.hpp"
#include "host/large_file.hpp"

#include "bench/plain_check.hpp"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <numbers>
#include <random>
#include <span>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace nearfab;
using namespace nearfab::geometry;
using Bytes = LargeArray<std::uint8_t>;

[[noreturn]] void stop(const std::string& message, const std::string& next) {
    std::fprintf(
        stderr, "nearfab-bench-geometry: %s.\n  next: %s\n", message.c_str(), next.c_str());
    std::exit(1);
}

double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

double wall_ms() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

Bytes bytes_in(const std::string& path) {
    auto bytes = read_large_file(path, std::size_t{1} << 32U);
    if (!bytes) stop(bytes.error().message, "Name a binary STL");
    return std::move(*bytes);
}

// A sphere with bumps and a smooth hollow, both made of rings of triangles.
Mesh bumpy_hollow_sphere(std::size_t triangles) {
    const auto rings = std::max(4, static_cast<int>(std::sqrt(static_cast<double>(triangles) / 8)));
    const int around = 2 * rings;
    Mesh mesh;
    const auto add_sphere = [&](double radius, double bump, bool hollow) {
        const auto first = static_cast<std::uint32_t>(mesh.vertices.size());
        for (int ring = 0; ring <= rings; ++ring) {
            const double tilt = std::numbers::pi * ring / rings;
            const double flat = ring == 0 || ring == rings ? 0 : std::sin(tilt);
            for (int step = 0; step < (flat == 0 ? 1 : around); ++step) {
                const double turn = 2 * std::numbers::pi * step / around;
                const double r = radius + bump * std::sin(9 * tilt) * std::sin(7 * turn) * flat;
                mesh.vertices.push_back(
                    {r * flat * std::cos(turn), r * flat * std::sin(turn), r * std::cos(tilt)});
            }
        }
        const auto at = [&](int ring, int step) {
            if (ring == 0) return first;
            const int before = ring == rings ? 0 : step % around;
            return first + 1 + static_cast<std::uint32_t>((ring - 1) * around + before);
        };
        const auto add = [&](std::uint32_t a, std::uint32_t b, std::uint32_t c) {
            mesh.triangles.push_back(hollow ? std::array{a, c, b} : std::array{a, b, c});
        };
        for (int ring = 0; ring < rings; ++ring) {
            for (int step = 0; step < around; ++step) {
                if (ring + 1 < rings)
                    add(at(ring, step), at(ring + 1, step), at(ring + 1, step + 1));
                if (ring > 0) add(at(ring, step), at(ring + 1, step + 1), at(ring, step + 1));
            }
        }
    };
    add_sphere(20, 0.4, false);
    add_sphere(16, 0, true);
    return mesh;
}

void make(std::size_t triangles, const std::string& path, bool shuffled) {
    Mesh mesh = bumpy_hollow_sphere(triangles);
    // The same order every time.
    std::mt19937 random(1);
    if (shuffled) std::shuffle(mesh.triangles.begin(), mesh.triangles.end(), random);
    const std::vector<std::uint8_t> file = write_stl(mesh);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(file.data()),
               static_cast<std::streamsize>(file.size()));
}

ReadLimits wide_limits() {
    ReadLimits limits;
    limits.file_bytes = 1ULL << 32U;
    limits.triangles = 100'000'000;
    return limits;
}

// What the program holds at most since the last call, MiB.
double peak_mb_since_last() {
    double kb = 0;
    std::ifstream in{"/proc/self/status"};
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("VmHWM:")) kb = std::atof(line.substr(6).c_str());
    }
    std::ofstream{"/proc/self/clear_refs"} << 5;  // Begins anew at what it holds now.
    return kb / 1024;
}

void say(const char* what, double ms) {
    std::printf("  %-40s %9.1f ms %9.1f MiB\n", what, ms, peak_mb_since_last());
}

void basic(const std::string& path) {
    auto survey = begin_survey(bytes_in(path), wide_limits());
    if (!survey) stop(survey.error().message, survey.error().next);
    connect(*survey);
    std::printf("%u triangles, %u shells, volume %.3f mm3\n",
                survey->report.mesh.triangles,
                survey->report.mesh.shells,
                survey->report.volume_mm3);
}

// Steps that only `check` has.
bool beyond_full(const CheckStep& step) {
    return step.words.find("mill") != step.words.npos ||
           step.words.find("plate") != step.words.npos ||
           step.words.find("layers") != step.words.npos;
}

enum class Extent { full, check };

void run(std::span<const CheckStep> given, Extent extent, unsigned threads, bool loud) {
    std::vector<CheckStep> steps(given.begin(), given.end());
    for (CheckStep& step : steps) {
        if (extent == Extent::full && beyond_full(step)) step.run = [] {};
    }
    if (!loud) return cli::run_steps(steps, threads);
    for (const CheckStep& step : steps) {
        const double before = cpu_ms();
        step.run();
        say(step.words.empty() ? "(small)" : std::string(step.words).c_str(), cpu_ms() - before);
    }
}

void check(const std::string& path, Extent extent, unsigned threads, bool loud) {
    Bytes bytes = bytes_in(path);
    if (loud) say("(program, reading)", cpu_ms());
    PartCheckOptions options;
    options.mesh_limits = wide_limits();
    options.file_read = [&bytes] { bytes = Bytes{}; };
    const double before = cpu_ms();
    double begun = before;
    double done = before;
    options.run_steps = [&](std::span<const CheckStep> steps) {
        begun = cpu_ms();
        run(steps, extent, threads, loud);
        done = cpu_ms();
    };
    const auto checked = check_part(bytes, options);
    if (!checked) stop(checked.error().message, checked.error().next);
    if (loud) {
        say("(welding)", begun - before);
        say("(verdicts and estimates)", cpu_ms() - done);
    }
    const SolidCheck& solid = *checked->solid;
    const WallThickness none;
    const WallThickness& widths = solid.thickness ? *solid.thickness : none;
    std::printf(
        "%zu triangles, %u shells, volume %.3f mm3, %llu self-intersections, walls from "
        "%.4f mm, gaps from %.4f mm, %zu orientations\n",
        solid.mesh.triangles.size(),
        solid.report.mesh.shells,
        solid.report.volume_mm3,
        static_cast<unsigned long long>(solid.intersections.pairs),
        widths.walls.min_mm,
        widths.gaps.min_mm,
        solid.orientations.size());
}

struct Cost {
    double cpu_ms = 0;
    double wall_ms = 0;
    double peak_mb = 0;
    bool ran = false;
};

// Runs a program to its end, without its output.
Cost cost_of(const std::vector<std::string>& command) {
    std::vector<char*> words;
    for (const std::string& word : command)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    const double begun = wall_ms();
    const pid_t child = fork();
    if (child < 0) stop("cannot start a program", "Try again with more memory free");
    if (child == 0) {
        const int nothing = open("/dev/null", O_RDWR);
        dup2(nothing, STDIN_FILENO);
        dup2(nothing, STDOUT_FILENO);
        dup2(nothing, STDERR_FILENO);
        execvp(words.front(), words.data());
        _exit(127);
    }
    int status = 0;
    rusage used{};
    wait4(child, &status, 0, &used);
    const auto ms = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) * 1e-3;
    };
    Cost cost;
    cost.ran = WIFEXITED(status) && WEXITSTATUS(status) != 127;
    cost.wall_ms = wall_ms() - begun;
    cost.cpu_ms = ms(used.ru_utime) + ms(used.ru_stime);
    cost.peak_mb = static_cast<double>(used.ru_maxrss) / 1024;
    return cost;
}

Cost median_cost(const std::vector<std::string>& command, int times) {
    std::vector<Cost> costs;
    for (int i = 0; i < times; ++i) {
        costs.push_back(cost_of(command));
        if (!costs.back().ran) return costs.back();
    }
    const auto middle = costs.begin() + times / 2;
    std::nth_element(costs.begin(), middle, costs.end(), [](const Cost& a, const Cost& b) {
        return a.cpu_ms < b.cpu_ms;
    });
    return *middle;
}

struct Contender {
    const char* name;
    std::vector<std::string> command;  // FILE is replaced.
    std::size_t most_triangles;
    const char* missing;  // What to say when it does not run.
};

void compare_on(const std::string& self,
                std::size_t triangles,
                bool shuffled,
                int times,
                const std::string& path) {
    const std::string order = shuffled ? "shuffled" : "in order";
    if (!cost_of({self, "make", std::to_string(triangles), path, order}).ran)
        stop("cannot write " + path, "Free some space in the folder for temporary files");
    struct stat file {};
    stat(path.c_str(), &file);
    const double file_mb = static_cast<double>(file.st_size) / (1 << 20);
    std::printf("\n%lld triangles %s, %.1f MiB\n",
                static_cast<long long>((file.st_size - 84) / 50),
                order.c_str(),
                file_mb);
    std::printf("  %-34s %10s %10s %12s %12s %10s %8s\n",
                "",
                "CPU ms",
                "clock ms",
                "x our basic",
                "x our full",
                "peak MiB",
                "x file");
    const std::string cgal = self.substr(0, self.rfind('/') + 1) + "nearfab-bench-cgal";
    const char* const build_cgal = "build the target nearfab-bench-cgal";
    constexpr std::size_t any = 100'000'000;
    // Minutes, which the order of the triangles hardly changes.
    const std::size_t most_of_cgal = shuffled ? 150'000 : 1'500'000;
    const std::vector<Contender> contenders{
        {"nearfab, basic facts", {self, "basic", "FILE"}, any, ""},
        {"nearfab, full", {self, "full", "FILE", "1"}, any, ""},
        {"nearfab, full, two threads", {self, "full", "FILE", "2"}, any, ""},
        {"nearfab, whole check", {self, "check", "FILE", "1"}, any, ""},
        {"nearfab, whole check, two threads", {self, "check", "FILE", "2"}, any, ""},
        {"floor: hash weld, edges, volume", {self, "floor", "FILE"}, any, ""},
        {"admesh --exact", {"admesh", "--exact", "FILE"}, any, "install the package admesh"},
        {"prusa-slicer --info",
         {"prusa-slicer", "--info", "FILE"},
         any,
         "install the package prusa-slicer"},
        {"CGAL, basic facts", {cgal, "basic", "FILE"}, 1'500'000, build_cgal},
        {"CGAL, full", {cgal, "full", "FILE"}, most_of_cgal, build_cgal},
    };
    double our_basic = 0;
    double our_full = 0;
    for (const Contender& contender : contenders) {
        if (triangles > contender.most_triangles) continue;
        std::vector<std::string> command = contender.command;
        std::replace(command.begin(), command.end(), std::string("FILE"), path);
        const Cost cost = median_cost(command, times);
        if (!cost.ran) {
            std::printf("  %-34s did not run: %s\n", contender.name, contender.missing);
            continue;
        }
        if (our_basic == 0)
            our_basic = cost.cpu_ms;
        else if (our_full == 0)
            our_full = cost.cpu_ms;
        std::printf("  %-34s %10.0f %10.0f %12.2f %12.2f %10.0f %8.1f\n",
                    contender.name,
                    cost.cpu_ms,
                    cost.wall_ms,
                    cost.cpu_ms / our_basic,
                    our_full > 0 ? cost.cpu_ms / our_full : 0.0,
                    cost.peak_mb,
                    cost.peak_mb / file_mb);
        std::fflush(stdout);
    }
    unlink(path.c_str());
}

constexpr std::size_t large = 2'000'000;

int times_for_large(int times) {
    return std::max(1, times / 3);
}

int compare(const std::string& self, int times, std::vector<std::size_t> sizes) {
    if (sizes.empty()) sizes = {10'000, 100'000, 1'000'000, 5'000'000};
    std::string folder = (std::getenv("TMPDIR") != nullptr ? std::getenv("TMPDIR") : "/tmp");
    folder += "/nearfab-bench-geometry.XXXXXX";
    if (mkdtemp(folder.data()) == nullptr)
        stop("cannot make the folder " + folder, "Set TMPDIR to a folder that can be written");
    std::printf(
        "CPU time and peak memory of whole programs from the file to the answer; medians "
        "of %d runs, above %zu triangles of %d\n",
        times,
        large,
        times_for_large(times));
    // Shuffled: neighbours far apart in the file, as some programs write them.
    for (const bool shuffled : {false, true}) {
        for (const std::size_t size : sizes) {
            compare_on(self,
                       size,
                       shuffled,
                       size > large ? times_for_large(times) : times,
                       folder + "/part.stl");
        }
    }
    rmdir(folder.c_str());
    return 0;
}

}  // namespace

int main(int count, char** words) {
    give_back_freed_memory();
    const std::vector<std::string> args(words + 1, words + count);
    if (args.size() >= 2 && args[0] == "compare") {
        std::vector<std::size_t> sizes;
        for (std::size_t i = 2; i < args.size(); ++i)
            sizes.push_back(std::strtoull(args[i].c_str(), nullptr, 10));
        std::string self(4096, '\0');
        const ssize_t length = readlink("/proc/self/exe", self.data(), self.size());
        self.resize(static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
        return compare(self, std::max(1, std::atoi(args[1].c_str())), sizes);
    }
    if (args.size() >= 3 && args[0] == "make") {
        make(std::strtoull(args[1].c_str(), nullptr, 10), args[2], args.back() == "shuffled");
    } else if (args.size() == 2 && args[0] == "basic") {
        basic(args[1]);
    } else if (args.size() >= 2 && (args[0] == "full" || args[0] == "check")) {
        const int threads = args.size() > 2 ? std::atoi(args[2].c_str()) : 1;
        check(args[1],
              args[0] == "full" ? Extent::full : Extent::check,
              static_cast<unsigned>(std::max(threads, 1)),
              false);
    } else if (args.size() == 2 && args[0] == "steps") {
        check(args[1], Extent::check, 1, true);
    } else if (args.size() == 2 && args[0] == "floor") {
        bench::plain_check(bytes_in(args[1]));
    } else {
        stop("say what to measure", "nearfab-bench-geometry compare 5");
    }
    return 0;
}
