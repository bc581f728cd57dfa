// SPDX-License-Identifier: GPL-3.0-or-later
// Every machine of the process is looked at, column by column, in loops that compilers turn into
// vector instructions. Places are floats there: what may be near enough is measured again exactly.

#include "bench/matching/engines.hpp"
#include "bench/matching/nearest_k.hpp"
#include <algorithm>

// One version per kind of processor, chosen when the program starts. The sanitizers cannot do it.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define NEARFAB_EACH_PROCESSOR \
    __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define NEARFAB_EACH_PROCESSOR
#endif

namespace nearfab::bench {
namespace {

constexpr std::size_t block_rows = 1024;
constexpr float too_far = 100;  // A squared chord is at most 4.
// The error of a squared chord from float coordinates: each is off by 6e-8 at most.
constexpr double float_error = 4e-6;

struct Columns {
    const float* x;
    const float* y;
    const float* z;
    const float* short_mm;
    const float* middle_mm;
    const float* long_mm;
    const float* min_feature_mm;
    const float* tolerance_mm;
    const std::uint32_t* materials;
    const std::int32_t* backlog_s;
};

struct Need {
    float x, y, z;
    float short_mm, middle_mm, long_mm, min_feature_mm, tolerance_mm;
    std::uint32_t material;
    std::int32_t backlog_s;
};

// Squared chords of `count` machines, too_far for those that cannot make it.
NEARFAB_EACH_PROCESSOR
void judge(const Columns& columns, const Need& need, std::size_t count, float* chords) {
    for (std::size_t i = 0; i < count; ++i) {
        const float x = columns.x[i] - need.x;
        const float y = columns.y[i] - need.y;
        const float z = columns.z[i] - need.z;
        const bool fits =
            ((columns.materials[i] & need.material) != 0) & (columns.short_mm[i] >= need.short_mm) &
            (columns.middle_mm[i] >= need.middle_mm) & (columns.long_mm[i] >= need.long_mm) &
            (columns.min_feature_mm[i] <= need.min_feature_mm) &
            (columns.tolerance_mm[i] <= need.tolerance_mm) &
            (columns.backlog_s[i] <= need.backlog_s);
        chords[i] = fits ? x * x + y * y + z * z : too_far;
    }
}

struct Group {
    std::vector<float> x, y, z, short_mm, middle_mm, long_mm, min_feature_mm, tolerance_mm;
    std::vector<std::uint32_t> materials;
    std::vector<std::int32_t> backlog_s;
    std::vector<std::uint32_t> ids;
    std::vector<UnitVector> places;

    void add(const BenchMachine& machine) {
        const UnitVector place = unit_vector(machine.latitude_deg, machine.longitude_deg);
        x.push_back(static_cast<float>(place[0]));
        y.push_back(static_cast<float>(place[1]));
        z.push_back(static_cast<float>(place[2]));
        short_mm.push_back(machine.envelope_mm[0]);
        middle_mm.push_back(machine.envelope_mm[1]);
        long_mm.push_back(machine.envelope_mm[2]);
        min_feature_mm.push_back(machine.min_feature_mm);
        tolerance_mm.push_back(machine.tolerance_mm);
        materials.push_back(machine.materials);
        backlog_s.push_back(machine.backlog_s);
        ids.push_back(machine.id);
        places.push_back(place);
    }

    Columns from(std::size_t row) const {
        return {x.data() + row,
                y.data() + row,
                z.data() + row,
                short_mm.data() + row,
                middle_mm.data() + row,
                long_mm.data() + row,
                min_feature_mm.data() + row,
                tolerance_mm.data() + row,
                materials.data() + row,
                backlog_s.data() + row};
    }
};

class SoaScan final : public Engine {
public:
    std::string name() const override { return "soa_scan"; }

    void build(const World& world) override {
        groups_.resize(world.processes.size());
        rows_.resize(world.machines.size());
        for (const BenchMachine& machine : world.machines) {
            Group& group = groups_[machine.process];
            rows_[machine.id] = {machine.process, static_cast<std::uint32_t>(group.ids.size())};
            group.add(machine);
        }
    }

    void nearest(const Query& query, std::size_t k, std::vector<Hit>& hits) override {
        const UnitVector from = unit_vector(query.latitude_deg, query.longitude_deg);
        const Group& group = groups_[query.process];
        const Need need{static_cast<float>(from[0]),
                        static_cast<float>(from[1]),
                        static_cast<float>(from[2]),
                        query.box_mm[0],
                        query.box_mm[1],
                        query.box_mm[2],
                        query.min_feature_mm,
                        query.tolerance_mm,
                        1U << query.material,
                        query.backlog_s_max};
        best_.restart(k);
        for (std::size_t row = 0; row < group.ids.size(); row += block_rows) {
            const std::size_t count = std::min(block_rows, group.ids.size() - row);
            judge(group.from(row), need, count, chords_.data());
            take(group, row, count, from);
        }
        best_.give(hits);
    }

    void set_backlog(std::uint32_t id, std::int32_t backlog_s) override {
        const Place at = rows_[id];
        groups_[at.process].backlog_s[at.row] = backlog_s;
    }

    std::size_t bytes() const override {
        // 10 columns of 4 bytes, the id, the exact place, and the way from an id to its row.
        return rows_.size() * (10 * 4 + sizeof(std::uint32_t) + sizeof(UnitVector) + sizeof(Place));
    }

private:
    struct Place {
        std::uint8_t process;
        std::uint32_t row;
    };
    // One comparison per machine that is nearly always false, so that no branch is guessed wrong.
    void take(const Group& group, std::size_t row, std::size_t count, const UnitVector& from) {
        const float* chords = chords_.data();
        float limit = limit_now();
        for (std::size_t i = 0; i < count; ++i) {
            if (chords[i] > limit) continue;
            best_.add(chord_squared(group.places[row + i], from), group.ids[row + i]);
            limit = limit_now();
        }
    }

    float limit_now() const {
        return static_cast<float>(std::min(best_.bound() + float_error, double{too_far} / 2));
    }

    std::vector<Group> groups_;  // By process.
    std::vector<Place> rows_;    // By id.
    std::array<float, block_rows> chords_{};
    NearestK best_;
};

}  // namespace

std::unique_ptr<Engine> make_soa_scan() {
    return std::make_unique<SoaScan>();
}

}  // namespace nearfab::bench
