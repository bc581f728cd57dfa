// SPDX-License-Identifier: GPL-3.0-or-later
// Facts survive their way to the journal and back, and strange bytes are refused.

#include "router/shell/fact_codec.hpp"

#include "tests/router/matching/samples.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <variant>

namespace nearfab::router {
namespace {

using namespace testing;

std::vector<Fact> one_of_each() {
    JobSpec spec;
    spec.title = "Hook";
    spec.licence = "CERN-OHL-P-2.0";
    spec.parts = {part("hook")};
    spec.place_of_use = lyon;
    Candidate chosen;
    chosen.fab = FabId{"lyon"};
    chosen.machine = MachineId{"p1"};
    chosen.distance_km = 1.5;
    chosen.making_s = 600;
    chosen.reason = "nearest: 1.5 km";
    const MatchReport report{{chosen}, {}, {}, 3};
    const WorkOrderId order{"0123456789abcdef-1"};
    const JobId job{"0123456789abcdef"};
    JobPlan plan;
    plan.rows = {{0, FabId{"lyon"}, MachineId{"p1"}, 3, 1, 600, 600, 1800, 1.5, 11}};
    plan.rows.push_back(plan.rows.front());
    plan.rows[1].machine = MachineId{"p2"};
    plan.rows[1].price = Money{"EUR", 1250};
    plan.rows[1].footprint = Footprint{CarbonRange{1, 2, 3}, {}, CarbonRange{4, 5, 6}};
    plan.parts = {{0, 7, 2, 1, 1800, "no material", {}}};
    plan.deadline_s = 1700;
    plan.finish_s = 1800;
    plan.farthest_km = 1.5;
    plan.fabs = 1;
    plan.machines = 2;
    WorkMoved authorised{order, 2, WorkEvent::authorised, "", hash_of("gcode")};
    authorised.run = "5f0c";
    WorkMoved failed{order, 2, WorkEvent::failed, "smoke", {}};
    failed.unsafe = true;
    return {JobSubmitted{job, IdentityId{"ada"}, "key", spec},
            DesignAnalysed{hash_of("hook"), walled_box(10, 20, 30, 0.9), 2},
            DesignAnalysed{{hash_of("hook"), LengthUnit::inch}, walled_box(10, 20, 30, 0.9), 2},
            DesignAnalysed{
                {hash_of("panel"),
                 LengthUnit::pixel,
                 {{0xFF0000, "", LineOperation::engrave}, {{}, "Fold", LineOperation::score}}},
                walled_box(10, 20, 30, 0.9),
                3},
            DesignRefused{hash_of("bad"), {ErrorCode::invalid_file, "open", "close it"}, 2},
            DesignRefused{{hash_of("bad"), LengthUnit::point},
                          {ErrorCode::invalid_file, "open", "close it"},
                          2,
                          true},
            WorkQueued{job},
            WorkOffered{order, 2, chosen, report, true, "read, stated"},
            WorkWaits{order, "nobody can", report},
            authorised,
            failed,
            SurplusFound{order, 1, FabId{"lyon"}, "late", true},
            PieceMissing{order, 2, FabId{"lyon"}, true},
            CancelWanted{job, "why not"},
            JobMoved{job, JobState::failed, "3 attempts"},
            EpochRaised{order, 7, FabId{"lyon"}},
            AttemptAdopted{order, 7, FabId{"lyon"}, MachineId{"p1"}, 1.5},
            AttemptClaimed{order, 8, FabId{"lyon"}, MachineId{"p1"}, 2.5},
            FabHeard{FabId{"lyon"}},
            FabWrittenOff{FabId{"lyon"}},
            DoubtCounted{order, 2, 900},
            ClockSet{std::chrono::milliseconds{-7'200'001}},
            FabSuspected{FabId{"lyon"}, "its public key"},
            FabCleared{FabId{"lyon"}, "somebody looked"},
            GenerationBegan{3, true},
            Reconciled{"every fab that was known has been heard"},
            WorkPlanned{job, plan, {4, 1, 2, 3, 7, 6, 5}, "lyon: the fab said no"}};
}

TEST_CASE("a record without a version of the analysis is of the first", "[facts]") {
    // 0 is what Protobuf leaves out.
    const auto found = decode_fact(encode_fact(DesignAnalysed{hash_of("hook"), box(1, 2, 3), 0}));
    REQUIRE(found.has_value());
    CHECK(std::get<DesignAnalysed>(*found).analysis == 1);
    const auto refused = decode_fact(
        encode_fact(DesignRefused{hash_of("bad"), {ErrorCode::invalid_file, "", ""}, 0}));
    REQUIRE(refused.has_value());
    CHECK(std::get<DesignRefused>(*refused).analysis == 1);
}

TEST_CASE("every fact comes back from its bytes as it was", "[facts]") {
    std::set<std::size_t> kinds;
    for (const Fact& fact : one_of_each()) {
        kinds.insert(fact.index());
        const auto back = decode_fact(encode_fact(fact));
        REQUIRE(back.has_value());
        CHECK(*back == fact);
    }
    CHECK(kinds.size() == std::variant_size_v<FactKinds>);
}

TEST_CASE("bytes that are no fact, or a newer one, are refused", "[facts]") {
    CHECK(decode_fact({}).error().code == ErrorCode::unsupported);
    const std::vector<std::uint8_t> noise{0xff, 0x17, 0x00};
    CHECK(decode_fact(noise).error().code == ErrorCode::malformed);
    const std::vector<std::uint8_t> field_99{0x9a, 0x06, 0x00};
    CHECK(decode_fact(field_99).error().code == ErrorCode::unsupported);
}

TEST_CASE("a plan with more places than pieces is refused", "[facts]") {
    auto planned = std::get<WorkPlanned>(one_of_each().back());
    planned.pieces.resize(5);
    CHECK(decode_fact(encode_fact(planned)).error().code == ErrorCode::malformed);
}

TEST_CASE("a fact cut anywhere never crashes the reader", "[facts]") {
    for (const Fact& fact : one_of_each()) {
        const auto bytes = encode_fact(fact);
        for (std::size_t length = 0; length < bytes.size(); ++length) {
            (void)decode_fact(std::span{bytes}.first(length));
        }
    }
}

}  // namespace
}  // namespace nearfab::router
