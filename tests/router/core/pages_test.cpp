// SPDX-License-Identifier: GPL-3.0-or-later
// Long answers come in pages that fit into a message, and the pages are the whole.

#include "proto/codec/codec.hpp"
#include "proto/model/limits.hpp"
#include "router/core/router.hpp"
#include "tests/router/matching/samples.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

namespace nearfab::router {
namespace {

using namespace testing;

std::size_t wire_bytes(const Message& body) {
    const auto bytes = try_encode(Envelope{.body = body});
    return bytes ? bytes->size() : limits::message_bytes_max + 1;
}

// A router with the real measure, told things at one moment.
class Network {
public:
    explicit Network(RouterOptions options = {}) {
        options.encoded_size = [](const Message& body) { return encoded_size(body); };
        router_ = std::make_unique<Router>(options);
    }

    Effects step(const Event& event) { return router_->step(now_, event); }
    Effects wait(Duration span) {
        now_.boot += span;
        now_.wall += span;
        return step(Tick{});
    }
    void add_fab(const std::string& name, Advertisement advertisement) {
        advertisement.valid_s = 300'000'000;
        (void)step(AgentConnected{FabId{name}});
        (void)step(AgentSaid{FabId{name}, message::Advertise{std::move(advertisement)}});
    }
    Effects ask(Message body, const std::string& who = "ada") {
        return step(ClientSaid{1, IdentityId{who}, Role::client, ++correlation_, body, {}});
    }
    template <typename Answered>
    Answered answer_to(Message body) {
        const Effects effects = ask(std::move(body));
        REQUIRE(effects.size() == 1);
        const auto& answer = std::get<Answer>(effects.front());
        CHECK(wire_bytes(answer.body) <= limits::message_bytes_max);
        REQUIRE(std::holds_alternative<Answered>(answer.body));
        return std::get<Answered>(answer.body);
    }
    JobId submit(const std::string& key, std::uint32_t quantity) {
        message::SubmitJob body;
        body.idempotency_key = key;
        body.spec.title = key;
        body.spec.licence = "CC0-1.0";
        body.spec.parts = {part("hook")};
        body.spec.parts[0].quantity = quantity;
        body.spec.place_of_use = lyon;
        for (const Effect& effect : ask(body)) {
            if (const auto* answer = std::get_if<Answer>(&effect)) {
                if (const auto* accepted = std::get_if<message::JobAccepted>(&answer->body)) {
                    return accepted->job;
                }
            }
        }
        FAIL("not accepted");
        return {};
    }
    const Router& router() const { return *router_; }

private:
    std::unique_ptr<Router> router_;
    Moment now_{TimePoint{std::chrono::hours{1}}, WallTime{std::chrono::hours{500'000}}};
    std::uint64_t correlation_ = 0;
};

Advertisement workshop(double latitude) {
    Advertisement said = fab({latitude, 5.0}, {printer("p1", 200, 200, 200, {{"pla", 900}})});
    said.title = "A workshop with a long name, so that thousands of them fill several messages";
    return said;
}

struct AllFabs {
    std::vector<message::FabStatus> rows;
    std::size_t pages = 0;
};

AllFabs all_fabs(Network& network, const std::optional<Place>& near) {
    AllFabs all;
    message::AskFabs question{near};
    for (bool more = true; more;) {
        auto page = network.answer_to<message::Fabs>(question);
        REQUIRE_FALSE(page.fabs.empty());
        CHECK(page.fabs.size() <= limits::page_rows_max);
        question.after_fab = page.fabs.back().fab;
        question.after_distance_km = page.fabs.back().distance_km;
        more = page.more;
        std::move(page.fabs.begin(), page.fabs.end(), std::back_inserter(all.rows));
        ++all.pages;
    }
    return all;
}

TEST_CASE("five thousand fabs are told page by page, each once and in order", "[pages]") {
    Network network;
    for (int i = 0; i < 5000; ++i) {
        // Ten at each place, so that the distance alone does not tell them apart.
        network.add_fab("fab" + std::to_string(i), workshop(40.0 + i / 10 * 0.01));
    }
    for (const auto& near : {std::optional<Place>{}, std::optional<Place>{lyon}}) {
        const AllFabs all = all_fabs(network, near);
        CHECK(all.rows.size() == 5000);
        CHECK(all.pages >= 25);
        std::set<FabId> names;
        for (const message::FabStatus& row : all.rows)
            names.insert(row.fab);
        CHECK(names.size() == 5000);
        CHECK(std::is_sorted(all.rows.begin(), all.rows.end(), [](const auto& a, const auto& b) {
            return std::tie(a.distance_km, a.fab) < std::tie(b.distance_km, b.fab);
        }));
    }
}

TEST_CASE("a fab that leaves or comes between two pages neither hides nor doubles others",
          "[pages]") {
    Network network;
    for (int i = 0; i < 450; ++i)
        network.add_fab("m" + std::to_string(1000 + i), workshop(45));
    auto first = network.answer_to<message::Fabs>(message::AskFabs{});
    REQUIRE(first.more);
    network.add_fab("a-new-one", workshop(45));
    message::AskFabs question;
    question.after_fab = first.fabs.back().fab;
    const auto second = network.answer_to<message::Fabs>(question);
    CHECK(second.fabs.front().fab == FabId{"m1200"});
}

TEST_CASE("one fab's endless list of machines does not hide the others", "[pages]") {
    Network network;
    Advertisement huge = workshop(45);
    Capability machine = huge.machines.front();
    machine.model = std::string(200, 'm');
    for (std::size_t i = 0; i < limits::materials_max; ++i)
        machine.materials.push_back({MaterialId{std::string(58, 'x') + std::to_string(i)}, 1.5});
    machine.materials.resize(limits::materials_max);
    huge.machines.assign(limits::machines_max, machine);
    for (std::size_t i = 0; i < huge.machines.size(); ++i)
        huge.machines[i].machine = MachineId{"machine" + std::to_string(i)};
    network.add_fab("huge", huge);
    network.add_fab("small", workshop(46));
    network.add_fab("also-huge", huge);
    const AllFabs all = all_fabs(network, std::nullopt);
    REQUIRE(all.rows.size() == 3);
    CHECK(all.rows[1].machines_left_out > 0);
    CHECK(all.rows[1].advertisement.machines.size() + all.rows[1].machines_left_out ==
          limits::machines_max);
    CHECK(all.rows[2].machines_left_out == 0);
}

TEST_CASE("the reasons of a thousand pieces are told page by page", "[pages]") {
    Network network;
    for (int i = 0; i < 20; ++i)
        network.add_fab("fab" + std::to_string(i), workshop(45.0 + i));
    const JobId job = network.submit("many", 1000);
    (void)network.step(AnalysisDone{hash_of("hook"), box(20, 20, 20)});
    std::vector<WorkOrderId> told;
    message::AskWhy question{job};
    std::size_t pages = 0;
    for (bool more = true; more; ++pages) {
        const auto page = network.answer_to<message::Why>(question);
        REQUIRE_FALSE(page.work_orders.empty());
        for (const auto& row : page.work_orders)
            told.push_back(row.work_order);
        question.after_work_order = told.back();
        more = page.more;
    }
    CHECK(told == network.router().ledger().job(job)->work_orders);
    CHECK(pages >= 5);
    question.after_work_order = WorkOrderId{"nothing-1"};
    CHECK(network.answer_to<message::Failure>(question).error.code == ErrorCode::not_found);
}

TEST_CASE("jobs are told page by page, newest first, also those of the same moment", "[pages]") {
    Network network;
    std::set<JobId> jobs;
    for (int i = 0; i < 40; ++i) {
        jobs.insert(network.submit("k" + std::to_string(i), 1000));
        if (i % 3 == 0) (void)network.wait(std::chrono::seconds{1});
    }
    (void)network.step(AnalysisDone{hash_of("hook"), box(20, 20, 20)});
    std::vector<JobStatus> told;
    message::AskJobs question;
    // With a prefix every piece is in the answer, so a page holds one or two jobs.
    for (const std::string prefix : {"", "1"}) {
        told.clear();
        question = {prefix};
        for (bool more = true; more;) {
            auto page = network.answer_to<message::Jobs>(question);
            REQUIRE_FALSE(page.jobs.empty());
            std::move(page.jobs.begin(), page.jobs.end(), std::back_inserter(told));
            question.after_job = told.back().id;
            question.after_submitted_at = told.back().submitted_at;
            more = page.more;
        }
        const auto wanted = std::count_if(jobs.begin(), jobs.end(), [&](const JobId& id) {
            return id.text().starts_with(prefix);
        });
        CHECK(static_cast<std::ptrdiff_t>(told.size()) == wanted);
        std::set<JobId> once;
        for (const JobStatus& job : told)
            once.insert(job.id);
        CHECK(once.size() == told.size());
        CHECK(std::is_sorted(told.begin(), told.end(), [](const auto& a, const auto& b) {
            return std::tie(b.submitted_at, b.id) < std::tie(a.submitted_at, a.id);
        }));
    }
}

TEST_CASE("a watcher is told a long history in windows, whole and in order", "[pages]") {
    Network network;
    network.add_fab("lyon", workshop(45.7));
    const JobId job = network.submit("watched", 1);
    (void)network.step(AnalysisDone{hash_of("hook"), box(20, 20, 20)});
    const WorkOrderId order = network.router().ledger().job(job)->work_orders.front();
    // Thousands of events with long texts.
    for (int i = 0; i < 1500; ++i) {
        const std::uint64_t epoch = network.router().ledger().work_order(order)->epoch;
        (void)network.step(
            AgentSaid{FabId{"lyon"}, message::DeclineOffer{order, epoch, std::string(1500, 'n')}});
        (void)network.wait(std::chrono::hours{2});
    }
    const auto& events = network.router().ledger().job(job)->events;
    REQUIRE(events.size() > 3000);
    std::uint64_t last = 0;
    std::size_t in_one_step = 0;
    const auto take = [&](const Effects& effects) {
        in_one_step = 0;
        for (const Effect& effect : effects) {
            const auto* answer = std::get_if<Answer>(&effect);
            if (answer == nullptr) continue;
            const auto* update = std::get_if<message::JobUpdate>(&answer->body);
            if (update == nullptr) continue;
            in_one_step += wire_bytes(answer->body);
            for (const JobEvent& event : update->events)
                CHECK(event.number == ++last);
            CHECK(update->more == (last < events.size()));
            CHECK(update->status.work_orders.empty() == update->more);
        }
        // The queue of one session holds 4 MiB.
        CHECK(in_one_step < std::size_t{2} * 1024 * 1024);
    };
    take(network.ask(message::WatchJob{job, 0}));
    CHECK(last < events.size());
    for (int i = 0; i < 1000 && last < events.size(); ++i) {
        REQUIRE(network.router().next_deadline());
        take(network.wait(std::chrono::milliseconds{250}));
    }
    CHECK(last == events.size());
}

}  // namespace
}  // namespace nearfab::router
