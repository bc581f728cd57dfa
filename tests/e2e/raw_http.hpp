// SPDX-License-Identifier: GPL-3.0-or-later
// raw_http.hpp - HTTP/1.1 over a bare socket: also what no good client would send.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::e2e {

struct RawAnswer {
    int status = 0;                              // 0: the connection ended without one.
    std::map<std::string, std::string> headers;  // Names in small letters.
    std::string body;
};

struct SentEvent {
    std::string id;
    std::string name;
    std::string data;
};

class RawHttp {
public:
    explicit RawHttp(std::uint16_t port);
    ~RawHttp();
    RawHttp(RawHttp&& other) noexcept;
    RawHttp(const RawHttp&) = delete;
    RawHttp& operator=(const RawHttp&) = delete;

    // False when the other side takes no more.
    bool send(std::string_view bytes);
    // The next answer; at most ten seconds.
    [[nodiscard]] RawAnswer answer(bool to_head = false);
    // After the head of an event stream: the next event that has a name or data; nothing when the
    // stream ends or 20 s pass.
    [[nodiscard]] std::optional<SentEvent> event();
    // The head alone, for streams.
    [[nodiscard]] RawAnswer head();
    // True when the other side ends the connection within so many seconds.
    [[nodiscard]] bool ends_within(int seconds);

private:
    [[nodiscard]] bool read_more(int seconds);

    int socket_ = -1;
    std::string buffer_;
};

// The whole text of a request.
[[nodiscard]] std::string request_text(const std::string& method,
                                       const std::string& target,
                                       const std::string& token,
                                       const std::string& body = "",
                                       const std::vector<std::string>& headers = {});

}  // namespace nearfab::e2e
