// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/match_pass.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace nearfab::router {
namespace {

void add(WaitingLines& lines, const std::string& who, std::int64_t at_ms, const std::string& id) {
    lines[IdentityId{who}].insert({WallTime{Duration{at_ms}}, WorkOrderId{id}});
}

std::string rest_of(MatchPass& pass, const WaitingLines& lines) {
    std::string text;
    while (const auto id = pass.next(lines))
        text += id->text() + " ";
    return text;
}

std::size_t none(const IdentityId&) {
    return 0;
}

TEST_CASE("submitters take turns, and within a round the earlier job comes first", "[router]") {
    WaitingLines lines;
    for (const char* id : {"a1", "a2", "a3"})
        add(lines, "ada", 1, id);
    add(lines, "bob", 2, "b1");
    add(lines, "cid", 0, "c1");
    MatchPass pass;
    pass.begin(lines, none);
    CHECK(rest_of(pass, lines) == "c1 a1 b1 a2 a3 ");
    CHECK(pass.over());
}

TEST_CASE("who holds places already waits for as many rounds", "[router]") {
    WaitingLines lines;
    add(lines, "ada", 1, "a1");
    for (const char* id : {"b1", "b2", "b3"})
        add(lines, "bob", 2, id);
    MatchPass pass;
    pass.begin(lines,
               [](const IdentityId& who) -> std::size_t { return who.text() == "ada" ? 2 : 0; });
    CHECK(rest_of(pass, lines) == "b1 b2 a1 b3 ");
}

TEST_CASE("a pass goes on when the lines have changed under it", "[router]") {
    WaitingLines lines;
    for (const char* id : {"a1", "a2", "a3", "a4"})
        add(lines, "ada", 1, id);
    MatchPass pass;
    pass.begin(lines, none);
    CHECK(pass.next(lines) == WorkOrderId{"a1"});
    lines[IdentityId{"ada"}].erase({WallTime{Duration{1}}, WorkOrderId{"a1"}});
    lines[IdentityId{"ada"}].erase({WallTime{Duration{1}}, WorkOrderId{"a2"}});
    CHECK(pass.next(lines) == WorkOrderId{"a3"});
    lines.clear();
    CHECK_FALSE(pass.next(lines));
    CHECK(pass.over());
}

}  // namespace
}  // namespace nearfab::router
