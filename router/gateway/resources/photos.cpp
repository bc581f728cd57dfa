// SPDX-License-Identifier: GPL-3.0-or-later
// Photos of inspected pieces: taken by who acts for the fab, seen by them and by whoever may see
// the job.

#include "router/gateway/photos.hpp"

#include "router/gateway/problem.hpp"
#include "router/gateway/resources/names.hpp"
#include "router/gateway/resources/resources.hpp"
#include "router/gateway/routes.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <utility>

namespace nearfab::gateway::resources {
namespace {

using Found = std::function<void(const JobStatus&)>;

void no_job(const ExchangePtr& exchange) {
    exchange->reply(problem(Error{ErrorCode::not_found,
                                  "there is no such job, or it is not for this token",
                                  "GET /api/v1/jobs lists yours"}));
}

void no_photo(const ExchangePtr& exchange) {
    exchange->reply(problem(Error{ErrorCode::not_found,
                                  "there is no photo of this piece",
                                  "GET /api/v1/jobs/JOB/photos lists those that there are"}));
}

const JobStatus* only_one(const Message& answer, const JobId& job) {
    const auto* jobs = std::get_if<message::Jobs>(&answer);
    if (jobs == nullptr || jobs->jobs.size() != 1) return nullptr;
    return jobs->jobs.front().id == job ? &jobs->jobs.front() : nullptr;
}

// What the caller may see of the job as its designer or as an admin; `otherwise` if that is
// nothing.
void with_own_job(const ExchangePtr& exchange,
                  const JobId& job,
                  const Found& then,
                  const std::function<void()>& otherwise) {
    message::AskJobs question;
    question.id_prefix = job.text();
    exchange->desk.ask(exchange->caller, std::move(question), [=](const Message& answer) {
        if (const JobStatus* status = only_one(answer, job)) return then(*status);
        if (std::holds_alternative<message::Failure>(answer)) {
            return exchange->reply(unexpected(answer));
        }
        otherwise();
    });
}

// The piece, when the caller acts for the fab that has it; a problem that was replied otherwise,
// the same for pieces that are not there and those that are somebody else's.
void with_piece_at_own_fab(const ExchangePtr& exchange,
                           const NamedOrder& named,
                           const std::function<void(const WorkOrderStatus&)>& then) {
    exchange->desk.look_up(named.job, [=](const Message& answer) {
        const JobStatus* status = only_one(answer, named.job);
        if (status == nullptr && std::holds_alternative<message::Failure>(answer)) {
            return exchange->reply(unexpected(answer));
        }
        if (status == nullptr) return no_job(exchange);
        const auto& orders = status->work_orders;
        const auto order = std::find_if(orders.begin(), orders.end(), [&](const auto& one) {
            return one.id == named.order && acts_for(exchange->caller, one.fab);
        });
        if (order == orders.end()) return no_job(exchange);
        then(*order);
    });
}

bool may_lie_there(WorkOrderState state) {
    switch (state) {
        case WorkOrderState::producing:
        case WorkOrderState::produced:
        case WorkOrderState::inspected:
        case WorkOrderState::delivered:
        case WorkOrderState::in_doubt:
        case WorkOrderState::failed_final:
            return true;
        case WorkOrderState::unknown:
        case WorkOrderState::queued:
        case WorkOrderState::offered:
        case WorkOrderState::reserved:
        case WorkOrderState::authorised:
        case WorkOrderState::cancelled:
            break;
    }
    return false;
}

void reply_photo(const ExchangePtr& exchange, const WorkOrderStatus& order) {
    auto bytes = exchange->desk.photos().read(order.id, order.epoch);
    if (!bytes) {
        if (bytes.error().code == ErrorCode::not_found) return no_photo(exchange);
        return exchange->reply(problem(bytes.error()));
    }
    Response response;
    response.content_type = photo_content_type;
    response.body = std::move(*bytes);
    exchange->reply(std::move(response));
}

}  // namespace

void get_photos(const ExchangePtr& exchange) {
    if (!query_is_known(exchange, {})) return;
    const auto job = job_named(exchange);
    if (!job) return;
    const auto tell = [exchange](const JobStatus& status) {
        nlohmann::json photos = nlohmann::json::array();
        for (const WorkOrderStatus& order : status.work_orders) {
            if (!exchange->desk.photos().has(order.id, order.epoch)) continue;
            photos.push_back(nlohmann::json{{"work_order", order.id.text()},
                                            {"epoch", order.epoch},
                                            {"fab", order.fab.text()}});
        }
        Response response;
        response.body = nlohmann::json{{"photos", std::move(photos)}}.dump() + "\n";
        exchange->reply(std::move(response));
    };
    with_own_job(exchange, *job, tell, [exchange] { no_job(exchange); });
}

void get_photo(const ExchangePtr& exchange) {
    if (!query_is_known(exchange, {})) return;
    const auto named = order_named(exchange);
    if (!named) return;
    const auto show = [exchange, order = named->order](const JobStatus& status) {
        for (const WorkOrderStatus& one : status.work_orders)
            if (one.id == order) return reply_photo(exchange, one);
        no_photo(exchange);
    };
    with_own_job(exchange, named->job, show, [exchange, named] {
        with_piece_at_own_fab(exchange, *named, [exchange](const WorkOrderStatus& order) {
            reply_photo(exchange, order);
        });
    });
}

void post_photo(const ExchangePtr& exchange) {
    if (!query_is_known(exchange, {})) return;
    const auto named = order_named(exchange);
    if (!named) return;
    if (auto fine = check_photo(exchange->request.body); !fine) {
        return exchange->reply(problem(fine.error()));
    }
    with_piece_at_own_fab(exchange, *named, [exchange](const WorkOrderStatus& order) {
        if (!may_lie_there(order.state)) {
            return exchange->reply(problem(Error{
                ErrorCode::conflict,
                "nothing of this piece can have been made yet: it is " + to_string(order.state),
                "photograph it when it is made"}));
        }
        if (auto kept = exchange->desk.photos().keep(order.id, order.epoch, exchange->request.body);
            !kept) {
            return exchange->reply(problem(kept.error()));
        }
        Response response;
        response.status = 201;
        response.body =
            nlohmann::json{{"work_order", order.id.text()}, {"epoch", order.epoch}}.dump() + "\n";
        exchange->reply(std::move(response));
    });
}

}  // namespace nearfab::gateway::resources
