// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/simulation/oracle.hpp"

#include "router/core/ledger.hpp"

#include <algorithm>

namespace nearfab::simulation {
namespace {

using router::WorkEvent;

[[noreturn]] void violate(const std::string& text) {
    throw Violation{text};
}

JobId job_of(const WorkOrderId& order) {
    return JobId{order.text().substr(0, order.text().rfind('-'))};
}

std::string seconds_text(Duration span) {
    return std::to_string(span.count() / 1000) + " s";
}

}  // namespace

std::optional<AttemptKey> attempt_of_file(const std::string& file) {
    const std::size_t code = file.rfind('-');
    if (!file.starts_with("nf-") || code < 4) return std::nullopt;
    const std::size_t epoch = file.rfind("-e", code - 1);
    if (epoch == std::string::npos || epoch < 3) return std::nullopt;
    const std::string number = file.substr(epoch + 2, code - epoch - 2);
    return AttemptKey{WorkOrderId{file.substr(3, epoch - 3)}, std::stoull(number)};
}

// ---- The router's journal -----------------------------------------------------------------------

void Oracle::router_wrote(const router::Fact& fact) {
    written_.push_back(fact);
    hear(fact);
    if (const auto* job = std::get_if<router::JobSubmitted>(&fact)) {
        jobs_[job->job] = job->spec;
    } else if (const auto* cancel = std::get_if<router::CancelWanted>(&fact)) {
        cancelled_.insert(cancel->job);
    } else if (const auto* offered = std::get_if<router::WorkOffered>(&fact)) {
        const AttemptKey key{offered->work_order, offered->epoch};
        std::uint64_t& highest = highest_[key.work_order];
        if (key.epoch <= highest) {
            violate("INV6: epoch used again: " + to_string(key) + " after e" +
                    std::to_string(highest));
        }
        highest = key.epoch;
        holders_[key] = offered->chosen.fab;
    } else if (const auto* adopted = std::get_if<router::AttemptAdopted>(&fact)) {
        const AttemptKey key{adopted->work_order, adopted->epoch};
        check_believed(key, adopted->fab);
        highest_[key.work_order] = std::max(highest_[key.work_order], key.epoch);
        holders_[key] = adopted->fab;
        said_[key].insert(WorkEvent::adopted);
        // After a restore a lie about the time that the backup lacks is believed.
        if (adopted->fab == FabId{"mallory"}) excused_.insert(key);
    } else if (const auto* surplus = std::get_if<router::SurplusFound>(&fact)) {
        surplus_.insert({surplus->work_order, surplus->epoch});
    } else if (const auto* step = std::get_if<router::WorkMoved>(&fact)) {
        moved(*step);
    }
}

// A fab is believed once what restored records lack: whoever is believed at any time can void any
// attempt.
void Oracle::hear(const router::Fact& fact) {
    if (std::holds_alternative<router::GenerationBegan>(fact)) {
        heard_.clear();
    } else if (const auto* queued = std::get_if<router::WorkQueued>(&fact)) {
        if (is_old(queued->job)) heard_.clear();
    } else if (const auto* suspected = std::get_if<router::FabSuspected>(&fact)) {
        heard_.erase(suspected->fab);
    } else if (const auto* heard = std::get_if<router::FabHeard>(&fact)) {
        heard_.insert(heard->fab);
    } else if (const auto* claim = std::get_if<router::AttemptClaimed>(&fact)) {
        const AttemptKey key{claim->work_order, claim->epoch};
        check_believed(key, claim->fab);
        claimed_.insert(key);
        holders_[key] = claim->fab;
        if (claim->fab == FabId{"mallory"}) excused_.insert(key);
    }
}

void Oracle::check_believed(const AttemptKey& key, const FabId& fab) const {
    if (!is_old(job_of(key.work_order))) {
        violate("INV7: " + fab.text() + " was believed about " + to_string(key) +
                ", which no lost records can have held");
    }
    if (heard_.contains(fab) && !claimed_.contains(key)) {
        violate("INV7: " + fab.text() + " was believed about " + to_string(key) +
                " after it had said all that it remembers");
    }
}

void Oracle::moved(const router::WorkMoved& fact) {
    const AttemptKey key{fact.work_order, fact.epoch};
    if (fact.event == WorkEvent::authorised) check_authorised(key);
    const bool denied = fact.event == WorkEvent::never_started && piece_of(key) != nullptr;
    if (denied && !is_excused(key)) {
        violate("INV1: the router believes that " + to_string(key) +
                " never started, but a machine has begun it");
    }
    if (fact.event == WorkEvent::declared_lost) check_given_up(key);
    if (fact.event == WorkEvent::failed) check_failed(key);
    said_[key].insert(fact.event);
}

// Silence alone gives nothing up: only the designer's rule does.
void Oracle::check_given_up(const AttemptKey& key) const {
    const auto job = jobs_.find(job_of(key.work_order));
    if (job == jobs_.end() || job->second.redo.kind != RedoRule::Kind::never) return;
    violate("INV1: " + to_string(key) + " was given up, and its designer never allowed that");
}

// Who says that an attempt failed has matter that shows it.
void Oracle::check_failed(const AttemptKey& key) const {
    const Piece* piece = piece_of(key);
    if (piece == nullptr || is_excused(key)) return;
    // A person has started this very file once more: what failed is that run.
    if (made_by_hand(key)) return;
    const bool may_be_good = piece->fate == Piece::Fate::running ||
                             (piece->fate == Piece::Fate::complete && piece->good);
    if (!may_be_good) return;
    violate("INV1: " + to_string(key) + " counts as failed, but its piece on " + piece->machine +
            (piece->fate == Piece::Fate::running ? " is being made" : " is good"));
}

void Oracle::doubted(const AttemptKey& key, TimePoint now) {
    doubts_.try_emplace(key, Doubt{now, now}).first->second.last = now;
}

// The designer allowed a second making after so long, and not before.
void Oracle::declared_lost(const AttemptKey& key, TimePoint now) const {
    const JobId id = job_of(key.work_order);
    const auto job = jobs_.find(id);
    const auto doubt = doubts_.find(key);
    if (job == jobs_.end() || job->second.redo.kind != RedoRule::Kind::after) return;
    if (doubt == doubts_.end()) return;  // Adopted, then doubted by no fact.
    // A later doubt may be lost, and the restored records go on with the one before.
    const TimePoint since = is_old(id) ? doubt->second.first : doubt->second.last;
    const auto allowed = std::chrono::seconds{job->second.redo.after_s};
    if (now - since >= allowed) return;
    violate("INV1: " + to_string(key) + " was given up after " + seconds_text(now - since) +
            " in doubt, and its designer allowed that after " + seconds_text(allowed));
}

// An attempt that ends the right to a second one: somebody said what came of it, or gave it up.
bool Oracle::is_over(const AttemptKey& key) const {
    return is_excused(key) || was(key, WorkEvent::never_started) || was(key, WorkEvent::failed) ||
           was(key, WorkEvent::rejected) || was(key, WorkEvent::declared_lost) ||
           was(key, WorkEvent::released) ||
           (is_old(job_of(key.work_order)) && given_up_.contains(key));
}

void Oracle::check_authorised(const AttemptKey& key) const {
    if (cancelled_.contains(job_of(key.work_order)) && !was(key, WorkEvent::authorised)) {
        violate("INV1: " + to_string(key) + " was authorised after its job was cancelled");
    }
    for (const auto& [other, events] : said_) {
        if (other.work_order != key.work_order || other.epoch == key.epoch) continue;
        if (events.contains(WorkEvent::authorised) && !is_over(other)) {
            violate("INV1: " + to_string(key) + " was authorised while " + to_string(other) +
                    " may be made");
        }
    }
}

void Oracle::written_off(const FabId& fab) {
    for (const auto& [key, holder] : holders_) {
        const bool may_be_lost = key.epoch <= generation_ * router::epochs_per_generation;
        if (holder == fab && may_be_lost) excused_.insert(key);
    }
}

// Lost attempts at fabs that the remaining records have never heard of, or of jobs that they do not
// hold, so that they are new when they are submitted again.
void Oracle::excuse_unknown(std::size_t kept) {
    std::set<FabId> known;
    std::set<JobId> held;
    for (std::size_t i = 0; i < written_.size(); ++i) {
        if (const auto* job = std::get_if<router::JobSubmitted>(&written_[i])) {
            if (i < kept) held.insert(job->job);
        }
        const auto* offered = std::get_if<router::WorkOffered>(&written_[i]);
        if (offered == nullptr) continue;
        const FabId& fab = offered->chosen.fab;
        if (i < kept) {
            known.insert(fab);
        } else if (!known.contains(fab) || !held.contains(job_of(offered->work_order))) {
            excused_.insert({offered->work_order, offered->epoch});
        }
    }
}

void Oracle::router_restored(std::size_t kept) {
    ++generation_;
    excuse_unknown(kept);
    for (std::size_t i = kept; i < written_.size(); ++i) {
        if (const auto* job = std::get_if<router::JobSubmitted>(&written_[i])) {
            jobs_.erase(job->job);
            if (accepted_.erase(job->job) > 0) lost_.insert(job->job);
            std::erase_if(by_key_, [&](const auto& entry) { return entry.second == job->job; });
        } else if (const auto* cancel = std::get_if<router::CancelWanted>(&written_[i])) {
            cancelled_.erase(cancel->job);
        }
    }
    written_.resize(std::min(kept, written_.size()));
    for (const auto& [id, spec] : jobs_)
        old_.insert(id);
}

bool Oracle::was(const AttemptKey& key, WorkEvent event) const {
    const auto found = said_.find(key);
    return found != said_.end() && found->second.contains(event);
}

// ---- Agents -------------------------------------------------------------------------------------

void Oracle::agent_wrote(const std::string& agent, const agent::Fact& fact) {
    // Restored records may know neither the attempt nor the right; then the fab's word is enough.
    if (const auto* ended = std::get_if<agent::fact::Ended>(&fact)) {
        if (!ended->produced) {
            const Piece* piece = piece_of(ended->key);
            if (piece != nullptr && piece->agent == agent) check_failed(ended->key);
            given_up_.insert(ended->key);
        }
    } else if (const auto* seen = std::get_if<agent::fact::Inspected>(&fact)) {
        if (!seen->good) given_up_.insert(seen->key);
    } else if (const auto* released = std::get_if<agent::fact::Released>(&fact)) {
        given_up_.insert(released->key);
    }
    if (const auto* plated = std::get_if<agent::fact::Plated>(&fact)) {
        std::vector<AttemptKey>& on_it = plates_[plated->machine_file];
        on_it = {plated->key};
        on_it.insert(on_it.end(), plated->riders.begin(), plated->riders.end());
    }
    if (const auto* starting = std::get_if<agent::fact::Starting>(&fact)) {
        starting_.insert(starting->key);
    } else if (const auto* burnt = std::get_if<agent::fact::Burnt>(&fact)) {
        // The copy of a fab cannot know what the other one has started.
        if (const Piece* piece = piece_of(burnt->key); piece != nullptr && piece->agent == agent) {
            violate("INV1: the agent wrote that " + to_string(burnt->key) +
                    " never started, but machine " + piece->machine + " has begun it");
        }
        burnt_.insert(burnt->key);
        given_up_.insert(burnt->key);
    }
}

void Oracle::asked(const std::string&, const message::StartRequest& question, TimePoint now) {
    questions_[{{question.work_order, question.epoch}, question.nonce}] = now;
}

void Oracle::right_used(const std::string& agent,
                        const AttemptKey& key,
                        const message::StartRight* right,
                        TimePoint now) {
    if (right == nullptr) {
        violate("INV2: " + agent + " counted on a right for " + to_string(key) +
                " that never came");
    }
    const auto question = questions_.find({key, right->nonce});
    if (question == questions_.end()) {
        violate("INV2: " + agent + " took a right for " + to_string(key) +
                " that nobody asked for");
    }
    const TimePoint until = question->second + Duration{right->window_ms};
    if (now >= until) {
        violate("INV2: " + agent + " took a right for " + to_string(key) + " that had run out " +
                seconds_text(now - until) + " ago");
    }
    if (!was(key, WorkEvent::authorised)) {
        violate("INV3: the right for " + to_string(key) + " left the router before it was durable");
    }
    rights_[key] = {agent, until};
}

void Oracle::job_accepted(const IdentityId& who, const std::string& key, const JobId& job) {
    const auto [at, is_new] = by_key_.try_emplace({who, key}, job);
    if (!is_new && at->second != job) {
        violate("INV4: one key made two jobs: " + at->second.text() + " and " + job.text());
    }
    if (!jobs_.contains(job)) {
        violate("INV3: job " + job.text() + " was acknowledged before it was durable");
    }
    accepted_.insert(job);
}

// ---- Machines -----------------------------------------------------------------------------------

const Piece* Oracle::piece_of(const AttemptKey& key) const {
    const auto found = std::find_if(pieces_.begin(), pieces_.end(), [&](const Piece& piece) {
        return piece.key == key && !piece.by_hand;
    });
    return found == pieces_.end() ? nullptr : &*found;
}

bool Oracle::made_by_hand(const AttemptKey& key) const {
    return std::any_of(pieces_.begin(), pieces_.end(), [&](const Piece& piece) {
        return piece.key == key && piece.by_hand;
    });
}

std::vector<AttemptKey> Oracle::attempts_of(const std::string& file) const {
    if (const auto plate = plates_.find(file); plate != plates_.end()) return plate->second;
    const auto key = attempt_of_file(file);
    return key ? std::vector{*key} : std::vector<AttemptKey>{};
}

std::vector<std::size_t> Oracle::started(const StartScene& scene) {
    const std::vector<AttemptKey> keys = attempts_of(scene.file);
    std::vector<std::size_t> numbers;
    for (std::size_t place = 0; place < keys.size(); ++place) {
        const AttemptKey& key = keys[place];
        if (!scene.by_hand) check_start(scene, key, place);
        const std::string agent = scene.by_hand ? std::string{} : rights_.at(key).agent;
        numbers.push_back(pieces_.size());
        pieces_.push_back({key, scene.machine, agent, scene.by_hand, scene.now, keys.size() > 1});
    }
    return numbers;
}

void Oracle::check_start(const StartScene& scene, const AttemptKey& key, std::size_t place) const {
    const ContentHash made = place < scene.designs.size() ? scene.designs[place] : ContentHash{};
    const std::string what = to_string(key) + " was started on " + scene.machine;
    if (!scene.bed_empty) violate("INV2: " + what + " while something lay on its bed");
    if (scene.attended_process && !scene.person_present) {
        violate("INV2: " + what + " with nobody near it");
    }
    const auto job = jobs_.find(job_of(key.work_order));
    if (job != jobs_.end()) {
        const auto& parts = job->second.parts;
        const bool ordered = std::any_of(
            parts.begin(), parts.end(), [&](const PartSpec& part) { return part.design == made; });
        if (!ordered) violate("INV8: " + what + ", but its bytes are not what was ordered");
    }
    check_right(scene, key);
    check_only_one(key);
}

void Oracle::check_right(const StartScene& scene, const AttemptKey& key) const {
    const std::string what = to_string(key) + " was started on " + scene.machine;
    const auto right = rights_.find(key);
    if (right == rights_.end()) violate("INV2: " + what + " without a right");
    if (scene.now > right->second.until) {
        violate("INV2: " + what + ' ' + seconds_text(scene.now - right->second.until) +
                " after its right had run out");
    }
    if (!starting_.contains(key)) violate("INV2: " + what + " before that was written down");
    if (burnt_.contains(key)) violate("INV2: " + what + " although its right was burnt");
}

void Oracle::check_only_one(const AttemptKey& key) const {
    for (const Piece& other : pieces_) {
        if (other.by_hand || other.key.work_order != key.work_order) continue;
        if (other.key.epoch == key.epoch) {
            violate("INV1: " + to_string(key) + " was started a second time");
        }
        if (!is_over(other.key)) {
            violate("INV1: " + to_string(key) + " was started although nobody gave " +
                    to_string(other.key) + " up");
        }
    }
    // A newer attempt may be under way: then this one must not begin any more.
    for (auto later = said_.upper_bound(key);
         later != said_.end() && later->first.work_order == key.work_order;
         ++later) {
        if (later->second.contains(WorkEvent::authorised) && !is_over(later->first)) {
            violate("INV1: " + to_string(key) + " was started although " + to_string(later->first) +
                    " was authorised since");
        }
    }
}

void Oracle::ended(std::size_t piece, bool complete, bool good) {
    pieces_.at(piece).fate = complete ? Piece::Fate::complete : Piece::Fate::scrap;
    pieces_.at(piece).good = good;
}

}  // namespace nearfab::simulation
