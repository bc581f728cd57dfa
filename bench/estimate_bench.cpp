// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-bench-estimate: how far the estimate from geometry is from what a real slicer says.
//
//   nearfab-bench-estimate prepare IN OUT.stl    the part as it is sliced: on the bed, and scaled
//                                                to 40 mm when it is much smaller or larger
//   nearfab-bench-estimate report FOLDER...      compares every NAME.stl with its NAME.gcode, and
//                                                with NAME.fast.gcode (the large printer) if any
//
// Every second part fits the factors of the model, the others test them; parts with the same
// results as an earlier one are left out. scripts/bench estimate does all of it.

#include "geometry/facts/measure.hpp"
#include "geometry/facts/weld.hpp"
#include "geometry/process/estimate.hpp"
#include "geometry/readers/mesh_file.hpp"
#include "geometry/readers/stl.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace nearfab;
using namespace nearfab::geometry;
namespace fs = std::filesystem;

std::vector<std::uint8_t> bytes_of(const fs::path& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::optional<Mesh> mesh_of(const fs::path& path) {
    const Result<TriangleSoup> soup = read_soup(bytes_of(path));
    if (!soup) return std::nullopt;
    Mesh mesh = weld(*soup).mesh;
    if (mesh.triangles.empty()) return std::nullopt;
    return mesh;
}

// Exit 1: nothing to slice.
int prepare(const fs::path& from, const fs::path& to) {
    std::optional<Mesh> mesh = mesh_of(from);
    if (!mesh) return 1;
    const Bounds bounds = bounds_of(*mesh);
    const Vec3 size = bounds.size();
    const double largest = std::max({size.x, size.y, size.z});
    const Topology topology = topology_of(*mesh);
    const Measures measures = measure(*mesh, bounds, topology);
    // What is no clean solid is a finding, and a slicer's guess is no yardstick.
    const bool solid = topology.open_edges == 0 && topology.misoriented_edges == 0 &&
                       topology.non_manifold_edges == 0 &&
                       std::all_of(measures.shell_volumes_mm3.begin(),
                                   measures.shell_volumes_mm3.end(),
                                   [](double volume) { return volume > 0; });
    if (!solid || !(size.x > 0 && size.y > 0 && size.z > 0)) return 1;
    const double scale = largest < 10 || largest > 80 ? 40 / largest : 1;
    for (Vec3& p : mesh->vertices) {
        p = {scale * (p.x - bounds.min.x),
             scale * (p.y - bounds.min.y),
             scale * (p.z - bounds.min.z)};
    }
    const std::vector<std::uint8_t> stl = write_stl(*mesh);
    std::ofstream out{to, std::ios::binary};
    out.write(reinterpret_cast<const char*>(stl.data()), static_cast<std::streamsize>(stl.size()));
    return out ? 0 : 1;
}

struct Sample {
    std::string name;
    bool fits = false;  // Its result was used to find the factors.
    bool foreign = false;
    bool fast = false;  // Sliced for the large printer, which has other speeds.
    PrintSettings settings;
    PrintWork work;
    double time_s = 0;      // The slicer's.
    double volume_mm3 = 0;  // The slicer's.
    double cpu_ms = 0;      // Of the estimate.
};

// "1d 2h 3m 4s" in seconds.
double seconds_of(const std::string& text) {
    double sum = 0;
    double number = 0;
    for (const char c : text) {
        if (c >= '0' && c <= '9') {
            number = 10 * number + (c - '0');
        } else if (c != ' ') {
            sum += number * (c == 'd' ? 86400 : c == 'h' ? 3600 : c == 'm' ? 60 : 1);
            number = 0;
        }
    }
    return sum;
}

bool read_slicer(const fs::path& gcode, Sample& sample) {
    std::ifstream in{gcode};
    const std::string time = "; estimated printing time (normal mode) = ";
    const std::string volume = "; filament used [cm3] = ";
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with(time)) sample.time_s = seconds_of(line.substr(time.size()));
        if (line.starts_with(volume))
            sample.volume_mm3 = 1000 * std::atof(line.substr(volume.size()).c_str());
    }
    return sample.time_s > 0 && sample.volume_mm3 > 0;
}

bool same_result(const Sample& a, const Sample& b) {
    return std::abs(a.time_s - b.time_s) < 0.005 * b.time_s &&
           std::abs(a.volume_mm3 - b.volume_mm3) < 0.005 * b.volume_mm3;
}

// What examples/profiles/large_printer.ini has otherwise than the small one.
PrintSettings large_printer() {
    PrintSettings s;
    s.external_perimeter_mm_s = 60;
    s.perimeter_mm_s = 80;
    s.solid_mm_s = 100;
    s.top_mm_s = 60;
    s.infill_mm_s = 120;
    s.first_layer_mm_s = 30;
    s.travel_mm_s = 250;
    s.acceleration_mm_s2 = 3000;
    s.jerk_mm_s = 9;
    s.retract_mm = 0.8;
    s.retract_mm_s = 40;
    return s;
}

void add_sample(const fs::path& file, bool foreign, bool fast, std::vector<Sample>& out) {
    Sample sample;
    sample.name = file.stem().string() + (fast ? " (large printer)" : "");
    sample.foreign = foreign;
    sample.fast = fast;
    if (fast) sample.settings = large_printer();
    const std::optional<Mesh> mesh = mesh_of(file);
    fs::path gcode = file;
    if (!mesh || !read_slicer(gcode.replace_extension(fast ? ".fast.gcode" : ".gcode"), sample)) {
        return;
    }
    const bool again = std::any_of(out.begin(), out.end(), [&](const Sample& s) {
        return s.fast == fast && same_result(s, sample);
    });
    if (again) return;
    const auto start = std::clock();
    sample.work = print_work_of(*mesh, {0, 0, 1}, sample.settings);
    sample.cpu_ms = 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    sample.fits = !fast && out.size() % 2 == 0;
    out.push_back(std::move(sample));
}

void add_samples(const fs::path& folder, bool foreign, bool fast, std::vector<Sample>& out) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator{folder}) {
        if (entry.path().extension() == ".stl") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files)
        add_sample(file, foreign, fast, out);
}

using Knob = double PrintFactors::*;
constexpr std::array<Knob, 6> time_knobs{&PrintFactors::perimeter_time,
                                         &PrintFactors::infill_time,
                                         &PrintFactors::support_time,
                                         &PrintFactors::lost_time,
                                         &PrintFactors::travel_time,
                                         &PrintFactors::layer_s};
constexpr std::array<Knob, 4> volume_knobs{&PrintFactors::perimeter_volume,
                                           &PrintFactors::solid_volume,
                                           &PrintFactors::sparse_volume,
                                           &PrintFactors::support_volume};

double time_error(const Sample& s, const PrintFactors& f) {
    return estimate_filament(s.work, s.settings, f).time_s / s.time_s - 1;
}
double volume_error(const Sample& s, const PrintFactors& f) {
    return estimate_filament(s.work, s.settings, f).material_mm3 / s.volume_mm3 - 1;
}

// The sum of |error|, softened near 0, with a weak pull of factors towards 1.
template <typename Error, typename Knobs>
double misfit(const std::vector<Sample>& all,
              const PrintFactors& f,
              Error error,
              const Knobs& knobs) {
    double sum = 0;
    for (const Sample& s : all) {
        if (s.fits) sum += std::hypot(error(s, f), 0.02);
    }
    const PrintFactors start;
    for (const Knob k : knobs)
        sum += 0.02 * std::pow(f.*k - start.*k, 2);
    return sum;
}

// Coordinate descent: one factor at a time, up or down by a shrinking step.
template <typename Error, typename Knobs>
void fit(const std::vector<Sample>& all, PrintFactors& f, Error error, const Knobs& knobs) {
    double best = misfit(all, f, error, knobs);
    for (double step = 0.3; step > 0.002; step *= 0.7) {
        for (int round = 0; round < 30; ++round) {
            bool better = false;
            for (const Knob k : knobs) {
                for (const double sign : {1.0, -1.0}) {
                    PrintFactors tried = f;
                    tried.*k = std::max(0.0, tried.*k + sign * step);
                    const double here = misfit(all, tried, error, knobs);
                    if (here >= best) continue;
                    best = here;
                    f = tried;
                    better = true;
                }
            }
            if (!better) break;
        }
    }
}

double quantile(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
}

template <typename Choose>
void print_errors(const char* what,
                  const std::vector<Sample>& all,
                  const PrintFactors& f,
                  Choose choose) {
    std::vector<double> time;
    std::vector<double> volume;
    for (const Sample& s : all) {
        if (!choose(s)) continue;
        time.push_back(std::abs(time_error(s, f)));
        volume.push_back(std::abs(volume_error(s, f)));
    }
    std::printf(
        "%-34s n %3zu   time: median %4.1f %%  p90 %4.1f %%   filament: median %4.1f %%  p90 "
        "%4.1f %%\n",
        what,
        time.size(),
        100 * quantile(time, 0.5),
        100 * quantile(time, 0.9),
        100 * quantile(volume, 0.5),
        100 * quantile(volume, 0.9));
}

void print_factors(const PrintFactors& f) {
    std::printf("fitted factors: time: perimeter %.3f infill %.3f support %.3f lost %.3f",
                f.perimeter_time,
                f.infill_time,
                f.support_time,
                f.lost_time);
    std::printf(" travel %.3f layer %.3f s; ", f.travel_time, f.layer_s);
    std::printf("volume: perimeter %.3f solid %.3f sparse %.3f support %.3f\n",
                f.perimeter_volume,
                f.solid_volume,
                f.sparse_volume,
                f.support_volume);
}

// Where the model puts the time, in seconds.
void print_breakdown(const std::vector<Sample>& all) {
    std::printf("\n%-40s %9s %9s %9s %9s %9s %9s\n",
                "seconds in the model",
                "perimeter",
                "solid",
                "sparse",
                "support",
                "lost",
                "travel");
    for (const Sample& s : all) {
        std::array<double, 6> sums{};
        for (const LayerWork& w : s.work.layers) {
            const std::array<double, 6> one{w.perimeters.time_s,
                                            w.solid.time_s,
                                            w.sparse.time_s,
                                            w.support.time_s,
                                            w.lost_s,
                                            w.travel_s};
            for (std::size_t i = 0; i < one.size(); ++i)
                sums[i] += w.layers * one[i];
        }
        std::printf("%-40s", s.name.c_str());
        for (const double sum : sums)
            std::printf(" %9.0f", sum);
        std::printf("\n");
    }
}

int report(const std::vector<fs::path>& folders) {
    std::vector<Sample> all;
    for (const fs::path& folder : folders)
        add_samples(folder, &folder != &folders.front(), false, all);
    for (const fs::path& folder : folders)
        add_samples(folder, &folder != &folders.front(), true, all);
    const PrintFactors& built_in = calibrated_print_factors();
    PrintFactors fitted;
    fit(all, fitted, time_error, time_knobs);
    fit(all, fitted, volume_error, volume_knobs);
    std::printf("%-40s %9s %9s %7s %9s %9s %7s %8s\n",
                "part",
                "slicer s",
                "here s",
                "time",
                "slicer mm3",
                "here mm3",
                "vol.",
                "CPU ms");
    for (const Sample& s : all) {
        const Estimate e = estimate_filament(s.work, s.settings);
        std::printf("%-40s %9.0f %9.0f %+6.1f%% %9.0f %9.0f %+6.1f%% %8.1f %s\n",
                    s.name.c_str(),
                    s.time_s,
                    e.time_s,
                    100 * time_error(s, built_in),
                    s.volume_mm3,
                    e.material_mm3,
                    100 * volume_error(s, built_in),
                    s.cpu_ms,
                    s.fits ? "(fit)" : "");
    }
    print_breakdown(all);
    print_factors(fitted);
    for (const auto& [name, factors] :
         {std::pair<const char*, const PrintFactors*>{"built in", &built_in},
          std::pair<const char*, const PrintFactors*>{"fitted now", &fitted}}) {
        std::printf("\nfactors %s\n", name);
        print_errors(
            "  half that was fitted", all, *factors, [](const Sample& s) { return s.fits; });
        print_errors(
            "  other half", all, *factors, [](const Sample& s) { return !s.fits && !s.fast; });
        print_errors("    of these: own parts", all, *factors, [](const Sample& s) {
            return !s.fits && !s.fast && !s.foreign;
        });
        print_errors("    of these: foreign parts", all, *factors, [](const Sample& s) {
            return !s.fits && !s.fast && s.foreign;
        });
        print_errors(
            "  for another printer", all, *factors, [](const Sample& s) { return s.fast; });
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() == 3 && words[0] == "prepare") return prepare(words[1], words[2]);
    if (words.size() >= 2 && words[0] == "report") return report({words.begin() + 1, words.end()});
    std::fprintf(stderr,
                 "nearfab-bench-estimate: say prepare IN OUT.stl, or report FOLDER...\n"
                 "  next: scripts/bench estimate\n");
    return 2;
}
