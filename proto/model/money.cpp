// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/money.hpp"

#include "base/spelling.hpp"
#include "proto/model/limits.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace nearfab {
namespace {

struct Currency {
    std::string_view code;
    int decimals = 2;
};

// Active codes of ISO 4217 with their minor unit (list one, 2024), without metals, funds, units of
// account and test codes.
constexpr std::array<Currency, 157> currencies{{
    {"AED", 2}, {"AFN", 2}, {"ALL", 2}, {"AMD", 2}, {"ANG", 2}, {"AOA", 2}, {"ARS", 2}, {"AUD", 2},
    {"AWG", 2}, {"AZN", 2}, {"BAM", 2}, {"BBD", 2}, {"BDT", 2}, {"BGN", 2}, {"BHD", 3}, {"BIF", 0},
    {"BMD", 2}, {"BND", 2}, {"BOB", 2}, {"BRL", 2}, {"BSD", 2}, {"BTN", 2}, {"BWP", 2}, {"BYN", 2},
    {"BZD", 2}, {"CAD", 2}, {"CDF", 2}, {"CHF", 2}, {"CLP", 0}, {"CNY", 2}, {"COP", 2}, {"CRC", 2},
    {"CUP", 2}, {"CVE", 2}, {"CZK", 2}, {"DJF", 0}, {"DKK", 2}, {"DOP", 2}, {"DZD", 2}, {"EGP", 2},
    {"ERN", 2}, {"ETB", 2}, {"EUR", 2}, {"FJD", 2}, {"FKP", 2}, {"GBP", 2}, {"GEL", 2}, {"GHS", 2},
    {"GIP", 2}, {"GMD", 2}, {"GNF", 0}, {"GTQ", 2}, {"GYD", 2}, {"HKD", 2}, {"HNL", 2}, {"HTG", 2},
    {"HUF", 2}, {"IDR", 2}, {"ILS", 2}, {"INR", 2}, {"IQD", 3}, {"IRR", 2}, {"ISK", 0}, {"JMD", 2},
    {"JOD", 3}, {"JPY", 0}, {"KES", 2}, {"KGS", 2}, {"KHR", 2}, {"KMF", 0}, {"KPW", 2}, {"KRW", 0},
    {"KWD", 3}, {"KYD", 2}, {"KZT", 2}, {"LAK", 2}, {"LBP", 2}, {"LKR", 2}, {"LRD", 2}, {"LSL", 2},
    {"LYD", 3}, {"MAD", 2}, {"MDL", 2}, {"MGA", 2}, {"MKD", 2}, {"MMK", 2}, {"MNT", 2}, {"MOP", 2},
    {"MRU", 2}, {"MUR", 2}, {"MVR", 2}, {"MWK", 2}, {"MXN", 2}, {"MYR", 2}, {"MZN", 2}, {"NAD", 2},
    {"NGN", 2}, {"NIO", 2}, {"NOK", 2}, {"NPR", 2}, {"NZD", 2}, {"OMR", 3}, {"PAB", 2}, {"PEN", 2},
    {"PGK", 2}, {"PHP", 2}, {"PKR", 2}, {"PLN", 2}, {"PYG", 0}, {"QAR", 2}, {"RON", 2}, {"RSD", 2},
    {"RUB", 2}, {"RWF", 0}, {"SAR", 2}, {"SBD", 2}, {"SCR", 2}, {"SDG", 2}, {"SEK", 2}, {"SGD", 2},
    {"SHP", 2}, {"SLE", 2}, {"SOS", 2}, {"SRD", 2}, {"SSP", 2}, {"STN", 2}, {"SVC", 2}, {"SYP", 2},
    {"SZL", 2}, {"THB", 2}, {"TJS", 2}, {"TMT", 2}, {"TND", 3}, {"TOP", 2}, {"TRY", 2}, {"TTD", 2},
    {"TWD", 2}, {"TZS", 2}, {"UAH", 2}, {"UGX", 0}, {"USD", 2}, {"UYU", 2}, {"UZS", 2}, {"VED", 2},
    {"VES", 2}, {"VND", 0}, {"VUV", 0}, {"WST", 2}, {"XAF", 0}, {"XCD", 2}, {"XCG", 2}, {"XOF", 0},
    {"XPF", 0}, {"YER", 2}, {"ZAR", 2}, {"ZMW", 2}, {"ZWG", 2},
}};

constexpr std::size_t name_letters_min = 3;
constexpr std::size_t name_letters_max = 8;
constexpr std::size_t amount_letters_max = 32;

const Currency* find_currency(std::string_view code) {
    const auto found = std::find_if(
        currencies.begin(), currencies.end(), [code](const Currency& c) { return c.code == code; });
    return found == currencies.end() ? nullptr : &*found;
}

std::string shown(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, amount_letters_max))
        out += c >= ' ' && c <= '~' ? c : '?';
    return "\"" + out + "\"";
}

tl::unexpected<Error> no_amount(std::string_view text, const std::string& why, int decimals) {
    return fail(ErrorCode::invalid_argument,
                shown(text) + " " + why,
                decimals > 0 ? "write a number like 0.5 or 12" : "write a whole number like 12");
}

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_currency_name(std::string_view text) {
    return text.size() >= name_letters_min && text.size() <= name_letters_max &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

int decimals_of(std::string_view currency) {
    const Currency* known = find_currency(currency);
    return known == nullptr ? 0 : known->decimals;
}

Result<std::string> parse_currency(std::string_view text) {
    std::string name{text.substr(0, name_letters_max + 1)};
    for (char& c : name) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    if (!is_currency_name(name)) {
        return fail(ErrorCode::invalid_argument,
                    shown(text) + " cannot be a currency",
                    "use a code of ISO 4217 like EUR, or a unit of your own network: 4 to 8 "
                    "letters like HOURS");
    }
    if (name.size() > name_letters_min || find_currency(name) != nullptr) return name;
    std::vector<std::string> codes;
    for (const Currency& currency : currencies)
        codes.emplace_back(currency.code);
    const auto meant = nearest_word(name, codes);
    return fail(ErrorCode::invalid_argument,
                shown(text) + " is no currency of ISO 4217" +
                    (meant ? "; did you mean \"" + *meant + "\"?" : ""),
                "use a code like EUR; a unit of your own network has 4 to 8 letters");
}

Result<std::int64_t> parse_amount(std::string_view text, std::string_view currency) {
    const int decimals = decimals_of(currency);
    const std::size_t point = std::min(text.find('.'), text.size());
    const std::string_view whole = text.substr(0, point);
    std::string fraction{point < text.size() ? text.substr(point + 1) : std::string_view{}};
    const bool ends_well = point == text.size() || !fraction.empty();
    if (text.starts_with('-')) return no_amount(text, "is less than nothing", decimals);
    if (whole.empty() || !ends_well || text.size() > amount_letters_max || !all_digits(whole) ||
        !all_digits(fraction)) {
        return no_amount(text, "is no amount", decimals);
    }
    while (fraction.size() > static_cast<std::size_t>(decimals) && fraction.back() == '0')
        fraction.pop_back();
    if (fraction.size() > static_cast<std::size_t>(decimals)) {
        const std::string has = decimals == 0 ? "none" : std::to_string(decimals);
        return no_amount(text,
                         "has more decimals than " + std::string{currency} + ", which has " + has,
                         decimals);
    }
    fraction.resize(static_cast<std::size_t>(decimals), '0');
    const std::string digits = std::string{whole} + fraction;
    std::int64_t minor = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), minor);
    if (read.ec != std::errc{} || minor > limits::money_max) {
        return no_amount(text, "is more than can be paid", decimals);
    }
    return minor;
}

std::string to_string(const Money& money) {
    const auto decimals = static_cast<std::size_t>(decimals_of(money.currency));
    std::string digits = std::to_string(money.minor);
    if (decimals > 0) {
        if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
        digits.insert(digits.size() - decimals, 1, '.');
    }
    return digits + " " + money.currency;
}

}  // namespace nearfab
