// SPDX-License-Identifier: GPL-3.0-or-later
// The table [http], and how much one may ask in a time.

#include "router/gateway/settings.hpp"

#include "router/gateway/throttle.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace nearfab::gateway {
namespace {

Result<Settings> read(const std::string& lines) {
    auto file = ConfigFile::parse("[http]\n" + lines, "/etc/nearfab/router.toml");
    REQUIRE(file);
    Settings settings = read_settings(file->root().table("http"), *file);
    if (auto fine = file->finish(); !fine) return fail(fine.error());
    return settings;
}

TEST_CASE("an address is numbers and a port", "[gateway]") {
    CHECK(parse_listen("127.0.0.1:7480")->loopback);
    CHECK(parse_listen("127.9.9.9:1")->loopback);
    CHECK(parse_listen("[::1]:7480")->loopback);
    CHECK(parse_listen("[::1]:7480")->address == "::1");
    CHECK_FALSE(parse_listen("0.0.0.0:7480")->loopback);
    CHECK_FALSE(parse_listen("[::]:7480")->loopback);
    CHECK_FALSE(parse_listen("[::ffff:127.0.0.1]:80")->loopback);
    for (const char* bad : {"",
                            "7480",
                            "localhost:7480",
                            "127.0.0.1",
                            "127.0.0.1:0",
                            "127.0.0.1:70000",
                            "::1:80",
                            "127.0.0.1:80x",
                            "1270.0.0.1:80"})
        CHECK_FALSE(parse_listen(bad));
}

TEST_CASE("beyond this machine nobody's token goes over the wire in the open", "[gateway]") {
    const auto plain = read("tokens = \"tokens\"\nlisten = \"0.0.0.0:7480\"\n");
    REQUIRE_FALSE(plain);
    CHECK(plain.error().code == ErrorCode::config);
    CHECK(plain.error().message.find("router.toml:3") != std::string::npos);
    CHECK(plain.error().next.find("allow_plain_http_beyond_loopback") != std::string::npos);
    CHECK(
        read("tokens = \"t\"\nlisten = \"0.0.0.0:7480\"\n"
             "allow_plain_http_beyond_loopback = true\n"));
    const auto encrypted = read(
        "tokens = \"t\"\nlisten = \"0.0.0.0:7480\"\n"
        "certificate = \"c.pem\"\nprivate_key = \"k.pem\"\n");
    REQUIRE(encrypted);
    CHECK(encrypted->encrypted());
    CHECK(encrypted->certificate == "/etc/nearfab/c.pem");
    CHECK_FALSE(read("tokens = \"t\"\ncertificate = \"c.pem\"\n"));
    CHECK_FALSE(read("listen = \"127.0.0.1:7480\"\n"));  // No tokens.
    CHECK_FALSE(read("tokens = \"t\"\nlissten = \"127.0.0.1:7480\"\n"));
}

TEST_CASE("who asks too fast is told how long to wait", "[gateway]") {
    Throttle throttle{2, 3};
    const TimePoint start{std::chrono::hours{1}};
    for (int i = 0; i < 3; ++i)
        CHECK_FALSE(throttle.take("ada", start));
    CHECK(throttle.take("ada", start) == 1);
    CHECK_FALSE(throttle.take("bob", start));
    CHECK_FALSE(throttle.take("ada", start + std::chrono::milliseconds{500}));
    CHECK(throttle.take("ada", start + std::chrono::milliseconds{500}) == 1);
    throttle.forget_quiet(start + std::chrono::hours{1});
    CHECK(throttle.size() == 0);
}

}  // namespace
}  // namespace nearfab::gateway
