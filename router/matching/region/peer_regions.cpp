// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/region/peer_regions.hpp"

#include "proto/model/limits.hpp"
#include "proto/model/material.hpp"
#include "proto/model/process.hpp"
#include "router/matching/figures.hpp"
#include "router/matching/requirements.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <tuple>

namespace nearfab::router {
namespace {

constexpr double earth_radius_km = 6371.0088;  // IUGG R1, as in proto/model/place.cpp.
constexpr double unknown = std::numeric_limits<double>::infinity();
// Sums of lower bounds are rounded; this is more than that.
constexpr double surely_below = 1 - 1e-9;
// Half a metre, in the units of a GlobePoint: more than the rounding of both points, and of the sum
// of two angles near the other end of the earth.
constexpr double chord_slack = 64;

struct UnitVector {
    double x = 0;
    double y = 0;
    double z = 0;
};

UnitVector unit_vector(const Place& place) {
    const double latitude = place.latitude_deg * std::numbers::pi / 180;
    const double longitude = place.longitude_deg * std::numbers::pi / 180;
    const double ring = std::cos(latitude);
    return {ring * std::cos(longitude), ring * std::sin(longitude), std::sin(latitude)};
}

double price_floor(const Question& question, const RegionPrice& price) {
    return (static_cast<double>(price.fixed_milli) +
            static_cast<double>(price.per_cm3_milli) * effort_cm3(question).value_or(0) +
            static_cast<double>(price.per_kg_milli) * question.mass_g / 1000) /
           1000 * surely_below;
}

std::optional<double> price_floor(const Question& question, const RegionOffer& offer) {
    for (const RegionPrice& price : offer.prices) {
        if (price.currency == question.currency) return price_floor(question, price);
    }
    return offer.other_prices ? std::optional{0.0} : std::nullopt;
}

std::optional<double> carbon_floor(const Question& question,
                                   const RegionOffer& offer,
                                   double chord2) {
    if (!offer.carbon) return std::nullopt;
    const std::optional<double> effort = effort_cm3(question);
    // The fixed part is that of the usual set-up; a time that does not follow the rate may be less.
    const double setup = effort ? 1 : std::min(1.0, *question.typical_time_s / setup_s);
    const double making = (static_cast<double>(offer.carbon->fixed_mg) * setup +
                           static_cast<double>(offer.carbon->per_cm3_mg) * effort.value_or(0)) /
                          1000;
    return (making + transport_g(question, ground_km(chord2))) * surely_below;
}

std::optional<double> full_cost_floor(const Question& question, const PeerPromise& promise) {
    if (!promise.price || question.carbon_price_per_t == 0) return promise.price;
    if (!promise.carbon_g) return std::nullopt;
    return *promise.price + carbon_cost(question, *promise.carbon_g) * surely_below;
}

TreeCost cost_floor(const Question& question, const PeerPromise& promise) {
    const auto finish = static_cast<double>(promise.finish_s);
    switch (question.objective) {
        case Objective::soonest:
            return {finish, promise.chord2, 0};
        case Objective::cheapest:
            return {full_cost_floor(question, promise).value_or(unknown), promise.chord2, finish};
        case Objective::greenest:
            return {promise.carbon_g.value_or(unknown), promise.chord2, finish};
        case Objective::unknown:
        case Objective::nearest:
            break;
    }
    return {promise.chord2, finish, 0};
}

// Which of the kinds can make it, how soon at best, and under which terms.
struct Sifted {
    std::uint64_t kinds = 0;
    std::uint32_t terms = 0;
    std::array<std::int64_t, limits::region_kinds_max> making_s{};
};

Sifted sift(const Question& question, const RegionProcess& process, const RegionDigest& digest) {
    Sifted sifted;
    for (std::size_t k = 0; k < process.kinds.size(); ++k) {
        const RegionKind& kind = process.kinds[k];
        if (!resolves(question, kind.feature_um / 1000.0) ||
            !holds(question, kind.tolerance_um / 1000.0) ||
            !question.room.fits(
                {kind.longer_um / 1000.0, kind.shorter_um / 1000.0, kind.height_um / 1000.0})) {
            continue;
        }
        sifted.kinds |= std::uint64_t{1} << k;
        sifted.making_s[k] =
            making_seconds(question, static_cast<double>(kind.rate_mm3_per_h) / 1000.0);
    }
    sifted.terms = region_terms_any;
    for (std::size_t t = 0; t < digest.terms.size(); ++t) {
        // Whom a fab works for is not told, so nobody is turned away by it here.
        if (accepts_licence(question, {digest.terms[t].licences, {}})) {
            sifted.terms |= std::uint32_t{1} << t;
        }
    }
    return sifted;
}

// The earliest finish of what is promised; none when it cannot be.
std::optional<std::int64_t> finish_floor(const Question& question,
                                         const Sifted& sifted,
                                         std::uint32_t terms,
                                         const RegionStock& stock) {
    if ((terms & sifted.terms) == 0 || static_cast<double>(stock.stock_g) < question.mass_g) {
        return std::nullopt;
    }
    std::int64_t making = std::numeric_limits<std::int64_t>::max();
    for (std::uint64_t left = stock.kinds & sifted.kinds; left != 0; left &= left - 1)
        making =
            std::min(making, sifted.making_s[static_cast<std::size_t>(std::countr_zero(left))]);
    if (making == std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    const std::int64_t finish = std::min(stock.wait_s + making, limits::span_s_max);
    if (question.deadline_s && finish > *question.deadline_s) return std::nullopt;
    return finish;
}

}  // namespace

struct PeerRegions::Wanted {
    const Question& question;
    std::pair<ProcessId, MaterialId> what;
    UnitVector use;

    // No machine in the cell is nearer. With a and b half the angles to the centre and of the
    // radius, what is left is a - b, and half its chord sin a cos b - cos a sin b.
    [[nodiscard]] double chord2_to(const CellRow& row) const {
        const double dx = use.x - row.x;
        const double dy = use.y - row.y;
        const double dz = use.z - row.z;
        const double sin2 = std::min((dx * dx + dy * dy + dz * dz) / 4, 1.0);
        const double sin = std::sqrt(sin2);
        const double half = sin * row.cos_half_radius - std::sqrt(1 - sin2) * row.sin_half_radius;
        const double chord = 2 * half * globe_radius - chord_slack;
        return chord <= 0 ? 0 : chord * chord;
    }
};

void PeerRegions::state(const IdentityId& name, std::shared_ptr<const RegionDigest> digest) {
    Peer peer;
    for (std::uint32_t c = 0; c < digest->cells.size(); ++c) {
        const RegionCell& cell = digest->cells[c];
        const UnitVector centre = unit_vector(cell.centre);
        const double half = std::min(cell.radius_km / (2 * earth_radius_km), std::numbers::pi / 2);
        for (const RegionOffer& offer : cell.offers) {
            const RegionProcess& process = digest->processes[offer.process];
            for (const RegionStock& stock : offer.materials) {
                Node& node = peer.nodes[{process.process, digest->materials[stock.material]}];
                if (node.rows.empty()) {
                    node.process = &process;
                    node.best = stock;
                }
                node.best.kinds |= stock.kinds;
                node.best.wait_s = std::min(node.best.wait_s, stock.wait_s);
                node.best.stock_g = std::max(node.best.stock_g, stock.stock_g);
                node.terms |= offer.terms;
                node.rows.push_back({centre.x,
                                     centre.y,
                                     centre.z,
                                     std::sin(half),
                                     std::cos(half),
                                     &offer,
                                     &stock,
                                     c});
            }
        }
    }
    peer.digest = std::move(digest);
    peers_[name] = std::move(peer);
}

void PeerRegions::forget(const IdentityId& peer) {
    peers_.erase(peer);
}

const RegionDigest* PeerRegions::digest(const IdentityId& peer) const {
    const auto known = peers_.find(peer);
    return known == peers_.end() ? nullptr : known->second.digest.get();
}

void PeerRegions::look_at(const Wanted& wanted,
                          const IdentityId& name,
                          const Peer& peer,
                          std::vector<PeerPromise>& found) {
    const auto known = peer.nodes.find(wanted.what);
    if (known == peer.nodes.end()) return;
    const Node& node = known->second;
    const Question& question = wanted.question;
    const Sifted sifted = sift(question, *node.process, *peer.digest);
    if (!finish_floor(question, sifted, node.terms, node.best)) return;
    for (const CellRow& row : node.rows) {
        const auto finish = finish_floor(question, sifted, row.offer->terms, *row.stock);
        if (!finish) continue;
        PeerPromise promise;
        promise.peer = name;
        promise.cell = row.cell;
        promise.chord2 = wanted.chord2_to(row);
        promise.finish_s = *finish;
        promise.price = price_floor(question, *row.offer);
        promise.carbon_g = carbon_floor(question, *row.offer, promise.chord2);
        promise.cost = cost_floor(question, promise);
        found.push_back(std::move(promise));
    }
}

namespace {

// Cuts to the best, in order.
void keep_best(std::vector<PeerPromise>& found, std::size_t most) {
    const auto kept = static_cast<std::ptrdiff_t>(std::min(most, found.size()));
    std::partial_sort(found.begin(), found.begin() + kept, found.end(), goes_before);
    found.resize(static_cast<std::size_t>(kept));
}

std::optional<std::pair<ProcessId, MaterialId>> what_is_asked(const Question& question) {
    const auto process = find_process(question.part.process.text());
    const auto material = find_material(question.part.material.text());
    if (!process || !material) return std::nullopt;
    return std::pair{ProcessId{std::string{process->id}}, MaterialId{std::string{material->id}}};
}

}  // namespace

std::vector<PeerPromise> PeerRegions::promises(const Question& question,
                                               std::size_t most,
                                               const std::set<IdentityId>& without) const {
    std::vector<PeerPromise> found;
    const auto what = what_is_asked(question);
    if (!what) return found;
    const Wanted wanted{question, *what, unit_vector(question.place_of_use)};
    for (const auto& [name, peer] : peers_) {
        if (!without.contains(name)) look_at(wanted, name, peer, found);
    }
    keep_best(found, most);
    return found;
}

std::vector<PeerPromise> PeerRegions::best_of_each(const Question& question,
                                                   std::size_t most,
                                                   const std::set<IdentityId>& without) const {
    std::vector<PeerPromise> best;
    const auto what = what_is_asked(question);
    if (!what) return best;
    const Wanted wanted{question, *what, unit_vector(question.place_of_use)};
    std::vector<PeerPromise> of_peer;
    for (const auto& [name, peer] : peers_) {
        if (without.contains(name)) continue;
        of_peer.clear();
        look_at(wanted, name, peer, of_peer);
        const auto first = std::min_element(of_peer.begin(), of_peer.end(), goes_before);
        if (first != of_peer.end()) best.push_back(std::move(*first));
    }
    keep_best(best, most);
    return best;
}

bool goes_before(const PeerPromise& a, const PeerPromise& b) {
    return std::tie(a.cost, a.peer, a.cell) < std::tie(b.cost, b.peer, b.cell);
}

}  // namespace nearfab::router
