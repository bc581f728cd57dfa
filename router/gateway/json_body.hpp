// SPDX-License-Identifier: GPL-3.0-or-later
// json_body.hpp - the body of a request, read strictly: every key is known, every value checked.
//
// A slip in a request must never silently mean a default. The reader asks for each value by name
// with its range; the first fault (a missing key, a wrong type, a value out of range, a key that
// nobody asked for) is kept with its place ("parts[0].quantity") and comes out of finish().
//
// A JsonTable refers into its JsonBody, which must outlive it.

#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::gateway {

class JsonBody;

class JsonTable {
public:
    // A key that is not there, or null, is nothing. After a fault the getters give harmless values.
    std::optional<std::string> text(std::string_view key);
    std::optional<double> number(std::string_view key, double min, double max);
    std::optional<std::int64_t> whole(std::string_view key, std::int64_t min, std::int64_t max);
    std::optional<bool> truth(std::string_view key);
    std::vector<std::string> texts(std::string_view key, std::size_t most);
    // The key must be there.
    std::string needed_text(std::string_view key);
    double needed_number(std::string_view key, double min, double max);
    std::int64_t needed_whole(std::string_view key, std::int64_t min, std::int64_t max);
    JsonTable needed_table(std::string_view key);
    std::vector<JsonTable> needed_tables(std::string_view key, std::size_t most);

    // For what only the caller can check.
    void complain(std::string_view key, std::string message, std::string next);

private:
    friend class JsonBody;
    JsonTable(JsonBody& body, const void* node, std::string place)
        : body_{&body}, node_{node}, place_{std::move(place)} {}
    [[nodiscard]] std::string place_of(std::string_view key) const;
    template <typename Value>
    Value needed(std::string_view key, std::optional<Value> value);

    JsonBody* body_;
    const void* node_;
    std::string place_;  // "parts[0]"; empty at the top.
};

class JsonBody {
public:
    // Errors (malformed): no JSON, no object, or deeper than any request is.
    [[nodiscard]] static Result<JsonBody> parse(std::string_view text);
    ~JsonBody();
    JsonBody(JsonBody&&) noexcept;
    JsonBody& operator=(JsonBody&&) noexcept;

    // REQUIRES: the body stays where it is while the table is used.
    [[nodiscard]] JsonTable root();
    // The first fault (invalid_argument), or success.
    [[nodiscard]] Status finish();

private:
    friend class JsonTable;
    struct State;
    explicit JsonBody(std::unique_ptr<State> state);
    void fault(std::string message, std::string next);

    std::unique_ptr<State> state_;
};

}  // namespace nearfab::gateway
