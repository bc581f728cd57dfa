// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/analyses.hpp"

#include <string>
#include <type_traits>

namespace nearfab::gateway {
namespace {

constexpr std::size_t facts_kept_max = 1024;
constexpr std::size_t checks_kept_max = 128;
constexpr std::size_t poison_kept_max = 10'000;
constexpr std::size_t check_kept_bytes_max = std::size_t{256} << 10U;

// The file itself is told of in the same way each time; what failed on our side may go well later.
bool is_of_file(ErrorCode code) {
    return code == ErrorCode::invalid_file || code == ErrorCode::too_large ||
           code == ErrorCode::invalid_argument || code == ErrorCode::unsupported;
}

bool is_large(const PartFacts&) {
    return false;
}

bool is_large(const std::string& text) {
    return text.size() > check_kept_bytes_max;
}

}  // namespace

Analyses::Analyses(Options options, const BlobStore& designs, Post post)
    : options_{std::move(options)}, designs_{designs}, post_{std::move(post)} {
    analyser_ =
        std::make_unique<router::Analyser>(options_.worker, [this](router::AnalysisDone done) {
            post_([this, done = std::move(done)]() mutable {
                take(facts_, done.design, std::move(done.outcome), done.broke);
            });
        });
}

template <typename Key, typename Found>
bool Analyses::known_or_crowded(Shelf<Key, Found>& shelf,
                                const Key& key,
                                const ContentHash& design,
                                const Caller& caller,
                                const std::function<void(Result<Found>)>& then) {
    if (const auto found = shelf.found.find(key); found != shelf.found.end()) {
        then(found->second);
        return true;
    }
    if (const auto bad = poison_.find(design); bad != poison_.end()) {
        then(fail(bad->second));
        return true;
    }
    const auto refuse = [&](ErrorCode code, const std::string& whose, std::size_t limit) {
        then(fail(
            code,
            whose + " designs wait to be looked at already, the limit is " + std::to_string(limit),
            "try again in some seconds"));
        return true;
    };
    const auto own = waiting_of_.find(caller.token);
    if (own != waiting_of_.end() && own->second >= options_.waiting_per_caller_max) {
        return refuse(ErrorCode::limit_reached, "your", options_.waiting_per_caller_max);
    }
    if (waiting_ >= options_.waiting_max) {
        return refuse(ErrorCode::unavailable, "others'", options_.waiting_max);
    }
    ++waiting_of_[caller.token];
    ++waiting_;
    auto& askers = shelf.asked[key];
    askers.push_back({caller.token, then});
    return askers.size() > 1;  // It is being looked at.
}

template <typename Key, typename Found>
void Analyses::take(Shelf<Key, Found>& shelf, const Key& key, Result<Found> found, bool broke) {
    ++runs_;
    const bool lasts = found ? !is_large(*found) : is_of_file(found.error().code);
    const std::size_t kept_max =
        std::is_same_v<Found, PartFacts> ? facts_kept_max : checks_kept_max;
    if (lasts && shelf.found.emplace(key, found).second) {
        shelf.order.push_back(key);
        if (shelf.order.size() > kept_max) {
            shelf.found.erase(shelf.order.front());
            shelf.order.pop_front();
        }
    }
    const ContentHash& design = [&]() -> const ContentHash& {
        if constexpr (std::is_same_v<Key, DesignReading>) {
            return key.design;
        } else {
            return key.design.design;
        }
    }();
    if (broke && !found) remember_poison(design, found.error());
    auto askers = shelf.asked.extract(key);
    if (askers.empty()) return;
    for (const auto& asker : askers.mapped()) {
        --waiting_;
        if (--waiting_of_[asker.token] == 0) waiting_of_.erase(asker.token);
    }
    for (const auto& asker : askers.mapped())
        asker.then(found);
}

void Analyses::remember_poison(const ContentHash& design, const Error& why) {
    if (poison_.size() >= poison_kept_max) poison_.clear();
    poison_.emplace(design, why);
}

void Analyses::facts(const Caller& caller, const DesignReading& design, ThenFacts then) {
    if (known_or_crowded(facts_, design, design.design, caller, then)) return;
    analyser_->submit({design, designs_.path(design.design)});
}

void Analyses::check(const Caller& caller, const CheckWish& wish, ThenCheck then) {
    if (known_or_crowded(checks_, wish, wish.design.design, caller, then)) return;
    analyser_->submit({wish.design,
                       designs_.path(wish.design.design),
                       wish.file_name,
                       wish.processes,
                       wish.thickness_mm},
                      [this, wish](router::Analyser::CheckDone done) {
                          post_([this, wish, done = std::move(done)]() mutable {
                              take(checks_, wish, std::move(done.json), done.broke);
                          });
                      });
}

}  // namespace nearfab::gateway
