// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/records.hpp"

#include "node-agent/shell/fact_codec.hpp"
#include "store/journal.hpp"
#include "tests/cli/temporary_folder.hpp"
#include "tests/node-agent/core/fab_builder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <string>
#include <vector>

namespace nearfab::agent {
namespace {

using cli::test::TemporaryFolder;

const AttemptKey key{WorkOrderId{"3f9c01d2a4b86e57-1"}, 7};

Config config_in(const std::filesystem::path& folder) {
    Config config;
    config.state_directory = folder;
    return config;
}

void write(const std::filesystem::path& folder, const std::vector<Fact>& facts) {
    auto journal = Journal::open(folder / "journal", {.kind = "agent"});
    REQUIRE(journal);
    for (const Fact& fact : facts) {
        const Journal::Record record{WallTime{Duration{1}}, encode_fact(fact)};
        REQUIRE(journal->append({&record, 1}));
    }
}

std::vector<Fact> one_reservation() {
    message::Offer offer = offer_for("3f9c01d2a4b86e57-1", 7);
    for (PartStance& stance : offer.facts.stances) {
        stance = {40, {{0, 0}, {10, 0}, {10, 10}, {0, 10}}};
    }
    return {fact::Seen{offer, "boot-1", 123}, fact::Reserved{key}};
}

TEST_CASE("the agent's records are read and counted while it runs", "[records]") {
    const TemporaryFolder folder;
    write(folder.path(), one_reservation());
    auto running = Journal::open(folder.path() / "journal", {.kind = "agent"});
    REQUIRE(running);
    const auto report = verify_records(config_in(folder.path()));
    INFO((report ? "" : report.error().message));
    REQUIRE(report);
    CHECK(report->journal.end.seq == 2);
    CHECK(report->attempts == 1);
    CHECK(report->unsettled == 1);
}

TEST_CASE("a byte that changed in the agent's records is found", "[records]") {
    const TemporaryFolder folder;
    write(folder.path(), one_reservation());
    std::filesystem::path largest;
    for (const auto& entry : std::filesystem::directory_iterator{folder.path() / "journal"}) {
        std::ifstream in{entry.path(), std::ios::binary};
        std::string bytes{std::istreambuf_iterator<char>{in}, {}};
        const std::size_t at = bytes.find("3f9c01d2a4b86e57-1");
        if (at == std::string::npos) continue;
        bytes[at] = static_cast<char>(bytes[at] ^ 1);
        std::ofstream{entry.path(), std::ios::binary} << bytes;
        largest = entry.path();
    }
    REQUIRE_FALSE(largest.empty());
    const auto report = verify_records(config_in(folder.path()));
    REQUIRE_FALSE(report);
    INFO(report.error().message);
    CHECK(report.error().message.find(largest.filename().string()) != std::string::npos);
    CHECK(report.error().next.find("backup") == std::string::npos);
    CHECK(report.error().next.find("look at every bed") != std::string::npos);
}

TEST_CASE("facts that no agent can have written are refused with their number", "[records]") {
    const TemporaryFolder folder;
    write(folder.path(), {fact::Reserved{key}});
    const auto report = verify_records(config_in(folder.path()));
    REQUIRE_FALSE(report);
    CHECK(report.error().message.find("fact 1 of the journal") != std::string::npos);
    CHECK_FALSE(report.error().next.empty());
}

TEST_CASE("where no agent has been there is nothing to verify", "[records]") {
    const TemporaryFolder folder;
    CHECK(verify_records(config_in(folder.path())).error().code == ErrorCode::not_found);
}

}  // namespace
}  // namespace nearfab::agent
