// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/joined_cuts.hpp"

#include "geometry/flat/box_tree.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

namespace nearfab::geometry::flat {
namespace {

class Joiner {
public:
    Joiner(const Drawing& drawing, const FlatOptions& options, Work& work)
        : drawing_{drawing}, options_{options}, work_{work} {}

    Result<JoinedCuts> run() {
        if (Status status = collect(); !status) return fail(status.error());
        set_doubles_aside();
        out_.chains = chains_of(strands(), options_.joint_mm, work_);
        return std::move(out_);
    }

private:
    std::vector<std::uint32_t> by_rank() const {
        std::vector<double> lengths;
        for (const Path& path : drawing_.paths)
            lengths.push_back(length_of(path));
        std::vector<std::uint32_t> order(lengths.size());
        std::iota(order.begin(), order.end(), 0U);
        std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            const bool closed_a = drawing_.paths[a].closed;
            const bool closed_b = drawing_.paths[b].closed;
            return closed_a != closed_b ? closed_a : lengths[a] > lengths[b];
        });
        return order;
    }

    Status collect() {
        used_.assign(drawing_.paths.size(), false);
        for (const std::uint32_t i : by_rank()) {
            const Path& path = drawing_.paths[i];
            if (path.operation == Operation::ignore) continue;
            const bool cut = path.operation == Operation::cut;
            std::vector<Piece>& all = cut ? out_.pieces : out_.others;
            const std::vector<Piece> own = pieces_of(path, i);
            all.insert(all.end(), own.begin(), own.end());
            used_[i] = cut && !own.empty();
            if (out_.pieces.size() + out_.others.size() > options_.pieces) {
                return fail(ErrorCode::too_large,
                            "the drawing has more lines and quarter arcs than the limit of " +
                                std::to_string(options_.pieces),
                            "Simplify its curves, or send its parts one by one");
            }
        }
        return {};
    }

    // Paths that lie on others from end to end take no part in what follows.
    void set_doubles_aside() {
        const BoxTree tree{boxes_of(out_.pieces)};
        out_.doubled = doubled_parts(out_.pieces, tree, options_.same_line_mm, work_);
        repeated_.assign(out_.pieces.size(), false);
        out_.lost.assign(drawing_.paths.size(), false);
        std::vector<double> covered(drawing_.paths.size(), 0);
        for (const DoubledPart& part : out_.doubled) {
            const Piece& piece = out_.pieces[part.piece];
            covered[piece.path] += (part.to - part.from) * piece.length();
            repeated_[part.piece] = part.own;
        }
        for (std::uint32_t i = 0; i < drawing_.paths.size(); ++i) {
            if (used_[i] && covered[i] > 0 && covered[i] >= 0.99 * length_of(drawing_.paths[i])) {
                used_[i] = false;
                out_.lost[i] = true;
            }
        }
    }

    // The pieces path by path.
    std::vector<Strand> strands() const {
        std::vector<Strand> all;
        bool goes_on = false;
        for (std::uint32_t i = 0; i < out_.pieces.size(); ++i) {
            const std::uint32_t path = out_.pieces[i].path;
            const bool closed = drawing_.paths[path].closed;
            if (i > 0 && path != out_.pieces[i - 1].path) goes_on = false;
            if (!used_[path]) continue;
            if (!closed && repeated_[i]) {
                goes_on = false;
                continue;
            }
            if (!goes_on) all.push_back({{}, closed});
            all.back().pieces.push_back(out_.pieces[i]);
            goes_on = true;
        }
        return all;
    }

    const Drawing& drawing_;
    const FlatOptions& options_;
    Work& work_;
    std::vector<bool> used_;      // Per path: takes part in chains.
    std::vector<bool> repeated_;  // Per piece: lies on another one of its path.
    JoinedCuts out_;
};

}  // namespace

Result<JoinedCuts> joined_cuts(const Drawing& drawing, const FlatOptions& options, Work& work) {
    return Joiner{drawing, options, work}.run();
}

Error too_tangled(const FlatOptions& options) {
    return {ErrorCode::too_large,
            "too many lines lie on or across each other: telling how they meet takes more than the "
            "limit of " +
                std::to_string(options.tests) + " comparisons",
            "Remove copies of lines, and send the parts one by one"};
}

Error too_many_crossings(const FlatOptions& options) {
    return {ErrorCode::too_large,
            "cuts cross or touch each other in more places than the limit of " +
                std::to_string(options.crossings),
            "Unite the outlines in the drawing, or engrave what is a pattern"};
}

}  // namespace nearfab::geometry::flat
