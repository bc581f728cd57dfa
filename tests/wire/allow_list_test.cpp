// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/allow_list.hpp"

#include "host/durable_file.hpp"
#include "tests/host/scratch_directory.hpp"
#include "wire/keys.hpp"

#include <catch2/catch.hpp>

namespace nearfab::wire {
namespace {

std::string new_key() {
    return generate_key_pair().public_key;
}

Error error_of(const std::string& text) {
    const Result<AllowList> list = AllowList::parse(text, "allow.keys");
    REQUIRE_FALSE(list.has_value());
    return list.error();
}

TEST_CASE("An allow list tells whose key it is") {
    const std::string lyon = new_key();
    const std::string anna = new_key();
    const std::string anna_home = new_key();
    const std::string anna_admin = new_key();
    const std::string peer = new_key();
    const std::string text = "# The Lyon network\n\nagent fablab-lyon " + lyon +
                             "\r\n  client\tanna   " + anna + "  \nclient anna " + anna_home +
                             "\noperator anna " + anna_admin + "\npeer grenoble " + peer;
    const Result<AllowList> list = AllowList::parse(text, "allow.keys");
    REQUIRE(list.has_value());
    CHECK(list->size() == 5);
    CHECK(list->find(lyon) == Identity{Role::agent, IdentityId{"fablab-lyon"}, lyon});
    CHECK(list->find(anna) == Identity{Role::client, IdentityId{"anna"}, anna});
    CHECK(list->find(anna_home) == Identity{Role::client, IdentityId{"anna"}, anna_home});
    CHECK(list->find(anna_admin) == Identity{Role::operator_, IdentityId{"anna"}, anna_admin});
    CHECK(list->find(peer) == Identity{Role::peer, IdentityId{"grenoble"}, peer});
    CHECK_FALSE(list->find(new_key()).has_value());
    CHECK_FALSE(list->find("").has_value());
}

TEST_CASE("A '#' in a key is part of the key") {
    const std::string key = "#" + std::string(39, '0');
    CHECK_FALSE(is_well_formed_key(key));  // Over 2^32, so a usable '#' stands further right.
    const std::string usable = "0#" + std::string(38, '0');
    REQUIRE(is_well_formed_key(usable));
    const Result<AllowList> list = AllowList::parse("client anna " + usable, "allow.keys");
    REQUIRE(list.has_value());
    CHECK(list->find(usable).has_value());
}

TEST_CASE("An allow list error names the file, the line and what was expected") {
    const std::string key = new_key();
    CHECK(error_of("# a\n\nclient anna\n").message ==
          "allow.keys:3: expected \"role name key\", found 2 words");
    CHECK(error_of("client anna " + key + " # comment").code == ErrorCode::config);
    CHECK(error_of("maker anna " + key).message ==
          "allow.keys:1: expected a role, found \"maker\"");
    CHECK(error_of("client ../anna " + key).message ==
          "allow.keys:1: \"../anna\" cannot be a name");
    CHECK(error_of("client anna " + key.substr(1)).message.find("found 39 characters") !=
          std::string::npos);
}

TEST_CASE("A key belongs to one identity, and an agent has one key") {
    const std::string key = new_key();
    CHECK(error_of("client anna " + key + "\nclient ben " + key).message ==
          "allow.keys:2: this key stands in line 1 already, as anna");
    CHECK(error_of("agent lyon " + key + "\n#\nagent lyon " + new_key()).message ==
          "allow.keys:3: agent lyon has a key in line 1 already");
}

TEST_CASE("An allow list is loaded from its file") {
    const nearfab::test::ScratchDirectory directory;
    const auto file = directory / "allow.keys";
    const Error missing = AllowList::load(file).error();
    CHECK(missing.code == ErrorCode::config);
    CHECK(missing.message == "there is no list of allowed keys " + file.string());
    CHECK(missing.next.find("ROLE NAME KEY") != std::string::npos);
    const std::string key = new_key();
    const std::string text = "client anna " + key + "\n";
    REQUIRE(write_durably(file, std::vector<std::uint8_t>{text.begin(), text.end()}).has_value());
    const Result<AllowList> list = AllowList::load(file);
    REQUIRE(list.has_value());
    CHECK(list->find(key).has_value());
}

}  // namespace
}  // namespace nearfab::wire
