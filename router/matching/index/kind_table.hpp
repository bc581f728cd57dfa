// SPDX-License-Identifier: GPL-3.0-or-later
// kind_table.hpp - the machines of one process sorted into at most 128 kinds by what they can do.
//
// A digest says which kinds there are below a node, in two words. Machines of one kind are alike,
// or as nearly alike as 128 kinds allow; the best and the worst of a kind bound what any of them
// can do. In the world there are some dozens of models, so most kinds are exact: then the kind
// alone decides whether a machine can make a part.
//
// The bounds of a kind only grow until its last machine leaves.

#pragma once

#include "router/matching/tree/kind_set.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nearfab::router {

// What a machine can do as far as it does not change from hour to hour.
struct MachineLimits {
    double longer_mm = 0;  // Of the envelope's two horizontal sides.
    double shorter_mm = 0;
    double height_mm = 0;
    double feature_mm = 0;
    double tolerance_mm = 0;
    double rate_cm3_per_h = 0;
    friend bool operator==(const MachineLimits&, const MachineLimits&) = default;
};

class KindTable {
public:
    static constexpr std::size_t kinds_max = KindSet::kinds_max;

    // The kind of one more such machine.
    [[nodiscard]] std::uint8_t join(const MachineLimits& machine);
    // REQUIRES: one of the kind joined and has not left.
    void leave(std::uint8_t kind);

    // A value, and the kinds that have it as their best, or as their worst.
    struct Envelope {
        double longer_mm = 0;
        double shorter_mm = 0;
        double height_mm = 0;
        KindSet best_of;
        KindSet worst_of;
    };
    struct Length {
        double mm = 0;
        KindSet best_of;
        KindSet worst_of;
    };
    struct Rate {
        double cm3_per_h = 0;
        KindSet best_of;
    };
    // There are fewer different values than kinds, so a question looks at these. Only of kinds that
    // have machines.
    [[nodiscard]] std::span<const Envelope> envelopes() const { return envelopes_; }
    [[nodiscard]] std::span<const Length> features() const { return features_; }
    [[nodiscard]] std::span<const Length> tolerances() const { return tolerances_; }
    // Fastest first.
    [[nodiscard]] std::span<const Rate> rates() const { return rates_; }

    // No machine of the kind can do more, or less, than this.
    [[nodiscard]] const MachineLimits& best(std::size_t kind) const { return kinds_[kind].best; }
    [[nodiscard]] const MachineLimits& worst(std::size_t kind) const { return kinds_[kind].worst; }

private:
    struct Kind {
        MachineLimits best;
        MachineLimits worst;
        std::uint32_t machines = 0;  // 0: the kind is not in use.
        bool exact = true;
    };
    void sum_up();

    std::array<Kind, kinds_max> kinds_{};
    std::vector<Envelope> envelopes_;
    std::vector<Length> features_;
    std::vector<Length> tolerances_;
    std::vector<Rate> rates_;
};

}  // namespace nearfab::router
