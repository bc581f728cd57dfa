// SPDX-License-Identifier: GPL-3.0-or-later
// resources.hpp - what can be asked of the API, one function each; a file holds one resource.
//
// Each replies exactly once. The names of the route are well formed or are refused.

#pragma once

#include "router/gateway/desk.hpp"

namespace nearfab::gateway::resources {

// health.cpp
void get_health(const ExchangePtr& exchange);
void get_ready(const ExchangePtr& exchange);
void get_version(const ExchangePtr& exchange);
void get_metrics(const ExchangePtr& exchange);
// page.cpp: everything that is not the API, and the description of what is.
void get_page(const ExchangePtr& exchange);
void get_openapi(const ExchangePtr& exchange);
// me.cpp
void get_me(const ExchangePtr& exchange);
// designs.cpp
void post_design(const ExchangePtr& exchange);
void get_design(const ExchangePtr& exchange);
void patch_design(const ExchangePtr& exchange);
// check.cpp
void post_check(const ExchangePtr& exchange);
// quotes.cpp
void post_quote(const ExchangePtr& exchange);
// jobs.cpp
void post_job(const ExchangePtr& exchange);
void get_jobs(const ExchangePtr& exchange);
void get_job(const ExchangePtr& exchange);
void get_why(const ExchangePtr& exchange);
void post_cancel(const ExchangePtr& exchange);
// events.cpp
void get_job_events(const ExchangePtr& exchange);
void get_events(const ExchangePtr& exchange);
// fabs.cpp
void get_fabs(const ExchangePtr& exchange);
// board.cpp: of operators, for the fabs that they act for.
void get_board(const ExchangePtr& exchange);
void post_action(const ExchangePtr& exchange);
// photos.cpp: of inspected pieces.
void get_photos(const ExchangePtr& exchange);
void get_photo(const ExchangePtr& exchange);
void post_photo(const ExchangePtr& exchange);
// report.cpp
void get_report(const ExchangePtr& exchange);

}  // namespace nearfab::gateway::resources
