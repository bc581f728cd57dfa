// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/region/cell_cut.hpp"

#include "router/matching/region/region_sum.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace nearfab::router {
namespace {

// What is told as one: a cell of the grid, or some of its quarters under the name of the whole.
struct Told {
    std::uint32_t level = 0;
    std::uint32_t cell = 0;
    bool is_rest = false;  // Of a cell whose other quarters are told on their own.
    RegionCell content;
    std::size_t bytes = 0;
};

class Cut {
public:
    Cut(const CellContents& contents, const CutRules& rules) : contents_{contents}, rules_{rules} {}

    std::vector<RegionCell> cells() {
        if (contents_.empty()) return {};
        add(told(0, 0));
        while (!open_.empty()) {
            std::pop_heap(open_.begin(), open_.end(), LessGained{});
            Told largest = std::move(open_.back());
            open_.pop_back();
            divide(std::move(largest));
        }
        std::sort(done_.begin(), done_.end(), [](const Told& a, const Told& b) {
            return std::tuple{first_of(a), a.level, a.is_rest} <
                   std::tuple{first_of(b), b.level, b.is_rest};
        });
        std::vector<RegionCell> cells;
        for (Told& told : done_) {
            const CellCap cap = cap_of(told.cell, told.level);
            told.content.centre = cap.centre;
            told.content.radius_km = cap.radius_km;
            told.content.machines = rounded_count(told.content.machines);
            told.content.fabs = rounded_count(told.content.fabs);
            cells.push_back(std::move(told.content));
        }
        return cells;
    }

private:
    // How much is gained by looking closer: machines, times the size of the cell.
    static std::uint64_t weight(const Told& told) {
        return told.content.machines << (cell_level_max - told.level);
    }
    static std::uint64_t first_of(const Told& told) {
        return told.level == 0 ? 0 : std::uint64_t{told.cell} << 2 * (cell_level_max - told.level);
    }
    struct LessGained {
        bool operator()(const Told& a, const Told& b) const {
            return std::pair{weight(a), first_of(b)} < std::pair{weight(b), first_of(a)};
        }
    };

    // Of the finest cells, those within this one.
    [[nodiscard]] std::pair<CellContents::const_iterator, CellContents::const_iterator> within(
        std::uint32_t level, std::uint32_t cell) const {
        if (level == 0) return {contents_.begin(), contents_.end()};
        const std::uint32_t finer = 2 * (rules_.level_max - level);
        return {contents_.lower_bound(cell << finer), contents_.lower_bound((cell + 1) << finer)};
    }

    [[nodiscard]] Told told(std::uint32_t level, std::uint32_t cell) const {
        Told told{level, cell, false, {}, 0};
        const auto [begin, end] = within(level, cell);
        for (auto one = begin; one != end; ++one)
            include(told.content, one->second);
        told.bytes = region_bytes(told.content);
        return told;
    }

    void add(Told told) {
        ++count_;
        bytes_ += told.bytes;
        const bool is_final = told.is_rest || told.level >= rules_.level_max;
        if (is_final) {
            done_.push_back(std::move(told));
        } else {
            open_.push_back(std::move(told));
            std::push_heap(open_.begin(), open_.end(), LessGained{});
        }
    }

    void divide(Told whole) {
        std::vector<Told> parts = parts_of(whole);
        std::size_t bytes = 0;
        for (const Told& part : parts)
            bytes += part.bytes;
        const bool fits = !parts.empty() && count_ - 1 + parts.size() <= rules_.cells_max &&
                          bytes_ - whole.bytes + bytes <= rules_.bytes_max;
        if (!fits) {
            done_.push_back(std::move(whole));
            return;
        }
        --count_;
        bytes_ -= whole.bytes;
        for (Told& part : parts)
            add(std::move(part));
    }

    // The quarters (of the earth: the faces) that hold machines; none when it must stay whole.
    [[nodiscard]] std::vector<Told> parts_of(const Told& whole) const {
        const std::uint32_t level = whole.level + 1;
        const std::uint32_t first = whole.level == 0 ? 0 : whole.cell << 2U;
        const std::uint32_t count = whole.level == 0 ? 6 : 4;
        std::vector<Told> parts;
        for (std::uint32_t cell = first; cell < first + count; ++cell) {
            const auto [begin, end] = within(level, cell);
            if (begin != end) parts.push_back(told(level, cell));
        }
        if (level > rules_.level_of_few) join_small(whole, parts);
        return parts;
    }

    // Quarters with too few fabs become one rest, with the smallest others until it is enough.
    void join_small(const Told& whole, std::vector<Told>& parts) const {
        std::stable_sort(parts.begin(), parts.end(), [](const Told& a, const Told& b) {
            return a.content.fabs < b.content.fabs;
        });
        Told rest{whole.level, whole.cell, true, {}, 0};
        auto next = parts.begin();
        while (next != parts.end() &&
               (next->content.fabs < rules_.fabs_min ||
                (next != parts.begin() && rest.content.fabs < rules_.fabs_min))) {
            include(rest.content, next->content);
            ++next;
        }
        if (next == parts.begin()) return;
        const bool all = next == parts.end();
        parts.erase(parts.begin(), next);
        if (all) return;
        rest.bytes = region_bytes(rest.content);
        parts.push_back(std::move(rest));
    }

    const CellContents& contents_;
    const CutRules& rules_;
    std::vector<Told> open_;  // A heap.
    std::vector<Told> done_;
    std::size_t count_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace

std::vector<RegionCell> cut_cells(const CellContents& contents, const CutRules& rules) {
    return Cut{contents, rules}.cells();
}

}  // namespace nearfab::router
