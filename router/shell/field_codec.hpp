// SPDX-License-Identifier: GPL-3.0-or-later
// field_codec.hpp - single values of a snapshot.

#pragma once

#include "base/clock.hpp"
#include "base/content_hash.hpp"
#include "base/result.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

namespace nearfab::router {

inline std::int64_t ms_of(WallTime time) {
    return time.time_since_epoch().count();
}

inline WallTime time_of(std::int64_t ms) {
    return WallTime{Duration{ms}};
}

inline std::string bytes_of(const ContentHash& hash) {
    return {hash.bytes.begin(), hash.bytes.end()};
}

// False: these bytes are no hash.
inline bool read_hash(const std::string& bytes, ContentHash& hash) {
    if (bytes.size() != hash.bytes.size()) return false;
    std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
    return true;
}

inline tl::unexpected<Error> unreadable(const std::string& what) {
    return fail(ErrorCode::unsupported,
                "a snapshot with " + what + " that this router cannot read",
                "start the version of nearfab that wrote it, or a newer one");
}

}  // namespace nearfab::router
