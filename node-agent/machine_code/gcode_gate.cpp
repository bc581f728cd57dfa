// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/gcode_gate.hpp"

#include "base/check.hpp"
#include "node-agent/machine_code/gcode.hpp"
#include "node-agent/machine_code/gcode_dangers.hpp"
#include "node-agent/machine_code/gcode_motion.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

namespace nearfab::agent {
namespace {

using Reason = std::optional<std::string>;  // Why a line is refused.

constexpr std::uint32_t most_tools = 16;
// Sums of relative moves in binary arithmetic are off by less than this after a million lines.
constexpr double rounding_mm = 1e-6;
constexpr double arc_mismatch_mm = 0.05;  // Slicers write arcs with three decimals.

std::string number(double value) {
    std::array<char, 400> digits{};
    const auto [end, error] = std::to_chars(
        digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, 3);
    NEARFAB_CHECK(error == std::errc{}, "every double fits into 400 characters");
    std::string text{digits.data(), end};
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
        text.pop_back();
    }
    return text;
}

// Checks the commands of one file, in order.
class Gate {
public:
    explicit Gate(const MachineCodeLimits& limits)
        : limits_{limits}, motion_{limits.home_mm, 1.0} {}

    [[nodiscard]] Reason check(const GcodeLine& line);
    [[nodiscard]] Reason check_end() const;
    [[nodiscard]] const GcodeFacts& facts() const { return facts_; }

private:
    Reason move(const GcodeLine& line);
    Reason feed(const GcodeLine& line) const;
    Reason dwell(const GcodeLine& line);
    Reason home(const GcodeLine& line);
    Reason level(const GcodeLine& line);
    Reason mode(const GcodeLine& line);
    Reason extruder_zero(const GcodeLine& line);
    Reason heat_nozzle(const GcodeLine& line);
    Reason heat_bed(const GcodeLine& line);
    Reason fan(const GcodeLine& line);
    Reason progress(const GcodeLine& line);
    Reason motors_off(const GcodeLine& line);
    Reason tool(const GcodeLine& line);
    Reason acceleration(const GcodeLine& line);
    Reason top_speed(const GcodeLine& line);
    Reason jerk(const GcodeLine& line);
    Reason speed_factor(const GcodeLine& line);
    Reason flow_factor(const GcodeLine& line);
    Reason pressure_advance(const GcodeLine& line);
    Reason change_filament(const GcodeLine& line);
    Reason text(const GcodeLine& line);
    Reason nothing_to_check(const GcodeLine& line);

    Reason extrusion(const Move& move);
    Reason place(const Move& move);
    Reason tool_of(const GcodeLine& line, std::uint32_t& which) const;

    struct Rule {
        char letter;
        std::uint32_t code;
        std::string_view words;  // The letters it may have.
        Reason (Gate::*check)(const GcodeLine& line);
    };
    static const std::array<Rule, 37> rules;

    MachineCodeLimits limits_;
    GcodeFacts facts_;
    Motion motion_;
    bool moved_ = false;
    bool motors_off_ = false;
    std::array<bool, 3> homed_{};
    std::uint32_t tool_ = 0;
    std::array<double, most_tools> nozzle_c_{};
    std::array<bool, most_tools> was_hot_{};
    double bed_c_ = 0;
};

// The most frequent first.
const std::array<Gate::Rule, 37> Gate::rules{{
    {'G', 1, "XYZEF", &Gate::move},
    {'G', 0, "XYZEF", &Gate::move},
    {'G', 92, "E", &Gate::extruder_zero},
    {'M', 73, "PRQS", &Gate::progress},
    {'G', 2, "XYZEFIJ", &Gate::move},
    {'G', 3, "XYZEFIJ", &Gate::move},
    {'M', 204, "SPRT", &Gate::acceleration},
    {'M', 106, "SP", &Gate::fan},
    {'M', 107, "P", &Gate::fan},
    {'G', 4, "SP", &Gate::dwell},
    {'G', 21, "", &Gate::nothing_to_check},
    {'G', 28, "XYZOW", &Gate::home},
    {'G', 29, "", &Gate::level},
    {'G', 90, "", &Gate::mode},
    {'G', 91, "", &Gate::mode},
    {'M', 18, "XYZE", &Gate::motors_off},
    {'M', 82, "", &Gate::mode},
    {'M', 83, "", &Gate::mode},
    {'M', 84, "XYZE", &Gate::motors_off},
    {'M', 104, "ST", &Gate::heat_nozzle},
    {'M', 105, "", &Gate::nothing_to_check},
    {'M', 109, "SRT", &Gate::heat_nozzle},
    {'M', 115, "", &Gate::text},
    {'M', 117, "", &Gate::text},
    {'M', 140, "S", &Gate::heat_bed},
    {'M', 190, "SR", &Gate::heat_bed},
    {'M', 201, "XYZE", &Gate::acceleration},
    {'M', 203, "XYZE", &Gate::top_speed},
    {'M', 205, "XYZESTJB", &Gate::jerk},
    {'M', 220, "S", &Gate::speed_factor},
    {'M', 221, "ST", &Gate::flow_factor},
    {'M', 400, "", &Gate::nothing_to_check},
    {'M', 572, "DS", &Gate::pressure_advance},
    {'M', 600, "", &Gate::change_filament},
    {'M', 862, "", &Gate::text},
    {'M', 900, "KT", &Gate::pressure_advance},
    // Tools are numbered from 0; check() sends every T here, whatever its number.
    {'T', 0, "", &Gate::tool},
}};

// The value of a word, or nothing when the word is missing or bare.
std::optional<double> value_of(const GcodeLine& line, char letter) {
    const GcodeWord* word = line.find(letter);
    return word != nullptr && word->has_value ? std::optional{word->value} : std::nullopt;
}

Reason outside(char letter, double value, double low, double high, std::string_view unit) {
    if (value >= low && value <= high) {
        return std::nullopt;
    }
    return std::string{letter} + " is " + number(value) + std::string{unit} +
           ", and this machine allows " + number(low) + " to " + number(high);
}

// Every word of the line within one range.
Reason all_within(const GcodeLine& line, double low, double high, std::string_view unit) {
    for (const GcodeWord& word : line.words()) {
        if (auto why = outside(word.letter, word.value, low, high, unit)) {
            return why;
        }
    }
    return std::nullopt;
}

bool may_be_bare(const GcodeLine& line) {
    return line.is('G', 28) || line.is('M', 84) || line.is('M', 18);
}

Reason Gate::check(const GcodeLine& line) {
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const Rule& r) {
        return r.letter == line.letter && (r.code == line.code || r.letter == 'T');
    });
    if (rule == rules.end() || (line.subcode != 0 && line.code != 862)) {
        return not_allowed(line);
    }
    for (const GcodeWord& word : line.words()) {
        if (rule->words.find(word.letter) == std::string_view::npos) {
            return line.is('G', 92) ? not_allowed(line)
                                    : command_name(line) + " may not have the word " + word.letter;
        }
        if (!word.has_value && !may_be_bare(line)) {
            return std::string{"the word "} + word.letter + " has no number";
        }
    }
    ++facts_.commands;
    return (this->*rule->check)(line);
}

Reason Gate::check_end() const {
    if (facts_.commands == 0) {
        return "the file has no command";
    }
    for (std::uint32_t i = 0; i < limits_.tools; ++i) {
        if (nozzle_c_[i] > 0) {
            return "the file ends with nozzle " + std::to_string(i) + " heated to " +
                   number(nozzle_c_[i]) + " C; end it with M104 S0";
        }
    }
    if (bed_c_ > 0) {
        return "the file ends with the bed heated to " + number(bed_c_) + " C; end it with M140 S0";
    }
    return std::nullopt;
}

Reason Gate::move(const GcodeLine& line) {
    if (auto why = feed(line)) {
        return why;
    }
    if (motors_off_) {
        return "a move after the motors were switched off, when the position is lost";
    }
    const Move move = motion_.move(line);
    if (auto why = extrusion(move)) {
        return why;
    }
    const bool arc = move.shape != MoveShape::straight;
    if (arc && (radius_error_mm(move) > arc_mismatch_mm || length_mm(move) == 0)) {
        return "the arc's end is " + number(radius_error_mm(move)) + " mm off its circle";
    }
    return place(move);
}

Reason Gate::feed(const GcodeLine& line) const {
    const auto f = value_of(line, 'F');
    if (f && (*f <= 0 || *f > limits_.feed_mm_s * 60)) {
        return "F is " + number(*f) + " mm/min, and this machine allows more than 0 to " +
               number(limits_.feed_mm_s * 60);
    }
    return std::nullopt;
}

Reason Gate::extrusion(const Move& move) {
    if (std::abs(move.extruded_mm) > limits_.filament_per_move_mm) {
        return "the line moves " + number(move.extruded_mm) +
               " mm of filament, and this machine allows " + number(limits_.filament_per_move_mm) +
               " in one line";
    }
    if (move.extruded_mm > 0 && nozzle_c_[tool_] < limits_.extrusion_c) {
        return "filament is pushed with the nozzle at " + number(nozzle_c_[tool_]) +
               " C, below the " + number(limits_.extrusion_c) + " C it needs";
    }
    if (move.extruded_mm < 0 && !was_hot_[tool_]) {
        return "filament is drawn back through a cold nozzle";
    }
    facts_.filament_mm += move.extruded_mm;
    facts_.spool_mm = std::max(facts_.spool_mm, facts_.filament_mm);
    if (facts_.filament_mm > limits_.filament_mm) {
        return "the file needs more than " + number(limits_.filament_mm) + " mm of filament";
    }
    return std::nullopt;
}

Reason Gate::place(const Move& move) {
    if (move.is_still()) {
        return std::nullopt;
    }
    const geometry::Bounds box = swept_box(move);
    const std::array start{move.from.x, move.from.y, move.from.z};
    const std::array from{box.min.x, box.min.y, box.min.z};
    const std::array to{box.max.x, box.max.y, box.max.z};
    const std::array low{limits_.origin_mm.x, limits_.origin_mm.y, limits_.origin_mm.z};
    const std::array size{limits_.envelope.x_mm, limits_.envelope.y_mm, limits_.envelope.z_mm};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const char name = "XYZ"[axis];
        if (from[axis] == to[axis]) {
            continue;
        }
        if (!homed_[axis]) {
            return std::string{name} + " moves before it was homed (G28)";
        }
        // Some machines home outside their envelope; coming in from there is fine.
        const double high = low[axis] + size[axis];
        const bool below = from[axis] < low[axis] - rounding_mm && from[axis] != start[axis];
        const bool above = to[axis] > high + rounding_mm && to[axis] != start[axis];
        if (below || above) {
            const double far = below ? from[axis] : to[axis];
            return std::string{"the tool would go to "} + name + " " + number(far) +
                   " mm, outside the envelope " + number(low[axis]) + " to " + number(high);
        }
    }
    auto& all = facts_.travel;
    all.min = moved_ ? geometry::Vec3{std::min(all.min.x, box.min.x),
                                      std::min(all.min.y, box.min.y),
                                      std::min(all.min.z, box.min.z)}
                     : box.min;
    all.max = moved_ ? geometry::Vec3{std::max(all.max.x, box.max.x),
                                      std::max(all.max.y, box.max.y),
                                      std::max(all.max.z, box.max.z)}
                     : box.max;
    moved_ = true;
    return std::nullopt;
}

Reason Gate::dwell(const GcodeLine& line) {
    const double seconds = value_of(line, 'S').value_or(0) + value_of(line, 'P').value_or(0) / 1000;
    if (seconds < 0 || seconds > limits_.dwell_s) {
        return "a wait of " + number(seconds) + " s, and this machine allows 0 to " +
               number(limits_.dwell_s);
    }
    return std::nullopt;
}

Reason Gate::home(const GcodeLine& line) {
    if (motors_off_) {
        return "homing after the motors were switched off; the file should end there";
    }
    const bool all = !line.find('X') && !line.find('Y') && !line.find('Z');
    for (std::size_t axis = 0; axis < 3; ++axis) {
        homed_[axis] = homed_[axis] || all || line.find("XYZ"[axis]) != nullptr;
    }
    motion_.home(line);
    return std::nullopt;
}

Reason Gate::level(const GcodeLine& /*line*/) {
    const bool homed = std::all_of(homed_.begin(), homed_.end(), [](bool h) { return h; });
    return homed && !motors_off_ ? Reason{} : Reason{"the bed is probed before homing (G28)"};
}

Reason Gate::mode(const GcodeLine& line) {
    motion_.set_mode(line);
    return std::nullopt;
}

Reason Gate::extruder_zero(const GcodeLine& line) {
    if (line.word_count == 0) {
        return not_allowed(line);  // A bare G92 sets every axis to zero.
    }
    motion_.set_mode(line);
    return std::nullopt;
}

Reason Gate::tool_of(const GcodeLine& line, std::uint32_t& which) const {
    which = tool_;
    const auto t = value_of(line, 'T');
    if (!t) {
        return std::nullopt;
    }
    if (*t < 0 || *t >= limits_.tools || *t != std::floor(*t)) {
        return "tool " + number(*t) + ", and this machine has " + std::to_string(limits_.tools);
    }
    which = static_cast<std::uint32_t>(*t);
    return std::nullopt;
}

Reason Gate::heat_nozzle(const GcodeLine& line) {
    std::uint32_t which = 0;
    if (auto why = tool_of(line, which)) {
        return why;
    }
    const auto s = value_of(line, 'S');
    const auto r = value_of(line, 'R');
    if (s.has_value() == r.has_value()) {
        return "one temperature is needed, as S or R";
    }
    const double celsius = s ? *s : *r;
    if (auto why = outside(s ? 'S' : 'R', celsius, 0, limits_.nozzle_c, " C for the nozzle")) {
        return why;
    }
    nozzle_c_[which] = celsius;
    was_hot_[which] = was_hot_[which] || celsius >= limits_.extrusion_c;
    facts_.nozzle_c_max = std::max(facts_.nozzle_c_max, celsius);
    return std::nullopt;
}

Reason Gate::heat_bed(const GcodeLine& line) {
    const auto s = value_of(line, 'S');
    const auto r = value_of(line, 'R');
    if (s.has_value() == r.has_value()) {
        return "one temperature is needed, as S or R";
    }
    const double celsius = s ? *s : *r;
    if (auto why = outside(s ? 'S' : 'R', celsius, 0, limits_.bed_c, " C for the bed")) {
        return why;
    }
    bed_c_ = celsius;
    facts_.bed_c_max = std::max(facts_.bed_c_max, celsius);
    return std::nullopt;
}

Reason Gate::fan(const GcodeLine& line) {
    if (auto why = outside('S', value_of(line, 'S').value_or(0), 0, 255, "")) {
        return why;
    }
    return outside('P', value_of(line, 'P').value_or(0), 0, 9, "");
}

Reason Gate::progress(const GcodeLine& line) {
    return all_within(line, 0, 1'000'000, "");
}

Reason Gate::motors_off(const GcodeLine& /*line*/) {
    motors_off_ = true;
    return std::nullopt;
}

Reason Gate::tool(const GcodeLine& line) {
    if (line.code >= limits_.tools) {
        return "tool " + std::to_string(line.code) + ", and this machine has " +
               std::to_string(limits_.tools) + ", numbered from 0";
    }
    tool_ = line.code;
    return std::nullopt;
}

Reason Gate::acceleration(const GcodeLine& line) {
    return all_within(line, 0, limits_.acceleration_mm_s2, " mm/s2");
}

Reason Gate::top_speed(const GcodeLine& line) {
    return all_within(line, 0, limits_.feed_mm_s, " mm/s");
}

Reason Gate::jerk(const GcodeLine& line) {
    for (const GcodeWord& word : line.words()) {
        // S and T are the lowest speeds, J is a length, B a time in microseconds.
        const double high = word.letter == 'B' ? 1'000'000 : limits_.jerk_mm_s;
        if (auto why = outside(word.letter, word.value, 0, high, "")) {
            return why;
        }
    }
    return std::nullopt;
}

Reason Gate::speed_factor(const GcodeLine& line) {
    return all_within(line, 10, 200, " %");
}

Reason Gate::flow_factor(const GcodeLine& line) {
    std::uint32_t which = 0;
    if (auto why = tool_of(line, which)) {
        return why;
    }
    return outside('S', value_of(line, 'S').value_or(100), 50, 150, " %");
}

Reason Gate::pressure_advance(const GcodeLine& line) {
    return all_within(line, 0, line.code == 900 ? 2 : 10, "");
}

Reason Gate::change_filament(const GcodeLine& /*line*/) {
    return limits_.operator_present
               ? Reason{}
               : Reason{"M600 waits for a person to change the filament, and nobody is there"};
}

// Quotes, stars and parentheses make some firmwares see another command in the text.
Reason Gate::text(const GcodeLine& line) {
    const bool quoted = line.code == 862;  // M862.3 P "MK3S": a plain name in quotes.
    for (const char c : line.argument) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == ' ' || c == '.' || c == ',' || c == '-' ||
                           c == '_' || c == '%' || c == ':' || c == '/' || c == '+' || c == '!' ||
                           c == '?';
        if (!plain && !(quoted && c == '"')) {
            return std::string{"the text holds '"} + c + "', which some firmwares act on";
        }
    }
    return std::nullopt;
}

Reason Gate::nothing_to_check(const GcodeLine& /*line*/) {
    return std::nullopt;
}

}  // namespace

Result<GcodeFacts> check_marlin(std::string_view gcode, const MachineCodeLimits& limits) {
    NEARFAB_CHECK(limits.tools >= 1 && limits.tools <= most_tools, "a machine has 1 to 16 tools");
    if (gcode.size() > limits.file_bytes) {
        return fail(ErrorCode::too_large,
                    "the machine code has " + std::to_string(gcode.size()) +
                        " bytes, and the limit is " + std::to_string(limits.file_bytes),
                    "use a coarser profile, or split the part");
    }
    Gate gate{limits};
    GcodeReader reader{gcode};
    GcodeLine line;
    while (true) {
        const auto more = reader.next(line);
        if (!more) {
            return fail(more.error());
        }
        if (!*more) {
            break;
        }
        if (const auto why = gate.check(line)) {
            return fail(gcode_error(line.number, line.text, *why));
        }
    }
    if (const auto why = gate.check_end()) {
        return fail(gcode_error(reader.line_number(), "", *why));
    }
    GcodeFacts facts = gate.facts();
    facts.lines = reader.line_number();
    return facts;
}

}  // namespace nearfab::agent
