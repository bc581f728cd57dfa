// SPDX-License-Identifier: GPL-3.0-or-later
// Every machine is looked at, one struct after the other: the truth the others are checked against.

#include "bench/matching/engines.hpp"
#include "bench/matching/nearest_k.hpp"

namespace nearfab::bench {
namespace {

class BruteForce final : public Engine {
public:
    std::string name() const override { return "brute_force"; }

    void build(const World& world) override {
        rows_.reserve(world.machines.size());
        for (const BenchMachine& machine : world.machines) {
            rows_.push_back({unit_vector(machine.latitude_deg, machine.longitude_deg),
                             facts_of(machine),
                             machine.process});
        }
    }

    void nearest(const Query& query, std::size_t k, std::vector<Hit>& hits) override {
        const UnitVector from = unit_vector(query.latitude_deg, query.longitude_deg);
        best_.restart(k);
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            const Row& row = rows_[i];
            if (row.process != query.process || !can_make(row.facts, query)) continue;
            best_.add(chord_squared(row.place, from), static_cast<std::uint32_t>(i));
        }
        best_.give(hits);
    }

    void set_backlog(std::uint32_t id, std::int32_t backlog_s) override {
        rows_[id].facts.backlog_s = backlog_s;
    }

    std::size_t bytes() const override { return rows_.capacity() * sizeof(Row); }

private:
    struct Row {
        UnitVector place;
        MachineFacts facts;
        std::uint8_t process;
    };
    std::vector<Row> rows_;
    NearestK best_;
};

}  // namespace

std::unique_ptr<Engine> make_brute_force() {
    return std::make_unique<BruteForce>();
}

}  // namespace nearfab::bench
