// SPDX-License-Identifier: GPL-3.0-or-later
// Fabs with what they say they can do now, as GeoJSON.

#include "proto/model/place.hpp"
#include "router/gateway/answer_bodies.hpp"
#include "router/gateway/problem.hpp"
#include "router/gateway/resources/names.hpp"
#include "router/gateway/resources/resources.hpp"

#include <utility>

namespace nearfab::gateway::resources {
namespace {

// Page after page, up to a limit on all of them.
class Listing : public std::enable_shared_from_this<Listing> {
public:
    Listing(ExchangePtr exchange, std::optional<Place> near)
        : exchange_{std::move(exchange)}, near_{near} {}

    void go_on() {
        message::AskFabs question;
        question.near = near_;
        if (!all_.fabs.empty()) {
            question.after_fab = all_.fabs.back().fab;
            question.after_distance_km = all_.fabs.back().distance_km;
        }
        exchange_->desk.ask(
            exchange_->caller, std::move(question), [self = shared_from_this()](Message answer) {
                auto* fabs = std::get_if<message::Fabs>(&answer);
                if (fabs == nullptr) return self->exchange_->reply(unexpected(answer));
                self->take(std::move(*fabs));
            });
    }

private:
    static constexpr std::size_t pages_max = 16;

    void take(message::Fabs page) {
        const bool empty = page.fabs.empty();
        for (auto& fab : page.fabs)
            all_.fabs.push_back(std::move(fab));
        all_.more = page.more;
        if (page.more && !empty && ++pages_ < pages_max) return go_on();
        Response response;
        response.content_type = "application/geo+json";
        response.body = fabs_body(all_, exchange_->caller, near_.has_value());
        exchange_->reply(std::move(response));
    }

    ExchangePtr exchange_;
    std::optional<Place> near_;
    message::Fabs all_;
    std::size_t pages_ = 0;
};

}  // namespace

void get_fabs(const ExchangePtr& exchange) {
    if (!query_is_known(exchange, {"near"})) return;
    std::optional<Place> near;
    if (const auto text = exchange->request.query("near")) {
        const auto place = parse_place(*text);
        if (!place) {
            return exchange->reply(problem(400, prefixed("near: ", place.error())));
        }
        near = *place;
    }
    std::make_shared<Listing>(exchange, near)->go_on();
}

}  // namespace nearfab::gateway::resources
