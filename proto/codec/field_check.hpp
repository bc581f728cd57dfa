// SPDX-License-Identifier: GPL-3.0-or-later
// field_check.hpp - looks at each field of one message and keeps the first fault with its path.
//
// The readers in this folder hand every field through one of these functions. A faulty field is
// still returned as it is (or empty); whoever started the reading asks fault() at the end, so the
// readers need no branch per field. Paths are put together only when there is a fault. One per
// message, not for sharing between threads. Internal to proto/codec.

#pragma once

#include "base/clock.hpp"
#include "base/content_hash.hpp"
#include "base/result.hpp"
#include "proto/model/limits.hpp"
#include "proto/model/text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nearfab::codec {

class FieldCheck {
public:
    // Field names must outlive the check; they are literals in all readers.
    explicit FieldCheck(std::string_view root) { push({root, no_index}); }

    [[nodiscard]] const std::optional<Error>& fault() const { return fault_; }

    // While it lives, every field is one of this field (or of this entry of a list).
    class Inside {
    public:
        explicit Inside(FieldCheck& check) : check_{check} {}
        ~Inside() { --check_.depth_; }
        Inside(const Inside&) = delete;
        Inside& operator=(const Inside&) = delete;

    private:
        FieldCheck& check_;
    };
    [[nodiscard]] Inside inside(std::string_view field);
    [[nodiscard]] Inside inside(std::string_view field, std::size_t index);

    // `why` ends the sentence that the path begins: "is missing".
    void refuse(ErrorCode code, std::string_view field, std::string why);

    // Bounds are included. NaN is in no range.
    double number(std::string_view field, double value, double low, double high);
    template <typename Integer>
    Integer whole(std::string_view field, Integer value, Integer low, Integer high) {
        if (value < low || value > high) {
            out_of_range(field, std::to_string(value), std::to_string(low), std::to_string(high));
        }
        return value;
    }
    std::int64_t span_s(std::string_view field, std::int64_t value, std::int64_t low = 0) {
        return whole<std::int64_t>(field, value, low, limits::span_s_max);
    }
    double length_mm(std::string_view field, double value) {
        return number(field, value, 0, limits::coordinate_mm_max);
    }
    double distance_km(std::string_view field, double value) {
        return number(field, value, 0, limits::distance_km_max);
    }
    double fraction(std::string_view field, double value) { return number(field, value, 0, 1); }
    std::uint64_t epoch(std::string_view field, std::uint64_t value) {
        return whole<std::uint64_t>(field, value, 1, UINT64_MAX);
    }
    WallTime time(std::string_view field, std::int64_t milliseconds);
    ContentHash hash(std::string_view field, const std::string& bytes);

    // Three to eight capitals.
    std::string currency(std::string_view field, const std::string& value);
    // What a fab asks for something, smallest units.
    std::int64_t rate(std::string_view field, std::int64_t value) {
        return whole<std::int64_t>(field, value, 0, limits::rate_max);
    }

    std::string text(std::string_view field, const std::string& value);
    std::string line(std::string_view field, const std::string& value, std::size_t bytes_max);
    std::string file_name(std::string_view field, const std::string& value);

    template <typename IdType>
    IdType id(std::string_view field, const std::string& value) {
        if (!is_well_formed_id(value)) bad_id(field, value);
        return IdType{value};
    }
    template <typename IdType>
    IdType optional_id(std::string_view field, const std::string& value) {
        return value.empty() ? IdType{} : id<IdType>(field, value);
    }

    // Enumerators are numbered without gaps from 0 = unknown to `last`.
    template <typename Enum>
    static Enum word(int value, Enum last) {
        return value >= 0 && value <= static_cast<int>(last) ? static_cast<Enum>(value) : Enum{};
    }

    // False, with a fault, when a list, text or byte string is longer than `max`.
    bool at_most(std::string_view field, std::size_t size, std::size_t max, std::string_view unit);

private:
    struct Step {
        std::string_view field;
        std::size_t index = 0;
    };
    static constexpr std::size_t no_index = SIZE_MAX;

    void push(Step step);
    void out_of_range(std::string_view field,
                      const std::string& value,
                      const std::string& low,
                      const std::string& high);
    void bad_id(std::string_view field, const std::string& value);
    std::string words(std::string_view field,
                      const std::string& value,
                      TextKind kind,
                      std::size_t bytes_max);

    std::array<Step, 12> steps_{};  // The model nests half as deep.
    std::size_t depth_ = 0;
    std::optional<Error> fault_;
};

}  // namespace nearfab::codec
