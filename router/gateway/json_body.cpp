// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/json_body.hpp"

#include "base/spelling.hpp"
#include "proto/model/text.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace nearfab::gateway {
namespace {

using Json = nlohmann::json;

constexpr int depth_max = 8;

std::string shown(std::string_view key) {
    return "\"" + clean_text(key, TextKind::line, limits::name_bytes_max) + "\"";
}

std::string range_text(double min, double max) {
    return fmt::format("{:g} to {:g}", min, max);
}

}  // namespace

struct JsonBody::State {
    Json root;
    std::map<const Json*, std::set<std::string, std::less<>>> asked;
    std::map<const Json*, std::string> places;
    std::optional<Error> fault;

    // The tree is the library's own; only this file knows that.
    static const Json& of(const void* node) { return *static_cast<const Json*>(node); }
    // Null when the key is not there, or its value is null.
    const Json* find(const void* node, std::string_view key) {
        if (node == nullptr) return nullptr;
        const Json& object = of(node);
        asked[&object].emplace(key);
        const auto found = object.find(std::string{key});
        return found == object.end() || found->is_null() ? nullptr : &*found;
    }
};

JsonBody::JsonBody(std::unique_ptr<State> state) : state_{std::move(state)} {}
JsonBody::~JsonBody() = default;
JsonBody::JsonBody(JsonBody&&) noexcept = default;
JsonBody& JsonBody::operator=(JsonBody&&) noexcept = default;

Result<JsonBody> JsonBody::parse(std::string_view text) {
    bool too_deep = false;
    const auto watch = [&too_deep](int depth, Json::parse_event_t, Json&) {
        too_deep = too_deep || depth > depth_max;
        return !too_deep;
    };
    auto state = std::make_unique<State>();
    state->root = Json::parse(text.begin(), text.end(), watch, false);
    if (too_deep || !state->root.is_object()) {
        return fail(ErrorCode::malformed,
                    too_deep ? "the body of the request is nested too deeply"
                             : "the body of the request is no JSON object",
                    "send an object as /api/v1/openapi.json describes it");
    }
    state->asked[&state->root];
    return JsonBody{std::move(state)};
}

JsonTable JsonBody::root() {
    return {*this, &state_->root, {}};
}

void JsonBody::fault(std::string message, std::string next) {
    if (state_->fault) return;
    state_->fault = Error{ErrorCode::invalid_argument, std::move(message), std::move(next)};
}

Status JsonBody::finish() {
    if (state_->fault) return fail(*state_->fault);
    for (const auto& [object, known] : state_->asked) {
        for (const auto& [key, ignored] : object->items()) {
            if (known.contains(key)) continue;
            const auto& place = state_->places[object];
            const std::vector<std::string> names{known.begin(), known.end()};
            const auto like = nearest_word(key, names);
            std::string all;
            for (const std::string& name : names)
                all += (all.empty() ? "" : ", ") + name;
            return fail(ErrorCode::invalid_argument,
                        (place.empty() ? "" : place + ": ") + shown(key) + " is not known here",
                        like ? "did you mean " + std::string{*like} + "?" : "use " + all);
        }
    }
    return {};
}

std::string JsonTable::place_of(std::string_view key) const {
    return place_.empty() ? std::string{key} : place_ + "." + std::string{key};
}

void JsonTable::complain(std::string_view key, std::string message, std::string next) {
    body_->fault(place_of(key) + ": " + message, std::move(next));
}

template <typename Value>
Value JsonTable::needed(std::string_view key, std::optional<Value> value) {
    if (value) return std::move(*value);
    complain(key, "is missing", "add it; /api/v1/openapi.json describes the whole request");
    return Value{};
}

std::optional<std::string> JsonTable::text(std::string_view key) {
    const Json* value = body_->state_->find(node_, key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) {
        complain(key, "is no text", "put it in quotes");
        return std::nullopt;
    }
    return value->get<std::string>();
}

std::optional<bool> JsonTable::truth(std::string_view key) {
    const Json* value = body_->state_->find(node_, key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_boolean()) {
        complain(key, "is neither true nor false", "write true or false, without quotes");
        return std::nullopt;
    }
    return value->get<bool>();
}

std::optional<double> JsonTable::number(std::string_view key, double min, double max) {
    const Json* value = body_->state_->find(node_, key);
    if (value == nullptr) return std::nullopt;
    const double number =
        value->is_number() ? value->get<double>() : std::numeric_limits<double>::quiet_NaN();
    if (!std::isfinite(number) || number < min || number > max) {
        complain(key,
                 "is no number of " + range_text(min, max),
                 "give a number within that range, without quotes");
        return std::nullopt;
    }
    return number;
}

std::optional<std::int64_t> JsonTable::whole(std::string_view key,
                                             std::int64_t min,
                                             std::int64_t max) {
    const Json* value = body_->state_->find(node_, key);
    if (value == nullptr) return std::nullopt;
    const bool whole = value->is_number_integer() &&
                       !(value->is_number_unsigned() && value->get<std::uint64_t>() > INT64_MAX);
    const std::int64_t number = whole ? value->get<std::int64_t>() : 0;
    if (!whole || number < min || number > max) {
        complain(key,
                 fmt::format("is no whole number of {} to {}", min, max),
                 "give a whole number within that range, without quotes");
        return std::nullopt;
    }
    return number;
}

std::vector<std::string> JsonTable::texts(std::string_view key, std::size_t most) {
    const Json* value = body_->state_->find(node_, key);
    std::vector<std::string> texts;
    if (value == nullptr) return texts;
    bool good = value->is_array() && value->size() <= most;
    for (std::size_t i = 0; good && i < value->size(); ++i) {
        good = (*value)[i].is_string();
        if (good) texts.push_back((*value)[i].get<std::string>());
    }
    if (!good) {
        complain(
            key, fmt::format("is no list of at most {} texts", most), "write it as [\"a\", \"b\"]");
    }
    return texts;
}

std::string JsonTable::needed_text(std::string_view key) {
    return needed(key, text(key));
}

double JsonTable::needed_number(std::string_view key, double min, double max) {
    return needed(key, number(key, min, max));
}

std::int64_t JsonTable::needed_whole(std::string_view key, std::int64_t min, std::int64_t max) {
    return needed(key, whole(key, min, max));
}

JsonTable JsonTable::needed_table(std::string_view key) {
    const Json* value = body_->state_->find(node_, key);
    if (value == nullptr || !value->is_object()) {
        complain(key, value == nullptr ? "is missing" : "is no object", "write it as {...}");
        return {*body_, nullptr, place_of(key)};
    }
    body_->state_->asked[value];
    body_->state_->places[value] = place_of(key);
    return {*body_, value, place_of(key)};
}

std::vector<JsonTable> JsonTable::needed_tables(std::string_view key, std::size_t most) {
    const Json* value = body_->state_->find(node_, key);
    std::vector<JsonTable> tables;
    if (value == nullptr || !value->is_array() || value->empty() || value->size() > most) {
        complain(
            key,
            value == nullptr ? "is missing" : fmt::format("is no list of 1 to {} objects", most),
            "write it as [{...}]");
        return tables;
    }
    for (std::size_t i = 0; i < value->size(); ++i) {
        const Json& one = (*value)[i];
        const std::string place = fmt::format("{}[{}]", place_of(key), i);
        if (!one.is_object()) {
            complain(key, fmt::format("element {} is no object", i), "write it as {...}");
            return tables;
        }
        body_->state_->asked[&one];
        body_->state_->places[&one] = place;
        tables.push_back(JsonTable{*body_, &one, place});
    }
    return tables;
}

}  // namespace nearfab::gateway
