// SPDX-License-Identifier: GPL-3.0-or-later
// What happens, as it happens: server-sent events of one job, and of all that a token may see.

#include "json/answers.hpp"
#include "router/gateway/answer_bodies.hpp"
#include "router/gateway/problem.hpp"
#include "router/gateway/resources/names.hpp"
#include "router/gateway/resources/resources.hpp"

#include <charconv>
#include <utility>

namespace nearfab::gateway::resources {
namespace {

Response stream_response(std::shared_ptr<EventStream> stream) {
    Response response;
    response.content_type = "text/event-stream";
    response.stream = std::move(stream);
    return response;
}

// What is no number of ours stands for "from the beginning".
std::uint64_t last_event_of(const Request& request) {
    std::uint64_t number = 0;
    const std::string& text = request.last_event_id;
    const char* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, number);
    return problem == std::errc{} && stop == end ? number : 0;
}

// The first answer of the router decides what is replied; each of them goes on to the stream.
class JobStream : public std::enable_shared_from_this<JobStream> {
public:
    JobStream(ExchangePtr exchange, JobId job, std::shared_ptr<EventStream> stream)
        : exchange_{std::move(exchange)}, job_{std::move(job)}, stream_{std::move(stream)} {}

    void begin() {
        last_ = last_event_of(exchange_->request);
        watch_ = exchange_->desk.watch(
            exchange_->caller,
            message::WatchJob{job_, last_},
            [self = shared_from_this()](const Message& answer) { self->take(answer); });
        // The desk lives longer than its streams.
        stream_->on_close([&desk = exchange_->desk, watch = watch_] { desk.unwatch(watch); });
    }

private:
    void take(const Message& answer) {
        const auto* update = std::get_if<message::JobUpdate>(&answer);
        if (update == nullptr) {
            if (std::exchange(replied_, true)) {
                stream_->end();  // The reader comes again, and is told why then.
            } else {
                exchange_->reply(unexpected(answer));
                stream_->close();
            }
            return;
        }
        for (const JobEvent& event : update->events) {
            if (event.number <= last_) continue;
            last_ = event.number;
            stream_->push(event_text("job_event", json::json_of_event(job_, event), event.number));
        }
        if (!update->more) {
            stream_->push(event_text("job_status", job_body(update->status, true)));
            if (is_final(update->status.state)) {
                stream_->push(event_text("end", "{}"));
                stream_->end();
            }
        }
        if (!std::exchange(replied_, true)) exchange_->reply(stream_response(stream_));
    }

    ExchangePtr exchange_;
    JobId job_;
    std::shared_ptr<EventStream> stream_;
    std::uint64_t last_ = 0;
    Desk::Watch watch_ = 0;
    bool replied_ = false;
};

}  // namespace

void get_job_events(const ExchangePtr& exchange) {
    const auto job = job_named(exchange);
    if (!job) return;
    auto stream = exchange->desk.open_stream(exchange->caller);
    if (!stream) return exchange->reply(problem(stream.error()));
    std::make_shared<JobStream>(exchange, *job, std::move(*stream))->begin();
}

void get_events(const ExchangePtr& exchange) {
    auto stream = exchange->desk.open_stream(exchange->caller);
    if (!stream) return exchange->reply(problem(stream.error()));
    exchange->desk.follow_all(*stream, exchange->caller, exchange->request.last_event_id);
    exchange->reply(stream_response(std::move(*stream)));
}

}  // namespace nearfab::gateway::resources
