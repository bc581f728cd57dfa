// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/report_view.hpp"

#include "cli/figures_view.hpp"
#include "host/clock.hpp"
#include "json/report_words.hpp"
#include "terminal/quantity_text.hpp"
#include "terminal/table.hpp"
#include "terminal/time_text.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace nearfab::cli {
namespace {

constexpr std::size_t rows_shown = 8;
constexpr std::uint64_t bar_max = 30;

std::string title(const Screen& screen, const std::string& text) {
    return "\n" + screen.in(Ink::bold, text) + "\n";
}

std::string pieces_text(std::uint64_t pieces) {
    return counted(pieces, "piece", "pieces");
}

template <typename Part, typename Whole>
std::string percent(Part part, Whole whole) {
    if (whole <= 0) return "-";
    return fixed(100 * static_cast<double>(part) / static_cast<double>(whole), 1) + " %";
}

std::string or_dash(const std::string& text) {
    return text.empty() ? "-" : text;
}

std::string unknown_text(std::uint64_t all, std::uint64_t known) {
    return known >= all ? "" : " (not known of " + pieces_text(all - known) + ")";
}

std::string sides_text(const ReportSize& size) {
    return fixed(size.x_mm, 0) + "x" + fixed(size.y_mm, 0) + "x" + fixed(size.z_mm, 0);
}

std::string sides_text(const std::optional<ReportSize>& size) {
    return size ? sides_text(*size) : "nobody";
}

// "  ... and 3 more".
std::string more_text(std::size_t all, std::uint64_t left_out = 0) {
    const std::uint64_t more = left_out + (all > rows_shown ? all - rows_shown : 0);
    return more == 0 ? "" : "  ... and " + std::to_string(more) + " more (--json)\n";
}

template <typename Row, typename Add>
void add_rows(const std::vector<Row>& rows, const Add& add) {
    for (std::size_t i = 0; i < std::min(rows.size(), rows_shown); ++i)
        add(rows[i]);
}

std::string head_text(const ReportOfNetwork& report) {
    const CapabilityReport& now = report.capabilities;
    const std::string span =
        report.days == 1 ? "today" : "the last " + std::to_string(report.days) + " days";
    std::string handed = pieces_text(report.pieces);
    if (report.pieces > 0) {
        handed += " by " + counted(report.shares.fabs, "fab", "fabs");
    }
    return "Network report of " + span + ", " + rfc3339_utc(report.from) + " to " +
           rfc3339_utc(report.to) + "\n" +
           facts_text(
               {{"handed over", handed},
                {"machine time",
                 duration_text(report.machine_s) + unknown_text(report.pieces, report.timed) +
                     ", estimated"},
                {"mass",
                 mass_text(report.mass_g) + unknown_text(report.pieces, report.weighed) +
                     ", estimated"},
                {"there now",
                 std::to_string(now.fabs_there) + " of " + counted(now.fabs_known, "fab", "fabs") +
                     " that advertised, " + counted(now.owners_there, "owner", "owners") + ", " +
                     counted(now.machines_there, "machine", "machines")}});
}

std::string bound_text(std::size_t i) {
    if (i == 0) return "below " + fixed(report_bounds_km[0], 0) + " km";
    if (i == report_bounds_km.size()) return "from " + fixed(report_bounds_km.back(), 0) + " km";
    return fixed(report_bounds_km[i - 1], 0) + " to " + fixed(report_bounds_km[i], 0) + " km";
}

std::string distance_part(const DistanceReport& distance, const Screen& screen) {
    std::string text = title(screen, "Distance from making to use, as the crow flies");
    if (distance.pieces == 0) return text + "  none is known\n";
    std::string known = pieces_text(distance.pieces);
    if (distance.unknown > 0)
        known += ", not known of " + std::to_string(distance.unknown) + " more";
    text += facts_text({{"of", known},
                        {"half within", distance_text(distance.median_km)},
                        {"9 of 10 within", distance_text(distance.p90_km)},
                        {"longest", distance_text(distance.longest_km)}});
    const auto& counts = distance.histogram;
    const auto is_some = [](std::uint64_t n) { return n > 0; };
    const auto first = std::find_if(counts.begin(), counts.end(), is_some);
    const auto last = std::find_if(counts.rbegin(), counts.rend(), is_some).base();
    const std::uint64_t most = *std::max_element(counts.begin(), counts.end());
    Table table{{{"DISTANCE"}, {"PIECES", Align::right}, {""}}};
    for (auto count = first; count < last; ++count) {
        const auto bar = static_cast<std::size_t>(
            (static_cast<double>(*count) * bar_max) / static_cast<double>(most) + 0.5);
        table.add({bound_text(static_cast<std::size_t>(count - counts.begin())),
                   std::to_string(*count),
                   std::string(bar, '#')});
    }
    return text + table.text();
}

std::string shares_part(const ReportOfNetwork& report, const Screen& screen) {
    const ShareReport& shares = report.shares;
    std::string text = title(screen, "Share of each fab");
    if (shares.rows.empty()) return text + "  nothing was handed over\n";
    Table table{{{"FAB"},
                 {"TITLE"},
                 {"PIECES", Align::right},
                 {"SHARE", Align::right},
                 {"MACHINE TIME", Align::right},
                 {"SHARE", Align::right},
                 {"NOW"}}};
    add_rows(shares.rows, [&](const FabShare& row) {
        table.add({row.fab.text(),
                   or_dash(row.title),
                   std::to_string(row.pieces),
                   percent(row.pieces, report.pieces),
                   duration_text(row.machine_s),
                   percent(row.machine_s, report.machine_s),
                   row.there ? "there" : "away"});
    });
    text += table.text();
    text += more_text(shares.rows.size(),
                      shares.fabs - std::min<std::uint64_t>(shares.fabs, shares.rows.size()));
    const auto index = [&](double hhi) {
        return fixed(hhi, 0) + ", " + json::concentration_words(hhi, shares.fabs);
    };
    return text + facts_text({{"HHI by pieces", index(shares.hhi_pieces)},
                              {"HHI by machine time", index(shares.hhi_machine_time)}});
}

std::string processes_part(const ReportOfNetwork& report, const Screen& screen) {
    if (report.processes.empty()) return {};
    Table table{{{"PROCESS"},
                 {"PIECES", Align::right},
                 {"SHARE", Align::right},
                 {"MACHINE TIME", Align::right},
                 {"FABS NOW", Align::right},
                 {"OWNERS", Align::right},
                 {"MACHINES", Align::right}}};
    add_rows(report.processes, [&](const ProcessUse& row) {
        table.add({row.process.text(),
                   std::to_string(row.pieces),
                   percent(row.pieces, report.pieces),
                   row.machine_s > 0 ? duration_text(row.machine_s) : "-",
                   std::to_string(row.fabs_there),
                   std::to_string(row.owners_there),
                   std::to_string(row.machines_there)});
    });
    return title(screen, "Processes") + table.text() + more_text(report.processes.size());
}

std::string holder_text(const HangingCapability& row) {
    if (row.hangs_on == HangsOn::owner) return "owner " + row.owner;
    const std::string size = row.hangs_on == HangsOn::size ? " (the largest)" : "";
    return row.fab.text() + size;
}

std::string hang(std::uint32_t count) {
    return counted(count, "hangs", "hang");
}

std::string hanging_part(const CapabilityReport& now, const Screen& screen) {
    std::string text = title(screen, "What hangs on one, as fabs advertise now");
    text += "  Of " + counted(now.all, "pair", "pairs") + " of process and material, " +
            hang(now.single_fab) + " on a single fab and " + hang(now.single_owner) +
            " on a single owner, those of a single fab among them";
    if (now.single_size > 0) {
        text += "; of " + std::to_string(now.single_size) + " more one fab has by far the largest";
    }
    text += ".\n";
    if (now.rows.empty()) return text;
    Table table{{{"PROCESS"},
                 {"MATERIAL"},
                 {"HANGS ON"},
                 {"LARGEST MM"},
                 {"ELSEWHERE MM"},
                 {"PIECES", Align::right}}};
    add_rows(now.rows, [&](const HangingCapability& row) {
        table.add({row.process.text(),
                   row.material.text(),
                   holder_text(row),
                   sides_text(row.envelope),
                   sides_text(row.elsewhere),
                   std::to_string(row.pieces)});
    });
    return text + table.text() + more_text(now.rows.size(), now.left_out);
}

std::string work_without(const WithoutFab& without) {
    if (without.pieces == 0) return "  It has handed nothing over.\n";
    std::string text = "  Of its " + pieces_text(without.pieces) + " ";
    if (without.asked_pieces < without.pieces) {
        text += std::to_string(without.asked_pieces) + " (an even sample) were asked for again: ";
    } else {
        text += "all were asked for again: ";
    }
    text += "somebody else could make " + std::to_string(without.elsewhere_pieces) +
            " now, nobody " + std::to_string(without.nobody_pieces) + ".\n";
    if (without.median_km_now && without.median_km_elsewhere) {
        text += "  Half of the former would be made within " +
                distance_text(*without.median_km_elsewhere) + " of their use instead of " +
                distance_text(*without.median_km_now) + ".\n";
    }
    return text;
}

std::string without_part(const ReportOfNetwork& report, const Screen& screen) {
    if (!report.without_largest) return {};
    const WithoutFab& without = *report.without_largest;
    std::string text =
        title(screen,
              "If the largest fab vanished: " + printable(without.fab.text()) +
                  (without.by_machines
                       ? " (most machines)"
                       : " (" + percent(without.pieces, report.pieces) + " of the pieces)"));
    text += work_without(without);
    if (!without.rows.empty()) {
        Table table{{{"PROCESS"}, {"MATERIAL"}, {"SIZE MM"}, {"PIECES", Align::right}, {"WHY"}}};
        add_rows(without.rows, [&](const LostWork& row) {
            table.add({row.process.text(),
                       row.material.text(),
                       sides_text(row.size),
                       std::to_string(row.pieces),
                       json::words_of(row.lacks)});
        });
        text += table.text() + more_text(without.rows.size(), without.rows_left_out);
    }
    return text + "  Of the pairs of process and material " +
           std::to_string(without.capabilities_lost) + " would be gone, and " +
           std::to_string(without.capabilities_smaller) + " would be there only smaller.\n";
}

std::string confidence_text(const EmissionShare& share) {
    std::string text;
    for (const ConfidenceCount& row : share.confidence) {
        text += (text.empty() ? "" : "; ") + row.confidence;
        if (share.confidence.size() > 1) text += " (" + std::to_string(row.pieces) + ")";
    }
    return or_dash(text);
}

std::string emissions_part(const ReportOfNetwork& report, const Screen& screen) {
    std::string text =
        title(screen, "CO2e, as estimated when the fabs were asked; nothing was measured");
    if (report.pieces == 0) return text + "  nothing was handed over\n";
    Table table{{{"SHARE"},
                 {"PIECES", Align::right},
                 {"NOT KNOWN OF", Align::right},
                 {"TYPICAL", Align::right},
                 {"RANGE", Align::right},
                 {"CONFIDENCE"}}};
    const auto add = [&](const std::string& name,
                         std::uint64_t pieces,
                         const CarbonRange& sum,
                         const std::string& confidence) {
        table.add({name,
                   std::to_string(pieces),
                   std::to_string(report.pieces - std::min(report.pieces, pieces)),
                   pieces > 0 ? grams_text(sum.typical_mg) : "-",
                   pieces > 0 ? span_text(sum) : "-",
                   confidence});
    };
    const auto add_share = [&](const std::string& name, const EmissionShare& share) {
        add(name, share.pieces, share.sum, confidence_text(share));
    };
    const EmissionReport& emissions = report.emissions;
    add_share("material", emissions.material);
    add_share("energy", emissions.energy);
    add_share("transport", emissions.transport);
    add("all three", emissions.complete, emissions.complete_sum, "");
    return text + table.text() + "  Not counted: " + json::not_counted +
           ".\n  It does not say what making the same elsewhere would have emitted.\n";
}

std::string waiting_part(const WaitingReport& waiting, const Screen& screen) {
    std::string text = title(screen, "Waiting now");
    if (waiting.pieces == 0) {
        text += "  no piece waits for a fab";
    } else {
        text += "  " + pieces_text(waiting.pieces) + " of " + counted(waiting.jobs, "job", "jobs");
        if (waiting.longest_s) text += ", the longest for " + duration_text(*waiting.longest_s);
    }
    text += "; " + counted(waiting.analysing, "job is", "jobs are") + " analysed\n";
    if (waiting.reasons.empty()) return text;
    Table table{{{"PIECES", Align::right}, {"JOBS", Align::right}, {"FOR"}}};
    add_rows(waiting.reasons, [&](const WaitReason& row) {
        table.add({std::to_string(row.pieces), std::to_string(row.jobs), json::words_of(row.what)});
    });
    return text + table.text() + more_text(waiting.reasons.size());
}

}  // namespace

std::string report_text(const ReportOfNetwork& report, const Screen& screen) {
    return head_text(report) + distance_part(report.distance, screen) +
           shares_part(report, screen) + processes_part(report, screen) +
           hanging_part(report.capabilities, screen) + without_part(report, screen) +
           emissions_part(report, screen) + waiting_part(report.waiting, screen);
}

}  // namespace nearfab::cli
