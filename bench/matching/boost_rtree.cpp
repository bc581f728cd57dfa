// SPDX-License-Identifier: GPL-3.0-or-later
// One Boost.Geometry R-tree over unit vectors per process, packed when built. The nearest query has
// the requirements as a predicate, so it walks on until k machines satisfy them.

#include "bench/matching/engines.hpp"
#include "bench/matching/heap_bytes.hpp"
#include "bench/matching/nearest_k.hpp"
#include <boost/geometry.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <utility>

namespace nearfab::bench {
namespace {

namespace bg = boost::geometry;
namespace bgi = boost::geometry::index;
using Point = bg::model::point<double, 3, bg::cs::cartesian>;
using Value = std::pair<Point, std::uint32_t>;
using Tree = bgi::rtree<Value, bgi::rstar<16>>;

Point point_of(const UnitVector& place) {
    return {place[0], place[1], place[2]};
}

class BoostRtree final : public Engine {
public:
    std::string name() const override { return "boost_rtree"; }

    void build(const World& world) override {
        const std::size_t before = heap_bytes();
        facts_.reserve(world.machines.size());
        {
            std::vector<std::vector<Value>> values(world.processes.size());
            for (const BenchMachine& machine : world.machines) {
                facts_.push_back(facts_of(machine));
                values[machine.process].emplace_back(
                    point_of(unit_vector(machine.latitude_deg, machine.longitude_deg)), machine.id);
            }
            for (const auto& group : values)
                trees_.emplace_back(group.begin(), group.end());
        }
        bytes_ = heap_bytes() - before;
    }

    void nearest(const Query& query, std::size_t k, std::vector<Hit>& hits) override {
        const UnitVector from = unit_vector(query.latitude_deg, query.longitude_deg);
        const Tree& tree = trees_[query.process];
        best_.restart(k);
        const auto able = [&](const Value& value) { return can_make(facts_[value.second], query); };
        const auto found = tree.qbegin(bgi::satisfies(able) &&
                                       bgi::nearest(point_of(from), static_cast<unsigned>(k)));
        for (auto at = found; at != tree.qend(); ++at) {
            const Point& place = at->first;
            best_.add(
                chord_squared({bg::get<0>(place), bg::get<1>(place), bg::get<2>(place)}, from),
                at->second);
        }
        best_.give(hits);
    }

    void set_backlog(std::uint32_t id, std::int32_t backlog_s) override {
        facts_[id].backlog_s = backlog_s;
    }

    std::size_t bytes() const override { return bytes_; }

private:
    std::vector<MachineFacts> facts_;  // By id.
    std::vector<Tree> trees_;          // By process.
    std::size_t bytes_ = 0;
    NearestK best_;
};

}  // namespace

std::unique_ptr<Engine> make_boost_rtree() {
    return std::make_unique<BoostRtree>();
}

}  // namespace nearfab::bench
