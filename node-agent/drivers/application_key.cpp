// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/application_key.hpp"

#include "host/http_client.hpp"
#include "node-agent/drivers/json_answer.hpp"

#include <thread>

namespace nearfab::agent {
namespace {

constexpr const char* by_hand =
    "make a key by hand: OctoPrint's page, Settings > Application Keys, and give it here";
constexpr int silent_answers_max = 3;  // Of a server that is busy, one after the other.

Result<std::string> place_of_question(HttpClient& client) {
    HttpRequest request;
    request.method = "POST";
    request.target = "/plugin/appkeys/request";
    request.headers = {{"Content-Type", "application/json"}};
    const std::string body = R"({"app":"nearfab"})";
    request.body = bytes_of(body);
    const auto answer = client.ask(request);
    if (!answer) return fail(answer.error());
    if (answer->status == 429) {
        return fail(ErrorCode::unavailable,
                    client.base_url() + " was asked for keys too often",
                    std::string{"wait ten minutes, or "} + by_hand);
    }
    const auto token = answer->location.find("/plugin/appkeys/request/");
    if (answer->status != 201 || token == std::string::npos) {
        return fail(ErrorCode::unsupported,
                    client.base_url() + " gives out no application keys (" +
                        std::to_string(answer->status) + ": " + words_of(*answer) + ")",
                    by_hand);
    }
    // Only the path: the address before it may be the one that a proxy sees.
    return answer->location.substr(token);
}

}  // namespace

Result<std::string> ask_for_application_key(const KeyQuestion& question,
                                            const std::function<void()>& asked) {
    HttpClientOptions options;
    options.base_url = question.url;
    options.ca_file = question.ca_file;
    const auto client = HttpClient::open(options);
    if (!client) return fail(client.error());
    const auto place = place_of_question(**client);
    if (!place) return fail(place.error());
    asked();
    const auto give_up = std::chrono::steady_clock::now() + question.limit;
    int silent = 0;
    while (std::chrono::steady_clock::now() < give_up) {
        HttpRequest request;
        request.target = *place;
        request.limit = std::chrono::seconds{4};
        const auto answer = (*client)->ask(request);
        if (!answer || answer->status >= 500) {
            // A small computer beside a printer may be busy for a moment.
            if (++silent < silent_answers_max) continue;
            return fail(answer ? Error{ErrorCode::unavailable, words_of(*answer), by_hand}
                               : answer.error());
        }
        silent = 0;
        if (answer->status == 200) {
            const auto json = json_of(*answer, *place);
            if (!json) return fail(json.error());
            std::string key = text_at(*json, {"api_key"});
            if (!key.empty()) return key;
            return fail(ErrorCode::malformed, question.url + " answers without a key", by_hand);
        }
        if (answer->status != 202) {
            return fail(ErrorCode::unauthorised,
                        "nobody allowed nearfab on OctoPrint's page (" +
                            std::to_string(answer->status) + ")",
                        std::string{"ask again, or "} + by_hand);
        }
        std::this_thread::sleep_for(question.poll);
    }
    return fail(ErrorCode::timed_out,
                "nobody said yes or no on OctoPrint's page",
                std::string{"log in there and ask again, or "} + by_hand);
}

}  // namespace nearfab::agent
