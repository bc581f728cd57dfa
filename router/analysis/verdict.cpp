// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/analysis/verdict.hpp"

#include "proto/codec/codec.hpp"

#include <charconv>

namespace nearfab::router {
namespace {

constexpr std::string_view facts_head = "facts\n";
constexpr std::string_view checked_head = "checked\n";
constexpr std::string_view refused_head = "refused\n";

Error unreadable() {
    return {ErrorCode::internal,
            "the analysis worker answered with something that is no verdict",
            "submit again; if it happens again, tell the router's operator"};
}

// Cuts the text up to the next line end off the front.
std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

std::string refused(const Error& error) {
    return std::string{refused_head} + std::to_string(static_cast<int>(error.code)) + "\n" +
           error.message + "\n" + error.next + "\n";
}

Error read_refusal(std::string_view text) {
    if (!text.starts_with(refused_head)) return unreadable();
    text.remove_prefix(refused_head.size());
    const std::string_view number = take_line(text);
    int code = 0;
    const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), code);
    if (problem != std::errc{} || end != number.data() + number.size()) return unreadable();
    Error error;
    error.code = static_cast<ErrorCode>(code);
    error.message = take_line(text);
    error.next = take_line(text);
    return error;
}

}  // namespace

std::string encode_verdict(const Verdict& verdict) {
    if (verdict) return std::string{facts_head} + encode_part_facts(*verdict);
    return refused(verdict.error());
}

Verdict decode_verdict(std::string_view text) {
    if (!text.starts_with(facts_head)) return fail(read_refusal(text));
    text.remove_prefix(facts_head.size());
    auto facts = decode_part_facts(text);
    return facts ? Verdict{std::move(*facts)} : fail(unreadable());
}

std::string encode_check(const CheckText& check) {
    return check ? std::string{checked_head} + *check : refused(check.error());
}

CheckText decode_check(std::string_view text) {
    if (!text.starts_with(checked_head)) return fail(read_refusal(text));
    text.remove_prefix(checked_head.size());
    return std::string{text};
}

}  // namespace nearfab::router
