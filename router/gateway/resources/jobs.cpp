// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs: submitted, listed, looked at, explained, cancelled.

#include "base/time_words.hpp"
#include "json/answers.hpp"
#include "proto/model/limits.hpp"
#include "proto/model/text.hpp"
#include "router/gateway/answer_bodies.hpp"
#include "router/gateway/json_body.hpp"
#include "router/gateway/order.hpp"
#include "router/gateway/problem.hpp"
#include "router/gateway/resources/names.hpp"
#include "router/gateway/resources/resources.hpp"

#include <functional>
#include <utility>

namespace nearfab::gateway::resources {
namespace {

// The one job of that id, or a problem that was replied.
void with_job(const ExchangePtr& exchange,
              const JobId& job,
              const std::function<void(const JobStatus&)>& then) {
    message::AskJobs question;
    question.id_prefix = job.text();
    exchange->desk.ask(
        exchange->caller, std::move(question), [exchange, job, then](const Message& answer) {
            const auto* jobs = std::get_if<message::Jobs>(&answer);
            if (jobs == nullptr) return exchange->reply(unexpected(answer));
            if (jobs->jobs.size() == 1 && jobs->jobs.front().id == job) {
                return then(jobs->jobs.front());
            }
            exchange->reply(problem(Error{ErrorCode::not_found,
                                          "there is no job " + job.text(),
                                          "GET /api/v1/jobs lists yours"}));
        });
}

// Page after page of reasons, up to a limit on all of them.
class Explaining : public std::enable_shared_from_this<Explaining> {
public:
    Explaining(ExchangePtr exchange, const JobStatus& job)
        : exchange_{std::move(exchange)}, remarks_{job.remarks} {
        all_.job = job.id;
    }

    void go_on() {
        message::AskWhy question;
        question.job = all_.job;
        if (!all_.work_orders.empty()) {
            question.after_work_order = all_.work_orders.back().work_order;
        }
        exchange_->desk.ask(
            exchange_->caller, std::move(question), [self = shared_from_this()](Message answer) {
                auto* why = std::get_if<message::Why>(&answer);
                if (why == nullptr) return self->exchange_->reply(unexpected(answer));
                self->take(std::move(*why));
            });
    }

private:
    static constexpr std::size_t orders_max = 100;

    void take(message::Why page) {
        const bool empty = page.work_orders.empty();
        for (auto& reason : page.work_orders)
            all_.work_orders.push_back(std::move(reason));
        all_.more = page.more;
        if (page.more && !empty && all_.work_orders.size() < orders_max) return go_on();
        Response response;
        response.body = json::json_of_why(all_, remarks_);
        exchange_->reply(std::move(response));
    }

    ExchangePtr exchange_;
    std::vector<std::string> remarks_;
    message::Why all_;
};

}  // namespace

void post_job(const ExchangePtr& exchange) {
    auto key = key_for_router(exchange);
    if (!key) return;
    auto spec = read_job_order(exchange->request.body, exchange->desk.now().wall);
    if (!spec) return exchange->reply(problem(spec.error()));
    exchange->desk.ask(
        exchange->caller,
        message::SubmitJob{std::move(*key), std::move(*spec)},
        [exchange](const Message& answer) {
            const auto* accepted = std::get_if<message::JobAccepted>(&answer);
            if (accepted == nullptr) return exchange->reply(unexpected(answer));
            Response response;
            response.status = accepted->existed ? 200 : 201;
            response.headers.emplace_back("Location", "/api/v1/jobs/" + accepted->job.text());
            response.body = accepted_body(*accepted, exchange->request.idempotency_key);
            exchange->reply(std::move(response));
        });
}

void get_jobs(const ExchangePtr& exchange) {
    if (!query_is_known(exchange, {"after", "after_submitted_at", "include_final"})) return;
    const Request& request = exchange->request;
    message::AskJobs question;
    const auto refuse = [&](std::string message, std::string next) {
        exchange->reply(problem(400, {ErrorCode::malformed, std::move(message), std::move(next)}));
    };
    const auto after = request.query("after");
    const auto since = request.query("after_submitted_at");
    if (after.has_value() != since.has_value()) {
        return refuse("after and after_submitted_at belong together",
                      "give both as `next` of the page before says, or neither");
    }
    if (after) {
        const auto moment = rfc3339_moment(*since);
        if (!is_well_formed_id(*after) || !moment) {
            return refuse("after or after_submitted_at is not as it stood in a list of jobs",
                          "give what `next` of the page before says");
        }
        question.after_job = JobId{*after};
        question.after_submitted_at = *moment;
    }
    if (const auto final = request.query("include_final")) {
        if (*final != "true" && *final != "false") {
            return refuse("include_final is neither true nor false", "write one of the two");
        }
        question.include_final = *final == "true";
    }
    exchange->desk.ask(exchange->caller, std::move(question), [exchange](const Message& answer) {
        const auto* jobs = std::get_if<message::Jobs>(&answer);
        if (jobs == nullptr) return exchange->reply(unexpected(answer));
        Response response;
        response.body = jobs_body(*jobs);
        exchange->reply(std::move(response));
    });
}

void get_job(const ExchangePtr& exchange) {
    const auto job = job_named(exchange);
    if (!job) return;
    with_job(exchange, *job, [exchange](const JobStatus& status) {
        Response response;
        response.body = job_body(status);
        exchange->reply(std::move(response));
    });
}

void get_why(const ExchangePtr& exchange) {
    const auto job = job_named(exchange);
    if (!job) return;
    with_job(exchange, *job, [exchange](const JobStatus& status) {
        std::make_shared<Explaining>(exchange, status)->go_on();
    });
}

void post_cancel(const ExchangePtr& exchange) {
    const auto job = job_named(exchange);
    if (!job) return;
    auto body = JsonBody::parse(exchange->request.body);
    if (!body) return exchange->reply(problem(body.error()));
    JsonTable root = body->root();
    const std::string reason = root.text("reason").value_or("");
    if (reason.size() > limits::text_bytes_max) {
        root.complain("reason", "is too long", "make it shorter");
    }
    if (auto fine = body->finish(); !fine) return exchange->reply(problem(fine.error()));
    exchange->desk.ask(exchange->caller,
                       message::CancelJob{*job, clean_text(reason)},
                       [exchange](const Message& answer) {
                           const auto* cancelled = std::get_if<message::CancelAnswer>(&answer);
                           if (cancelled == nullptr) return exchange->reply(unexpected(answer));
                           Response response;
                           response.body = cancel_body(*cancelled);
                           exchange->reply(std::move(response));
                       });
}

}  // namespace nearfab::gateway::resources
