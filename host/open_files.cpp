// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/open_files.hpp"

#include <sys/resource.h>

namespace nearfab {

std::uint64_t raise_open_file_limit() {
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return 0;
    const rlim_t before = files.rlim_cur;
    files.rlim_cur = files.rlim_max;
    return ::setrlimit(RLIMIT_NOFILE, &files) == 0 ? files.rlim_cur : before;
}

}  // namespace nearfab
