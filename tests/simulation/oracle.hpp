// SPDX-License-Identifier: GPL-3.0-or-later
// oracle.hpp - what is really true: parts that were made, words that were written down for good.
//
// The oracle believes nothing that a program holds in memory. It sees what becomes durable, what
// leaves a program, and what machines physically do, and ends the simulation with a Violation as
// soon as one of INV1 .. INV10 (docs/PROMISES.md) does not hold.

#pragma once

#include "base/clock.hpp"
#include "base/content_hash.hpp"
#include "base/id.hpp"
#include "node-agent/core/fact.hpp"
#include "proto/model/message.hpp"
#include "router/core/fact.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::simulation {

struct Violation : std::runtime_error {
    using std::runtime_error::runtime_error;
};

using agent::AttemptKey;

// One piece of matter that a machine began to make of one of our files.
struct Piece {
    AttemptKey key;
    std::string machine;  // Physically; two fabs never share a name.
    std::string agent;    // Used the right; empty when by hand.
    bool by_hand = false;
    TimePoint started;
    bool beside_others = false;  // In the same run.
    enum class Fate : std::uint8_t { running, complete, scrap } fate = Fate::running;
    bool good = true;
};

// What stands around a machine at the moment at which it begins to run a file.
struct StartScene {
    TimePoint now;  // Or when the machine was told, if it took its time.
    std::string machine;
    std::string file;
    std::vector<ContentHash> designs;  // Of which the machine really holds the code.
    bool bed_empty = true;
    bool by_hand = false;
    bool attended_process = false;
    bool person_present = false;
};

// "nf-3f9c01d2a4b86e57-1-e2-0a1b2c3d.gcode"
[[nodiscard]] std::optional<AttemptKey> attempt_of_file(const std::string& file);

class Oracle {
public:
    // ---- What programs write down for good, in that order ----
    void router_wrote(const router::Fact& fact);
    // Facts after this many are gone from the router's records for ever.
    void router_restored(std::size_t kept);
    // The network's operator said that nobody needs to wait for this fab any more, because it is
    // gone for good.
    void written_off(const FabId& fab);
    // The router takes a step of this attempt; what becomes durable of it shows later.
    void doubted(const AttemptKey& key, TimePoint now);
    void declared_lost(const AttemptKey& key, TimePoint now) const;
    void agent_wrote(const std::string& agent, const agent::Fact& fact);

    // ---- What they say ----
    void asked(const std::string& agent, const message::StartRequest& question, TimePoint now);
    // The agent wrote that it has a right to start this; the right is the answer to its last
    // question as it came, null if none did.
    void right_used(const std::string& agent,
                    const AttemptKey& key,
                    const message::StartRight* right,
                    TimePoint now);
    void job_accepted(const IdentityId& who, const std::string& key, const JobId& job);

    // ---- What machines do ----
    // The numbers of the pieces; none when the file is none of ours.
    std::vector<std::size_t> started(const StartScene& scene);
    void ended(std::size_t piece, bool complete, bool good);

    [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }
    [[nodiscard]] const Piece* piece_of(const AttemptKey& key) const;
    // Did somebody start the file of this attempt at the machine, who took the part away then?
    [[nodiscard]] bool made_by_hand(const AttemptKey& key) const;
    // Said by the router, durably, of this attempt.
    [[nodiscard]] bool was(const AttemptKey& key, router::WorkEvent event) const;
    [[nodiscard]] const std::set<JobId>& accepted() const { return accepted_; }
    [[nodiscard]] const std::map<JobId, JobSpec>& jobs() const { return jobs_; }
    // Its job is as old as restored records, or was lost with those that a backup replaced.
    [[nodiscard]] bool is_old(const JobId& job) const {
        return old_.contains(job) || lost_.contains(job);
    }
    // Jobs that were accepted, and then lost with the records that a backup replaced.
    [[nodiscard]] const std::set<JobId>& lost() const { return lost_; }
    // The restored records cannot know of it, as docs/PROMISES.md says.
    [[nodiscard]] bool is_excused(const AttemptKey& key) const { return excused_.contains(key); }
    // Its fab has written that no good part comes of it.
    [[nodiscard]] bool is_given_up(const AttemptKey& key) const { return given_up_.contains(key); }
    [[nodiscard]] bool has_surplus(const AttemptKey& key) const { return surplus_.contains(key); }
    [[nodiscard]] const std::map<AttemptKey, FabId>& holders() const { return holders_; }

private:
    struct Right {
        std::string agent;
        TimePoint until;  // True time: counted from the question that it answers.
    };

    void moved(const router::WorkMoved& fact);
    void excuse_unknown(std::size_t kept);
    void check_given_up(const AttemptKey& key) const;
    void check_failed(const AttemptKey& key) const;
    void hear(const router::Fact& fact);
    void check_believed(const AttemptKey& key, const FabId& fab) const;
    void check_authorised(const AttemptKey& key) const;
    void check_start(const StartScene& scene, const AttemptKey& key, std::size_t place) const;
    // What a run of the file makes, in the order of its designs.
    [[nodiscard]] std::vector<AttemptKey> attempts_of(const std::string& file) const;
    void check_right(const StartScene& scene, const AttemptKey& key) const;
    void check_only_one(const AttemptKey& key) const;
    [[nodiscard]] bool is_over(const AttemptKey& key) const;

    std::vector<router::Fact> written_;
    std::map<JobId, JobSpec> jobs_;
    std::set<JobId> cancelled_;
    std::map<AttemptKey, FabId> holders_;
    std::map<AttemptKey, std::set<router::WorkEvent>> said_;
    std::map<WorkOrderId, std::uint64_t> highest_;
    std::set<AttemptKey> surplus_;
    std::set<AttemptKey> burnt_;     // An agent wrote that it will never start it.
    std::set<AttemptKey> given_up_;  // An agent wrote that no good part comes of it.
    std::set<JobId> accepted_;
    std::map<std::pair<IdentityId, std::string>, JobId> by_key_;
    std::uint64_t generation_ = 0;  // Restores so far.
    std::set<JobId> old_;           // Held by records that were restored.
    std::set<JobId> lost_;
    std::set<FabId> heard_;         // Their one answer has been taken.
    std::set<AttemptKey> claimed_;  // Said in such an answer.
    struct Doubt {
        TimePoint first;
        TimePoint last;
    };
    std::map<AttemptKey, Doubt> doubts_;
    std::set<AttemptKey> excused_;

    std::map<std::pair<AttemptKey, std::uint64_t>, TimePoint> questions_;  // By nonce.
    std::map<AttemptKey, Right> rights_;
    std::set<AttemptKey> starting_;  // An agent wrote that it is about to start it.
    std::map<std::string, std::vector<AttemptKey>> plates_;  // By their files.
    std::vector<Piece> pieces_;
};

}  // namespace nearfab::simulation
