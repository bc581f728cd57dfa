// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/check.hpp"
#include "router/core/router.hpp"
#include "tests/router/matching/samples.hpp"
#include "tests/simulation/life/matrix.hpp"

#include <functional>
#include <memory>

namespace nearfab::simulation::life {
namespace {

using namespace router;
using A = message::AttemptState;
using S = WorkOrderState;
using std::chrono::hours;

const FabId fab_id{"lyon"};
const IdentityId designer{"ada"};

// One job of one piece, and one fab that could make it.
class RouterCase {
public:
    explicit RouterCase(S state) : router_{options_for(state)} {
        now_ = {TimePoint{hours{1}}, WallTime{hours{24 * 365 * 56}}};
        if (state != S::queued) advertise();
        submit();
        go_to(state);
    }

    [[nodiscard]] const WorkOrder& order() const {
        return router_.ledger().work_orders().begin()->second;
    }
    [[nodiscard]] std::uint64_t epoch() const { return std::max<std::uint64_t>(1, order().epoch); }

    void feed(const Event& event) {
        for (const Effect& effect : router_.step(now_, event))
            note(effect);
    }
    void say(Message body) { feed(AgentSaid{fab_id, std::move(body)}); }
    void report(A state) {
        say(message::AttemptReport{order().id, epoch(), state, MachineId{"p1"}, "", "", false});
    }
    void ask(bool bed_clear) {
        message::StartRequest question;
        question.work_order = order().id;
        question.epoch = epoch();
        question.machine = MachineId{"p1"};
        question.nonce = 7;
        question.design = hash_of("hook");
        question.machine_code = hash_of("code");
        question.bed_clear = bed_clear;
        say(question);
    }
    void client(Message body) {
        feed(ClientSaid{1, designer, Role::client, ++correlation_, std::move(body), {}});
    }
    // Until its present deadline, if it has one.
    void wait() {
        const auto deadline = router_.next_deadline();
        if (!deadline) return;
        now_.wall += *deadline - now_.boot;
        now_.boot = *deadline;
        feed(Tick{});
    }
    void begin_to_watch() { told_.clear(); }
    [[nodiscard]] const std::string& told() const { return told_; }

private:
    static RouterOptions options_for(S state) {
        RouterOptions options;
        if (state == S::failed_final) options.attempts_max = 1;
        return options;
    }
    void advertise() {
        feed(AgentConnected{fab_id});
        Advertisement advertisement =
            testing::fab(testing::lyon, {testing::printer("p1", 180, 180, 180, {{"pla", 1000.0}})});
        advertisement.valid_s = 10'000'000;
        say(message::Advertise{advertisement});
    }
    void submit() {
        message::SubmitJob body{"key", {}};
        body.spec.licence = "CC0-1.0";
        body.spec.parts = {testing::part("hook")};
        body.spec.place_of_use = testing::lyon;
        client(body);
        feed(AnalysisDone{hash_of("hook"), testing::box(20, 20, 20)});
    }
    void go_to(S state) {
        if (state == S::cancelled) client(message::CancelJob{order().job, ""});
        const auto has_come = [&] { return order().state == state; };
        const std::function<void()> steps[] = {
            [&] {
                say(message::AcceptOffer{order().id, epoch()});
            },
            [&] { state == S::failed_final ? report(A::failed) : ask(true); },
            [&] { report(state == S::in_doubt ? A::in_doubt : A::running); },
            [&] { report(A::produced); },
            [&] { report(A::inspected_good); },
            [&] { report(A::delivered); }};
        for (const auto& step : steps) {
            if (has_come()) break;
            step();
        }
        NEARFAB_CHECK(has_come(), "every state can be reached");
    }
    void note(const Effect& effect) {
        const auto* tell = std::get_if<Tell>(&effect);
        if (tell != nullptr) told_ += " +" + std::string{name_of(tell->body)};
    }

    Router router_;
    Moment now_;
    std::uint64_t correlation_ = 0;
    std::string told_;
};

struct Happening {
    std::string name;
    std::function<void(RouterCase&)> happen;
};

std::vector<Happening> happenings() {
    std::vector<Happening> all{
        {"AcceptOffer",
         [](RouterCase& c) {
             c.say(message::AcceptOffer{c.order().id, c.epoch()});
         }},
        {"DeclineOffer",
         [](RouterCase& c) {
             c.say(message::DeclineOffer{c.order().id, c.epoch(), "no"});
         }},
        {"StartRequest", [](RouterCase& c) { c.ask(true); }},
        {"StartRequest, bed not clear", [](RouterCase& c) { c.ask(false); }}};
    for (int i = 1; i <= 13; ++i) {
        const auto state = static_cast<A>(i);
        all.push_back(
            {"report: " + message::to_string(state), [state](RouterCase& c) { c.report(state); }});
    }
    all.push_back({"Inventory without it", [](RouterCase& c) { c.say(message::Inventory{}); }});
    all.push_back({"CancelJob", [](RouterCase& c) {
                       c.client(message::CancelJob{c.order().job, "changed my mind"});
                   }});
    all.push_back({"its time is over", [](RouterCase& c) { c.wait(); }});
    all.push_back({"the fab leaves", [](RouterCase& c) { c.feed(AgentLost{fab_id}); }});
    all.push_back({"the fab stays away", [](RouterCase& c) {
                       c.feed(AgentLost{fab_id});
                       c.wait();
                   }});
    all.push_back({"the fab comes back", [](RouterCase& c) {
                       c.feed(AgentLost{fab_id});
                       c.feed(AgentConnected{fab_id});
                   }});
    return all;
}

}  // namespace

Matrix work_order_matrix() {
    constexpr S states[] = {S::queued,
                            S::offered,
                            S::reserved,
                            S::authorised,
                            S::producing,
                            S::produced,
                            S::inspected,
                            S::delivered,
                            S::in_doubt,
                            S::cancelled,
                            S::failed_final};
    Matrix matrix;
    for (const S state : states)
        matrix.states.push_back(to_string(state));
    for (const Happening& what : happenings()) {
        Matrix::Row row{what.name, {}};
        for (const S state : states) {
            RouterCase fresh{state};
            const std::uint64_t epoch = fresh.order().epoch;
            fresh.begin_to_watch();
            what.happen(fresh);
            std::string cell;
            if (fresh.order().state != state || fresh.order().epoch != epoch) {
                cell = to_string(fresh.order().state);
            }
            if (fresh.order().epoch != epoch) cell += " e" + std::to_string(fresh.order().epoch);
            cell += fresh.told();
            row.cells.push_back(cell.empty() ? "." : cell);
        }
        matrix.rows.push_back(std::move(row));
    }
    return matrix;
}

}  // namespace nearfab::simulation::life
