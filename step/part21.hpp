// SPDX-License-Identifier: GPL-3.0-or-later
// part21.hpp - the outside of a STEP file: is it one, is it whole, and is it about parts.
//
// A STEP file is text after ISO 10303-21 ("Part 21"): "ISO-10303-21;", a header that names the
// schema, data, "END-ISO-10303-21;". Other trades use the same form for buildings or electronics,
// so the schema decides whether there can be a part in it. The data itself is OpenCASCADE's to read
// (step/occt). Pure.

#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace nearfab::step {

// Whether the file begins like a STEP file, after blanks, in capital or small letters.
[[nodiscard]] bool is_step(std::span<const std::uint8_t> file);

// The name of the schema that was found ("AUTOMOTIVE_DESIGN"), of AP203, AP214 or AP242.
// Errors (invalid_file) with their line: no header, no schema, a schema of something else, no end.
[[nodiscard]] Result<std::string> schema_of(std::string_view text);

}  // namespace nearfab::step
