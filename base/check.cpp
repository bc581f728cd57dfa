// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace nearfab {

void check_failed(std::string_view expression,
                  std::string_view file,
                  int line,
                  std::string_view why) noexcept {
    std::fprintf(stderr,
                 "nearfab: internal error: %.*s (%.*s is false, %.*s:%d). Stopping.\n",
                 static_cast<int>(why.size()),
                 why.data(),
                 static_cast<int>(expression.size()),
                 expression.data(),
                 static_cast<int>(file.size()),
                 file.data(),
                 line);
    std::abort();
}

}  // namespace nearfab
