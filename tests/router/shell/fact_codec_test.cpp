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
    const MatchReport report{{chosen}, {}, 3};
    const WorkOrderId order{"0123456789abcdef-1"};
    const JobId job{"0123456789abcdef"};
    WorkMoved authorised{order, 2, WorkEvent::authorised, "", hash_of("gcode")};
    WorkMoved failed{order, 2, WorkEvent::failed, "smoke", {}};
    failed.unsafe = true;
    return {JobSubmitted{job, IdentityId{"ada"}, "key", spec},
            DesignAnalysed{hash_of("hook"), walled_box(10, 20, 30, 0.9), 2},
            DesignRefused{hash_of("bad"), {ErrorCode::invalid_file, "open", "close it"}, 2},
            WorkQueued{job},
            WorkOffered{order, 2, chosen, report, true},
            WorkWaits{order, "nobody can", report},
            authorised,
            failed,
            SurplusFound{order, 1, FabId{"lyon"}, "late", true},
            CancelWanted{job, "why not"},
            JobMoved{job, JobState::failed, "3 attempts"},
            EpochRaised{order, 7, FabId{"lyon"}},
            AttemptAdopted{order, 7, FabId{"lyon"}, MachineId{"p1"}, 1.5},
            FabSuspected{FabId{"lyon"}, "its public key"},
            FabCleared{FabId{"lyon"}, "somebody looked"}};
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
    CHECK(kinds.size() == std::variant_size_v<Fact>);
}

TEST_CASE("bytes that are no fact, or a newer one, are refused", "[facts]") {
    CHECK(decode_fact({}).error().code == ErrorCode::unsupported);
    const std::vector<std::uint8_t> noise{0xff, 0x17, 0x00};
    CHECK(decode_fact(noise).error().code == ErrorCode::malformed);
    const std::vector<std::uint8_t> field_99{0x9a, 0x06, 0x00};
    CHECK(decode_fact(field_99).error().code == ErrorCode::unsupported);
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
