// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-bench-geometry: what the geometry of a file costs, beside what others do with it.
//
//   nearfab-bench-geometry compare N [TRIANGLES...]   all of them, N times each, on own parts
//   nearfab-bench-geometry basic|full|floor FILE      one piece of work, as `compare` runs it
//   nearfab-bench-geometry steps FILE                 the parts of the full check, one by one
//   nearfab-bench-geometry make TRIANGLES FILE [shuffled]   writes the part: a bumpy hollow sphere
//
// Every contender is a program of its own that reads the same binary STL; what is compared is the
// CPU time (user and system) and the peak memory that the kernel counts for it, which says the
// same whatever else runs on the machine. `floor` is the plainest thing that can be right: an exact
// hash weld of the corners, an edge check by sorting, components and volume.

#include "geometry/detail/shell_nesting.hpp"
#include "geometry/facts/measure.hpp"
#include "geometry/facts/mends.hpp"
#include "geometry/facts/self_intersections.hpp"
#include "geometry/facts/topology.hpp"
#include "geometry/facts/weld.hpp"
#include "geometry/readers/stl.hpp"
#include "geometry/thickness/wall_thickness.hpp"

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
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace nearfab;
using namespace nearfab::geometry;
using Bytes = std::vector<std::uint8_t>;

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

Bytes bytes_in(const std::string& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) stop("cannot read " + path, "Name a binary STL");
    Bytes bytes(static_cast<std::size_t>(file.tellg()));
    file.seekg(0);
    file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return bytes;
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

TriangleSoup soup_in(const std::string& path) {
    ReadLimits limits;
    limits.file_bytes = 1ULL << 32U;
    limits.triangles = 100'000'000;
    Result<TriangleSoup> soup = read_stl(bytes_in(path), limits);
    if (!soup) stop(soup.error().message, soup.error().next);
    return std::move(*soup);
}

// Says what each step took, when that is asked for.
class Steps {
public:
    explicit Steps(bool loud) : loud_(loud) {}
    void done(const char* what) {
        const double now = cpu_ms();
        if (loud_) std::printf("  %-24s %9.1f ms\n", what, now - last_);
        last_ = now;
    }

private:
    bool loud_;
    double last_ = cpu_ms();
};

struct Basic {
    Mesh mesh;
    Topology topology;
    Measures measures;
};

Basic basic(const std::string& path, Steps& steps) {
    Basic out;
    {
        const TriangleSoup soup = soup_in(path);
        steps.done("read");
        out.mesh = weld(soup).mesh;
        steps.done("weld");
    }
    out.topology = topology_of(out.mesh);
    steps.done("edges and shells");
    out.measures = measure(out.mesh, bounds_of(out.mesh), out.topology);
    steps.done("volume, area, centre");
    return out;
}

void full(const std::string& path, Steps& steps) {
    const Basic part = basic(path, steps);
    const Bvh bvh(part.mesh);
    steps.done("search tree");
    const SelfIntersections meeting = self_intersections(bvh, part.topology.shell_of);
    steps.done("self-intersections");
    const detail::ShellNesting nesting = detail::nest_shells(bvh, part.topology, meeting);
    steps.done("nesting of shells");
    const Mends mends = mends_of(part.mesh, part.topology, nesting.depth);
    steps.done("mends");
    const WallThickness thickness = wall_thickness(bvh);
    steps.done("walls and gaps");
    std::printf(
        "%zu triangles, %u shells, volume %.3f mm3, %llu self-intersections, walls from "
        "%.4f mm, gaps from %.4f mm, %s\n",
        part.mesh.triangles.size(),
        part.topology.shells,
        part.measures.volume_mm3,
        static_cast<unsigned long long>(meeting.pairs),
        thickness.walls.min_mm,
        thickness.gaps.min_mm,
        mends.closed_after ? "closed" : "open");
}

struct Cost {
    double cpu_ms = 0;
    double peak_mb = 0;
    bool ran = false;
};

// Runs a program to its end, without its output.
Cost cost_of(const std::vector<std::string>& command) {
    std::vector<char*> words;
    for (const std::string& word : command)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
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
    std::vector<std::string> command;  // The file is added.
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
    std::printf(
        "\n%lld triangles, %.1f MiB\n", static_cast<long long>((file.st_size - 84) / 50), file_mb);
    std::printf("  %-34s %10s %12s %12s %10s %8s\n",
                "",
                "CPU ms",
                "x our basic",
                "x our full",
                "peak MiB",
                "x file");
    const std::string cgal = self.substr(0, self.rfind('/') + 1) + "nearfab-bench-cgal";
    const std::vector<Contender> contenders{
        {"nearfab, basic facts", {self, "basic"}, 100'000'000, ""},
        {"nearfab, full check", {self, "full"}, 100'000'000, ""},
        {"floor: hash weld, edges, volume", {self, "floor"}, 100'000'000, ""},
        {"admesh --exact", {"admesh", "--exact"}, 100'000'000, "install the package admesh"},
        {"prusa-slicer --info",
         {"prusa-slicer", "--info"},
         100'000'000,
         "install the package prusa-slicer"},
        {"CGAL, basic facts", {cgal, "basic"}, 1'500'000, "build the target nearfab-bench-cgal"},
        {"CGAL, full check", {cgal, "full"}, 1'500'000, "build the target nearfab-bench-cgal"},
    };
    double our_basic = 0;
    double our_full = 0;
    for (const Contender& contender : contenders) {
        if (triangles > contender.most_triangles) continue;
        std::vector<std::string> command = contender.command;
        command.push_back(path);
        const Cost cost = median_cost(command, times);
        if (!cost.ran) {
            std::printf("  %-34s did not run: %s\n", contender.name, contender.missing);
            continue;
        }
        if (our_basic == 0)
            our_basic = cost.cpu_ms;
        else if (our_full == 0)
            our_full = cost.cpu_ms;
        std::printf("  %-34s %10.0f %12.2f %12.2f %10.0f %8.1f\n",
                    contender.name,
                    cost.cpu_ms,
                    cost.cpu_ms / our_basic,
                    our_full > 0 ? cost.cpu_ms / our_full : 0.0,
                    cost.peak_mb,
                    cost.peak_mb / file_mb);
        std::fflush(stdout);
    }
    unlink(path.c_str());
}

int compare(const std::string& self, int times, std::vector<std::size_t> sizes) {
    if (sizes.empty()) sizes = {10'000, 100'000, 1'000'000, 5'000'000};
    std::string folder = (std::getenv("TMPDIR") != nullptr ? std::getenv("TMPDIR") : "/tmp");
    folder += "/nearfab-bench-geometry.XXXXXX";
    if (mkdtemp(folder.data()) == nullptr)
        stop("cannot make the folder " + folder, "Set TMPDIR to a folder that can be written");
    std::printf(
        "CPU time and peak memory of whole programs from the file to the answer; medians "
        "of %d runs\n",
        times);
    for (const std::size_t size : sizes)
        compare_on(self, size, false, times, folder + "/part.stl");
    // Neighbours far apart in the file, as some programs write them: memory is then what counts.
    if (sizes.size() > 1)
        compare_on(self, sizes[sizes.size() / 2], true, times, folder + "/part.stl");
    rmdir(folder.c_str());
    return 0;
}

}  // namespace

int main(int count, char** words) {
    const std::vector<std::string> args(words + 1, words + count);
    Steps quiet(false);
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
        basic(args[1], quiet);
    } else if (args.size() == 2 && args[0] == "full") {
        full(args[1], quiet);
    } else if (args.size() == 2 && args[0] == "steps") {
        Steps loud(true);
        full(args[1], loud);
    } else if (args.size() == 2 && args[0] == "floor") {
        bench::plain_check(bytes_in(args[1]));
    } else {
        stop("say what to measure", "nearfab-bench-geometry compare 5");
    }
    return 0;
}
