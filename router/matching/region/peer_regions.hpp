// SPDX-License-Identifier: GPL-3.0-or-later
// peer_regions.hpp - what other networks promise, searched like a node of the own tree.
//
// A digest that came in becomes one node: for each process and material the best of the whole
// network, and below it the cells that have it. A question looks at the whole first, so a network
// that cannot make it costs one look; otherwise at its cells.
//
//     peer "north"   fdm/pla   kinds 1011, wait 0 s, stock 2 kg   [cell][cell][cell] ...
//                    sla/resin kinds 0100, ...                    [cell]
//
// What is promised may not be true: a digest is coarse. What is not promised cannot be had there.
// Not thread-safe.

#pragma once

#include "proto/model/region.hpp"
#include "router/matching/question.hpp"
#include "router/matching/tree/place_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace nearfab::router {

// A cell that may be able to make it. All numbers are the least that its machines could have.
struct PeerPromise {
    IdentityId peer;
    std::size_t cell = 0;  // Its place in the peer's digest.
    double chord2 = 0;     // From the place of use; see tree/globe_point.hpp.
    std::int64_t finish_s = 0;
    std::optional<double> price;     // None: nobody there asks in the question's currency.
    std::optional<double> carbon_g;  // None: nobody there says.
    TreeCost cost;                   // By the question's objective, comparable to cost_of().
};

class PeerRegions {
public:
    // What a peer says of itself, for the first time or anew.
    // REQUIRES: it came through the codec or from region_digest().
    void state(const IdentityId& peer, std::shared_ptr<const RegionDigest> digest);
    // When its time is over, or the peer is gone for good.
    void forget(const IdentityId& peer);

    [[nodiscard]] std::size_t peers() const { return peers_.size(); }
    // Null when it has said nothing.
    [[nodiscard]] const RegionDigest* digest(const IdentityId& peer) const;

    // The cells that may be able to make it, the least cost first, then by peer and cell; not those
    // of the peers in `without`. What bars single fabs (WorkHistory) is not looked at, because
    // nobody knows the fabs of a cell.
    [[nodiscard]] std::vector<PeerPromise> promises(const Question& question,
                                                    std::size_t most,
                                                    const std::set<IdentityId>& without = {}) const;
    // The same with the best cell of each peer alone: a peer is asked as one.
    [[nodiscard]] std::vector<PeerPromise> best_of_each(
        const Question& question, std::size_t most, const std::set<IdentityId>& without = {}) const;

private:
    // One cell as far as it concerns one process and material.
    struct CellRow {
        double x = 0;  // The centre on the unit sphere.
        double y = 0;
        double z = 0;
        double sin_half_radius = 0;
        double cos_half_radius = 0;
        const RegionOffer* offer = nullptr;
        const RegionStock* stock = nullptr;
        std::uint32_t cell = 0;
    };
    struct Node {
        const RegionProcess* process = nullptr;
        RegionStock best;  // Of all rows.
        std::uint32_t terms = 0;
        std::vector<CellRow> rows;
    };
    struct Peer {
        std::shared_ptr<const RegionDigest> digest;
        std::map<std::pair<ProcessId, MaterialId>, Node> nodes;
    };
    struct Wanted;

    static void look_at(const Wanted& wanted,
                        const IdentityId& name,
                        const Peer& peer,
                        std::vector<PeerPromise>& found);

    std::map<IdentityId, Peer> peers_;
};

// Is the first to be asked before the second? A strict order.
[[nodiscard]] bool goes_before(const PeerPromise& a, const PeerPromise& b);

}  // namespace nearfab::router
