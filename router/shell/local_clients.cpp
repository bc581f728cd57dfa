// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/local_clients.hpp"

#include "base/check.hpp"
#include "proto/codec/codec.hpp"

#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace nearfab::router {
namespace {

void ring(const FileDescriptor& bell) {
    const std::uint64_t one = 1;
    // A full counter wakes the other side just as well, so the result does not matter.
    [[maybe_unused]] const auto written = ::write(bell.number(), &one, sizeof one);
}

void silence(const FileDescriptor& bell) {
    std::uint64_t rings = 0;
    // Nothing to read only means that it was silent.
    [[maybe_unused]] const auto taken = ::read(bell.number(), &rings, sizeof rings);
}

std::size_t size_of(const Message& body) {
    const auto* chunk = std::get_if<message::UploadChunk>(&body);
    return chunk != nullptr ? chunk->bytes.size() : encoded_size(body);
}

}  // namespace

Result<std::unique_ptr<LocalClients>> LocalClients::open(LocalLimits limits) {
    std::unique_ptr<LocalClients> clients{new LocalClients{limits}};
    clients->asked_ = FileDescriptor{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    clients->answered_ = FileDescriptor{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!clients->asked_.open() || !clients->answered_.open()) {
        return fail(ErrorCode::internal, "no eventfd", "raise the limit of open files");
    }
    return clients;
}

bool LocalClients::ask(LocalQuestion question) {
    NEARFAB_CHECK(is_local(question.session), "a local question under a session of the wire");
    NEARFAB_CHECK(question.role == Role::client || question.role == Role::operator_,
                  "a local question of a role that asks nothing");
    const std::size_t bytes = size_of(question.body);
    {
        const std::lock_guard lock{mutex_};
        if (question_bytes_ + bytes > limits_.question_bytes) return false;
        question_bytes_ += bytes;
        questions_.emplace_back(std::move(question), bytes);
    }
    ring(asked_);
    return true;
}

void LocalClients::leave(SessionNumber session) {
    {
        const std::lock_guard lock{mutex_};
        questions_.emplace_back(LocalGoodbye{session}, 0);
    }
    ring(asked_);
}

void LocalClients::want_changes(bool wanted) {
    const std::lock_guard lock{mutex_};
    wants_changes_ = wanted;
    if (!wanted) changes_ = {};
}

bool LocalClients::wants_changes() const {
    const std::lock_guard lock{mutex_};
    return wants_changes_;
}

std::vector<LocalAnswer> LocalClients::take_answers() {
    silence(answered_);
    std::vector<Waiting> waiting;
    {
        const std::lock_guard lock{mutex_};
        waiting.swap(answers_);
        answer_bytes_ = 0;
    }
    std::vector<LocalAnswer> answers;
    answers.reserve(waiting.size());
    for (Waiting& one : waiting)
        answers.push_back(std::move(one.answer));
    return answers;
}

LocalChanges LocalClients::take_changes() {
    const std::lock_guard lock{mutex_};
    return std::exchange(changes_, {});
}

std::vector<LocalWord> LocalClients::take_questions(std::size_t most) {
    silence(asked_);
    std::vector<LocalWord> words;
    bool more = false;
    {
        const std::lock_guard lock{mutex_};
        while (!questions_.empty() && words.size() < most) {
            words.push_back(std::move(questions_.front().first));
            question_bytes_ -= questions_.front().second;
            questions_.pop_front();
        }
        more = !questions_.empty();
    }
    if (more) ring(asked_);
    return words;
}

void LocalClients::answer(LocalAnswer answer) {
    std::size_t bytes = encoded_size(answer.body);
    {
        const std::lock_guard lock{mutex_};
        if (answer_bytes_ + bytes > limits_.answer_bytes) {
            const bool of_many = std::holds_alternative<message::JobUpdate>(answer.body);
            answer.body =
                message::Failure{{of_many ? ErrorCode::limit_reached : ErrorCode::unavailable,
                                  "too many answers wait to be taken",
                                  "ask again for the present state"}};
            bytes = 0;
        }
        answer_bytes_ += bytes;
        answers_.push_back({std::move(answer), bytes});
    }
    ring(answered_);
}

void LocalClients::tell(LocalChanges changes) {
    {
        const std::lock_guard lock{mutex_};
        if (!wants_changes_) return;
        changes_.jobs.merge(changes.jobs);
        changes_.fabs.merge(changes.fabs);
        changes_.all = changes_.all || changes.all;
        if (changes_.jobs.size() + changes_.fabs.size() > limits_.changes) {
            changes_ = {};
            changes_.all = true;
        }
    }
    ring(answered_);
}

void LocalClients::publish(LocalGauges gauges) {
    const std::lock_guard lock{mutex_};
    gauges_ = std::move(gauges);
}

LocalGauges LocalClients::gauges() const {
    const std::lock_guard lock{mutex_};
    return gauges_;
}

}  // namespace nearfab::router
