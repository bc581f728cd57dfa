// SPDX-License-Identifier: GPL-3.0-or-later
// id.hpp - names that cannot be mixed up.
//
// Each kind of thing has its own type of name, so a fab's name can never be passed for a job's.

#pragma once

#include <compare>
#include <ostream>
#include <string>
#include <utility>

namespace nearfab {

template <typename Tag>
class Id {
public:
    Id() = default;
    explicit Id(std::string text) : text_{std::move(text)} {}

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }

    friend auto operator<=>(const Id&, const Id&) = default;
    friend bool operator==(const Id&, const Id&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Id& id) { return out << id.text_; }

private:
    std::string text_;
};

using JobId = Id<struct JobTag>;              // 16 hex digits, made by the router.
using WorkOrderId = Id<struct WorkOrderTag>;  // Job and number: "3f9c01d2a4b86e57-1".
using FabId = Id<struct FabTag>;              // The name bound to an agent's key by the router.
using MachineId = Id<struct MachineTag>;      // Unique within its fab.
using IdentityId = Id<struct IdentityTag>;    // The name bound to any key by the router.
using ProcessId = Id<struct ProcessTag>;      // "fdm", "laser_cut": proto/model/process.hpp.
using MaterialId = Id<struct MaterialTag>;    // "pla": proto/model/material.hpp.

}  // namespace nearfab
