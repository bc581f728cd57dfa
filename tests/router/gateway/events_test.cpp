// SPDX-License-Identifier: GPL-3.0-or-later
// Event streams: numbers, what is missed and told again, and readers that are too slow.

#include "router/gateway/event_board.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace nearfab::gateway {
namespace {

const WallTime start{std::chrono::milliseconds{1'800'000'000'000}};
constexpr std::uint64_t first = 1'800'000'000'000'000;

Caller named(const std::string& name, Access access = Access::designer) {
    Caller caller;
    caller.name = IdentityId{name};
    caller.access = access;
    return caller;
}

std::shared_ptr<EventStream> stream_of(std::size_t bytes = 1 << 20U) {
    return std::make_shared<EventStream>(bytes);
}

std::string all_of(EventStream& stream) {
    std::string text;
    for (const EventText& one : stream.take())
        text += *one;
    return text;
}

JobStatus job_of(const std::string& submitter) {
    JobStatus job;
    job.id = JobId{"3f9c01d2a4b86e57"};
    job.submitter = IdentityId{submitter};
    return job;
}

TEST_CASE("an event is lines, and an empty one ends it", "[gateway]") {
    CHECK(*event_text("job_event", "{\"a\": 1}\n", 7) ==
          "id: 7\nevent: job_event\ndata: {\"a\": 1}\n\n");
    CHECK(*event_text("end", "{}") == "event: end\ndata: {}\n\n");
    CHECK(*id_text(9) == "id: 9\n\n");
}

TEST_CASE("a stream that lags too far behind is cut off", "[gateway]") {
    EventStream stream{100};
    int news = 0;
    int closed = 0;
    stream.on_news([&] { ++news; });
    stream.on_close([&] { ++closed; });
    const auto text = std::make_shared<const std::string>(60, 'x');
    stream.push(text);
    CHECK(news == 1);
    CHECK(stream.take().size() == 1);
    stream.push(text);
    stream.push(text);
    CHECK(stream.cut());
    CHECK(stream.over());
    CHECK(stream.take().empty());
    stream.push(text);
    CHECK(stream.take().empty());
    stream.close();
    stream.close();
    CHECK(closed == 1);
    stream.on_close([&] { ++closed; });
    CHECK(closed == 2);
}

TEST_CASE("a stream that ends gives what it still has", "[gateway]") {
    EventStream stream{100};
    stream.push(id_text(1));
    stream.end();
    stream.push(id_text(2));
    CHECK(stream.ended());
    CHECK(stream.take().size() == 1);
}

TEST_CASE("everybody sees fabs, only some see a job", "[gateway]") {
    EventBoard board{start};
    const auto ada = stream_of();
    const auto bob = stream_of();
    const auto root = stream_of();
    board.open(ada, named("ada"), "");
    board.open(bob, named("bob"), "");
    board.open(root, named("root", Access::admin), "");
    CHECK(all_of(*ada) == "id: " + std::to_string(first) + "\n\n");
    CHECK(all_of(*bob) == "id: " + std::to_string(first) + "\n\n");
    all_of(*root);
    board.post_fabs({FabId{"a"}, FabId{"b"}});
    const std::string fabs = "id: " + std::to_string(first + 1) +
                             "\nevent: fabs_changed\ndata: {\"fabs\":[\"a\",\"b\"]}\n\n";
    CHECK(all_of(*ada) == fabs);
    CHECK(all_of(*bob) == fabs);
    all_of(*root);
    board.post_job(job_of("ada"));
    const std::string job = all_of(*ada);
    CHECK(job.starts_with("id: " + std::to_string(first + 2) + "\nevent: job_status\ndata: {"));
    CHECK(all_of(*bob).empty());
    CHECK(all_of(*root) == job);
    board.close(root.get());
    board.post_job(job_of("ada"));
    CHECK(all_of(*root).empty());
    CHECK(board.streams() == 2);
}

TEST_CASE("who comes again is told what was missed, or to begin anew", "[gateway]") {
    EventBoard board{start};
    board.post_fabs({FabId{"a"}});
    board.post_job(job_of("ada"));
    board.post_fabs({FabId{"b"}});
    const auto again = [&](const std::string& who, const std::string& last) {
        const auto stream = stream_of();
        board.open(stream, named(who), last);
        std::string text = all_of(*stream);
        board.close(stream.get());
        return text;
    };
    const std::string resync = "id: " + std::to_string(first + 3) + "\nevent: resync\ndata: {}\n\n";
    CHECK(again("bob", std::to_string(first + 1)).find("job_status") == std::string::npos);
    CHECK(again("bob", std::to_string(first + 1)).find("\"b\"") != std::string::npos);
    CHECK(again("ada", std::to_string(first + 1)).find("job_status") != std::string::npos);
    CHECK(again("ada", std::to_string(first)).find("\"a\"") != std::string::npos);
    CHECK(again("ada", std::to_string(first + 3)).empty());
    CHECK(again("ada", std::to_string(first - 1)) == resync);  // Of an earlier run.
    CHECK(again("ada", std::to_string(first + 4)) == resync);  // The clock was set back.
    CHECK(again("ada", "nonsense") == resync);
    CHECK(again("ada", "-1") == resync);
    board.forget();
    CHECK(again("ada", std::to_string(first + 3)).find("resync") != std::string::npos);
}

TEST_CASE("of what is new only the last part is kept", "[gateway]") {
    EventBoard board{start};
    for (int i = 0; i < 5000; ++i)
        board.post_fabs({FabId{"a"}});
    const auto stream = stream_of(64 << 20U);
    board.open(stream, named("ada"), std::to_string(first + 1));
    CHECK(all_of(*stream).find("resync") != std::string::npos);
    board.open(stream, named("ada"), std::to_string(first + 4990));
    CHECK(stream->take().size() == 10);
    const auto late = stream_of();
    board.post_resync();
    board.open(late, named("ada"), std::to_string(first + 4990));
    CHECK(all_of(*late).find("resync") != std::string::npos);
}

}  // namespace
}  // namespace nearfab::gateway
