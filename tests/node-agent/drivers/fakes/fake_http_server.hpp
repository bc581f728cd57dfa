// SPDX-License-Identifier: GPL-3.0-or-later
// fake_http_server.hpp - a small HTTP server on loopback whose every answer a test decides.
//
// It also gives the answers that no library would: half a body, a body longer than its length,
// silence, a closed connection, noise that is no HTTP. Each connection has its thread; the handler
// is called under the server's lock, which a test takes to change what the handler knows.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace nearfab::agent::fakes {

struct FakeRequest {
    std::string method;
    std::string path;                            // Unescaped, without the query.
    std::map<std::string, std::string> query;    // Unescaped.
    std::map<std::string, std::string> headers;  // Names in lower case.
    std::string body;
    // Of multipart/form-data, by the name of the part; a file's name is under "<part>.filename".
    std::map<std::string, std::string> form;

    [[nodiscard]] std::string header(const std::string& name) const;
    [[nodiscard]] std::string argument(const std::string& name) const;
};

struct FakeAnswer {
    enum class Ugliness : std::uint8_t {
        none,
        hang_up,  // Closes the connection after it has taken the question.
        half,     // Promises more bytes than it sends, and hangs up.
        silence,  // Takes the question and says nothing until the client gives up.
        noise,    // Bytes that are no HTTP.
    };
    int status = 200;
    std::string body = {};
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers = {};
    Ugliness ugliness = Ugliness::none;
};

class FakeHttpServer {
public:
    using Handler = std::function<FakeAnswer(const FakeRequest&)>;

    // Listens on 127.0.0.1, on a free port or on this one.
    explicit FakeHttpServer(Handler handler, std::uint16_t port = 0);
    ~FakeHttpServer();
    FakeHttpServer(const FakeHttpServer&) = delete;
    FakeHttpServer& operator=(const FakeHttpServer&) = delete;

    [[nodiscard]] std::string url() const;
    [[nodiscard]] std::uint16_t port() const { return port_; }
    // Unplugged: connections are refused until it is plugged in again, at the same address.
    void unplug();
    void plug_in();
    [[nodiscard]] std::unique_lock<std::mutex> lock() const { return std::unique_lock{mutex_}; }
    // Methods and paths asked for so far, in order.
    [[nodiscard]] std::vector<std::string> asked() const;

private:
    void listen_again();
    void serve();
    void serve_connection(int connection);
    [[nodiscard]] bool read_request(int connection,
                                    std::string& buffer,
                                    FakeRequest& request) const;
    [[nodiscard]] bool read_more(int connection, std::string& buffer) const;
    void answer(int connection, const FakeRequest& request, const FakeAnswer& what) const;

    Handler handler_;
    std::uint16_t port_ = 0;
    std::atomic<bool> stop_{false};
    mutable std::mutex mutex_;
    std::vector<std::string> asked_;
    int listener_ = -1;
    std::thread thread_;
};

}  // namespace nearfab::agent::fakes
