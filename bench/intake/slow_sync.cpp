// SPDX-License-Identifier: GPL-3.0-or-later
// A library to be preloaded: every fsync and fdatasync takes NEARFAB_SLOW_SYNC_US longer.
//
// So every store meets the same slow disk, the servers among them.

#include <cstdlib>
#include <dlfcn.h>
#include <unistd.h>

namespace {

using Sync = int (*)(int);

int slowly(const char* name, int descriptor) {
    static const char* text = std::getenv("NEARFAB_SLOW_SYNC_US");
    static const long delay_us = text == nullptr ? 0 : std::atol(text);
    if (delay_us > 0) ::usleep(static_cast<useconds_t>(delay_us));
    return reinterpret_cast<Sync>(::dlsym(RTLD_NEXT, name))(descriptor);
}

}  // namespace

extern "C" int fdatasync(int descriptor) {
    return slowly("fdatasync", descriptor);
}

extern "C" int fsync(int descriptor) {
    return slowly("fsync", descriptor);
}
