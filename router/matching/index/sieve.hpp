// SPDX-License-Identifier: GPL-3.0-or-later
// sieve.hpp - a question in the terms of a place tree: what to look for, and what is sure.

#pragma once

#include "router/matching/index/kind_table.hpp"
#include "router/matching/index/terms_table.hpp"
#include "router/matching/tree/tree_node.hpp"

#include <array>
#include <cstdint>

namespace nearfab::router {

// An entry's `terms` are a class of the TermsTable, plus this for a machine that takes no work from
// anybody at present (requirements.hpp, takes_work).
inline constexpr std::uint8_t barred = 32;

// Stock in a tree is rounded up, so that it never promises too little.
[[nodiscard]] float stock_up(double grams);

class Sieve {
public:
    // REQUIRES: the question outlives it.
    Sieve(const Question& question, const KindTable& kinds, const TermsTable& terms);

    // What passes is everything that meets the requirements, and perhaps more; with a requirement
    // relaxed, everything that meets the others.
    [[nodiscard]] TreeFilter filter() const { return filter(Requirement::unknown); }
    [[nodiscard]] TreeFilter filter(Requirement relaxed) const;

    // Does this entry, which passed filter(), meet every requirement for sure?
    [[nodiscard]] bool is_sure(const TreeView& entry) const {
        return sure_ && entry.kinds.meets(sure_kinds_) && (entry.terms & sure_terms_) != 0 &&
               entry.stock_g >= stock_sure_ &&
               (deadline_s_ < 0 || finish_latest_s(entry) <= deadline_s_);
    }

    // Of an entry whose kind has one rate; otherwise 0.
    [[nodiscard]] std::uint32_t making_s(const TreeView& entry) const;
    // No entry in the view that passes filter() finishes earlier.
    [[nodiscard]] std::uint32_t finish_floor_s(const TreeView& view) const;
    // Whether an entry in the view may ask its price in the question's currency.
    [[nodiscard]] bool may_be_priced(const TreeView& view) const {
        return (view.terms & priced_terms_) != 0;
    }

private:
    [[nodiscard]] std::int64_t finish_latest_s(const TreeView& entry) const;
    // No machine of these kinds makes it faster.
    [[nodiscard]] std::uint32_t making_floor_s(const KindSet& kinds) const;

    const Question& question_;
    const KindTable& kinds_;
    KindSet fit_;
    KindSet resolve_;
    KindSet hold_;
    KindSet passing_;  // All three.
    KindSet sure_kinds_;
    std::uint64_t sure_terms_ = 0;
    std::uint64_t priced_terms_ = 0;
    TermsTable::Accepting accepting_;
    std::int64_t deadline_s_ = -1;  // None.
    float stock_min_ = 0;
    float stock_sure_ = 0;
    bool sure_ = false;  // Nothing about this work bars single fabs.
    // Of each kind at its worst rate, once asked for; no number of seconds is 0.
    mutable std::array<std::uint32_t, KindTable::kinds_max> making_most_s_{};
    // The same at the fastest so many of the table's rates.
    mutable std::array<std::uint32_t, KindTable::kinds_max> making_at_s_;
    mutable std::size_t rates_known_ = 0;
};

}  // namespace nearfab::router
