// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/verdict_reasons.hpp"

#include "geometry/number_text.hpp"
#include "geometry/process/limit_standing.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nearfab::geometry {

std::string rounded(double value) {
    const double digits = std::abs(value) < 10 ? 100 : 10;
    return number_text(std::round(value * digits) / digits);
}

std::string below(const std::string& what, double measured, double limit) {
    return what + " is " + rounded(measured) + " mm, below " + rounded(limit) + " mm";
}

std::string at_limit(const std::string& what, double measured, double limit) {
    return what + " is " + rounded(measured) + " mm, at the limit of " + rounded(limit) + " mm";
}

void VerdictReasons::block(std::string_view rule,
                           const Place& place,
                           double measured,
                           double limit,
                           std::string_view unit,
                           std::string words) {
    reasons_.push_back(
        {std::string{rule}, true, place, measured, limit, std::string{unit}, std::move(words)});
}

void VerdictReasons::remark(std::string_view rule,
                            const Place& place,
                            double measured,
                            double limit,
                            std::string_view unit,
                            std::string words) {
    block(rule, place, measured, limit, unit, std::move(words));
    reasons_.back().blocking = false;
}

void VerdictReasons::at_least(const std::optional<PlacedLength>& found,
                              const std::optional<double>& must,
                              const std::optional<double>& should,
                              std::string_view bad_rule,
                              std::string_view poor_rule,
                              const std::string& what) {
    if (!found) return;
    const Standing standing = must ? standing_above(found->mm, *must) : Standing::within;
    if (standing == Standing::beyond) {
        block(bad_rule, found->place, found->mm, *must, "mm", below(what, found->mm, *must));
    } else if (standing == Standing::at_limit) {
        remark(poor_rule, found->place, found->mm, *must, "mm", at_limit(what, found->mm, *must));
    } else if (should && standing_above(found->mm, *should) == Standing::beyond) {
        remark(poor_rule, found->place, found->mm, *should, "mm", below(what, found->mm, *should));
    }
}

std::vector<VerdictReason> VerdictReasons::take() {
    std::stable_sort(reasons_.begin(), reasons_.end(), [](const auto& l, const auto& r) {
        return l.blocking && !r.blocking;
    });
    return std::move(reasons_);
}

}  // namespace nearfab::geometry
