// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/zip_archive.hpp"

#include "tests/geometry/readers/package_writer.hpp"

#include <catch2/catch.hpp>

namespace nearfab::geometry {
namespace {

using namespace sample;
using Catch::Matchers::Contains;
using Bytes = std::vector<std::uint8_t>;

Result<std::string> contents_of(const Bytes& file,
                                std::string_view name,
                                const ReadLimits& limits = {}) {
    Result<ZipArchive> archive = ZipArchive::open(file, limits);
    if (!archive) return fail(archive.error());
    const ZipEntry* const entry = archive->find(name);
    REQUIRE(entry != nullptr);
    std::string contents;
    const Status status = archive->read(*entry, [&](std::span<const std::uint8_t> piece) {
        contents.append(piece.begin(), piece.end());
        return Status{};
    });
    if (!status) return fail(status.error());
    return contents;
}

std::string message_of(const Bytes& file, std::string_view name = "a") {
    const auto contents = contents_of(file, name);
    REQUIRE_FALSE(contents);
    CHECK_FALSE(contents.error().next.empty());
    return contents.error().message;
}

const std::string hello = "hello, hello, hello, hello";

TEST_CASE("stored, deflated and ZIP64 entries come out as they went in") {
    std::string large;
    for (int i = 0; i < 40'000; ++i)
        large += std::to_string(i * 7919 % 65'521);
    const Bytes file = zip_of({{.name = "folder/", .contents = "", .deflate = false},
                               {.name = "a", .contents = hello},
                               {.name = "b", .contents = hello, .deflate = false},
                               {.name = "c", .contents = large},
                               {.name = "/D.Model", .contents = hello, .zip64 = true},
                               {.name = "empty", .contents = ""}});
    CHECK(contents_of(file, "a") == hello);
    CHECK(contents_of(file, "/B") == hello);
    CHECK(contents_of(file, "c") == large);
    CHECK(contents_of(file, "d.model") == hello);
    CHECK(contents_of(file, "empty") == "");
    CHECK(contents_of(zip_of({{.name = "a", .contents = hello}}, true), "a") == hello);
    const auto archive = ZipArchive::open(file, {});
    REQUIRE(archive);
    CHECK(archive->find("x") == nullptr);
}

TEST_CASE("a damaged entry is found by its length or its checksum") {
    CHECK_THAT(message_of(zip_of({{.name = "a", .contents = hello, .crc = 1}})),
               Contains("checksum"));
    CHECK_THAT(message_of(zip_of({{.name = "a", .contents = hello, .stated_bytes = 25}})),
               Contains("more than the stated 25 bytes"));
    CHECK_THAT(message_of(zip_of({{.name = "a", .contents = hello, .stated_bytes = 27}})),
               Contains("26 bytes instead of 27"));
    CHECK_THAT(
        message_of(zip_of({{.name = "a", .contents = hello, .deflate = false, .method = 8}})),
        Contains("make no sense"));
    CHECK_THAT(message_of(zip_of({{.name = "a", .contents = hello, .method = 12}})),
               Contains("method 12"));
}

TEST_CASE("an archive whose end is missing is called so") {
    Bytes file = zip_of({{.name = "a", .contents = hello}});
    for (const int less : {1, 22, 40, 90}) {
        const Bytes cut(file.begin(), file.end() - less);
        const auto archive = ZipArchive::open(cut, {});
        REQUIRE_FALSE(archive);
        CHECK_THAT(archive.error().message, Contains("end of the file is probably missing"));
    }
    file.push_back(0);  // After the end.
    CHECK_FALSE(ZipArchive::open(file, {}));
    CHECK_FALSE(ZipArchive::open({}, {}));
}

TEST_CASE("tricks with the directory are refused before anything is inflated") {
    const auto refused = [](const Bytes& file, const char* why) {
        const auto archive = ZipArchive::open(file, {});
        REQUIRE_FALSE(archive);
        INFO(archive.error().message);
        CHECK_THAT(archive.error().message, Contains(why));
    };
    refused(zip_of({{.name = "a", .contents = hello}, {.name = "A", .contents = hello}}),
            "two entries of the name");
    refused(zip_of({{.name = "a", .contents = hello},
                    {.name = "b", .contents = hello, .header_at = 0, .local_name = "a"}}),
            "another header");
    refused(zip_of({{.name = "a", .contents = hello, .local_name = "b"}}), "another header");
    refused(zip_of({{.name = "a", .contents = hello, .flags = 1}}), "encrypted");
    refused(zip_of({{.name = "a", .contents = hello, .attributes = 0xA1FF0000}}), "symbolic link");
    refused(zip_of({{.name = std::string("a\0b", 3), .contents = hello}}), "NUL");
    refused(zip_of({{.name = "a", .contents = hello, .header_at = 0xFFFFFFF0}}), "outside");
}

TEST_CASE("entries that share bytes are refused") {
    // The outer entry is stored and holds the inner one with its header.
    const Bytes inner = zip_of({{.name = "b", .contents = hello}});
    const std::string nested(inner.begin(), inner.begin() + 60);
    Bytes file = zip_of({{.name = "a", .contents = nested, .deflate = false},
                         {.name = "b", .contents = hello, .header_at = 31}});
    const auto archive = ZipArchive::open(file, {});
    REQUIRE_FALSE(archive);
    CHECK_THAT(archive.error().message, Contains("overlap at byte 31"));
}

TEST_CASE("limits are kept on entries, on inflated bytes and on the ratio") {
    std::vector<ZipPart> parts;
    for (int i = 0; i < 5; ++i)
        parts.push_back({.name = "e" + std::to_string(i), .contents = hello});
    const auto many = ZipArchive::open(zip_of(parts), {.entries = 4});
    REQUIRE_FALSE(many);
    CHECK(many.error().code == ErrorCode::too_large);
    CHECK_THAT(many.error().message, Contains("5 entries") && Contains("limit of 4"));
    CHECK(many.error().where.starts_with("byte "));

    const auto large = contents_of(zip_of(parts), "e0", {.inflated_bytes = 25});
    REQUIRE_FALSE(large);
    CHECK(large.error().code == ErrorCode::too_large);
    CHECK_THAT(large.error().message, Contains("to 26 bytes") && Contains("25"));

    const Bytes blank = zip_of({{.name = "a", .contents = std::string(3'000'000, ' ')}});
    const auto bomb = contents_of(blank, "a");
    REQUIRE_FALSE(bomb);
    CHECK_THAT(bomb.error().message, Contains("200 times"));

    // All reads together count, also of one entry twice.
    Result<ZipArchive> archive = ZipArchive::open(blank, {.inflated_bytes = 30});
    const Bytes small = zip_of(parts);
    archive = ZipArchive::open(small, {.inflated_bytes = 30});
    REQUIRE(archive);
    const auto nothing = [](std::span<const std::uint8_t>) { return Status{}; };
    CHECK(archive->read(*archive->find("e0"), nothing));
    CHECK_FALSE(archive->read(*archive->find("e0"), nothing));
}

TEST_CASE("a damaged entry explains the error of who reads it") {
    Result<ZipArchive> archive = ZipArchive::open({}, {});
    const Bytes file = zip_of({{.name = "a", .contents = hello, .crc = 1}});
    archive = ZipArchive::open(file, {});
    REQUIRE(archive);
    const Status status = archive->read(*archive->find("a"), [](auto) -> Status {
        return fail(ErrorCode::invalid_file, "no XML", "");
    });
    REQUIRE_FALSE(status);
    CHECK_THAT(status.error().message, Contains("checksum"));
}

}  // namespace
}  // namespace nearfab::geometry
