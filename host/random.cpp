// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/random.hpp"

#include "base/check.hpp"

#include <sodium.h>

#include <string_view>
#include <vector>

namespace nearfab {
namespace {

void fill(void* target, std::size_t size) {
    // sodium_init may be called again and again, from any thread; only the first call works.
    static const bool ready = sodium_init() >= 0;
    NEARFAB_CHECK(ready, "libsodium could not start");
    // An empty vector has no address, and libsodium wants one even for no bytes.
    if (size > 0) randombytes_buf(target, size);
}

}  // namespace

std::uint64_t random_u64() {
    std::uint64_t number = 0;
    fill(&number, sizeof number);
    return number;
}

std::string random_hex(std::size_t bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::vector<std::uint8_t> raw(bytes);
    fill(raw.data(), raw.size());
    std::string text;
    text.reserve(bytes * 2);
    for (const std::uint8_t byte : raw) {
        text += digits[byte >> 4U];
        text += digits[byte & 0x0FU];
    }
    return text;
}

}  // namespace nearfab
