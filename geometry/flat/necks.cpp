// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/necks.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

constexpr double first_width_mm = 1;
const double sine_of_5_degrees = std::sin(5 * pi / 180);
const double sine_of_10_degrees = std::sin(10 * pi / 180);
const double cosine_of_50_degrees = std::cos(50 * pi / 180);
const double cosine_of_65_degrees = std::cos(65 * pi / 180);

// Curves in chords are taken as chords no further than this from them.
constexpr double coarse_mm = 0.002;

enum class Kind : std::uint8_t { wall, gap, neither };

class Search {
public:
    Search(const Chains& chains,
           const std::vector<MaterialSide>& sides,
           const Necks& known,
           double least_mm,
           double most_mm,
           Work& work)
        : chains_(chains),
          tree_(boxes_of(chains.pieces)),
          sides_(sides),
          least_mm_(least_mm),
          most_mm_(most_mm),
          work_(work),
          necks_(known) {}

    Necks search() {
        const double whole = size_of_drawing();
        const double most = std::min(whole, most_mm_);
        for (double width = std::min(std::max(first_width_mm, 4 * least_mm_), most);;) {
            if (!look(width)) break;
            necks_.searched_mm = width;
            if (width >= most || std::max(best(Kind::wall), best(Kind::gap)) <= width) break;
            width = std::min(2 * width, most);
        }
        if (necks_.searched_mm >= whole) return necks_;
        for (auto* neck : {&necks_.wall, &necks_.gap}) {
            if (*neck && (*neck)->mm > necks_.searched_mm) neck->reset();
        }
        return necks_;
    }

    double size_of_drawing() const {
        Box2 all = chains_.pieces.front().box;
        for (const Piece& piece : chains_.pieces) {
            all.min = {std::min(all.min.x, piece.box.min.x), std::min(all.min.y, piece.box.min.y)};
            all.max = {std::max(all.max.x, piece.box.max.x), std::max(all.max.y, piece.box.max.y)};
        }
        return distance(all.min, all.max);
    }

    // All pairs up to that width apart; false when the work is used up before.
    bool look(double width) {
        for (std::uint32_t j = 0; j < chains_.pieces.size(); ++j) {
            blunt_end(j, width);
            // Wider than the best of both kinds needs no look.
            const double reach = std::min(width, std::max(best(Kind::wall), best(Kind::gap)));
            tree_.each_meeting(grown(chains_.pieces[j].box, reach), [&](std::uint32_t i) {
                if (!work_.spend()) return false;
                if (i < j) compare(i, j, width);
                return true;
            });
            if (work_.left == 0) return false;
        }
        return true;
    }

    double best(Kind kind) const {
        const auto& neck = kind == Kind::wall ? necks_.wall : necks_.gap;
        return neck ? neck->mm : std::numeric_limits<double>::infinity();
    }

    void compare(std::uint32_t i, std::uint32_t j, double width) {
        const Piece& p = chains_.pieces[i];
        const Piece& q = chains_.pieces[j];
        if (const auto facing = facing_lines(p, q)) {
            offer(i, j, *facing, width);
        } else if (const auto rings = facing_arcs(p, q)) {
            offer(i, j, *rings, width);
        } else if (follow_each_other(i, j)) {
            return;
        } else {
            const Closest closest = closest_points(p, q);
            if (turns_away(i, closest.a, closest.b) && turns_away(j, closest.b, closest.a))
                offer(i, j, closest, width);
        }
    }

    // Lines within 10 degrees of parallel with a stretch side by side: the nearest points of it.
    static std::optional<Closest> facing_lines(const Piece& p, const Piece& q) {
        if (p.arc() || q.arc()) return std::nullopt;
        const Vec2 along = p.to - p.from;
        const Vec2 other = q.to - q.from;
        const double size = length(along);
        if (std::abs(cross(along, other)) > sine_of_10_degrees * size * length(other))
            return std::nullopt;
        const Vec2 u = (1 / size) * along;
        const double a = dot(q.from - p.from, u);
        const double b = dot(q.to - p.from, u);
        const double begin = std::max(0.0, std::min(a, b));
        const double end = std::min(size, std::max(a, b));
        if (!(end - begin > 1e-9)) return std::nullopt;
        Closest best{{}, {}, std::numeric_limits<double>::infinity()};
        for (const double at : {begin, end}) {
            const Vec2 on_p = p.from + at * u;
            const Vec2 on_q = q.from + ((at - a) / (b - a)) * other;
            const double apart = distance(on_p, on_q);
            if (apart < best.distance) best = {on_p, on_q, apart};
        }
        return best;
    }

    // Arcs round one centre with directions in common.
    static std::optional<Closest> facing_arcs(const Piece& p, const Piece& q) {
        if (!p.arc() || !q.arc()) return std::nullopt;
        const double apart = std::abs(p.radius - q.radius);
        if (!(apart > 0) || distance(p.centre, q.centre) > 0.01 * apart) return std::nullopt;
        for (const Piece* piece : {&p, &q}) {
            const Vec2 spoke = piece->point(0.5) - piece->centre;
            const Vec2 unit = (1 / length(spoke)) * spoke;
            if (!p.in_sector(unit) || !q.in_sector(unit)) continue;
            const Vec2 a = p.centre + p.radius * unit;
            const Vec2 b = q.centre + q.radius * unit;
            return Closest{a, b, distance(a, b)};
        }
        return std::nullopt;
    }

    bool follow_each_other(std::uint32_t i, std::uint32_t j) const {
        return chains_.chain_of[i] == chains_.chain_of[j] && (next(i) == j || next(j) == i);
    }

    // The piece after this one in its chain; itself at the end of an open chain.
    std::uint32_t next(std::uint32_t i) const {
        const Chain& chain = chains_.chains[chains_.chain_of[i]];
        if (i + 1 < chain.last) return i + 1;
        return chain.closed ? chain.first : i;
    }
    std::uint32_t previous(std::uint32_t i) const {
        const Chain& chain = chains_.chains[chains_.chain_of[i]];
        if (i > chain.first) return i - 1;
        return chain.closed ? chain.last - 1 : i;
    }

    // Whether the cut gets no nearer to the target on either side of that point of piece i.
    bool turns_away(std::uint32_t i, const Vec2& at, const Vec2& target) const {
        const Piece& piece = chains_.pieces[i];
        const Vec2 line = target - at;
        const double allowed = sine_of_5_degrees * length(line);
        const bool at_from = at == piece.from;
        const bool at_to = at == piece.to;
        if (!at_from && !at_to) return true;  // Within the piece the line is square to it.
        const std::uint32_t beyond = at_to ? next(i) : previous(i);
        const Vec2 own = piece.direction_at(at);
        if (dot(at_to ? -1 * own : own, line) > allowed) return false;
        if (beyond == i) return true;  // An open end.
        const Piece& other = chains_.pieces[beyond];
        const Vec2 away =
            at_to ? other.direction_at(other.from) : -1 * other.direction_at(other.to);
        return dot(away, line) <= allowed;
    }

    // Whether q, seen from p, lies across material or across waste.
    Kind side(std::uint32_t i, const Vec2& at, const Vec2& target) const {
        const MaterialSide material = sides_[chains_.chain_of[i]];
        if (material == MaterialSide::both) return Kind::wall;
        const double turn = cross(chains_.pieces[i].direction_at(at), target - at);
        return (turn > 0) == (material == MaterialSide::left) ? Kind::wall : Kind::gap;
    }

    void offer(std::uint32_t i, std::uint32_t j, const Closest& closest, double width) {
        if (closest.distance < least_mm_ || closest.distance > width) return;
        const Kind from_a = side(i, closest.a, closest.b);
        const Kind from_b = side(j, closest.b, closest.a);
        Kind kind = from_a;
        if (from_a != from_b) {
            // An open cut has material on both sides; the other one knows.
            if (sides_[chains_.chain_of[i]] == MaterialSide::both) {
                kind = from_b;
            } else if (sides_[chains_.chain_of[j]] != MaterialSide::both) {
                return;
            }
        }
        take(kind, closest);
    }

    void take(Kind kind, const Closest& closest) {
        if (!(closest.distance < best(kind)) || blocked(closest)) return;
        (kind == Kind::wall ? necks_.wall : necks_.gap) =
            Neck{closest.a, closest.b, closest.distance};
    }

    // Whether a cut runs between the two points.
    bool blocked(const Closest& closest) {
        const Piece line = line_piece(closest.a, closest.b, 0);
        bool found = false;
        tree_.each_meeting(line.box, [&](std::uint32_t i) {
            if (!work_.spend()) return false;
            const Meeting meeting = meeting_points(line, chains_.pieces[i], 0);
            for (int k = 0; k < meeting.count; ++k) {
                const Vec2& at = meeting.at[static_cast<std::size_t>(k)];
                const double near = 1e-6 + 1e-3 * closest.distance;
                found = found || (distance(at, closest.a) > near && distance(at, closest.b) > near);
            }
            return !found;
        });
        return found;
    }

    // The short side of a tongue or slot whose long sides are not parallel enough to face each
    // other: a line whose neighbours are twice as long at least, turn by 65 degrees and more to the
    // same side, and are within 50 degrees of parallel.
    void blunt_end(std::uint32_t i, double width) {
        const Piece& end = chains_.pieces[i];
        const double size = end.length();
        if (end.arc() || size < least_mm_ || size > width) return;
        const std::uint32_t before = previous(i);
        const std::uint32_t after = next(i);
        if (before == i || after == i || before == after) return;
        const Piece& in = chains_.pieces[before];
        const Piece& out = chains_.pieces[after];
        if (in.length() < 2 * size || out.length() < 2 * size) return;
        const Vec2 u = end.direction_at(end.from);
        const Vec2 d_in = in.direction_at(in.to);
        const Vec2 d_out = out.direction_at(out.from);
        if (dot(d_in, u) > cosine_of_65_degrees || dot(u, d_out) > cosine_of_65_degrees) return;
        const double turn_in = cross(d_in, u);
        const double turn_out = cross(u, d_out);
        if (turn_in * turn_out <= 0 || dot(d_in, d_out) > -cosine_of_50_degrees) return;
        const MaterialSide material = sides_[chains_.chain_of[i]];
        if (material == MaterialSide::both) return;
        const bool around_material = (turn_in > 0) == (material == MaterialSide::left);
        const Closest closest{end.from, end.to, size};
        if (!(size < best(around_material ? Kind::wall : Kind::gap))) return;
        (around_material ? necks_.wall : necks_.gap) = Neck{closest.a, closest.b, size};
    }

    const Chains& chains_;
    BoxTree tree_;
    const std::vector<MaterialSide>& sides_;
    double least_mm_;
    double most_mm_;
    Work& work_;
    Necks necks_;
};

// Whether the lines from one piece to another lie within the tolerance of one line.
bool one_chord(const std::vector<Piece>& pieces, std::size_t first, std::size_t last) {
    const Vec2 from = pieces[first].from;
    const Vec2 chord = pieces[last].to - from;
    const double size = length(chord);
    if (!(size > 0)) return false;
    double along = 0;
    for (std::size_t i = first; i < last; ++i) {
        const Vec2 way = pieces[i].to - from;
        const double next = dot(way, chord) / size;
        if (next < along || next > size || std::abs(cross(way, chord)) > coarse_mm * size)
            return false;
        along = next;
    }
    return true;
}

// Where the lines from that one on, which are one chord, end: by doubling and halving.
// REQUIRES: lines only, up to the end.
std::size_t end_of_chord(const std::vector<Piece>& pieces, std::size_t first, std::size_t end) {
    std::size_t good = 1;
    std::size_t bad = end - first + 1;
    while (good * 2 < bad) {
        if (!one_chord(pieces, first, first + good * 2 - 1)) {
            bad = good * 2;
            break;
        }
        good *= 2;
    }
    while (bad - good > 1) {
        const std::size_t middle = good + (bad - good) / 2;
        (one_chord(pieces, first, first + middle - 1) ? good : bad) = middle;
    }
    return first + good;
}

Chains coarse(const Chains& chains) {
    Chains out;
    for (const Chain& chain : chains.chains) {
        const auto first = static_cast<std::uint32_t>(out.pieces.size());
        std::size_t end_of_lines = chain.first;
        for (std::size_t i = chain.first; i < chain.last;) {
            const Piece& piece = chains.pieces[i];
            if (piece.arc()) {
                out.pieces.push_back(piece);
                ++i;
                continue;
            }
            end_of_lines = std::max(end_of_lines, i);
            while (end_of_lines < chain.last && !chains.pieces[end_of_lines].arc())
                ++end_of_lines;
            const std::size_t end = end_of_chord(chains.pieces, i, end_of_lines);
            const Vec2& to = chains.pieces[end - 1].to;
            if (piece.from != to) out.pieces.push_back(line_piece(piece.from, to, piece.path));
            i = end;
        }
        const auto last = static_cast<std::uint32_t>(out.pieces.size());
        out.chain_of.resize(last, static_cast<std::uint32_t>(out.chains.size()));
        out.chains.push_back({first, last, chain.closed});
    }
    return out;
}

}  // namespace

Necks necks_of(const Chains& chains,
               const std::vector<MaterialSide>& sides,
               const Necks& known,
               double least_mm,
               double most_mm,
               Work& work) {
    NEARFAB_CHECK(sides.size() == chains.chains.size(), "one side for each chain");
    const Chains coarser = coarse(chains);
    if (coarser.pieces.empty()) return known;
    return Search{coarser, sides, known, least_mm, most_mm, work}.search();
}

}  // namespace nearfab::geometry::flat
