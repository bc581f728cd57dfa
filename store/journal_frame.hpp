// SPDX-License-Identifier: GPL-3.0-or-later
// journal_frame.hpp - the unit a journal is written and checked in: one commit, with its hash.
//
// All numbers little end first. A frame begins at a multiple of 32 and is a multiple of 32 long:
//
//   header, 32 bytes:  "NFJ1" | payload bytes u32 | count u32 | type u32 | seq u64 | check u64
//   payload, then zeros up to the next multiple of 32
//   chain, 32 bytes:   BLAKE2b-256(chain of the frame before | header | payload and zeros)
//
// The check is the start of BLAKE2b-256(salt | the 24 bytes before it); the salt is the chain at
// the start of the file, which nobody outside knows, so no fact can be made to look like a header.
// Neither a header nor a chain crosses a sector of 512 bytes: each is there or not.
//
// The payload of a facts frame is count times: wall time in ms i64 | bytes u32 | the fact.

#pragma once

#include "base/clock.hpp"
#include "base/content_hash.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace nearfab::frame {

inline constexpr std::size_t alignment = 32;
inline constexpr std::size_t header_bytes = 32;
inline constexpr std::size_t chain_bytes = 32;
inline constexpr std::size_t sector_bytes = 512;
inline constexpr std::size_t payload_bytes_max = std::size_t{1} << 30U;

enum class Type : std::uint32_t {
    segment = 1,   // First of a file of the log: format, kind, the chain it goes on from.
    facts = 2,     // One commit.
    opened = 3,    // A program opened the journal: all before it is as it was then.
    closed = 4,    // It was closed in order.
    sealed = 5,    // Last of a file; the log goes on in the next one.
    snapshot = 6,  // First of a snapshot: format, kind, the chain and number it stands for.
    part = 7,      // A piece of a snapshot.
    end = 8,       // Last of a snapshot; count is the number of pieces.
};
inline constexpr std::uint32_t type_last = 8;

struct Header {
    Type type = Type::facts;
    std::uint32_t payload = 0;  // Bytes, without the zeros.
    std::uint32_t count = 0;
    std::uint64_t seq = 0;  // Of the first fact in it; else of the next fact to come.

    // Of the whole frame.
    [[nodiscard]] std::size_t bytes() const;
};

// Appends the frame to `out` and moves `chain` on.
void write(std::vector<std::uint8_t>& out,
           const Header& header,
           std::span<const std::uint8_t> payload,
           const ContentHash& salt,
           ContentHash& chain);

// The header in the first 32 of these bytes, if they are one.
[[nodiscard]] std::optional<Header> read_header(std::span<const std::uint8_t> bytes,
                                                const ContentHash& salt);

// The chain after this frame, which is given without its last 32 bytes.
[[nodiscard]] ContentHash next_chain(const ContentHash& chain, std::span<const std::uint8_t> bytes);

// Where the chain of a journal (or of its snapshots) of this kind begins.
[[nodiscard]] ContentHash first_chain(std::string_view kind);

void put_u32(std::vector<std::uint8_t>& out, std::uint32_t number);
void put_u64(std::vector<std::uint8_t>& out, std::uint64_t number);
[[nodiscard]] std::uint32_t get_u32(std::span<const std::uint8_t> bytes);
[[nodiscard]] std::uint64_t get_u64(std::span<const std::uint8_t> bytes);

void put_fact(std::vector<std::uint8_t>& payload,
              WallTime wall,
              std::span<const std::uint8_t> fact);

struct FactView {
    WallTime wall;
    std::span<const std::uint8_t> fact;
};
// Takes the next fact off the front of a payload; nothing when the payload is not well formed.
[[nodiscard]] std::optional<FactView> take_fact(std::span<const std::uint8_t>& payload);

}  // namespace nearfab::frame
