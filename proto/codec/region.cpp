// SPDX-License-Identifier: GPL-3.0-or-later
//
// A digest is a web of small numbers that point into its own lists. All of them are checked here,
// so that nobody behind the codec ever looks behind the end of a list.

#include "proto/codec/wire.hpp"

#include <algorithm>
#include <bit>

namespace nearfab::codec {
namespace {

constexpr auto length_um_max = static_cast<std::uint32_t>(limits::coordinate_mm_max * 1000);
constexpr auto rate_mm3_max = static_cast<std::uint64_t>(limits::mass_g_max * 1000);
constexpr auto stock_g_max = static_cast<std::uint64_t>(limits::mass_g_max * 100);

std::uint32_t length_um(FieldCheck& check, std::string_view field, std::uint32_t value) {
    return check.whole<std::uint32_t>(field, value, 0, length_um_max);
}

std::uint64_t figure(FieldCheck& check, std::string_view field, std::uint64_t value) {
    return check.whole<std::uint64_t>(field, value, 0, limits::region_figure_max);
}

// So that a search may halve its way, and nothing is said twice.
template <typename List, typename Key>
void ascending(FieldCheck& check, std::string_view field, const List& list, const Key& key) {
    const auto wrong =
        std::adjacent_find(list.begin(), list.end(), [&key](const auto& a, const auto& b) {
            return key(a) >= key(b);
        });
    if (wrong != list.end()) {
        check.refuse(ErrorCode::malformed, field, "the entries are not in ascending order");
    }
}

template <typename List>
void not_empty(FieldCheck& check, std::string_view field, const List& list) {
    if (list.empty()) check.refuse(ErrorCode::malformed, field, "is empty");
}

bool index_is_known(FieldCheck& check,
                    std::string_view field,
                    std::uint32_t index,
                    std::size_t size) {
    if (index < size) return true;
    check.refuse(ErrorCode::malformed,
                 field,
                 std::to_string(index) + " is behind the end of a list of " + std::to_string(size));
    return false;
}

void bits_are_known(FieldCheck& check,
                    std::string_view field,
                    std::uint64_t bits,
                    std::size_t size) {
    if (static_cast<std::size_t>(std::bit_width(bits)) > size) {
        check.refuse(ErrorCode::malformed,
                     field,
                     "bit " + std::to_string(std::bit_width(bits) - 1) +
                         " is behind the end of a list of " + std::to_string(size));
    }
}

void some_bit(FieldCheck& check, std::string_view field, std::uint64_t bits) {
    if (bits == 0) check.refuse(ErrorCode::malformed, field, "no bit is set");
}

void check_offer(const RegionOffer& offer, const RegionDigest& digest, FieldCheck& check) {
    if (!index_is_known(check, "process", offer.process, digest.processes.size())) return;
    some_bit(check, "terms", offer.terms);
    bits_are_known(check, "terms", offer.terms & ~region_terms_any, digest.terms.size());
    const std::size_t kinds = digest.processes[offer.process].kinds.size();
    for (std::size_t i = 0; i < offer.materials.size(); ++i) {
        const auto inside = check.inside("materials", i);
        const RegionStock& stock = offer.materials[i];
        index_is_known(check, "material", stock.material, digest.materials.size());
        some_bit(check, "kinds", stock.kinds);
        bits_are_known(check, "kinds", stock.kinds, kinds);
    }
}

}  // namespace

void read_wire(const v1::RegionKind& from, RegionKind& to, FieldCheck& check) {
    to.longer_um = length_um(check, "longer_um", from.longer_um());
    to.shorter_um = check.whole<std::uint32_t>("shorter_um", from.shorter_um(), 0, to.longer_um);
    to.height_um = length_um(check, "height_um", from.height_um());
    to.feature_um = length_um(check, "feature_um", from.feature_um());
    to.tolerance_um = length_um(check, "tolerance_um", from.tolerance_um());
    to.rate_mm3_per_h =
        check.whole<std::uint64_t>("rate_mm3_per_h", from.rate_mm3_per_h(), 0, rate_mm3_max);
}

void write_wire(const RegionKind& from, v1::RegionKind& to) {
    to.set_longer_um(from.longer_um);
    to.set_shorter_um(from.shorter_um);
    to.set_height_um(from.height_um);
    to.set_feature_um(from.feature_um);
    to.set_tolerance_um(from.tolerance_um);
    to.set_rate_mm3_per_h(from.rate_mm3_per_h);
}

void read_wire(const v1::RegionProcess& from, RegionProcess& to, FieldCheck& check) {
    to.process = check.id<ProcessId>("process", from.process());
    read_list(check, "kinds", from.kinds(), limits::region_kinds_max, to.kinds);
    not_empty(check, "kinds", to.kinds);
}

void write_wire(const RegionProcess& from, v1::RegionProcess& to) {
    to.set_process(from.process.text());
    write_list(from.kinds, to.mutable_kinds());
}

void read_wire(const v1::RegionTerms& from, RegionTerms& to, FieldCheck& check) {
    const auto licences = static_cast<std::size_t>(from.licences_size());
    if (!check.at_most("licences", licences, limits::terms_max, "entries")) return;
    for (const std::string& term : from.licences())
        to.licences.push_back(check.line("licences", term, limits::name_bytes_max));
}

void write_wire(const RegionTerms& from, v1::RegionTerms& to) {
    for (const std::string& term : from.licences)
        to.add_licences(term);
}

void read_wire(const v1::RegionPrice& from, RegionPrice& to, FieldCheck& check) {
    to.currency = check.currency("currency", from.currency());
    to.fixed_milli = figure(check, "fixed_milli", from.fixed_milli());
    to.per_cm3_milli = figure(check, "per_cm3_milli", from.per_cm3_milli());
    to.per_kg_milli = figure(check, "per_kg_milli", from.per_kg_milli());
}

void write_wire(const RegionPrice& from, v1::RegionPrice& to) {
    to.set_currency(from.currency);
    to.set_fixed_milli(from.fixed_milli);
    to.set_per_cm3_milli(from.per_cm3_milli);
    to.set_per_kg_milli(from.per_kg_milli);
}

void read_wire(const v1::RegionCarbon& from, RegionCarbon& to, FieldCheck& check) {
    to.fixed_mg = figure(check, "fixed_mg", from.fixed_mg());
    to.per_cm3_mg = figure(check, "per_cm3_mg", from.per_cm3_mg());
}

void write_wire(const RegionCarbon& from, v1::RegionCarbon& to) {
    to.set_fixed_mg(from.fixed_mg);
    to.set_per_cm3_mg(from.per_cm3_mg);
}

void read_wire(const v1::RegionStock& from, RegionStock& to, FieldCheck& check) {
    to.material = from.material();
    to.kinds = from.kinds();
    to.wait_s = static_cast<std::uint32_t>(check.span_s("wait_s", from.wait_s()));
    to.stock_g = check.whole<std::uint64_t>("stock_g", from.stock_g(), 0, stock_g_max);
}

void write_wire(const RegionStock& from, v1::RegionStock& to) {
    to.set_material(from.material);
    to.set_kinds(from.kinds);
    to.set_wait_s(from.wait_s);
    to.set_stock_g(from.stock_g);
}

void read_wire(const v1::RegionOffer& from, RegionOffer& to, FieldCheck& check) {
    to.process = from.process();
    to.terms = from.terms();
    read_list(check, "prices", from.prices(), limits::region_currencies_max, to.prices);
    ascending(check, "prices", to.prices, [](const RegionPrice& p) { return p.currency; });
    to.other_prices = from.other_prices();
    if (from.has_carbon()) {
        read_field(check, "carbon", true, from.carbon(), to.carbon.emplace());
    }
    read_list(check, "materials", from.materials(), limits::region_materials_max, to.materials);
    not_empty(check, "materials", to.materials);
    ascending(check, "materials", to.materials, [](const RegionStock& s) { return s.material; });
}

void write_wire(const RegionOffer& from, v1::RegionOffer& to) {
    to.set_process(from.process);
    to.set_terms(from.terms);
    write_list(from.prices, to.mutable_prices());
    to.set_other_prices(from.other_prices);
    if (from.carbon) write_wire(*from.carbon, *to.mutable_carbon());
    write_list(from.materials, to.mutable_materials());
}

void read_wire(const v1::RegionCell& from, RegionCell& to, FieldCheck& check) {
    read_field(check, "centre", from.has_centre(), from.centre(), to.centre);
    to.radius_km = check.whole<std::uint32_t>(
        "radius_km", from.radius_km(), 0, static_cast<std::uint32_t>(limits::distance_km_max));
    to.machines = figure(check, "machines", from.machines());
    to.fabs = figure(check, "fabs", from.fabs());
    read_list(check, "offers", from.offers(), limits::region_processes_max, to.offers);
    not_empty(check, "offers", to.offers);
    ascending(check, "offers", to.offers, [](const RegionOffer& o) { return o.process; });
}

void write_wire(const RegionCell& from, v1::RegionCell& to) {
    write_wire(from.centre, *to.mutable_centre());
    to.set_radius_km(from.radius_km);
    to.set_machines(from.machines);
    to.set_fabs(from.fabs);
    write_list(from.offers, to.mutable_offers());
}

void read_wire(const v1::RegionDigest& from, RegionDigest& to, FieldCheck& check) {
    if (from.format() != region_format) {
        check.refuse(ErrorCode::unsupported,
                     "format",
                     std::to_string(from.format()) + " is not " + std::to_string(region_format) +
                         ", the one format known here");
        return;
    }
    to.network = check.id<IdentityId>("network", from.network());
    to.stated = check.time("stated_ms", from.stated_ms());
    to.valid_s = check.span_s("valid_s", from.valid_s(), 1);
    const auto materials = static_cast<std::size_t>(from.materials_size());
    if (!check.at_most("materials", materials, limits::region_materials_max, "entries")) return;
    for (const std::string& material : from.materials())
        to.materials.push_back(check.id<MaterialId>("materials", material));
    ascending(check, "materials", to.materials, [](const MaterialId& m) { return m; });
    read_list(check, "terms", from.terms(), limits::region_terms_max, to.terms);
    read_list(check, "processes", from.processes(), limits::region_processes_max, to.processes);
    ascending(check, "processes", to.processes, [](const RegionProcess& p) { return p.process; });
    read_list(check, "cells", from.cells(), limits::region_cells_max, to.cells);
    for (std::size_t c = 0; c < to.cells.size(); ++c) {
        const auto cell = check.inside("cells", c);
        for (std::size_t o = 0; o < to.cells[c].offers.size() && !check.fault(); ++o) {
            const auto offer = check.inside("offers", o);
            check_offer(to.cells[c].offers[o], to, check);
        }
    }
}

void write_wire(const RegionDigest& from, v1::RegionDigest& to) {
    to.set_format(from.format);
    to.set_network(from.network.text());
    to.set_stated_ms(wire_time(from.stated));
    to.set_valid_s(from.valid_s);
    for (const MaterialId& material : from.materials)
        to.add_materials(material.text());
    write_list(from.terms, to.mutable_terms());
    write_list(from.processes, to.mutable_processes());
    write_list(from.cells, to.mutable_cells());
}

void read_wire(const v1::StateRegions& from, message::StateRegions& to, FieldCheck& check) {
    read_field(check, "digest", from.has_digest(), from.digest(), to.digest);
}

void write_wire(const message::StateRegions& from, v1::StateRegions& to) {
    write_wire(from.digest, *to.mutable_digest());
}

}  // namespace nearfab::codec
