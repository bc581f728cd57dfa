// SPDX-License-Identifier: GPL-3.0-or-later
// application_key.hpp - OctoPrint's handshake for a key: a person says yes on OctoPrint's page.
//
// OctoPrint's bundled plugin "appkeys": the question stands on the page of every user who is logged
// in there, and is dropped when nobody asks after it for 5 s. Its server allows 3 questions in a
// minute.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace nearfab::agent {

struct KeyQuestion {
    std::string url;
    std::optional<std::filesystem::path> ca_file = std::nullopt;
    Duration poll = std::chrono::seconds{1};  // At most 5 s.
    Duration limit = std::chrono::minutes{5};
};

// `asked` is called once, when the question stands on the page. Blocks until there is an answer.
// Errors: unsupported, no such plugin answers there; unauthorised, somebody said no; timed_out,
// nobody said anything within the limit; unavailable, it does not answer (any more).
[[nodiscard]] Result<std::string> ask_for_application_key(const KeyQuestion& question,
                                                          const std::function<void()>& asked);

}  // namespace nearfab::agent
