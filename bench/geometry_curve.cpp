// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/geometry_curve.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>
#include <vector>

namespace nearfab::bench {
namespace {

struct Series {
    const char* order;
    const char* what;
    const char* colour;
    const char* label;
};
constexpr std::array<Series, 4> drawn{{
    {"in order", "nearfab, basic facts", "#1f77b4", "basic facts"},
    {"shuffled", "nearfab, basic facts", "#17a2b8", "basic facts, shuffled"},
    {"in order", "nearfab, whole check, two threads", "#d62728", "check"},
    {"shuffled", "nearfab, whole check, two threads", "#ff7f0e", "check, shuffled"},
}};

using Points = std::vector<std::pair<double, double>>;  // Triangles and milliseconds, by triangles.

constexpr double left = 70, top = 20, width = 520, height = 380;
constexpr double anchor = 1e6;  // Triangles, where the dashed lines go through.
constexpr double least_n = 7e3, most_n = 7e6, least_ms = 1, most_ms = 1e5;

double x_of(double n) {
    return left + width * std::log(n / least_n) / std::log(most_n / least_n);
}
double y_of(double ms) {
    return top + height * (1 - std::log(ms / least_ms) / std::log(most_ms / least_ms));
}

std::map<std::pair<std::string, std::string>, std::map<double, double>> read(std::istream& in) {
    std::map<std::pair<std::string, std::string>, std::map<double, double>> all;
    for (std::string line; std::getline(in, line);) {
        std::istringstream fields{line};
        std::string order, what, n, cpu;
        std::getline(fields, order, ';');
        std::getline(fields, what, ';');
        std::getline(fields, n, ';');
        std::getline(fields, cpu, ';');
        const double triangles = std::atof(n.c_str());
        const double ms = std::atof(cpu.c_str());
        if (triangles > 0 && ms > 0) all[{order, what}][triangles] = ms;
    }
    return all;
}

std::string polyline(const Points& points, const char* colour, bool dashed) {
    std::ostringstream out;
    out << "<polyline fill=\"none\" stroke=\"" << colour << "\" "
        << (dashed ? "stroke-width=\"1\" stroke-dasharray=\"4 4\" opacity=\"0.6\""
                   : "stroke-width=\"2\"")
        << " points=\"";
    for (const auto& [n, ms] : points)
        out << x_of(n) << ',' << y_of(ms) << ' ';
    out << "\"/>\n";
    return out.str();
}

std::string text(double x, double y, const std::string& words, const char* more = "") {
    std::ostringstream out;
    out << "<text x=\"" << x << "\" y=\"" << y << "\" " << more << ">" << words << "</text>\n";
    return out.str();
}

std::string scale() {
    std::string out;
    const auto line = [&](double x1, double y1, double x2, double y2) {
        std::ostringstream one;
        one << "<line x1=\"" << x1 << "\" y1=\"" << y1 << "\" x2=\"" << x2 << "\" y2=\"" << y2
            << "\" stroke=\"#ccc\"/>\n";
        out += one.str();
    };
    const std::array<std::pair<double, const char*>, 3> sizes{
        {{1e4, "10 k"}, {1e5, "100 k"}, {1e6, "1 M"}}};
    for (const auto& [n, name] : sizes) {
        line(x_of(n), top, x_of(n), top + height);
        out += text(x_of(n), top + height + 18, name, "text-anchor=\"middle\"");
    }
    const std::array<std::pair<double, const char*>, 6> times{
        {{1, "1 ms"}, {10, "10 ms"}, {100, "100 ms"}, {1e3, "1 s"}, {1e4, "10 s"}, {1e5, "100 s"}}};
    for (const auto& [ms, name] : times) {
        line(left, y_of(ms), left + width, y_of(ms));
        out += text(left - 6, y_of(ms) + 4, name, "text-anchor=\"end\"");
    }
    return out + text(left + width,
                      top + height + 36,
                      "triangles; CPU time of the program; dashed: n log n",
                      "text-anchor=\"end\"");
}

Points as_n_log_n(const Points& points) {
    const auto nearest =
        std::min_element(points.begin(), points.end(), [](const auto& a, const auto& b) {
            return std::abs(std::log(a.first / anchor)) < std::abs(std::log(b.first / anchor));
        });
    Points out;
    for (const auto& [n, ms] : points) {
        const double grown = n * std::log(n) / (nearest->first * std::log(nearest->first));
        out.emplace_back(n, std::max(nearest->second * grown, least_ms));
    }
    return out;
}

}  // namespace

bool add_figure(const std::string& path, const GeometryFigure& f) {
    std::ofstream out{path, std::ios::app};
    out << f.order << ';' << f.what << ';' << f.triangles << ';' << f.cpu_ms << ';' << f.clock_ms
        << ';' << f.peak_mb << '\n';
    return static_cast<bool>(out.flush());
}

bool draw_curve(const std::string& figures, const std::string& svg) {
    std::ifstream in{figures};
    if (!in) return false;
    const auto all = read(in);
    std::string curves;
    double row = top + 16;
    for (const Series& series : drawn) {
        const auto found = all.find({series.order, series.what});
        if (found == all.end()) continue;
        const Points points(found->second.begin(), found->second.end());
        curves += polyline(as_n_log_n(points), series.colour, true);
        curves += polyline(points, series.colour, false);
        for (const auto& [n, ms] : points) {
            std::ostringstream dot;
            dot << "<circle cx=\"" << x_of(n) << "\" cy=\"" << y_of(ms) << "\" r=\"3\" fill=\""
                << series.colour << "\"/>\n";
            curves += dot.str();
        }
        curves += text(
            left + 10, row, series.label, (std::string{"fill=\""} + series.colour + "\"").c_str());
        row += 18;
    }
    std::ofstream out{svg};
    out << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"620\" height=\"450\" "
           "viewBox=\"0 0 620 450\" font-family=\"sans-serif\" font-size=\"13\">\n"
           "<rect width=\"620\" height=\"450\" fill=\"#fff\"/>\n"
        << scale() << curves << "</svg>\n";
    return static_cast<bool>(out.flush());
}

}  // namespace nearfab::bench
