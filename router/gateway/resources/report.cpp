// SPDX-License-Identifier: GPL-3.0-or-later
// The network as a whole; the same for everybody who may ask.

#include "json/report.hpp"

#include "proto/model/limits.hpp"
#include "router/gateway/problem.hpp"
#include "router/gateway/resources/names.hpp"
#include "router/gateway/resources/resources.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <utility>

namespace nearfab::gateway::resources {
namespace {

std::optional<std::uint32_t> days_in(const std::string& text) {
    std::uint32_t days = 0;
    const char* const end = text.data() + text.size();
    const auto [read_to, fault] = std::from_chars(text.data(), end, days);
    if (fault != std::errc{} || read_to != end) return std::nullopt;
    if (days < 1 || days > limits::report_days_max) return std::nullopt;
    return days;
}

}  // namespace

void get_report(const ExchangePtr& exchange) {
    if (!query_is_known(exchange, {"days"})) return;
    message::AskReport question;
    if (const auto text = exchange->request.query("days")) {
        const auto days = days_in(*text);
        if (!days) {
            return exchange->reply(problem(
                400,
                {ErrorCode::malformed,
                 "days is no whole number from 1 to " + std::to_string(limits::report_days_max),
                 "give how many days to look back, or leave it out for 30"}));
        }
        question.days = *days;
    }
    exchange->desk.ask(exchange->caller, question, [exchange](const Message& answer) {
        const auto* report = std::get_if<message::NetworkReport>(&answer);
        if (report == nullptr) return exchange->reply(unexpected(answer));
        Response response;
        response.body = json::json_of_report(report->report);
        exchange->reply(std::move(response));
    });
}

}  // namespace nearfab::gateway::resources
