// SPDX-License-Identifier: GPL-3.0-or-later
// story_words.hpp - facts and messages in a few words, as they stand in the stories.

#pragma once

#include "proto/model/message.hpp"
#include "router/core/fact.hpp"

#include <string>

namespace nearfab::router::testing {

// "9f86d081 in inch".
[[nodiscard]] std::string in_words(const DesignReading& reading);
[[nodiscard]] std::string in_words(const Fact& fact);
[[nodiscard]] std::string in_words(const Message& message);

}  // namespace nearfab::router::testing
