// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/world.hpp"

#include "bench/matching/machine_classes.hpp"
#include "bench/matching/metropolises.hpp"
#include "bench/matching/random.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

namespace nearfab::bench {
namespace {

// Places are whole microdegrees, about 0.1 m, so that no rounding differs between platforms.
constexpr std::int64_t microdegrees_per_degree = 1'000'000;
constexpr double microdegrees_per_km = 1e6 / 111.195;

constexpr std::size_t towns_per_metropolis = 40;

struct Spread {
    std::int64_t latitude;   // Microdegrees.
    std::int64_t longitude;  // Microdegrees at that latitude.
};

struct Centre {
    std::int64_t latitude;
    std::int64_t longitude;
    std::uint32_t weight;
    std::vector<Spread> towns;  // Their offsets from the centre.
};

Spread spread_of(double sigma_km, double latitude_deg) {
    const double narrowing =
        std::cos(std::clamp(latitude_deg, -80.0, 80.0) * std::numbers::pi / 180);
    return {std::llround(sigma_km * microdegrees_per_km),
            std::llround(sigma_km * microdegrees_per_km / narrowing)};
}

std::vector<Centre> make_centres(Random& random) {
    std::vector<Centre> centres;
    for (const Metropolis& city : metropolises()) {
        Centre centre{std::llround(city.latitude_deg * 1e6),
                      std::llround(city.longitude_deg * 1e6),
                      city.people_100k,
                      {}};
        const Spread ring = spread_of(60, city.latitude_deg);
        for (std::size_t i = 0; i < towns_per_metropolis; ++i) {
            // Each draw on its own line, because arguments have no order.
            const std::int64_t north = random.normal(ring.latitude);
            const std::int64_t east = random.normal(ring.longitude);
            centre.towns.push_back({north, east});
        }
        centres.push_back(std::move(centre));
    }
    return centres;
}

class Maker {
public:
    explicit Maker(std::uint64_t seed) : random_(seed), centres_(make_centres(random_)) {
        for (const Centre& centre : centres_) {
            weights_.push_back(centre.weight);
            people_ += centre.weight;
        }
        for (const ProcessMix& mix : process_mixes()) {
            process_ppm_.push_back(mix.share_ppm);
            std::uint32_t total = 0;
            std::vector<std::uint32_t> materials;
            std::vector<MaterialSet> bits;
            for (const Weighted& material : mix.materials) {
                materials.push_back(material.weight);
                bits.push_back(bit_of(material.name));
                total += material.weight;
            }
            material_weights_.push_back(std::move(materials));
            material_bits_.push_back(std::move(bits));
            material_totals_.push_back(total);
        }
    }

    BenchMachine machine(std::uint32_t id) {
        BenchMachine made;
        made.id = id;
        place(made);
        made.process = static_cast<std::uint8_t>(random_.weighted(process_ppm_, 1'000'000));
        const ProcessMix& mix = process_mixes()[made.process];
        made.materials = materials(made.process, mix);
        made.envelope_mm = one_class(mix.classes).envelope_mm;
        made.min_feature_mm = any(mix.min_features_mm);
        made.tolerance_mm = any(mix.tolerances_mm);
        made.backlog_s = backlog();
        return made;
    }

private:
    static MaterialSet bit_of(std::string_view name) {
        const auto names = material_names();
        const auto found = std::find(names.begin(), names.end(), name);
        return MaterialSet{1} << static_cast<unsigned>(found - names.begin());
    }

    void place(BenchMachine& made) {
        const Centre& centre = centres_[random_.weighted(weights_, people_)];
        std::int64_t latitude = centre.latitude;
        std::int64_t longitude = centre.longitude;
        const std::uint32_t kind = random_.below(100);
        double sigma_km = 12;
        if (kind >= 85) sigma_km = 350;
        if (kind >= 55 && kind < 85) {
            const Spread& town = centre.towns[random_.below(towns_per_metropolis)];
            latitude += town.latitude;
            longitude += town.longitude;
            sigma_km = 3;
        }
        const Spread spread = spread_of(sigma_km, static_cast<double>(centre.latitude) * 1e-6);
        latitude += random_.normal(spread.latitude);
        longitude += random_.normal(spread.longitude);
        const auto most = static_cast<std::int64_t>(latitude_deg_max) * microdegrees_per_degree;
        const std::int64_t half_turn = 180 * microdegrees_per_degree;
        latitude = std::clamp(latitude, -most, most);
        if (longitude > half_turn) longitude -= 2 * half_turn;
        if (longitude < -half_turn) longitude += 2 * half_turn;
        made.latitude_deg = static_cast<double>(latitude) / 1e6;
        made.longitude_deg = static_cast<double>(longitude) / 1e6;
    }

    MaterialSet materials(std::uint8_t process, const ProcessMix& mix) {
        MaterialSet set = 0;
        const auto draw = [&] {
            const auto place =
                random_.weighted(material_weights_[process], material_totals_[process]);
            set |= material_bits_[process][place];
        };
        draw();
        while (random_.happens(mix.one_more_ppm))
            draw();
        if (!mix.rare_material.empty() && random_.happens(mix.rare_ppm))
            set |= bit_of(mix.rare_material);
        return set;
    }

    const MachineClass& one_class(std::span<const MachineClass> classes) {
        std::uint32_t rest = random_.below(1000);
        std::size_t place = 0;
        while (place + 1 < classes.size() && rest >= classes[place].weight)
            rest -= classes[place++].weight;
        return classes[place];
    }

    float any(std::span<const float> values) {
        return values[random_.below(static_cast<std::uint32_t>(values.size()))];
    }

    std::int32_t backlog() {
        if (random_.happens(200'000)) return 0;
        constexpr std::int64_t mean_s = 9 * 3600;
        constexpr std::int64_t most_s = 14 * 86'400;
        return static_cast<std::int32_t>(std::min(random_.exponential(mean_s), most_s));
    }

    Random random_;
    std::vector<Centre> centres_;
    std::vector<std::uint32_t> weights_;
    std::uint32_t people_ = 0;
    std::vector<std::uint32_t> process_ppm_;
    std::vector<std::vector<std::uint32_t>> material_weights_;
    std::vector<std::vector<MaterialSet>> material_bits_;
    std::vector<std::uint32_t> material_totals_;
};

}  // namespace

World make_world(std::size_t machines, std::uint64_t seed) {
    World world;
    for (const ProcessMix& mix : process_mixes())
        world.processes.emplace_back(mix.name);
    for (const std::string_view name : material_names())
        world.materials.emplace_back(name);
    Maker maker{seed};
    world.machines.reserve(machines);
    for (std::uint32_t id = 0; id < machines; ++id)
        world.machines.push_back(maker.machine(id));
    return world;
}

std::optional<std::uint8_t> find_name(const std::vector<std::string>& names,
                                      std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<std::uint8_t>(found - names.begin());
}

}  // namespace nearfab::bench
