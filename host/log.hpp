// SPDX-License-Identifier: GPL-3.0-or-later
// log.hpp - one line per event on stderr, for people (text) or for programs (json).

#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace nearfab {

// `level`: trace, debug, info, warn or error. `json`: one object per line with the keys time,
// level, message and those of LogAbout. Called once, by main().
void start_logging(const std::string& program, const std::string& level, bool json);

// What the lines are about that this thread logs while it lives: further keys of the object ("job",
// "work_order", "fab", "machine"). Lines for people say it in their words.
class LogAbout {
public:
    using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;
    // Keys are our own words; fields without a value are left out.
    explicit LogAbout(Fields fields);
    ~LogAbout();
    LogAbout(const LogAbout&) = delete;
    LogAbout& operator=(const LogAbout&) = delete;

private:
    std::size_t before_;  // So much was said of lines outside.
};

// The text as the inside of a JSON string: quotes, backslashes and control characters escaped, what
// is no UTF-8 replaced by U+FFFD (a slicer or a machine may say anything).
[[nodiscard]] std::string json_escaped(std::string_view text);
// With a space in place of each control character, so that it stays one line.
[[nodiscard]] std::string on_one_line(std::string_view text);

}  // namespace nearfab
