// SPDX-License-Identifier: GPL-3.0-or-later

#include "json/report.hpp"

#include "host/clock.hpp"
#include "json/figures.hpp"
#include "json/report_words.hpp"
#include "json/shapes.hpp"
#include "proto/model/process.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace nearfab::json {
namespace {

double share(double part, double whole) {
    return whole > 0 ? part / whole : 0;
}

template <typename Part, typename Whole>
double share_of(Part part, Whole whole) {
    return share(static_cast<double>(part), static_cast<double>(whole));
}

// A router may say anything.
std::uint64_t others(std::uint64_t all, std::uint64_t some) {
    return all - std::min(all, some);
}

Json known_or_null(bool known, double number) {
    return known ? Json(number) : Json(nullptr);
}

Json size_json(const ReportSize& size) {
    return Json::array({size.x_mm, size.y_mm, size.z_mm});
}

Json size_json(const std::optional<ReportSize>& size) {
    return size ? size_json(*size) : Json(nullptr);
}

Json distance_json(const DistanceReport& distance) {
    const bool any = distance.pieces > 0;
    Json histogram = list();
    for (std::size_t i = 0; i < distance.histogram.size(); ++i) {
        const double from = i == 0 ? 0 : report_bounds_km[i - 1];
        Json to = nullptr;
        if (i < report_bounds_km.size()) to = report_bounds_km[i];
        histogram.push_back(
            {{"from_km", from}, {"to_km", std::move(to)}, {"pieces", distance.histogram[i]}});
    }
    return {{"pieces", distance.pieces},
            {"unknown", distance.unknown},
            {"median_km", known_or_null(any, distance.median_km)},
            {"p90_km", known_or_null(any, distance.p90_km)},
            {"longest_km", known_or_null(any, distance.longest_km)},
            {"histogram", std::move(histogram)}};
}

Json concentration_json(double hhi, std::uint32_t fabs) {
    return {{"hhi", known_or_null(hhi > 0, hhi)},
            {"lowest_hhi", known_or_null(fabs > 0, lowest_hhi(fabs))},
            {"as_many_as", known_or_null(hhi > 0, as_many_as(hhi))},
            {"words", concentration_words(hhi, fabs)}};
}

Json shares_json(const ReportOfNetwork& report) {
    const ShareReport& shares = report.shares;
    Json fabs = list();
    for (const FabShare& row : shares.rows) {
        fabs.push_back({{"fab", row.fab.text()},
                        {"title", or_null(row.title)},
                        {"owner", or_null(row.owner)},
                        {"there", row.there},
                        {"pieces", row.pieces},
                        {"pieces_share", share_of(row.pieces, report.pieces)},
                        {"machine_s", row.machine_s},
                        {"machine_time_share", share_of(row.machine_s, report.machine_s)}});
    }
    const std::uint64_t rest = others(shares.fabs, shares.rows.size());
    return {{"by_pieces", concentration_json(shares.hhi_pieces, shares.fabs)},
            {"by_machine_time", concentration_json(shares.hhi_machine_time, shares.fabs)},
            {"fabs", std::move(fabs)},
            {"rest",
             {{"fabs", rest},
              {"pieces", shares.rest_pieces},
              {"pieces_share", share_of(shares.rest_pieces, report.pieces)},
              {"machine_s", shares.rest_machine_s},
              {"machine_time_share", share_of(shares.rest_machine_s, report.machine_s)}}}};
}

Json processes_json(const ReportOfNetwork& report) {
    Json rows = list();
    std::uint32_t used = 0;
    double squares = 0;
    for (const ProcessUse& row : report.processes) {
        const double part = share_of(row.pieces, report.pieces);
        used += row.pieces > 0 ? 1 : 0;
        squares += part * part;
        const auto info = find_process(row.process.text());
        rows.push_back({{"process", row.process.text()},
                        {"name", info ? Json(info->name) : Json(nullptr)},
                        {"pieces", row.pieces},
                        {"pieces_share", part},
                        {"machine_s", row.machine_s},
                        {"fabs_there", row.fabs_there},
                        {"owners_there", row.owners_there},
                        {"machines_there", row.machines_there}});
    }
    return {{"used", used},
            {"as_many_as", known_or_null(squares > 0, squares > 0 ? 1 / squares : 0)},
            {"rows", std::move(rows)}};
}

Json capabilities_json(const CapabilityReport& capabilities) {
    Json rows = list();
    for (const HangingCapability& row : capabilities.rows) {
        rows.push_back({{"process", row.process.text()},
                        {"material", row.material.text()},
                        {"hangs_on", to_string(row.hangs_on)},
                        {"fab", or_null(row.fab.text())},
                        {"owner", or_null(row.owner)},
                        {"envelope_mm", size_json(row.envelope)},
                        {"elsewhere_mm", size_json(row.elsewhere)},
                        {"fabs_there", row.fabs_there},
                        {"fabs_away", row.fabs_away},
                        {"pieces", row.pieces}});
    }
    return {{"all", capabilities.all},
            {"single_fab", capabilities.single_fab},
            {"single_owner", capabilities.single_owner},
            {"single_size", capabilities.single_size},
            {"left_out", capabilities.left_out},
            {"rows", std::move(rows)}};
}

Json work_json(const WithoutFab& without) {
    Json rows = list();
    for (const LostWork& row : without.rows) {
        rows.push_back({{"process", row.process.text()},
                        {"material", row.material.text()},
                        {"size_mm", size_json(row.size)},
                        {"pieces", row.pieces},
                        {"lacks", to_string(row.lacks)},
                        {"words", words_of(row.lacks)}});
    }
    const std::uint64_t not_asked = others(without.pieces, without.asked_pieces);
    return {{"asked_pieces", without.asked_pieces},
            {"asked_parts", without.asked_parts},
            {"not_asked_pieces", not_asked},
            {"not_asked_why", not_asked > 0 ? Json("an even sample was asked") : Json(nullptr)},
            {"elsewhere_pieces", without.elsewhere_pieces},
            {"nobody_else_pieces", without.nobody_pieces},
            {"nobody_else_parts", without.nobody_parts},
            {"median_km_now",
             known_or_null(without.median_km_now.has_value(), without.median_km_now.value_or(0))},
            {"median_km_elsewhere",
             known_or_null(without.median_km_elsewhere.has_value(),
                           without.median_km_elsewhere.value_or(0))},
            {"rows", std::move(rows)},
            {"rows_left_out", without.rows_left_out}};
}

Json without_json(const ReportOfNetwork& report) {
    if (!report.without_largest) return nullptr;
    const WithoutFab& without = *report.without_largest;
    Json rows = list();
    for (const LostCapability& row : without.capabilities) {
        rows.push_back({{"process", row.process.text()},
                        {"material", row.material.text()},
                        {"envelope_mm", size_json(row.envelope)},
                        {"elsewhere_mm", size_json(row.elsewhere)}});
    }
    return {{"fab", without.fab.text()},
            {"title", or_null(without.title)},
            {"largest_by", without.by_machines ? "machines" : "pieces"},
            {"pieces", without.pieces},
            {"pieces_share", share_of(without.pieces, report.pieces)},
            {"machine_s", without.machine_s},
            {"machine_time_share", share_of(without.machine_s, report.machine_s)},
            {"work", work_json(without)},
            {"capabilities",
             {{"lost", without.capabilities_lost},
              {"smaller", without.capabilities_smaller},
              {"left_out", without.capabilities_left_out},
              {"rows", std::move(rows)}}}};
}

Json emission_json(const std::string& name, const EmissionShare& share, std::uint64_t pieces) {
    Json confidence = list();
    for (const ConfidenceCount& row : share.confidence)
        confidence.push_back({{"confidence", row.confidence}, {"pieces", row.pieces}});
    const bool any = share.pieces > 0;
    return {{"share", name},
            {"pieces", share.pieces},
            {"unknown", others(pieces, share.pieces)},
            {"sum", carbon_json(any ? std::optional{share.sum} : std::nullopt)},
            {"method", share.method},
            {"confidence", std::move(confidence)}};
}

Json emissions_json(const ReportOfNetwork& report) {
    const EmissionReport& emissions = report.emissions;
    const bool any = emissions.complete > 0;
    Json shares = list();
    shares.push_back(emission_json("material", emissions.material, report.pieces));
    shares.push_back(emission_json("energy", emissions.energy, report.pieces));
    shares.push_back(emission_json("transport", emissions.transport, report.pieces));
    return {{"shares", std::move(shares)},
            {"complete",
             {{"pieces", emissions.complete},
              {"incomplete", others(report.pieces, emissions.complete)},
              {"sum", carbon_json(any ? std::optional{emissions.complete_sum} : std::nullopt)}}},
            {"not_counted", not_counted}};
}

Json waiting_json(const WaitingReport& waiting) {
    Json reasons = list();
    for (const WaitReason& row : waiting.reasons) {
        reasons.push_back({{"what", to_string(row.what)},
                           {"words", words_of(row.what)},
                           {"jobs", row.jobs},
                           {"pieces", row.pieces}});
    }
    return {{"jobs",
             {{"analysing", waiting.analysing},
              {"matching", waiting.matching},
              {"in_production", waiting.in_production},
              {"ready", waiting.ready}}},
            {"jobs_waiting", waiting.jobs},
            {"pieces_waiting", waiting.pieces},
            {"longest_s", waiting.longest_s ? Json(*waiting.longest_s) : Json(nullptr)},
            {"reasons", std::move(reasons)}};
}

Json days_json(const ReportOfNetwork& report) {
    Json days = list();
    WallTime from = report.from;
    for (const ReportDay& day : report.by_day) {
        days.push_back({{"from", rfc3339_utc(from)},
                        {"pieces", day.pieces},
                        {"machine_s", day.machine_s},
                        {"median_km", day.median_km ? Json(*day.median_km) : Json(nullptr)}});
        from += std::chrono::hours{24};
    }
    return days;
}

}  // namespace

std::string json_of_report(const ReportOfNetwork& report) {
    const CapabilityReport& capabilities = report.capabilities;
    Json out = Json::object();
    out["days"] = report.days;
    out["from"] = rfc3339_utc(report.from);
    out["to"] = rfc3339_utc(report.to);
    out["network"] = {{"fabs", capabilities.fabs_known},
                      {"fabs_there", capabilities.fabs_there},
                      {"owners_there", capabilities.owners_there},
                      {"machines_there", capabilities.machines_there}};
    out["delivered"] = {{"pieces", report.pieces},
                        {"fabs", report.shares.fabs},
                        {"machine_s", report.machine_s},
                        {"machine_time_unknown", others(report.pieces, report.timed)},
                        {"mass_g", report.mass_g},
                        {"mass_unknown", others(report.pieces, report.weighed)}};
    out["distance"] = distance_json(report.distance);
    out["shares"] = shares_json(report);
    out["processes"] = processes_json(report);
    out["capabilities"] = capabilities_json(capabilities);
    out["without_largest"] = without_json(report);
    out["emissions"] = emissions_json(report);
    out["waiting"] = waiting_json(report.waiting);
    out["by_day"] = days_json(report);
    return text_of(out);
}

}  // namespace nearfab::json
