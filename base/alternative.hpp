// SPDX-License-Identifier: GPL-3.0-or-later
// alternative.hpp - one of the types of a variant.

#pragma once

#include <type_traits>
#include <variant>

namespace nearfab {

template <typename Kind, typename Kinds>
inline constexpr bool is_alternative = false;
template <typename Kind, typename... Kinds>
inline constexpr bool is_alternative<Kind, std::variant<Kinds...>> = (std::is_same_v<Kind, Kinds> ||
                                                                      ...);

// `Kind`, as a value or by reference, is exactly one of the types of the variant `Kinds`: unlike
// the variant's own constructor, nothing is converted.
template <typename Kind, typename Kinds>
concept AlternativeOf = is_alternative<std::remove_cvref_t<Kind>, Kinds>;

}  // namespace nearfab
