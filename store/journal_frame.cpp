// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/journal_frame.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

namespace nearfab::frame {
namespace {

constexpr std::uint32_t magic = 0x314A464EU;  // "NFJ1"
constexpr std::size_t checked_bytes = 24;
constexpr std::size_t fact_header_bytes = 12;

static_assert(std::endian::native == std::endian::little, "the journal is little end first");

std::size_t rounded(std::size_t bytes) {
    return (bytes + alignment - 1) / alignment * alignment;
}

template <typename T>
void put(std::vector<std::uint8_t>& out, T number) {
    const std::size_t at = out.size();
    out.resize(at + sizeof number);
    std::memcpy(out.data() + at, &number, sizeof number);
}

template <typename T>
T get(std::span<const std::uint8_t> bytes) {
    T number{};
    std::memcpy(&number, bytes.data(), sizeof number);
    return number;
}

std::uint64_t check_of(std::span<const std::uint8_t> header, const ContentHash& salt) {
    std::array<std::uint8_t, sizeof(ContentHash::bytes) + checked_bytes> both{};
    std::copy(salt.bytes.begin(), salt.bytes.end(), both.begin());
    std::copy_n(header.begin(), checked_bytes, both.begin() + sizeof(ContentHash::bytes));
    return get<std::uint64_t>(hash_of(both).bytes);
}

}  // namespace

std::size_t Header::bytes() const {
    return header_bytes + rounded(payload) + chain_bytes;
}

void write(std::vector<std::uint8_t>& out,
           const Header& header,
           std::span<const std::uint8_t> payload,
           const ContentHash& salt,
           ContentHash& chain) {
    NEARFAB_CHECK(payload.size() <= payload_bytes_max, "a frame of the journal is too large");
    const std::size_t start = out.size();
    out.reserve(start + header.bytes());
    put(out, magic);
    put(out, static_cast<std::uint32_t>(payload.size()));
    put(out, header.count);
    put(out, static_cast<std::uint32_t>(header.type));
    put(out, header.seq);
    put(out, check_of(std::span{out}.subspan(start), salt));
    out.insert(out.end(), payload.begin(), payload.end());
    out.resize(start + header_bytes + rounded(payload.size()));
    chain = next_chain(chain, std::span{out}.subspan(start));
    out.insert(out.end(), chain.bytes.begin(), chain.bytes.end());
}

std::optional<Header> read_header(std::span<const std::uint8_t> bytes, const ContentHash& salt) {
    if (bytes.size() < header_bytes || get<std::uint32_t>(bytes) != magic) return std::nullopt;
    if (get<std::uint64_t>(bytes.subspan(checked_bytes)) != check_of(bytes, salt)) {
        return std::nullopt;
    }
    Header header;
    header.payload = get<std::uint32_t>(bytes.subspan(4));
    header.count = get<std::uint32_t>(bytes.subspan(8));
    const auto type = get<std::uint32_t>(bytes.subspan(12));
    header.seq = get<std::uint64_t>(bytes.subspan(16));
    if (type == 0 || type > type_last || header.payload > payload_bytes_max) return std::nullopt;
    header.type = static_cast<Type>(type);
    return header;
}

ContentHash next_chain(const ContentHash& chain, std::span<const std::uint8_t> bytes) {
    ContentHasher hasher;
    hasher.add(chain.bytes);
    hasher.add(bytes);
    return hasher.finish();
}

ContentHash first_chain(std::string_view kind) {
    return hash_of("nearfab journal 2 of the " + std::string{kind});
}

void put_u32(std::vector<std::uint8_t>& out, std::uint32_t number) {
    put(out, number);
}

void put_u64(std::vector<std::uint8_t>& out, std::uint64_t number) {
    put(out, number);
}

std::uint32_t get_u32(std::span<const std::uint8_t> bytes) {
    return get<std::uint32_t>(bytes);
}

std::uint64_t get_u64(std::span<const std::uint8_t> bytes) {
    return get<std::uint64_t>(bytes);
}

void put_fact(std::vector<std::uint8_t>& payload,
              WallTime wall,
              std::span<const std::uint8_t> fact) {
    put(payload, static_cast<std::uint64_t>(wall.time_since_epoch().count()));
    put(payload, static_cast<std::uint32_t>(fact.size()));
    payload.insert(payload.end(), fact.begin(), fact.end());
}

std::optional<FactView> take_fact(std::span<const std::uint8_t>& payload) {
    if (payload.size() < fact_header_bytes) return std::nullopt;
    const auto wall_ms = static_cast<std::int64_t>(get<std::uint64_t>(payload));
    const std::size_t bytes = get<std::uint32_t>(payload.subspan(8));
    if (payload.size() - fact_header_bytes < bytes) return std::nullopt;
    FactView view{WallTime{Duration{wall_ms}}, payload.subspan(fact_header_bytes, bytes)};
    payload = payload.subspan(fact_header_bytes + bytes);
    return view;
}

}  // namespace nearfab::frame
