// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/licence_terms.hpp"

#include "base/spelling.hpp"
#include "intake/known_licences.hpp"
#include "proto/model/licence.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace nearfab::agent {
namespace {

std::string small(std::string_view text) {
    std::string letters{text};
    std::transform(letters.begin(), letters.end(), letters.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return letters;
}

bool begins_a_licence(std::string_view beginning) {
    if (beginning.empty()) return true;  // "*" is every licence.
    const std::vector<std::string> like = intake::licences_like(beginning);
    return !like.empty() && small(like.front()).starts_with(small(beginning));
}

bool is_known(const std::string& term) {
    if (small(term) == "open" || is_open_licence(term)) return true;
    if (term.ends_with('*')) {
        return begins_a_licence(std::string_view{term}.substr(0, term.size() - 1));
    }
    // Somebody's own licence is taken as it is written, if a design can be under it.
    const bool own = term.starts_with("LicenseRef-") || term.starts_with("DocumentRef-");
    if (own) {
        return term.back() != '-' && term.find(' ') == std::string::npos &&
               LicenceExpression::parse(term).has_value();
    }
    return intake::is_known_licence(term);
}

std::string meant_by(const std::string& term) {
    const std::array<std::string, 1> open{"open"};
    if (nearest_word(small(term), open)) return "did you mean \"open\"?";
    std::string names;
    for (const std::string& name : intake::licences_like(term))
        names += (names.empty() ? "\"" : " or \"") + name + "\"";
    if (!names.empty()) return "did you mean " + names + "?";
    return R"(write for example "open", "CERN-OHL-S-2.0" or "CC-BY-*")";
}

}  // namespace

Status check_licence_term(const std::string& term) {
    if (is_known(term)) return {};
    return fail(ErrorCode::invalid_argument,
                "no licence is called \"" + term +
                    "\"; expected \"open\", an SPDX id, or the beginning of one with a '*'",
                meant_by(term));
}

}  // namespace nearfab::agent
