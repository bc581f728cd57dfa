// SPDX-License-Identifier: GPL-3.0-or-later
// verdict_reasons.hpp - what speaks against a process, as the rules collect it.

#pragma once

#include "geometry/process/verdict.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::geometry {

// Numbers in sentences: a hundredth of a millimetre is enough for people.
[[nodiscard]] std::string rounded(double value);

// "the thinnest wall is 0.4 mm, below 0.8 mm"
[[nodiscard]] std::string below(const std::string& what, double measured, double limit);

// "the thinnest wall is 0.7 mm, at the limit of 0.7 mm"
[[nodiscard]] std::string at_limit(const std::string& what, double measured, double limit);

class VerdictReasons {
public:
    using Place = std::optional<Vec3>;

    void block(std::string_view rule,
               const Place& place,
               double measured,
               double limit,
               std::string_view unit,
               std::string words);
    void remark(std::string_view rule,
                const Place& place,
                double measured,
                double limit,
                std::string_view unit,
                std::string words);

    // A width that must not be below one limit and should not be below another; by less than it
    // is measured off (limit_standing.hpp) it is at the first, and not below the second.
    void at_least(const std::optional<PlacedLength>& found,
                  const std::optional<double>& must,
                  const std::optional<double>& should,
                  std::string_view bad_rule,
                  std::string_view poor_rule,
                  const std::string& what);

    // What blocks first, otherwise in the order in which they were found.
    [[nodiscard]] std::vector<VerdictReason> take();

private:
    std::vector<VerdictReason> reasons_;
};

}  // namespace nearfab::geometry
