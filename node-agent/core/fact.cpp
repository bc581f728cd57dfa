// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/core/fact.hpp"

namespace nearfab::agent {

Fact::Fact() = default;
Fact::Fact(const Fact& other) = default;
Fact::Fact(Fact&& other) noexcept = default;
Fact& Fact::operator=(const Fact& other) = default;
Fact& Fact::operator=(Fact&& other) noexcept = default;
Fact::~Fact() = default;

bool operator==(const Fact& one, const Fact& other) {
    return static_cast<const FactKinds&>(one) == static_cast<const FactKinds&>(other);
}

}  // namespace nearfab::agent
