// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/index/kind_table.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nearfab::router {
namespace {

bool alike(const MachineLimits& a, const MachineLimits& b) {
    return a.longer_mm == b.longer_mm && a.shorter_mm == b.shorter_mm &&
           a.height_mm == b.height_mm && a.feature_mm == b.feature_mm &&
           a.tolerance_mm == b.tolerance_mm;
}

// By how many octaves a bound would have to move. Nothing is finer than a micrometre here.
double widened(double best, double worst, double value) {
    constexpr double finest = 1e-3;
    const double low = std::max(std::min(best, worst), finest);
    const double high = std::max(std::max(best, worst), finest);
    const double at = std::max(value, finest);
    return std::max(0.0, std::log2(at / high)) + std::max(0.0, std::log2(low / at));
}

double widened(const MachineLimits& best, const MachineLimits& worst, const MachineLimits& m) {
    return widened(best.longer_mm, worst.longer_mm, m.longer_mm) +
           widened(best.shorter_mm, worst.shorter_mm, m.shorter_mm) +
           widened(best.height_mm, worst.height_mm, m.height_mm) +
           widened(best.feature_mm, worst.feature_mm, m.feature_mm) +
           widened(best.tolerance_mm, worst.tolerance_mm, m.tolerance_mm);
}

void take_in(MachineLimits& best, MachineLimits& worst, const MachineLimits& m) {
    const auto more = [](double& high, double& low, double value) {
        high = std::max(high, value);
        low = std::min(low, value);
    };
    more(best.longer_mm, worst.longer_mm, m.longer_mm);
    more(best.shorter_mm, worst.shorter_mm, m.shorter_mm);
    more(best.height_mm, worst.height_mm, m.height_mm);
    more(best.rate_cm3_per_h, worst.rate_cm3_per_h, m.rate_cm3_per_h);
    more(worst.feature_mm, best.feature_mm, m.feature_mm);
    more(worst.tolerance_mm, best.tolerance_mm, m.tolerance_mm);
}

}  // namespace

std::uint8_t KindTable::join(const MachineLimits& machine) {
    std::size_t chosen = kinds_max;
    std::size_t unused = kinds_max;
    for (std::size_t k = 0; k < kinds_max && chosen == kinds_max; ++k) {
        if (kinds_[k].machines == 0) {
            unused = std::min(unused, k);
        } else if (kinds_[k].exact && alike(kinds_[k].best, machine)) {
            chosen = k;
        }
    }
    if (chosen == kinds_max && unused != kinds_max) {
        chosen = unused;
        kinds_[chosen] = {machine, machine, 0, true};
    }
    if (chosen == kinds_max) {
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t k = 0; k < kinds_max; ++k) {
            const double cost = widened(kinds_[k].best, kinds_[k].worst, machine);
            if (cost < least) {
                least = cost;
                chosen = k;
            }
        }
    }
    Kind& kind = kinds_[chosen];
    const Kind before = kind;
    kind.exact = kind.exact && alike(kind.best, machine);
    take_in(kind.best, kind.worst, machine);
    ++kind.machines;
    if (before.machines == 0 || !(before.best == kind.best) || !(before.worst == kind.worst)) {
        sum_up();
    }
    return static_cast<std::uint8_t>(chosen);
}

void KindTable::leave(std::uint8_t kind) {
    NEARFAB_CHECK(kinds_[kind].machines > 0, "a machine leaves the kind that it joined");
    if (--kinds_[kind].machines == 0) sum_up();
}

void KindTable::sum_up() {
    envelopes_.clear();
    features_.clear();
    tolerances_.clear();
    rates_.clear();
    const auto envelope = [this](const MachineLimits& m) -> Envelope& {
        for (Envelope& known : envelopes_) {
            if (known.longer_mm == m.longer_mm && known.shorter_mm == m.shorter_mm &&
                known.height_mm == m.height_mm) {
                return known;
            }
        }
        return envelopes_.emplace_back(Envelope{m.longer_mm, m.shorter_mm, m.height_mm, {}, {}});
    };
    const auto length = [](std::vector<Length>& all, double mm) -> Length& {
        const auto known = std::find_if(
            all.begin(), all.end(), [mm](const Length& value) { return value.mm == mm; });
        return known == all.end() ? all.emplace_back(Length{mm, {}, {}}) : *known;
    };
    const auto rate = [this](double cm3_per_h) -> Rate& {
        const auto place =
            std::find_if(rates_.begin(), rates_.end(), [cm3_per_h](const Rate& known) {
                return known.cm3_per_h <= cm3_per_h;
            });
        if (place != rates_.end() && place->cm3_per_h == cm3_per_h) return *place;
        return *rates_.insert(place, {cm3_per_h, {}});
    };
    for (std::size_t k = 0; k < kinds_max; ++k) {
        const Kind& kind = kinds_[k];
        if (kind.machines == 0) continue;
        const KindSet bit = KindSet::of(k);
        envelope(kind.best).best_of |= bit;
        envelope(kind.worst).worst_of |= bit;
        length(features_, kind.best.feature_mm).best_of |= bit;
        length(features_, kind.worst.feature_mm).worst_of |= bit;
        length(tolerances_, kind.best.tolerance_mm).best_of |= bit;
        length(tolerances_, kind.worst.tolerance_mm).worst_of |= bit;
        rate(kind.best.rate_cm3_per_h).best_of |= bit;
    }
}

}  // namespace nearfab::router
