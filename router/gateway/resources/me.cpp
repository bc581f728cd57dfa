// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/answer_bodies.hpp"
#include "router/gateway/resources/resources.hpp"
#include "router/gateway/routes.hpp"

namespace nearfab::gateway::resources {

void get_me(const ExchangePtr& exchange) {
    Response response;
    response.body = me_body(
        exchange->caller,
        {exchange->desk.network(), exchange->desk.design_bytes_max(), chunk_body_bytes_max});
    exchange->reply(std::move(response));
}

}  // namespace nearfab::gateway::resources
