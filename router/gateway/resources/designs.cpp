// SPDX-License-Identifier: GPL-3.0-or-later
// Designs on their way up: announced, sent piece by piece, taken up again where they stopped.

#include "proto/model/limits.hpp"
#include "router/gateway/answer_bodies.hpp"
#include "router/gateway/json_body.hpp"
#include "router/gateway/problem.hpp"
#include "router/gateway/resources/names.hpp"
#include "router/gateway/resources/resources.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace nearfab::gateway::resources {
namespace {

void tell(const ExchangePtr& exchange,
          std::uint64_t size,
          const message::UploadStatus& status,
          int http_status) {
    Response response;
    response.status = http_status;
    response.body = upload_body(status.design, size, status.received, status.complete);
    response.headers.emplace_back("Upload-Offset", std::to_string(status.received));
    exchange->reply(std::move(response));
}

// Announcing again what was announced before says how far it is, and changes nothing.
void ask_how_far(const ExchangePtr& exchange,
                 const ContentHash& design,
                 std::uint64_t size,
                 const std::function<void(const message::UploadStatus&)>& then) {
    exchange->desk.ask(exchange->caller,
                       message::OpenUpload{design, size},
                       [exchange, then](const Message& answer) {
                           if (const auto* status = std::get_if<message::UploadStatus>(&answer)) {
                               then(*status);
                           } else {
                               exchange->reply(unexpected(answer));
                           }
                       });
}

std::optional<std::uint64_t> number_in(const std::string& text) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, value);
    return problem == std::errc{} && stop == end && !text.empty() ? std::optional{value}
                                                                  : std::nullopt;
}

void not_announced(const ExchangePtr& exchange) {
    exchange->reply(
        problem(Error{ErrorCode::not_found,
                      "this design is neither here nor announced since the router started",
                      "announce it: POST /api/v1/designs with its hash and size; what has come "
                      "already need not be sent again"}));
}

// The pieces of one request, and the worst and the last of what was said of them.
class Pieces {
public:
    Pieces(ExchangePtr exchange,
           const ContentHash& design,
           std::uint64_t size,
           std::uint64_t offset)
        : exchange_{std::move(exchange)}, size_{size} {
        last_.design = design;
        last_.received = offset;
    }

    static void send(const std::shared_ptr<Pieces>& pieces) {
        const std::string body = std::exchange(pieces->exchange_->request.body, {});
        const std::uint64_t offset = pieces->last_.received;
        pieces->open_ = (body.size() + limits::chunk_bytes_max - 1) / limits::chunk_bytes_max;
        for (std::size_t at = 0; at < body.size(); at += limits::chunk_bytes_max) {
            const std::size_t bytes = std::min(limits::chunk_bytes_max, body.size() - at);
            message::UploadChunk chunk;
            chunk.design = pieces->last_.design;
            chunk.offset = offset + at;
            const auto begin = body.begin() + static_cast<std::ptrdiff_t>(at);
            chunk.bytes.assign(begin, begin + static_cast<std::ptrdiff_t>(bytes));
            pieces->exchange_->desk.ask(pieces->exchange_->caller,
                                        std::move(chunk),
                                        [pieces](const Message& answer) { pieces->take(answer); });
        }
    }

private:
    void take(const Message& answer) {
        if (const auto* status = std::get_if<message::UploadStatus>(&answer)) {
            last_.received = std::max(last_.received, status->received);
            last_.complete = last_.complete || status->complete;
        } else if (!refused_) {
            refused_ = answer;
        }
        if (--open_ > 0) return;
        if (!refused_) {
            tell(exchange_, size_, last_, 200);
            return;
        }
        const auto* failure = std::get_if<message::Failure>(&*refused_);
        if (failure == nullptr || failure->error.code != ErrorCode::conflict) {
            exchange_->reply(unexpected(*refused_));
            return;
        }
        // It is told where to go on.
        ask_how_far(exchange_,
                    last_.design,
                    size_,
                    [exchange = exchange_, error = failure->error](const auto& status) {
                        Response response =
                            problem(409, error, {{"received", std::to_string(status.received)}});
                        response.headers.emplace_back("Upload-Offset",
                                                      std::to_string(status.received));
                        exchange->reply(std::move(response));
                    });
    }

    ExchangePtr exchange_;
    std::uint64_t size_;
    message::UploadStatus last_;
    std::size_t open_ = 0;
    std::optional<Message> refused_;
};

}  // namespace

void post_design(const ExchangePtr& exchange) {
    auto body = JsonBody::parse(exchange->request.body);
    if (!body) return exchange->reply(problem(body.error()));
    JsonTable root = body->root();
    const std::string name = root.needed_text("design");
    const auto design = ContentHash::from_hex(name);
    if (!design) {
        root.complain(
            "design", "is no hash of a design", "give the 64 hex digits of the file's BLAKE2b-256");
    }
    // A size over the router's limit is refused by the router, with its limit.
    constexpr std::int64_t largest = INT64_MAX;
    const auto size = static_cast<std::uint64_t>(root.needed_whole("size", 1, largest));
    if (auto fine = body->finish(); !fine) return exchange->reply(problem(fine.error()));
    if (size > limits::design_bytes_max) {
        return exchange->reply(problem(
            Error{ErrorCode::too_large,
                  "the design has " + std::to_string(size) + " bytes, the limit is " +
                      std::to_string(limits::design_bytes_max),
                  "export it again with fewer triangles: finer than the machine helps nobody"}));
    }
    const auto known = exchange->desk.design_size(*design);
    const std::uint64_t real = known.value_or(size);
    ask_how_far(exchange, *design, real, [=](const message::UploadStatus& status) {
        if (!status.complete) exchange->desk.remember_size(*design, real);
        const bool fresh = !status.complete && status.received == 0;
        tell(exchange, real, status, fresh ? 201 : 200);
    });
}

void get_design(const ExchangePtr& exchange) {
    const auto design = design_named(exchange);
    if (!design) return;
    if (const auto size = exchange->desk.design_size(*design)) {
        tell(exchange, *size, {*design, *size, true}, 200);
        return;
    }
    const auto size = exchange->desk.announced_size(*design);
    if (!size) return not_announced(exchange);
    ask_how_far(exchange, *design, *size, [=](const message::UploadStatus& status) {
        tell(exchange, *size, status, 200);
    });
}

void patch_design(const ExchangePtr& exchange) {
    const auto design = design_named(exchange);
    if (!design) return;
    const auto offset = number_in(exchange->request.upload_offset);
    if (!offset) {
        return exchange->reply(problem(400,
                                       {ErrorCode::malformed,
                                        "the header Upload-Offset is missing or no number",
                                        "say how many bytes of the design come before these"}));
    }
    if (exchange->request.body.empty()) {
        return exchange->reply(problem(400,
                                       {ErrorCode::malformed,
                                        "the request has no bytes of the design",
                                        "send the next bytes, at most 1 MiB at a time"}));
    }
    if (const auto size = exchange->desk.design_size(*design)) {
        tell(exchange, *size, {*design, *size, true}, 200);  // Said twice.
        return;
    }
    const auto size = exchange->desk.announced_size(*design);
    if (!size) return not_announced(exchange);
    if (*offset > *size || exchange->request.body.size() > *size - *offset) {
        return exchange->reply(
            problem(Error{ErrorCode::too_large,
                          "these bytes go beyond the end of the design, which was announced with " +
                              std::to_string(*size) + " bytes",
                          "send only what is missing, or announce the right size"}));
    }
    Pieces::send(std::make_shared<Pieces>(exchange, *design, *size, *offset));
}

}  // namespace nearfab::gateway::resources
