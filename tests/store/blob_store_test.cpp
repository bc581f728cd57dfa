// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/blob_store.hpp"

#include "host/durable_file.hpp"
#include "store/blob_directory.hpp"
#include "tests/host/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <fstream>
#include <string>
#include <sys/stat.h>

namespace nearfab {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes sample(std::size_t size, unsigned seed = 1) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::uint8_t>(i * 13 + seed);
    return bytes;
}

std::span<const std::uint8_t> piece(const Bytes& bytes, std::size_t from, std::size_t length) {
    return std::span{bytes}.subspan(from, length);
}

BlobStore open_store(const test::ScratchDirectory& scratch, const BlobLimits& limits = {}) {
    auto store = BlobStore::open(scratch / "blobs", limits);
    INFO((store ? "" : store.error().message));
    REQUIRE(store);
    return std::move(*store);
}

template <typename T>
Error error_of(const Result<T>& result) {
    REQUIRE_FALSE(result);
    CHECK_FALSE(result.error().next.empty());
    return result.error();
}

TEST_CASE("what is put in comes back under its hash", "[store]") {
    const test::ScratchDirectory scratch;
    BlobStore store = open_store(scratch);
    const Bytes bytes = sample(1000);
    const auto hash = store.put(bytes);
    REQUIRE(hash);
    CHECK(*hash == hash_of(bytes));
    CHECK(store.has(*hash));
    CHECK(*store.size(*hash) == 1000);
    CHECK(*store.read(*hash, 0, 5000) == bytes);
    CHECK(*store.read(*hash, 990, 100) == Bytes(bytes.end() - 10, bytes.end()));
    CHECK(store.read(*hash, 1000, 1)->empty());
    CHECK(error_of(store.read(*hash, 1001, 1)).code == ErrorCode::invalid_argument);
    CHECK(*read_file(store.path(*hash), 5000) == bytes);
    CHECK(store.verify(*hash));
}

TEST_CASE("the same bytes are stored once", "[store]") {
    const test::ScratchDirectory scratch;
    BlobStore store = open_store(scratch);
    const auto first = store.put(sample(1000));
    const auto second = store.put(sample(1000));
    CHECK(*first == *second);
    CHECK(store.total_bytes() == 1000);
    CHECK(store.incoming() == 0);
}

TEST_CASE("an empty file is a blob too", "[store]") {
    const test::ScratchDirectory scratch;
    BlobStore store = open_store(scratch);
    const auto hash = store.put({});
    REQUIRE(hash);
    CHECK(*store.size(*hash) == 0);
    CHECK(store.verify(*hash));
}

TEST_CASE("an upload in pieces becomes visible only when it is finished", "[store]") {
    const test::ScratchDirectory scratch;
    BlobStore store = open_store(scratch);
    const Bytes bytes = sample(1000);
    const ContentHash hash = hash_of(bytes);
    CHECK(*store.begin(hash, 1000) == 0);
    REQUIRE(store.write(hash, 0, piece(bytes, 0, 600)));
    CHECK_FALSE(store.has(hash));
    const Error early = error_of(store.finish(hash));
    CHECK(early.code == ErrorCode::conflict);
    CHECK_THAT(early.message, Catch::Contains("600 of 1000 bytes"));
    REQUIRE(store.write(hash, 600, piece(bytes, 600, 400)));
    REQUIRE(store.finish(hash));
    CHECK(store.has(hash));
    CHECK(*store.begin(hash, 1000) == 1000);
    CHECK(store.finish(hash));
    CHECK(store.total_bytes() == 1000);
}

TEST_CASE("an upload is taken up again after the store was closed", "[store]") {
    const test::ScratchDirectory scratch;
    const Bytes bytes = sample(1000);
    const ContentHash hash = hash_of(bytes);
    {
        BlobStore store = open_store(scratch);
        REQUIRE(store.begin(hash, 1000));
        REQUIRE(store.write(hash, 0, piece(bytes, 0, 700)));
    }
    BlobStore store = open_store(scratch);
    CHECK(store.incoming() == 1);
    CHECK(error_of(store.write(hash, 700, piece(bytes, 700, 300))).code == ErrorCode::too_large);
    CHECK(*store.begin(hash, 1000) == 700);
    CHECK(store.total_bytes() == 1000);
    REQUIRE(store.write(hash, 700, piece(bytes, 700, 300)));
    REQUIRE(store.finish(hash));
    CHECK(*store.read(hash, 0, 1000) == bytes);
}

TEST_CASE("finished blobs are there after the store was closed", "[store]") {
    const test::ScratchDirectory scratch;
    ContentHash hash;
    {
        BlobStore store = open_store(scratch);
        hash = *store.put(sample(10));
        REQUIRE(store.put(sample(20)));
    }
    BlobStore store = open_store(scratch);
    CHECK(store.has(hash));
    CHECK(store.total_bytes() == 30);
}

TEST_CASE("a piece at the wrong place is refused with both numbers", "[store]") {
    const test::ScratchDirectory scratch;
    BlobStore store = open_store(scratch);
    const Bytes bytes = sample(1000);
    const ContentHash hash = hash_of(bytes);
    CHECK(error_of(store.write(hash, 0, piece(bytes, 0, 10))).code == ErrorCode::not_found);
    REQUIRE(store.begin(hash, 1000));
    REQUIRE(store.write(hash, 0, piece(bytes, 0, 100)));
    for (const std::uint64_t offset : {0U, 99U, 101U}) {
        const Error error = error_of(store.write(hash, offset, piece(bytes, 0, 10)));
        CHECK(error.code == ErrorCode::conflict);
        CHECK_THAT(error.message, Catch::Contains("byte " + std::to_string(offset)));
        CHECK_THAT(error.message, Catch::Contains("100 have been received"));
    }
    CHECK(*store.begin(hash, 1000) == 100);
}

TEST_CASE("more than announced is refused", "[store]") {
    const test::ScratchDirectory scratch;
    BlobStore store = open_store(scratch);
    const Bytes bytes = sample(1000);
    const ContentHash hash = hash_of(bytes);
    REQUIRE(store.begin(hash, 999));
    const Error error = error_of(store.write(hash, 0, bytes));
    CHECK(error.code == ErrorCode::too_large);
    CHECK_THAT(error.message, Catch::Contains("1000 bytes, 999 were announced"));
    CHECK(*store.begin(hash, 1000) == 0);
    REQUIRE(store.write(hash, 0, bytes));
    CHECK(error_of(store.begin(hash, 500)).code == ErrorCode::conflict);
    REQUIRE(store.finish(hash));
    CHECK(error_of(store.begin(hash, 999)).code == ErrorCode::conflict);
}

TEST_CASE("bytes that are not what the hash says are deleted", "[store]") {
    const test::ScratchDirectory scratch;
    BlobStore store = open_store(scratch);
    const Bytes right = sample(1000);
    const Bytes wrong = sample(1000, 2);
    const ContentHash hash = hash_of(right);
    REQUIRE(store.begin(hash, 1000));
    REQUIRE(store.write(hash, 0, wrong));
    const Error error = error_of(store.finish(hash));
    CHECK(error.code == ErrorCode::invalid_file);
    CHECK_THAT(error.message, Catch::Contains(hash.hex()));
    CHECK_THAT(error.message, Catch::Contains(hash_of(wrong).hex()));
    CHECK_FALSE(store.has(hash));
    CHECK(store.total_bytes() == 0);
    CHECK(store.incoming() == 0);
    CHECK(*store.begin(hash, 1000) == 0);
}

TEST_CASE("bytes at hand win over a wrong upload of the same hash", "[store]") {
    const test::ScratchDirectory scratch;
    BlobStore store = open_store(scratch);
    const Bytes right = sample(1000);
    REQUIRE(store.begin(hash_of(right), 1000));
    REQUIRE(store.write(hash_of(right), 0, piece(sample(1000, 2), 0, 500)));
    REQUIRE(store.put(right));
    CHECK(store.verify(hash_of(right)));
    CHECK(store.total_bytes() == 1000);
}

TEST_CASE("two uploads may be under way together", "[store]") {
    const test::ScratchDirectory scratch;
    BlobStore store = open_store(scratch);
    const Bytes a = sample(1000, 1);
    const Bytes b = sample(500, 2);
    REQUIRE(store.begin(hash_of(a), a.size()));
    REQUIRE(store.begin(hash_of(b), b.size()));
    for (std::size_t i = 0; i < 10; ++i) {
        REQUIRE(store.write(hash_of(a), i * 100, piece(a, i * 100, 100)));
        REQUIRE(store.write(hash_of(b), i * 50, piece(b, i * 50, 50)));
    }
    REQUIRE(store.finish(hash_of(b)));
    REQUIRE(store.finish(hash_of(a)));
    CHECK(*store.read(hash_of(a), 0, 1000) == a);
    CHECK(*store.read(hash_of(b), 0, 1000) == b);
}

TEST_CASE("limits are kept and named", "[store]") {
    const test::ScratchDirectory scratch;
    BlobStore store =
        open_store(scratch, {.max_blob_bytes = 1000, .max_total_bytes = 1500, .max_incoming = 2});
    const Error big = error_of(store.put(sample(1001)));
    CHECK(big.code == ErrorCode::too_large);
    CHECK_THAT(big.message, Catch::Contains("1001") && Catch::Contains("1000"));
    REQUIRE(store.put(sample(1000)));
    CHECK(error_of(store.put(sample(501))).code == ErrorCode::limit_reached);
    REQUIRE(store.begin(hash_of("a"), 300));
    REQUIRE(store.begin(hash_of("b"), 200));
    CHECK(error_of(store.begin(hash_of("c"), 0)).code == ErrorCode::limit_reached);
    CHECK(store.total_bytes() == 1500);
    REQUIRE(store.begin(hash_of("a"), 300));
    CHECK(error_of(store.begin(hash_of("a"), 301)).code == ErrorCode::limit_reached);
    const auto huge = store.begin(hash_of("b"), ~std::uint64_t{0});
    CHECK(error_of(huge).code == ErrorCode::too_large);
}

TEST_CASE("an upload larger than the free disk is refused at once", "[store]") {
    const test::ScratchDirectory scratch;
    const std::uint64_t no_limit = std::uint64_t{1} << 62U;
    BlobStore store =
        open_store(scratch, {.max_blob_bytes = no_limit, .max_total_bytes = no_limit});
    const Error error = error_of(store.begin(hash_of("x"), no_limit - 1));
    CHECK(error.code == ErrorCode::storage);
    CHECK_THAT(error.message, Catch::StartsWith("disk full"));
    CHECK(store.incoming() == 0);
}

TEST_CASE("a damaged blob is noticed, and can be replaced", "[store]") {
    const test::ScratchDirectory scratch;
    BlobStore store = open_store(scratch);
    const Bytes bytes = sample(1000);
    const auto hash = store.put(bytes);
    ::chmod(store.path(*hash).c_str(), 0600);
    std::fstream{store.path(*hash), std::ios::in | std::ios::out | std::ios::binary}.seekp(500).put(
        '!');
    const Error error = error_of(store.verify(*hash));
    CHECK(error.code == ErrorCode::storage);
    CHECK_THAT(error.message, Catch::Contains(hash->hex()) && Catch::Contains("is damaged"));
    REQUIRE(store.remove(*hash));
    CHECK(store.total_bytes() == 0);
    CHECK(error_of(store.verify(*hash)).code == ErrorCode::not_found);
    REQUIRE(store.put(bytes));
    CHECK(store.verify(*hash));
}

TEST_CASE("uploads that nobody goes on with are removed, others are kept", "[store]") {
    const test::ScratchDirectory scratch;
    BlobStore store = open_store(scratch);
    const ContentHash old = hash_of("old");
    const ContentHash fresh = hash_of("fresh");
    REQUIRE(store.begin(old, 100));
    REQUIRE(store.begin(fresh, 200));
    const std::array<timespec, 2> times{timespec{1'000'000, 0}, timespec{1'000'000, 0}};
    REQUIRE(::utimensat(-1, part_path(scratch / "blobs", old).c_str(), times.data(), 0) == 0);
    const std::array<timespec, 2> later{timespec{1'003'000, 0}, timespec{1'003'000, 0}};
    REQUIRE(::utimensat(-1, part_path(scratch / "blobs", fresh).c_str(), later.data(), 0) == 0);
    const WallTime now{std::chrono::seconds{1'003'600}};
    CHECK(*store.remove_stale_incoming(std::chrono::hours{2}, now) == 0);
    CHECK(*store.remove_stale_incoming(std::chrono::hours{1}, now) == 1);
    CHECK(store.incoming() == 1);
    CHECK(store.total_bytes() == 200);
    CHECK(error_of(store.write(old, 0, sample(1))).code == ErrorCode::not_found);
    CHECK(*store.begin(old, 100) == 0);
}

TEST_CASE("foreign files and links in the store are not taken for blobs", "[store]") {
    const test::ScratchDirectory scratch;
    const ContentHash hash = hash_of("x");
    { BlobStore store = open_store(scratch); }
    std::filesystem::create_directories(scratch.path() / "blobs" / hash.hex().substr(0, 2));
    std::ofstream{scratch.path() / "blobs" / hash.hex().substr(0, 2) / "notes.txt"} << "hello";
    std::ofstream{scratch / "blobs/incoming/notes.part"} << "hello";
    std::filesystem::create_symlink("/etc/passwd", blob_path(scratch / "blobs", hash));
    BlobStore store = open_store(scratch);
    CHECK(store.total_bytes() == 0);
    CHECK(store.incoming() == 0);
    CHECK_FALSE(store.has(hash));
    CHECK(error_of(store.read(hash, 0, 10)).code == ErrorCode::not_found);
}

TEST_CASE("a second process cannot use the same blob directory", "[store]") {
    const test::ScratchDirectory scratch;
    const BlobStore store = open_store(scratch);
    const auto second = BlobStore::open(scratch / "blobs", {});
    CHECK(error_of(second).code == ErrorCode::conflict);
    CHECK_THAT(second.error().message, Catch::StartsWith("another process uses"));
}

}  // namespace
}  // namespace nearfab
