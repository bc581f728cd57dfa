// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/region/region_sum.hpp"

#include "proto/model/limits.hpp"
#include "proto/model/money.hpp"
#include "router/matching/figures.hpp"
#include "router/matching/question.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::router {
namespace {

constexpr std::uint32_t wait_step_s = 600;
constexpr std::uint64_t count_least = 5;

std::uint32_t um_up(double mm) {
    const double most = limits::coordinate_mm_max * 1000;
    auto um = static_cast<std::uint32_t>(std::clamp(std::ceil(mm * 1000), 0.0, most));
    // The product may have been rounded down to a whole number.
    if (um < most && um / 1000.0 < mm) ++um;
    return um;
}

std::uint32_t um_down(double mm) {
    const double most = limits::coordinate_mm_max * 1000;
    auto um = static_cast<std::uint32_t>(std::clamp(std::floor(mm * 1000), 0.0, most));
    if (um > 0 && um / 1000.0 > mm) --um;
    return um;
}

std::uint64_t mm3_up(double cm3) {
    const double most = limits::mass_g_max * 1000;
    auto mm3 = static_cast<std::uint64_t>(std::clamp(std::ceil(cm3 * 1000), 0.0, most));
    if (static_cast<double>(mm3) < most && static_cast<double>(mm3) / 1000.0 < cm3) ++mm3;
    return mm3;
}

// Downwards to two digits.
std::uint64_t figure_down(double figure) {
    if (!(figure > 0)) return 0;
    const auto most = static_cast<double>(limits::region_figure_max);
    auto value = static_cast<std::uint64_t>(std::min(std::floor(figure), most));
    std::uint64_t unit = 1;
    while (value / unit >= 100)
        unit *= 10;
    return value / unit * unit;
}

// Both lists ascend by the key; entries of the same key become one.
template <typename T, typename Key, typename Join>
void join_lists(std::vector<T>& whole, const std::vector<T>& part, Key key, Join join) {
    for (const T& entry : part) {
        const auto at =
            std::lower_bound(whole.begin(), whole.end(), entry, [key](const T& a, const T& b) {
                return a.*key < b.*key;
            });
        if (at == whole.end() || (*at).*key != entry.*key) {
            whole.insert(at, entry);
        } else {
            join(*at, entry);
        }
    }
}

void join_prices(RegionPrice& whole, const RegionPrice& part) {
    whole.fixed_milli = std::min(whole.fixed_milli, part.fixed_milli);
    whole.per_cm3_milli = std::min(whole.per_cm3_milli, part.per_cm3_milli);
    whole.per_kg_milli = std::min(whole.per_kg_milli, part.per_kg_milli);
}

void join_stocks(RegionStock& whole, const RegionStock& part) {
    whole.kinds |= part.kinds;
    whole.wait_s = std::min(whole.wait_s, part.wait_s);
    whole.stock_g = std::max(whole.stock_g, part.stock_g);
}

void join_carbon(std::optional<RegionCarbon>& whole, const std::optional<RegionCarbon>& part) {
    if (!part) return;
    if (!whole) {
        whole = part;
        return;
    }
    whole->fixed_mg = std::min(whole->fixed_mg, part->fixed_mg);
    whole->per_cm3_mg = std::min(whole->per_cm3_mg, part->per_cm3_mg);
}

// What Protobuf takes for a number, for a field that holds one, and for a field of so many bytes.
// All fields of a digest have tags of one byte.
std::size_t varint(std::uint64_t value) {
    std::size_t bytes = 1;
    for (; value >= 0x80; value >>= 7U)
        ++bytes;
    return bytes;
}

std::size_t number(std::uint64_t value) {
    return 1 + varint(value);
}

std::size_t field(std::size_t bytes) {
    return 1 + varint(bytes) + bytes;
}

std::size_t bytes_of(const RegionOffer& offer) {
    std::size_t bytes = number(offer.process) + number(offer.terms) + number(1);
    for (const RegionPrice& price : offer.prices) {
        bytes += field(field(price.currency.size()) + number(price.fixed_milli) +
                       number(price.per_cm3_milli) + number(price.per_kg_milli));
    }
    if (offer.carbon) {
        bytes += field(number(offer.carbon->fixed_mg) + number(offer.carbon->per_cm3_mg));
    }
    for (const RegionStock& stock : offer.materials) {
        bytes += field(number(stock.material) + number(stock.kinds) + number(stock.wait_s) +
                       number(stock.stock_g));
    }
    return bytes;
}

std::size_t bytes_of(const RegionKind& kind) {
    return number(kind.longer_um) + number(kind.shorter_um) + number(kind.height_um) +
           number(kind.feature_um) + number(kind.tolerance_um) + number(kind.rate_mm3_per_h);
}

}  // namespace

std::uint64_t round_number_up(std::uint64_t value) {
    std::uint64_t unit = 1;
    while (value > 5 * unit)
        unit *= 10;
    for (const std::uint64_t step : {1U, 2U, 5U}) {
        if (value <= step * unit) return value == 0 ? 0 : step * unit;
    }
    return value;
}

std::uint64_t rounded_count(std::uint64_t count) {
    return count == 0 ? 0 : round_number_up(std::max(count, count_least));
}

std::uint64_t region_stock_g(double free_g) {
    const double most = limits::mass_g_max * 100;
    return round_number_up(static_cast<std::uint64_t>(std::ceil(std::clamp(free_g, 0.0, most))));
}

std::uint32_t region_wait_s(std::int64_t wait_s) {
    const auto wait = std::clamp<std::int64_t>(wait_s, 0, limits::span_s_max);
    return static_cast<std::uint32_t>(wait) / wait_step_s * wait_step_s;
}

RegionKind region_kind(const Capability& machine) {
    return {um_up(std::max(machine.envelope_x_mm, machine.envelope_y_mm)),
            um_up(std::min(machine.envelope_x_mm, machine.envelope_y_mm)),
            um_up(machine.envelope_z_mm),
            um_down(machine.min_feature_mm),
            um_down(machine.tolerance_mm),
            mm3_up(machine.build_rate_cm3_per_h)};
}

void add_figures(RegionOffer& offer, const Capability& machine) {
    const FigureRates rates = figure_rates(machine);
    RegionOffer figures;
    if (machine.rates && is_currency_name(machine.rates->currency)) {
        figures.prices = {{machine.rates->currency,
                           figure_down(rates.price_fixed * 1000),
                           figure_down(rates.price_per_cm3 * 1000),
                           figure_down(rates.price_per_kg * 1000)}};
    } else {
        figures.other_prices = machine.rates.has_value();
    }
    if (machine.energy) {
        const double setup_h = static_cast<double>(setup_s) / 3600;
        figures.carbon = RegionCarbon{
            figure_down(machine.energy->power_w * machine.energy->grid_gco2e_per_kwh * setup_h),
            figure_down(rates.carbon_per_cm3 * 1000)};
    }
    include(offer, figures);
}

void include(RegionOffer& whole, const RegionOffer& part) {
    whole.terms |= part.terms;
    whole.other_prices = whole.other_prices || part.other_prices;
    join_lists(whole.prices, part.prices, &RegionPrice::currency, join_prices);
    if (whole.prices.size() > limits::region_currencies_max) {
        // Always the last ones, so that it does not matter in which order offers are joined.
        whole.prices.resize(limits::region_currencies_max);
        whole.other_prices = true;
    }
    join_carbon(whole.carbon, part.carbon);
    join_lists(whole.materials, part.materials, &RegionStock::material, join_stocks);
}

void include(RegionCell& whole, const RegionCell& part) {
    whole.machines += part.machines;
    whole.fabs += part.fabs;
    join_lists(
        whole.offers, part.offers, &RegionOffer::process, [](RegionOffer& a, const RegionOffer& b) {
            include(a, b);
        });
}

void include(RegionKind& whole, const RegionKind& part) {
    whole.longer_um = std::max(whole.longer_um, part.longer_um);
    whole.shorter_um = std::max(whole.shorter_um, part.shorter_um);
    whole.height_um = std::max(whole.height_um, part.height_um);
    whole.feature_um = std::min(whole.feature_um, part.feature_um);
    whole.tolerance_um = std::min(whole.tolerance_um, part.tolerance_um);
    whole.rate_mm3_per_h = std::max(whole.rate_mm3_per_h, part.rate_mm3_per_h);
}

bool covers(const RegionKind& a, const RegionKind& b) {
    return a.longer_um >= b.longer_um && a.shorter_um >= b.shorter_um &&
           a.height_um >= b.height_um && a.feature_um <= b.feature_um &&
           a.tolerance_um <= b.tolerance_um && a.rate_mm3_per_h >= b.rate_mm3_per_h;
}

std::size_t region_bytes(const RegionCell& cell) {
    constexpr std::size_t place = 2 + 2 * 9;
    constexpr std::size_t count = 1 + 10;
    std::size_t bytes = place + number(cell.radius_km) + 2 * count;
    for (const RegionOffer& offer : cell.offers)
        bytes += field(bytes_of(offer));
    return field(bytes);
}

std::size_t region_bytes(const RegionDigest& digest) {
    constexpr std::size_t envelope = 64;
    std::size_t bytes = number(digest.format) + field(digest.network.text().size()) + 2 * 11;
    for (const MaterialId& material : digest.materials)
        bytes += field(material.text().size());
    for (const RegionTerms& terms : digest.terms) {
        std::size_t licences = 0;
        for (const std::string& licence : terms.licences)
            licences += field(licence.size());
        bytes += field(licences);
    }
    for (const RegionProcess& process : digest.processes) {
        std::size_t kinds = field(process.process.text().size());
        for (const RegionKind& kind : process.kinds)
            kinds += field(bytes_of(kind));
        bytes += field(kinds);
    }
    for (const RegionCell& cell : digest.cells)
        bytes += region_bytes(cell);
    return envelope + 1 + field(field(bytes));
}

}  // namespace nearfab::router
