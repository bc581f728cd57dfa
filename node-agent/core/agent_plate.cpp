// SPDX-License-Identifier: GPL-3.0-or-later
// Several pieces on one plate: one run of a machine that makes several attempts.
//
// Each stays an attempt of its own, with its own right to start, its own reports, inspection and
// hand-over; the router knows of no plate. What the machine does is written down for each of them.
// A plate is dissolved as a whole as long as it has not been started, and never after.

#include "node-agent/core/agent.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace nearfab::agent {
namespace {

// Of the design files of one plate, which are all in memory when it is prepared.
constexpr std::uint64_t plate_bytes_max = 64ULL << 20U;
constexpr std::uint32_t plate_uploads_max = 3;

// Whoever was asked for has a right that is good for its own machine code alone.
bool can_join(const Work& work) {
    return work.stage == Stage::reserved && work.confirmed && work.prepared && !work.may_hold_right;
}

bool goes_with(const Work& work, const Work& other) {
    const PartSpec& part = work.offer.part;
    const PartSpec& spec = other.offer.part;
    return part.process == spec.process && part.material == spec.material &&
           part.sheet_thickness_mm == spec.sheet_thickness_mm;
}

// The leader first. Of Work, or of const Work, as the map is.
template <typename All>
auto on_plate(All& all, const AttemptKey& leader) {
    std::vector<decltype(&all.begin()->second)> pieces;
    for (auto& [key, work] : all) {
        if (work.plate && work.plate->leader == leader) pieces.push_back(&work);
    }
    std::sort(pieces.begin(), pieces.end(), [](const Work* a, const Work* b) {
        return std::pair{!leads(*a), a->order} < std::pair{!leads(*b), b->order};
    });
    return pieces;
}

template <typename Pieces>
Pieces not_over(Pieces pieces) {
    std::erase_if(pieces, [](const Work* piece) {
        return !is_waiting(piece->stage) && !occupies_machine(piece->stage);
    });
    return pieces;
}

std::vector<AttemptKey> keys_of(const std::vector<Work*>& pieces) {
    std::vector<AttemptKey> keys;
    for (const Work* piece : pieces)
        keys.push_back(piece->key);
    return keys;
}

std::uint64_t design_bytes(const std::vector<Work*>& pieces) {
    std::uint64_t bytes = 0;
    for (const Work* piece : pieces)
        bytes += piece->offer.part.design_bytes;
    return bytes;
}

}  // namespace

// ---- Who is on it -------------------------------------------------------------------------------

std::vector<Work*> Agent::pieces_of(const Plate& plate) {
    return on_plate(work_, plate.leader);
}

std::vector<Work*> Agent::together(Work& work) {
    if (!work.plate) return {&work};
    return not_over(on_plate(work_, work.plate->leader));
}

std::vector<const Work*> Agent::together(const Work& work) const {
    if (!work.plate) return {&work};
    return not_over(on_plate(work_, work.plate->leader));
}

Work& Agent::leader_of(Work& work) {
    if (!work.plate) return work;
    const auto pieces = together(work);
    return pieces.empty() ? work : *pieces.front();
}

const Work& Agent::leader_of(const Work& work) const {
    if (!work.plate) return work;
    const auto pieces = together(work);
    return pieces.empty() ? work : *pieces.front();
}

std::string Agent::phase_of(const Work& work) const {
    const std::string phase = agent::phase_of(work, leader_of(work));
    if (!work.plate) return phase;
    const std::size_t pieces = together(work).size();
    const bool goes_on = is_waiting(work.stage) || occupies_machine(work.stage);
    const bool beside = goes_on && !work.unwanted && work.stage != Stage::in_doubt;
    if (beside && pieces > 1) return "plate of " + std::to_string(pieces) + ", " + phase;
    return phase;
}

std::string Agent::describe(const Work& work) const {
    return agent::describe(work, leader_of(work));
}

bool Agent::may_be_stopped(const Work& work) const {
    const auto pieces = together(work);
    return std::all_of(pieces.begin(), pieces.end(), [](const Work* piece) {
        return piece->unwanted && piece->unwanted->stop;
    });
}

bool Agent::some_ended_beside(const Work& work) const {
    return work.plate && together(work).size() < work.plate->pieces;
}

// ---- Facts --------------------------------------------------------------------------------------

bool Agent::may_be_plated(const fact::Plated& fact) const {
    std::set<AttemptKey> keys{fact.riders.begin(), fact.riders.end()};
    keys.insert(fact.key);
    return keys.size() == fact.riders.size() + 1 &&
           std::all_of(keys.begin(), keys.end(), [this](const AttemptKey& key) {
               const auto at = work_.find(key);
               return at != work_.end() && is_waiting(at->second.stage) && at->second.prepared &&
                      !at->second.plate;
           });
}

void Agent::note(const fact::Plated& fact) {
    std::vector<Work*> pieces{find(fact.key)};
    for (const AttemptKey& rider : fact.riders)
        pieces.push_back(find(rider));
    double alone_g = 0;
    for (const Work* piece : pieces)
        alone_g += piece->prepared->grams;
    for (Work* piece : pieces) {
        Plate plate;
        plate.leader = fact.key;
        plate.pieces = static_cast<std::uint32_t>(pieces.size());
        plate.machine_file = fact.machine_file;
        plate.machine_code = fact.machine_code;
        plate.seconds = fact.seconds;
        const double share = alone_g > 0 ? piece->prepared->grams / alone_g
                                         : 1.0 / static_cast<double>(pieces.size());
        plate.grams = fact.grams * share;
        piece->plate = std::move(plate);
        piece->plate_files.push_back(fact.machine_file);
    }
}

void Agent::note(const fact::Unplated& fact) {
    for (Work* piece : on_plate(work_, fact.key)) {
        piece->plate.reset();
        piece->uploaded = false;  // A machine may have had to make room for the plate's file.
    }
}

// ---- Making one ---------------------------------------------------------------------------------

void Agent::form_plates(Step& step) {
    forget_failed_plates();
    for (const auto& [id, machine] : machines_.all()) {
        if (!machine.configured || machine.options.pieces_per_plate < 2) continue;
        if (plates_asked_.contains(id)) continue;
        // What could begin now begins, and the others have time to gather meanwhile.
        if (holder_of(id) == nullptr && !why_no_start(machine, step.now.boot)) continue;
        for (const std::vector<Work*>& pieces : plates_to_try(machine)) {
            if (failed_plates_.contains(keys_of(pieces))) continue;
            effect::PreparePlate what;
            for (const Work* piece : pieces)
                what.pieces.push_back(preparation_of(*piece));
            step.others.push_back(std::move(what));
            plates_asked_.emplace(id, keys_of(pieces));
            break;  // One at a time: there is one thread that prepares.
        }
    }
}

// In the order in which they are tried: each piece, or each plate that is not full, with as many as
// may go beside it, then with half as many.
std::vector<std::vector<Work*>> Agent::plates_to_try(const Machine& machine) {
    std::vector<Work*> line;
    std::vector<const Work*> to_come;
    for (auto& [key, work] : work_) {
        if (work.offer.machine != machine.id()) continue;
        if (refused_often_.contains(work.key.work_order)) continue;
        if (can_join(work)) line.push_back(&work);
        if (is_waiting(work.stage) && work.confirmed && !work.prepared) to_come.push_back(&work);
    }
    std::sort(
        line.begin(), line.end(), [](const Work* a, const Work* b) { return a->order < b->order; });
    std::vector<std::vector<Work*>> plates;
    for (Work* first : line) {
        if (!leads(*first)) continue;
        const std::vector<Work*> base = together(*first);
        const std::size_t most = machine.options.pieces_per_plate;
        if (base.size() >= most) continue;
        std::vector<Work*> joining;
        for (Work* work : line) {
            const bool beside = !work->plate && work->order > first->order;
            if (beside && goes_with(*work, *first)) joining.push_back(work);
        }
        const std::size_t room = most - base.size();
        // What is being prepared now may go with them as well.
        const bool more_to_come =
            std::any_of(to_come.begin(), to_come.end(), [&](const Work* work) {
                const std::uint64_t bytes = design_bytes(base) + work->offer.part.design_bytes;
                return goes_with(*work, *first) && bytes <= plate_bytes_max;
            });
        if (joining.size() < room && more_to_come) continue;
        for (std::size_t n = std::min(room, joining.size()); n > 0; n /= 2) {
            std::vector<Work*> plate = base;
            plate.insert(
                plate.end(), joining.begin(), joining.begin() + static_cast<std::ptrdiff_t>(n));
            if (design_bytes(plate) <= plate_bytes_max) plates.push_back(std::move(plate));
        }
    }
    return plates;
}

void Agent::forget_failed_plates() {
    std::erase_if(failed_plates_, [this](const std::vector<AttemptKey>& keys) {
        return std::any_of(keys.begin(), keys.end(), [this](const AttemptKey& key) {
            const Work* work = find(key);
            return work == nullptr || !can_join(*work);
        });
    });
}

// Those that a plate was asked for with, and that may be put on it still; else none.
std::vector<Work*> Agent::all_of_an_asked_plate(const std::vector<AttemptKey>& keys) {
    const auto asked = std::find_if(plates_asked_.begin(),
                                    plates_asked_.end(),
                                    [&](const auto& entry) { return entry.second == keys; });
    if (asked == plates_asked_.end()) return {};
    plates_asked_.erase(asked);
    std::vector<Work*> pieces;
    for (const AttemptKey& key : keys) {
        Work* work = find(key);
        if (work == nullptr || !can_join(*work)) return {};
        pieces.push_back(work);
    }
    // A plate that some of them are on has to be one that all of it are on.
    for (Work* piece : pieces) {
        if (!piece->plate) continue;
        for (Work* other : pieces_of(*piece->plate)) {
            if (std::find(pieces.begin(), pieces.end(), other) == pieces.end()) return {};
        }
    }
    return pieces;
}

void Agent::take(Step& step, const event::PlatePrepared& event) {
    const std::vector<Work*> pieces = all_of_an_asked_plate(event.keys);
    if (pieces.empty()) return;  // Somebody left meanwhile; the next one is made anew.
    Work& leader = *pieces.front();
    const MachineId& machine = leader.offer.machine;
    const MaterialId& material = leader.offer.part.material;
    double promised_to_them_g = 0;
    for (const Work* piece : pieces)
        promised_to_them_g += needed_g(*piece);
    const double others_g = promised_g(machine, material) - promised_to_them_g;
    if (!suffices(machines_.get(machine).stock_g(material), event.grams + others_g)) {
        failed_plates_.insert(event.keys);
        return;
    }
    for (Work* piece : pieces) {
        if (piece->plate) {
            record(step, fact::Unplated{piece->plate->leader, "a larger one takes its place"});
        }
    }
    fact::Plated fact{leader.key,
                      {event.keys.begin() + 1, event.keys.end()},
                      plate_file_name(leader, pieces.size(), event.machine_code),
                      event.machine_code,
                      event.seconds,
                      event.grams};
    record(step, std::move(fact));
    go_on_preparing(step, leader);
}

void Agent::take(Step&, const event::PlateFailed& event) {
    if (!all_of_an_asked_plate(event.keys).empty()) failed_plates_.insert(event.keys);
}

// ---- Dissolving one -----------------------------------------------------------------------------

// As long as nothing was started, all of a plate are in line, or none.
void Agent::mend_plates(Step& step) {
    std::map<AttemptKey, Plate> broken;
    for (const auto& [key, work] : work_) {
        if (!work.plate || !is_waiting(work.stage)) continue;
        if (together(work).size() < work.plate->pieces) {
            broken.emplace(work.plate->leader, *work.plate);
        }
    }
    for (const auto& [leader, plate] : broken)
        dissolve(step, plate, "one of its pieces is not made here any more");
}

void Agent::dissolve(Step& step, const Plate& plate, const std::string& reason) {
    std::vector<Work*> left;
    for (Work* piece : pieces_of(plate)) {
        if (!is_waiting(piece->stage)) continue;
        // Its right, if it has one, is good for the plate's machine code alone.
        if (piece->may_hold_right) {
            burn(step, *piece, "the plate that it was on was dissolved: " + reason);
        } else {
            left.push_back(piece);
        }
    }
    record(step, fact::Unplated{plate.leader, reason});
    for (Work* piece : left)
        go_on_preparing(step, *piece);
}

void Agent::try_plates_again(const MachineId& machine) {
    std::erase_if(failed_plates_, [&](const std::vector<AttemptKey>& keys) {
        const Work* first = find(keys.front());
        return first == nullptr || first->offer.machine == machine;
    });
}

void Agent::give_up_plate(Step& step, const Plate& plate, const std::string& reason) {
    failed_plates_.insert(keys_of(pieces_of(plate)));
    dissolve(step, plate, reason);
}

void Agent::plate_upload_failed(Step& step, Work& leader, const event::UploadFailed& event) {
    // Who was asked for would have to be burnt: the machine is waited for, as for a piece alone.
    const auto pieces = together(leader);
    const bool asked = std::any_of(
        pieces.begin(), pieces.end(), [](const Work* piece) { return piece->may_hold_right; });
    if (event.may_retry && (asked || !machines_.get(leader.offer.machine).answers())) return;
    ++leader.plate->failed_uploads;
    if (event.may_retry && leader.plate->failed_uploads < plate_uploads_max) return;
    const Plate plate = *leader.plate;
    give_up_plate(step, plate, "it could not be sent to the machine: " + event.reason);
}

}  // namespace nearfab::agent
