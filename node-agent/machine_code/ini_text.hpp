// SPDX-License-Identifier: GPL-3.0-or-later
// ini_text.hpp - lines "name = value", as PrusaSlicer writes its profiles and its SLA archives.
//
// No sections: a bundle of many profiles has them, and is refused. Values stay text. Pure.

#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::agent {

class IniText {
public:
    // Error config, with file:line: a section, a name said twice, or a line that is neither empty,
    // a comment (#, ;) nor "name = value".
    [[nodiscard]] static Result<IniText> parse(std::string_view text, const std::string& file_name);

    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
    // The value as a number; with several ("0.4,0.4") the first. Nothing: absent, or no number.
    [[nodiscard]] std::optional<double> number(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> names() const;

private:
    std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace nearfab::agent
