// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/field_check.hpp"

#include "base/check.hpp"
#include "proto/model/money.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace nearfab::codec {
namespace {

std::string written(double value) {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), end};
}

}  // namespace

FieldCheck::Inside FieldCheck::inside(std::string_view field) {
    push({field, no_index});
    return Inside{*this};
}

FieldCheck::Inside FieldCheck::inside(std::string_view field, std::size_t index) {
    push({field, index});
    return Inside{*this};
}

void FieldCheck::push(Step step) {
    NEARFAB_CHECK(depth_ < steps_.size(), "messages nest deeper than any in the schema");
    steps_[depth_++] = step;
}

void FieldCheck::refuse(ErrorCode code, std::string_view field, std::string why) {
    if (fault_) return;
    std::string message;
    for (std::size_t i = 0; i < depth_; ++i) {
        message += steps_[i].field;
        if (steps_[i].index != no_index) message += "[" + std::to_string(steps_[i].index) + "]";
        message += '.';
    }
    message += field;
    message += ": ";
    message += why;
    fault_ = Error{code, std::move(message), "send a value that proto/PROTOCOL.md allows"};
}

double FieldCheck::number(std::string_view field, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
        out_of_range(field, written(value), written(low), written(high));
    }
    return value;
}

WallTime FieldCheck::time(std::string_view field, std::int64_t milliseconds) {
    const auto known = whole<std::int64_t>(field, milliseconds, 0, limits::wall_ms_max);
    return WallTime{std::chrono::milliseconds{known}};
}

ContentHash FieldCheck::hash(std::string_view field, const std::string& bytes) {
    ContentHash hash;
    if (bytes.size() == hash.bytes.size()) {
        std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
    } else {
        refuse(ErrorCode::malformed,
               field,
               "a hash has 32 bytes, not " + std::to_string(bytes.size()));
    }
    return hash;
}

std::string FieldCheck::currency(std::string_view field, const std::string& value) {
    if (!is_currency_name(value)) {
        refuse(ErrorCode::malformed,
               field,
               "\"" + clean_text(value, TextKind::line, limits::name_bytes_max) +
                   "\" is no currency: 3 to 8 capitals");
    }
    return value;
}

std::string FieldCheck::text(std::string_view field, const std::string& value) {
    return words(field, value, TextKind::text, limits::text_bytes_max);
}

std::string FieldCheck::line(std::string_view field,
                             const std::string& value,
                             std::size_t bytes_max) {
    return words(field, value, TextKind::line, bytes_max);
}

std::string FieldCheck::file_name(std::string_view field, const std::string& value) {
    return words(field, value, TextKind::file_name, limits::file_name_bytes_max);
}

std::string FieldCheck::words(std::string_view field,
                              const std::string& value,
                              TextKind kind,
                              std::size_t bytes_max) {
    if (!at_most(field, value.size(), bytes_max, "bytes")) return {};
    std::string wrong = text_fault(value, kind);
    if (!wrong.empty()) refuse(ErrorCode::malformed, field, std::move(wrong));
    return value;
}

bool FieldCheck::at_most(std::string_view field,
                         std::size_t size,
                         std::size_t max,
                         std::string_view unit) {
    if (size <= max) return true;
    refuse(
        ErrorCode::too_large,
        field,
        std::to_string(size) + " " + std::string{unit} + " are more than " + std::to_string(max));
    return false;
}

void FieldCheck::out_of_range(std::string_view field,
                              const std::string& value,
                              const std::string& low,
                              const std::string& high) {
    refuse(ErrorCode::malformed, field, value + " is not within " + low + " to " + high);
}

void FieldCheck::bad_id(std::string_view field, const std::string& value) {
    if (value.empty()) return refuse(ErrorCode::malformed, field, "an id is missing");
    const std::string shown = clean_text(value, TextKind::line, limits::name_bytes_max);
    refuse(ErrorCode::malformed,
           field,
           "\"" + shown +
               "\" is no id: 1 to 64 letters, digits, '.', '-' or '_', not starting "
               "with '.' or '-'");
}

}  // namespace nearfab::codec
