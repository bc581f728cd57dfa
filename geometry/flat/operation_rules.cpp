// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/operation_rules.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace nearfab::geometry {

OperationRules operation_rules_of(const LineRules& said) {
    OperationRules rules;
    for (const LineRule& rule : said) {
        OperationRule one;
        one.layer = rule.layer;
        one.operation = static_cast<Operation>(rule.operation);
        if (rule.colour) {
            const auto channel = [&](unsigned shift) {
                return static_cast<std::uint8_t>(*rule.colour >> shift & 0xFFU);
            };
            one.colour = Colour{channel(16), channel(8), channel(0)};
        }
        rules.given.push_back(std::move(one));
    }
    return rules;
}

namespace flat {
namespace {

static_assert(static_cast<int>(LineOperation::cut) == static_cast<int>(Operation::cut) &&
              static_cast<int>(LineOperation::score) == static_cast<int>(Operation::score) &&
              static_cast<int>(LineOperation::engrave) == static_cast<int>(Operation::engrave) &&
              static_cast<int>(LineOperation::ignore) == static_cast<int>(Operation::ignore));

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return lower(x) == lower(y);
    });
}

constexpr std::array<std::pair<std::string_view, Operation>, 31> layer_words{{
    {"cut", Operation::cut},
    {"cuts", Operation::cut},
    {"cutting", Operation::cut},
    {"outline", Operation::cut},
    {"through", Operation::cut},
    {"schnitt", Operation::cut},
    {"schneiden", Operation::cut},
    {"score", Operation::score},
    {"scoring", Operation::score},
    {"fold", Operation::score},
    {"crease", Operation::score},
    {"ritzen", Operation::score},
    {"engrave", Operation::engrave},
    {"engraving", Operation::engrave},
    {"etch", Operation::engrave},
    {"etching", Operation::engrave},
    {"raster", Operation::engrave},
    {"gravur", Operation::engrave},
    {"gravieren", Operation::engrave},
    {"ignore", Operation::ignore},
    {"construction", Operation::ignore},
    {"guide", Operation::ignore},
    {"guides", Operation::ignore},
    {"defpoints", Operation::ignore},
    {"annotation", Operation::ignore},
    {"annotations", Operation::ignore},
    {"dimension", Operation::ignore},
    {"dimensions", Operation::ignore},
    {"notes", Operation::ignore},
    {"hilfslinien", Operation::ignore},
    {"hilfslinie", Operation::ignore},
}};

std::optional<Operation> by_layer_word(std::string_view name) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= name.size(); ++i) {
        const char c = i < name.size() ? lower(name[i]) : ' ';
        if (c >= 'a' && c <= 'z') continue;
        const std::string_view word = name.substr(begin, i - begin);
        for (const auto& [known, operation] : layer_words) {
            if (same_name(word, known)) return operation;
        }
        begin = i + 1;
    }
    return std::nullopt;
}

bool matches(const OperationRule& rule, const Drawing& drawing, const Path& path) {
    return (rule.layer.empty() || same_name(rule.layer, drawing.layers[path.layer])) &&
           (!rule.colour || rule.colour == path.colour);
}

Operation decide(const Drawing& drawing,
                 const Path& path,
                 bool filled_only,
                 bool many_colours,
                 const OperationRules& rules) {
    const std::string& layer = drawing.layers[path.layer];
    for (const OperationRule& rule : rules.given) {
        if (matches(rule, drawing, path)) return rule.operation;
    }
    if (!rules.conventions) return Operation::cut;
    if (const auto operation = by_layer_word(layer)) return *operation;
    if (filled_only) return Operation::engrave;
    static constexpr Colour green{0, 255, 0};
    static constexpr Colour cyan{0, 255, 255};
    if (many_colours && (path.colour == green || path.colour == cyan)) return Operation::engrave;
    return Operation::cut;
}

struct PathCount {
    std::uint64_t outlines = 0;
    std::uint64_t lines = 0;

    void add(const Path& path) { ++(path.closed ? outlines : lines); }
    [[nodiscard]] std::uint64_t total() const { return outlines + lines; }
    // "1 outline", "2 outlines and 12 lines"
    [[nodiscard]] std::string text() const {
        const auto counted = [](std::uint64_t n, const char* noun) {
            return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
        };
        if (lines == 0) return counted(outlines, "outline");
        if (outlines == 0) return counted(lines, "line");
        return counted(outlines, "outline") + " and " + counted(lines, "line");
    }
};

std::string_view done_to(Operation operation) {
    switch (operation) {
        case Operation::cut:
            return "cut";
        case Operation::score:
            return "scored";
        case Operation::engrave:
            return "engraved";
        case Operation::ignore:
            return "ignored";
    }
    return "ignored";
}

// "12 lines in #00ff00 on layer Engraving are engraved; 1 outline in #000000 is cut", at most
// eight of them.
void say_decisions(Drawing& drawing, bool asked) {
    static constexpr std::size_t most = 8;
    std::map<std::string, std::map<Operation, PathCount>> groups;
    for (const Path& path : drawing.paths) {
        const std::string& layer = drawing.layers[path.layer];
        groups[(path.colour ? " in " + to_string(*path.colour) : "") +
               (layer.empty() ? "" : " on layer " + layer)][path.operation]
            .add(path);
    }
    std::string text;
    std::size_t said = 0;
    std::size_t left = 0;
    for (const auto& [group, operations] : groups) {
        for (const auto& [operation, count] : operations) {
            if (said == most) {
                ++left;
                continue;
            }
            ++said;
            text += (text.empty() ? "" : "; ") + count.text() + group +
                    (count.total() == 1 ? " is " : " are ") + std::string(done_to(operation));
        }
    }
    if (left > 0) text += "; and " + std::to_string(left) + " more";
    drawing.remarks.push_back(
        {RemarkLevel::note,
         "operations",
         std::string{"what is done along which lines was decided "} +
             (asked ? "as asked, and else by convention: " : "by convention: ") + text,
         "If something else is meant, say it with --operation, for example "
         "--operation red=engrave, or put it on a layer whose name says cut, "
         "score, engrave or ignore"});
}

void say_what_is_cut(Drawing& drawing, const PathCount& all, bool fills_taken) {
    if (fills_taken) {
        const bool one = all.total() == 1;
        drawing.remarks.push_back(
            {RemarkLevel::warning,
             "fills_cut",
             "nothing is drawn as a stroke, so what is filled is taken for what is to be cut: " +
                 all.text(),
             one ? "Draw it as a stroke without fill to be sure, or put it on a layer named "
                   "\"engrave\" if it is to be engraved"
                 : "Draw cuts as strokes without fill; what is filled beside strokes is engraved"});
        return;
    }
    drawing.remarks.push_back(
        {RemarkLevel::error,
         "nothing_to_cut",
         "the drawing has " + all.text() + ", but " +
             (all.total() == 1 ? "it is not" : "none of them is") +
             " to be cut, so nothing would come off the sheet",
         "Draw what is to be cut as strokes without fill, or put it on a layer named \"cut\""});
}

// "#ff0000 (1 outline), no colour (3 lines)", at most eight of them.
std::string listed(const std::map<std::string, PathCount>& groups) {
    static constexpr std::size_t most = 8;
    std::string text;
    std::size_t said = 0;
    for (const auto& [name, count] : groups) {
        if (said++ == most) break;
        text += (text.empty() ? "" : ", ") + name + " (" + count.text() + ")";
    }
    if (groups.size() > most) text += ", and " + std::to_string(groups.size() - most) + " more";
    return text;
}

// A rule that nothing matches is a slip, and what was meant would be cut instead.
void say_unmatched(Drawing& drawing, const OperationRules& rules) {
    std::map<std::string, PathCount> by_colour;
    std::map<std::string, PathCount> layers;
    for (const Path& path : drawing.paths) {
        const std::string& layer = drawing.layers[path.layer];
        by_colour[path.colour ? to_string(*path.colour) : "no colour"].add(path);
        if (!layer.empty()) layers["\"" + layer + "\""].add(path);
    }
    for (const OperationRule& rule : rules.given) {
        const bool used =
            std::any_of(drawing.paths.begin(), drawing.paths.end(), [&](const Path& path) {
                return matches(rule, drawing, path);
            });
        if (used) continue;
        const std::string what = rule.colour ? "in " + to_string(*rule.colour)
                                             : "on a layer named \"" + rule.layer + "\"";
        drawing.remarks.push_back(
            {RemarkLevel::error,
             "operation_unmatched",
             "nothing is drawn " + what + ", of which --operation says that it is " +
                 std::string(done_to(rule.operation)) + "; the drawing has the colours " +
                 listed(by_colour) + " and " +
                 (layers.empty() ? "no layer with a name" : "the layers " + listed(layers)),
             "Name one of these, or leave it out"});
    }
}

// Whether any is cut. Fills are engraved unless `fills_cut`.
bool decide_all(Drawing& drawing,
                const std::vector<bool>& filled_only,
                bool fills_cut,
                bool many_colours,
                const OperationRules& rules) {
    bool cut = false;
    for (std::size_t i = 0; i < drawing.paths.size(); ++i) {
        Path& path = drawing.paths[i];
        path.operation = decide(drawing, path, filled_only[i] && !fills_cut, many_colours, rules);
        path.filled = filled_only[i];
        cut = cut || path.operation == Operation::cut;
    }
    return cut;
}

}  // namespace

void decide_operations(Drawing& drawing,
                       const std::vector<bool>& filled_only,
                       const OperationRules& rules) {
    NEARFAB_CHECK(filled_only.size() == drawing.paths.size(), "one entry for each path");
    if (drawing.paths.empty()) return;
    std::set<std::optional<Colour>> colours;
    bool stroked = false;
    for (std::size_t i = 0; i < drawing.paths.size() && colours.size() < 2; ++i) {
        if (filled_only[i]) continue;
        stroked = true;
        colours.insert(drawing.paths[i].colour);
    }
    const bool many = colours.size() > 1;
    bool cut = decide_all(drawing, filled_only, false, many, rules);
    // A silhouette: whoever draws nothing but fills means their outlines.
    const bool silhouette = !cut && !stroked && rules.conventions;
    if (silhouette) cut = decide_all(drawing, filled_only, true, many, rules);
    say_unmatched(drawing, rules);
    PathCount all;
    PathCount taken;
    for (const Path& path : drawing.paths) {
        all.add(path);
        if (path.operation == Operation::cut) taken.add(path);
    }
    const bool asked = !rules.given.empty();
    if ((taken.total() < all.total() && rules.conventions) || asked) say_decisions(drawing, asked);
    if (!cut || silhouette) say_what_is_cut(drawing, cut ? taken : all, cut);
}

}  // namespace flat
}  // namespace nearfab::geometry
