// SPDX-License-Identifier: GPL-3.0-or-later
// licence_terms.hpp - whether a fab's words for the licences it works under mean anything.
//
// A term that is misspelled covers no design, and nobody would notice but the designers who are
// declined. So a term must be "open", an id of the SPDX License List, the beginning of one with a
// "*", or a licence of somebody's own (LicenseRef-...).

#pragma once

#include "base/result.hpp"

#include <string>

namespace nearfab::agent {

// Error invalid_argument: unknown; `next` names what was probably meant.
[[nodiscard]] Status check_licence_term(const std::string& term);

}  // namespace nearfab::agent
