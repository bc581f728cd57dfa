// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/simulation/fault.hpp"

namespace nearfab::simulation {
namespace {

constexpr std::array<std::string_view, fault_count> names{
    "F1_agent_crash_before_start",
    "F2_agent_crash_while_making",
    "F3_agent_crash_amnesia",
    "agent_crash",
    "F4_partition",
    "F7_start_right_lost",
    "F8_start_right_late",
    "F9_F33_router_crash",
    "F10_router_crash_in_turn",
    "F11_submitted_again",
    "F11_submitted_otherwise",
    "F13_wall_clock_set",
    "F14_suspended",
    "F15_paused_at_gate",
    "F16_disk_full",
    "F17_disk_error",
    "write_forgotten",
    "write_torn",
    "F18_bit_flipped",
    "F19_backup_restored",
    "F20_upload_broken_off",
    "F21_chunk_changed",
    "F22_slow_consumer",
    "F23_herd",
    "F24_frame_replayed",
    "F25_F26_forged",
    "F29_black_hole",
    "F30_flood",
    "F31_F32_analysis_failed",
    "F39_cancelled",
    "F40_fab_died",
    "F41_bed_forgotten",
    "F42_part_bad",
    "F43_machine_power_cut",
    "F44_run_by_hand",
    "F44_our_file_by_hand",
    "F45_key_revoked",
    "F46_fab_cloned",
    "F48_slicer_failed",
    "computer_rebooted",
    "machine_silent",
    "machine_fault",
    "start_refused",
    "start_unanswered",
    "start_swallowed",
    "start_delayed",
    "start_imagined",
    "upload_failed",
    "upload_changed",
    "packet_lost",
    "packet_repeated",
    "packet_late",
    "reconnected",
    "drained",
    "F8_rights_stuck",
    "F2_agent_crash_after_start",
    "second_look",
    "snapshot_taken",
    "crash_in_snapshot",
    "F18_bit_flipped_in_snapshot",
    "F19_backup_while_writing",
    "F22_line_slow",
    "F22_consumer_cut_off",
    "F30_limit_reached",
    "material_low",
};

}  // namespace

std::string_view to_string(Fault fault) {
    return names.at(static_cast<std::size_t>(fault));
}

}  // namespace nearfab::simulation
