// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/index/terms_table.hpp"

#include "base/check.hpp"
#include "router/matching/requirements.hpp"

namespace nearfab::router {

std::uint8_t TermsTable::join(const FabTerms& terms) {
    std::uint8_t chosen = mixed;
    for (std::uint8_t c = 0; c < mixed; ++c) {
        if (classes_[c].fabs > 0 && classes_[c].terms == terms) {
            chosen = c;
            break;
        }
        if (classes_[c].fabs == 0 && chosen == mixed) chosen = c;
    }
    if (chosen != mixed && classes_[chosen].fabs == 0) classes_[chosen].terms = terms;
    ++classes_[chosen].fabs;
    return chosen;
}

void TermsTable::leave(std::uint8_t terms) {
    NEARFAB_CHECK(classes_[terms].fabs > 0, "a fab leaves the class of terms that it joined");
    --classes_[terms].fabs;
}

TermsTable::Accepting TermsTable::accepting(const Question& question) const {
    Accepting accepting;
    for (std::size_t c = 0; c < classes_max; ++c) {
        if (classes_[c].fabs == 0) continue;
        const std::uint32_t bit = std::uint32_t{1} << c;
        if (c == mixed || accepts_licence(question, classes_[c].terms)) accepting.licence |= bit;
        if (c == mixed || accepts_submitter(question, classes_[c].terms)) {
            accepting.submitter |= bit;
        }
    }
    return accepting;
}

}  // namespace nearfab::router
