// SPDX-License-Identifier: GPL-3.0-or-later
// terms_table.hpp - the fabs' terms sorted into at most 32 classes.
//
// Few fabs write terms of their own, so nearly every class is one set of terms and decides alone.
// When all are taken, the rest shares the last class, of which nothing is known.

#pragma once

#include "proto/model/capability.hpp"
#include "router/matching/question.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace nearfab::router {

class TermsTable {
public:
    static constexpr std::size_t classes_max = 32;
    static constexpr std::uint8_t mixed = classes_max - 1;

    [[nodiscard]] std::uint8_t join(const FabTerms& terms);
    // REQUIRES: one of the class joined and has not left.
    void leave(std::uint8_t terms);

    // A bit per class; `mixed` may accept everything.
    struct Accepting {
        std::uint32_t licence = 0;
        std::uint32_t submitter = 0;
    };
    [[nodiscard]] Accepting accepting(const Question& question) const;

private:
    struct Class {
        FabTerms terms;
        std::uint32_t fabs = 0;
    };
    std::array<Class, classes_max> classes_{};
};

}  // namespace nearfab::router
