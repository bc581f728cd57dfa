// SPDX-License-Identifier: GPL-3.0-or-later
// file_refusal.hpp - why a file that was looked at cannot be made, in the words of `nearfab check`.

#pragma once

#include "base/result.hpp"
#include "geometry/part_check.hpp"
#include "intake/no_process.hpp"

#include <optional>
#include <string>

namespace nearfab::intake {

struct FileRefusal {
    Error error;       // invalid_file; begins with the file's name.
    std::string rule;  // Of the finding that it is; empty for any other.
    std::optional<NoProcess> no_process;
};

// The first error among the findings; or that no process of those judged makes the part. Nothing
// when it can be made.
[[nodiscard]] std::optional<FileRefusal> refusal_of(const geometry::PartCheck& check,
                                                    const std::string& name,
                                                    const AskedFor& asked);

}  // namespace nearfab::intake
