// SPDX-License-Identifier: GPL-3.0-or-later
// What the ledger counts of work that was handed over.

#include "base/check.hpp"
#include "router/core/ledger.hpp"

namespace nearfab::router {
namespace {

// The row of the match report that was chosen, as it was estimated then. An attempt that was taken
// back into restored records has none of it, and older records had no footprint.
DeliveredPiece delivered_piece(const WorkOrder& order, const PartSpec& part) {
    const Candidate& chosen = order.chosen;
    const bool estimated = chosen.making_s > 0 || chosen.mass_g > 0;
    DeliveredPiece piece;
    piece.work_order = order.id;
    piece.fab = chosen.fab;
    piece.process = part.process;
    piece.material = part.material;
    // The distance to a fab that nobody has heard of since was not known either.
    if (estimated || chosen.distance_km > 0) piece.distance_km = chosen.distance_km;
    if (chosen.making_s > 0) piece.making_s = chosen.making_s;
    if (chosen.footprint) piece.footprint = *chosen.footprint;
    if (chosen.mass_g > 0) {
        piece.mass_g = chosen.mass_g;
    } else {
        // Of a sheet whose thickness nobody said, the mass was taken for nothing.
        piece.footprint.material.reset();
        piece.footprint.transport.reset();
    }
    piece.energy_confidence = order.energy_confidence;
    return piece;
}

}  // namespace

// state_since: when it was handed over, steady.
void Ledger::log_delivered(const Job& job, const WorkOrder& order) {
    NEARFAB_CHECK(order.part < job.spec.parts.size(), "a work order of a part that is not there");
    work_log_.add(order.state_since, delivered_piece(order, job.spec.parts[order.part]));
}

// Once, from the first snapshot that an older router left behind: looks into every packed job.
Status Ledger::log_restored(std::span<const std::uint8_t> records) {
    while (!records.empty()) {
        const auto closed = take_closed_job(records);
        NEARFAB_CHECK(closed.has_value(), "records that were just read are none");
        const auto whole = packing_.unpack(closed->packed);
        if (!whole) return fail(whole.error());
        for (const WorkOrder& order : whole->orders) {
            if (order.state != WorkOrderState::delivered) continue;
            if (order.part >= whole->job.spec.parts.size()) {
                return fail(ErrorCode::malformed, "work of a part that its job does not have");
            }
            log_delivered(whole->job, order);
        }
    }
    return {};
}

}  // namespace nearfab::router
