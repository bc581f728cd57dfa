// SPDX-License-Identifier: GPL-3.0-or-later
// attempt.hpp - the life of one attempt at a work order, as one table.
//
// An attempt is named by work order and epoch. Its stage changes only by next(), which knows every
// allowed step; a step that is not in the table does not exist, so nothing can lead from a started
// machine back to a waiting reservation. docs/LIFE.md is made from it.

#pragma once

#include "base/id.hpp"
#include "proto/model/message.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nearfab::agent {

struct AttemptKey {
    WorkOrderId work_order;
    std::uint64_t epoch = 0;

    friend auto operator<=>(const AttemptKey&, const AttemptKey&) = default;
    friend bool operator==(const AttemptKey&, const AttemptKey&) = default;
};

// "3f9c01d2a4b86e57-1 e2"
[[nodiscard]] std::string to_string(const AttemptKey& key);

enum class Stage : std::uint8_t {
    seen,        // An offer that nobody has decided on.
    declined,    // Over before a reservation: declined, expired or withdrawn.
    reserved,    // Accepted; being prepared or waiting for the machine.
    asked,       // The router was asked for the start right. Kept in memory only.
    authorised,  // Holds a start right that is not used yet.
    starting,    // The machine was told, or may have been told, to start.
    running,
    in_doubt,  // A start was tried and nobody can say what came of it.
    produced,  // The machine says it is done: a claim until somebody has looked.
    failed,
    never_started,  // The start right is burnt; nothing was made.
    released,       // Given back before a start right was used.
    inspected_good,
    inspected_bad,
    delivered,
};
inline constexpr std::size_t stage_count = 15;

enum class Turn : std::uint8_t {
    accept,
    decline,
    ask,   // A question for the start right goes out.
    hold,  // No answer, or a refusal: the reservation waits on.
    authorise,
    begin,  // The start gate is about to open.
    run,    // Evidence that the machine runs our file.
    doubt,
    produce,
    fail,
    burn,  // The right, or what may have become one, ends unused and provably so.
    release,
    pass,    // Inspected and good.
    reject,  // Inspected and bad.
    hand_over,
};
inline constexpr std::size_t turn_count = 15;

// One row of the table; the words are for people.
struct AttemptStep {
    Stage from;
    Turn turn;
    Stage to;
    std::string_view who;      // Causes it.
    std::string_view guard;    // Holds before; empty: nothing more than the stage.
    std::string_view effects;  // Follows, after the fact was written.
};
[[nodiscard]] std::span<const AttemptStep> attempt_steps();

// Where a turn leads from a stage; nothing when that is not allowed.
[[nodiscard]] std::optional<Stage> next(Stage stage, Turn turn);

[[nodiscard]] std::string_view to_string(Stage stage);
[[nodiscard]] std::string_view to_string(Turn turn);

// How the router names the stage. `declined` has no name there: unknown.
[[nodiscard]] message::AttemptState state_of(Stage stage);

// Nothing more will happen to it.
[[nodiscard]] bool is_final(Stage stage);
// Holds a place in its machine's queue and a share of its material, but is not started.
[[nodiscard]] bool is_waiting(Stage stage);
// The machine belongs to this attempt, and to those on its plate: nothing else may be started on
// it.
[[nodiscard]] bool occupies_machine(Stage stage);
// The machine was told, or may have been told, to start it, and has not proved otherwise.
[[nodiscard]] bool was_started(Stage stage);
// The router must learn of this stage; repeated until it has acknowledged it.
[[nodiscard]] bool is_reported(Stage stage);

}  // namespace nearfab::agent
