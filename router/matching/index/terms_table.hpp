// SPDX-License-Identifier: GPL-3.0-or-later
// terms_table.hpp - the fabs' terms and currencies sorted into at most 32 classes.
//
// Few fabs write terms of their own, so nearly every class is one set of terms and decides alone.
// When all classes are taken, terms join the class that they are most like; it then stands for
// everything that any of its fabs accepts, and each of its fabs is looked at by itself.

#pragma once

#include "proto/model/capability.hpp"
#include "router/matching/question.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nearfab::router {

class TermsTable {
public:
    static constexpr std::size_t classes_max = 32;
    // A class with more names than this stands for everything.
    static constexpr std::size_t names_max = 1024;

    // The class of one more such fab.
    [[nodiscard]] std::uint8_t join(const Advertisement& fab);
    // REQUIRES: one of the class joined and has not left.
    void leave(std::uint8_t terms);

    // A bit per class: whether one of its fabs may accept the licence or the submitter, or ask its
    // price in the currency.
    struct Accepting {
        std::uint32_t licence = 0;
        std::uint32_t submitter = 0;
        std::uint32_t currency = 0;
        std::uint32_t exact = 0;  // All fabs of the class do, or none.
    };
    [[nodiscard]] Accepting accepting(const Question& question) const;

private:
    struct Class {
        FabTerms terms;  // Of all its fabs together. Names are sorted.
        std::vector<std::string> currencies;
        std::uint32_t fabs = 0;
        bool anybody = false;  // One of its fabs works for any submitter.
        bool exact = true;
        bool anything = false;  // Too many names.

        [[nodiscard]] bool is(const Class& other) const;
        // How many names it would gain.
        [[nodiscard]] std::size_t gain(const Class& other) const;
        void take_in(const Class& other);
    };
    [[nodiscard]] static Class class_of(const Advertisement& fab);
    [[nodiscard]] std::size_t place_for(const Class& wanted) const;

    std::array<Class, classes_max> classes_{};
    std::uint32_t used_ = 0;  // A bit for each class with fabs: most questions look at few.
};

}  // namespace nearfab::router
