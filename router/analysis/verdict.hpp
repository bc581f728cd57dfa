// SPDX-License-Identifier: GPL-3.0-or-later
// verdict.hpp - what the analysis worker says about a file, on its standard output.
//
// The worker reads untrusted geometry, so what it prints is checked like a message from outside.

#pragma once

#include "base/result.hpp"
#include "proto/model/part.hpp"

#include <string>
#include <string_view>

namespace nearfab::router {

// Facts, or why the file cannot be made.
using Verdict = Result<PartFacts>;

[[nodiscard]] std::string encode_verdict(const Verdict& verdict);
// An Error of code `internal` when the text is no verdict: the worker is broken, not the file.
[[nodiscard]] Verdict decode_verdict(std::string_view text);

// The whole check as JSON; the error is why there is none (the words for it were wrong, the file
// could not be read from the disk). A file that cannot be made is told of in the JSON.
using CheckText = Result<std::string>;

[[nodiscard]] std::string encode_check(const CheckText& check);
[[nodiscard]] CheckText decode_check(std::string_view text);

}  // namespace nearfab::router
