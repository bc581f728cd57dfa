// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/content_hash.hpp"

#include "base/check.hpp"

#include <sodium.h>

namespace nearfab {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

std::optional<std::uint8_t> hex_value(char c) {
    if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
    return std::nullopt;
}

}  // namespace

std::string ContentHash::hex() const {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text += hex_digits[byte >> 4U];
        text += hex_digits[byte & 0x0FU];
    }
    return text;
}

std::optional<ContentHash> ContentHash::from_hex(std::string_view text) {
    ContentHash hash;
    if (text.size() != hash.bytes.size() * 2) return std::nullopt;
    for (std::size_t i = 0; i < hash.bytes.size(); ++i) {
        const auto high = hex_value(text[2 * i]);
        const auto low = hex_value(text[2 * i + 1]);
        if (!high || !low) return std::nullopt;
        hash.bytes[i] = static_cast<std::uint8_t>((*high << 4U) | *low);
    }
    return hash;
}

struct ContentHasher::State {
    crypto_generichash_state sodium;
};

ContentHasher::ContentHasher() : state_{std::make_unique<State>()} {
    crypto_generichash_init(&state_->sodium, nullptr, 0, sizeof(ContentHash::bytes));
}
ContentHasher::~ContentHasher() = default;
ContentHasher::ContentHasher(ContentHasher&&) noexcept = default;
ContentHasher& ContentHasher::operator=(ContentHasher&&) noexcept = default;

void ContentHasher::add(std::span<const std::uint8_t> bytes) {
    NEARFAB_CHECK(state_ != nullptr, "a spent hasher was fed");
    crypto_generichash_update(&state_->sodium, bytes.data(), bytes.size());
}

ContentHash ContentHasher::finish() {
    NEARFAB_CHECK(state_ != nullptr, "a hasher was finished twice");
    ContentHash hash;
    crypto_generichash_final(&state_->sodium, hash.bytes.data(), hash.bytes.size());
    state_.reset();
    return hash;
}

ContentHash hash_of(std::span<const std::uint8_t> bytes) {
    ContentHash hash;
    crypto_generichash(
        hash.bytes.data(), hash.bytes.size(), bytes.data(), bytes.size(), nullptr, 0);
    return hash;
}

ContentHash hash_of(std::string_view bytes) {
    return hash_of(std::span{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

}  // namespace nearfab
