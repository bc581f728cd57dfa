// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/index/terms_table.hpp"

#include "base/check.hpp"
#include "router/matching/requirements.hpp"

#include <algorithm>
#include <bit>
#include <iterator>

namespace nearfab::router {
namespace {

using Names = std::vector<std::string>;

void put_in_order(Names& names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
}

std::size_t new_names(const Names& known, const Names& more) {
    return static_cast<std::size_t>(
        std::count_if(more.begin(), more.end(), [&known](const std::string& name) {
            return !std::binary_search(known.begin(), known.end(), name);
        }));
}

void join_names(Names& known, const Names& more) {
    Names both;
    std::set_union(known.begin(), known.end(), more.begin(), more.end(), std::back_inserter(both));
    known = std::move(both);
}

}  // namespace

TermsTable::Class TermsTable::class_of(const Advertisement& fab) {
    Class made;
    made.terms = fab.terms;
    made.anybody = fab.terms.submitters.empty();
    for (const Capability& machine : fab.machines) {
        if (machine.rates) made.currencies.push_back(machine.rates->currency);
    }
    put_in_order(made.terms.licences);
    put_in_order(made.terms.submitters);
    put_in_order(made.currencies);
    return made;
}

bool TermsTable::Class::is(const Class& other) const {
    return exact && terms == other.terms && currencies == other.currencies;
}

// Who works for anybody among those who work for few would be looked at for everybody.
std::size_t TermsTable::Class::gain(const Class& other) const {
    constexpr std::size_t opened = 64;
    return new_names(terms.licences, other.terms.licences) +
           new_names(terms.submitters, other.terms.submitters) +
           new_names(currencies, other.currencies) + (anybody == other.anybody ? 0 : opened);
}

void TermsTable::Class::take_in(const Class& other) {
    exact = false;
    join_names(terms.licences, other.terms.licences);
    join_names(terms.submitters, other.terms.submitters);
    join_names(currencies, other.currencies);
    anybody = anybody || other.anybody;
    anything =
        anything || terms.licences.size() + terms.submitters.size() + currencies.size() > names_max;
    if (!anything) return;
    terms = {};
    currencies.clear();
}

std::size_t TermsTable::place_for(const Class& wanted) const {
    std::size_t unused = classes_max;
    for (std::size_t c = 0; c < classes_max; ++c) {
        if (classes_[c].fabs == 0) {
            unused = std::min(unused, c);
        } else if (classes_[c].is(wanted)) {
            return c;
        }
    }
    if (unused != classes_max) return unused;
    const auto least = std::min_element(
        classes_.begin(), classes_.end(), [&wanted](const Class& a, const Class& b) {
            return a.gain(wanted) < b.gain(wanted);
        });
    return static_cast<std::size_t>(least - classes_.begin());
}

std::uint8_t TermsTable::join(const Advertisement& fab) {
    Class wanted = class_of(fab);
    const std::size_t place = place_for(wanted);
    Class& chosen = classes_[place];
    if (chosen.fabs == 0) {
        chosen = std::move(wanted);
    } else if (!chosen.is(wanted)) {
        chosen.take_in(wanted);
    }
    ++chosen.fabs;
    used_ |= std::uint32_t{1} << place;
    return static_cast<std::uint8_t>(place);
}

void TermsTable::leave(std::uint8_t terms) {
    NEARFAB_CHECK(classes_[terms].fabs > 0, "a fab leaves the class of terms that it joined");
    if (--classes_[terms].fabs == 0) used_ &= ~(std::uint32_t{1} << terms);
}

TermsTable::Accepting TermsTable::accepting(const Question& question) const {
    Accepting accepting;
    for (std::uint32_t left = used_; left != 0; left &= left - 1) {
        const Class& here = classes_[static_cast<std::size_t>(std::countr_zero(left))];
        const std::uint32_t bit = left & ~(left - 1);
        if (here.exact) accepting.exact |= bit;
        if (here.anything || accepts_licence(question, here.terms)) accepting.licence |= bit;
        if (here.anything || here.anybody ||
            std::binary_search(here.terms.submitters.begin(),
                               here.terms.submitters.end(),
                               question.submitter.text())) {
            accepting.submitter |= bit;
        }
        if (here.anything ||
            std::binary_search(here.currencies.begin(), here.currencies.end(), question.currency)) {
            accepting.currency |= bit;
        }
    }
    return accepting;
}

}  // namespace nearfab::router
