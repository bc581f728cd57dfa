// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/e2e/raw_http.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <chrono>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace nearfab::e2e {
namespace {

constexpr int answer_seconds = 10;
constexpr int event_seconds = 20;

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return text;
}

}  // namespace

RawHttp::RawHttp(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        throw std::runtime_error{"nobody listens on port " + std::to_string(port)};
    }
}

RawHttp::~RawHttp() {
    if (socket_ >= 0) ::close(socket_);
}

RawHttp::RawHttp(RawHttp&& other) noexcept
    : socket_{std::exchange(other.socket_, -1)}, buffer_{std::move(other.buffer_)} {}

bool RawHttp::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool RawHttp::read_more(int seconds) {
    pollfd wanted{socket_, POLLIN, 0};
    if (::poll(&wanted, 1, seconds * 1000) <= 0) return false;
    std::array<char, 65'536> bytes{};
    const auto got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (got <= 0) return false;
    buffer_.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
}

RawAnswer RawHttp::head() {
    RawAnswer answer;
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!read_more(answer_seconds)) return answer;
    }
    const std::string text = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    answer.status = std::stoi(text.substr(text.find(' ') + 1, 3));
    if (answer.status == 100) return head();
    std::size_t begin = text.find("\r\n") + 2;
    while (begin < text.size()) {
        const std::size_t stop = text.find("\r\n", begin);
        const std::string line = text.substr(begin, stop - begin);
        const std::size_t colon = line.find(':');
        answer.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
        begin = stop + 2;
    }
    return answer;
}

RawAnswer RawHttp::answer(bool to_head) {
    RawAnswer answer = head();
    if (answer.status == 0 || answer.status == 304 || to_head) return answer;
    const auto length = answer.headers.find("content-length");
    const std::size_t size = length == answer.headers.end() ? 0 : std::stoul(length->second);
    while (buffer_.size() < size && read_more(answer_seconds)) {
    }
    answer.body = buffer_.substr(0, size);
    buffer_.erase(0, std::min(size, buffer_.size()));
    return answer;
}

std::optional<SentEvent> RawHttp::event() {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{event_seconds};
    while (std::chrono::steady_clock::now() < until) {
        const std::size_t end = buffer_.find("\n\n");
        if (end == std::string::npos) {
            if (!read_more(event_seconds)) return std::nullopt;
            continue;
        }
        const std::string text = buffer_.substr(0, end + 1);
        buffer_.erase(0, end + 2);
        SentEvent event;
        std::size_t begin = 0;
        while (begin < text.size()) {
            const std::size_t stop = text.find('\n', begin);
            const std::string line = text.substr(begin, stop - begin);
            if (line.starts_with("id: ")) event.id = line.substr(4);
            if (line.starts_with("event: ")) event.name = line.substr(7);
            if (line.starts_with("data: ")) event.data = line.substr(6);
            begin = stop + 1;
        }
        if (!event.name.empty() || !event.data.empty()) return event;
    }
    return std::nullopt;
}

bool RawHttp::ends_within(int seconds) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{seconds};
    while (std::chrono::steady_clock::now() < until) {
        pollfd wanted{socket_, POLLIN, 0};
        if (::poll(&wanted, 1, 100) <= 0) continue;
        std::array<char, 4096> bytes{};
        if (::recv(socket_, bytes.data(), bytes.size(), 0) <= 0) return true;
    }
    return false;
}

std::string request_text(const std::string& method,
                         const std::string& target,
                         const std::string& token,
                         const std::string& body,
                         const std::vector<std::string>& headers) {
    std::string text = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n";
    if (!token.empty()) text += "Authorization: Bearer " + token + "\r\n";
    for (const std::string& header : headers)
        text += header + "\r\n";
    if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return text + "\r\n" + body;
}

}  // namespace nearfab::e2e
