// SPDX-License-Identifier: GPL-3.0-or-later
// offer_check.hpp - whether the fab's own truth allows an offer.
//
// The router chose by the last advertisement, which may be old or wrong; what counts is checked
// here again, against what is really there.

#pragma once

#include "node-agent/core/machine_book.hpp"
#include "node-agent/core/options.hpp"
#include "proto/model/message.hpp"

#include <optional>
#include <string>

namespace nearfab::agent {

// The first requirement that fails, as a sentence with both numbers; nothing when all hold.
// `machine` is null when it is not known; `promised_g` is what other attempts have been promised
// of the wanted material on that machine.
[[nodiscard]] std::optional<std::string> why_not(const message::Offer& offer,
                                                 const AgentOptions& options,
                                                 const Machine* machine,
                                                 double promised_g);

}  // namespace nearfab::agent
