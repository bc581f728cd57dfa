// SPDX-License-Identifier: GPL-3.0-or-later
// designer.hpp - somebody who wants parts: keeps a key, asks until there is an answer, changes
// their mind, and remembers what was promised.

#pragma once

#include "tests/simulation/network.hpp"
#include "wire/client_session.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nearfab::simulation {

class Designer {
public:
    Designer(Scene& scene, Network& network, std::string name, std::size_t jobs);

    void dial(LineNumber line) { line_ = line; }
    void receive(const Bytes& bytes) {
        next_.reset();
        inbox_.push_back(bytes);
    }
    // When it wants to run next; kept until something happens to it.
    [[nodiscard]] TimePoint next() const {
        if (!next_) next_ = find_next();
        return *next_;
    }
    void run();

    // The program ends and is started again; what was asked is kept.
    void start_again();
    // More jobs at once than anybody may have.
    void flood();
    // Its program asks again and again until then, whatever is answered.
    void pester(TimePoint until);
    [[nodiscard]] LineNumber line() const { return line_; }
    // From now on nothing is wanted any more that has not come.
    void give_up();
    // The router has lost what it knew: what it promised is asked for again.
    void ask_anew(const std::set<JobId>& lost);

    [[nodiscard]] const std::string& name() const { return name_; }
    // Everything has ended.
    [[nodiscard]] bool is_content() const;

private:
    struct Wish {
        std::string key;
        JobSpec spec;
        Bytes design;
        TimePoint from;  // Wanted from then on.
        bool uploaded = false;
        bool tried_otherwise = false;
        std::optional<JobId> job;
        bool ended = false;
        std::optional<TimePoint> cancel_at;
        bool cancelled = false;  // The router has said that it knows.
        TimePoint next_try;
    };
    struct Question {
        std::size_t wish = 0;
        bool otherwise = false;
    };

    [[nodiscard]] TimePoint find_next() const;
    void wish_for(TimePoint from);
    [[nodiscard]] JobSpec draw_spec(const Bytes& design);
    void act(Wish& wish, std::size_t number);
    void submit(const Wish& wish, std::size_t number, bool otherwise);
    void ask(const Message& body, std::size_t number, bool otherwise = false);
    void take(const wire::ClientEvent& event);
    void hear(const Question& question, const Message& body);

    Scene& scene_;
    Network& network_;
    std::string name_;
    LineNumber line_ = 0;
    mutable std::optional<TimePoint> next_;
    std::unique_ptr<wire::ClientSession> session_;
    std::vector<Bytes> inbox_;
    std::vector<Wish> wishes_;
    std::map<std::uint64_t, Question> questions_;
    std::uint64_t correlations_ = 0;
    bool gave_up_ = false;
    TimePoint pester_until_;
};

}  // namespace nearfab::simulation
