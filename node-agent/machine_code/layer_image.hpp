// SPDX-License-Identifier: GPL-3.0-or-later
// layer_image.hpp - one layer of a resin print: a PNG, exactly as PrusaSlicer writes it.
//
// A printer shows the picture for seconds under a lamp, and decodes it in the middle of the print.
// So nothing is left to its decoder: one IHDR, IDATs, one IEND, eight bits of grey, rows without
// filter and not interlaced, every checksum right, all rows there and nothing behind them. Pure.

#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace nearfab::agent {

struct LayerImage {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint64_t light = 0;    // Sum of all pixels, each 0 to 255.
    bool touches_edge = false;  // An outermost pixel is lit: something was cut off.
};

// REQUIRES: pixels_max >= 1. Errors: invalid_file with the reason; too_large for more pixels.
// `name` goes into them.
[[nodiscard]] Result<LayerImage> read_layer_image(std::span<const std::uint8_t> png,
                                                  std::uint64_t pixels_max,
                                                  const std::string& name);

}  // namespace nearfab::agent
