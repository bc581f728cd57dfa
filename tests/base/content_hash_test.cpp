// SPDX-License-Identifier: GPL-3.0-or-later
// Names by content: BLAKE2b-256 and its hexadecimal form.

#include "base/content_hash.hpp"

#include <catch2/catch.hpp>

namespace nearfab {
namespace {

TEST_CASE("the hash is BLAKE2b-256, whole or in pieces", "[hash]") {
    // As `b2sum -l 256` prints for an empty file.
    CHECK(hash_of("").hex() == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    ContentHasher hasher;
    const std::string text = "nearfab";
    for (const char letter : text) {
        const auto byte = static_cast<std::uint8_t>(letter);
        hasher.add({&byte, 1});
    }
    CHECK(hasher.finish() == hash_of(text));
    CHECK(hash_of("nearfab") != hash_of("nearfaB"));
}

TEST_CASE("only 64 hexadecimal digits are a hash", "[hash]") {
    const ContentHash hash = hash_of("x");
    CHECK(ContentHash::from_hex(hash.hex()) == hash);
    CHECK_FALSE(ContentHash::from_hex(hash.hex().substr(1)));
    CHECK_FALSE(ContentHash::from_hex(hash.hex() + "0"));
    std::string wrong = hash.hex();
    wrong[10] = 'g';
    CHECK_FALSE(ContentHash::from_hex(wrong));
    CHECK(hash.short_hex().size() == 8);
}

}  // namespace
}  // namespace nearfab
