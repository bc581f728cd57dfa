// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/node-agent/drivers/fakes/fake_http_server.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace nearfab::agent::fakes {
namespace {

constexpr int look_ms = 20;  // How soon a stop is seen.

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return text;
}

std::string unescaped(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            out += static_cast<char>(std::strtol(text.substr(i + 1, 2).c_str(), nullptr, 16));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

void split_target(const std::string& target, FakeRequest& request) {
    const std::size_t mark = target.find('?');
    request.path = unescaped(target.substr(0, mark));
    if (mark == std::string::npos) return;
    std::string rest = target.substr(mark + 1);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('&'), rest.size());
        const std::string pair = rest.substr(0, end);
        const std::size_t equals = pair.find('=');
        request.query[unescaped(pair.substr(0, equals))] =
            equals == std::string::npos ? "" : unescaped(pair.substr(equals + 1));
        rest.erase(0, end + 1);
    }
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
    const std::size_t begin = text.find(from);
    if (begin == std::string::npos) return {};
    const std::size_t start = begin + from.size();
    return text.substr(start, text.find(to, start) - start);
}

void split_form(FakeRequest& request) {
    const std::string type = request.header("content-type");
    if (!type.starts_with("multipart/form-data")) return;
    const std::string mark = "--" + type.substr(type.find("boundary=") + 9);
    std::size_t at = request.body.find(mark);
    while (at != std::string::npos) {
        const std::size_t next = request.body.find(mark, at + mark.size());
        if (next == std::string::npos) return;
        const std::string part = request.body.substr(at + mark.size(), next - at - mark.size());
        const std::size_t head = part.find("\r\n\r\n");
        const std::string name = between(part.substr(0, head), "name=\"", "\"");
        request.form[name] = part.substr(head + 4, part.size() - head - 6);
        const std::string file = between(part.substr(0, head), "filename=\"", "\"");
        if (!file.empty()) request.form[name + ".filename"] = file;
        at = next;
    }
}

void send_all(int connection, const std::string& bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const auto n = ::send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) return;  // The client has gone.
        sent += static_cast<std::size_t>(n);
    }
}

}  // namespace

std::string FakeRequest::header(const std::string& name) const {
    const auto at = headers.find(name);
    return at == headers.end() ? std::string{} : at->second;
}

std::string FakeRequest::argument(const std::string& name) const {
    const auto at = query.find(name);
    return at == query.end() ? std::string{} : at->second;
}

FakeHttpServer::FakeHttpServer(Handler handler, std::uint16_t port)
    : handler_{std::move(handler)}, port_{port} {
    plug_in();
}

FakeHttpServer::~FakeHttpServer() {
    unplug();
}

std::string FakeHttpServer::url() const {
    return "http://127.0.0.1:" + std::to_string(port_);
}

void FakeHttpServer::listen_again() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, plain, length) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, plain, &length) != 0) {
        throw std::runtime_error("the fake server cannot listen");
    }
    port_ = ntohs(address.sin_port);
}

void FakeHttpServer::plug_in() {
    if (thread_.joinable()) return;
    listen_again();
    stop_ = false;
    thread_ = std::thread{[this] { serve(); }};
}

void FakeHttpServer::unplug() {
    if (!thread_.joinable()) return;
    stop_ = true;
    thread_.join();
    ::close(listener_);
}

std::vector<std::string> FakeHttpServer::asked() const {
    const std::lock_guard lock{mutex_};
    return asked_;
}

void FakeHttpServer::serve() {
    std::vector<std::thread> connections;
    while (!stop_) {
        pollfd waiting{listener_, POLLIN, 0};
        if (::poll(&waiting, 1, look_ms) <= 0) continue;
        const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) continue;
        const int yes = 1;
        ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        connections.emplace_back([this, connection] { serve_connection(connection); });
    }
    for (std::thread& connection : connections)
        connection.join();
}

bool FakeHttpServer::read_more(int connection, std::string& buffer) const {
    while (!stop_) {
        pollfd waiting{connection, POLLIN, 0};
        if (::poll(&waiting, 1, look_ms) <= 0) continue;
        char bytes[65536];
        const auto n = ::recv(connection, bytes, sizeof bytes, 0);
        if (n <= 0) return false;
        buffer.append(bytes, static_cast<std::size_t>(n));
        return true;
    }
    return false;
}

bool FakeHttpServer::read_request(int connection, std::string& buffer, FakeRequest& request) const {
    std::size_t end = 0;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
        if (!read_more(connection, buffer)) return false;
    }
    const std::string head = buffer.substr(0, end);
    buffer.erase(0, end + 4);
    const std::size_t space = head.find(' ');
    request.method = head.substr(0, space);
    split_target(head.substr(space + 1, head.find(' ', space + 1) - space - 1), request);
    for (std::size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at)) {
        at += 2;
        const std::string line = head.substr(at, head.find("\r\n", at) - at);
        const std::size_t colon = line.find(':');
        const std::size_t value = line.find_first_not_of(' ', colon + 1);
        request.headers[lower(line.substr(0, colon))] =
            value == std::string::npos ? "" : line.substr(value);
    }
    if (request.header("expect") == "100-continue") {
        send_all(connection, "HTTP/1.1 100 Continue\r\n\r\n");
    }
    const std::string length = request.header("content-length");
    const std::size_t wanted = length.empty() ? 0 : std::stoull(length);
    while (buffer.size() < wanted) {
        if (!read_more(connection, buffer)) return false;
    }
    request.body = buffer.substr(0, wanted);
    buffer.erase(0, wanted);
    split_form(request);
    return true;
}

void FakeHttpServer::answer(int connection,
                            const FakeRequest& request,
                            const FakeAnswer& what) const {
    const bool half = what.ugliness == FakeAnswer::Ugliness::half;
    if (what.ugliness == FakeAnswer::Ugliness::noise) {
        send_all(connection, "start\necho:Marlin 2.1.2\n\xff\xfe\x00");
        return;
    }
    const std::size_t length = what.body.size() + (half ? 100 : 0);
    std::string head = "HTTP/1.1 " + std::to_string(what.status) +
                       " Any\r\nContent-Length: " + std::to_string(length) + "\r\n";
    if (!what.content_type.empty()) head += "Content-Type: " + what.content_type + "\r\n";
    for (const auto& [name, value] : what.headers)
        head += name + ": " + value + "\r\n";
    const bool bodiless = request.method == "HEAD" || what.status == 204;
    send_all(connection, head + "\r\n" + (bodiless ? "" : what.body));
}

void FakeHttpServer::serve_connection(int connection) {
    std::string buffer;
    for (;;) {
        FakeRequest request;
        if (!read_request(connection, buffer, request)) break;
        FakeAnswer what;
        {
            const std::lock_guard lock{mutex_};
            asked_.push_back(request.method + " " + request.path);
            what = handler_(request);
        }
        using Ugliness = FakeAnswer::Ugliness;
        if (what.ugliness == Ugliness::hang_up) break;
        if (what.ugliness == Ugliness::silence) {
            while (read_more(connection, buffer)) {
            }
            break;
        }
        answer(connection, request, what);
        if (what.ugliness != Ugliness::none) break;
    }
    ::close(connection);
}

}  // namespace nearfab::agent::fakes
