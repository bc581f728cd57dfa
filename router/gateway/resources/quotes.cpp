// SPDX-License-Identifier: GPL-3.0-or-later
// A quote: the geometry of each part is looked at here, then the router is asked who could make it.

#include "json/answers.hpp"
#include "router/gateway/order.hpp"
#include "router/gateway/problem.hpp"
#include "router/gateway/resources/resources.hpp"

#include <utility>

namespace nearfab::gateway::resources {
namespace {

// A message has room for so many parts with all that is known of them; of more, only what concerns
// the process asked for is said.
constexpr std::size_t parts_in_full = 8;

void keep_process(PartFacts& facts, const ProcessId& process) {
    std::erase_if(facts.processes, [&](const ProcessFacts& p) { return p.process != process; });
}

// One part after another, then the question.
class Quoting : public std::enable_shared_from_this<Quoting> {
public:
    Quoting(ExchangePtr exchange, JobSpec spec) : exchange_{std::move(exchange)} {
        question_.spec = std::move(spec);
    }

    void go_on() {
        const std::size_t next = facts_.size();
        if (next == question_.spec.parts.size()) return ask();
        const PartSpec& part = question_.spec.parts[next];
        const auto size = exchange_->desk.design_size(part.design);
        if (!size) {
            return exchange_->reply(problem(
                Error{ErrorCode::conflict,
                      "design " + part.design.short_hex() + " is not uploaded",
                      "upload it first: POST /api/v1/designs, then PATCH /api/v1/designs/HASH"}));
        }
        if (*size != part.design_bytes) {
            return exchange_->reply(
                problem(Error{ErrorCode::invalid_argument,
                              "the design has " + std::to_string(*size) +
                                  " bytes, the request says " + std::to_string(part.design_bytes),
                              "give the size of the file that was uploaded"}));
        }
        exchange_->desk.facts(
            exchange_->caller,
            part.reading(),
            [self = shared_from_this()](Result<PartFacts> facts) { self->take(std::move(facts)); });
    }

private:
    void take(Result<PartFacts> facts) {
        const PartSpec& part = question_.spec.parts[facts_.size()];
        if (!facts) {
            return exchange_->reply(problem(prefixed(part.file_name + ": ", facts.error())));
        }
        if (question_.spec.parts.size() > parts_in_full) keep_process(*facts, part.process);
        facts_.push_back(std::move(*facts));
        go_on();
    }

    void ask() {
        question_.facts = std::move(facts_.front());
        question_.more_facts.assign(std::make_move_iterator(facts_.begin() + 1),
                                    std::make_move_iterator(facts_.end()));
        exchange_->desk.ask(
            exchange_->caller, question_, [self = shared_from_this()](const Message& answer) {
                const auto* quote = std::get_if<message::Quote>(&answer);
                if (quote == nullptr) return self->exchange_->reply(unexpected(answer));
                Response response;
                response.body = json::json_of_quote(self->question_, *quote);
                self->exchange_->reply(std::move(response));
            });
    }

    ExchangePtr exchange_;
    message::AskQuote question_;
    std::vector<PartFacts> facts_;
};

}  // namespace

void post_quote(const ExchangePtr& exchange) {
    auto spec = read_quote_order(exchange->request.body, exchange->desk.now().wall);
    if (!spec) return exchange->reply(problem(spec.error()));
    std::make_shared<Quoting>(exchange, std::move(*spec))->go_on();
}

}  // namespace nearfab::gateway::resources
