// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/keys.hpp"

#include "host/durable_file.hpp"
#include "tests/host/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <sys/stat.h>
#include <vector>

namespace nearfab::wire {
namespace {

using nearfab::test::ScratchDirectory;

std::vector<std::uint8_t> as_bytes(const std::string& text) {
    return {text.begin(), text.end()};
}

TEST_CASE("A new key pair is well formed, and no two are the same") {
    const KeyPair first = generate_key_pair();
    const KeyPair second = generate_key_pair();
    CHECK(is_well_formed_key(first.public_key));
    CHECK(is_well_formed_key(first.secret_key));
    CHECK(first.public_key != second.public_key);
    CHECK(first.secret_key != second.secret_key);
}

TEST_CASE("Only 40 characters of Z85 that mean 32 bytes are a key") {
    const std::string zeros(40, '0');
    CHECK(is_well_formed_key(zeros));
    CHECK_FALSE(is_well_formed_key(""));
    CHECK_FALSE(is_well_formed_key(zeros.substr(1)));
    CHECK_FALSE(is_well_formed_key(zeros + "0"));
    CHECK_FALSE(is_well_formed_key(std::string(39, '0') + " "));
    CHECK_FALSE(is_well_formed_key(std::string(39, '0') + "\""));
    // "%nSc0" is 2^32 - 1, the largest group; "%nSc1" is one more.
    CHECK(is_well_formed_key("%nSc0" + zeros.substr(5)));
    CHECK_FALSE(is_well_formed_key("%nSc1" + zeros.substr(5)));
    CHECK_FALSE(is_well_formed_key("#####" + zeros.substr(5)));
}

TEST_CASE("A saved key pair is loaded again, and only its owner can read it") {
    const ScratchDirectory directory;
    const auto file = directory / "agent.key";
    const KeyPair keys = generate_key_pair();
    REQUIRE(save_key_pair(file, keys).has_value());
    struct stat about {};
    REQUIRE(::stat(file.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777U) == 0600U);
    const Result<KeyPair> loaded = load_key_pair(file);
    REQUIRE(loaded.has_value());
    CHECK(loaded->public_key == keys.public_key);
    CHECK(loaded->secret_key == keys.secret_key);
    CHECK(std::distance(std::filesystem::directory_iterator{directory.path()}, {}) == 1);
}

TEST_CASE("A key file is never overwritten") {
    const ScratchDirectory directory;
    const auto file = directory / "agent.key";
    const KeyPair keys = generate_key_pair();
    REQUIRE(save_key_pair(file, keys).has_value());
    const Status again = save_key_pair(file, generate_key_pair());
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().code == ErrorCode::conflict);
    CHECK(load_key_pair(file)->public_key == keys.public_key);
    CHECK(std::distance(std::filesystem::directory_iterator{directory.path()}, {}) == 1);
}

TEST_CASE("A key file that others may read is refused, with the remedy") {
    const ScratchDirectory directory;
    const auto file = directory / "agent.key";
    REQUIRE(save_key_pair(file, generate_key_pair()).has_value());
    for (const mode_t mode : {0640U, 0604U, 0620U, 0601U}) {
        REQUIRE(::chmod(file.c_str(), mode) == 0);
        const Result<KeyPair> loaded = load_key_pair(file);
        REQUIRE_FALSE(loaded.has_value());
        CHECK(loaded.error().code == ErrorCode::unauthorised);
        CHECK(loaded.error().next.find("chmod 600") != std::string::npos);
    }
}

TEST_CASE("What is no key file is refused without showing any of it") {
    const ScratchDirectory directory;
    const auto file = directory / "agent.key";
    const Error missing = load_key_pair(file).error();
    CHECK(missing.code == ErrorCode::unauthorised);
    CHECK(missing.message == "there is no key file " + file.string());
    CHECK(missing.next.find("nearfab keygen --out " + file.string()) != std::string::npos);
    const KeyPair keys = generate_key_pair();
    const KeyPair other = generate_key_pair();
    const std::vector<std::string> contents{
        "",
        "public " + keys.public_key + "\n",
        "secret " + keys.secret_key + "\npublic " + keys.public_key + "\n",
        "public " + keys.public_key + "\nsecret " + keys.secret_key + "\nmore\n",
        "public " + keys.public_key + "\nsecret " + keys.secret_key.substr(1) + "\n",
        "public " + other.public_key + "\nsecret " + keys.secret_key + "\n"};
    for (const std::string& content : contents) {
        REQUIRE(write_durably(file, as_bytes(content), 0600).has_value());
        const Result<KeyPair> loaded = load_key_pair(file);
        REQUIRE_FALSE(loaded.has_value());
        CHECK(loaded.error().code == ErrorCode::unauthorised);
        CHECK(loaded.error().message.find(keys.secret_key.substr(1)) == std::string::npos);
    }
}

}  // namespace
}  // namespace nearfab::wire
