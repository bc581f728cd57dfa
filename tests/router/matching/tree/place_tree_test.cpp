// SPDX-License-Identifier: GPL-3.0-or-later
// A place tree keeps its promises and its height, in whatever order entries come and go.

#include "router/matching/tree/place_tree.hpp"

#include "base/check.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <random>
#include <string>
#include <vector>

namespace nearfab::router {
namespace {

constexpr double everywhere = std::numeric_limits<double>::infinity();

// Counts the entries that were looked at: the finish is asked of each that is near enough.
struct TakesAll {
    mutable std::size_t looked_at = 0;
    bool accepts(std::uint32_t, const TreeView&) const { return true; }
    std::uint32_t finish_s(std::uint32_t, const TreeView& view) const {
        ++looked_at;
        return view.wait_s;
    }
    std::uint32_t finish_floor_s(const TreeView& view) const { return view.wait_s; }
    bool before(std::uint32_t a, std::uint32_t b) const { return a < b; }
};

// A tree, and the same entries in a plain list.
class Grown {
public:
    void insert(Place place, std::uint16_t lot) {
        TreeEntry entry;
        entry.at = globe_point(place);
        entry.slot = next_++;
        entry.lot = lot;
        entry.kind = static_cast<std::uint8_t>(entry.slot % 5);
        entry.wait_s = entry.slot % 1000;
        entries_[entry.slot] = entry;
        tree_.insert(entry, moved_);
    }
    void erase(std::uint32_t slot) {
        tree_.erase(homes_.at(slot), moved_);
        homes_.erase(slot);
        entries_.erase(slot);
    }
    void erase_oldest() { erase(entries_.begin()->first); }

    // What `height() <= log2(leaves)` and "leaves are not hollow" come to.
    void check_height() const {
        CHECK(tree_.height() <= static_cast<std::size_t>(std::bit_width(entries_.size())));
    }
    void check_answers() const {
        REQUIRE(tree_.is_sound());
        REQUIRE(tree_.size() == entries_.size());
        for (const Place from : {Place{45, 5}, Place{-90, 0}, Place{10, 179.9}}) {
            std::vector<TreeFound> expected;
            const GlobePoint use = globe_point(from);
            for (const auto& [slot, entry] : entries_)
                expected.push_back({chord2(use, entry.at), slot, entry.wait_s, entry.lot});
            std::ranges::sort(expected, {}, [](const TreeFound& f) {
                return std::tuple{f.chord2, f.finish_s, f.lot, f.slot};
            });
            expected.resize(std::min<std::size_t>(expected.size(), 7));
            std::vector<TreeFound> found(7);
            found.resize(tree_.nearest(use, {}, everywhere, TakesAll{}, found));
            REQUIRE(found.size() == expected.size());
            for (std::size_t i = 0; i < found.size(); ++i)
                CHECK(found[i].slot == expected[i].slot);
        }
    }

    [[nodiscard]] const PlaceTree& tree() const { return tree_; }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] std::size_t bytes() const { return pool_.bytes(); }
    [[nodiscard]] std::uint32_t any(std::uint64_t drawn) const {
        const auto from = entries_.lower_bound(static_cast<std::uint32_t>(drawn % next_));
        return from == entries_.end() ? entries_.begin()->first : from->first;
    }

private:
    TreePool pool_;
    PlaceTree tree_{pool_, 7};
    std::map<std::uint32_t, TreeEntry> entries_;
    std::map<std::uint32_t, TreeHome> homes_;
    PlaceTree::Moved moved_ = [this](std::uint32_t slot, TreeHome from, TreeHome to) {
        NEARFAB_CHECK(from == no_home ? !homes_.contains(slot) : homes_.at(slot) == from,
                      "an entry moves from where it was");
        homes_[slot] = to;
    };
    std::uint32_t next_ = 0;
};

struct Order {
    std::string name;
    Place (*place)(std::size_t i, std::size_t count);
    std::uint16_t (*lot)(std::size_t i);
};

double part(std::size_t i, std::size_t count) {
    return static_cast<double>(i) / static_cast<double>(count);
}
std::uint16_t low_bits(std::size_t i) {
    return static_cast<std::uint16_t>(i);
}
std::uint16_t one_lot(std::size_t) {
    return 9;
}
std::uint16_t scattered(std::size_t i) {
    return static_cast<std::uint16_t>(i * 40'503);
}

// Orders in which a split could leave one child on one side again and again.
const std::vector<Order> orders{
    {"along a meridian",
     [](std::size_t i, std::size_t n) {
         return Place{90 * part(i, n), 4};
     },
     scattered},
    {"along the equator, across the date line",
     [](std::size_t i, std::size_t n) {
         return Place{0, 360 * part(i, n) - 180};
     },
     low_bits},
    {"all at one place",
     [](std::size_t, std::size_t) {
         return Place{45.764, 4.8357};
     },
     scattered},
    {"all at one place, lots in order",
     [](std::size_t, std::size_t) {
         return Place{45.764, 4.8357};
     },
     low_bits},
    {"all at one place with one lot",
     [](std::size_t, std::size_t) {
         return Place{45.764, 4.8357};
     },
     one_lot},
    {"a spiral outwards",
     [](std::size_t i, std::size_t n) {
         const double turn = 40 * std::numbers::pi * part(i, n);
         return Place{60 * part(i, n) * std::sin(turn), 60 * part(i, n) * std::cos(turn)};
     },
     scattered},
    {"a spiral inwards, ever closer",
     [](std::size_t i, std::size_t n) {
         const double turn = 40 * std::numbers::pi * part(i, n);
         const double radius = 60 * std::exp2(-24 * part(i, n));
         return Place{radius * std::sin(turn), radius * std::cos(turn)};
     },
     scattered},
    {"steps, each across the last",
     [](std::size_t i, std::size_t n) {
         const double far = 80 * part(i, n);
         return i % 2 == 0 ? Place{far, 0} : Place{0, far};
     },
     scattered},
    {"from both poles",
     [](std::size_t i, std::size_t n) {
         const double far = 89 * part(i, n);
         return Place{i % 2 == 0 ? far - 90 : 90 - far, static_cast<double>(i % 360) - 180};
     },
     scattered},
};

TEST_CASE("no order of arrivals makes a place tree high", "[place_tree]") {
    constexpr std::size_t count = 6'000;
    for (const Order& order : orders) {
        INFO(order.name);
        Grown grown;
        for (std::size_t i = 0; i < count; ++i)
            grown.insert(order.place(i, count), order.lot(i));
        grown.check_answers();
        // In half full leaves of 30 these are 400, which is 2^8 and some.
        CHECK(grown.tree().height() <= 8);
        grown.check_height();
    }
}

TEST_CASE("a place tree stays low and full while the world moves on", "[place_tree]") {
    constexpr std::size_t kept = 500;
    constexpr std::size_t passing = 6'000;
    for (const Order& order : orders) {
        INFO(order.name);
        Grown grown;
        for (std::size_t i = 0; i < passing; ++i) {
            grown.insert(order.place(i, passing), order.lot(i));
            if (grown.size() > kept) grown.erase_oldest();
        }
        grown.check_answers();
        grown.check_height();
        CHECK(grown.tree().height() <= 6);
    }
}

TEST_CASE("a place tree that is emptied gives back its height and its memory", "[place_tree]") {
    std::mt19937_64 random{4};
    constexpr std::size_t count = 6'000;
    for (const Order& order : orders) {
        INFO(order.name);
        Grown grown;
        std::size_t bytes = 0;
        // Each time the leaves would be left with one or two entries each.
        for (int round = 0; round < 4; ++round) {
            for (std::size_t i = grown.size(); i < count; ++i)
                grown.insert(order.place(i, count), order.lot(i));
            if (round == 0) bytes = grown.bytes();
            CHECK(grown.bytes() <= bytes * 3 / 2);
            while (grown.size() > count / 16)
                grown.erase(grown.any(random()));
            grown.check_answers();
            grown.check_height();
        }
        while (grown.size() > 40) {
            grown.erase(grown.any(random()));
            if (grown.size() % 100 == 0) grown.check_answers();
        }
        CHECK(grown.tree().height() <= 2);
        grown.check_answers();
        while (grown.size() > 0)
            grown.erase_oldest();
        CHECK(grown.tree().is_sound());
        CHECK(grown.tree().height() == 0);
        grown.insert({1, 2}, 3);
        grown.check_answers();
    }
}

// How many entries a search looks at.
std::size_t steps(std::size_t count, const GlobePoint& use, double spread_deg) {
    TreePool pool;
    PlaceTree tree{pool, 1};
    std::vector<TreeEntry> entries(count);
    std::mt19937_64 random{count};
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto off = [&] {
            return spread_deg * (static_cast<double>(random() % 2001) / 1000 - 1);
        };
        const double north = off();
        entries[i].at = globe_point({45.76 + north, 4.83 + off()});
        entries[i].slot = i;
        entries[i].lot = static_cast<std::uint16_t>(random());
        entries[i].wait_s = random() % 5 == 0 ? 0 : static_cast<std::uint32_t>(random() % 100'000);
    }
    tree.build(entries, [](std::uint32_t, TreeHome, TreeHome) {});
    const TakesAll judge;
    std::vector<TreeFound> found(10);
    CHECK(tree.nearest(use, {}, everywhere, judge, found) == 10);
    return judge.looked_at;
}

TEST_CASE("a city of 50,000 machines takes hardly more steps than one of 200", "[place_tree]") {
    // In the city's middle, from outside, and from the other side of the earth.
    for (const Place use : {Place{45.764, 4.8357}, Place{45.9, 4.9}, Place{-45.76, -175.17}}) {
        // Within some km, and all in one house, where the earlier finish and the lot decide.
        for (const double spread_deg : {0.05, 0.0}) {
            const std::size_t few = steps(200, globe_point(use), spread_deg);
            const std::size_t many = steps(50'000, globe_point(use), spread_deg);
            INFO(few << " and " << many << " steps, spread " << spread_deg);
            CHECK(many <= 8 * few + 100);
        }
    }
}

TEST_CASE("a built place tree is as low as eight children allow", "[place_tree]") {
    for (const std::size_t count : {1U, 26U, 27U, 208U, 209U, 250U, 1665U, 5000U}) {
        TreePool pool;
        PlaceTree tree{pool, 1};
        std::vector<TreeEntry> entries(count);
        for (std::uint32_t i = 0; i < count; ++i) {
            entries[i].slot = i;
            entries[i].at = globe_point({static_cast<double>(i % 180) - 90, 0.01 * i});
        }
        tree.build(entries, [](std::uint32_t, TreeHome, TreeHome) {});
        CHECK(tree.is_sound());
        std::size_t holds = 26;
        std::size_t height = 0;
        for (; holds < count; holds *= 8)
            ++height;
        CHECK(tree.height() == height);
    }
}

}  // namespace
}  // namespace nearfab::router
