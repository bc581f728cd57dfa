// SPDX-License-Identifier: GPL-3.0-or-later
// photos.hpp - what operators photographed when they inspected a piece, one for each attempt.
//
// Beside the life of the work and not a part of it: losing one changes nothing. Belongs to the
// gateway's thread, which waits for the disk here; pieces are inspected seldom enough.

#pragma once

#include "base/id.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nearfab::gateway {

inline constexpr std::size_t photo_bytes_max = std::size_t{1} << 20U;

// Whether these bytes are a whole JPEG with nothing beside the picture: no place, no camera, no
// words, no smaller picture, nothing behind its end. Error invalid_file. The coded picture itself
// is not looked at; whoever shows it does that.
[[nodiscard]] Status check_photo(std::string_view bytes);

class Photos {
public:
    struct Photo {
        WorkOrderId order;
        std::uint64_t epoch = 0;
        FabId fab;  // Whose attempt it was.
    };

    // Makes the folder if need be, and takes up what lies in it.
    [[nodiscard]] static Result<Photos> open(std::filesystem::path folder, std::uint64_t bytes_max);

    // In place of an earlier one of the same attempt; on the disk when it returns. Errors
    // unavailable (no room left for photos; files that were deleted meanwhile are room), storage.
    // REQUIRES: check_photo() found nothing.
    [[nodiscard]] Status keep(const Photo& photo, std::string_view bytes);
    // Error not_found.
    [[nodiscard]] Result<std::string> read(const Photo& photo) const;
    // Of all attempts, the oldest first.
    [[nodiscard]] std::vector<Photo> of(const WorkOrderId& order) const;

private:
    using Key = std::pair<WorkOrderId, std::uint64_t>;
    struct Entry {
        FabId fab;
        std::uint64_t bytes = 0;
    };

    Photos(std::filesystem::path folder, std::uint64_t bytes_max)
        : folder_{std::move(folder)}, bytes_max_{bytes_max} {}
    [[nodiscard]] std::filesystem::path path(const Photo& photo) const;
    [[nodiscard]] Status look();

    std::filesystem::path folder_;
    std::uint64_t bytes_max_;
    std::map<Key, Entry> photos_;
    std::uint64_t bytes_ = 0;
};

}  // namespace nearfab::gateway
