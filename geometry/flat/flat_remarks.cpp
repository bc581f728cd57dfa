// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/flat_facts.hpp"
#include "geometry/number_text.hpp"

#include <optional>
#include <utility>

namespace nearfab::geometry {
namespace {

std::string at_text(const Vec2& at) {
    return "(" + number_text(at.x) + ", " + number_text(at.y) + ")";
}

std::string count(std::uint64_t n, const std::string& noun) {
    return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

class Writer {
public:
    Writer(const FlatFacts& facts, double kerf_mm) : facts_(facts), kerf_mm_(kerf_mm) {}

    std::vector<Remark> write() {
        outlines();
        meetings();
        narrow();
        return std::move(remarks_);
    }

private:
    void outlines() {
        if (facts_.outer_loops == 0) {
            say(RemarkLevel::error,
                "nothing_closed",
                "no outline is closed, so nothing would come off the sheet" +
                    (facts_.open_at.empty()
                         ? std::string{}
                         : "; the first open end is at " + at_text(facts_.open_at.front().at)),
                "Join the ends of the outline in your drawing program",
                facts_.open_at.empty() ? std::optional<Vec2>{} : facts_.open_at.front().at);
        } else if (facts_.open_ends > 0) {
            const FlatPlace& first = facts_.open_at.front();
            say(RemarkLevel::warning,
                "open_outline",
                count(facts_.open_ends / 2, "outline") + " with open ends, the first at " +
                    at_text(first.at) +
                    (first.mm > 0 ? ", " + number_text(first.mm) + " mm from the next open end"
                                  : ""),
                "Join the ends, or draw what is not to be cut through on a layer named score or "
                "engrave",
                first.at);
        }
        if (facts_.slits > 0) {
            say(RemarkLevel::note,
                "slits",
                count(facts_.slits, "cut") + (facts_.slits == 1 ? " does" : " do") +
                    " not close and " + (facts_.slits == 1 ? "has" : "have") +
                    " material all round: " + (facts_.slits == 1 ? "a slit" : "slits") +
                    ", the first at " + at_text(facts_.slit->at),
                "Join the ends if an outline is meant",
                facts_.slit->at);
        }
    }

    void meetings() {
        if (facts_.doubled_places > 0) {
            say(RemarkLevel::warning,
                "double_cut",
                number_text(facts_.doubled_length_mm) + " mm are drawn twice in " +
                    count(facts_.doubled_places, "place") + ", the first at " +
                    at_text(facts_.doubled.front().at) + "; cut twice, material chars and may burn",
                "Delete the copies",
                facts_.doubled.front().at);
        }
        const std::uint32_t crossings = facts_.self_crossings + facts_.crossings;
        if (crossings > 0) {
            say(RemarkLevel::warning,
                "crossing",
                "cuts cross or touch in " + count(crossings, "place") + ", the first at " +
                    at_text(facts_.crossing_at.front().at),
                "Unite or trim the outlines, unless they are meant to cross",
                facts_.crossing_at.front().at);
        }
        if (facts_.branches > 0) {
            say(RemarkLevel::note,
                "branch",
                "more than two lines meet in " + count(facts_.branches, "point") +
                    ", the first at " + at_text(facts_.branch_at.front().at) +
                    ", so what is an outline there is not certain",
                "Check the outlines there",
                facts_.branch_at.front().at);
        }
    }

    void narrow() {
        // What is left of a wall is its width less half a kerf on either side.
        if (facts_.narrowest_wall && facts_.narrowest_wall->mm < 2 * kerf_mm_) {
            const Neck& wall = *facts_.narrowest_wall;
            say(wall.mm <= kerf_mm_ ? RemarkLevel::error : RemarkLevel::warning,
                "thin_wall",
                "the narrowest wall is " + number_text(wall.mm) + " mm at " + at_text(wall.a) +
                    (wall.mm <= kerf_mm_ ? ", not wider than the cut of "
                                         : ", little wider than the cut of ") +
                    number_text(kerf_mm_) + " mm",
                "Make it wider",
                wall.a);
        }
        if (facts_.narrowest_gap && facts_.narrowest_gap->mm <= kerf_mm_) {
            const Neck& gap = *facts_.narrowest_gap;
            say(RemarkLevel::warning,
                "narrow_gap",
                "the narrowest gap is " + number_text(gap.mm) + " mm at " + at_text(gap.a) +
                    ", not wider than the cut of " + number_text(kerf_mm_) +
                    " mm, so it is cut wider and twice",
                "Draw a single line where a slit is meant",
                gap.a);
        }
        if (facts_.smallest_hole && facts_.smallest_hole->mm < 2 * kerf_mm_) {
            const FlatPlace& hole = *facts_.smallest_hole;
            say(RemarkLevel::warning,
                "small_hole",
                "the smallest hole is " + number_text(hole.mm) + " mm wide at " + at_text(hole.at) +
                    ", for a cut of " + number_text(kerf_mm_) + " mm",
                "Make it larger",
                hole.at);
        }
    }

    void say(RemarkLevel level,
             const char* rule,
             std::string message,
             const char* next,
             const std::optional<Vec2>& at) {
        remarks_.push_back({level, rule, std::move(message), next, at});
    }

    const FlatFacts& facts_;
    double kerf_mm_;
    std::vector<Remark> remarks_;
};

}  // namespace

std::vector<Remark> remarks_of(const FlatFacts& facts, double kerf_mm) {
    return Writer{facts, kerf_mm}.write();
}

}  // namespace nearfab::geometry
