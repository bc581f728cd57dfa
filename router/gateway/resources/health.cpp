// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/answer_bodies.hpp"
#include "router/gateway/problem.hpp"
#include "router/gateway/resources/resources.hpp"

#include <utility>

namespace nearfab::gateway::resources {

// The gateway's thread lives; nothing else is asked.
void get_health(const ExchangePtr& exchange) {
    Response response;
    response.body = "{\"status\": \"ok\"}\n";
    exchange->reply(std::move(response));
}

// The router's loop answers: it has its records and its disk lets it go on.
void get_ready(const ExchangePtr& exchange) {
    Caller nobody;
    nobody.name = IdentityId{"readiness"};
    message::AskJobs question;
    question.id_prefix = "none";  // No job begins so.
    exchange->desk.ask(nobody, question, [exchange](const Message& answer) {
        if (!std::holds_alternative<message::Jobs>(answer)) {
            exchange->reply(unexpected(answer));
            return;
        }
        Response response;
        response.body = "{\"status\": \"ready\", \"checks\": {\"router\": \"ok\"}}\n";
        exchange->reply(std::move(response));
    });
}

void get_version(const ExchangePtr& exchange) {
    Response response;
    response.body = version_body();
    exchange->reply(std::move(response));
}

void get_metrics(const ExchangePtr& exchange) {
    Response response;
    response.body = exchange->desk.metrics();
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    if (response.body.empty()) {
        response = problem(Error{ErrorCode::not_found,
                                 "the metrics of this router are switched off",
                                 "write metrics = true into [http] of router.toml"});
    }
    exchange->reply(std::move(response));
}

}  // namespace nearfab::gateway::resources
