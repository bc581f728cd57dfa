// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/spelling.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace nearfab::cli {
namespace {

// How many letters must be changed, added, dropped or swapped with their neighbour.
std::size_t letters_apart(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> now(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, change});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) now[j] = std::min(now[j], before_last[j - 2] + 1);
        }
        before_last.swap(last);
        last.swap(now);
    }
    return last[b.size()];
}

}  // namespace

std::optional<std::string> nearest_word(std::string_view typed,
                                        std::span<const std::string> words) {
    constexpr std::size_t typed_max = 64;  // Longer is no slip of the finger.
    if (typed.size() > typed_max) return std::nullopt;
    std::optional<std::string> best;
    std::size_t best_apart = 3;
    for (const std::string& word : words) {
        const std::size_t apart = letters_apart(typed, word);
        if (apart < best_apart && apart < typed.size()) {
            best = word;
            best_apart = apart;
        }
    }
    return best;
}

}  // namespace nearfab::cli
