// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/plan.hpp"

#include "router/matching/index/machine_index.hpp"
#include "router/matching/plan_walk.hpp"
#include "router/matching/scan.hpp"
#include "tests/router/matching/samples.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <map>

namespace nearfab::router::testing {
namespace {

// A piece of 25 cm3 takes an hour and the setup on these printers, and 34.1 g of PLA.
constexpr std::int64_t piece_s = 3600 + setup_s;

// Fabs that a test lines up, asked by scan and by index alike.
class Network {
public:
    // `east_km` of Lyon; every machine with this much material.
    void add(const std::string& name,
             double east_km,
             std::size_t machines,
             double grams = 1e6,
             const char* process = "fdm") {
        auto said = std::make_shared<Advertisement>();
        // A degree of longitude is 77.56 km at this latitude.
        said->place = {lyon.latitude_deg, lyon.longitude_deg + east_km / 77.56};
        for (std::size_t i = 0; i < machines; ++i) {
            Capability machine =
                printer("m" + std::to_string(i + 1), 200, 200, 200, {{"pla", grams}});
            machine.process = ProcessId{process};
            said->machines.push_back(std::move(machine));
        }
        index_.advertise(FabId{name}, said);
        index_.set_presence(FabId{name}, true, false);
        names_.push_back(FabId{name});
    }
    void promise(const std::string& name, const std::string& machine, std::int64_t seconds) {
        index_.set_promises(FabId{name}, MachineId{machine}, {seconds, {}, 0});
    }
    void fill_queue(const std::string& name, const std::string& machine) {
        index_.set_promises(
            FabId{name}, MachineId{machine}, {0, {}, index_.rules().queue_per_machine_max});
        const FabView* view = index_.view(FabId{name});
        for (const MachineView& one : view->machines) {
            if (one.capability->machine.text() == machine) full_.push_back({view, &one, 0});
        }
    }
    void set_recent_work(const std::string& name, std::int64_t seconds) {
        index_.set_recent_work(FabId{name}, seconds);
    }
    void plan_ahead(const std::string& name, const std::string& machine, PlannedAhead ahead) {
        ahead_[{FabId{name}, MachineId{machine}}] = std::move(ahead);
    }

    JobPlan plan(const std::vector<PlanWish>& wishes) const {
        const auto ahead_of = [this](const FabId& fab, const MachineId& machine) {
            const auto found = ahead_.find({fab, machine});
            return found == ahead_.end() ? PlannedAhead{} : found->second;
        };
        const JobPlan plan = make_plan(wishes,
                                       {[this](const Question& question) {
                                            return std::make_unique<IndexFinder>(index_, question);
                                        },
                                        ahead_of,
                                        full_},
                                       index_.rules());
        if (names_.size() > 200 || !full_.empty()) return plan;
        std::vector<FabView> views;
        for (const FabId& name : names_)
            views.push_back(*index_.view(name));
        const JobPlan by_scan =
            make_plan(wishes,
                      {[&](const Question& question) {
                           return std::make_unique<Scan>(question, views, index_.rules());
                       },
                       ahead_of,
                       {}},
                      index_.rules());
        CHECK(plan == by_scan);
        return plan;
    }
    JobPlan plan(std::uint32_t pieces, std::optional<std::int64_t> deadline_s = {}) const {
        return plan({wish(0, pieces, deadline_s)});
    }

    static PlanWish wish(std::uint32_t number,
                         std::uint32_t pieces,
                         std::optional<std::int64_t> deadline_s = {},
                         const char* process = "fdm") {
        PartSpec spec = part("hook");
        spec.process = ProcessId{process};
        Question question = make_question(spec, box(25, 25, 40));
        question.place_of_use = lyon;
        question.deadline_s = deadline_s;
        return {number, pieces, std::move(question)};
    }

private:
    MachineIndex index_{MatchingRules{}};
    std::vector<FabId> names_;
    std::vector<Found> full_;
    std::map<std::pair<FabId, MachineId>, PlannedAhead> ahead_;
};

// "near/m1 3, far/m1 2(1 late)"
std::string text(const JobPlan& plan) {
    std::string text;
    for (const PlanRow& row : plan.rows) {
        text += fmt::format(
            "{}{}/{} {}", text.empty() ? "" : ", ", row.fab.text(), row.machine.text(), row.pieces);
        if (row.late > 0) text += fmt::format(" ({} late)", row.late);
    }
    return text;
}

std::uint32_t placed(const JobPlan& plan) {
    std::uint32_t pieces = 0;
    for (const PlanRow& row : plan.rows)
        pieces += row.pieces;
    return pieces;
}

}  // namespace

TEST_CASE("one machine takes as many pieces as it finishes by the deadline, to the second") {
    Network network;
    network.add("near", 1, 1);
    network.add("far", 50, 1);
    CHECK(text(network.plan(4, 3 * piece_s)) == "near/m1 3, far/m1 1");
    CHECK(text(network.plan(4, 3 * piece_s - 1)) == "near/m1 2, far/m1 2");
    CHECK(text(network.plan(3, 3 * piece_s)) == "near/m1 3");
}

TEST_CASE("the waiting time of a machine counts") {
    Network network;
    network.add("near", 1, 1);
    network.add("far", 50, 1);
    network.promise("near", "m1", 2 * piece_s);
    const JobPlan plan = network.plan(2, 3 * piece_s);
    CHECK(text(plan) == "near/m1 1, far/m1 1");
    CHECK(plan.rows[0].first_s == 3 * piece_s);
    CHECK(plan.finish_s == 3 * piece_s);
    CHECK(plan.farthest_km == Approx(50).margin(0.5));
}

TEST_CASE("the machines of one fab share its pieces") {
    Network network;
    network.add("near", 1, 3);
    CHECK(text(network.plan(7)) == "near/m1 3, near/m2 2, near/m3 2");
}

TEST_CASE("a machine takes no more pieces than it has material for") {
    Network network;
    network.add("near", 1, 1, 100);  // Enough for two.
    network.add("far", 50, 1);
    CHECK(text(network.plan(4)) == "near/m1 2, far/m1 2");
}

TEST_CASE("pieces that nobody has material for are counted with the reason") {
    Network network;
    network.add("near", 1, 1, 100);
    const JobPlan plan = network.plan(5);
    CHECK(text(plan) == "near/m1 2");
    REQUIRE(plan.parts.size() == 1);
    CHECK(plan.parts[0].unplaced == 3);
    CHECK(plan.parts[0].reason ==
          "the machines that can make it now have pla free for 2 of 5 pieces");
    CHECK(summary_of(plan) ==
          "2 pieces at 1 fab, at most 1.0 km away, done in 2.2 h; 3 more cannot be placed now");
}

TEST_CASE("a part that nobody can make is told with the nearest misses") {
    Network network;
    network.add("mill", 1, 1, 1e6, "cnc_mill");
    const JobPlan plan = network.plan(5, 10 * piece_s);
    CHECK(plan.rows.empty());
    REQUIRE(plan.parts.size() == 1);
    CHECK(plan.parts[0].unplaced == 5);
    CHECK(plan.parts[0].misses.size() == 1);
    CHECK(plan.parts[0].reason.find("nobody can make it now") == 0);
    CHECK(summary_of(plan) == "5 pieces cannot be placed now");
}

TEST_CASE("what nobody finishes by the deadline goes to whoever finishes it soonest, and is late") {
    Network network;
    network.add("near", 1, 1);
    network.add("far", 50, 2);
    network.promise("near", "m1", piece_s);
    const JobPlan plan = network.plan(9, 2 * piece_s);
    // In time: one near, two on each far one. The next ones: third pieces, nearest first.
    CHECK(text(plan) == "near/m1 3 (2 late), far/m1 3 (1 late), far/m2 3 (1 late)");
    CHECK(late_of(plan) == 4);
    CHECK(late_by_s(plan) == 2 * piece_s);
    CHECK(plan.parts[0].finish_s == 4 * piece_s);
}

TEST_CASE("when the deadline is over everything is late, and planned nevertheless") {
    Network network;
    network.add("near", 1, 1);
    const JobPlan plan = network.plan(2, -5);
    CHECK(text(plan) == "near/m1 2 (2 late)");
    CHECK(plan.deadline_s == 0);
}

TEST_CASE("without a deadline a plan is patient for a day before it goes to the next fab") {
    Network network;
    network.add("near", 1, 1);
    network.add("far", 50, 1);
    const std::uint32_t day = 86400 / piece_s;
    CHECK(text(network.plan(day)) == fmt::format("near/m1 {}", day));
    CHECK(text(network.plan(day + 1)) == fmt::format("near/m1 {}, far/m1 1", day));
}

TEST_CASE("without a deadline a plan waits days rather than going around the world") {
    Network network;
    network.add("near", 1, 1);
    network.add("farther", 150, 1);
    network.add("far", 2500, 1);
    const std::uint32_t day = 86400 / piece_s;
    const std::uint32_t two_days = 2 * 86400 / piece_s;
    CHECK(text(network.plan(day + 1)) == fmt::format("near/m1 {}", day + 1));
    CHECK(text(network.plan(two_days + 1)) == fmt::format("near/m1 {}, farther/m1 1", two_days));
    CHECK(text(network.plan(200)).find("far/") == std::string::npos);
    // A month at the near ones, because the far one is farther than 32 days' reach.
    CHECK(text(network.plan(1000)).find("far/") == std::string::npos);
    CHECK(placed(network.plan(1000)) == 1000);
}

TEST_CASE("parts of one job share machines") {
    Network network;
    network.add("near", 1, 1);
    network.add("far", 50, 1);
    const JobPlan plan =
        network.plan({Network::wish(0, 2, 3 * piece_s), Network::wish(1, 2, 3 * piece_s)});
    CHECK(text(plan) == "near/m1 2, near/m1 1, far/m1 1");
    CHECK(plan.rows[1].part == 1);
    CHECK(plan.rows[1].first_s == 3 * piece_s);
    CHECK(plan.fabs == 2);
    CHECK(plan.machines == 2);
}

TEST_CASE("parts share material") {
    Network network;
    network.add("near", 1, 1, 100);  // Enough for two.
    network.add("far", 50, 1);
    const JobPlan plan = network.plan({Network::wish(0, 1), Network::wish(1, 2)});
    CHECK(text(plan) == "near/m1 1, near/m1 1, far/m1 1");
}

TEST_CASE("parts of different processes go to different machines") {
    Network network;
    network.add("prints", 1, 1);
    network.add("mills", 2, 1, 1e6, "cnc_mill");
    const JobPlan plan =
        network.plan({Network::wish(0, 2), Network::wish(1, 1, std::nullopt, "cnc_mill")});
    CHECK(text(plan) == "prints/m1 2, mills/m1 1");
}

TEST_CASE("what is planned for other jobs is not there") {
    Network network;
    network.add("near", 1, 1, 300);
    network.add("far", 50, 1);
    network.plan_ahead("near", "m1", {piece_s, {{MaterialId{"pla"}, 200}}});
    const JobPlan plan = network.plan(3);
    CHECK(text(plan) == "near/m1 2, far/m1 1");
    CHECK(plan.rows[0].first_s == 2 * piece_s);
}

TEST_CASE("a machine with a full queue is planned with") {
    Network network;
    network.add("near", 1, 1);
    network.add("far", 50, 1);
    network.fill_queue("near", "m1");
    CHECK(text(network.plan(2)) == "near/m1 2");
    CHECK(text(network.plan(3, 2 * piece_s)) == "near/m1 2, far/m1 1");
    CHECK(text(network.plan(6, 2 * piece_s)) == "near/m1 3 (1 late), far/m1 3 (1 late)");
}

TEST_CASE("among neighbours the one with the least recent work is asked first") {
    Network network;
    network.add("a", 5.0, 1);
    network.add("b", 5.2, 1);
    network.set_recent_work("a", 3600);
    CHECK(text(network.plan(2)) == "b/m1 2");
    network.set_recent_work("b", 7200);
    CHECK(text(network.plan(2)) == "a/m1 2");
}

TEST_CASE("a fab with too large a share comes after those that are hardly farther") {
    Network network;
    network.add("large", 5, 1);
    network.add("small", 6.5, 1);
    network.set_recent_work("large", 40 * 3600);
    CHECK(text(network.plan(2)) == "small/m1 2");
}

TEST_CASE("equal machines are told apart by lot and name, so a plan is always the same") {
    Network network;
    for (int i = 0; i < 20; ++i)
        network.add("fab" + std::to_string(i), 3, 1);
    const JobPlan first = network.plan(100, 7 * piece_s);
    CHECK(first == network.plan(100, 7 * piece_s));
    CHECK(first.rows.size() == 15);
    CHECK(std::all_of(first.rows.begin(), first.rows.end() - 1, [](const PlanRow& row) {
        return row.pieces == 7;
    }));
}

TEST_CASE("the soonest plan gives each piece to whoever is done with it first") {
    Network network;
    network.add("near", 1, 1);
    network.add("far", 500, 1);
    auto wish = Network::wish(0, 5, 2 * piece_s);
    wish.question.objective = Objective::soonest;
    CHECK(text(network.plan({wish})) == "near/m1 3 (1 late), far/m1 2");
}

TEST_CASE("the soonest plan looks behind machines for which much is planned ahead") {
    Network network;
    for (int i = 0; i < 70; ++i) {
        network.add("fab" + std::to_string(i), 1, 1);
        network.plan_ahead("fab" + std::to_string(i), "m1", {100 * 3600, {}});
    }
    network.add("idle", 1, 1);
    network.promise("idle", "m1", 60);
    for (const std::optional<std::int64_t> deadline :
         {std::optional<std::int64_t>{}, {2 * piece_s}, {60}}) {
        auto wish = Network::wish(0, 1, deadline);
        wish.question.objective = Objective::soonest;
        const JobPlan plan = network.plan({wish});
        REQUIRE(plan.rows.size() == 1);
        CHECK(plan.rows[0].fab.text() == "idle");
        CHECK(plan.rows[0].last_s == piece_s + 60);
        CHECK(plan.rows[0].late == (deadline == 60 ? 1 : 0));
    }
}

TEST_CASE("a thousand pieces over a hundred printers") {
    Network network;
    for (int i = 0; i < 50; ++i)
        network.add("fab" + std::to_string(i), 1 + i, 2);
    const JobPlan plan = network.plan(1000, 12 * piece_s);
    CHECK(placed(plan) == 1000);
    CHECK(late_of(plan) == 0);
    CHECK(plan.fabs == 42);  // 24 pieces at each of the nearest.
    const JobPlan tight = network.plan(1000, 9 * piece_s);
    CHECK(placed(tight) == 1000);
    CHECK(late_of(tight) == 100);
    CHECK(late_by_s(tight) == piece_s);
    CHECK(tight.machines == 100);
}

TEST_CASE("a thousand pieces over ten thousand machines", "[speed]") {
    Network network;
    for (int i = 0; i < 2500; ++i)
        network.add("fab" + std::to_string(i), 0.05 * i, 4);
    for (const std::optional<std::int64_t> deadline :
         {std::optional<std::int64_t>{}, {piece_s}, {4 * piece_s}, {piece_s - 1}}) {
        const auto start = std::chrono::steady_clock::now();
        const JobPlan plan = network.plan(1000, deadline);
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - start;
        CHECK(placed(plan) == 1000);
        WARN(fmt::format(
            "{} machines of {} fabs planned in {:.2f} ms", plan.machines, plan.fabs, took.count()));
    }
}

}  // namespace nearfab::router::testing
