// SPDX-License-Identifier: GPL-3.0-or-later
// The HTTP API with the real programs: uploaded, checked, quoted, submitted, watched, cancelled.

#include "base/content_hash.hpp"
#include "tests/e2e/api_contract.hpp"
#include "tests/e2e/network.hpp"
#include "tests/e2e/raw_http.hpp"
#include "tests/folders.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>
#include <signal.h>
#include <sstream>

namespace nearfab::e2e {
namespace {

using nlohmann::json;

const FabPlan lyon{.name = "lyon", .place = "45.764043,4.835659"};
const FabPlan by_hand{.name = "lyon", .place = "45.764043,4.835659", .acceptance = "manual"};

std::string bytes_of(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream{tests::source_folder() + "/examples/designs/" + file, std::ios::binary}
                .rdbuf();
    REQUIRE_FALSE(text.str().empty());
    return text.str();
}

// One caller with a connection of its own for each question.
class Api {
public:
    Api(const Network& network, const std::string& who)
        : port_{network.http_port()}, token_{network.token(who)}, contract_{document(port_)} {}

    RawAnswer get(const std::string& target) const { return ask("GET", target, "", {}); }
    RawAnswer post(const std::string& target,
                   const json& body,
                   const std::vector<std::string>& headers = {}) const {
        std::vector<std::string> all = headers;
        all.emplace_back("Content-Type: application/json");
        return ask("POST", target, body.dump(), all);
    }
    RawAnswer patch(const std::string& design, std::size_t offset, const std::string& bytes) const {
        return ask("PATCH",
                   "/api/v1/designs/" + design,
                   bytes,
                   {"Content-Type: application/offset+octet-stream",
                    "Upload-Offset: " + std::to_string(offset)});
    }
    RawAnswer ask(const std::string& method,
                  const std::string& target,
                  const std::string& body,
                  const std::vector<std::string>& headers) const {
        RawHttp http{port_};
        REQUIRE(http.send(request_text(method, target, token_, body, headers)));
        RawAnswer answer = http.answer();
        // Every answer is as the document says that the router serves.
        for (const std::string& fault : contract_.faults_of(method, target, answer)) {
            INFO(method << " " << target);
            FAIL_CHECK(fault);
        }
        return answer;
    }
    RawHttp stream(const std::string& target, const std::vector<std::string>& headers = {}) const {
        RawHttp http{port_};
        REQUIRE(http.send(request_text("GET", target, token_, "", headers)));
        const RawAnswer head = http.head();
        REQUIRE(head.status == 200);
        CHECK(head.headers.at("content-type") == "text/event-stream");
        return http;
    }
    // The design's hash, when it is there in full.
    std::string upload(const std::string& bytes) const {
        const std::string design = hash_of(std::string_view{bytes}).hex();
        const RawAnswer opened =
            post("/api/v1/designs", {{"design", design}, {"size", bytes.size()}});
        INFO(opened.body);
        REQUIRE((opened.status == 200 || opened.status == 201));
        const RawAnswer sent = patch(design, 0, bytes);
        INFO(sent.body);
        REQUIRE(sent.status == 200);
        REQUIRE(json::parse(sent.body).at("complete") == true);
        return design;
    }

    [[nodiscard]] const ApiContract& contract() const { return contract_; }

private:
    static json document(std::uint16_t port) {
        RawHttp http{port};
        REQUIRE(http.send(request_text("GET", "/api/v1/openapi.json", "")));
        return json::parse(http.answer().body);
    }

    std::uint16_t port_;
    std::string token_;
    ApiContract contract_;
};

json order_for(const std::string& design, std::size_t bytes, const std::string& file) {
    return {{"parts",
             json::array({{{"design", design},
                           {"design_bytes", bytes},
                           {"file_name", file},
                           {"process", "fdm"},
                           {"material", "pla"},
                           {"quantity", 1}}})},
            {"at", {{"latitude_deg", 45.75}, {"longitude_deg", 4.85}}},
            {"licence", "CERN-OHL-P-2.0"}};
}

TEST_CASE("over HTTP a design is uploaded, quoted, submitted, watched and cancelled",
          "[e2e][http]") {
    const Network network{{by_hand}, ""};
    const Api ada{network, "ada"};

    const RawAnswer me = ada.get("/api/v1/me");
    REQUIRE(me.status == 200);
    CHECK(me.headers.at("cache-control") == "no-store");
    CHECK(me.headers.at("x-content-type-options") == "nosniff");
    CHECK(me.headers.at("content-security-policy").find("default-src 'none'") == 0);
    CHECK(json::parse(me.body).at("name") == "ada");
    CHECK(json::parse(me.body).at("role") == "designer");

    const std::string hook = bytes_of("wall_hook/wall_hook.stl");
    const std::string design = hash_of(std::string_view{hook}).hex();
    CHECK(ada.get("/api/v1/designs/" + design).status == 404);
    REQUIRE(ada.post("/api/v1/designs", {{"design", design}, {"size", hook.size()}}).status == 201);
    const std::size_t half = hook.size() / 2;
    CHECK(json::parse(ada.patch(design, 0, hook.substr(0, half)).body).at("received") == half);
    // A piece that does not fit is told where to go on.
    const RawAnswer gap = ada.patch(design, half + 7, "x");
    REQUIRE(gap.status == 409);
    CHECK(json::parse(gap.body).at("received") == half);
    CHECK(gap.headers.at("upload-offset") == std::to_string(half));
    CHECK(json::parse(ada.get("/api/v1/designs/" + design).body).at("received") == half);
    const RawAnswer rest = ada.patch(design, half, hook.substr(half));
    REQUIRE(rest.status == 200);
    CHECK(json::parse(rest.body).at("complete") == true);
    CHECK(json::parse(ada.get("/api/v1/designs/" + design).body).at("size") == hook.size());

    json order = order_for(design, hook.size(), "wall_hook.stl");
    const RawAnswer quoted = ada.post("/api/v1/quotes", order);
    INFO(quoted.body);
    REQUIRE(quoted.status == 200);
    const json quote = json::parse(quoted.body);
    REQUIRE(quote.at("candidates").size() == 1);
    CHECK(quote.at("candidates").at(0).at("fab") == "lyon");
    CHECK(quote.at("verdict").at("process") == "fdm");

    // The same words as the command's.
    const Outcome command =
        network.nearfab({"quote",
                         tests::source_folder() + "/examples/designs/wall_hook/wall_hook.stl",
                         "--at",
                         "45.75,4.85",
                         "--material",
                         "pla",
                         "--licence",
                         "CERN-OHL-P-2.0",
                         "--json"});
    REQUIRE(command.exit_code == 0);
    CHECK(json::parse(command.out).at("verdict") == quote.at("verdict"));

    order["title"] = "A hook <b>&amp;</b>";
    const std::vector<std::string> key{"Idempotency-Key: first"};
    const RawAnswer submitted = ada.post("/api/v1/jobs", order, key);
    INFO(submitted.body);
    REQUIRE(submitted.status == 201);
    const std::string job = json::parse(submitted.body).at("job");
    CHECK(json::parse(submitted.body).at("existed") == false);
    CHECK(submitted.headers.at("location") == "/api/v1/jobs/" + job);
    const RawAnswer again = ada.post("/api/v1/jobs", order, key);
    CHECK(again.status == 200);
    CHECK(json::parse(again.body).at("job") == job);
    json other = order;
    other["title"] = "Another";
    const RawAnswer replayed = ada.post("/api/v1/jobs", other, key);
    CHECK(replayed.status == 409);
    CHECK(replayed.headers.at("content-type") == "application/problem+json");
    CHECK(json::parse(replayed.body).at("code") == "conflict");

    const RawAnswer photos = ada.get("/api/v1/jobs/" + job + "/photos");
    INFO(photos.body);
    CHECK(json::parse(photos.body).at("photos").empty());
    CHECK(ada.get("/api/v1/work_orders/" + job + "-1/photo?epoch=1").status == 404);

    RawHttp events = ada.stream("/api/v1/jobs/" + job + "/events");
    std::set<std::string> numbers;
    bool offered = false;
    while (!offered) {
        const auto event = events.event();
        REQUIRE(event);
        if (event->name == "job_event") {
            CHECK(numbers.insert(event->id).second);
            CHECK(ada.contract().faults_of("JobEvent", json::parse(event->data)).empty());
        } else {
            REQUIRE(event->name == "job_status");
            const json status = json::parse(event->data);
            CHECK(ada.contract().faults_of("Job", status).empty());
            CHECK(status.at("title") == "A hook <b>&amp;</b>");
            CHECK(status.at("at").at("latitude_deg") == 45.75);
            const json& orders = status.at("work_orders");
            offered = !orders.empty() && orders.at(0).at("state") == "offered";
        }
    }
    // Nothing that was told is told again.
    REQUIRE_FALSE(numbers.empty());
    RawHttp late = ada.stream("/api/v1/jobs/" + job + "/events", {"Last-Event-ID: 1"});
    const auto first = late.event();
    REQUIRE(first);
    CHECK(first->id == "2");

    const RawAnswer status = ada.get("/api/v1/jobs/" + job);
    REQUIRE(status.status == 200);
    json told = json::parse(status.body);
    told.erase("at");
    CHECK(told.at("state") == network.job(job).at("state"));
    CHECK(json::parse(ada.get("/api/v1/jobs").body).at("jobs").size() == 1);
    CHECK(json::parse(ada.get("/api/v1/jobs/" + job + "/why").body).at("job") == job);

    // Nobody else sees it, but who sees all.
    CHECK(Api{network, "bob"}.get("/api/v1/jobs/" + job).status == 404);
    CHECK(Api{network, "bob"}.get("/api/v1/jobs/" + job + "/events").status == 404);
    CHECK(Api{network, "root"}.get("/api/v1/jobs/" + job).status == 200);
    CHECK(Api{network, "screen"}.post("/api/v1/jobs/" + job + "/cancel", json::object()).status ==
          403);

    const RawAnswer cancelled =
        ada.post("/api/v1/jobs/" + job + "/cancel", {{"reason", "not needed"}});
    INFO(cancelled.body);
    REQUIRE(cancelled.status == 200);
    bool ended = false;
    for (auto event = events.event(); event; event = events.event())
        ended = event->name == "end";
    CHECK(ended);
    CHECK(json::parse(ada.get("/api/v1/jobs/" + job).body).at("state") == "cancelled");
}

TEST_CASE("over HTTP fabs are GeoJSON, with coarse places for strangers", "[e2e][http]") {
    const Network network{{lyon}, ""};
    const RawAnswer answer = Api{network, "ada"}.get("/api/v1/fabs?near=45.75,4.85");
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    const json fabs = json::parse(answer.body);
    CHECK(fabs.at("type") == "FeatureCollection");
    CHECK(fabs.at("more") == false);
    const json& fab = fabs.at("features").at(0);
    CHECK(fab.at("geometry").at("coordinates") == json::array({4.84, 45.76}));
    CHECK(fab.at("properties").at("place").at("latitude_deg") == 45.76);
    CHECK(fab.at("properties").at("distance_km").get<double>() < 5);
    const json own = json::parse(Api{network, "lyon"}.get("/api/v1/fabs").body);
    CHECK(own.at("features").at(0).at("geometry").at("coordinates") ==
          json::array({4.835659, 45.764043}));
    CHECK(Api{network, "ada"}.get("/api/v1/fabs?near=95,4").status == 400);
    CHECK(Api{network, "ada"}.get("/api/v1/fabs?wrong=1").status == 400);
}

TEST_CASE("over HTTP a design is checked as the command checks it", "[e2e][http]") {
    const Network network{{lyon}, ""};
    const Api ada{network, "ada"};
    const std::string hook = bytes_of("wall_hook/wall_hook.stl");
    const std::string design = ada.upload(hook);
    const std::string target = "/api/v1/designs/" + design + "/check";
    const RawAnswer answer = ada.post(target, {{"file_name", "wall_hook.stl"}});
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    const json told = json::parse(answer.body);
    const std::string file = tests::source_folder() + "/examples/designs/wall_hook/wall_hook.stl";
    json command = json::parse(network.nearfab({"check", file, "--json"}).out);
    CHECK(told.at("verdicts") == command.at("verdicts"));
    CHECK(told.at("findings") == command.at("findings"));
    CHECK(told.at("design") == design);
    CHECK(told.at("walls") == command.at("walls"));

    SECTION("for the processes that are named") {
        const RawAnswer one =
            ada.post(target, {{"file_name", "wall_hook.stl"}, {"processes", {"fdm"}}});
        REQUIRE(one.status == 200);
        CHECK(json::parse(one.body).at("verdicts").size() == 1);
        const RawAnswer none =
            ada.post(target, {{"file_name", "wall_hook.stl"}, {"processes", {"magic"}}});
        CHECK(none.status == 422);
        CHECK(json::parse(none.body).at("detail").get<std::string>().find("magic") !=
              std::string::npos);
    }
    SECTION("a file that is none is refused with its place") {
        const std::string broken = "OFF\n1 1 0\n";
        const std::string other = ada.upload(broken);
        const RawAnswer refused =
            ada.post("/api/v1/designs/" + other + "/check", {{"file_name", "broken.off"}});
        INFO(refused.body);
        REQUIRE(refused.status == 422);
        const json problem = json::parse(refused.body);
        CHECK(problem.at("error").at("code") == "invalid_file");
        CHECK(problem.at("error").contains("where"));
        CHECK(problem.at("detail") == problem.at("error").at("message"));
        // A quote says the same of it.
        const RawAnswer quote =
            ada.post("/api/v1/quotes", order_for(other, broken.size(), "broken.off"));
        CHECK(quote.status == 422);
    }
}

TEST_CASE("what is new in the network reaches every stream that may see it", "[e2e][http]") {
    Network network{{by_hand}, ""};
    const Api ada{network, "ada"};
    const std::string hook = bytes_of("wall_hook/wall_hook.stl");
    const std::string design = ada.upload(hook);
    RawHttp own = ada.stream("/api/v1/events");
    RawHttp others = Api{network, "bob"}.stream("/api/v1/events");
    RawHttp all = Api{network, "root"}.stream("/api/v1/events");
    const RawAnswer submitted = ada.post("/api/v1/jobs",
                                         order_for(design, hook.size(), "wall_hook.stl"),
                                         {"Idempotency-Key: events"});
    REQUIRE(submitted.status == 201);
    const std::string job = json::parse(submitted.body).at("job");
    const auto job_in = [&](RawHttp& stream) -> std::string {
        for (auto event = stream.event(); event; event = stream.event()) {
            if (event->name != "job_status") continue;
            CHECK(json::parse(event->data).at("job") == job);
            return event->id;
        }
        return "";
    };
    const std::string id = job_in(own);
    CHECK_FALSE(id.empty());
    CHECK_FALSE(job_in(all).empty());
    network.fabs.clear();  // The agent ends; that is for everybody.
    const auto changed = others.event();
    REQUIRE(changed);
    CHECK(changed->name == "fabs_changed");  // And nothing of ada's job before.
    CHECK(ada.contract().faults_of("FabsChanged", json::parse(changed->data)).empty());

    SECTION("who comes again gets what was missed") {
        RawHttp back = ada.stream("/api/v1/events", {"Last-Event-ID: " + id});
        const auto next = back.event();
        REQUIRE(next);
        CHECK(next->name != "resync");
        CHECK(std::stoull(next->id) > std::stoull(id));
    }
    SECTION("who was here in an earlier life loads everything again") {
        RawHttp back = ada.stream("/api/v1/events", {"Last-Event-ID: 17"});
        const auto next = back.event();
        REQUIRE(next);
        CHECK(next->name == "resync");
    }
    SECTION("a token that is taken off the list takes its streams with it") {
        std::ofstream{network.folder() / "tokens"} << "";
        network.router.signal(SIGHUP);
        while (own.event()) {
        }
        CHECK(own.ends_within(5));
        CHECK(ada.get("/api/v1/me").status == 401);
    }
}

TEST_CASE("a stream outlives the time that an answer may take", "[e2e][http]") {
    const Network network{{lyon}, "read_s = 1\nwrite_s = 1\nidle_s = 1"};
    // One that says something at once, and one that has nothing to say.
    RawHttp told = Api{network, "ada"}.stream("/api/v1/events", {"Last-Event-ID: 17"});
    RawHttp silent = Api{network, "bob"}.stream("/api/v1/events");
    REQUIRE(told.event());
    CHECK_FALSE(told.ends_within(3));
    CHECK_FALSE(silent.ends_within(1));
}

TEST_CASE("over HTTP an operator sees the own fab and tells it what to do", "[e2e][http]") {
    FabPlan plan = lyon;
    plan.operators = R"(["lyon"])";
    plan.presence_code = "brass otter";
    const Network network{{plan}, ""};
    const Api operator_{network, "lyon"};
    const auto act = [&](const json& what, const std::string& key) {
        return operator_.post("/api/v1/fabs/lyon/actions", what, {"Idempotency-Key: " + key});
    };
    const RawAnswer board = operator_.get("/api/v1/fabs/lyon/board");
    INFO(board.body);
    REQUIRE(board.status == 200);
    CHECK(json::parse(board.body).at("machines").at(0).at("machine") == "p1");

    const RawAnswer drained = act({{"action", "drain"}, {"machine", "p1"}}, "one");
    INFO(drained.body);
    CHECK(drained.status == 200);
    const json after = json::parse(operator_.get("/api/v1/fabs/lyon/board").body);
    CHECK(after.at("machines").at(0).at("state") == "drained");

    CHECK(act({{"action", "presence"}, {"machine", "p1"}, {"presence_code", "brass otter"}}, "two")
              .status == 200);
    CHECK(act({{"action", "presence"}, {"machine", "p1"}, {"presence_code", "a guess"}}, "three")
              .status == 403);
    CHECK(act({{"action", "start"}}, "four").status == 422);
    CHECK(act({{"action", "drain"}, {"presence_code", "brass otter"}}, "five").status == 422);
    CHECK(operator_.post("/api/v1/fabs/lyon/actions", {{"action", "drain"}}).status == 400);
    CHECK(act({{"action", "clear_bed"}, {"machine", "p9"}}, "six").status == 404);

    const json load{{"action", "load"}, {"machine", "p1"}, {"material", "pla"}, {"grams", 412.5}};
    CHECK(act(load, "seven").status == 200);
    const json loaded = json::parse(operator_.get("/api/v1/fabs/lyon/board").body);
    CHECK(loaded.at("machines").at(0).at("materials").at(0).at("available_g") == 412.5);
    const auto but = [&](const char* key, const json& value) {
        json other = load;
        other[key] = value;
        return act(other, std::string{"eight-"} + key).status;
    };
    CHECK(but("grams", nullptr) == 422);
    CHECK(but("grams", -1) == 422);
    CHECK(but("grams", "412") == 422);
    CHECK(but("nothing_else", 1) == 422);
    CHECK(but("material", "unobtainium") == 404);
    CHECK(but("action", "drain") == 422);

    // Not with a token for somebody else's fab, nor one of a designer.
    CHECK(Api{network, "ada"}.get("/api/v1/fabs/lyon/board").status == 403);
    CHECK(operator_.get("/api/v1/fabs/grenoble/board").status == 403);
    // An admin may ask the router; the fab itself listens to those on its own list alone.
    CHECK(Api{network, "root"}.get("/api/v1/fabs/lyon/board").status == 403);
    CHECK(Api{network, "root"}.get("/api/v1/fabs/nowhere/board").status == 503);
}

TEST_CASE("over HTTP everybody may read the report of the network", "[e2e][http]") {
    const Network network{{lyon}, ""};
    const Api screen{network, "screen"};
    const RawAnswer answer = screen.get("/api/v1/report?days=7");
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    const json report = json::parse(answer.body);
    CHECK(report.at("days") == 7);
    CHECK(report.at("network").at("fabs_there") == 1);
    CHECK(report.at("delivered").at("pieces") == 0);
    CHECK(json::parse(screen.get("/api/v1/report").body).at("days") == 30);
    for (const char* wrong : {"0", "367", "-1", "7days", ""})
        CHECK(screen.get(std::string{"/api/v1/report?days="} + wrong).status == 400);
}

}  // namespace
}  // namespace nearfab::e2e
