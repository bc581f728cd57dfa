// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/order.hpp"

#include "base/time_words.hpp"
#include "proto/model/licence.hpp"
#include "proto/model/limits.hpp"
#include "proto/model/material.hpp"
#include "proto/model/money.hpp"
#include "proto/model/process.hpp"
#include "proto/model/text.hpp"
#include "router/gateway/json_body.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

namespace nearfab::gateway {
namespace {

std::string quoted(std::string_view text) {
    return "\"" + clean_text(text, TextKind::line, limits::name_bytes_max) + "\"";
}

std::string checked_text(JsonTable& from, const char* key, TextKind kind, std::size_t bytes_max) {
    std::string text = from.needed_text(key);
    if (const std::string fault = text_fault(text, kind); !fault.empty()) {
        from.complain(key, fault, "leave such characters out");
    }
    if (text.empty()) from.complain(key, "is empty", "write something");
    if (text.size() > bytes_max) {
        from.complain(
            key,
            "has " + std::to_string(text.size()) + " bytes, more than " + std::to_string(bytes_max),
            "make it shorter");
    }
    return text;
}

void read_design(JsonTable& from, PartSpec& part) {
    const std::string text = from.needed_text("design");
    const auto hash = ContentHash::from_hex(text);
    if (hash) {
        part.design = *hash;
    } else {
        from.complain("design",
                      quoted(text) + " is no hash of a design",
                      "give the 64 hex digits of the file's BLAKE2b-256");
    }
    part.design_bytes = static_cast<std::uint64_t>(
        from.needed_whole("design_bytes", 1, static_cast<std::int64_t>(limits::design_bytes_max)));
    part.file_name =
        checked_text(from, "file_name", TextKind::file_name, limits::file_name_bytes_max);
    if (const auto unit = from.text("unit")) {
        const auto known = find_length_unit(*unit);
        if (known) {
            part.unit = *known;
        } else {
            from.complain("unit",
                          quoted(*unit) + " is no unit",
                          "use one of " + std::string{known_length_units()});
        }
    }
}

void read_making(JsonTable& from, PartSpec& part) {
    const std::string process = from.needed_text("process");
    if (const auto known = find_process(process)) {
        part.process = ProcessId{std::string{known->id}};
    } else {
        from.complain("process",
                      quoted(process) + " is not known",
                      "use one of " + std::string{known_process_ids()});
    }
    const std::string material = from.needed_text("material");
    if (const auto known = find_material(material)) {
        part.material = MaterialId{std::string{known->id}};
    } else {
        const auto like = material_like(material);
        from.complain("material",
                      quoted(material) + " is not known" +
                          (like ? "; did you mean " + quoted(*like) + "?" : ""),
                      "use one of " + known_material_ids());
    }
    part.quantity = static_cast<std::uint32_t>(
        from.needed_whole("quantity", 1, std::int64_t{limits::quantity_max}));
    constexpr double least_mm = 1e-6;
    part.sheet_thickness_mm = from.number("thickness_mm", least_mm, limits::coordinate_mm_max);
    part.min_feature_mm = from.number("min_feature_mm", least_mm, limits::coordinate_mm_max);
    part.tolerance_mm = from.number("tolerance_mm", least_mm, limits::coordinate_mm_max);
}

void read_objective(JsonTable& from, JobSpec& job) {
    const auto prefer = from.text("prefer");
    if (!prefer) return;
    for (const Objective objective :
         {Objective::nearest, Objective::soonest, Objective::cheapest, Objective::greenest}) {
        if (to_string(objective) != *prefer) continue;
        job.objective = objective;
        return;
    }
    from.complain(
        "prefer", quoted(*prefer) + " is not known", "use nearest, soonest, cheapest or greenest");
}

// In which prices are compared, and what CO2e costs.
void read_money(JsonTable& from, JobSpec& job) {
    const auto currency = from.text("currency");
    // The price of a kilogram of CO2e, in whole units of the currency.
    const auto carbon = from.number("carbon_price", 0, static_cast<double>(limits::rate_max));
    const bool compares = job.objective == Objective::cheapest;
    if (currency) {
        auto known = parse_currency(*currency);
        if (known) {
            job.currency = std::move(*known);
        } else {
            from.complain("currency", known.error().message, known.error().next);
        }
    } else if (compares) {
        from.complain("currency",
                      "is missing: cheapest compares prices in one currency",
                      "add for example \"currency\": \"EUR\"");
    }
    if (!carbon) return;
    if (!compares || job.currency.empty()) {
        from.complain("carbon_price",
                      "is only added to prices that are compared",
                      "add \"prefer\": \"cheapest\", or leave it out");
        return;
    }
    constexpr double kg_per_tonne = 1000;
    const double per_tonne = *carbon * std::pow(10, decimals_of(job.currency)) * kg_per_tonne;
    if (per_tonne > static_cast<double>(limits::rate_max)) {
        from.complain("carbon_price",
                      "is more than " + to_string(Money{job.currency, limits::rate_max / 1000}),
                      "give what a kg of CO2e shall cost, for example 0.19");
        return;
    }
    job.carbon_price_per_t = std::llround(per_tonne);
}

void read_deadline(JsonTable& from, WallTime now, JobSpec& job) {
    const auto text = from.text("deadline");
    if (!text) return;
    const auto moment = rfc3339_moment(*text);
    if (!moment) {
        from.complain("deadline",
                      quoted(*text) + " is no moment in time",
                      "write it like 2026-12-24T18:00:00Z");
    } else if (*moment <= now || moment->time_since_epoch().count() > limits::wall_ms_max) {
        from.complain("deadline", quoted(*text) + " is already past", "give a later one");
    } else {
        job.deadline = *moment;
    }
}

void read_redo(JsonTable& from, JobSpec& job) {
    const std::string text = from.text("redo_after").value_or("never");
    if (text == "never") return;
    if (text == "at_once") {
        job.redo.kind = RedoRule::Kind::at_once;
        return;
    }
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, number);
    const auto unit = stop + 1 == end ? span_unit_seconds(*stop) : std::nullopt;
    constexpr std::int64_t longest_s = 366 * std::int64_t{86'400};
    if (problem != std::errc{} || !unit || number < 1 || number > longest_s / *unit) {
        from.complain("redo_after",
                      quoted(text) + " is no rule",
                      "use never, at_once, or a span like 12h (up to 366d)");
        return;
    }
    job.redo = {RedoRule::Kind::after, number * *unit};
}

void read_common(JsonTable& from, WallTime now, JobSpec& job) {
    for (JsonTable& one : from.needed_tables("parts", limits::parts_max)) {
        PartSpec part;
        read_design(one, part);
        read_making(one, part);
        job.parts.push_back(std::move(part));
    }
    JsonTable at = from.needed_table("at");
    job.place_of_use.latitude_deg = at.needed_number("latitude_deg", -90, 90);
    job.place_of_use.longitude_deg = at.needed_number("longitude_deg", -180, 180);
    job.licence = checked_text(from, "licence", TextKind::line, limits::licence_bytes_max);
    if (!job.licence.empty()) {
        if (const auto parsed = LicenceExpression::parse(job.licence); !parsed) {
            from.complain("licence", parsed.error().message, parsed.error().next);
        }
    }
    read_objective(from, job);
    read_money(from, job);
    read_deadline(from, now, job);
}

std::string title_of(const JobSpec& job) {
    const std::string& name = job.parts.front().file_name;
    const std::string stem = name.substr(0, name.rfind('.'));
    return stem.empty() ? name : stem;
}

}  // namespace

Result<JobSpec> read_quote_order(std::string_view text, WallTime now) {
    auto body = JsonBody::parse(text);
    if (!body) return fail(std::move(body.error()));
    JsonTable root = body->root();
    JobSpec job;
    read_common(root, now, job);
    if (auto status = body->finish(); !status) return fail(std::move(status.error()));
    job.title = title_of(job);
    return job;
}

Result<JobSpec> read_job_order(std::string_view text, WallTime now) {
    auto body = JsonBody::parse(text);
    if (!body) return fail(std::move(body.error()));
    JsonTable root = body->root();
    JobSpec job;
    read_common(root, now, job);
    read_redo(root, job);
    if (const auto title = root.text("title"); title && !title->empty()) {
        job.title = checked_text(root, "title", TextKind::line, limits::title_bytes_max);
    }
    if (auto status = body->finish(); !status) return fail(std::move(status.error()));
    if (job.title.empty()) job.title = title_of(job);
    return job;
}

}  // namespace nearfab::gateway
