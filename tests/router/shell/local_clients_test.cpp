// SPDX-License-Identifier: GPL-3.0-or-later
// The two queues between the router's loop and threads of its own program.

#include "router/shell/local_clients.hpp"

#include <catch2/catch.hpp>

#include <poll.h>
#include <string>

namespace nearfab::router {
namespace {

bool readable(int descriptor) {
    pollfd wanted{descriptor, POLLIN, 0};
    return ::poll(&wanted, 1, 0) == 1;
}

LocalQuestion chunk_of(std::size_t bytes, std::uint64_t correlation = 1) {
    message::UploadChunk chunk;
    chunk.bytes.assign(bytes, 0);
    return {first_local_session, IdentityId{"ada"}, Role::client, correlation, std::move(chunk)};
}

TEST_CASE("questions come in order, and wake the other side", "[router]") {
    const auto clients = *LocalClients::open({});
    CHECK_FALSE(readable(clients->questions_descriptor()));
    REQUIRE(clients->ask(chunk_of(1, 1)));
    REQUIRE(clients->ask(chunk_of(1, 2)));
    clients->leave(first_local_session + 7);
    CHECK(readable(clients->questions_descriptor()));
    const auto some = clients->take_questions(2);
    REQUIRE(some.size() == 2);
    CHECK(std::get<LocalQuestion>(some[1]).correlation == 2);
    CHECK(readable(clients->questions_descriptor()));  // There is more.
    const auto rest = clients->take_questions(2);
    REQUIRE(rest.size() == 1);
    CHECK(std::get<LocalGoodbye>(rest[0]).session == first_local_session + 7);
    CHECK_FALSE(readable(clients->questions_descriptor()));
}

TEST_CASE("no more bytes wait than the limits allow", "[router]") {
    LocalLimits limits;
    limits.question_bytes = 1000;
    limits.answer_bytes = 300;
    const auto clients = *LocalClients::open(limits);
    REQUIRE(clients->ask(chunk_of(600)));
    CHECK_FALSE(clients->ask(chunk_of(600)));
    CHECK(clients->take_questions(10).size() == 1);
    CHECK(clients->ask(chunk_of(600)));
    clients->answer({first_local_session, 5, message::OperatorAnswer{std::string(200, 'x')}});
    clients->answer({first_local_session, 6, message::OperatorAnswer{std::string(200, 'x')}});
    CHECK(readable(clients->answers_descriptor()));
    const auto answers = clients->take_answers();
    REQUIRE(answers.size() == 2);
    CHECK(std::holds_alternative<message::OperatorAnswer>(answers[0].body));
    CHECK(std::get<message::Failure>(answers[1].body).error.code == ErrorCode::unavailable);
    CHECK(answers[1].correlation == 6);
    CHECK_FALSE(readable(clients->answers_descriptor()));
}

TEST_CASE("changes are gathered while somebody wants them", "[router]") {
    LocalLimits limits;
    limits.changes = 3;
    const auto clients = *LocalClients::open(limits);
    clients->tell({{JobId{"a"}}, {}, false});
    CHECK(clients->take_changes().empty());
    clients->want_changes(true);
    clients->tell({{JobId{"a"}}, {FabId{"f"}}, false});
    clients->tell({{JobId{"a"}, JobId{"b"}}, {}, false});
    CHECK(readable(clients->answers_descriptor()));
    const LocalChanges some = clients->take_changes();
    CHECK(some.jobs.size() == 2);
    CHECK(some.fabs.size() == 1);
    CHECK_FALSE(some.all);
    clients->tell({{JobId{"a"}, JobId{"b"}, JobId{"c"}, JobId{"d"}}, {}, false});
    const LocalChanges all = clients->take_changes();
    CHECK(all.all);
    CHECK(all.jobs.empty());
    clients->tell({{JobId{"a"}}, {}, false});
    clients->want_changes(false);
    CHECK(clients->take_changes().empty());
}

}  // namespace
}  // namespace nearfab::router
