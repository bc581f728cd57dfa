// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/operation_rules.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace nearfab::geometry::flat {
namespace {

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

Operation decide(const Drawing& drawing,
                 const Path& path,
                 bool filled_only,
                 bool many_colours,
                 const OperationRules& rules) {
    const std::string& layer = drawing.layers[path.layer];
    for (const OperationRule& rule : rules.given) {
        if (!rule.layer.empty() && !same_name(rule.layer, layer)) continue;
        if (rule.colour && rule.colour != path.colour) continue;
        return rule.operation;
    }
    if (!rules.conventions) return Operation::cut;
    if (const auto operation = by_layer_word(layer)) return *operation;
    if (filled_only) return Operation::engrave;
    static constexpr Colour green{0, 255, 0};
    static constexpr Colour cyan{0, 255, 255};
    if (many_colours && (path.colour == green || path.colour == cyan)) return Operation::engrave;
    return Operation::cut;
}

// "layer "Engraving" #00ff00: engrave (12)", at most eight of them.
void say_decisions(Drawing& drawing) {
    static constexpr std::size_t most = 8;
    std::map<std::string, std::uint64_t> groups;
    for (const Path& path : drawing.paths) {
        groups[(drawing.layers[path.layer].empty() ? "no layer"
                                                   : "layer " + drawing.layers[path.layer]) +
               (path.colour ? " " + to_string(*path.colour) : "") + ": " +
               std::string(to_string(path.operation))]++;
    }
    std::string text;
    std::size_t said = 0;
    for (const auto& [group, count] : groups) {
        if (said++ == most) break;
        text += (text.empty() ? "" : "; ") + group + " (" + std::to_string(count) + ")";
    }
    if (groups.size() > most) text += "; and " + std::to_string(groups.size() - most) + " more";
    drawing.remarks.push_back({RemarkLevel::note,
                               "operations",
                               "what is done along which lines was decided by convention: " + text,
                               "Give a map of layers or colours to operations if that is not what "
                               "you mean"});
}

}  // namespace

void decide_operations(Drawing& drawing,
                       const std::vector<bool>& filled_only,
                       const OperationRules& rules) {
    NEARFAB_CHECK(filled_only.size() == drawing.paths.size(), "one entry for each path");
    std::set<std::optional<Colour>> colours;
    for (std::size_t i = 0; i < drawing.paths.size() && colours.size() < 2; ++i) {
        if (!filled_only[i]) colours.insert(drawing.paths[i].colour);
    }
    bool cut = false;
    bool other = false;
    for (std::size_t i = 0; i < drawing.paths.size(); ++i) {
        Path& path = drawing.paths[i];
        path.operation = decide(drawing, path, filled_only[i], colours.size() > 1, rules);
        path.filled = filled_only[i];
        cut = cut || path.operation == Operation::cut;
        other = other || path.operation != Operation::cut;
    }
    if (other && rules.conventions) say_decisions(drawing);
    if (!cut && !drawing.paths.empty()) {
        drawing.remarks.push_back(
            {RemarkLevel::warning,
             "nothing_to_cut",
             "the drawing has " + std::to_string(drawing.paths.size()) +
                 " lines and outlines, but none of them is to be cut",
             "Draw what is to be cut as strokes without fill, or give a map of layers or colours "
             "to operations"});
    }
}

}  // namespace nearfab::geometry::flat
