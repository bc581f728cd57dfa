// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/settings.hpp"

#include <arpa/inet.h>
#include <charconv>
#include <netinet/in.h>
#include <utility>

namespace nearfab::gateway {
namespace {

tl::unexpected<Error> no_address(const std::string& text) {
    return fail(ErrorCode::config,
                "\"" + text + "\" is no address with a port of 1 to 65535",
                "write ADDRESS:PORT with numbers, for example 127.0.0.1:7480 or [::1]:7480");
}

bool is_loopback(const std::string& address, bool six) {
    if (!six) return address.starts_with("127.");
    in6_addr bytes{};
    return ::inet_pton(AF_INET6, address.c_str(), &bytes) == 1 && IN6_IS_ADDR_LOOPBACK(&bytes);
}

bool is_address(const std::string& address, bool six) {
    in6_addr bytes{};  // The larger of the two.
    return ::inet_pton(six ? AF_INET6 : AF_INET, address.c_str(), &bytes) == 1;
}

void read_limits(ConfigTable& http, Settings& to) {
    const auto count = [&](const char* key, std::int64_t min, std::int64_t max, auto& value) {
        value = static_cast<std::decay_t<decltype(value)>>(
            http.whole(key, min, max, static_cast<std::int64_t>(value)));
    };
    to.requests_per_second = http.number("requests_per_second", 0.1, 1e6, to.requests_per_second);
    to.requests_burst = http.number("requests_burst", 1, 1e6, to.requests_burst);
    count("connections_max", 1, 100'000, to.connections_max);
    count("connections_per_address_max", 1, 100'000, to.connections_per_address_max);
    count("streams_per_token_max", 1, 10'000, to.streams_per_token_max);
    count("read_s", 1, 3600, to.read_seconds);
    count("write_s", 1, 3600, to.write_seconds);
    count("idle_s", 1, 3600, to.idle_seconds);
    count("answer_s", 1, 600, to.answer_seconds);
    count("analyses_per_token_max", 1, 1000, to.analyses_per_token_max);
    count("analyses_max", 1, 10'000, to.analyses_max);
    constexpr std::size_t kibibyte = 1024;
    to.stream_bytes_max =
        kibibyte * static_cast<std::size_t>(http.whole("stream_kb_max", 16, 65'536, 256));
    to.bodies_bytes_max =
        kibibyte * kibibyte * static_cast<std::size_t>(http.whole("bodies_mb_max", 2, 65'536, 64));
    to.photos_bytes_max =
        kibibyte * kibibyte *
        static_cast<std::uint64_t>(http.whole("photos_mb_max", 0, 1'048'576, 512));
}

}  // namespace

Result<ListenAddress> parse_listen(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) return no_address(text);
    std::string address = text.substr(0, colon);
    const bool six = address.size() > 2 && address.front() == '[' && address.back() == ']';
    if (six) address = address.substr(1, address.size() - 2);
    const char* const end = text.data() + text.size();
    int port = 0;
    const auto [stop, problem] = std::from_chars(text.data() + colon + 1, end, port);
    if (problem != std::errc{} || stop != end || port < 1 || port > 65'535) return no_address(text);
    if (!is_address(address, six)) return no_address(text);
    const bool loopback = is_loopback(address, six);
    return ListenAddress{std::move(address), static_cast<std::uint16_t>(port), loopback};
}

Settings read_settings(ConfigTable http, const ConfigFile& file) {
    Settings settings;
    const auto listen = parse_listen(http.text("listen", "127.0.0.1:7480"));
    if (!listen) {
        http.complain("listen", listen.error().message, listen.error().next);
    } else {
        settings.address = listen->address;
        settings.port = listen->port;
        settings.loopback = listen->loopback;
    }
    settings.tokens = file.resolve(http.text("tokens"));
    const std::string certificate = http.text("certificate", "");
    const std::string key = http.text("private_key", "");
    if (certificate.empty() != key.empty()) {
        http.complain(certificate.empty() ? "private_key" : "certificate",
                      "a certificate and its private key belong together, one is missing",
                      "name both files, or neither");
    }
    if (!certificate.empty()) {
        settings.certificate = file.resolve(certificate);
        settings.private_key = file.resolve(key);
    }
    const bool allowed = http.flag("allow_plain_http_beyond_loopback", false);
    if (!settings.loopback && !settings.encrypted() && !allowed) {
        http.complain("listen",
                      settings.address +
                          " can be reached from other machines, and without a "
                          "certificate every token could be read on the way",
                      "name certificate and private_key, listen on 127.0.0.1 behind a proxy that "
                      "has them, or write allow_plain_http_beyond_loopback = true");
    }
    settings.hosts = http.texts("hosts", std::vector<std::string>{});
    settings.metrics = http.flag("metrics", true);
    read_limits(http, settings);
    return settings;
}

}  // namespace nearfab::gateway
