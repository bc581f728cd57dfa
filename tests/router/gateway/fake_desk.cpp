// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/router/gateway/fake_desk.hpp"

#include "proto/codec/codec.hpp"

#include <utility>

namespace nearfab::gateway {
namespace {

const JobId known_job{"3f9c01d2a4b86e57"};

JobStatus status_of(const JobId& job) {
    JobStatus status;
    status.id = job;
    status.submitter = IdentityId{"ada"};
    status.title = "A hook";
    status.state = JobState::matching;
    status.place_of_use = Place{45, 4};
    return status;
}

struct Usual {
    Message operator()(const message::OpenUpload& m) const {
        return message::UploadStatus{m.design, 0, false};
    }
    Message operator()(const message::UploadChunk& m) const {
        return message::UploadStatus{m.design, m.offset + m.bytes.size(), false};
    }
    Message operator()(const message::SubmitJob&) const {
        return message::JobAccepted{known_job, false};
    }
    Message operator()(const message::AskQuote&) const { return message::Quote{}; }
    Message operator()(const message::AskJobs& m) const {
        message::Jobs jobs;
        if (known_job.text().starts_with(m.id_prefix)) jobs.jobs.push_back(status_of(known_job));
        return jobs;
    }
    Message operator()(const message::AskWhy& m) const { return message::Why{m.job, {}, false}; }
    Message operator()(const message::CancelJob& m) const {
        return message::CancelAnswer{status_of(m.job), "cancelled"};
    }
    Message operator()(const message::AskFabs&) const { return message::Fabs{}; }
    Message operator()(const message::AskReport&) const { return message::NetworkReport{}; }
    Message operator()(const message::RelayCommand& m) const {
        if (std::holds_alternative<message::AskAgent>(m.body)) return message::AgentStatus{};
        return message::OperatorAnswer{"done"};
    }
    template <typename Other>
    Message operator()(const Other&) const {
        return message::Failure{{ErrorCode::unauthorised, "not for a client", "ask others"}};
    }
};

}  // namespace

void FakeDesk::look_up(const JobId& job, Answered answered) {
    message::AskJobs question;
    question.id_prefix = job.text();
    ask({}, std::move(question), std::move(answered));
}

void FakeDesk::ask(const Caller&, Message question, Answered answered) {
    Envelope envelope;
    envelope.body = question;
    const auto bytes = try_encode(envelope);
    const auto read = bytes ? decode(*bytes) : Result<Envelope>{fail(bytes.error())};
    if (!read) {
        answered(message::Failure{read.error()});
        return;
    }
    questions.push_back(question);
    auto special = answers ? answers(question) : std::nullopt;
    answered(special ? std::move(*special) : std::visit(Usual{}, question));
}

Desk::Watch FakeDesk::watch(const Caller&, message::WatchJob question, Answered answered) {
    questions.emplace_back(question);
    const Watch number = questions.size();
    watches[number] = answered;
    message::JobUpdate update;
    update.status = status_of(question.job);
    update.events.push_back({1, WallTime{}, {}, "submitted"});
    answered(std::move(update));
    return number;
}

std::optional<std::uint64_t> FakeDesk::design_size(const ContentHash& design) {
    const auto known = designs.find(design);
    return known == designs.end() ? std::nullopt : std::optional{known->second};
}

std::optional<std::uint64_t> FakeDesk::announced_size(const ContentHash& design) const {
    const auto known = announced.find(design);
    return known == announced.end() ? std::nullopt : std::optional{known->second};
}

void FakeDesk::facts(const Caller&,
                     const DesignReading&,
                     std::function<void(Result<PartFacts>)> then) {
    then(known_facts);
}

void FakeDesk::check(const Caller&,
                     const CheckWish&,
                     std::function<void(Result<std::string>)> then) {
    then(known_check);
}

Result<std::shared_ptr<EventStream>> FakeDesk::open_stream(const Caller&) {
    if (streams_ >= streams_max) {
        return fail(ErrorCode::limit_reached, "too many streams", "close one");
    }
    ++streams_;
    return std::make_shared<EventStream>(std::size_t{1} << 16U);
}

void FakeDesk::follow_all(const std::shared_ptr<EventStream>& stream,
                          const Caller&,
                          const std::string&) {
    stream->push(id_text(1));
}

}  // namespace nearfab::gateway
