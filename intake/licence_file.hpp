// SPDX-License-Identifier: GPL-3.0-or-later
// licence_file.hpp - which licence a LICENSE or COPYING file is.
//
// Recognised by an "SPDX-License-Identifier:" line or by a phrase that only this licence's own text
// contains. A file in which more than one licence is recognised, or none, gives nothing: a designer
// can say which it is in one word, and a wrong guess would let a fab make what it may not.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nearfab::intake {

// The SPDX expression after the first SPDX-License-Identifier, else the SPDX id of the licence
// whose text this is, else nothing. GNU licences give the "-only" form, because the text alone does
// not say "or any later version".
[[nodiscard]] std::optional<std::string> licence_in(std::string_view text);

}  // namespace nearfab::intake
