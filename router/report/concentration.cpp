// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/report/concentration.hpp"

namespace nearfab::router {

double herfindahl_hirschman(std::span<const std::uint64_t> amounts) {
    double whole = 0;
    for (const std::uint64_t amount : amounts)
        whole += static_cast<double>(amount);
    if (whole <= 0) return 0;
    double index = 0;
    for (const std::uint64_t amount : amounts) {
        const double percent = 100 * (static_cast<double>(amount) / whole);
        index += percent * percent;
    }
    return index > 10'000 ? 10'000 : index;
}

}  // namespace nearfab::router
