// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/index/sieve.hpp"

#include "proto/model/limits.hpp"
#include "router/matching/requirements.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nearfab::router {
namespace {

// Float rounding, both ways.
constexpr float hair = 1e-6F;

std::uint64_t both_halves(std::uint32_t free, bool with_free, bool with_barred) {
    return (with_free ? std::uint64_t{free} : 0) |
           (with_barred ? std::uint64_t{free} << barred : 0);
}

}  // namespace

float stock_up(double grams) {
    const auto rounded = static_cast<float>(std::min(grams, limits::mass_g_max * 100));
    return static_cast<double>(rounded) < grams
               ? std::nextafter(rounded, std::numeric_limits<float>::infinity())
               : rounded;
}

Sieve::Sieve(const Question& question, const KindTable& kinds, const TermsTable& terms)
    : question_{question}, kinds_{kinds}, accepting_{terms.accepting(question)} {
    // Kinds of which the worst machine passes.
    KindSet fit;
    KindSet resolve;
    KindSet hold;
    for (const KindTable::Envelope& room : kinds.envelopes()) {
        if (!question.room.fits({room.longer_mm, room.shorter_mm, room.height_mm})) continue;
        fit_ |= room.best_of;
        fit |= room.worst_of;
    }
    for (const KindTable::Length& feature : kinds.features()) {
        if (!resolves(question, feature.mm)) continue;
        resolve_ |= feature.best_of;
        resolve |= feature.worst_of;
    }
    for (const KindTable::Length& tolerance : kinds.tolerances()) {
        if (!holds(question, tolerance.mm)) continue;
        hold_ |= tolerance.best_of;
        hold |= tolerance.worst_of;
    }
    passing_ = fit_ & resolve_ & hold_;
    sure_kinds_ = fit & resolve & hold;
    if (question.deadline_s) deadline_s_ = std::max<std::int64_t>(*question.deadline_s, 0);
    const auto mass = static_cast<float>(question.mass_g);
    stock_min_ = mass * (1 - hair);
    stock_sure_ = mass * (1 + hair);
    sure_ = question.history.empty();
    sure_terms_ = accepting_.licence & accepting_.submitter & accepting_.exact;
    priced_terms_ = both_halves(accepting_.currency, true, true);
}

TreeFilter Sieve::filter(Requirement relaxed) const {
    const auto unless = [relaxed](Requirement requirement, auto value, auto otherwise) {
        return relaxed == requirement ? otherwise : value;
    };
    constexpr KindSet all = KindSet::all();
    constexpr std::uint32_t all_terms = ~std::uint32_t{0};
    TreeFilter filter;
    filter.kinds = unless(Requirement::envelope, fit_, all) &
                   unless(Requirement::feature, resolve_, all) &
                   unless(Requirement::tolerance, hold_, all);
    const std::uint32_t terms = unless(Requirement::licence, accepting_.licence, all_terms) &
                                unless(Requirement::submitter, accepting_.submitter, all_terms);
    const bool barred_too = relaxed == Requirement::available || relaxed == Requirement::trusted;
    filter.terms = both_halves(terms, true, barred_too);
    if (deadline_s_ >= 0 && relaxed != Requirement::deadline) {
        const std::int64_t wait = deadline_s_ - making_floor_s(filter.kinds);
        if (wait < 0) filter.kinds = {};
        filter.wait_s_max = static_cast<std::uint32_t>(
            std::clamp<std::int64_t>(wait, 0, std::numeric_limits<std::uint32_t>::max()));
    }
    filter.stock_g_min = unless(Requirement::material_amount, stock_min_, 0.0F);
    return filter;
}

std::uint32_t Sieve::making_s(const TreeView& entry) const {
    const auto k = entry.kinds.first();
    if (kinds_.best(k).rate_cm3_per_h != kinds_.worst(k).rate_cm3_per_h) return 0;
    std::uint32_t& making = making_most_s_[k];
    if (making == 0) {
        making =
            static_cast<std::uint32_t>(making_seconds(question_, kinds_.worst(k).rate_cm3_per_h));
    }
    return making;
}

std::uint32_t Sieve::making_floor_s(const KindSet& kinds) const {
    const std::span<const KindTable::Rate> rates = kinds_.rates();
    for (std::size_t r = 0; r < rates.size(); ++r) {
        if (!rates[r].best_of.meets(kinds)) continue;
        for (; rates_known_ <= r; ++rates_known_) {
            making_at_s_[rates_known_] = static_cast<std::uint32_t>(
                making_seconds(question_, rates[rates_known_].cm3_per_h));
        }
        return making_at_s_[r];
    }
    return 0;
}

std::uint32_t Sieve::finish_floor_s(const TreeView& view) const {
    const std::int64_t making = making_floor_s(view.kinds & passing_);
    return static_cast<std::uint32_t>(
        std::min<std::int64_t>(view.wait_s + making, limits::span_s_max));
}

std::int64_t Sieve::finish_latest_s(const TreeView& entry) const {
    const auto k = entry.kinds.first();
    std::uint32_t& making = making_most_s_[k];
    if (making == 0) {
        making =
            static_cast<std::uint32_t>(making_seconds(question_, kinds_.worst(k).rate_cm3_per_h));
    }
    return std::min<std::int64_t>(std::int64_t{entry.wait_s} + making, limits::span_s_max);
}

}  // namespace nearfab::router
