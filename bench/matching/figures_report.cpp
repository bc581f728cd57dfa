// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/figures_report.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace nearfab::bench {
namespace {

constexpr std::size_t mixed = query_classes.size() - 1;

// Four figures that count, so that files of two runs compare well.
double rounded(double value) {
    if (value <= 0) return 0;
    const double unit = std::pow(10.0, std::floor(std::log10(value)) - 3);
    const double steps = std::round(value / unit);
    // Divided where it can be, because 0.1 is not exact and 10 is.
    return unit < 1 ? steps / std::round(1 / unit) : steps * unit;
}

// "1.23M", "45.6k", "789", "0.12".
std::string brief(double value) {
    if (value >= 999'500) return fmt::format("{:.2f}M", value / 1e6);
    if (value >= 9'995) return fmt::format("{:.1f}k", value / 1e3);
    if (value >= 99.5) return fmt::format("{:.0f}", value);
    if (value >= 9.95) return fmt::format("{:.1f}", value);
    return fmt::format("{:.2f}", value);
}

using Classes = std::array<ClassFigures, query_classes.size()>;

nlohmann::ordered_json classes_json(const Classes& all) {
    nlohmann::ordered_json classes;
    for (std::size_t i = 0; i < query_classes.size(); ++i) {
        const ClassFigures& figures = all[i];
        classes[std::string{query_classes[i]}] = {{"queries_per_s", rounded(figures.queries_per_s)},
                                                  {"p50_us", rounded(figures.p50_us)},
                                                  {"p99_us", rounded(figures.p99_us)}};
    }
    return classes;
}

nlohmann::ordered_json change_json(const ChangeFigures& change) {
    return {{"p50_us", rounded(change.p50_us)},
            {"p99_us", rounded(change.p99_us)},
            {"max_us", rounded(change.max_us)}};
}

std::string heading(const std::string& title) {
    std::string text = "\n" + title + "\n" + fmt::format("  {:<14}", "engine");
    for (const std::string_view name : query_classes)
        text += fmt::format(" {:>17}", name);
    return text + "\n";
}

double largest(std::span<const EngineFigures> engines, bool all_classes) {
    double most = 10;
    for (const EngineFigures& engine : engines) {
        for (std::size_t i = all_classes ? 0 : mixed; i < query_classes.size(); ++i)
            most = std::max(most, engine.classes[i].queries_per_s);
    }
    return most;
}

// 0 for one query a second or fewer, 1 for the most.
double height(double queries_per_s, double most) {
    return std::log10(std::max(queries_per_s, 1.0)) / std::log10(most);
}

std::string bars(std::span<const EngineFigures> engines) {
    constexpr double width = 60;
    const double most = largest(engines, false);
    std::string text = "\nmixed queries per second of one core (bars: logarithmic, from 1)\n";
    for (const EngineFigures& engine : engines) {
        const double value = engine.classes[mixed].queries_per_s;
        const auto length = static_cast<std::size_t>(std::lround(width * height(value, most)));
        text += fmt::format("  {:<14} {:#>{}} {}\n", engine.name, "", length, brief(value));
    }
    return text;
}

constexpr std::array<const char*, 9> colours{"#d1495b",
                                             "#8d99ae",
                                             "#5c677d",
                                             "#2a9d8f",
                                             "#1d7874",
                                             "#e9c46a",
                                             "#3a6ea5",
                                             "#7fa8d1",
                                             "#f4a261"};

struct Frame {
    double left = 70, top = 60, width = 870, height = 320;
    [[nodiscard]] double bottom() const { return top + height; }
};

std::string svg_scale(const Frame& frame, double most) {
    std::string svg;
    for (double value = 1; value <= most; value *= 10) {
        const double y = frame.bottom() - frame.height * height(value, most);
        svg +=
            fmt::format(R"(<line x1="{:.0f}" y1="{:.1f}" x2="{:.0f}" y2="{:.1f}" stroke="#ddd"/>)"
                        "\n"
                        R"(<text x="{:.0f}" y="{:.1f}" text-anchor="end">{}</text>)"
                        "\n",
                        frame.left,
                        y,
                        frame.left + frame.width,
                        y,
                        frame.left - 8,
                        y + 4,
                        static_cast<std::int64_t>(value));
    }
    return svg;
}

std::string svg_bars(const Frame& frame, std::span<const EngineFigures> engines, double most) {
    std::string svg;
    const double group = frame.width / static_cast<double>(query_classes.size());
    const double bar = group * 0.86 / static_cast<double>(engines.size());
    for (std::size_t c = 0; c < query_classes.size(); ++c) {
        const double left = frame.left + group * (static_cast<double>(c) + 0.07);
        svg += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)"
                           "\n",
                           left + group * 0.43,
                           frame.bottom() + 20,
                           query_classes[c]);
        for (std::size_t e = 0; e < engines.size(); ++e) {
            const double value = engines[e].classes[c].queries_per_s;
            const double tall = frame.height * height(value, most);
            svg += fmt::format(
                R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}">)"
                "<title>{}, {}: {} queries/s</title></rect>\n",
                left + bar * static_cast<double>(e),
                frame.bottom() - tall,
                bar * 0.92,
                tall,
                colours[e % colours.size()],
                engines[e].name,
                query_classes[c],
                brief(value));
        }
    }
    return svg;
}

std::string svg_legend(const Frame& frame, std::span<const EngineFigures> engines) {
    std::string svg;
    const double step = frame.width / static_cast<double>(engines.size());
    for (std::size_t e = 0; e < engines.size(); ++e) {
        const double x = frame.left + step * static_cast<double>(e);
        svg += fmt::format(R"(<rect x="{:.1f}" y="{:.1f}" width="10" height="10" fill="{}"/>)"
                           R"(<text x="{:.1f}" y="{:.1f}">{}</text>)"
                           "\n",
                           x,
                           frame.bottom() + 40,
                           colours[e % colours.size()],
                           x + 14,
                           frame.bottom() + 49,
                           engines[e].name);
    }
    return svg;
}

std::string rates_row(const std::string& name, const Classes& classes) {
    std::string text = fmt::format("  {:<14}", name);
    for (const ClassFigures& figures : classes)
        text += fmt::format(" {:>17}", brief(figures.queries_per_s));
    return text + "\n";
}

std::string times_row(const std::string& name, const Classes& classes) {
    std::string text = fmt::format("  {:<14}", name);
    for (const ClassFigures& figures : classes)
        text += fmt::format(" {:>17}", brief(figures.p50_us) + " / " + brief(figures.p99_us));
    return text + "\n";
}

// What a whole answer costs, and single changes.
std::string earnest(const EngineFigures& engine) {
    std::string text;
    if (engine.full[mixed].queries > 0) {
        text += heading(fmt::format("{}: whole answers per second, then with a plan of {} pieces",
                                    engine.name,
                                    plan_pieces)) +
                rates_row("answer", engine.full) + rates_row("with plan", engine.plan) +
                heading("wall time of one, p50 / p99, microseconds") +
                times_row("answer", engine.full) + times_row("with plan", engine.plan);
    }
    const auto change = [&text](const char* what, const ChangeFigures& figures) {
        if (figures.changes == 0) return;
        text += fmt::format("  {:<25} p50 {}, p99 {}, longest of {} {}\n",
                            what,
                            brief(figures.p50_us),
                            brief(figures.p99_us),
                            figures.changes,
                            brief(figures.max_us));
    };
    text += fmt::format("\n{}: CPU time of one change, microseconds\n", engine.name);
    change("a backlog", engine.update);
    change("one arrives", engine.arrive);
    change("one leaves and returns", engine.replace);
    return text;
}

}  // namespace

std::string text_report(std::span<const EngineFigures> engines, std::size_t machines) {
    std::string text = fmt::format("{} machines\n", machines);
    text += heading("queries per second of one core (CPU time, the server's included)");
    for (const EngineFigures& engine : engines)
        text += rates_row(engine.name, engine.classes);
    text += heading("wall time of one query, p50 / p99, microseconds");
    for (const EngineFigures& engine : engines)
        text += times_row(engine.name, engine.classes);
    text += fmt::format(
        "\n  {:<14} {:>17} {:>17} {:>17}\n", "engine", "updates/s", "bytes/machine", "build CPU s");
    for (const EngineFigures& engine : engines) {
        text += fmt::format("  {:<14} {:>17} {:>17.0f} {:>17.2f}\n",
                            engine.name,
                            brief(engine.updates_per_s),
                            static_cast<double>(engine.bytes) / static_cast<double>(machines),
                            engine.build_s);
    }
    for (const EngineFigures& engine : engines) {
        if (engine.is_peer) continue;
        text += fmt::format(
            "\n{}: bytes are those of its trees; its records of each fab and machine take {:.0f} "
            "more\n",
            engine.name,
            static_cast<double>(engine.record_bytes) / static_cast<double>(machines));
        text += earnest(engine);
    }
    return text + bars(engines);
}

std::string json_report(std::span<const EngineFigures> engines, std::size_t machines) {
    nlohmann::ordered_json json;
    json["machines"] = machines;
    nlohmann::ordered_json peers = nlohmann::ordered_json::object();
    for (const EngineFigures& engine : engines) {
        if (engine.is_peer) {
            peers[engine.name] = classes_json(engine.classes);
            continue;
        }
        json["classes"] = classes_json(engine.classes);
        json["updates_per_s"] = rounded(engine.updates_per_s);
        json["bytes_per_machine"] =
            rounded(static_cast<double>(engine.bytes) / static_cast<double>(machines));
        json["record_bytes_per_machine"] =
            rounded(static_cast<double>(engine.record_bytes) / static_cast<double>(machines));
        json["update"] = change_json(engine.update);
        if (engine.arrive.changes > 0) json["arrival"] = change_json(engine.arrive);
        if (engine.replace.changes > 0) json["leave_and_return"] = change_json(engine.replace);
        if (engine.full[mixed].queries == 0) continue;
        json["in_full"] = classes_json(engine.full);
        json["in_full_with_plan"] = classes_json(engine.plan);
    }
    json["peers"] = peers;
    return json.dump(2) + "\n";
}

std::string svg_report(std::span<const EngineFigures> engines, std::size_t machines) {
    const Frame frame;
    const double most = largest(engines, true);
    std::string svg = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 450" )"
                      R"(font-family="sans-serif" font-size="12">)"
                      "\n<rect width=\"960\" height=\"450\" fill=\"white\"/>\n";
    svg += fmt::format(
        R"(<text x="{:.0f}" y="30" font-size="16">Nearest 10 machines that can make it, out of )"
        "{}: queries per second of one core</text>\n",
        frame.left,
        machines);
    return svg + svg_scale(frame, most) + svg_bars(frame, engines, most) +
           svg_legend(frame, engines) + "</svg>\n";
}

}  // namespace nearfab::bench
