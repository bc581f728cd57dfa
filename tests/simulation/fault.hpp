// SPDX-License-Identifier: GPL-3.0-or-later
// fault.hpp - everything a simulation may do to the programs, the machines and the people.
//
// The numbers F1 .. F50 are those of the failure scenarios in docs/PROMISES.md.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nearfab::simulation {

enum class Fault : std::uint8_t {
    agent_crash_before_start,  // F1
    agent_crash_while_making,  // F2: the machine remembers what it did.
    agent_crash_amnesia,       // F3: the machine does not.
    agent_crash,               // At any other moment.
    partition,                 // F4, F37
    right_lost,                // F7
    right_late,                // F8
    router_crash,              // F9, F33: between two turns.
    router_crash_in_turn,      // F9, F10: between two steps of a turn.
    submitted_again,           // F11: the same key and body.
    submitted_otherwise,       // F11: the same key, another body.
    wall_clock_set,            // F13
    suspended,                 // F14
    paused_at_gate,            // F15
    disk_full,                 // F16
    disk_error,                // F17
    write_forgotten,           // A write that was not synced is gone after a crash.
    write_torn,                // Half of a write that was not synced is there.
    bit_flipped,               // F18
    backup_restored,           // F19
    upload_broken_off,         // F20
    chunk_changed,             // F21
    slow_consumer,             // F22
    herd,                      // F23: everybody connects anew at once.
    frame_replayed,            // F8, F24
    forged,                    // F25, F26: a valid key speaks of what is not its own.
    black_hole,                // F29: a fab that takes everything and makes nothing.
    flood,                     // F30
    analysis_failed,           // F31, F32
    cancelled,                 // F39
    fab_died,                  // F40
    bed_forgotten,             // F41: nobody says for hours that the bed is clear.
    part_bad,                  // F42: the machine says done, and it is not.
    machine_power_cut,         // F43
    run_by_hand,               // F44
    our_file_by_hand,          // F44: somebody starts our file at the machine.
    key_revoked,               // F45
    fab_cloned,                // F46
    slicer_failed,             // F48
    computer_rebooted,         // Another boot: its boot clock counts anew.
    machine_silent,
    machine_fault,
    start_refused,
    start_unanswered,  // The machine starts, and its answer is lost.
    start_swallowed,   // It does not start, and its answer is lost.
    start_delayed,     // It starts a little after its answer was lost.
    start_imagined,    // It says that it has started, and has not.
    upload_failed,
    upload_changed,  // Other bytes than were sent lie on the machine.
    packet_lost,
    packet_repeated,
    packet_late,  // Overtaken by later ones.
    reconnected,  // What was on its way is lost, or comes over the new connection.
    drained,
    rights_stuck,             // F8: rights to start gather in a queue, and then come all at once.
    agent_crash_after_start,  // F2: the machine has begun, and nobody has written that down.
    second_look,              // What was good is not, before it is handed over.
    snapshot_taken,           // The records are compacted beside the running router.
    crash_in_snapshot,        // Everything dies while that is written, or taken up.
    snapshot_bit_flipped,     // F18: counted among bit_flipped as well.
    backup_while_writing,     // F19: a commit came in the middle of the copy.
    line_slow,                // F22: nothing gets through to one line for a while.
    consumer_cut_off,         // F22: more waited for a peer than it may make the router hold.
    limit_reached,            // F30: a designer was told to come again later.
    material_low,             // Somebody took the spool: next to nothing is left on a machine.
};
inline constexpr std::size_t fault_count = 65;

[[nodiscard]] std::string_view to_string(Fault fault);

// How often each struck.
using FaultCounts = std::array<std::uint64_t, fault_count>;

}  // namespace nearfab::simulation
