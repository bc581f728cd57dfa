// SPDX-License-Identifier: GPL-3.0-or-later
// place_tree_search.hpp - the two searches of place_tree.hpp, whose judges are compiled into them.

#pragma once

#include "router/matching/tree/place_tree.hpp"

namespace nearfab::router {

// A float that is not below the double, so that rounding never hides an answer.
[[nodiscard]] inline float rounded_up(double chord2) {
    return static_cast<float>(chord2 * (1 + 1e-6));
}

// The best so many that a search has met, in order; a heap while it runs if they are many, because
// a plan may ask for thousands.
template <class Found, class GoesBefore>
class BestFound {
public:
    // The first `count` of `found` are in order already.
    BestFound(std::span<Found> found, std::size_t count, const GoesBefore& goes_before)
        : found_{found},
          count_{count},
          goes_before_{goes_before},
          is_heap_{found.size() > sorted_most} {
        if (is_heap_) std::make_heap(begin(), end(), goes_before_);
    }

    [[nodiscard]] bool full() const { return count_ == found_.size(); }
    // REQUIRES: full().
    [[nodiscard]] const Found& last() const { return is_heap_ ? found_.front() : found_.back(); }
    // REQUIRES: not full, or it goes before last().
    void add(const Found& candidate) {
        if (is_heap_) {
            if (full()) {
                std::pop_heap(begin(), end(), goes_before_);
                --count_;
            }
            found_[count_++] = candidate;
            std::push_heap(begin(), end(), goes_before_);
            return;
        }
        std::size_t to = full() ? count_ - 1 : count_++;
        for (; to > 0 && goes_before_(candidate, found_[to - 1]); --to)
            found_[to] = found_[to - 1];
        found_[to] = candidate;
    }
    // Puts them in order. Returns how many there are.
    std::size_t finish() {
        if (is_heap_) std::sort_heap(begin(), end(), goes_before_);
        return count_;
    }

private:
    static constexpr std::size_t sorted_most = 64;

    [[nodiscard]] auto begin() const { return found_.begin(); }
    [[nodiscard]] auto end() const { return found_.begin() + static_cast<std::ptrdiff_t>(count_); }

    std::span<Found> found_;
    std::size_t count_;
    const GoesBefore& goes_before_;
    bool is_heap_;
};

template <class Judge>
std::size_t PlaceTree::nearest(const GlobePoint& from,
                               const TreeFilter& filter,
                               double chord2_max,
                               const Judge& judge,
                               std::span<TreeFound> found,
                               std::size_t count) const {
    if (size_ == 0) return count;
    std::array<TreeBranch, open_max> stack;
    std::size_t depth = 0;
    stack[depth++] = {0, root_, no_node, 0, root_is_leaf_};
    const auto goes_before = [&judge](const TreeFound& a, const TreeFound& b) {
        if (a.chord2 != b.chord2) return a.chord2 < b.chord2;
        if (a.finish_s != b.finish_s) return a.finish_s < b.finish_s;
        return a.lot != b.lot ? a.lot < b.lot : judge.before(a.slot, b.slot);
    };
    // Exactly as far as the last answer: can anything in the view go before it? Thousands of
    // machines may share one place.
    const auto may_precede = [&judge](const TreeView& view, const TreeFound& last) {
        const std::uint32_t floor = judge.finish_floor_s(view);
        return floor != last.finish_s ? floor < last.finish_s : view.lot <= last.lot;
    };
    BestFound<TreeFound, decltype(goes_before)> best{found, count, goes_before};
    double reach = best.full() ? std::min(chord2_max, best.last().chord2) : chord2_max;
    float reach_up = rounded_up(reach);
    while (depth > 0) {
        const TreeBranch branch = stack[--depth];
        if (branch.chord2 > reach_up) continue;
        if (best.full() && branch.parent != no_node && branch.chord2 >= reach_up * nearly_there) {
            // Hardly nearer than the last answer, or exactly as far: worth an exact look.
            const TreeView view = inner(branch.parent).view(branch.index, from);
            if (view.chord2 > reach) continue;
            if (view.chord2 == reach && !may_precede(view, best.last())) continue;
        }
        if (!branch.leaf) {
            std::array<TreeBranch, TreeInner::size> next;
            const std::size_t n =
                branches(inner(branch.node), branch.node, from, filter, reach_up, next);
            for (std::size_t i = 0; i < n; ++i)
                stack[depth++] = next[i];
            for (std::size_t i = 1; i <= n; ++i)
                prefetch(stack[depth - i], filter, i);
            continue;
        }
        const TreeLeaf& here = leaf(branch.node);
        for (std::uint32_t left = pick(here, filter); left != 0; left &= left - 1) {
            const auto i = static_cast<std::size_t>(std::countr_zero(left));
            const TreeLeaf::Place& place = here.place[i];
            const double distance = router::chord2(from, place.at);
            if (distance > reach || place.stock_g < filter.stock_g_min) continue;
            const TreeView view = here.view(i, distance);
            const std::uint32_t slot = here.rest[i].slot;
            const TreeFound candidate{distance, slot, judge.finish_s(slot, view), view.lot};
            if (best.full() && !goes_before(candidate, best.last())) continue;
            if (!judge.accepts(candidate.slot, view)) continue;
            best.add(candidate);
            if (best.full()) {
                reach = std::min(chord2_max, best.last().chord2);
                reach_up = rounded_up(reach);
            }
        }
    }
    return best.finish();
}

template <class Judge>
std::size_t PlaceTree::best(const GlobePoint& from,
                            const TreeFilter& filter,
                            double chord2_max,
                            const Judge& judge,
                            std::span<TreeRanked> found,
                            std::size_t count) const {
    if (size_ == 0) return count;
    struct Open {
        TreeCost bound;
        std::uint16_t lot = 0;
        TreeBranch branch;
    };
    constexpr double least = -std::numeric_limits<double>::infinity();
    std::array<Open, open_max> stack;
    std::size_t depth = 0;
    stack[depth++] = {{least, least, least}, 0, {0, root_, no_node, 0, root_is_leaf_}};
    const float reach_up = rounded_up(chord2_max);
    const auto goes_before = [&judge](const TreeRanked& a, const TreeRanked& b) {
        if (a.cost != b.cost) return a.cost < b.cost;
        return a.lot != b.lot ? a.lot < b.lot : judge.before(a.slot, b.slot);
    };
    BestFound<TreeRanked, decltype(goes_before)> best{found, count, goes_before};
    const auto is_beaten = [&](const TreeCost& bound, std::uint16_t lot) {
        if (!best.full()) return false;
        const TreeRanked& last = best.last();
        return bound != last.cost ? bound > last.cost : lot > last.lot;
    };
    while (depth > 0) {
        const Open open = stack[--depth];
        if (is_beaten(open.bound, open.lot)) continue;
        if (!open.branch.leaf) {
            std::array<TreeBranch, TreeInner::size> next;
            const std::size_t n =
                branches(inner(open.branch.node), open.branch.node, from, filter, reach_up, next);
            const std::size_t first = depth;
            for (std::size_t i = 0; i < n; ++i) {
                const TreeView view = inner(next[i].parent).view(next[i].index, from);
                if (view.chord2 > chord2_max) continue;
                const Open child{judge.bound(view), view.lot, next[i]};
                if (is_beaten(child.bound, child.lot)) continue;
                std::size_t to = depth++;
                for (; to > first && stack[to - 1].bound < child.bound; --to)
                    stack[to] = stack[to - 1];
                stack[to] = child;
            }
            if (depth > first) prefetch(stack[depth - 1].branch, filter, 1);
            continue;
        }
        const TreeLeaf& here = leaf(open.branch.node);
        for (std::uint32_t left = pick(here, filter); left != 0; left &= left - 1) {
            const auto i = static_cast<std::size_t>(std::countr_zero(left));
            const TreeLeaf::Place& place = here.place[i];
            const double distance = router::chord2(from, place.at);
            if (distance > chord2_max || place.stock_g < filter.stock_g_min) continue;
            const TreeView view = here.view(i, distance);
            if (is_beaten(judge.bound(view), view.lot)) continue;
            const std::uint32_t slot = here.rest[i].slot;
            const TreeRanked candidate{
                judge.cost(slot, view), distance, slot, judge.finish_s(slot, view), view.lot};
            if (best.full() && !goes_before(candidate, best.last())) continue;
            if (!judge.accepts(candidate.slot, view)) continue;
            best.add(candidate);
        }
    }
    return best.finish();
}

}  // namespace nearfab::router
