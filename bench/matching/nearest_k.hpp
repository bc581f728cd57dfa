// SPDX-License-Identifier: GPL-3.0-or-later
// nearest_k.hpp - the k best of a stream of candidates, and the facts a candidate is judged by.

#pragma once

#include "bench/matching/engine.hpp"
#include "bench/matching/sphere.hpp"
#include <limits>

namespace nearfab::bench {

// Keeps the k smallest chords, sorted; k is small. Its storage is used again by the next question.
class NearestK {
public:
    void restart(std::size_t k) {
        k_ = k;
        best_.clear();
    }

    // No candidate at least this far gets in.
    [[nodiscard]] double bound() const {
        return best_.size() < k_ ? std::numeric_limits<double>::infinity() : best_.back().chord;
    }

    void add(double chord, std::uint32_t id) {
        if (!(chord < bound())) return;
        if (best_.size() == k_) best_.pop_back();
        auto at = best_.end();
        while (at != best_.begin() && (at - 1)->chord > chord)
            --at;
        best_.insert(at, {chord, id});
    }

    void give(std::vector<Hit>& hits) const {
        hits.clear();
        for (const Entry& entry : best_)
            hits.push_back({entry.id, chord_to_km(entry.chord)});
    }

private:
    struct Entry {
        double chord;  // Squared.
        std::uint32_t id;
    };
    std::size_t k_ = 0;
    std::vector<Entry> best_;
};

// A machine without its place: 28 bytes, for engines that keep places elsewhere.
struct MachineFacts {
    MaterialSet materials = 0;
    std::array<float, 3> envelope_mm{};
    float min_feature_mm = 0;
    float tolerance_mm = 0;
    std::int32_t backlog_s = 0;
};

[[nodiscard]] inline MachineFacts facts_of(const BenchMachine& machine) {
    return {machine.materials,
            machine.envelope_mm,
            machine.min_feature_mm,
            machine.tolerance_mm,
            machine.backlog_s};
}

[[nodiscard]] inline bool can_make(const MachineFacts& machine, const Query& query) {
    return ((machine.materials >> query.material) & 1U) != 0 &&
           query.box_mm[0] <= machine.envelope_mm[0] && query.box_mm[1] <= machine.envelope_mm[1] &&
           query.box_mm[2] <= machine.envelope_mm[2] &&
           machine.min_feature_mm <= query.min_feature_mm &&
           machine.tolerance_mm <= query.tolerance_mm && machine.backlog_s <= query.backlog_s_max;
}

}  // namespace nearfab::bench
