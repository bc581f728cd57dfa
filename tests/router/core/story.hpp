// SPDX-License-Identifier: GPL-3.0-or-later
// story.hpp - tells a router a story, line by line, and writes down what it does.
//
// A story file is blocks of commands, each followed by "----" and what the router did. The words:
//
//   fab NAME LAT,LON MACHINE XxYxZ mat:grams[,mat:grams] [by-hand] [state=...] [process=]
//          [feature=MM]   connects, advertises
//   lose NAME | connect NAME
//   submit WHO KEY PART [material=] [at=LAT,LON] [quantity=] [licence=]
//          [redo=never|at-once|SECONDS] [missing] [deadline=SECONDS]
//          [process=] [min-feature=MM] [thickness=MM] [unit=] [operation=RULE]
//   analysed PART XxYxZ [wall=MM] [kind=drawing|plate] | refused PART TEXT...
//   broke PART TEXT...   the analysis did not survive it
//   accept FAB WORK | decline FAB WORK TEXT...
//   ask-start FAB WORK nonce=N [bed=no] [design=WORD] [code=WORD] [machine=ID] [e=N]
//   report FAB WORK STATE [e=N] [unsafe] [TEXT...]
//   progress FAB WORK PHASE FRACTION SECONDS
//   inventory FAB [WORK:STATE[:e] ...] [early=yes]   early: before it heard that it is asked
//   watch WHO KEY | cancel WHO KEY | why WHO KEY | status WHO | quote WHO PART XxYxZ (and
//   the words of submit and analysed)
//   connect NAME run=WORD key=WORD | forgive NAME | gone NAME | fabs WHO
//   relay WHO KEY FAB ACTION MACHINE [TEXT...] | look WHO FAB   by a WHO that begins with
//   "operator" pass FAB REQUEST | did FAB REQUEST TEXT... | refuses FAB REQUEST TEXT... | shows FAB
//   REQUEST leave WHO       its session is over storage low|fine | wait SECONDS | restart clock
//   SECONDS   sets the wall clock, and only it upgrade         restarts a router whose analysis is
//   one version newer restore NUMBER  restores a backup that lacks the last facts: a new generation
//
// PART of an analysis is NAME/UNIT/RULE where the designer gave a unit or an operation. WORK is
// KEY#1: the first work order of the job submitted with that key.

#pragma once

#include "router/core/router.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace nearfab::router::testing {

class Story {
public:
    explicit Story(RouterOptions options = {});

    // Carries out one command line; gives what the router did, one effect a line.
    std::string tell(const std::string& line);

    [[nodiscard]] const Router& router() const { return *router_; }
    [[nodiscard]] const std::vector<std::pair<WallTime, Fact>>& facts() const { return facts_; }
    // Is there a work order of this name (KEY#1)?
    [[nodiscard]] bool knows(const std::string& name) const {
        return job_of_key_.contains(name.substr(0, name.find('#'))) &&
               router_->ledger().work_order(work(name)) != nullptr;
    }

private:
    struct Words;
    std::string run(const Event& event);
    std::string wait(Duration span);
    std::string restart();
    std::string print(const Effects& effects);
    std::string print(const Effect& effect);
    std::string named(std::string text) const;  // Ids to KEY#1.
    WorkOrderId work(const std::string& name) const;
    JobId job(const std::string& key) const;
    Event client(const Words& words, Message body);

    RouterOptions options_;
    std::unique_ptr<Router> router_;
    Moment now_;
    std::vector<std::pair<WallTime, Fact>> facts_;
    std::map<std::string, std::string> key_of_job_;
    std::map<std::string, std::string> job_of_key_;
    std::uint64_t correlation_ = 0;
    std::set<FabId> asked_;  // For their inventory, which then answers that.
};

// What must hold of a ledger's indexes; empty, or what is broken.
std::string broken_index(const Ledger& ledger);

// What must hold after every step, whatever happened; empty, or what is broken.
std::string broken_invariant(const Router& router);

}  // namespace nearfab::router::testing
