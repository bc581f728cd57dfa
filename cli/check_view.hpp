// SPDX-License-Identifier: GPL-3.0-or-later
// check_view.hpp - a checked file on one screen.

#pragma once

#include "cli/checked_file.hpp"
#include "terminal/screen.hpp"

#include <string>

namespace nearfab::cli {

[[nodiscard]] std::string misfit_text(
    const CheckedFile& file);  // REQUIRES: it was asked and does not fit.
// `bed` as the user wrote it.
[[nodiscard]] std::string check_text(const CheckedFile& file,
                                     const std::string& bed,
                                     const Screen& screen);
// Why the file was rejected, for the last line, where the report has said it all already.
// REQUIRES: file.rejection.
[[nodiscard]] Error error_after_report(const CheckedFile& file);

}  // namespace nearfab::cli
