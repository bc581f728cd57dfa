// SPDX-License-Identifier: GPL-3.0-or-later
// reading_codec.hpp - how a design is to be read, in the records of the journal and its snapshots.

#pragma once

#include "base/result.hpp"
#include "proto/model/part.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace nearfab::router {

// Into any message with design, unit and operations.
template <typename Message>
void write_reading(const DesignReading& from, Message& to) {
    to.set_design(std::string{from.design.bytes.begin(), from.design.bytes.end()});
    to.set_unit(static_cast<std::uint32_t>(from.unit));
    for (const LineRule& rule : from.operations)
        to.add_operations(to_string(rule));
}

// Errors: malformed (a unit or rule that this version does not know).
template <typename Message>
[[nodiscard]] Result<DesignReading> read_reading(const ContentHash& design, const Message& from) {
    if (from.unit() > static_cast<std::uint32_t>(last_length_unit)) {
        return fail(ErrorCode::malformed, "unit " + std::to_string(from.unit()) + " is not known");
    }
    LineRules rules;
    for (const std::string& text : from.operations()) {
        auto rule = read_line_rule(text);
        if (!rule) return fail(ErrorCode::malformed, rule.error().message);
        rules.push_back(std::move(*rule));
    }
    return DesignReading{design, static_cast<LengthUnit>(from.unit()), std::move(rules)};
}

}  // namespace nearfab::router
