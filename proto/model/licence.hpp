// SPDX-License-Identifier: GPL-3.0-or-later
// licence.hpp - SPDX licence expressions, and the terms under which a fab makes designs.

#pragma once

#include "base/result.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab {

// A parsed SPDX licence expression (SPDX specification, annex "SPDX license expressions"):
// ids, "+", WITH, AND, OR, parentheses, LicenseRef-. AND binds tighter than OR.
class LicenceExpression {
public:
    // Errors (invalid_argument) name the place in the text. At most 512 characters, 16 levels.
    [[nodiscard]] static Result<LicenceExpression> parse(std::string_view text);

    // True when the terms cover the expression: both sides of AND, one side of OR.
    // A term is an id ("CERN-OHL-S-2.0"), a prefix ending in '*' ("CC-BY-*"), or "open": every id
    // of the table of open licences in licence.cpp (no non-commercial, no no-derivatives).
    [[nodiscard]] bool covered_by(const std::vector<std::string>& terms) const;

    // As written, blanks normalised.
    [[nodiscard]] std::string text() const;

private:
    struct Node;
    explicit LicenceExpression(std::shared_ptr<const Node> root) : root_{std::move(root)} {}
    friend class LicenceParser;
    std::shared_ptr<const Node> root_;
};

// A single id that such a term covers, for "under MIT": the term itself, or the one of the table of
// open licences that comes to mind first. None of a prefix that covers no open licence.
[[nodiscard]] std::optional<std::string> licence_covered_by(std::string_view term);

// Is this single SPDX id in the table of open licences?
[[nodiscard]] bool is_open_licence(std::string_view id);

}  // namespace nearfab
