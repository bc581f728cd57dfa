// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/e2e/api_contract.hpp"

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>
#include <sstream>

namespace nearfab::e2e {
namespace {

using nlohmann::json;

std::vector<std::string> elements(const std::string& path) {
    std::vector<std::string> all;
    std::istringstream text{path};
    for (std::string one; std::getline(text, one, '/');)
        all.push_back(one);
    return all;
}

bool fits(const std::string& pattern, const std::string& path) {
    const auto wanted = elements(pattern);
    const auto given = elements(path);
    return std::equal(
        wanted.begin(), wanted.end(), given.begin(), given.end(), [](const auto& w, const auto& g) {
            return w == g || w.starts_with('{');
        });
}

bool is_of_type(const json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "null") return value.is_null();
    if (type == "integer") return value.is_number_integer();
    return type == "number" && value.is_number();
}

bool is_of_types(const json& value, const json& types) {
    if (types.is_string()) return is_of_type(value, types);
    return std::any_of(
        types.begin(), types.end(), [&](const json& type) { return is_of_type(value, type); });
}

std::string shortly(const json& value) {
    return value.dump().substr(0, 80);
}

}  // namespace

const json* ApiContract::operation(const std::string& method, const std::string& path) const {
    std::string word = method;
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    for (const auto& [pattern, item] : document_.at("paths").items()) {
        if (fits(pattern, path) && item.contains(word)) return &item.at(word);
    }
    return nullptr;
}

std::vector<std::string> ApiContract::faults_of(const std::string& method,
                                                const std::string& target,
                                                const RawAnswer& answer) const {
    const json* known = operation(method, target.substr(0, target.find('?')));
    if (known == nullptr) return {method + " " + target + " is not described"};
    const json& responses = known->at("responses");
    const std::string status = std::to_string(answer.status);
    if (!responses.contains(status) && answer.status < 400) {
        return {"the status " + status + " is not described"};
    }
    const json& response = responses.at(responses.contains(status) ? status : "default");
    const auto type = answer.headers.find("content-type");
    if (type == answer.headers.end()) return {"the answer has no content type"};
    if (!response.at("content").contains(type->second)) {
        return {"the content type " + type->second + " is not described"};
    }
    const bool is_json = type->second.find("json") != std::string::npos;
    if (!is_json) return {};
    const json body = json::parse(answer.body, nullptr, false);
    if (body.is_discarded()) return {"the body is no JSON: " + answer.body.substr(0, 80)};
    std::vector<std::string> faults;
    check(response.at("content").at(type->second).at("schema"), body, "body", faults);
    return faults;
}

std::vector<std::string> ApiContract::faults_of(const std::string& schema,
                                                const json& value) const {
    std::vector<std::string> faults;
    check({{"$ref", "#/components/schemas/" + schema}}, value, schema, faults);
    return faults;
}

void ApiContract::check(const json& schema,
                        const json& value,
                        const std::string& place,
                        std::vector<std::string>& faults) const {
    static const std::set<std::string> known{"$ref",
                                             "type",
                                             "properties",
                                             "required",
                                             "items",
                                             "enum",
                                             "const",
                                             "anyOf",
                                             "minimum",
                                             "maximum",
                                             "minItems",
                                             "maxItems",
                                             "pattern",
                                             "minLength",
                                             "maxLength",
                                             "format",
                                             "description",
                                             "additionalProperties"};
    for (const auto& [word, ignored] : schema.items()) {
        if (!known.contains(word)) faults.push_back(place + ": the schema has the word " + word);
    }
    const auto fault = [&](const std::string& what) {
        faults.push_back(place + ": " + what + ": " + shortly(value));
    };
    if (schema.contains("$ref")) {
        const std::string name = schema.at("$ref");
        check(document_.at(json::json_pointer{name.substr(1)}), value, place, faults);
        return;
    }
    if (schema.contains("anyOf")) {
        std::vector<std::string> least;
        for (const json& one : schema.at("anyOf")) {
            std::vector<std::string> its;
            check(one, value, place, its);
            if (its.empty()) return;
            if (least.empty() || its.size() > least.size()) least = std::move(its);
        }
        faults.insert(faults.end(), least.begin(), least.end());
        return;
    }
    if (schema.contains("type") && !is_of_types(value, schema.at("type"))) {
        return fault("is not of type " + schema.at("type").dump());
    }
    if (schema.contains("const") && schema.at("const") != value) fault("is another constant");
    if (schema.contains("enum")) {
        const json& words = schema.at("enum");
        if (std::find(words.begin(), words.end(), value) == words.end()) fault("is no such word");
    }
    if (value.is_number()) {
        if (schema.contains("minimum") && value < schema.at("minimum")) fault("is too small");
        if (schema.contains("maximum") && value > schema.at("maximum")) fault("is too large");
    }
    if (value.is_string() && schema.contains("pattern")) {
        const std::regex pattern{schema.at("pattern").get<std::string>()};
        if (!std::regex_search(value.get<std::string>(), pattern)) fault("does not fit");
    }
    if (value.is_array()) {
        if (schema.contains("minItems") && value.size() < schema.at("minItems")) fault("has few");
        if (schema.contains("maxItems") && value.size() > schema.at("maxItems")) fault("has many");
        for (std::size_t i = 0; schema.contains("items") && i < value.size(); ++i)
            check(schema.at("items"), value[i], place + "[" + std::to_string(i) + "]", faults);
    }
    if (value.is_object()) check_object(schema, value, place, faults);
}

void ApiContract::check_object(const json& schema,
                               const json& value,
                               const std::string& place,
                               std::vector<std::string>& faults) const {
    if (schema.contains("required")) {
        for (const std::string key : schema.at("required")) {
            if (!value.contains(key)) faults.push_back(place + ": has no " + key);
        }
    }
    if (!schema.contains("properties")) return;
    const bool more = schema.value("additionalProperties", false);
    for (const auto& [key, one] : value.items()) {
        if (schema.at("properties").contains(key)) {
            check(schema.at("properties").at(key), one, place + "." + key, faults);
        } else if (!more) {
            faults.push_back(place + ": " + key + " is not described");
        }
    }
}

}  // namespace nearfab::e2e
