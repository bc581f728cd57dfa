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
#include <string>
#include <string_view>

namespace nearfab::gateway {

inline constexpr std::size_t photo_bytes_max = std::size_t{1} << 20U;

// Whether these bytes are a whole JPEG that says nothing beside the picture: no place, no camera,
// no words, nothing behind its end. Error invalid_file. The picture itself is not decoded; whoever
// shows it does.
[[nodiscard]] Status check_photo(std::string_view bytes);

class Photos {
public:
    // Makes the folder if need be and counts what lies in it.
    [[nodiscard]] static Result<Photos> open(std::filesystem::path folder, std::uint64_t bytes_max);

    // In place of an earlier one of the same attempt; on the disk when it returns. Errors
    // limit_reached, storage.
    // REQUIRES: check_photo() found nothing.
    [[nodiscard]] Status keep(const WorkOrderId& order,
                              std::uint64_t epoch,
                              std::string_view bytes);
    // Error not_found.
    [[nodiscard]] Result<std::string> read(const WorkOrderId& order, std::uint64_t epoch) const;
    [[nodiscard]] bool has(const WorkOrderId& order, std::uint64_t epoch) const;

private:
    Photos(std::filesystem::path folder, std::uint64_t bytes_max)
        : folder_{std::move(folder)}, bytes_max_{bytes_max} {}
    [[nodiscard]] std::filesystem::path path(const WorkOrderId& order, std::uint64_t epoch) const;

    std::filesystem::path folder_;
    std::uint64_t bytes_max_;
    std::uint64_t bytes_ = 0;
};

}  // namespace nearfab::gateway
