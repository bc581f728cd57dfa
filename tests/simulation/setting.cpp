// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/simulation/setting.hpp"

namespace nearfab::simulation {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct Usual {
    Fault fault;
    double rate;
};

// What happens on an occasion.
constexpr std::array on_occasion{
    Usual{Fault::right_lost, 0.08},
    Usual{Fault::right_late, 0.08},
    Usual{Fault::submitted_again, 0.2},
    Usual{Fault::submitted_otherwise, 0.1},
    Usual{Fault::paused_at_gate, 0.1},
    Usual{Fault::disk_full, 0.002},
    Usual{Fault::disk_error, 0.003},
    Usual{Fault::write_forgotten, 0.5},
    Usual{Fault::write_torn, 0.3},
    Usual{Fault::upload_broken_off, 0.1},
    Usual{Fault::chunk_changed, 0.1},
    Usual{Fault::slow_consumer, 0.01},
    Usual{Fault::analysis_failed, 0.05},
    Usual{Fault::bed_forgotten, 0.05},
    Usual{Fault::part_bad, 0.1},
    Usual{Fault::slicer_failed, 0.05},
    Usual{Fault::start_refused, 0.05},
    Usual{Fault::start_unanswered, 0.08},
    Usual{Fault::start_swallowed, 0.08},
    Usual{Fault::start_delayed, 0.05},
    Usual{Fault::start_imagined, 0.02},
    Usual{Fault::upload_failed, 0.08},
    Usual{Fault::upload_changed, 0.03},
    Usual{Fault::packet_lost, 0.01},
    Usual{Fault::packet_repeated, 0.01},
    Usual{Fault::packet_late, 0.01},
    Usual{Fault::router_crash_in_turn, 0.3},
    Usual{Fault::agent_crash_before_start, 0.05},
    Usual{Fault::cancelled, 0.25},
    Usual{Fault::crash_in_snapshot, 0.2},
    Usual{Fault::agent_crash_after_start, 0.05},
    Usual{Fault::second_look, 0.1},
    Usual{Fault::material_low, 0.02},
    Usual{Fault::rights_stuck, 0.05},
};

// What comes by itself: its share of the strikes.
constexpr std::array by_itself{
    Usual{Fault::agent_crash, 3},
    Usual{Fault::agent_crash_while_making, 3},
    Usual{Fault::partition, 3},
    Usual{Fault::router_crash, 2},
    Usual{Fault::wall_clock_set, 1},
    Usual{Fault::suspended, 1},
    Usual{Fault::herd, 1},
    Usual{Fault::frame_replayed, 2},
    Usual{Fault::forged, 2},
    Usual{Fault::black_hole, 0.2},
    Usual{Fault::flood, 0.6},
    Usual{Fault::fab_died, 0.3},
    Usual{Fault::machine_power_cut, 2},
    Usual{Fault::run_by_hand, 2},
    Usual{Fault::our_file_by_hand, 1},
    Usual{Fault::key_revoked, 0.5},
    Usual{Fault::fab_cloned, 0.3},
    Usual{Fault::computer_rebooted, 1},
    Usual{Fault::machine_silent, 2},
    Usual{Fault::machine_fault, 1},
    Usual{Fault::reconnected, 3},
    Usual{Fault::drained, 1},
    Usual{Fault::bit_flipped, 0.5},
    Usual{Fault::backup_restored, 4},
    Usual{Fault::line_slow, 3},
};

// Swarm testing: a quarter of the faults is left out, a quarter comes three times as often.
double swung(Dice& dice, double usual) {
    switch (dice.below(4)) {
        case 0:
            return 0;
        case 1:
            return usual * 3;
        default:
            return usual;
    }
}

void draw_router(Dice& dice, router::RouterOptions& options) {
    options.offer_ttl = dice.between(seconds{5}, minutes{2});
    options.offer_ttl_by_hand = dice.between(minutes{5}, minutes{30});
    options.reservation_ttl = dice.between(seconds{30}, minutes{10});
    options.start_window = dice.between(seconds{10}, seconds{120});
    options.start_silence =
        dice.between(seconds{1}, dice.chance(0.3) ? Duration{hours{2}} : Duration{minutes{5}});
    options.doubt_grace_min = dice.between(minutes{5}, hours{1});
    options.silence_rest = dice.between(minutes{1}, minutes{10});
    options.distrust_for = dice.between(minutes{10}, hours{1});
    options.attempts_max = 1 + static_cast<std::uint32_t>(dice.below(4));
    options.reservation_idle = dice.between(minutes{30}, hours{8});
    if (dice.chance(0.3)) return;
    // Low enough for a flood to reach them.
    options.submits = {.burst = 3 + static_cast<double>(dice.below(20)), .per_hour = 120};
    options.unfinished_jobs_max = 5 + dice.below(30);
    options.analyses_per_submitter_max = 2 + dice.below(10);
}

void draw_intervals(Dice& dice, agent::Intervals& intervals) {
    intervals.advert = dice.between(seconds{30}, minutes{5});
    intervals.inventory = dice.between(seconds{30}, minutes{5});
    intervals.progress = dice.between(seconds{30}, minutes{5});
    intervals.start_answer = dice.between(seconds{3}, seconds{30});
    intervals.start_retry = dice.between(seconds{3}, minutes{1});
    intervals.confirm_wait = dice.between(seconds{30}, minutes{5});
    intervals.presence_validity = dice.between(seconds{20}, minutes{5});
    intervals.offline_release = dice.between(minutes{2}, minutes{20});
}

}  // namespace

Setting draw_setting(Dice& dice) {
    Setting setting;
    setting.fabs = 1 + dice.below(4);
    setting.machines_per_fab = 1 + dice.below(3);
    setting.designers = 1 + dice.below(2);
    setting.jobs = 2 + dice.below(6);
    setting.storm = dice.between(minutes{30}, hours{3});
    setting.latency = dice.between(milliseconds{1}, milliseconds{400});
    setting.poll = dice.between(seconds{2}, seconds{60});
    setting.making = dice.between(seconds{30}, dice.chance(0.3) ? minutes{3} : minutes{40});
    setting.visits = dice.between(minutes{1}, minutes{15});
    setting.sync = dice.between({}, milliseconds{500});
    if (dice.chance(0.7)) setting.snapshot_after = (std::uint64_t{4} << 10U) << dice.below(5);
    if (dice.chance(0.7)) setting.queue_bytes_max = std::size_t{8} << (10 + dice.below(2));
    setting.keepalive = dice.between(seconds{10}, seconds{90});
    setting.silence = setting.keepalive * 7 / 2;
    setting.between_strikes = dice.between(minutes{1}, minutes{15});
    draw_router(dice, setting.router);
    draw_intervals(dice, setting.intervals);
    for (const Usual& usual : on_occasion)
        setting.rate[static_cast<std::size_t>(usual.fault)] = swung(dice, usual.rate);
    for (const Usual& usual : by_itself)
        setting.rate[static_cast<std::size_t>(usual.fault)] = swung(dice, usual.rate);
    return setting;
}

}  // namespace nearfab::simulation
