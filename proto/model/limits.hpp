// SPDX-License-Identifier: GPL-3.0-or-later
// limits.hpp - the largest of everything that may come from outside.
//
// A codec refuses what is over a limit before anything else looks at it. PROTOCOL.md repeats the
// numbers for people who write other programs; a test keeps the two equal.

#pragma once

#include <cstddef>
#include <cstdint>

namespace nearfab::limits {

inline constexpr std::size_t message_bytes_max = std::size_t{1024} * 1024;
inline constexpr std::size_t chunk_bytes_max = std::size_t{128} * 1024;
inline constexpr std::uint32_t chunks_outstanding_max = 8;
inline constexpr std::uint64_t design_bytes_max = 64ULL * 1024 * 1024;
inline constexpr std::size_t text_bytes_max = 2048;  // Any sentence for people.
inline constexpr std::size_t name_bytes_max = 64;    // Ids and names.
inline constexpr std::size_t title_bytes_max = 200;  // Of a job, a fab, a machine's model.
inline constexpr std::size_t file_name_bytes_max = 120;
inline constexpr std::size_t licence_bytes_max = 512;
inline constexpr std::uint32_t quantity_max = 1000;
inline constexpr std::size_t parts_max = 32;          // Of a job.
inline constexpr std::size_t work_orders_max = 1000;  // Of a job.
inline constexpr std::size_t machines_max = 256;      // Of a fab.
inline constexpr std::size_t materials_max = 64;      // Of a machine.
inline constexpr std::size_t terms_max = 64;
inline constexpr std::size_t outline_points_max = 64;
inline constexpr std::size_t processes_max = 16;        // Of a part's facts.
inline constexpr std::size_t process_reasons_max = 32;  // Of one process.
inline constexpr std::size_t part_remarks_max = 32;     // Of a job.
inline constexpr std::size_t attempts_max = 1000;       // In one inventory.
inline constexpr std::size_t match_rows_max = 16;
inline constexpr std::size_t plan_rows_max = 1000;  // Of a job's plan: no more than it has pieces.
inline constexpr std::size_t plan_misses_max = 4;   // Of one part of a plan.
inline constexpr std::size_t plan_currencies_max = 16;
inline constexpr std::size_t page_rows_max = 200;  // Jobs, fabs or events in one answer.
// An answer of several rows stops before it is larger, so that it always leaves room in a message.
inline constexpr std::size_t page_bytes_max = std::size_t{512} * 1024;
inline constexpr std::size_t fab_word_bytes_max = 512;  // What a fab said, in an answer to AskWhy.
inline constexpr double coordinate_mm_max = 10'000;
inline constexpr double volume_mm3_max = 1e12;  // A cube of that length; areas in mm2 as well.
inline constexpr double mass_g_max = 1e9;       // Of a stock; rates in cm3/h too.
inline constexpr std::int64_t rate_max = 100'000'000'000;  // What a fab asks, smallest units.
inline constexpr std::int64_t money_max = 1'000'000'000'000'000;  // A price; exact in a double.
inline constexpr double power_w_max = 1e6;                        // Of a machine.
inline constexpr double grid_gco2e_max = 1e4;                     // Per kWh; oil shale is at 1,300.
inline constexpr std::int64_t carbon_mg_max = 1'000'000'000'000'000'000;
inline constexpr std::size_t footprint_bases_max = 64;   // Of a quote.
inline constexpr double distance_km_max = 20'100;        // Half way round the earth, rounded up.
inline constexpr std::int64_t span_s_max = 315'360'000;  // Any waiting or making: ten years.
inline constexpr std::int64_t wall_ms_max = 253'402'300'799'999;  // The end of the year 9999.
inline constexpr std::int64_t keepalive_s_max = 3600;
inline constexpr std::int64_t start_window_ms_max = 600'000;  // A right to start lives for seconds.
// A command that came by way of the router is for now as well.
inline constexpr std::int64_t relay_valid_ms_max = 10'000;
inline constexpr std::size_t relays_per_fab_max = 16;    // Open at once at one fab,
inline constexpr std::size_t relays_per_asker_max = 16;  // and of one identity.
inline constexpr std::size_t unfinished_jobs_max = 200;       // Of one submitter.
// Of a report of the whole network.
inline constexpr std::uint32_t report_days_max = 366;
inline constexpr std::size_t report_fabs_max = 50;
inline constexpr std::size_t report_rows_max = 64;                        // Of any other table.
inline constexpr std::int64_t report_figure_max = 1'000'000'000'000'000;  // A count; exact in JSON.
// Of a network's digest for other networks.
inline constexpr std::size_t region_bytes_max = std::size_t{512} * 1024;
inline constexpr std::size_t region_cells_max = 1024;
inline constexpr std::size_t region_processes_max = 32;
inline constexpr std::size_t region_kinds_max = 64;      // Of a process.
inline constexpr std::size_t region_materials_max = 64;  // Of the digest.
inline constexpr std::size_t region_terms_max = 16;      // Sets of licences.
inline constexpr std::size_t region_currencies_max = 4;  // Of one process in one cell.
inline constexpr std::uint64_t region_figure_max = 1'000'000'000'000'000'000;

}  // namespace nearfab::limits
