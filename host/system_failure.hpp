// SPDX-License-Identifier: GPL-3.0-or-later
// system_failure.hpp - a refused system call as an Error a person understands.
//
// A full disk is the refusal people meet most, so it has the same wording everywhere: "disk full".

#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace nearfab {

// `what` is the attempt ("cannot open /etc/x"), `error_number` the errno it left behind. ENOENT
// becomes not_found, everything else storage. DEFAULT: `next` is chosen by the error number.
[[nodiscard]] tl::unexpected<Error> fail_system(std::string_view what,
                                                int error_number,
                                                std::string next = {});

// The system's own words for an errno ("Permission denied").
[[nodiscard]] std::string system_text(int error_number);

}  // namespace nearfab
