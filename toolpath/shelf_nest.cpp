// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/nest.hpp"
#include "toolpath/place_text.hpp"

#include <algorithm>
#include <numbers>
#include <string>

namespace nearfab::toolpath {
namespace {

struct Box {
    std::uint32_t part = 0;
    std::uint32_t copy = 0;
    Vec2 low;         // Of the part in its turn.
    double wide = 0;  // Along the shelf (y), with the gap.
    double deep = 0;  // Across it (x), with the gap.
    double angle = 0;
};

struct Shelf {
    std::uint32_t sheet = 0;
    double begin = 0;  // Along x.
    double deep = 0;
    double used = 0;  // Along y.
};

// Shelves stand along the sheet's short way (y), so that what is left is a strip as in nest().
class ShelfNester {
public:
    ShelfNester(const std::vector<NestPart>& parts, const NestOptions& options)
        : parts_{parts},
          options_{options},
          room_{options.sheet_mm.x - 2 * options.margin_mm + options.gap_mm,
                options.sheet_mm.y - 2 * options.margin_mm + options.gap_mm} {}

    Result<Nesting> run() {
        for (std::uint32_t i = 0; i < parts_.size(); ++i) {
            if (Status status = add(i); !status) return fail(status.error());
        }
        std::stable_sort(boxes_.begin(), boxes_.end(), [](const Box& a, const Box& b) {
            return a.deep > b.deep;
        });
        for (const Box& box : boxes_)
            place(box);
        if (nesting_.sheets == 0) {
            return fail(ErrorCode::invalid_argument, "there is no part to lay out");
        }
        const double strip =
            std::min(nesting_.last_length_mm + options_.margin_mm, options_.sheet_mm.x);
        const double length = (nesting_.sheets - 1) * options_.sheet_mm.x + strip;
        nesting_.used_share = area_ / (length * options_.sheet_mm.y);
        return std::move(nesting_);
    }

private:
    Status add(std::uint32_t part) {
        const Region kept = even_odd(parts_[part].loops);
        Vec2 low = kept.empty() ? Vec2{} : kept.front().front();
        Vec2 high = low;
        for (const Polygon& polygon : kept) {
            for (const Vec2& p : polygon) {
                low = {std::min(low.x, p.x), std::min(low.y, p.y)};
                high = {std::max(high.x, p.x), std::max(high.y, p.y)};
            }
        }
        const double gap = options_.gap_mm;
        Box box{part, 0, low, high.y - low.y + gap, high.x - low.x + gap, 0};
        const bool may_turn = parts_[part].may_turn;
        const auto fits = [&](double wide, double deep) {
            return wide <= room_.y + 1e-9 && deep <= room_.x + 1e-9;
        };
        if (may_turn && box.deep > box.wide && fits(box.deep, box.wide)) {
            std::swap(box.deep, box.wide);
            box.angle = std::numbers::pi / 2;
            box.low = {-high.y, low.x};
        }
        if (!fits(box.wide, box.deep)) {
            return fail(ErrorCode::invalid_argument,
                        "part " + std::to_string(part + 1) + " is " + mm_text(box.deep - gap) +
                            " x " + mm_text(box.wide - gap) + " and does not fit on the sheet",
                        "Use a larger sheet, or divide the part");
        }
        for (box.copy = 0; box.copy < parts_[part].quantity; ++box.copy) {
            boxes_.push_back(box);
            area_ += area_of(kept);
        }
        return {};
    }

    void place(const Box& box) {
        const auto shelf = std::find_if(shelves_.begin(), shelves_.end(), [&](const Shelf& s) {
            return s.deep >= box.deep - 1e-9 && s.used + box.wide <= room_.y + 1e-9;
        });
        if (shelf != shelves_.end()) return put(box, *shelf);
        if (nesting_.sheets == 0 || end_ + box.deep > room_.x + 1e-9) {
            ++nesting_.sheets;
            end_ = 0;
        }
        shelves_.push_back({nesting_.sheets - 1, end_, box.deep, 0});
        end_ += box.deep;
        nesting_.last_length_mm = end_ + options_.margin_mm - options_.gap_mm;
        put(box, shelves_.back());
    }

    void put(const Box& box, Shelf& shelf) {
        const Vec2 corner{options_.margin_mm + shelf.begin, options_.margin_mm + shelf.used};
        nesting_.placed.push_back({box.part,
                                   box.copy,
                                   shelf.sheet,
                                   box.angle,
                                   {corner.x - box.low.x, corner.y - box.low.y}});
        shelf.used += box.wide;
    }

    const std::vector<NestPart>& parts_;
    const NestOptions& options_;
    Vec2 room_;
    std::vector<Box> boxes_;
    std::vector<Shelf> shelves_;
    double end_ = 0;  // Of the last shelf of the last sheet.
    double area_ = 0;
    Nesting nesting_;
};

}  // namespace

Result<Nesting> shelf_nest(const std::vector<NestPart>& parts, const NestOptions& options) {
    return ShelfNester{parts, options}.run();
}

}  // namespace nearfab::toolpath
