// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/grbl_gate.hpp"

#include "geometry/number_text.hpp"
#include "node-agent/machine_code/gcode.hpp"
#include "node-agent/machine_code/gcode_dangers.hpp"
#include "node-agent/machine_code/gcode_motion.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

namespace nearfab::agent {
namespace {

using Reason = std::optional<std::string>;  // Why a line is refused.

constexpr std::size_t line_bytes = 79;
constexpr double rounding_mm = 1e-6;
// GRBL refuses arcs that miss by more; three decimals miss by less than a fifth of it.
constexpr double arc_mismatch_mm = 0.005;
constexpr const char* next_step =
    "this code was not written by nearfab, or is damaged: prepare the work again";

std::string number(double value) {
    return geometry::number_text(value);
}

// Before lines are read at all: the bytes. Gives the number of the first bad line, and why.
struct BadLine {
    std::uint32_t line = 0;
    std::string why;
    std::string_view text;
};

std::string byte_text(char c) {
    constexpr std::string_view hex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7F) return std::string{"'"} + c + "'";
    return std::string{"byte 0x"} + hex[byte >> 4U] + hex[byte & 15U];
}

std::string why_not(char c) {
    const auto byte = static_cast<unsigned char>(c);
    const bool at_once = c == '?' || c == '!' || c == '~' || byte == 0x18 || byte >= 0x80;
    return byte_text(c) + (at_once
                               ? " is a real-time command, which the machine obeys at once"
                               : " is not among the letters, digits, ' ', '.' and '-' of a job");
}

std::optional<BadLine> bad_bytes(std::string_view gcode) {
    std::uint32_t number = 0;
    while (!gcode.empty()) {
        ++number;
        const std::size_t end = gcode.find('\n');
        const std::string_view line = gcode.substr(0, end);
        const auto bad = std::find_if(line.begin(), line.end(), [](char c) {
            return !((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '.' ||
                     c == '-');
        });
        if (bad != line.end()) return BadLine{number, why_not(*bad), line};
        if (line.empty()) return BadLine{number, "the line is empty", line};
        if (line.size() > line_bytes) {
            return BadLine{number,
                           "the line has " + std::to_string(line.size()) +
                               " bytes, and GRBL holds " + std::to_string(line_bytes),
                           line};
        }
        gcode.remove_prefix(end == std::string_view::npos ? gcode.size() : end + 1);
    }
    return std::nullopt;
}

class Gate {
public:
    explicit Gate(const CutterLimits& limits)
        : limits_{limits}, laser_{limits.kind == CutterKind::laser}, motion_{{}, 1.0} {}

    [[nodiscard]] Reason check(const GcodeLine& line);
    [[nodiscard]] Reason check_end() const;
    [[nodiscard]] const CutterFacts& facts() const { return facts_; }

private:
    Reason mode(const GcodeLine& line);
    Reason move(const GcodeLine& line);
    Reason dwell(const GcodeLine& line);
    Reason on(const GcodeLine& line);
    Reason off(const GcodeLine& line);
    Reason assist(const GcodeLine& line);
    Reason end(const GcodeLine& line);

    Reason take_speed(const GcodeLine& line);
    Reason take_feed(const GcodeLine& line);
    Reason known_place(const GcodeLine& line);
    Reason arc(const GcodeLine& line, const Move& move) const;
    Reason place(const Move& move);
    Reason beam(const GcodeLine& line);
    Reason spindle(const GcodeLine& line, const Move& move);

    struct Rule {
        char letter;
        std::uint32_t code;
        std::string_view words;
        Reason (Gate::*check)(const GcodeLine& line);
    };
    static const std::array<Rule, 16> rules;

    CutterLimits limits_;
    bool laser_;
    Motion motion_;
    CutterFacts facts_;
    std::array<bool, 4> modes_{};   // G21, G90, G94, G17.
    std::array<bool, 3> placed_{};  // The axes whose place is known.
    bool moved_ = false;
    bool on_ = false;  // Beam or spindle.
    bool spun_up_ = false;
    bool ended_ = false;
    double s_ = 0;
    double feed_ = 0;
};

const std::array<Gate::Rule, 16> Gate::rules{{
    {'G', 1, "XYZFS", &Gate::move},
    {'G', 0, "XYZS", &Gate::move},
    {'G', 2, "XYZIJFS", &Gate::move},
    {'G', 3, "XYZIJFS", &Gate::move},
    {'G', 4, "P", &Gate::dwell},
    {'G', 17, "", &Gate::mode},
    {'G', 21, "", &Gate::mode},
    {'G', 54, "", &Gate::mode},
    {'G', 90, "", &Gate::mode},
    {'G', 94, "", &Gate::mode},
    {'M', 2, "", &Gate::end},
    {'M', 3, "S", &Gate::on},
    {'M', 4, "S", &Gate::on},
    {'M', 5, "", &Gate::off},
    {'M', 8, "", &Gate::assist},
    {'M', 9, "", &Gate::assist},
}};

std::optional<double> value_of(const GcodeLine& line, char letter) {
    const GcodeWord* word = line.find(letter);
    return word != nullptr ? std::optional{word->value} : std::nullopt;
}

Reason Gate::check(const GcodeLine& line) {
    if (ended_) return "code after the program's end (M2)";
    const auto rule = std::find_if(
        rules.begin(), rules.end(), [&](const Rule& r) { return line.is(r.letter, r.code); });
    if (rule == rules.end() || line.subcode != 0) return not_allowed(line);
    for (const GcodeWord& word : line.words()) {
        if (rule->words.find(word.letter) == std::string_view::npos) {
            return command_name(line) + " may not have the word " + word.letter;
        }
        if (!word.has_value) return std::string{"the word "} + word.letter + " has no number";
    }
    return (this->*rule->check)(line);
}

Reason Gate::check_end() const {
    if (!ended_) return "the program does not end with M2";
    return std::nullopt;
}

Reason Gate::mode(const GcodeLine& line) {
    constexpr std::array<std::uint32_t, 4> codes{21, 90, 94, 17};
    for (std::size_t i = 0; i < codes.size(); ++i)
        modes_[i] = modes_[i] || line.code == codes[i];
    motion_.set_mode(line);
    return std::nullopt;
}

Reason Gate::take_speed(const GcodeLine& line) {
    const auto s = value_of(line, 'S');
    if (!s) return std::nullopt;
    if (*s < 0 || *s > limits_.s_max) {
        return "S is " + number(*s) + ", and this machine allows 0 to " + number(limits_.s_max);
    }
    if (!laser_ && *s < std::max(limits_.s_min, 1.0)) {
        return "S is " + number(*s) + ", and the slowest speed of the spindle is " +
               number(limits_.s_min);
    }
    s_ = *s;
    facts_.s_max = std::max(facts_.s_max, s_);
    return std::nullopt;
}

Reason Gate::take_feed(const GcodeLine& line) {
    if (const auto f = value_of(line, 'F')) {
        if (*f <= 0 || *f > limits_.feed_mm_min) {
            return "F is " + number(*f) + " mm/min, and this machine allows more than 0 to " +
                   number(limits_.feed_mm_min);
        }
        feed_ = *f;
        facts_.feed_mm_min = std::max(facts_.feed_mm_min, feed_);
    }
    if (line.code != 0 && feed_ <= 0) return "a cut before any feed (F)";
    return std::nullopt;
}

Reason Gate::known_place(const GcodeLine& line) {
    if (!std::all_of(modes_.begin(), modes_.end(), [](bool set) { return set; })) {
        return "a move before G21, G90, G94 and G17 were all given";
    }
    const bool x = line.find('X') != nullptr;
    const bool y = line.find('Y') != nullptr;
    const bool z = line.find('Z') != nullptr;
    if (!x && !y && !z) return "the move names no axis";
    if (laser_ && z) return "a laser's job moves no Z";
    if (!laser_ && (x || y) && !placed_[2]) return "X or Y moves before Z is at its safe height";
    const bool first = !placed_[0] || !placed_[1];
    if (first && (x || y) && (line.code != 0 || !x || !y)) {
        return "the first move has to be G0 with X and Y, since the machine may stand anywhere";
    }
    if (!laser_ && !placed_[2] && line.code != 0) return "the first move of Z has to be G0";
    return std::nullopt;
}

Reason Gate::move(const GcodeLine& line) {
    if (auto why = known_place(line)) return why;
    if (auto why = take_speed(line)) return why;
    if (auto why = take_feed(line)) return why;
    const bool from_known = placed_[0] && placed_[1];
    Move move = motion_.move(line);
    if (!from_known && line.find('X') != nullptr) {
        move.from.x = move.to.x;
        move.from.y = move.to.y;
    }
    if (!laser_ && !placed_[2]) move.from.z = move.to.z;
    placed_[0] = placed_[0] || line.find('X') != nullptr;
    placed_[1] = placed_[1] || line.find('Y') != nullptr;
    placed_[2] = placed_[2] || line.find('Z') != nullptr;
    if (auto why = arc(line, move)) return why;
    if (auto why = place(move)) return why;
    return laser_ ? beam(line) : spindle(line, move);
}

Reason Gate::arc(const GcodeLine& line, const Move& move) const {
    if (line.code < 2) return std::nullopt;
    if (line.find('I') == nullptr || line.find('J') == nullptr) return "an arc needs I and J";
    if (move.from.x == move.to.x && move.from.y == move.to.y) {
        return "the arc ends where it begins, which is a full circle or nothing";
    }
    if (radius_error_mm(move) > arc_mismatch_mm) {
        return "the arc's end is " + number(radius_error_mm(move)) + " mm off its circle";
    }
    return std::nullopt;
}

Reason Gate::place(const Move& move) {
    const geometry::Bounds box = swept_box(move);
    const std::array low{0.0, 0.0, laser_ ? 0.0 : -limits_.depth_mm};
    const std::array high{limits_.area_mm.x, limits_.area_mm.y, laser_ ? 0.0 : limits_.safe_z_mm};
    const std::array from{box.min.x, box.min.y, box.min.z};
    const std::array to{box.max.x, box.max.y, box.max.z};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const bool below = from[axis] < low[axis] - rounding_mm;
        if (!below && to[axis] <= high[axis] + rounding_mm) continue;
        return std::string{"the tool would go to "} + "XYZ"[axis] + " " +
               number(below ? from[axis] : to[axis]) + " mm, outside " + number(low[axis]) +
               " to " + number(high[axis]);
    }
    auto& all = facts_.travel;
    if (!moved_) all = box;
    all.min = {std::min(all.min.x, box.min.x),
               std::min(all.min.y, box.min.y),
               std::min(all.min.z, box.min.z)};
    all.max = {std::max(all.max.x, box.max.x),
               std::max(all.max.y, box.max.y),
               std::max(all.max.z, box.max.z)};
    moved_ = true;
    return std::nullopt;
}

Reason Gate::beam(const GcodeLine& line) {
    const bool burning = on_ && s_ > 0;
    if (line.code == 0 && burning) return "a travel (G0) with the beam at S " + number(s_);
    facts_.cuts = facts_.cuts || burning;
    return std::nullopt;
}

Reason Gate::spindle(const GcodeLine& line, const Move& move) {
    const double low = std::min(move.from.z, move.to.z);
    if (low >= 0) return std::nullopt;
    const bool up = move.to.z > move.from.z && move.from.x == move.to.x && move.from.y == move.to.y;
    if (line.code == 0 && !up) {
        return "a rapid move (G0) at z " + number(low) + " mm, in the material";
    }
    if (!on_ || !spun_up_) {
        return "the tool goes into the material before the spindle runs (M3, then G4 P" +
               number(limits_.spin_up_s) + ")";
    }
    facts_.cuts = true;
    return std::nullopt;
}

Reason Gate::dwell(const GcodeLine& line) {
    const auto p = value_of(line, 'P');
    if (!p || *p < 0 || *p > limits_.dwell_s) {
        return "a wait of " + number(p.value_or(0)) + " s, and this machine allows P0 to P" +
               number(limits_.dwell_s);
    }
    if (laser_ && on_ && s_ > 0) return "a wait with the beam at S " + number(s_);
    spun_up_ = spun_up_ || (on_ && *p >= limits_.spin_up_s);
    return std::nullopt;
}

Reason Gate::on(const GcodeLine& line) {
    if (laser_ && line.code == 3) {
        return "M3 keeps the beam at full power when the machine slows down or stops; lasers use "
               "M4";
    }
    if (!laser_ && line.code == 4) return "M4 turns the spindle backwards";
    if (auto why = take_speed(line)) return why;
    if (!laser_ && s_ <= 0) return "the spindle is started before any speed (S)";
    if (laser_ && s_ > 0) return "the beam is switched on while standing; give M4 with S0";
    on_ = true;
    spun_up_ = limits_.spin_up_s <= 0;
    return std::nullopt;
}

Reason Gate::off(const GcodeLine& /*line*/) {
    if (!laser_ && moved_ && motion_.position().z < 0) {
        return "the spindle stops while the tool is in the material";
    }
    on_ = false;
    spun_up_ = false;
    return std::nullopt;
}

Reason Gate::assist(const GcodeLine& /*line*/) {
    return std::nullopt;
}

Reason Gate::end(const GcodeLine& /*line*/) {
    if (on_)
        return laser_ ? "the program ends with the beam armed; give M5 first"
                      : "the program ends with the spindle running; give M5 first";
    if (!laser_ && placed_[2] && motion_.position().z < limits_.safe_z_mm - rounding_mm) {
        return "the program ends at z " + number(motion_.position().z) +
               " mm, below the safe height of " + number(limits_.safe_z_mm);
    }
    if (!moved_) return "the program has no move";
    ended_ = true;
    return std::nullopt;
}

tl::unexpected<Error> refused(std::uint32_t line, std::string_view text, std::string_view why) {
    Error error = gcode_error(line, text, why);
    error.next = next_step;
    return fail(std::move(error));
}

}  // namespace

Result<CutterFacts> check_grbl(std::string_view gcode, const CutterLimits& limits) {
    if (gcode.size() > limits.file_bytes) {
        return fail(ErrorCode::too_large,
                    "the machine code has " + std::to_string(gcode.size()) +
                        " bytes, and the limit is " + std::to_string(limits.file_bytes),
                    "engrave less, or split the work");
    }
    if (const auto bad = bad_bytes(gcode)) return refused(bad->line, bad->text, bad->why);
    Gate gate{limits};
    GcodeReader reader{gcode, GcodeSyntax{false, line_bytes}};
    GcodeLine line;
    while (true) {
        auto more = reader.next(line);
        if (!more) {
            more.error().next = next_step;
            return fail(std::move(more.error()));
        }
        if (!*more) break;
        if (const auto why = gate.check(line)) return refused(line.number, line.text, *why);
    }
    if (const auto why = gate.check_end()) return refused(reader.line_number(), "", *why);
    CutterFacts facts = gate.facts();
    facts.lines = reader.line_number();
    return facts;
}

}  // namespace nearfab::agent
