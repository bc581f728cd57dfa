// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/design_fetch.hpp"

#include "proto/model/limits.hpp"

#include <algorithm>

namespace nearfab::agent {
namespace {

constexpr std::uint64_t pieces_ahead = 4;  // At most limits::chunks_outstanding_max.
constexpr Duration silence_max = std::chrono::seconds{30};

}  // namespace

std::optional<Event> DesignFetch::fetch(TimePoint now,
                                        const ContentHash& design,
                                        std::uint64_t size) {
    if (designs_.has(design)) return event::DesignFetched{design};
    const auto received = designs_.begin(design, size);
    if (!received) return give_up(design, received.error());
    if (*received == size) return finish(design);
    Fetch& fetch = fetches_[design];
    fetch = {size, *received, *received, now};
    ask_ahead(now, design, fetch);
    return std::nullopt;
}

void DesignFetch::ask_ahead(TimePoint now, const ContentHash& design, Fetch& fetch) {
    fetch.again_at = now + silence_max;
    while (fetch.asked < fetch.size &&
           fetch.asked < fetch.received + pieces_ahead * limits::chunk_bytes_max) {
        if (!ask_({design, fetch.asked}, ++correlations_)) return;
        questions_[correlations_] = {design, fetch.asked};
        fetch.asked = std::min(fetch.asked + limits::chunk_bytes_max, fetch.size);
    }
}

// From where it stopped. What was asked before no longer matters, whatever becomes of it.
void DesignFetch::ask_again(TimePoint now, const ContentHash& design, Fetch& fetch) {
    forget_questions(design, fetch.size);
    fetch.asked = fetch.received;
    ask_ahead(now, design, fetch);
}

void DesignFetch::forget_questions(const ContentHash& design, std::uint64_t before) {
    std::erase_if(questions_, [&](const auto& entry) {
        return entry.second.design == design && entry.second.offset < before;
    });
}

std::optional<Event> DesignFetch::take(TimePoint now, const message::DesignChunk& chunk) {
    const auto at = fetches_.find(chunk.design);
    if (at == fetches_.end()) return std::nullopt;
    Fetch& fetch = at->second;
    if (chunk.offset != fetch.received || chunk.bytes.empty()) return std::nullopt;
    if (chunk.size != fetch.size) {
        return give_up(chunk.design,
                       {ErrorCode::invalid_file,
                        "the router's copy has " + std::to_string(chunk.size) +
                            " bytes, the offer said " + std::to_string(fetch.size),
                        ""});
    }
    if (const Status written = designs_.write(chunk.design, chunk.offset, chunk.bytes); !written) {
        return give_up(chunk.design, written.error());
    }
    fetch.received += chunk.bytes.size();
    if (fetch.received >= fetch.size) return finish(chunk.design);
    // A piece shorter than the usual leaves a hole that nobody was asked for.
    if (chunk.bytes.size() < limits::chunk_bytes_max) {
        ask_again(now, chunk.design, fetch);
    } else {
        forget_questions(chunk.design, fetch.received);
        ask_ahead(now, chunk.design, fetch);
    }
    return std::nullopt;
}

std::optional<Event> DesignFetch::refused(std::uint64_t correlation, const Error& error) {
    const auto question = questions_.find(correlation);
    if (question == questions_.end()) return std::nullopt;
    const ContentHash design = question->second.design;
    if (!fetches_.contains(design)) return std::nullopt;
    return give_up(design, error);
}

Event DesignFetch::finish(const ContentHash& design) {
    if (const Status finished = designs_.finish(design); !finished) {
        return give_up(design, finished.error());
    }
    fetches_.erase(design);
    std::erase_if(questions_, [&](const auto& entry) { return entry.second.design == design; });
    return event::DesignFetched{design};
}

Event DesignFetch::give_up(const ContentHash& design, const Error& why) {
    fetches_.erase(design);
    std::erase_if(questions_, [&](const auto& entry) { return entry.second.design == design; });
    return event::DesignFetchFailed{design, why.message};
}

void DesignFetch::resume(TimePoint now) {
    questions_.clear();
    for (auto& [design, fetch] : fetches_)
        ask_again(now, design, fetch);
}

void DesignFetch::tick(TimePoint now) {
    for (auto& [design, fetch] : fetches_) {
        if (now >= fetch.again_at) ask_again(now, design, fetch);
    }
}

std::optional<TimePoint> DesignFetch::next_deadline() const {
    std::optional<TimePoint> first;
    for (const auto& [design, fetch] : fetches_) {
        if (!first || fetch.again_at < *first) first = fetch.again_at;
    }
    return first;
}

}  // namespace nearfab::agent
