// SPDX-License-Identifier: GPL-3.0-or-later
// api_contract.hpp - holds real answers against the OpenAPI document that the router serves.
//
// Knows the part of JSON Schema that the document uses: $ref, type, properties, required, items,
// enum, const, anyOf, minimum, maximum, minItems, maxItems, minLength, maxLength and pattern; any
// other word in a schema is a fault of the document. A key that is described nowhere is a fault
// too, unless additionalProperties is true.

#pragma once

#include "tests/e2e/raw_http.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace nearfab::e2e {

class ApiContract {
public:
    // Braces would make a list of it.
    explicit ApiContract(nlohmann::json document) : document_(std::move(document)) {}

    // What of the answer is not as the document says; empty: nothing.
    [[nodiscard]] std::vector<std::string> faults_of(const std::string& method,
                                                     const std::string& target,
                                                     const RawAnswer& answer) const;
    // Of a value against a schema of the document's components ("Job").
    [[nodiscard]] std::vector<std::string> faults_of(const std::string& schema,
                                                     const nlohmann::json& value) const;

private:
    using Json = nlohmann::json;
    [[nodiscard]] const Json* operation(const std::string& method, const std::string& path) const;
    void check(const Json& schema,
               const Json& value,
               const std::string& place,
               std::vector<std::string>& faults) const;
    void check_object(const Json& schema,
                      const Json& value,
                      const std::string& place,
                      std::vector<std::string>& faults) const;

    Json document_;
};

}  // namespace nearfab::e2e
