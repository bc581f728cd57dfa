// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/fact_codec.hpp"

#include "node-agent/core/effect.hpp"
#include "proto/model/text.hpp"
#include "tests/node-agent/core/fab_builder.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace nearfab::agent {
namespace {

const AttemptKey key{WorkOrderId{"3f9c01d2a4b86e57-1"}, 7};

std::vector<Fact> one_of_each() {
    message::Offer offer = offer_for("3f9c01d2a4b86e57-1", 7);
    for (PartStance& stance : offer.facts.stances) {
        stance = {40, {{0, 0}, {10, 0}, {10, 10}, {0, 10}}};
    }
    offer.part.tolerance_mm = 0.25;
    return {
        fact::Seen{offer, "boot-1", 123},
        fact::EpochSeen{key},
        fact::Declined{key, "no \"glass\" here"},
        fact::Reserved{key},
        fact::Confirmed{key},
        fact::Prepared{key, "nf-x.gcode", hash_of("code"), 3600, 12.5},
        fact::Authorised{key, "boot-1", 456},
        fact::Starting{key},
        fact::Starting{key, RunHistory{"boot-1", 12}},
        fact::Running{key},
        fact::Doubted{key, "?"},
        fact::Doubted{key, "a fault", true},
        fact::Burnt{key, "late"},
        fact::Ended{key, true, "done", false},
        fact::Ended{key, false, "fire", true},
        fact::Released{key, "fault", true},
        fact::Inspected{key, true, "smooth"},
        fact::HandedOver{key},
        fact::Unwanted{key, "cancelled", true},
        fact::Reported{key, message::AttemptState::produced},
        fact::BedUsed{MachineId{"small"}, "benchy.gcode"},
        fact::BedUsed{MachineId{"small"}, "benchy.gcode", RunHistory{"boot-1", 0}},
        fact::BedCleared{MachineId{"small"}},
        fact::BedCleared{MachineId{"small"}, RunHistory{"", 3}},
        fact::Closed{MachineId{"small"}, "door open"},
        fact::Drained{MachineId{"small"}},
        fact::Resumed{MachineId{"small"}},
        fact::Paused{key},
        fact::WentOn{key},
        fact::Plated{
            key, {{WorkOrderId{"3f9c01d2a4b86e57-2"}, 3}}, "nf-p2.gcode", hash_of("plate"), 7200},
        fact::Unplated{key, "the designer cancelled one"},
        fact::Obeyed{IdentityId{"olga"},
                     "k1",
                     {message::OperatorAction::decline, key.work_order, {}, "no plywood"},
                     "declined it"},
        fact::Obeyed{IdentityId{"olga"},
                     "k2",
                     {message::OperatorAction::clear_bed, {}, MachineId{"small"}, ""},
                     "clear"},
        fact::Obeyed{IdentityId{"olga"},
                     "k3",
                     {message::OperatorAction::load,
                      {},
                      MachineId{"small"},
                      "",
                      MaterialId{"pla"},
                      750.5,
                      true},
                     "loaded"},
        fact::Loaded{MachineId{"small"}, MaterialId{"pla"}, 750.5, false, {{key, 6.25}}},
        fact::Loaded{MachineId{"small"}, MaterialId{"petg"}, 0, true}};
}

TEST_CASE("every fact comes back from the journal as it was", "[agent][facts]") {
    std::vector<bool> kinds(std::variant_size_v<FactKinds>, false);
    for (const Fact& fact : one_of_each()) {
        INFO(to_string(fact));
        const auto back = decode_fact(encode_fact(fact));
        REQUIRE(back);
        CHECK(*back == fact);
        kinds[fact.index()] = true;
    }
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        INFO("kind " << i);
        CHECK(kinds[i]);
    }
}

TEST_CASE("words that are not UTF-8 never make the journal unreadable", "[agent][facts]") {
    const std::string latin1 =
        "d\xE9"
        "faut";
    const std::string cut = std::string{"chauffe \xC3"};  // Half of an e with an accent.
    for (const std::string& raw : {latin1, cut, std::string{"line\x1B[2J"}}) {
        const std::string clean = clean_text(raw);
        REQUIRE(clean != raw);
        const std::vector<std::pair<Fact, Fact>> pairs{
            {fact::Declined{key, raw}, fact::Declined{key, clean}},
            {fact::Doubted{key, raw}, fact::Doubted{key, clean}},
            {fact::Burnt{key, raw}, fact::Burnt{key, clean}},
            {fact::Ended{key, false, raw, true}, fact::Ended{key, false, clean, true}},
            {fact::Released{key, raw, false}, fact::Released{key, clean, false}},
            {fact::Inspected{key, false, raw}, fact::Inspected{key, false, clean}},
            {fact::Unwanted{key, raw, true}, fact::Unwanted{key, clean, true}},
            {fact::Closed{MachineId{"small"}, raw}, fact::Closed{MachineId{"small"}, clean}},
            {fact::BedUsed{MachineId{"small"}, raw}, fact::BedUsed{MachineId{"small"}, clean}}};
        for (const auto& [written, wanted] : pairs) {
            INFO(to_string(wanted));
            const auto back = decode_fact(encode_fact(written));
            REQUIRE(back);
            CHECK(*back == wanted);
        }
    }
}

TEST_CASE("a journal from before runs were counted is still understood", "[agent][facts]") {
    // Key{"w1", 7} as starting (8), MachineName{"m"} as bed_cleared (19).
    const std::vector<std::uint8_t> starting{0x42, 6, 0x0A, 2, 'w', '1', 0x10, 7};
    const auto start = decode_fact(starting);
    REQUIRE(start);
    CHECK(*start == Fact{fact::Starting{{WorkOrderId{"w1"}, 7}}});
    const std::vector<std::uint8_t> cleared{0x9A, 1, 3, 0x0A, 1, 'm'};
    const auto bed = decode_fact(cleared);
    REQUIRE(bed);
    CHECK(*bed == Fact{fact::BedCleared{MachineId{"m"}}});
}

TEST_CASE("bytes that are no fact are refused", "[agent][facts]") {
    const std::vector<std::uint8_t> nothing;
    CHECK_FALSE(decode_fact(nothing));
    const std::vector<std::uint8_t> noise{0xFF, 0xFF, 0xFF, 0x01, 0x02};
    CHECK_FALSE(decode_fact(noise));
    // Field 100 belongs to a newer agent.
    const std::vector<std::uint8_t> newer{0xA2, 0x06, 0x00};
    const auto unknown = decode_fact(newer);
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == ErrorCode::malformed);
}

TEST_CASE("a fact cut short is refused or is another fact, never a crash", "[agent][facts]") {
    for (const Fact& fact : one_of_each()) {
        std::vector<std::uint8_t> bytes = encode_fact(fact);
        while (!bytes.empty()) {
            bytes.pop_back();
            const auto back = decode_fact(bytes);
            if (back) CHECK_FALSE(*back == fact);
        }
    }
}

}  // namespace
}  // namespace nearfab::agent
