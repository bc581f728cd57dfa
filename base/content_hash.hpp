// SPDX-License-Identifier: GPL-3.0-or-later
// content_hash.hpp - the name of a file is the hash of its bytes (BLAKE2b-256).
//
// Designs, toolpaths and their copies are named by content, so a changed byte is a different thing
// and can never be made by mistake.

#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>

namespace nearfab {

struct ContentHash {
    std::array<std::uint8_t, 32> bytes{};

    // 64 lower-case hex digits.
    [[nodiscard]] std::string hex() const;
    // The first 8 hex digits, for people and file names.
    [[nodiscard]] std::string short_hex() const { return hex().substr(0, 8); }
    // Exactly 64 hex digits, upper or lower case; anything else is nothing.
    [[nodiscard]] static std::optional<ContentHash> from_hex(std::string_view text);

    friend auto operator<=>(const ContentHash&, const ContentHash&) = default;
    friend bool operator==(const ContentHash&, const ContentHash&) = default;
    friend std::ostream& operator<<(std::ostream& out, const ContentHash& h) {
        return out << h.hex();
    }
};

[[nodiscard]] ContentHash hash_of(std::span<const std::uint8_t> bytes);
[[nodiscard]] ContentHash hash_of(std::string_view bytes);

// Hashes a stream of pieces. Not for sharing between threads.
class ContentHasher {
public:
    ContentHasher();
    ~ContentHasher();
    ContentHasher(ContentHasher&&) noexcept;
    ContentHasher& operator=(ContentHasher&&) noexcept;
    ContentHasher(const ContentHasher&) = delete;
    ContentHasher& operator=(const ContentHasher&) = delete;

    void add(std::span<const std::uint8_t> bytes);
    // REQUIRES: called once; the hasher is spent afterwards.
    [[nodiscard]] ContentHash finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace nearfab
