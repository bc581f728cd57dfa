// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/mesh.hpp"
#include "geometry/search/bvh_node.hpp"

#include <bit>
#include <utility>
#include <vector>

namespace nearfab::geometry::bvh {
namespace {

// A triangle, and the place of the middle of its box on a Morton curve.
struct Keyed {
    std::uint64_t key;
    std::uint32_t triangle;
};
constexpr unsigned digit_bits = 11;
constexpr unsigned digits = 4;
constexpr double cells_per_axis = 1U << 15U;  // Three times 15 bits, of which the last is dropped.

// Puts two zero bits before each of the low 16 bits.
std::uint64_t spread(std::uint64_t v) {
    v = (v | v << 16U) & 0x0000'0000'FF00'00FFULL;
    v = (v | v << 8U) & 0x0000'00F0'0F00'F00FULL;
    v = (v | v << 4U) & 0x0000'0C30'C30C'30C3ULL;
    return (v | v << 2U) & 0x0000'2492'4924'9249ULL;
}

LargeArray<Keyed> keys_of(const Mesh& mesh) {
    Vec3 low = mesh.vertices.front();
    Vec3 high = low;
    for (const Vec3& p : mesh.vertices) {
        low = {std::min(low.x, p.x), std::min(low.y, p.y), std::min(low.z, p.z)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y), std::max(high.z, p.z)};
    }
    const double size = std::max({high.x - low.x, high.y - low.y, high.z - low.z});
    // One scale for all axes: the cells are cubes. The half is for the sum of two ends.
    const double scale = size > 0 ? 0.5 * (cells_per_axis - 1) / size : 0;
    const auto cell = [scale](double a, double b, double c, double from) {
        const double twice = std::min({a, b, c}) + std::max({a, b, c}) - 2 * from;
        return spread(static_cast<std::uint64_t>(twice * scale));
    };
    const std::size_t count = mesh.triangles.size();
    LargeArray<Keyed> keys(count);
    Keyed* const out = keys.data();
    const Vec3* const v = mesh.vertices.data();
    for (std::size_t t = 0; t < count; ++t) {
        const auto& corners = mesh.triangles.data()[t];
        const Vec3& a = v[corners[0]];
        const Vec3& b = v[corners[1]];
        const Vec3& c = v[corners[2]];
        const std::uint64_t key = cell(a.x, b.x, c.x, low.x) << 2U |
                                  cell(a.y, b.y, c.y, low.y) << 1U | cell(a.z, b.z, c.z, low.z);
        out[t] = {key >> 1U, static_cast<std::uint32_t>(t)};
    }
    return keys;
}

// A radix sort, digit by digit from the lowest; stable.
void sort_by_key(LargeArray<Keyed>& keys) {
    constexpr std::size_t values = 1U << digit_bits;
    const auto digit_of = [](std::uint64_t key, unsigned digit) {
        return (key >> (digit * digit_bits)) & (values - 1);
    };
    std::vector<std::array<std::uint32_t, values>> count(digits);
    for (const Keyed& k : keys) {
        for (unsigned digit = 0; digit < digits; ++digit)
            ++count[digit][digit_of(k.key, digit)];
    }
    LargeArray<Keyed> other(keys.size());
    for (unsigned digit = 0; digit < digits; ++digit) {
        std::array<std::uint32_t, values>& begins = count[digit];
        std::uint32_t sum = 0;
        for (std::uint32_t& begin : begins)
            sum += std::exchange(begin, sum);
        Keyed* const out = other.data();
        for (const Keyed& k : keys)
            out[begins[digit_of(k.key, digit)]++] = k;
        keys.swap(other);
    }
}

// What becomes a leaf: triangles that follow each other on the curve and share a cell of it.
struct Cluster {
    Box box;
    std::uint32_t first;
    std::uint32_t count;

    float middle(unsigned axis) const { return box.low[axis] + box.high[axis]; }  // Twice.
};

class Clustering {
public:
    Clustering(const Mesh& mesh, const LargeArray<Keyed>& keys) : mesh_(mesh), keys_(keys) {
        clusters_.reserve(keys.size() / 2 + 1);
    }

    LargeArray<Cluster> run() {
        split(0, static_cast<std::uint32_t>(keys_.size()));
        return std::move(clusters_);
    }

private:
    // Goes down 44 bits of the key and then halves by number, so at most 76 calls deep.
    void split(std::uint32_t first, std::uint32_t end) {
        if (end - first <= leaf_triangles) {
            file(first, end);
            return;
        }
        const Keyed* const keys = keys_.data();
        const std::uint64_t differing = keys[first].key ^ keys[end - 1].key;
        std::uint32_t middle = first + (end - first) / 2;
        if (differing != 0) {
            const std::uint64_t bit = std::bit_floor(differing);
            middle = static_cast<std::uint32_t>(
                std::partition_point(keys + first,
                                     keys + end,
                                     [bit](const Keyed& k) { return (k.key & bit) == 0; }) -
                keys);
        }
        split(first, middle);
        split(middle, end);
    }

    void file(std::uint32_t first, std::uint32_t end) {
        Cluster cluster{{}, first, end - first};
        const Vec3* const v = mesh_.vertices.data();
        for (std::uint32_t i = first; i < end; ++i) {
            const auto& t = mesh_.triangles.data()[keys_.data()[i].triangle];
            cluster.box.grow(box_of(v[t[0]], v[t[1]], v[t[2]]));
        }
        clusters_.push_back(cluster);
    }

    const Mesh& mesh_;
    const LargeArray<Keyed>& keys_;
    LargeArray<Cluster> clusters_;
};

// Splits clusters from the top where the surface area heuristic says a ray pays least.
class Splitting {
public:
    explicit Splitting(LargeArray<Cluster> clusters) : clusters_(std::move(clusters)) {
        nodes_.reserve(2 * clusters_.size());
    }

    LargeArray<Node> run() {
        nodes_.emplace_back();
        split(0, 0, static_cast<std::uint32_t>(clusters_.size()), 0);
        return std::move(nodes_);
    }

private:
    static constexpr unsigned bins = 16;
    static constexpr std::size_t deepest_by_area = 60;  // Below it, halving ends within 32 levels.
    struct Bin {
        Box box;
        std::uint32_t count = 0;
    };

    void split(std::uint32_t node, std::uint32_t begin, std::uint32_t end, std::size_t depth) {
        Box box;
        Box middles;
        for (std::uint32_t i = begin; i < end; ++i) {
            const Cluster& c = clusters_.data()[i];
            box.grow(c.box);
            for (unsigned axis = 0; axis < 3; ++axis) {
                middles.low[axis] = std::min(middles.low[axis], c.middle(axis));
                middles.high[axis] = std::max(middles.high[axis], c.middle(axis));
            }
        }
        if (end - begin == 1) {
            const Cluster& only = clusters_.data()[begin];
            nodes_[node] = {box.low, only.first, box.high, only.count};
            return;
        }
        const auto left = static_cast<std::uint32_t>(nodes_.size());
        nodes_[node] = {box.low, left, box.high, 0};
        nodes_.resize(nodes_.size() + 2);
        const std::uint32_t middle = split_place(middles, begin, end, depth);
        split(left, begin, middle, depth + 1);
        split(left + 1, middle, end, depth + 1);
    }

    std::uint32_t split_place(const Box& middles,
                              std::uint32_t begin,
                              std::uint32_t end,
                              std::size_t depth) {
        unsigned axis = 0;
        std::array<float, 3> width{};
        for (unsigned i = 0; i < 3; ++i) {
            width[i] = middles.high[i] - middles.low[i];
            if (width[i] > width[axis]) axis = i;
        }
        const std::uint32_t half = begin + (end - begin) / 2;
        if (!(width[axis] > 0) || depth >= deepest_by_area) return half;
        if (end - begin <= 4) {
            std::nth_element(clusters_.begin() + begin,
                             clusters_.begin() + half,
                             clusters_.begin() + end,
                             [axis](const Cluster& a, const Cluster& b) {
                                 return a.middle(axis) < b.middle(axis);
                             });
            return half;
        }
        const float low = middles.low[axis];
        const float scale = static_cast<float>(bins) * 0.999999F / width[axis];
        const auto bin_of = [=](const Cluster& c) {
            return std::min(static_cast<unsigned>((c.middle(axis) - low) * scale), bins - 1);
        };
        std::array<Bin, bins> filled;
        for (std::uint32_t i = begin; i < end; ++i) {
            const Cluster& c = clusters_.data()[i];
            Bin& bin = filled.data()[bin_of(c)];
            bin.box.grow(c.box);
            bin.count += c.count;
        }
        const unsigned cut = cheapest_cut(filled);
        const auto place = std::partition(clusters_.begin() + begin,
                                          clusters_.begin() + end,
                                          [&](const Cluster& c) { return bin_of(c) < cut; });
        const auto middle = static_cast<std::uint32_t>(place - clusters_.begin());
        return middle == begin || middle == end ? half : middle;
    }

    // The first bin of the right side.
    static unsigned cheapest_cut(const std::array<Bin, bins>& filled) {
        std::array<float, bins> right_cost{};
        Bin right;
        for (unsigned i = bins - 1; i > 0; --i) {
            right.box.grow(filled[i].box);
            right.count += filled[i].count;
            right_cost[i] = right.box.half_area() * static_cast<float>(right.count);
        }
        unsigned best = bins / 2;
        float best_cost = std::numeric_limits<float>::infinity();
        Bin left;
        for (unsigned i = 1; i < bins; ++i) {
            left.box.grow(filled[i - 1].box);
            left.count += filled[i - 1].count;
            const float cost =
                left.box.half_area() * static_cast<float>(left.count) + right_cost[i];
            if (cost < best_cost) {
                best_cost = cost;
                best = i;
            }
        }
        return best;
    }

    LargeArray<Cluster> clusters_;
    LargeArray<Node> nodes_;
};

}  // namespace

Tree build_tree(const Mesh& mesh) {
    Tree tree;
    if (mesh.triangles.empty()) return tree;
    LargeArray<Keyed> keys = keys_of(mesh);
    sort_by_key(keys);
    tree.order.reserve(keys.size());
    for (const Keyed& k : keys)
        tree.order.push_back(k.triangle);
    LargeArray<Cluster> clusters = Clustering(mesh, keys).run();
    keys = {};
    tree.nodes = Splitting(std::move(clusters)).run();
    return tree;
}

}  // namespace nearfab::geometry::bvh
