// SPDX-License-Identifier: GPL-3.0-or-later
// The program against a small router inside the test: real sockets, real keys.

#include "tests/cli/fake_router.hpp"
#include "tests/cli/run_program.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace nearfab::cli::test {
namespace {

const JobId job_id{"3f9c01d2a4b86e57"};

JobStatus job_in(JobState state, const std::string& reason = "") {
    JobStatus job;
    job.id = job_id;
    job.submitter = IdentityId{"anna"};
    job.title = "Hose coupling";
    job.state = state;
    job.reason = reason;
    WorkOrderStatus order;
    order.id = WorkOrderId{"3f9c01d2a4b86e57-1"};
    order.state = state == JobState::closed ? WorkOrderState::delivered : WorkOrderState::queued;
    job.work_orders.push_back(order);
    job.last_event = 1;
    return job;
}

message::JobUpdate update_of(const JobStatus& job) {
    message::JobUpdate update;
    update.status = job;
    update.events.push_back({1, WallTime{}, WorkOrderId{"3f9c01d2a4b86e57-1"}, "submitted"});
    return update;
}

MatchReport report_with_one_candidate() {
    Candidate candidate;
    candidate.fab = FabId{"lyon"};
    candidate.machine = MachineId{"mk3"};
    candidate.distance_km = 3.2;
    candidate.finish_s = 5400;
    candidate.mass_g = 5.8;
    candidate.reason = "nearest: 3.2 km";
    MatchReport report;
    report.machines_seen = 2;
    report.candidates.push_back(candidate);
    return report;
}

JobPlan plan_of_two_fabs() {
    JobPlan plan;
    plan.rows = {{0, FabId{"lyon"}, MachineId{"mk3"}, 8, 0, 3600, 3600, 28'800, 3.2, 11},
                 {0, FabId{"vienne"}, MachineId{"xl"}, 4, 1, 3600, 3600, 14'400, 27, 11}};
    plan.parts = {{0, 12, 1, 0, 28'800, "", {}}};
    plan.deadline_s = 28'000;
    plan.finish_s = 28'800;
    plan.farthest_km = 27;
    plan.fabs = 2;
    plan.machines = 2;
    return plan;
}

// A home with a key, and a router that knows it.
struct Network {
    explicit Network(FakeRouter::Answers answers) : router{make_key(home), std::move(answers)} {
        home.write(".config/nearfab/config.toml",
                   "router = \"" + router.endpoint() + "\"\nrouter_key = \"" + router.public_key() +
                       "\"\n");
    }

    static std::string make_key(const TemporaryFolder& home) {
        const Outcome made = run_nearfab(home, {"keygen", "--name", "anna"});
        REQUIRE(made.exit_code == 0);
        return made.out.substr(0, 40);
    }
    Outcome run(const std::vector<std::string>& arguments) { return run_nearfab(home, arguments); }
    template <typename T>
    std::vector<T> asked() const {
        std::vector<T> found;
        for (const Message& message : router.asked()) {
            if (const T* one = std::get_if<T>(&message)) found.push_back(*one);
        }
        return found;
    }

    TemporaryFolder home;
    FakeRouter router;
};

const std::vector<std::string> submit_coupling{
    "submit", example("hose_coupling"), "--at", "45.7640,4.8357"};

std::vector<Message> accept_all(const Message& question) {
    if (std::holds_alternative<message::SubmitJob>(question)) {
        return {message::JobAccepted{job_id, false}};
    }
    if (std::holds_alternative<message::AskQuote>(question)) {
        return {message::Quote{{}, plan_of_two_fabs()}};
    }
    if (std::holds_alternative<message::AskJobs>(question)) {
        return {message::Jobs{{job_in(JobState::closed)}, false}};
    }
    if (std::holds_alternative<message::WatchJob>(question)) {
        return {update_of(job_in(JobState::closed))};
    }
    return {};
}

}  // namespace

TEST_CASE("submit brings the design to the router and prints the job") {
    Network network{accept_all};
    const Outcome outcome = network.run(submit_coupling);
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(outcome.out == "3f9c01d2a4b86e57\n");
    const auto submitted = network.asked<message::SubmitJob>();
    REQUIRE(submitted.size() == 1);
    const JobSpec& spec = submitted[0].spec;
    CHECK(spec.licence == "CERN-OHL-P-2.0");
    CHECK(spec.title == "Hose coupling");
    REQUIRE(spec.parts.size() == 1);
    CHECK(spec.parts[0].material == MaterialId{"petg"});
    CHECK(network.router.design(spec.parts[0].design).size() == spec.parts[0].design_bytes);
    CHECK(hash_of(network.router.design(spec.parts[0].design)) == spec.parts[0].design);
}

TEST_CASE("the same command soon after repeats the key, --new does not") {
    Network network{accept_all};
    REQUIRE(network.run(submit_coupling).exit_code == 0);
    REQUIRE(network.run(submit_coupling).exit_code == 0);
    auto again = submit_coupling;
    again.push_back("--new");
    REQUIRE(network.run(again).exit_code == 0);
    auto other = submit_coupling;
    other.insert(other.end(), {"--quantity", "2", "--yes"});
    REQUIRE(network.run(other).exit_code == 0);
    const auto submitted = network.asked<message::SubmitJob>();
    REQUIRE(submitted.size() == 4);
    CHECK(submitted[0].idempotency_key == submitted[1].idempotency_key);
    CHECK(submitted[2].idempotency_key != submitted[0].idempotency_key);
    CHECK(submitted[3].idempotency_key != submitted[0].idempotency_key);
    CHECK(submitted[3].idempotency_key != submitted[2].idempotency_key);
}

TEST_CASE("a repeated submission keeps its deadline, so that it stays the same job") {
    Network network{accept_all};
    auto command = submit_coupling;
    command.insert(command.end(), {"--deadline", "+48h"});
    REQUIRE(network.run(command).exit_code == 0);
    REQUIRE(network.run(command).exit_code == 0);
    const auto submitted = network.asked<message::SubmitJob>();
    REQUIRE(submitted.size() == 2);
    REQUIRE(submitted[0].spec.deadline.has_value());
    CHECK(submitted[0] == submitted[1]);
}

TEST_CASE("an upload goes on where an earlier one stopped") {
    Network network{accept_all};
    const TemporaryFolder folder;
    std::ifstream file{example("hose_coupling"), std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const std::vector<std::uint8_t> bytes{text.begin(), text.end()};
    const std::vector<std::uint8_t> half{bytes.begin(), bytes.begin() + 131072};
    network.router.has_already(hash_of(bytes), half);
    REQUIRE(network.run(submit_coupling).exit_code == 0);
    CHECK(network.router.chunks() == 1);
    CHECK(network.router.design(hash_of(bytes)) == bytes);
}

TEST_CASE("submit --wait follows the job to its end") {
    Network network{accept_all};
    auto command = submit_coupling;
    command.push_back("--wait");
    const Outcome outcome = network.run(command);
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.out.find("#1  submitted") != std::string::npos);
    CHECK(outcome.out.find("closed") != std::string::npos);
}

// A router that has the job in this state; asked why, it has no candidate.
FakeRouter::Answers answers_about(const JobStatus& job) {
    return [job](const Message& question) -> std::vector<Message> {
        if (std::holds_alternative<message::AskWhy>(question)) {
            message::WorkOrderReason reason;
            reason.work_order = job.work_orders[0].id;
            message::Why why;
            why.job = job.id;
            why.work_orders.push_back(reason);
            return {why};
        }
        if (std::holds_alternative<message::WatchJob>(question)) return {update_of(job)};
        if (std::holds_alternative<message::AskJobs>(question)) {
            message::Jobs jobs;
            jobs.jobs.push_back(job);
            return {jobs};
        }
        return accept_all(question);
    };
}

TEST_CASE("submit without --wait ends with 3 and the reason when nobody can make it now") {
    Network network{answers_about(job_in(JobState::matching, "nobody can make it now (2 seen)"))};
    const Outcome outcome = network.run(submit_coupling);
    CHECK(outcome.exit_code == 3);
    CHECK(outcome.out == "3f9c01d2a4b86e57\n");
    CHECK(
        outcome.err.find("nearfab: job 3f9c01d2a4b86e57 waits: nobody can make it now (2 seen).") !=
        std::string::npos);
    CHECK(outcome.err.find("  next: run `nearfab why 3f9c01d2a4b86e57`") != std::string::npos);
}

TEST_CASE("submit without --wait ends with 5 when the router rejects the job") {
    Network network{answers_about(job_in(JobState::rejected, "the surface has holes"))};
    const Outcome outcome = network.run(submit_coupling);
    CHECK(outcome.exit_code == 5);
    CHECK(outcome.out == "3f9c01d2a4b86e57\n");
    CHECK(outcome.err.find("is rejected: the surface has holes.") != std::string::npos);
}

TEST_CASE("submit without --wait ends well as soon as a fab has been offered the job") {
    JobStatus job = job_in(JobState::matching);
    job.work_orders[0].state = WorkOrderState::offered;
    job.work_orders[0].fab = FabId{"lyon"};
    job.work_orders[0].machine = MachineId{"mini"};
    Network network{answers_about(job)};
    const Outcome outcome = network.run(submit_coupling);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.find("Submitted; it is with lyon / mini. Follow it with: nearfab watch "
                           "3f9c01d2\n") != std::string::npos);
}

TEST_CASE("submit without --wait does not wait for ever for a verdict") {
    Network network{answers_about(job_in(JobState::analysing))};
    const Outcome outcome = network.run(submit_coupling);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.find("Submitted; it is still analysing.") != std::string::npos);
}

TEST_CASE("a job is not cancelled by a few characters of its id") {
    Network network{answers_about(job_in(JobState::matching))};
    for (const char* typed : {"3", "3f9c0"}) {
        const Outcome outcome = network.run({"cancel", typed});
        CHECK(outcome.exit_code == 2);
        CHECK(outcome.err.find("is too short to cancel a job by") != std::string::npos);
        CHECK(outcome.err.find("  next: if you mean it, run: nearfab cancel 3f9c01d2a4b86e57") !=
              std::string::npos);
    }
    CHECK(network.asked<message::CancelJob>().empty());
}

TEST_CASE("a key that the router does not know ends with 4, and tells which key to hand in") {
    Network network{accept_all};
    const std::string file = network.home.path() / "stranger";
    const Outcome made = run_nearfab(network.home, {"keygen", "--out", file});
    REQUIRE(made.exit_code == 0);
    const Outcome outcome = network.run({"status", "--key-file", file});
    CHECK(outcome.exit_code == 4);
    CHECK(outcome.err == "nearfab: the router at " + network.router.endpoint() +
                             " does not know this key.\n  next: give this public key to the "
                             "operator of the router: " +
                             made.out);
}

TEST_CASE("a wrong router key in the settings ends with 4, not as if nobody were there") {
    Network network{accept_all};
    const std::string other = wire::generate_key_pair().public_key;
    const Outcome outcome = network.run({"status", "--router-key", other});
    CHECK(outcome.exit_code == 4);
    CHECK(outcome.err.find("does not have the key in your settings, " + other) !=
          std::string::npos);
}

TEST_CASE("watch ends with 5 when the job failed and says why") {
    Network network{[](const Message& question) -> std::vector<Message> {
        const JobStatus job = job_in(JobState::failed, "three fabs gave up");
        if (std::holds_alternative<message::AskJobs>(question))
            return {message::Jobs{{job}, false}};
        return {update_of(job)};
    }};
    const Outcome outcome = network.run({"watch", "3f9c"});
    CHECK(outcome.exit_code == 5);
    CHECK(outcome.err.find("is failed: three fabs gave up.") != std::string::npos);
}

TEST_CASE("watch gives up after --timeout with 8, and with 3 when nobody can make it") {
    Network network{[](const Message& question) -> std::vector<Message> {
        const JobStatus job = job_in(JobState::matching, "no fab has petg");
        if (std::holds_alternative<message::AskJobs>(question))
            return {message::Jobs{{job}, false}};
        if (std::holds_alternative<message::AskWhy>(question)) {
            message::WorkOrderReason reason;
            reason.work_order = job.work_orders[0].id;
            return {message::Why{job_id, {reason}}};
        }
        return {update_of(job)};
    }};
    const Outcome late = network.run({"watch", "3f9c", "--timeout", "1s"});
    CHECK(late.exit_code == 8);
    CHECK(late.err.find("goes on (matching: no fab has petg)") != std::string::npos);
    const Outcome nobody = network.run({"watch", "3f9c", "--no-wait-for-fabs"});
    CHECK(nobody.exit_code == 3);
    CHECK(nobody.err.find("nearfab: No fab can make it now; job") != std::string::npos);
}

TEST_CASE("Ctrl-C while watching ends with 130 and says that the job goes on") {
    Network network{[](const Message& question) -> std::vector<Message> {
        const JobStatus job = job_in(JobState::in_production);
        if (std::holds_alternative<message::AskJobs>(question))
            return {message::Jobs{{job}, false}};
        return {update_of(job)};
    }};
    const Outcome outcome = interrupt_nearfab(network.home, {"watch", "3f9c"}, "submitted");
    CHECK(outcome.exit_code == 130);
    CHECK(outcome.err.find("Stopped watching; job 3f9c01d2a4b86e57 goes on") != std::string::npos);
}

TEST_CASE("quote shows who can make it, and ends with 3 when nobody can") {
    Network network{[](const Message&) -> std::vector<Message> {
        return {message::Quote{report_with_one_candidate()}};
    }};
    const Outcome quote = network.run({"quote", example("wall_hook"), "--at", "45.7,4.8"});
    INFO(quote.err);
    CHECK(quote.exit_code == 0);
    CHECK(quote.out.find("nearest: 3.2 km") != std::string::npos);

    Network empty{[](const Message&) -> std::vector<Message> { return {message::Quote{}}; }};
    const Outcome nobody = empty.run({"quote", example("wall_hook"), "--at", "45.7,4.8"});
    CHECK(nobody.exit_code == 3);
    CHECK(nobody.out.starts_with("fdm can make it"));
    CHECK(nobody.out.ends_with("\nNobody can make it now (0 machines looked at).\n"));
}

TEST_CASE("many pieces are submitted after their plan was shown") {
    Network network{accept_all};
    auto many = submit_coupling;
    many.insert(many.end(), {"--quantity", "12"});
    const Outcome unasked = network.run(many);  // There is no terminal.
    CHECK(unasked.exit_code == 2);
    CHECK(unasked.out.empty());
    CHECK(unasked.err.find("12 pieces at 2 fabs") != std::string::npos);
    CHECK(unasked.err.find("then add --yes") != std::string::npos);
    CHECK(network.asked<message::SubmitJob>().empty());
    many.push_back("--yes");
    const Outcome submitted = network.run(many);
    INFO(submitted.err);
    CHECK(submitted.exit_code == 0);
    CHECK(submitted.out == "3f9c01d2a4b86e57\n");
    CHECK(submitted.err.find("12 pieces at 2 fabs") != std::string::npos);
    CHECK(submitted.err.find("vienne") != std::string::npos);
    REQUIRE(network.asked<message::AskQuote>().size() == 2);
    CHECK(network.asked<message::AskQuote>()[1].spec.parts[0].quantity == 12);
    CHECK(network.asked<message::SubmitJob>().size() == 1);

    many.insert(many.end(), {"--json", "--new"});
    const Outcome json = network.run(many);
    CHECK(json.out.find("\"unplaced\":0") != std::string::npos);

    const Outcome quote =
        network.run({"quote", example("wall_hook"), "--at", "45.7,4.8", "--quantity", "12"});
    CHECK(quote.exit_code == 0);
    CHECK(quote.out.find("Plan: 12 pieces at 2 fabs, at most 27.0 km away") != std::string::npos);
}

TEST_CASE("status, why, cancel and fabs print what the router says") {
    Network network{[](const Message& question) -> std::vector<Message> {
        const JobStatus job = job_in(JobState::matching, "no fab has petg");
        if (std::holds_alternative<message::AskJobs>(question))
            return {message::Jobs{{job}, false}};
        if (std::holds_alternative<message::AskWhy>(question)) {
            message::WorkOrderReason reason;
            reason.work_order = job.work_orders[0].id;
            reason.report = report_with_one_candidate();
            return {message::Why{job_id, {reason}}};
        }
        if (std::holds_alternative<message::CancelJob>(question)) {
            return {message::CancelAnswer{job_in(JobState::cancelled), "cancelled"}};
        }
        return {message::Fabs{}};
    }};
    CHECK(network.run({"status"}).out.find("no fab has petg") != std::string::npos);
    CHECK(network.run({"status", "3F9C"}).out.find("  job         = 3f9c01d2a4b86e57\n") !=
          std::string::npos);
    CHECK(network.run({"why", "3f9c"}).out.find("nobody yet") != std::string::npos);
    CHECK(network.run({"cancel", "3f9c01", "--reason", "changed my mind"}).out ==
          "3f9c01d2a4b86e57: cancelled\n");
    CHECK(network.asked<message::CancelJob>().at(0).reason == "changed my mind");
    CHECK(network.run({"fabs", "--at", "1,2"}).out == "No fab is known to this router.\n");
    CHECK(network.asked<message::AskFabs>().at(0).near == Place{1, 2});
}

TEST_CASE("the report is asked for over the days that were typed") {
    Network network{[](const Message&) -> std::vector<Message> {
        message::NetworkReport answer;
        answer.report.days = 90;
        answer.report.pieces = 3;
        return {answer};
    }};
    const auto shown = network.run({"report", "--days", "90"});
    CHECK(shown.exit_code == 0);
    CHECK(shown.out.find("Network report of the last 90 days") == 0);
    CHECK(network.run({"report", "--json"}).out.find("\"pieces\": 3") != std::string::npos);
    const auto asked = network.asked<message::AskReport>();
    REQUIRE(asked.size() == 2);
    CHECK(asked[0].days == 90);
    CHECK(asked[1].days == 30);
    const auto refused = network.run({"report", "--days", "367"});
    CHECK(refused.exit_code == 2);
    CHECK(refused.err.find("no number of days from 1 to 366") != std::string::npos);
}

TEST_CASE("fabs, why and status are read to their last page, five thousand fabs as well") {
    constexpr int all = 5000;
    constexpr int page_rows = 200;
    const auto name = [](int i) { return "fab" + std::to_string(10'000 + i); };
    Network network{[&](const Message& question) -> std::vector<Message> {
        message::Fabs page;
        if (const auto* asked = std::get_if<message::AskFabs>(&question)) {
            int next = 0;
            while (!asked->after_fab.empty() && name(next) <= asked->after_fab.text())
                ++next;
            for (int i = 0; i < page_rows && next < all; ++i, ++next) {
                message::FabStatus row;
                row.fab = FabId{name(next)};
                row.advertisement.title = "a fab";
                page.fabs.push_back(row);
            }
            page.more = next < all;
            return {page};
        }
        if (const auto* asked = std::get_if<message::AskWhy>(&question)) {
            const bool first = asked->after_work_order.empty();
            message::WorkOrderReason row;
            row.work_order = WorkOrderId{first ? "3f9c01d2a4b86e57-1" : "3f9c01d2a4b86e57-2"};
            row.words = {{FabId{"lyon"}, "no layers were detected"}};
            return {message::Why{job_id, {row}, first}};
        }
        const auto* asked = std::get_if<message::AskJobs>(&question);
        if (asked == nullptr || !asked->id_prefix.empty()) {
            return {message::Jobs{{job_in(JobState::closed)}, false}};
        }
        // From before there were pages: the first page, whatever is asked for.
        return {message::Jobs{{job_in(JobState::closed)}, true}};
    }};
    const std::string fabs = network.run({"fabs"}).out;
    CHECK(std::count(fabs.begin(), fabs.end(), '\n') == all + 1);
    CHECK(network.asked<message::AskFabs>().size() == all / page_rows);
    const std::string why = network.run({"why", "3f9c"}).out;
    CHECK(why.find("3f9c01d2a4b86e57-2") != std::string::npos);
    CHECK(why.find("lyon: no layers were detected") != std::string::npos);
    const std::string jobs = network.run({"status", "--json"}).out;
    CHECK(jobs.find("\"more\": true") != std::string::npos);
}

TEST_CASE("an ambiguous or unknown job is refused with the way on") {
    Network network{[](const Message& question) -> std::vector<Message> {
        const auto* asked = std::get_if<message::AskJobs>(&question);
        if (asked == nullptr || asked->id_prefix == "77") return {message::Jobs{}};
        JobStatus other = job_in(JobState::closed);
        other.id = JobId{"3f9c99d2a4b86e57"};
        return {message::Jobs{{job_in(JobState::closed), other}, false}};
    }};
    const Outcome two = network.run({"status", "3f9c"});
    CHECK(two.exit_code == 1);
    CHECK(two.err.find("is the beginning of several jobs") != std::string::npos);
    CHECK(two.err.find("  next: give more characters") != std::string::npos);
    CHECK(network.run({"status", "77"}).err.find("you have no job \"77\"") != std::string::npos);
    CHECK(network.run({"status", "../x"}).exit_code == 2);
}

TEST_CASE("a refusal of the router is printed with its next step") {
    Network network{[](const Message&) -> std::vector<Message> {
        return {message::Failure{{ErrorCode::unauthorised, "anna may not do that", "ask"}}};
    }};
    const Outcome outcome = network.run({"status"});
    CHECK(outcome.exit_code == 4);
    CHECK(outcome.err == "nearfab: anna may not do that.\n  next: ask\n");
}

}  // namespace nearfab::cli::test
