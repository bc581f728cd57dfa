// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/result.hpp"
#include "proto/model/limits.hpp"
#include "proto/model/message.hpp"
#include "tests/folders.hpp"
#include "tests/proto/codec/samples.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

using namespace nearfab;

namespace {

std::string source(const std::string& path) {
    std::ifstream file{tests::source_folder() + "/" + path};
    REQUIRE(file);
    return {std::istreambuf_iterator<char>{file}, {}};
}

bool mentions(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

#define NEARFAB_LIMIT(name) \
    { #name, std::to_string(static_cast <std::uint64_t>(limits::name)) }
const std::map<std::string, std::string> values{
    NEARFAB_LIMIT(message_bytes_max),
    NEARFAB_LIMIT(chunk_bytes_max),
    NEARFAB_LIMIT(chunks_outstanding_max),
    NEARFAB_LIMIT(design_bytes_max),
    NEARFAB_LIMIT(text_bytes_max),
    NEARFAB_LIMIT(name_bytes_max),
    NEARFAB_LIMIT(title_bytes_max),
    NEARFAB_LIMIT(file_name_bytes_max),
    NEARFAB_LIMIT(licence_bytes_max),
    NEARFAB_LIMIT(quantity_max),
    NEARFAB_LIMIT(parts_max),
    NEARFAB_LIMIT(work_orders_max),
    NEARFAB_LIMIT(machines_max),
    NEARFAB_LIMIT(materials_max),
    NEARFAB_LIMIT(terms_max),
    NEARFAB_LIMIT(outline_points_max),
    NEARFAB_LIMIT(processes_max),
    NEARFAB_LIMIT(process_reasons_max),
    NEARFAB_LIMIT(part_remarks_max),
    NEARFAB_LIMIT(attempts_max),
    NEARFAB_LIMIT(match_rows_max),
    NEARFAB_LIMIT(plan_rows_max),
    NEARFAB_LIMIT(plan_misses_max),
    NEARFAB_LIMIT(plan_currencies_max),
    NEARFAB_LIMIT(page_rows_max),
    NEARFAB_LIMIT(page_bytes_max),
    NEARFAB_LIMIT(fab_word_bytes_max),
    NEARFAB_LIMIT(coordinate_mm_max),
    NEARFAB_LIMIT(volume_mm3_max),
    NEARFAB_LIMIT(mass_g_max),
    NEARFAB_LIMIT(rate_max),
    NEARFAB_LIMIT(money_max),
    NEARFAB_LIMIT(power_w_max),
    NEARFAB_LIMIT(grid_gco2e_max),
    NEARFAB_LIMIT(carbon_mg_max),
    NEARFAB_LIMIT(footprint_bases_max),
    NEARFAB_LIMIT(distance_km_max),
    NEARFAB_LIMIT(span_s_max),
    NEARFAB_LIMIT(wall_ms_max),
    NEARFAB_LIMIT(keepalive_s_max),
    NEARFAB_LIMIT(start_window_ms_max),
    NEARFAB_LIMIT(relay_valid_ms_max),
    NEARFAB_LIMIT(relays_per_fab_max),
    NEARFAB_LIMIT(relays_per_asker_max),
    NEARFAB_LIMIT(unfinished_jobs_max),
    NEARFAB_LIMIT(report_days_max),
    NEARFAB_LIMIT(report_fabs_max),
    NEARFAB_LIMIT(report_rows_max),
    NEARFAB_LIMIT(report_figure_max),
    NEARFAB_LIMIT(region_bytes_max),
    NEARFAB_LIMIT(region_cells_max),
    NEARFAB_LIMIT(region_processes_max),
    NEARFAB_LIMIT(region_kinds_max),
    NEARFAB_LIMIT(region_materials_max),
    NEARFAB_LIMIT(region_terms_max),
    NEARFAB_LIMIT(region_currencies_max),
    NEARFAB_LIMIT(region_figure_max),
};
#undef NEARFAB_LIMIT

}  // namespace

TEST_CASE("the protocol's description names every message") {
    const std::string page = source("proto/PROTOCOL.md");
    for (const Envelope& envelope : samples::all()) {
        const std::string name{name_of(envelope.body)};
        INFO(name);
        CHECK(mentions(page, "| `" + name + "` |"));
    }
}

TEST_CASE("the protocol's description gives every limit its value") {
    const std::string header = source("proto/model/limits.hpp");
    const std::string page = source("proto/PROTOCOL.md");
    const std::regex definition{R"(inline constexpr \S+ (\w+) =)"};
    std::set<std::string> defined;
    for (std::sregex_iterator it{header.begin(), header.end(), definition}, end; it != end; ++it) {
        defined.insert((*it)[1]);
    }
    for (const std::string& name : defined) {
        INFO(name);
        REQUIRE(values.contains(name));
        CHECK(mentions(page, "| `" + name + "` | " + values.at(name) + " |"));
    }
    CHECK(defined.size() == values.size());
}

TEST_CASE("the protocol's description names every error with its number") {
    const std::string page = source("proto/PROTOCOL.md");
    for (int number = 1; number <= static_cast<int>(ErrorCode::config); ++number) {
        const std::string name{to_string(static_cast<ErrorCode>(number))};
        INFO(name);
        CHECK(mentions(page, "| " + std::to_string(number) + " | `" + name + "` |"));
    }
}
