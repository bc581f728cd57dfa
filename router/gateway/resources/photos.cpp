// SPDX-License-Identifier: GPL-3.0-or-later
// Photos of inspected pieces: taken by who acts for the fab, seen by them and by whoever may see
// the job.

#include "router/gateway/photos.hpp"

#include "router/gateway/problem.hpp"
#include "router/gateway/resources/names.hpp"
#include "router/gateway/resources/resources.hpp"
#include "router/gateway/routes.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <system_error>
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

// What is wrong with the disk is for the router's operator.
Response not_stored(const Error& error) {
    if (error.code != ErrorCode::storage) return problem(error);
    spdlog::error("http: a photo: {}; {}", error.message, error.next);
    return problem(Error{ErrorCode::storage,
                         "the router could not store or read the photo",
                         "its operator finds the reason in its log"});
}

// ?epoch=N, the number of the attempt; nothing after it has replied with 400.
std::optional<std::uint64_t> epoch_asked(const ExchangePtr& exchange) {
    if (!query_is_known(exchange, {"epoch"})) return std::nullopt;
    const std::string text = exchange->request.query("epoch").value_or("");
    std::uint64_t epoch = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(text.data(), end, epoch);
    if (fault == std::errc{} && stop == end && !text.empty()) return epoch;
    exchange->reply(problem(400,
                            {ErrorCode::malformed,
                             "the query does not say of which attempt",
                             "write ?epoch=N, as the list of photos or the fab's board has it"}));
    return std::nullopt;
}

void reply_photo(const ExchangePtr& exchange, const Photos::Photo& photo) {
    auto bytes = exchange->desk.photos().read(photo);
    if (!bytes) {
        if (bytes.error().code == ErrorCode::not_found) return no_photo(exchange);
        return exchange->reply(not_stored(bytes.error()));
    }
    Response response;
    response.content_type = photo_content_type;
    response.body = std::move(*bytes);
    exchange->reply(std::move(response));
}

void keep_photo(const ExchangePtr& exchange, const WorkOrderStatus& order, std::uint64_t epoch) {
    if (order.epoch != epoch || !may_lie_there(order.state)) {
        return exchange->reply(
            problem(Error{ErrorCode::conflict,
                          "attempt " + std::to_string(epoch) +
                              " of this piece is not being made or inspected now",
                          "photograph it when it is made, before you say whether it is good"}));
    }
    if (exchange->desk.storage_low()) {
        return exchange->reply(
            problem(Error{ErrorCode::unavailable,
                          "the router's disk is nearly full, so it keeps no photos now",
                          "inspect without one, and tell the router's operator"}));
    }
    const Photos::Photo photo{order.id, epoch, order.fab};
    if (auto kept = exchange->desk.photos().keep(photo, exchange->request.body); !kept) {
        return exchange->reply(not_stored(kept.error()));
    }
    Response response;
    response.status = 201;
    response.body = nlohmann::json{{"work_order", order.id.text()}, {"epoch", epoch}}.dump() + "\n";
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
            for (const Photos::Photo& photo : exchange->desk.photos().of(order.id)) {
                photos.push_back(nlohmann::json{{"work_order", photo.order.text()},
                                                {"epoch", photo.epoch},
                                                {"fab", photo.fab.text()}});
            }
        }
        Response response;
        response.body = nlohmann::json{{"photos", std::move(photos)}}.dump() + "\n";
        exchange->reply(std::move(response));
    };
    with_own_job(exchange, *job, tell, [exchange] { no_job(exchange); });
}

void get_photo(const ExchangePtr& exchange) {
    const auto epoch = epoch_asked(exchange);
    if (!epoch) return;
    const auto named = order_named(exchange);
    if (!named) return;
    const auto all = exchange->desk.photos().of(named->order);
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.epoch == *epoch; });
    std::optional<Photos::Photo> photo;
    if (found != all.end()) photo = *found;
    // Whoever made it sees it, whatever became of the piece.
    if (photo && acts_for(exchange->caller, photo->fab)) return reply_photo(exchange, *photo);
    with_own_job(
        exchange,
        named->job,
        [exchange, photo](const JobStatus&) {
            if (!photo) return no_photo(exchange);
            reply_photo(exchange, *photo);
        },
        [exchange] { no_job(exchange); });
}

void post_photo(const ExchangePtr& exchange) {
    const auto epoch = epoch_asked(exchange);
    if (!epoch) return;
    const auto named = order_named(exchange);
    if (!named) return;
    if (auto fine = check_photo(exchange->request.body); !fine) {
        return exchange->reply(problem(fine.error()));
    }
    with_piece_at_own_fab(exchange, *named, [exchange, epoch](const WorkOrderStatus& order) {
        keep_photo(exchange, order, *epoch);
    });
}

}  // namespace nearfab::gateway::resources
