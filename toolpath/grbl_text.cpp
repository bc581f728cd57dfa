// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/grbl_text.hpp"

#include "geometry/flat/plane.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::toolpath {

using namespace geometry::plane;
using geometry::Vec3;

namespace {

constexpr double shortest_arc_mm = 0.05;

// A whole number of thousandths, without trailing zeros and without "-0".
std::string thousandths(double value) {
    const long long whole = std::llround(value * 1000);
    std::string text = whole < 0 ? "-" : "";
    const long long size = whole < 0 ? -whole : whole;
    text += std::to_string(size / 1000);
    long long rest = size % 1000;
    if (rest == 0) return text;
    std::string digits = std::to_string(1000 + rest).substr(1);
    while (digits.back() == '0')
        digits.pop_back();
    return text + "." + digits;
}

// Rounded down, so that no limit is passed by rounding.
double whole_below(double value) {
    return std::floor(value + 1e-6);
}

Vec3 rounded(const Vec3& p) {
    const auto grid = [](double v) { return static_cast<double>(std::llround(v * 1000)) / 1000; };
    return {grid(p.x), grid(p.y), grid(p.z)};
}

class Writer {
public:
    explicit Writer(const Toolpath& path)
        : path_{path}, laser_{path.kind == MachineKind::laser}, at_{rounded(path.start)} {}

    std::string write() {
        begin();
        for (const Move& move : path_.moves)
            write(move);
        end();
        return std::move(text_);
    }

private:
    void line(const std::string& code) { text_ += code + "\n"; }

    void begin() {
        for (const char* mode : {"G21", "G90", "G94", "G17", "G54", "M5"})
            line(mode);
        if (!laser_) line("G0 Z" + thousandths(at_.z));
        if (path_.assist) line("M8");
        if (laser_) {
            line("M4 S0");
            s_ = 0;
        } else {
            line("M3 S" + thousandths(whole_below(path_.s_full)));
            if (path_.spin_up_s > 0) line("G4 P" + thousandths(path_.spin_up_s));
        }
        placed_ = false;
    }

    void end() {
        line("M5");
        if (path_.assist) line("M9");
        line("G0 X0 Y0");
        line("M2");
    }

    // Both axes the first time, since the machine may stand anywhere.
    std::string target(const Vec3& to) {
        std::string words;
        if (to.x != at_.x || !placed_) words += " X" + thousandths(to.x);
        if (to.y != at_.y || !placed_) words += " Y" + thousandths(to.y);
        if (to.z != at_.z) words += " Z" + thousandths(to.z);
        return words;
    }

    [[nodiscard]] bool is_arc(const Move& move, const Vec3& to) const {
        if (move.bulge == 0) return false;
        const double chord = distance({at_.x, at_.y}, {to.x, to.y});
        return chord >= shortest_arc_mm && std::abs(move.bulge) * chord / 2 > flat_arc_mm;
    }

    void write(const Move& move) {
        const Vec3 to = rounded(move.to);
        const bool travel = move.kind == MoveKind::travel;
        if (to == at_ && placed_) return;
        std::string code = travel ? "G0" : "G1";
        std::string middle;
        if (!travel && is_arc(move, to)) {
            code = move.bulge > 0 ? "G3" : "G2";
            const ArcShape arc = arc_shape({at_.x, at_.y}, {to.x, to.y}, move.bulge);
            middle =
                " I" + thousandths(arc.centre.x - at_.x) + " J" + thousandths(arc.centre.y - at_.y);
        }
        code += target(to) + middle;
        placed_ = true;
        if (!travel) code += feed(move.feed_mm_min);
        if (laser_) code += power(travel ? 0 : move.power);
        line(code);
        at_ = to;
    }

    std::string feed(double mm_min) {
        const double whole = std::max(1.0, whole_below(mm_min));
        if (whole == feed_) return {};
        feed_ = whole;
        return " F" + thousandths(whole);
    }

    std::string power(double share) {
        const double s = whole_below(share * path_.s_full);
        if (s == s_) return {};
        s_ = s;
        return " S" + thousandths(s);
    }

    const Toolpath& path_;
    bool laser_;
    Vec3 at_;
    bool placed_ = false;  // x and y have been said.
    double feed_ = 0;
    double s_ = -1;
    std::string text_;
};

}  // namespace

std::string grbl_text(const Toolpath& path) {
    return Writer{path}.write();
}

}  // namespace nearfab::toolpath
