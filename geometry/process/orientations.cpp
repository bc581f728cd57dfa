// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/orientations.hpp"

#include "base/check.hpp"
#include "geometry/detail/hull.hpp"
#include "geometry/number_text.hpp"
#include "geometry/process/columns.hpp"
#include "geometry/process/direction_sums.hpp"
#include "geometry/process/frame.hpp"
#include "geometry/process/overhang.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace nearfab::geometry {

using namespace vec;

namespace {

constexpr std::size_t max_candidates = 128;
constexpr double steady_deg = 5;
// Columns for the support are made along at least so many directions, and along more as long as
// the triangles looked at stay below this.
constexpr std::size_t fewest_measured = 3;
constexpr std::size_t triangles_measured = 3'000'000;
constexpr double degree = std::numbers::pi / 180;

// The normals are needed in every pass; kept once, they are read in order.
struct Facing {
    float x;
    float y;
    float z;  // The area vector: twice the area long.
};

std::vector<Facing> facings_of(const Mesh& mesh) {
    std::vector<Facing> out;
    out.reserve(mesh.triangles.size());
    for (const auto& [a, b, c] : mesh.triangles) {
        const Vec3 n = area_vector(mesh.vertices[a], mesh.vertices[b], mesh.vertices[c]);
        out.push_back({static_cast<float>(n.x), static_cast<float>(n.y), static_cast<float>(n.z)});
    }
    return out;
}

class Measurer {
public:
    Measurer(const Mesh& mesh, const OrientationOptions& options)
        : mesh_(mesh), options_(options), facings_(facings_of(mesh)), mass_(mass_point(mesh)) {}

    Orientation measure(const Vec3& up) {
        Orientation out;
        out.up = up;
        heights_.clear();
        double low = std::numeric_limits<double>::max();
        double high = std::numeric_limits<double>::lowest();
        for (const Vec3& p : mesh_.vertices) {
            const double h = dot(up, p);
            heights_.push_back(h);
            low = std::min(low, h);
            high = std::max(high, h);
        }
        out.height_mm = high - low;
        add_areas(up, low + options_.layer_mm, out);
        set_tip(low, out);
        return out;
    }

    void add_support(Orientation& o) const {
        const ColumnField columns(
            mesh_, frame_with_up(o.up), {.cells_across = options_.cells_across});
        o.support_volume_mm3 = air_below_overhangs(columns, options_.limit_deg, options_.layer_mm);
    }

    // What is only worth doing for an orientation that is shown.
    void complete(Orientation& o) const {
        const Frame frame = frame_with_up(o.up);
        std::vector<Vec2> seen;
        seen.reserve(mesh_.vertices.size());
        for (const Vec3& p : mesh_.vertices) {
            const Vec3 q = frame.turned(p);
            seen.push_back({q.x, q.y});
        }
        o.outline = outline_of(seen);
        if (!options_.envelope) return;
        const Stance stance{UpAxis::z, o.height_mm, o.outline.points};
        o.fit = fit_into({stance, stance, stance}, *options_.envelope).stances[0];
    }

private:
    void add_areas(const Vec3& up, double first_layer, Orientation& out) const {
        const double limit = std::sin(options_.limit_deg * degree);
        const auto ux = static_cast<float>(up.x);
        const auto uy = static_cast<float>(up.y);
        const auto uz = static_cast<float>(up.z);
        for (std::size_t t = 0; t < facings_.size(); ++t) {
            const Facing& f = facings_[t];
            const float down = -(f.x * ux + f.y * uy + f.z * uz);
            if (!(down > 0)) continue;
            const auto [a, b, c] = mesh_.triangles[t];
            const double top = std::max({heights_[a], heights_[b], heights_[c]});
            if (top <= first_layer) {
                out.contact_area_mm2 += static_cast<double>(down) / 2;
                continue;
            }
            const double twice = std::sqrt(static_cast<double>(f.x * f.x + f.y * f.y + f.z * f.z));
            if (static_cast<double>(down) > limit * twice) out.overhang_area_mm2 += twice / 2;
        }
    }

    void set_tip(double low, Orientation& out) const {
        const Frame frame = frame_with_up(out.up);
        std::vector<Vec2> contact;
        for (std::size_t v = 0; v < heights_.size(); ++v) {
            if (heights_[v] > low + options_.layer_mm) continue;
            const Vec3 q = frame.turned(mesh_.vertices[v]);
            contact.push_back({q.x, q.y});
        }
        const std::vector<Vec2> hull = detail::convex_hull(contact);
        const Vec3 mass = frame.turned(mass_.centre);
        double margin = hull.size() < 3 ? 0 : std::numeric_limits<double>::max();
        for (std::size_t i = 0; i < hull.size() && hull.size() >= 3; ++i) {
            const Vec2& a = hull[i];
            const Vec2& b = hull[(i + 1) % hull.size()];
            const double dx = b.x - a.x;
            const double dy = b.y - a.y;
            const double side = dx * (mass.y - a.y) - dy * (mass.x - a.x);
            margin = std::min(margin, side / std::hypot(dx, dy));
        }
        out.tip_deg = std::atan2(margin, std::max(mass.z - low, 1e-9)) / degree;
        // A foot smaller than a thousandth of the part's height squared holds nothing.
        const double least = 1e-3 * out.height_mm * out.height_mm;
        out.steady = out.tip_deg > steady_deg && out.contact_area_mm2 > least;
    }

    const Mesh& mesh_;
    const OrientationOptions& options_;
    std::vector<Facing> facings_;
    MassPoint mass_;
    std::vector<double> heights_;
};

double key_of(const Orientation& o, OrientationRank rank) {
    switch (rank) {
        case OrientationRank::support:
            return o.support_volume_mm3;
        case OrientationRank::height:
            return o.height_mm;
        case OrientationRank::overhang:
            return o.overhang_area_mm2;
    }
    return 0;
}

// The directions to measure: as the part stands, then the best few by each figure, those that can
// lie before the others.
std::vector<DirectionScore> promising(std::vector<DirectionScore> scores, std::size_t count) {
    std::vector<DirectionScore> out{scores.front()};
    const auto add_best = [&](auto figure, std::size_t how_many) {
        std::stable_sort(scores.begin(), scores.end(), [&](const auto& l, const auto& r) {
            const bool l_lies = l.contact_area_mm2 > 1e-3 * l.height_mm * l.height_mm;
            const bool r_lies = r.contact_area_mm2 > 1e-3 * r.height_mm * r.height_mm;
            if (l_lies != r_lies) return l_lies;
            return figure(l) < figure(r);
        });
        for (std::size_t i = 0; i < std::min(how_many, scores.size()); ++i) {
            const bool known = std::any_of(out.begin(), out.end(), [&](const DirectionScore& o) {
                return o.up == scores[i].up;
            });
            if (!known && out.size() < count) out.push_back(scores[i]);
        }
    };
    const std::size_t third = (count + 2) / 3;
    add_best([](const DirectionScore& s) { return s.air_mm3; }, third);
    add_best([](const DirectionScore& s) { return s.height_mm; }, third);
    add_best([](const DirectionScore& s) { return s.overhang_area_mm2; }, third);
    return out;
}

// Up to a percent of the largest figure counts as equal: nobody turns a part for less.
bool beats(const Orientation& a, const Orientation& b, const Orientation& largest) {
    const auto less = [](double l, double r, double scale) { return l < r - 0.01 * scale; };
    if (a.steady != b.steady) return a.steady;
    const bool worse =
        less(b.support_volume_mm3, a.support_volume_mm3, largest.support_volume_mm3) ||
        less(b.height_mm, a.height_mm, largest.height_mm) ||
        less(b.overhang_area_mm2, a.overhang_area_mm2, largest.overhang_area_mm2);
    if (worse) return false;
    return less(a.support_volume_mm3, b.support_volume_mm3, largest.support_volume_mm3) ||
           less(a.height_mm, b.height_mm, largest.height_mm) ||
           less(a.overhang_area_mm2, b.overhang_area_mm2, largest.overhang_area_mm2) ||
           a.contact_area_mm2 > b.contact_area_mm2;
}

std::vector<Orientation> unbeaten(const std::vector<Orientation>& all) {
    Orientation largest;
    for (const Orientation& o : all) {
        largest.support_volume_mm3 = std::max(largest.support_volume_mm3, o.support_volume_mm3);
        largest.height_mm = std::max(largest.height_mm, o.height_mm);
        largest.overhang_area_mm2 = std::max(largest.overhang_area_mm2, o.overhang_area_mm2);
    }
    std::vector<Orientation> out;
    for (const Orientation& o : all) {
        const bool beaten = std::any_of(all.begin(), all.end(), [&](const Orientation& other) {
            return &other != &o && beats(other, o, largest);
        });
        if (!beaten) out.push_back(o);
    }
    return out;
}

// Measures the support of as many as the size of the mesh allows; of a large one, those that look
// best by the air below them. The first, which is the part as it stands, is always among them.
std::vector<Orientation> measured_support(std::vector<Orientation> all,
                                          const Measurer& measurer,
                                          std::size_t triangles) {
    const std::size_t affordable =
        std::max(fewest_measured, triangles_measured / std::max<std::size_t>(1, triangles));
    if (affordable < all.size()) {
        const std::vector<Orientation> good = unbeaten({all.begin() + 1, all.end()});
        all.erase(all.begin() + 1, all.end());
        all.insert(all.end(), good.begin(), good.end());
        if (all.size() > affordable) all.resize(affordable);
    }
    for (Orientation& o : all)
        measurer.add_support(o);
    return all;
}

void add_words(std::vector<Orientation>& all) {
    const auto least = [&](OrientationRank rank) {
        double best = std::numeric_limits<double>::max();
        for (const Orientation& o : all)
            best = std::min(best, key_of(o, rank));
        return best;
    };
    const double support = least(OrientationRank::support);
    const double height = least(OrientationRank::height);
    const double overhang = least(OrientationRank::overhang);
    for (Orientation& o : all) {
        std::string words;
        const auto say = [&](const std::string& what) {
            words += (words.empty() ? "" : ", ") + what;
        };
        if (o.support_volume_mm3 <= support) {
            say(support > 0 ? "least support" : "no support needed");
        }
        if (o.height_mm <= height) say("lowest");
        if (o.overhang_area_mm2 <= overhang && overhang > 0) say("least overhang");
        if (words.empty()) words = "between the others";
        if (o.up == Vec3{0, 0, 1}) say("as it stands in the file");
        if (!o.steady) say("would not stand by itself");
        o.why = std::move(words);
    }
}

}  // namespace

std::vector<Orientation> orientations_of(const Mesh& mesh, const OrientationOptions& options) {
    NEARFAB_CHECK(!mesh.triangles.empty(), "orientations need a surface");
    NEARFAB_CHECK(options.limit_deg > 0 && options.limit_deg < 90, "between wall and ceiling");
    Mesh hull = hull_of_part(mesh);
    if (hull.vertices.empty()) hull.vertices = mesh.vertices;  // A flat part has no hull.
    const DirectionSums sums(mesh);
    std::vector<DirectionScore> scores;
    for (const Vec3& up : candidate_directions(sums, hull, max_candidates))
        scores.push_back(sums.score(up, hull, options.limit_deg, options.layer_mm));
    Measurer measurer(mesh, options);
    std::vector<Orientation> all;
    for (const DirectionScore& score : promising(std::move(scores), options.max_measured)) {
        all.push_back(measurer.measure(score.up));
        all.back().support_volume_mm3 = score.air_mm3;  // Down to the bed: never too little.
    }
    all = measured_support(std::move(all), measurer, mesh.triangles.size());
    const Orientation as_it_stands = all.front();
    std::vector<Orientation> out = unbeaten(all);
    std::stable_sort(out.begin(), out.end(), [&](const Orientation& l, const Orientation& r) {
        return key_of(l, options.rank) < key_of(r, options.rank);
    });
    if (out.size() > options.max_results) out.resize(options.max_results);
    const bool shown = std::any_of(
        out.begin(), out.end(), [&](const Orientation& o) { return o.up == as_it_stands.up; });
    if (!shown) out.push_back(as_it_stands);
    for (Orientation& o : out)
        measurer.complete(o);
    add_words(out);
    return out;
}

}  // namespace nearfab::geometry
