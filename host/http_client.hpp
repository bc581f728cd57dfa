// SPDX-License-Identifier: GPL-3.0-or-later
// http_client.hpp - questions to one HTTP server, each with an end.
//
// A client is bound to one base address and asks nothing else: redirects are followed to the same
// scheme, host and port only, because the key in the headers is for that server. Certificates are
// always checked. Every question has a time limit and every answer a size limit.
//
// Whether a question may have reached the server decides what a caller may do next, so the error
// codes keep it apart: `unavailable` means it was never sent (no such host, refused, no TLS), and
// `timed_out` that it may have been received, and obeyed, although no whole answer came.
//
// One thread asks, one question at a time; interrupt() and make_way() may come from any thread.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nearfab {

struct HttpClientOptions {
    std::string base_url;  // "http://octopi.local", "https://host:8443/octoprint"; no query.
    std::string user_agent = "nearfab";
    std::vector<std::pair<std::string, std::string>> headers;  // With every question; keys.
    // HTTP Digest; Basic is never offered, it would show the password.
    std::optional<std::pair<std::string, std::string>> digest;  // User and password.
    std::optional<std::filesystem::path> ca_file;               // DEFAULT: the system's.
    Duration connect_limit = std::chrono::seconds{3};
};

// One part of a form (multipart/form-data). With a file name it is a file.
struct HttpPart {
    std::string name;
    std::string file_name;
    std::span<const std::uint8_t> bytes;  // Must live until the answer.
};

struct HttpRequest {
    std::string method = "GET";
    std::string target = "/";  // Behind the base address, escaped, with its query.
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::span<const std::uint8_t> body = {};  // Must live until the answer.
    std::vector<HttpPart> form = {};          // Instead of a body.
    Duration limit = std::chrono::seconds{10};
    // An upload may take as long as it moves: fewer than 1,000 bytes/s for this long ends it, in
    // place of `limit`.
    std::optional<Duration> stall_limit = std::nullopt;
    std::size_t answer_bytes_max = 4U << 20U;
    bool makes_way = false;  // It ends when make_way(true) is said.
};

struct HttpAnswer {
    int status = 0;
    std::string content_type;
    std::string location;
    std::string body;
};

class HttpClient {
public:
    // Error invalid_argument: no http or https address.
    [[nodiscard]] static Result<std::unique_ptr<HttpClient>> open(HttpClientOptions options);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    // Any HTTP status is an answer. Errors: unavailable and timed_out as above; too_large: the
    // answer is longer than allowed; malformed: what answers does not speak HTTP; unauthorised: a
    // redirect to another server, or its certificate is not to be trusted.
    [[nodiscard]] Result<HttpAnswer> ask(const HttpRequest& request);

    // The question under way, and all later ones, end with timed_out or unavailable.
    void interrupt();
    // Until it is said to be false again, questions that make way end within about a second, with
    // timed_out or unavailable; the others go on.
    void make_way(bool wanted);

    [[nodiscard]] const std::string& base_url() const;

private:
    struct State;
    explicit HttpClient(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// All but unreserved characters as %XX, for one element of a path or one value of a query.
[[nodiscard]] std::string percent_encoded(std::string_view text);
// Each element of a path; the '/' between them stay.
[[nodiscard]] std::string percent_encoded_path(std::string_view path);

}  // namespace nearfab
