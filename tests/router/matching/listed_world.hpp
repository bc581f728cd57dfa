// SPDX-License-Identifier: GPL-3.0-or-later
// listed_world.hpp - a few fabs in a plain list, for tests of the matcher.

#pragma once

#include "router/matching/matcher.hpp"
#include "tests/router/matching/samples.hpp"

#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::router::testing {

// Fabs as a router would show them to the matcher; everything can be changed before asking.
struct ListedWorld {
    std::deque<Advertisement> advertisements;
    std::vector<FabView> fabs;
    MatchingRules rules;

    FabView& add(const std::string& id, Advertisement advertisement) {
        advertisements.push_back(std::move(advertisement));
        FabView view;
        view.fab = FabId{id};
        view.advertisement = &advertisements.back();
        view.connected = true;
        for (const Capability& machine : view.advertisement->machines) {
            view.machines.push_back({&machine, 0, {}, 0});
        }
        fabs.push_back(view);
        return fabs.back();
    }

    Question ask(const PartFacts& facts, const std::string& material = "pla") const {
        Question question = make_question(part("thing", material), facts);
        question.place_of_use = lyon;
        question.submitter = IdentityId{"ada"};
        return question;
    }
};

inline std::vector<std::string> order_of(const MatchReport& report) {
    std::vector<std::string> names;
    for (const Candidate& c : report.candidates)
        names.push_back(c.fab.text());
    return names;
}

}  // namespace nearfab::router::testing
