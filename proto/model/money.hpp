// SPDX-License-Identifier: GPL-3.0-or-later
// money.hpp - an amount in a named currency, in whole numbers of its smallest unit.
//
// A currency is one of ISO 4217 (three capitals: "EUR", counted in cents) or a network's own unit
// (four to eight capitals: "HOURS", counted in itself). Amounts of different currencies are never
// compared: nobody here knows a rate of exchange.

#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace nearfab {

struct Money {
    std::string currency;
    std::int64_t minor = 0;  // Of the smallest unit.
    friend bool operator==(const Money&, const Money&) = default;
};

// Three to eight capitals: what may stand on the wire. A newer program may know newer currencies.
[[nodiscard]] bool is_currency_name(std::string_view text);

// How many decimals the smallest unit is: 2 of EUR, 0 of JPY and of a network's own unit.
[[nodiscard]] int decimals_of(std::string_view currency);

// What a person typed, in any case. Error invalid_argument: no such name, or three letters that are
// not in ISO 4217 (with the one that was probably meant).
[[nodiscard]] Result<std::string> parse_currency(std::string_view text);

// "12.5" of EUR: 1250. Error invalid_argument: no number, negative, more decimals than the currency
// has, more than limits::money_max.
[[nodiscard]] Result<std::int64_t> parse_amount(std::string_view text, std::string_view currency);

// "12.50 EUR", "300 JPY".
[[nodiscard]] std::string to_string(const Money& money);

}  // namespace nearfab
