// SPDX-License-Identifier: GPL-3.0-or-later
// A ledger from a snapshot is the ledger of all its facts.

#include "router/shell/ledger_codec.hpp"

#include "router/shell/job_codec.hpp"
#include "tests/router/core/story.hpp"

#include <catch2/catch.hpp>

#include "shell/ledger.pb.h"
#include <map>
#include <random>
#include <string>

namespace nearfab::router {
namespace {

using testing::Story;

// A story of fabs and designers by chance, with every kind of thing that can happen.
void live(Story& story, std::mt19937& random, int steps) {
    const auto pick = [&](std::uint32_t below) {
        return std::uniform_int_distribution<std::uint32_t>{0, below - 1}(random);
    };
    static const char* fabs[] = {"lyon", "grenoble", "paris"};
    static const char* states[] = {"reserved",
                                   "running",
                                   "produced",
                                   "failed",
                                   "in_doubt",
                                   "never_started",
                                   "inspected_bad",
                                   "inspected_good",
                                   "delivered"};
    for (int i = 0; i < steps; ++i) {
        const std::string fab = fabs[pick(3)];
        const std::string key = "k" + std::to_string(pick(12));
        const std::string work = key + "#" + std::to_string(1 + pick(3));
        const std::uint32_t what = pick(12);
        std::string line;
        if (what == 0) line = "submit ada " + key + " hook quantity=" + std::to_string(1 + pick(3));
        if (what == 1) line = "fab " + fab + " 45.764,4.836 p1 180x180x180 pla:5000";
        if (what == 2) line = "lose " + fab;
        if (what == 3) line = "wait " + std::to_string(pick(400));
        if (what == 4 && pick(4) == 0)
            line = "connect " + fab + " key=old run=" + std::to_string(pick(3));
        if (what == 5 && pick(20) == 0) line = "inventory " + fab;  // It knows of nothing.
        if (what == 5 && pick(8) == 0 && story.knows(key + "#1")) line = "cancel ada " + key;
        if (what >= 6 && !story.knows(work)) continue;
        if (what == 6 || what == 7) line = "accept " + fab + " " + work;
        if (what == 8) line = "decline " + fab + " " + work + " no";
        if (what == 9)
            line = "ask-start " + fab + " " + work + " nonce=" + std::to_string(pick(99));
        if (what >= 10) line = "report " + fab + " " + work + " " + states[pick(9)];
        if (!line.empty()) (void)story.tell(line);
    }
}

std::vector<std::vector<std::uint8_t>> pieces_of(const Ledger& ledger) {
    std::vector<std::vector<std::uint8_t>> pieces;
    REQUIRE(encode_ledger(ledger, [&](std::span<const std::uint8_t> piece) -> Status {
        pieces.emplace_back(piece.begin(), piece.end());
        return {};
    }));
    return pieces;
}

void check_same(const Ledger& a, const Ledger& b) {
    CHECK(a.jobs() == b.jobs());
    CHECK(a.work_orders() == b.work_orders());
    CHECK(a.designs() == b.designs());
    CHECK(a.breakers() == b.breakers());
    CHECK(a.fabs() == b.fabs());
    CHECK(a.work_log() == b.work_log());
    CHECK(a.waiting_tally() == b.waiting_tally());
    CHECK(a.open_work() == b.open_work());
    CHECK(a.placed_work() == b.placed_work());
    CHECK(a.known_fabs() == b.known_fabs());
    CHECK(a.generation() == b.generation());
    CHECK(a.inquiry() == b.inquiry());
    CHECK(a.restored_inquiry() == b.restored_inquiry());
    CHECK(a.count_awaited_in(a.inquiry()) == b.count_awaited_in(b.inquiry()));
    CHECK(testing::broken_index(b) == "");
}

TEST_CASE("a ledger from a snapshot is the ledger of all its facts", "[facts]") {
    std::size_t missing = 0;
    for (unsigned seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        std::mt19937 random{seed};
        Story story;
        (void)story.tell("fab lyon 45.764,4.836 p1 180x180x180 pla:5000");
        (void)story.tell("submit ada k0 hook quantity=12");
        (void)story.tell("analysed hook 20x20x20");
        (void)story.tell("submit bob k20 ring");
        (void)story.tell("refused ring it is open");
        (void)story.tell("submit bob k21 hook unit=inch");
        (void)story.tell("analysed hook/inch 50.8x50.8x50.8");
        (void)story.tell("submit bob k22 bomb unit=cm");
        (void)story.tell("broke bomb/cm it used more than 2 GiB of memory");
        (void)story.tell("submit bob k23 panel unit=inch operation=red=engrave");
        (void)story.tell("analysed panel/inch/red=engrave 50.8x50.8x3 kind=drawing");
        live(story, random, 300);
        if (seed % 2 == 0) (void)story.tell("restore 3");
        Router plain{RouterOptions{}};
        for (const auto& [at, fact] : story.facts())
            plain.replay(at, fact);
        Router restored{RouterOptions{}};
        for (const auto& piece : pieces_of(plain.ledger()))
            REQUIRE(decode_piece(piece, restored));
        check_same(plain.ledger(), restored.ledger());
        for (const auto& [id, order] : restored.ledger().work_orders())
            missing += order.missing ? 1U : 0U;
        CHECK(restored.ledger().design(
                  {hash_of("panel"), LengthUnit::inch, {{0xFF0000, "", LineOperation::engrave}}}) !=
              nullptr);
        // And it goes on like the other.
        CHECK(plain.start({}) == restored.start({}));
    }
    CHECK(missing > 0);
}

RouterOptions packing() {
    RouterOptions options;
    options.packing = job_packing();
    return options;
}

// Every job with its work, as it would be told.
std::map<std::string, std::string> all_jobs(const Ledger& ledger) {
    std::map<std::string, std::string> all;
    const auto add = [&](const Job& job) {
        std::vector<const WorkOrder*> orders;
        for (const WorkOrderId& id : job.work_orders)
            orders.push_back(ledger.work_order(id));
        all[job.id.text()] = pack_job(job, orders);
    };
    for (const auto& [id, job] : ledger.jobs())
        add(job);
    ledger.closed_jobs().each(
        [&](const ClosedJob& job) { add(*ledger.job(JobId{std::string{job.id}})); });
    return all;
}

TEST_CASE("packing what is over changes nothing that happens", "[facts]") {
    std::size_t packed = 0;
    for (unsigned seed = 1; seed <= 6; ++seed) {
        INFO("seed " << seed);
        std::mt19937 one{seed};
        std::mt19937 other{seed};
        Story plain;
        Story packs{packing()};
        for (Story* story : {&plain, &packs}) {
            (void)story->tell("fab lyon 45.764,4.836 p1 180x180x180 pla:5000");
            (void)story->tell("submit ada k0 hook quantity=12");
            (void)story->tell("analysed hook 20x20x20");
            live(*story, story == &plain ? one : other, 300);
            if (seed % 2 == 0) (void)story->tell("restore 3");
        }
        CHECK(plain.facts() == packs.facts());
        const Ledger& ledger = packs.router().ledger();
        CHECK(all_jobs(plain.router().ledger()) == all_jobs(ledger));
        CHECK(testing::broken_index(ledger) == "");
        packed += ledger.closed_jobs().size();
        // Through a snapshot, and through the facts, packed or not.
        Router from_snapshot{packing()};
        for (const auto& piece : pieces_of(ledger))
            REQUIRE(decode_piece(piece, from_snapshot));
        CHECK(from_snapshot.ledger().closed_jobs().size() == ledger.closed_jobs().size());
        CHECK(all_jobs(from_snapshot.ledger()) == all_jobs(ledger));
        Router from_facts{packing()};
        for (const auto& [at, fact] : packs.facts())
            from_facts.replay(at, fact);
        CHECK(all_jobs(from_facts.ledger()) == all_jobs(ledger));
        CHECK(from_facts.start({}) == from_snapshot.start({}));
    }
    CHECK(packed > 5);
}

TEST_CASE("a snapshot without a calendar tells how far it had come", "[facts]") {
    Story story;
    (void)story.tell("fab lyon 45.764,4.836 p1 180x180x180 pla:500");
    (void)story.tell("submit ada a hook");
    (void)story.tell("analysed hook 20x20x20");
    (void)story.tell("accept lyon a#1");
    (void)story.tell("ask-start lyon a#1");
    Router restored{RouterOptions{}};
    for (const std::vector<std::uint8_t>& bytes : pieces_of(story.router().ledger())) {
        v1::LedgerPiece piece;
        REQUIRE(piece.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
        piece.clear_calendar();
        const std::string old = piece.SerializeAsString();
        REQUIRE(decode_piece(std::vector<std::uint8_t>{old.begin(), old.end()}, restored));
    }
    const Ledger& ledger = restored.ledger();
    for (const auto& [id, order] : ledger.work_orders())
        CHECK(order.state_since <= ledger.last());
    CHECK(ledger.last() > WallTime{});
    CHECK(ledger.fab(FabId{"lyon"}).recent.last() == ledger.last());
}

TEST_CASE("packed jobs of another format are refused", "[facts]") {
    v1::LedgerPiece piece;
    piece.set_closed_jobs("whatever a newer router packs");
    piece.set_closed_format(2);
    const std::string bytes = piece.SerializeAsString();
    Router router{packing()};
    const Status read = decode_piece(
        std::span{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, router);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::unsupported);
}

TEST_CASE("a snapshot of before, with jobs that are over among the others, is read", "[facts]") {
    Story story;
    (void)story.tell("fab lyon 45.764,4.836 p1 180x180x180 pla:5000");
    (void)story.tell("submit ada k0 hook quantity=2");
    (void)story.tell("analysed hook 20x20x20");
    (void)story.tell("cancel ada k0");
    const Ledger& ledger = story.router().ledger();
    const Job& job = ledger.jobs().begin()->second;
    REQUIRE(is_final(job.state));
    v1::LedgerPiece piece;
    write_job(*piece.add_jobs(),
              job,
              {ledger.work_order(job.work_orders[0]), ledger.work_order(job.work_orders[1])});
    const std::string bytes = piece.SerializeAsString();
    Router router{packing()};
    REQUIRE(decode_piece(
        std::span{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, router));
    CHECK(router.ledger().closed_jobs().size() == 1);
    CHECK(all_jobs(router.ledger()) == all_jobs(ledger));
}

TEST_CASE("a piece that is cut off or changed never crashes the reader", "[facts]") {
    std::mt19937 random{7};
    Story story;
    (void)story.tell("fab lyon 45.764,4.836 p1 180x180x180 pla:5000");
    (void)story.tell("submit ada k0 hook quantity=3");
    (void)story.tell("analysed hook 20x20x20");
    for (const auto& piece : pieces_of(story.router().ledger())) {
        for (std::size_t length = 0; length < piece.size(); ++length) {
            Router router{RouterOptions{}};
            (void)decode_piece(std::span{piece}.first(length), router);
        }
    }
}

}  // namespace
}  // namespace nearfab::router
