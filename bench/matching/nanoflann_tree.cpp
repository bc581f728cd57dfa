// SPDX-License-Identifier: GPL-3.0-or-later
// One nanoflann kd-tree over unit vectors per process. The collector of the search takes machines
// that can make it only, so the search itself walks on until it has k of them.

#include "bench/matching/engines.hpp"
#include "bench/matching/heap_bytes.hpp"
#include "bench/matching/nearest_k.hpp"
#include <nanoflann.hpp>

namespace nearfab::bench {
namespace {

// What nanoflann asks of a set of points.
struct Points {
    std::vector<UnitVector> places;
    std::vector<MachineFacts> facts;
    std::vector<std::uint32_t> ids;

    // NOLINTBEGIN(readability-identifier-naming): nanoflann's names.
    [[nodiscard]] std::size_t kdtree_get_point_count() const { return places.size(); }
    [[nodiscard]] double kdtree_get_pt(std::size_t point, std::size_t axis) const {
        return places[point][axis];
    }
    template <class Box>
    bool kdtree_get_bbox(Box& /*box*/) const {
        return false;
    }
    // NOLINTEND(readability-identifier-naming)
};

using Tree = nanoflann::KDTreeSingleIndexAdaptor<nanoflann::L2_Simple_Adaptor<double, Points>,
                                                 Points,
                                                 3,
                                                 std::uint32_t>;

class Collector {
public:
    using DistanceType = double;
    Collector(NearestK& best, const Points& points, const Query& query)
        : best_(best), points_(points), query_(query) {}

    // NOLINTBEGIN(readability-identifier-naming): nanoflann's names.
    [[nodiscard]] bool full() const { return true; }
    [[nodiscard]] double worstDist() const { return best_.bound(); }
    bool addPoint(double chord, std::uint32_t point) {
        if (can_make(points_.facts[point], query_)) best_.add(chord, points_.ids[point]);
        return true;
    }
    // NOLINTEND(readability-identifier-naming)

private:
    NearestK& best_;
    const Points& points_;
    const Query& query_;
};

struct Group {
    Points points;
    std::unique_ptr<Tree> tree;
};

class Nanoflann final : public Engine {
public:
    std::string name() const override { return "nanoflann"; }

    void build(const World& world) override {
        const std::size_t before = heap_bytes();
        groups_.resize(world.processes.size());
        rows_.resize(world.machines.size());
        for (const BenchMachine& machine : world.machines) {
            Points& points = groups_[machine.process].points;
            rows_[machine.id] = {machine.process, static_cast<std::uint32_t>(points.ids.size())};
            points.places.push_back(unit_vector(machine.latitude_deg, machine.longitude_deg));
            points.facts.push_back(facts_of(machine));
            points.ids.push_back(machine.id);
        }
        for (Group& group : groups_) {
            group.points.places.shrink_to_fit();
            group.points.facts.shrink_to_fit();
            group.points.ids.shrink_to_fit();
            if (group.points.places.empty()) continue;
            group.tree = std::make_unique<Tree>(
                3, group.points, nanoflann::KDTreeSingleIndexAdaptorParams(leaf_points));
            group.tree->buildIndex();
        }
        bytes_ = heap_bytes() - before;
    }

    void nearest(const Query& query, std::size_t k, std::vector<Hit>& hits) override {
        best_.restart(k);
        const Group& group = groups_[query.process];
        if (group.tree) {
            const UnitVector from = unit_vector(query.latitude_deg, query.longitude_deg);
            Collector collector{best_, group.points, query};
            group.tree->findNeighbors(collector, from.data(), nanoflann::SearchParams{});
        }
        best_.give(hits);
    }

    void set_backlog(std::uint32_t id, std::int32_t backlog_s) override {
        const Place at = rows_[id];
        groups_[at.process].points.facts[at.row].backlog_s = backlog_s;
    }

    std::size_t bytes() const override { return bytes_; }

private:
    static constexpr std::size_t leaf_points = 16;
    struct Place {
        std::uint8_t process;
        std::uint32_t row;
    };
    std::vector<Group> groups_;  // By process; filled before the trees, which point into them.
    std::vector<Place> rows_;    // By id.
    std::size_t bytes_ = 0;
    NearestK best_;
};

}  // namespace

std::unique_ptr<Engine> make_nanoflann() {
    return std::make_unique<Nanoflann>();
}

}  // namespace nearfab::bench
