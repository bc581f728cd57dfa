// SPDX-License-Identifier: GPL-3.0-or-later
// analyses.hpp - looks at uploaded designs in the sandboxed worker, each of them once.
//
// What was found is kept by the hash of the bytes, so a design is looked at once however often it
// is asked about, and one that broke the worker is not tried again. Whoever asks for too many at
// once is refused. Belongs to the gateway's thread; the worker runs beside it.

#pragma once

#include "router/gateway/desk.hpp"
#include "router/shell/analyser.hpp"
#include "store/blob_store.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::gateway {

// Runs it on the gateway's thread, soon; may be called from any thread.
using Post = std::function<void(std::function<void()>)>;

class Analyses {
public:
    struct Options {
        router::AnalyserOptions worker;
        std::size_t waiting_max = 64;
        std::size_t waiting_per_caller_max = 8;
    };
    Analyses(Options options, const BlobStore& designs, Post post);

    using ThenFacts = std::function<void(Result<PartFacts>)>;
    void facts(const Caller& caller, const DesignReading& design, ThenFacts then);
    using ThenCheck = std::function<void(Result<std::string>)>;
    void check(const Caller& caller, const CheckWish& wish, ThenCheck then);

    [[nodiscard]] std::size_t waiting() const { return waiting_; }
    [[nodiscard]] std::uint64_t runs() const { return runs_; }

private:
    template <typename Key, typename Found>
    struct Shelf {
        using Then = std::function<void(Result<Found>)>;
        struct Asker {
            ContentHash token;
            Then then;
        };
        std::map<Key, Result<Found>> found;
        std::deque<Key> order;  // Oldest first.
        std::map<Key, std::vector<Asker>> asked;
    };
    template <typename Key, typename Found>
    bool known_or_crowded(Shelf<Key, Found>& shelf,
                          const Key& key,
                          const ContentHash& design,
                          const Caller& caller,
                          const std::function<void(Result<Found>)>& then);
    template <typename Key, typename Found>
    void take(Shelf<Key, Found>& shelf, const Key& key, Result<Found> found, bool broke);
    void remember_poison(const ContentHash& design, const Error& why);

    Options options_;
    const BlobStore& designs_;
    Post post_;
    Shelf<DesignReading, PartFacts> facts_;
    Shelf<CheckWish, std::string> checks_;
    std::map<ContentHash, Error> poison_;
    std::map<ContentHash, std::size_t> waiting_of_;  // By token.
    std::size_t waiting_ = 0;
    std::uint64_t runs_ = 0;
    std::unique_ptr<router::Analyser> analyser_;  // Last: its thread uses the above.
};

}  // namespace nearfab::gateway
