// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/nest.hpp"

#include "toolpath/nest_shape.hpp"
#include "toolpath/place_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace nearfab::toolpath {
namespace {

// How a place is judged; smaller is better. All want little of the sheet's length.
enum class Taste : std::uint8_t { left, low, corner };
// What a look costs whatever the corners are, so that the steps bound the time for simple parts
// too.
constexpr std::uint64_t steps_per_look = 50;
constexpr std::array tastes{Taste::left, Taste::low, Taste::corner};

struct Copy {
    std::uint32_t piece = 0;
    std::uint32_t copy = 0;
};

struct Lying {
    std::uint32_t piece = 0;
    std::uint32_t copy = 0;
    std::uint32_t turn = 0;
    Vec2 by;
};

struct Sheet {
    std::vector<Lying> lying;
    double length_mm = 0;  // To the end of the parts, with half a gap.
    // Where the origin of a piece may lie, in each turn, with so many parts looked at.
    struct Free {
        Region region;
        std::size_t seen = 0;
    };
    std::map<std::pair<std::uint32_t, std::uint32_t>, Free> free;
};

struct Layout {
    std::vector<Sheet> sheets;
    [[nodiscard]] std::pair<std::size_t, double> cost() const {
        double shortest = sheets.empty() ? 0 : sheets.front().length_mm;
        for (const Sheet& sheet : sheets)
            shortest = std::min(shortest, sheet.length_mm);
        return {sheets.size(), shortest};
    }
};

using Judgement = std::tuple<double, double, double>;

Judgement judged(Taste taste, const Sheet& sheet, double right, double top) {
    // A hundredth of a millimetre more or less decides nothing.
    const auto coarse = [](double v) { return std::round(v * 100); };
    switch (taste) {
        case Taste::left:
            return {coarse(right), coarse(top), 0};
        case Taste::low:
            return {coarse(std::max(right, sheet.length_mm)), coarse(top), coarse(right)};
        case Taste::corner:
            return {coarse(std::max(right, sheet.length_mm)), coarse(right + top), coarse(right)};
    }
    return {};
}

class Nester {
public:
    Nester(const std::vector<NestPart>& parts, const NestOptions& options)
        : parts_{parts}, options_{options} {}

    Result<Nesting> run() {
        for (std::uint32_t i = 0; i < parts_.size(); ++i) {
            pieces_.push_back(nest_piece(parts_[i], options_));
            if (Status status = check_fits(i); !status) return fail(status.error());
            for (std::uint32_t c = 0; c < parts_[i].quantity; ++c)
                copies_.push_back({i, c});
        }
        if (copies_.empty()) {
            return fail(ErrorCode::invalid_argument, "there is no part to lay out");
        }
        no_fit_.emplace(pieces_);
        try_orders();
        exchange();
        return result();
    }

private:
    // Half the gap lies outside the outermost parts, and may lie in the margin.
    [[nodiscard]] double edge() const { return options_.margin_mm - options_.gap_mm / 2; }

    [[nodiscard]] std::optional<Region> room_for(const NestShape& shape) const {
        const double x0 = edge() - shape.low.x;
        const double y0 = edge() - shape.low.y;
        const double x1 = options_.sheet_mm.x - edge() - shape.high.x;
        const double y1 = options_.sheet_mm.y - edge() - shape.high.y;
        if (x1 < x0 || y1 < y0) return std::nullopt;
        // A part exactly as large as the sheet still has a place, if a thin one.
        constexpr double least = 2e-5;
        const double x2 = std::max(x1, x0 + least);
        const double y2 = std::max(y1, y0 + least);
        return Region{{{x0, y0}, {x2, y0}, {x2, y2}, {x0, y2}}};
    }

    Status check_fits(std::uint32_t part) const {
        const auto& turns = pieces_[part].turns;
        if (std::any_of(turns.begin(), turns.end(), [&](const NestShape& t) {
                return room_for(t).has_value();
            })) {
            return {};
        }
        const Vec2 size{turns.front().high.x - turns.front().low.x - options_.gap_mm,
                        turns.front().high.y - turns.front().low.y - options_.gap_mm};
        return fail(ErrorCode::invalid_argument,
                    "part " + std::to_string(part + 1) + " is " + mm_text(size.x) + " x " +
                        mm_text(size.y) + " and does not fit on the sheet of " +
                        mm_text(options_.sheet_mm.x) + " x " + mm_text(options_.sheet_mm.y) +
                        " with its margin of " + mm_text(options_.margin_mm),
                    "Use a larger sheet, or divide the part");
    }

    [[nodiscard]] bool tired() const { return steps_ >= options_.steps; }

    const Region& free_for(Sheet& sheet, std::uint32_t piece, std::uint32_t turn) {
        steps_ += steps_per_look;
        const auto key = std::pair{piece, turn};
        auto found = sheet.free.find(key);
        if (found == sheet.free.end()) {
            Sheet::Free free;
            if (auto room = room_for(pieces_[piece].turns[turn])) free.region = std::move(*room);
            found = sheet.free.emplace(key, std::move(free)).first;
        }
        Sheet::Free& free = found->second;
        if (free.seen == sheet.lying.size() || free.region.empty()) return free.region;
        Region taken;
        for (; free.seen < sheet.lying.size(); ++free.seen) {
            const Lying& there = sheet.lying[free.seen];
            for (Polygon polygon : no_fit_->of({there.piece, there.turn, piece, turn}, steps_)) {
                for (Vec2& p : polygon)
                    p = {p.x + there.by.x, p.y + there.by.y};
                steps_ += polygon.size();
                taken.push_back(std::move(polygon));
            }
        }
        for (const Polygon& polygon : free.region)
            steps_ += polygon.size();
        free.region = without(free.region, taken);
        return free.region;
    }

    bool lay(Sheet& sheet, const Copy& copy, Taste taste) {
        std::optional<Judgement> best;
        Lying lying{copy.piece, copy.copy, 0, {}};
        const auto& turns = pieces_[copy.piece].turns;
        for (std::uint32_t turn = 0; turn < turns.size(); ++turn) {
            for (const Polygon& polygon : free_for(sheet, copy.piece, turn)) {
                for (const Vec2& p : polygon) {
                    const Judgement now =
                        judged(taste, sheet, p.x + turns[turn].high.x, p.y + turns[turn].high.y);
                    if (best && *best <= now) continue;
                    best = now;
                    lying.turn = turn;
                    lying.by = p;
                }
            }
        }
        if (!best) return false;
        sheet.length_mm = std::max(sheet.length_mm, lying.by.x + turns[lying.turn].high.x);
        sheet.lying.push_back(lying);
        return true;
    }

    Layout lay_all(const std::vector<std::uint32_t>& order, Taste taste) {
        Layout layout;
        for (const std::uint32_t i : order) {
            std::size_t s = 0;
            while (s < layout.sheets.size() && !lay(layout.sheets[s], copies_[i], taste))
                ++s;
            if (s < layout.sheets.size()) continue;
            layout.sheets.emplace_back();
            (void)lay(layout.sheets.back(), copies_[i], taste);
        }
        for (Sheet& sheet : layout.sheets)
            sheet.free.clear();
        return layout;
    }

    bool consider(const std::vector<std::uint32_t>& order, Taste taste) {
        Layout layout = lay_all(order, taste);
        if (best_ && best_->cost() <= layout.cost()) return false;
        best_ = std::move(layout);
        best_order_ = order;
        best_taste_ = taste;
        return true;
    }

    [[nodiscard]] double measure(int by, const Copy& copy) const {
        const NestShape& shape = pieces_[copy.piece].turns.front();
        const double wide = shape.high.x - shape.low.x;
        const double tall = shape.high.y - shape.low.y;
        switch (by) {
            case 0:
                return pieces_[copy.piece].area_mm2;
            case 1:
                return std::max(wide, tall);
            case 2:
                return wide * tall;
            case 3:
                return wide + tall;
            default:
                return std::min(wide, tall);
        }
    }

    void try_orders() {
        for (int by = 0; by < 5; ++by) {
            std::vector<std::uint32_t> order(copies_.size());
            std::iota(order.begin(), order.end(), 0U);
            std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
                return measure(by, copies_[a]) > measure(by, copies_[b]);
            });
            for (const Taste taste : tastes) {
                (void)consider(order, taste);
                if (tired()) return;
            }
        }
    }

    // Exchanges parts of the best order, with numbers that only look random.
    void exchange() {
        std::uint64_t state = 0x9E3779B97F4A7C15ULL;
        const auto next = [&state](std::size_t below) {
            state ^= state << 13U;
            state ^= state >> 7U;
            state ^= state << 17U;
            return static_cast<std::size_t>(state % below);
        };
        if (pieces_.size() < 2) return;
        while (!tired()) {
            std::vector<std::uint32_t> order = best_order_;
            const std::size_t exchanges = 1 + next(3);
            for (std::size_t i = 0; i < exchanges; ++i)
                std::swap(order[next(order.size())], order[next(order.size())]);
            // What is exchanged with its like changes nothing.
            const bool same =
                std::equal(order.begin(), order.end(), best_order_.begin(), [&](auto a, auto b) {
                    return copies_[a].piece == copies_[b].piece;
                });
            if (same) {
                steps_ += steps_per_look;
                continue;
            }
            const Taste taste = next(4) == 0 ? tastes[next(tastes.size())] : best_taste_;
            (void)consider(order, taste);
        }
    }

    Nesting result() {
        // The sheet with most left over comes last.
        std::stable_sort(best_->sheets.begin(),
                         best_->sheets.end(),
                         [](const Sheet& a, const Sheet& b) { return a.length_mm > b.length_mm; });
        Nesting nesting;
        double area = 0;
        for (const Sheet& sheet : best_->sheets) {
            for (const Lying& lying : sheet.lying) {
                area += pieces_[lying.piece].area_mm2;
                nesting.placed.push_back({lying.piece,
                                          lying.copy,
                                          nesting.sheets,
                                          pieces_[lying.piece].turns[lying.turn].angle,
                                          lying.by});
            }
            ++nesting.sheets;
        }
        nesting.last_length_mm = best_->sheets.back().length_mm - options_.gap_mm / 2;
        const double strip =
            std::min(nesting.last_length_mm + options_.margin_mm, options_.sheet_mm.x);
        const double length = (nesting.sheets - 1) * options_.sheet_mm.x + strip;
        nesting.used_share = area / (length * options_.sheet_mm.y);
        return nesting;
    }

    const std::vector<NestPart>& parts_;
    const NestOptions& options_;
    std::vector<NestPiece> pieces_;
    std::vector<Copy> copies_;
    std::optional<NoFit> no_fit_;
    std::uint64_t steps_ = 0;
    std::optional<Layout> best_;
    std::vector<std::uint32_t> best_order_;
    Taste best_taste_ = Taste::left;
};

}  // namespace

Result<Nesting> nest(const std::vector<NestPart>& parts, const NestOptions& options) {
    return Nester{parts, options}.run();
}

}  // namespace nearfab::toolpath
