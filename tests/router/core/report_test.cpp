// SPDX-License-Identifier: GPL-3.0-or-later
// The report of the whole network, as the router answers it.

#include "proto/codec/codec.hpp"
#include "router/core/router.hpp"
#include "router/shell/job_codec.hpp"
#include "router/shell/ledger_codec.hpp"
#include "tests/router/matching/samples.hpp"

#include <catch2/catch.hpp>

#include "shell/ledger.pb.h"
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::router {
namespace {

using namespace testing;

constexpr DayNumber today = 20'000;
const Moment now{TimePoint{std::chrono::hours{1}}, begin_of(today) + std::chrono::hours{12}};

// What has happened, as facts.
class Past {
public:
    Past() {
        analysed("small", box(20, 20, 20));
        analysed("large", box(280, 280, 280));
    }
    void analysed(const std::string& design, const PartFacts& facts) {
        add(begin_of(today - 400), DesignAnalysed{hash_of(design), facts, part_analysis_version});
    }
    // A job of one piece, queued; gives its work order.
    WorkOrderId submit(WallTime at, PartSpec spec) {
        const std::string number = std::to_string(++jobs_);
        JobSubmitted fact{JobId{std::string(16 - number.size(), '0') + number},
                          IdentityId{"ada-the-designer"},
                          "key" + number,
                          {}};
        fact.spec.title = "A secret title";
        fact.spec.licence = "CC0-1.0";
        fact.spec.parts = {std::move(spec)};
        fact.spec.place_of_use = lyon;
        const JobId job = fact.job;
        add(at, fact);
        add(at, WorkQueued{job});
        return WorkOrderId{job.text() + "-1"};
    }
    void deliver(WallTime at, const PartSpec& spec, const Candidate& chosen) {
        const WorkOrderId order = submit(at, spec);
        WorkOffered offer{order, 1, chosen, {}, false, "read"};
        add(at, offer);
        for (const WorkEvent event : {WorkEvent::reserved,
                                      WorkEvent::authorised,
                                      WorkEvent::produced,
                                      WorkEvent::inspected,
                                      WorkEvent::delivered}) {
            WorkMoved fact;
            fact.work_order = order;
            fact.epoch = 1;
            fact.event = event;
            if (event == WorkEvent::authorised) fact.machine_code = hash_of("code");
            add(at, fact);
        }
        add(at, JobMoved{job_of(order), JobState::closed, ""});
    }
    void add(WallTime at, Fact fact) { facts_.emplace_back(at, std::move(fact)); }
    [[nodiscard]] const auto& facts() const { return facts_; }

private:
    std::vector<std::pair<WallTime, Fact>> facts_;
    int jobs_ = 0;
};

Candidate by(const std::string& fab, double distance_km, bool with_energy = true) {
    Candidate chosen;
    chosen.fab = FabId{fab};
    chosen.machine = MachineId{"p1"};
    chosen.distance_km = distance_km;
    chosen.making_s = 1000;
    chosen.mass_g = 10;
    chosen.footprint = Footprint{CarbonRange{1000, 2000, 3000}, {}, CarbonRange{10, 20, 30}};
    if (with_energy) chosen.footprint->energy = CarbonRange{100, 200, 300};
    return chosen;
}

// Five pieces of lyon, one of them large; three of paris, two of grenoble.
Past usual_past() {
    Past past;
    // Too long ago for thirty days.
    past.deliver(begin_of(today - 30), part("small"), by("nice", 300));
    for (const double km : {94.6, 94.7})
        past.deliver(begin_of(today - 29), part("small", "asa"), by("grenoble", km));
    const WallTime then = begin_of(today - 3) + std::chrono::hours{9};
    for (const double km : {1.0, 2.0, 3.0, 4.0})
        past.deliver(then, part("small"), by("lyon", km));
    past.deliver(then, part("large"), by("lyon", 5));
    for (const double km : {391.5, 392.0, 393.0})
        past.deliver(begin_of(today - 1), part("small"), by("paris", km, false));
    return past;
}

RouterOptions options(bool packs) {
    RouterOptions options;
    if (packs) options.packing = job_packing();
    options.reconcile_window = Duration{0};
    return options;
}

std::unique_ptr<Router> router_of(const Past& past, bool packs = true) {
    auto router = std::make_unique<Router>(options(packs));
    for (const auto& [at, fact] : past.facts())
        router->replay(at, fact);
    return router;
}

void add_fab(Router& router, const std::string& name, Advertisement said) {
    said.valid_s = 1'000'000;
    said.title = "Fab of " + name;
    (void)router.step(now, AgentConnected{FabId{name}});
    (void)router.step(now, AgentSaid{FabId{name}, message::Advertise{std::move(said)}});
}

// Lyon has the largest printer and the only asa.
void add_usual_fabs(Router& router) {
    (void)router.start(now);
    add_fab(router,
            "lyon",
            fab(lyon, {printer("p1", 300, 300, 300, {{"pla", 50'000}, {"asa", 9000}})}));
    add_fab(router, "paris", fab(paris, {printer("p1", 200, 200, 200, {{"pla", 50'000}})}));
}

ReportOfNetwork ask(Router& router, std::uint32_t days = 0) {
    const Effects effects = router.step(
        now, ClientSaid{1, IdentityId{"bob"}, Role::client, 7, message::AskReport{days}, {}});
    REQUIRE(effects.size() == 1);
    const Message& body = std::get<Answer>(effects.front()).body;
    REQUIRE(std::holds_alternative<message::NetworkReport>(body));
    // It comes over the wire as it is.
    const auto bytes = try_encode(Envelope{.session = 1, .body = body});
    REQUIRE(bytes);
    const auto received = decode(*bytes);
    REQUIRE(received);
    CHECK(received->body == body);
    return std::get<message::NetworkReport>(body).report;
}

TEST_CASE("a report of a small network, computed by hand", "[report]") {
    auto router = router_of(usual_past());
    add_usual_fabs(*router);
    const ReportOfNetwork report = ask(*router);
    CHECK(report.days == 30);
    CHECK(report.from == begin_of(today - 29));
    CHECK(report.to == now.wall);
    CHECK(report.pieces == 10);
    CHECK(report.machine_s == 10'000);
    CHECK(report.mass_g == Approx(100));
    // 1 2 3 4 5 94.6 94.7 391.5 392 393: the 5th, the 9th and the last, three digits each.
    CHECK(report.distance.pieces == 10);
    CHECK(report.distance.median_km == 5);
    CHECK(report.distance.p90_km == 392);
    CHECK(report.distance.longest_km == 393);
    CHECK(report.distance.histogram == DistanceCounts{0, 1, 3, 1, 0, 0, 2, 0, 3, 0, 0, 0, 0});
    // 50, 30 and 20 %: 2500 + 900 + 400.
    CHECK(report.shares.hhi_pieces == Approx(3800));
    CHECK(report.shares.hhi_machine_time == Approx(3800));
    CHECK(report.shares.fabs == 3);
    REQUIRE(report.shares.rows.size() == 3);
    CHECK(report.shares.rows[0] == FabShare{FabId{"lyon"}, "Fab of lyon", "", true, 5, 5000});
    CHECK(report.shares.rows[2] == FabShare{FabId{"grenoble"}, "", "", false, 2, 2000});
    CHECK(report.emissions.material.pieces == 10);
    CHECK(report.emissions.material.sum == CarbonRange{10'000, 20'000, 30'000});
    CHECK(report.emissions.energy.pieces == 7);
    CHECK(report.emissions.energy.sum == CarbonRange{700, 1400, 2100});
    CHECK(report.emissions.energy.confidence == std::vector<ConfidenceCount>{{"read", 7}});
    CHECK(report.emissions.complete == 7);
    CHECK(report.emissions.complete_sum == CarbonRange{7770, 15'540, 23'310});
    REQUIRE(report.processes.size() == 1);
    CHECK(report.processes[0] == ProcessUse{ProcessId{"fdm"}, 10, 10'000, 2, 2, 2});
    REQUIRE(report.by_day.size() == 30);
    CHECK(report.by_day.front() == ReportDay{2, 2000, 94.6});
    CHECK(report.by_day[26] == ReportDay{5, 5000, 3.0});
    CHECK(report.by_day[28] == ReportDay{3, 3000, 392.0});
    CHECK(report.by_day.back() == ReportDay{});
    // The day before the thirty counts when it is asked for.
    CHECK(ask(*router, 31).pieces == 11);
    CHECK(ask(*router, 31).distance.longest_km == 393);
    CHECK(ask(*router, 1).pieces == 0);
    CHECK(ask(*router, 2).pieces == 3);
}

TEST_CASE("what hangs on one fab, and what would be left without the largest", "[report]") {
    auto router = router_of(usual_past());
    add_usual_fabs(*router);
    const ReportOfNetwork report = ask(*router);
    const CapabilityReport& now_there = report.capabilities;
    CHECK(now_there.all == 2);
    CHECK(now_there.single_fab == 1);
    CHECK(now_there.single_owner == 1);
    CHECK(now_there.single_size == 1);
    REQUIRE(now_there.rows.size() == 2);
    CHECK(now_there.rows[0].material == MaterialId{"asa"});
    CHECK(now_there.rows[0].hangs_on == HangsOn::fab);
    CHECK(now_there.rows[0].pieces == 2);
    CHECK(now_there.rows[1].hangs_on == HangsOn::size);
    CHECK(now_there.rows[1].elsewhere == ReportSize{200, 200, 200});
    REQUIRE(report.without_largest);
    const WithoutFab& without = *report.without_largest;
    CHECK(without.fab == FabId{"lyon"});
    CHECK_FALSE(without.by_machines);
    CHECK(without.pieces == 5);
    CHECK(without.asked_pieces == 5);
    CHECK(without.asked_parts == 5);
    // Four small pieces go to paris, 391 km away instead of 1 to 4; the large one nowhere.
    CHECK(without.elsewhere_pieces == 4);
    CHECK(without.median_km_now == 2.0);
    CHECK(without.median_km_elsewhere == 391.0);
    CHECK(without.nobody_pieces == 1);
    CHECK(without.rows ==
          std::vector<LostWork>{
              {ProcessId{"fdm"}, MaterialId{"pla"}, {280, 280, 280}, 1, WaitsFor::envelope}});
    CHECK(without.capabilities_lost == 1);
    CHECK(without.capabilities_smaller == 1);
    // When paris is gone as well, nobody could make any of it.
    (void)router->step(now, AgentLost{FabId{"paris"}});
    const WithoutFab alone = *ask(*router).without_largest;
    CHECK(alone.elsewhere_pieces == 0);
    CHECK(alone.nobody_pieces == 5);
    CHECK_FALSE(alone.median_km_now);
}

TEST_CASE("without any work the fab with most machines is the largest", "[report]") {
    auto router = router_of(Past{});
    const ReportOfNetwork empty = ask(*router);
    CHECK_FALSE(empty.without_largest);
    CHECK(empty.shares.hhi_pieces == 0);
    CHECK(empty.distance == DistanceReport{});
    CHECK_FALSE(empty.waiting.longest_s);
    add_usual_fabs(*router);
    const ReportOfNetwork report = ask(*router);
    REQUIRE(report.without_largest);
    CHECK(report.without_largest->by_machines);
    CHECK(report.without_largest->asked_pieces == 0);
}

TEST_CASE("a report names no designer and nothing of a job", "[report]") {
    auto router = router_of(usual_past());
    add_usual_fabs(*router);
    const message::NetworkReport answered{ask(*router)};
    const auto bytes = encode(Envelope{.session = 1, .body = answered});
    const std::string text{bytes.begin(), bytes.end()};
    CHECK(text.find("lyon") != std::string::npos);
    for (const char* secret : {"ada", "secret", "key1", "0000000000000001"})
        CHECK(text.find(secret) == std::string::npos);
}

TEST_CASE("what waits is counted, and for what", "[report]") {
    Past past = usual_past();
    const WallTime then = now.wall - std::chrono::hours{5};
    (void)past.submit(then, part("small", "pa12"));
    (void)past.submit(then, part("small", "pa12"));
    (void)past.submit(then, part("large", "pc"));
    auto router = router_of(past);
    CHECK(router->ledger().waiting_tally().of(WaitsFor::not_tried).pieces == 3);
    add_usual_fabs(*router);
    (void)router->step(now, Tick{});
    const WaitingReport waiting = ask(*router).waiting;
    CHECK(waiting.matching == 3);
    CHECK(waiting.jobs == 3);
    CHECK(waiting.pieces == 3);
    CHECK(waiting.longest_s == 5 * 3600);
    std::uint32_t pieces = 0;
    for (const WaitReason& reason : waiting.reasons) {
        CHECK(reason.what != WaitsFor::not_tried);
        pieces += reason.pieces;
    }
    CHECK(pieces == 3);
    CHECK(waiting.reasons.front() == WaitReason{WaitsFor::material, 3, 3});
    // When somebody has it, they wait no more.
    add_fab(*router,
            "nice",
            fab(lyon, {printer("p1", 300, 300, 300, {{"pa12", 50'000}, {"pc", 50'000}})}));
    CHECK(ask(*router).waiting.pieces == 0);
    CHECK(ask(*router).waiting.in_production == 3);
}

TEST_CASE("attempts without an estimate count as not known", "[report]") {
    Past past;
    Candidate adopted;
    adopted.fab = FabId{"lyon"};
    past.deliver(begin_of(today), part("small"), adopted);
    Candidate far = adopted;
    far.distance_km = 12;
    past.deliver(begin_of(today), part("small"), far);
    Candidate sheet = by("lyon", 2);  // Of a thickness that nobody said.
    sheet.mass_g = 0;
    past.deliver(begin_of(today), part("small"), sheet);
    auto router = router_of(past);
    (void)router->start(now);
    const ReportOfNetwork report = ask(*router);
    CHECK(report.pieces == 3);
    CHECK(report.distance.pieces == 2);
    CHECK(report.distance.unknown == 1);
    CHECK(report.timed == 1);
    CHECK(report.weighed == 0);
    CHECK(report.emissions.material.pieces == 0);
    CHECK(report.emissions.transport.pieces == 0);
    CHECK(report.emissions.energy.pieces == 1);
}

std::vector<std::vector<std::uint8_t>> pieces_of(const Ledger& ledger) {
    std::vector<std::vector<std::uint8_t>> pieces;
    REQUIRE(encode_ledger(ledger, [&](std::span<const std::uint8_t> piece) -> Status {
        pieces.emplace_back(piece.begin(), piece.end());
        return {};
    }));
    return pieces;
}

TEST_CASE("replay, a snapshot and a snapshot of before give the same report", "[report]") {
    Past past = usual_past();
    (void)past.submit(now.wall - std::chrono::hours{5}, part("small", "pa12"));
    const bool packs = GENERATE(true, false);
    auto replayed = router_of(past, packs);
    Router restored{options(packs)};
    Router from_old{options(packs)};
    for (const std::vector<std::uint8_t>& bytes : pieces_of(replayed->ledger())) {
        REQUIRE(decode_piece(bytes, restored));
        v1::LedgerPiece piece;
        REQUIRE(piece.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
        piece.clear_days();
        if (piece.has_calendar()) piece.mutable_calendar()->clear_has_days();
        const std::string old = piece.SerializeAsString();
        REQUIRE(decode_piece(std::vector<std::uint8_t>{old.begin(), old.end()}, from_old));
    }
    CHECK(restored.ledger().work_log() == replayed->ledger().work_log());
    CHECK(from_old.ledger().work_log() == replayed->ledger().work_log());
    CHECK(restored.ledger().waiting_tally() == replayed->ledger().waiting_tally());
    for (Router* router : {replayed.get(), &restored, &from_old})
        add_usual_fabs(*router);
    const ReportOfNetwork report = ask(*replayed);
    CHECK(report.pieces == 10);
    CHECK(ask(restored) == report);
    CHECK(ask(from_old) == report);
}

// What is asked again is bounded, and an even sample of what was delivered.
TEST_CASE("a report of thousands of jobs asks again for some dozens", "[report]") {
    Past past;
    for (int i = 0; i < 3000; ++i)
        past.deliver(begin_of(today), part(i % 4 == 0 ? "large" : "small"), by("lyon", 1));
    auto router = router_of(past);
    add_usual_fabs(*router);
    CHECK(router->ledger().closed_jobs().size() == 3000);
    const WithoutFab without = *ask(*router).without_largest;
    CHECK(without.pieces == 3000);
    CHECK(without.asked_parts <= 64);
    CHECK(without.asked_pieces <= sample_max);
    CHECK(without.asked_pieces >= 32);
    CHECK(without.elsewhere_pieces + without.nobody_pieces == without.asked_pieces);
    // A quarter of them is large.
    CHECK(without.nobody_pieces * 100 / without.asked_pieces > 10);
    CHECK(without.nobody_pieces * 100 / without.asked_pieces < 45);
}

TEST_CASE("many fabs are cut to fifty, and the rest is summed", "[report]") {
    Past past;
    for (int i = 0; i < 70; ++i)
        past.deliver(begin_of(today), part("small"), by("fab" + std::to_string(i), 1));
    auto router = router_of(past);
    (void)router->start(now);
    const ReportOfNetwork report = ask(*router);
    CHECK(report.shares.fabs == 70);
    CHECK(report.shares.rows.size() == 50);
    CHECK(report.shares.rest_pieces == 20);
    CHECK(report.shares.rest_machine_s == 20'000);
    CHECK(report.shares.hhi_pieces == Approx(10'000.0 / 70));
}

TEST_CASE("who asks for reports without end is told to wait", "[report]") {
    auto router = router_of(Past{});
    for (int i = 0; i < 30; ++i)
        (void)ask(*router);
    const Effects effects = router->step(
        now, ClientSaid{1, IdentityId{"bob"}, Role::client, 7, message::AskReport{}, {}});
    const auto& failure = std::get<message::Failure>(std::get<Answer>(effects.at(0)).body);
    CHECK(failure.error.code == ErrorCode::limit_reached);
    CHECK(failure.retry_after_s > 0);
}

}  // namespace
}  // namespace nearfab::router
