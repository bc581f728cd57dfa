// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/order.hpp"

#include "base/check.hpp"
#include "geometry/flat/plane.hpp"
#include "toolpath/nearest_gate.hpp"

#include <algorithm>
#include <limits>

namespace nearfab::toolpath {

using geometry::plane::distance;

namespace {

constexpr std::uint32_t longest_reversal = 1000;
constexpr std::uint32_t longest_move = 3;
constexpr double worth_mm = 1e-6;  // Gains below this are rounding.

std::vector<Visit> greedy(const std::vector<Stop>& stops, const Vec2& home) {
    std::vector<std::uint32_t> waits_for(stops.size(), 0);
    for (const Stop& stop : stops) {
        if (stop.before) ++waits_for[*stop.before];
    }
    NearestGate open{stops};
    for (std::uint32_t i = 0; i < stops.size(); ++i) {
        if (waits_for[i] == 0) open.add(i);
    }
    std::vector<Visit> order;
    order.reserve(stops.size());
    Vec2 at = home;
    while (const auto next = open.take_nearest(at)) {
        order.push_back(*next);
        at = stops[next->stop].gates[next->gate].out;
        if (const auto& after = stops[next->stop].before; after && --waits_for[*after] == 0) {
            open.add(*after);
        }
    }
    NEARFAB_CHECK(order.size() == stops.size(), "the rules of order have no circle");
    return order;
}

// Improves an order in place.
class Improver {
public:
    Improver(const std::vector<Stop>& stops, std::vector<Visit>& order, const OrderOptions& options)
        : stops_{stops}, order_{order}, home_{options.home}, left_{options.steps} {
        place_.resize(stops.size());
        renumber(0, order.size());
    }

    void run() {
        bool better = true;
        while (better && left_ > 0) {
            better = false;
            for (std::size_t i = 0; i < order_.size() && left_ > 0; ++i)
                better = improve_at(i) || better;
            better = choose_gates() || better;
        }
    }

private:
    [[nodiscard]] Vec2 in(std::size_t i) const {
        return stops_[order_[i].stop].gates[order_[i].gate].in;
    }
    // Where the tool comes from before position i.
    [[nodiscard]] Vec2 out_before(std::size_t i) const {
        return i == 0 ? home_ : stops_[order_[i - 1].stop].gates[order_[i - 1].gate].out;
    }
    [[nodiscard]] double step_to(std::size_t i) const {
        return i < order_.size() ? distance(out_before(i), in(i)) : 0;
    }
    bool spend(std::uint64_t steps) {
        left_ -= std::min(left_, steps);
        return left_ > 0;
    }
    void renumber(std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            place_[order_[i].stop] = static_cast<std::uint32_t>(i);
    }

    // Tries to shorten the way to position i by turning a run that begins there, and by moving a
    // run that begins there elsewhere.
    bool improve_at(std::size_t i) {
        if (step_to(i) <= worth_mm) return false;
        return reverse_from(i) || move_from(i);
    }

    // The other way through a stop, if it has one: a closed cut is left where it was entered.
    [[nodiscard]] std::optional<std::uint32_t> turned(const Visit& visit) const {
        const auto& gates = stops_[visit.stop].gates;
        const Gate& gate = gates[visit.gate];
        if (gate.in == gate.out) return visit.gate;
        for (std::uint32_t g = 0; g < gates.size(); ++g) {
            if (gates[g].in == gate.out && gates[g].out == gate.in) return g;
        }
        return std::nullopt;
    }

    bool reverse_from(std::size_t i) {
        const double now = step_to(i);
        const std::size_t most = std::min(order_.size(), i + longest_reversal);
        std::size_t last_parent = order_.size();  // The first place that must not be turned.
        for (std::size_t j = i; j < most; ++j) {
            if (!spend(1) || !turned(order_[j])) return false;
            if (const auto& after = stops_[order_[j].stop].before) {
                last_parent = std::min<std::size_t>(last_parent, place_[*after]);
            }
            if (j >= last_parent) return false;
            if (j == i) continue;
            const double gain = now + step_to(j + 1) - distance(out_before(i), out_before(j + 1)) -
                                (j + 1 < order_.size() ? distance(in(i), in(j + 1)) : 0);
            if (gain <= worth_mm) continue;
            reverse(i, j + 1);
            return true;
        }
        return false;
    }

    void reverse(std::size_t begin, std::size_t end) {
        for (std::size_t k = begin; k < end; ++k)
            order_[k].gate = *turned(order_[k]);
        std::reverse(order_.begin() + static_cast<std::ptrdiff_t>(begin),
                     order_.begin() + static_cast<std::ptrdiff_t>(end));
        renumber(begin, end);
        (void)spend(end - begin);
    }

    bool move_from(std::size_t i) {
        for (std::size_t count = 1; count <= longest_move && i + count <= order_.size(); ++count) {
            if (move_later(i, count) || move_earlier(i, count)) return true;
        }
        return false;
    }

    // What is saved where the run [i, i + count) is taken out.
    [[nodiscard]] double saved(std::size_t i, std::size_t count) const {
        const std::size_t after = i + count;
        return step_to(i) + step_to(after) -
               (after < order_.size() ? distance(out_before(i), in(after)) : 0);
    }
    // What it costs to put it before position `to`.
    [[nodiscard]] double cost(std::size_t i, std::size_t count, std::size_t to) const {
        return distance(out_before(to), in(i)) +
               (to < order_.size() ? distance(out_before(i + count), in(to)) - step_to(to) : 0);
    }

    bool move_later(std::size_t i, std::size_t count) {
        const double gain = saved(i, count);
        if (gain <= worth_mm) return false;
        std::size_t limit = std::min(order_.size(), i + longest_reversal);
        for (std::size_t k = i; k < i + count; ++k) {
            if (const auto& after = stops_[order_[k].stop].before) {
                // Behind its parent it must not go, and a parent within the run goes along.
                if (place_[*after] >= i + count)
                    limit = std::min<std::size_t>(limit, place_[*after]);
            }
        }
        for (std::size_t to = i + count + 1; to <= limit; ++to) {
            if (!spend(1)) return false;
            if (cost(i, count, to) >= gain - worth_mm) continue;
            rotate(i, i + count, to);
            return true;
        }
        return false;
    }

    bool move_earlier(std::size_t i, std::size_t count) {
        const double gain = saved(i, count);
        if (gain <= worth_mm) return false;
        const std::size_t limit = i > longest_reversal ? i - longest_reversal : 0;
        for (std::size_t to = i; to-- > limit;) {
            if (!spend(1)) return false;
            const auto& after = stops_[order_[to].stop].before;
            if (after && place_[*after] >= i && place_[*after] < i + count) return false;
            if (cost(i, count, to) >= gain - worth_mm) continue;
            rotate(to, i, i + count);
            return true;
        }
        return false;
    }

    void rotate(std::size_t begin, std::size_t middle, std::size_t end) {
        std::rotate(order_.begin() + static_cast<std::ptrdiff_t>(begin),
                    order_.begin() + static_cast<std::ptrdiff_t>(middle),
                    order_.begin() + static_cast<std::ptrdiff_t>(end));
        renumber(begin, end);
        (void)spend(end - begin);
    }

    bool choose_gates() {
        bool better = false;
        for (std::size_t i = 0; i < order_.size(); ++i) {
            const auto& gates = stops_[order_[i].stop].gates;
            if (!spend(gates.size())) return better;
            std::uint32_t best = order_[i].gate;
            double best_mm = step_to(i) + step_to(i + 1);
            for (std::uint32_t g = 0; g < gates.size(); ++g) {
                const double mm = distance(out_before(i), gates[g].in) +
                                  (i + 1 < order_.size() ? distance(gates[g].out, in(i + 1)) : 0);
                if (mm >= best_mm - worth_mm) continue;
                best = g;
                best_mm = mm;
            }
            better = better || best != order_[i].gate;
            order_[i].gate = best;
        }
        return better;
    }

    const std::vector<Stop>& stops_;
    std::vector<Visit>& order_;
    Vec2 home_;
    std::uint64_t left_;
    std::vector<std::uint32_t> place_;  // Per stop: its position in the order.
};

}  // namespace

std::vector<Visit> order_of(const std::vector<Stop>& stops, const OrderOptions& options) {
    std::vector<Visit> order = greedy(stops, options.home);
    Improver{stops, order, options}.run();
    return order;
}

double way_mm(const std::vector<Stop>& stops, const std::vector<Visit>& order, const Vec2& home) {
    double mm = 0;
    Vec2 at = home;
    for (const Visit& visit : order) {
        const Gate& gate = stops[visit.stop].gates[visit.gate];
        mm += distance(at, gate.in);
        at = gate.out;
    }
    return mm;
}

}  // namespace nearfab::toolpath
