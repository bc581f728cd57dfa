// SPDX-License-Identifier: GPL-3.0-or-later
// answer_shapes.hpp - the objects that answers are made of; only sources that know the JSON library
// include this.

#pragma once

#include "json/shapes.hpp"
#include "proto/model/message.hpp"

namespace nearfab::json {

[[nodiscard]] Json place_json(const Place& place);
[[nodiscard]] Json job_json(const JobStatus& job);
[[nodiscard]] Json fab_json(const message::FabStatus& fab, bool with_distance);

}  // namespace nearfab::json
