// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/tokens.hpp"

#include "host/durable_file.hpp"
#include "router/gateway/token_command.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace nearfab::gateway {
namespace {

using std::chrono::sys_days;
using namespace std::chrono_literals;

const WallTime today{sys_days{2026y / 11 / 30} + 12h};

std::string line_of(const TokenWish& wish, const std::string& token) {
    const auto line = token_line(wish, token);
    REQUIRE(line);
    return *line + "\n";
}

std::string fault_of(const std::string& text) {
    const auto list = TokenList::parse(text, "tokens");
    REQUIRE_FALSE(list);
    CHECK(list.error().code == ErrorCode::config);
    CHECK_FALSE(list.error().next.empty());
    return list.error().message;
}

TEST_CASE("a token is random and known by its hash alone", "[gateway]") {
    const std::string token = make_token();
    CHECK(token.size() == 46);
    CHECK(token.starts_with("nf_"));
    CHECK(make_token() != token);
    const std::string line = line_of({"operator", "hugo", "lyon,sud", "2026-12-31"}, token);
    CHECK(line.find(token) == std::string::npos);
    const auto list = TokenList::parse("# people\n\n" + line, "tokens");
    REQUIRE(list);
    const auto hugo = list->find(token, today);
    REQUIRE(hugo);
    CHECK(hugo->name.text() == "hugo");
    CHECK(hugo->access == Access::operator_);
    CHECK(hugo->fabs == std::vector{FabId{"lyon"}, FabId{"sud"}});
    CHECK(list->is_good(*hugo, today));
    CHECK_FALSE(list->find(make_token(), today));
    CHECK_FALSE(list->find("nf_short", today));
    CHECK_FALSE(list->find("", today));
}

TEST_CASE("a token is good to the end of its last day", "[gateway]") {
    const std::string token = make_token();
    const auto list = TokenList::parse(line_of({"designer", "anna", "", "2026-11-30"}, token), "t");
    REQUIRE(list);
    CHECK(list->find(token, WallTime{sys_days{2026y / 12 / 1}} - 1ms));
    const auto late = list->find(token, WallTime{sys_days{2026y / 12 / 1}});
    REQUIRE_FALSE(late);
    CHECK(late.error().message == "the time of this token is over");
    Caller anna = *list->find(token, today);
    CHECK_FALSE(list->is_good(anna, today + 48h));
    anna.access = Access::admin;  // Its line was changed meanwhile.
    CHECK_FALSE(list->is_good(anna, today));
}

TEST_CASE("a fault in the list of tokens is named with its line", "[gateway]") {
    const std::string hash(64, 'a');
    CHECK(fault_of("\ndesigner anna\n") == "tokens:2: expected \"role name hash\", found 2 words");
    CHECK(fault_of("boss anna " + hash) == "tokens:1: expected a role, found \"boss\"");
    CHECK(fault_of("designer ../x " + hash).find("cannot be a name") != std::string::npos);
    CHECK(fault_of("designer anna abc").find("64 hex digits") != std::string::npos);
    CHECK(fault_of("designer anna " + make_token()).find("the token itself") != std::string::npos);
    CHECK(fault_of("operator hugo " + hash).find("none is named") != std::string::npos);
    CHECK(fault_of("designer anna " + hash + " fabs=a").find("only an operator") !=
          std::string::npos);
    CHECK(fault_of("designer anna " + hash + " until=2026-02-30").find("names no day") !=
          std::string::npos);
    CHECK(fault_of("designer anna " + hash + " often").find("found \"often\"") !=
          std::string::npos);
    CHECK(fault_of("designer anna " + hash + "\nadmin bob " + hash).find("line 1 already") !=
          std::string::npos);
}

TEST_CASE("the command adds a line, or says which", "[gateway]") {
    std::string pattern = "/tmp/nearfab-tokens-XXXXXX";
    const std::filesystem::path folder = ::mkdtemp(pattern.data());
    Settings settings;
    settings.tokens = folder / "tokens";
    const auto made = make_token_for({"designer", "anna", "", ""}, settings, true);
    REQUIRE(made);
    const std::string token = made->substr(0, made->find('\n'));
    const auto list = TokenList::load(settings.tokens);
    REQUIRE(list);
    CHECK(list->find(token, today)->name.text() == "anna");
    REQUIRE(make_token_for({"designer", "bob", "", ""}, settings, true));
    CHECK(TokenList::load(settings.tokens)->size() == 2);
    const auto shown = make_token_for({"designer", "anna", "", ""}, settings, false);
    REQUIRE(shown);
    CHECK(shown->find("designer anna ") != std::string::npos);
    CHECK(TokenList::load(settings.tokens)->size() == 2);
    CHECK_FALSE(make_token_for({"boss", "anna", "", ""}, settings, true));
    CHECK_FALSE(make_token_for({"designer", "anna\nadmin", "", ""}, settings, true));
    CHECK_FALSE(make_token_for({"designer", "anna", "", ""}, std::nullopt, true));
    CHECK_FALSE(TokenList::load(folder / "none"));
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace nearfab::gateway
