// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/router/matching/random_world.hpp"

#include "tests/router/matching/samples.hpp"

#include <array>

namespace nearfab::router::testing {
namespace {

MatchingRules few_places() {
    MatchingRules rules;
    rules.queue_per_machine_max = 3;
    rules.share_counts_from_s = 1000;
    return rules;
}

const std::array<const char*, 4> process_names{"fdm", "sla", "laser_cut", "cnc_mill"};
const std::array<const char*, 5> material_names{"pla", "petg", "abs", "pa12", "asa"};

}  // namespace

RandomWorld::RandomWorld(std::uint64_t seed, WorldShape shape)
    : random_{seed}, shape_{shape}, rules_{few_places()}, index_{rules_} {
    for (std::size_t i = 0; i < shape_.fabs; ++i)
        arrive(FabId{"fab" + std::to_string(i)});
}

std::size_t RandomWorld::below(std::size_t count) {
    // The same numbers everywhere, unlike the distributions of the standard library.
    return static_cast<std::size_t>(random_() % count);
}

double RandomWorld::value(std::initializer_list<double> few) {
    const double chosen = *(few.begin() + below(few.size()));
    if (shape_.few_values) return chosen;
    return chosen * (0.5 + static_cast<double>(below(1'000'000)) / 1e6);
}

Place RandomWorld::place() {
    static const std::array<Place, 9> edges{{{90, 0},
                                             {90, 120},
                                             {-90, -77},
                                             {0, 180},
                                             {0, -180},
                                             {0.00001, 179.99999},
                                             {45.764, 4.8357},
                                             {45.764, 4.8357},
                                             {-45.764, -175.1643}}};
    if (shape_.one_place) return edges[6];
    if (one_in(3)) return edges[below(edges.size())];
    if (one_in(2)) {
        // A town: within some km.
        return {45.76 + static_cast<double>(below(100)) / 2000,
                4.83 + static_cast<double>(below(100)) / 2000};
    }
    return {static_cast<double>(below(180'001)) / 1000 - 90,
            static_cast<double>(below(360'001)) / 1000 - 180};
}

Capability RandomWorld::machine(std::size_t number) {
    Capability machine = printer("m" + std::to_string(number), 1, 1, 1, {});
    machine.process = ProcessId{process_names[one_in(3) ? below(4) : 0]};
    machine.envelope_x_mm = value({180, 220, 250, 300});
    machine.envelope_y_mm = one_in(2) ? machine.envelope_x_mm : value({180, 250});
    machine.envelope_z_mm = value({180, 250, 400});
    // Nothing fits into the one, everything into the other.
    if (one_in(25)) machine.envelope_x_mm = machine.envelope_z_mm = 0;
    if (one_in(25)) machine.envelope_x_mm = machine.envelope_y_mm = machine.envelope_z_mm = 1e9;
    machine.min_feature_mm = value({0.2, 0.4});
    machine.tolerance_mm = value({0.1, 0.2, 0.3});
    machine.build_rate_cm3_per_h = one_in(4) ? value({10, 60}) : 25;
    machine.backlog_s = static_cast<std::int64_t>(one_in(2) ? 0 : below(5) * 1800);
    if (one_in(20)) machine.backlog_s = 315'360'000;
    for (const char* material : material_names) {
        if (one_in(2)) machine.materials.push_back({MaterialId{material}, value({0, 20, 500})});
    }
    if (one_in(10)) machine.materials.push_back({MaterialId{"pla"}, 7});
    machine.state = one_in(12) ? MachineState::drained : MachineState::idle;
    if (!one_in(3)) {
        machine.rates = Rates{one_in(5) ? "CHF" : "EUR",
                              static_cast<std::int64_t>(below(3)) * 100,
                              static_cast<std::int64_t>(below(4)) * 50,
                              static_cast<std::int64_t>(below(3)) * 1000};
        if (one_in(3)) machine.rates->materials = {{MaterialId{"pla"}, 700}};
    }
    if (!one_in(3)) machine.energy = Energy{value({80, 120}), value({50, 400})};
    return machine;
}

std::shared_ptr<const Advertisement> RandomWorld::advertisement() {
    Advertisement made = fab(place(), {});
    if (one_in(6)) made.terms.licences = {"MIT", "CC-BY-*"};
    if (one_in(8)) made.terms.submitters = {"ada", "u" + std::to_string(below(60))};
    const std::size_t machines = below(shape_.machines_per_fab_max + 1);
    for (std::size_t i = 0; i < machines; ++i)
        made.machines.push_back(machine(i));
    return std::make_shared<const Advertisement>(std::move(made));
}

void RandomWorld::arrive(const FabId& id) {
    Fab& fab = fabs_[id];
    fab.advertisement = advertisement();
    index_.advertise(id, fab.advertisement);
    fab.connected = !one_in(15);
    fab.stale = one_in(15);
    index_.set_presence(id, fab.connected, fab.stale);
    fab.recent_work_s = static_cast<std::int64_t>(below(4) * 3600);
    index_.set_recent_work(id, fab.recent_work_s);
}

FabId RandomWorld::any_fab() {
    return FabId{"fab" + std::to_string(below(shape_.fabs))};
}

void RandomWorld::promise(const FabId& id, Fab& fab) {
    if (fab.advertisement->machines.empty()) return;
    const auto& machines = fab.advertisement->machines;
    const MachineId machine = machines[below(machines.size())].machine;
    MachineIndex::Promises promises;
    promises.seconds = static_cast<std::int64_t>(below(4) * 1000);
    promises.queued = static_cast<std::uint32_t>(below(5));
    if (one_in(2)) {
        promises.materials = {{MaterialId{material_names[below(5)]}, value({5, 490})}};
    }
    fab.promises[machine] = promises;
    index_.set_promises(id, machine, promises);
}

void RandomWorld::change() {
    const FabId id = any_fab();
    const auto known = fabs_.find(id);
    if (known == fabs_.end()) {
        arrive(id);
        return;
    }
    Fab& fab = known->second;
    switch (below(7)) {
        case 0:
            index_.forget(id);
            fabs_.erase(known);
            return;
        case 1: {
            fab.advertisement = advertisement();
            index_.advertise(id, fab.advertisement);
            std::erase_if(fab.promises, [&fab](const auto& promised) {
                const auto& machines = fab.advertisement->machines;
                return std::none_of(machines.begin(), machines.end(), [&](const Capability& m) {
                    return m.machine == promised.first;
                });
            });
            return;
        }
        case 2: {
            Advertisement next = *fab.advertisement;
            for (Capability& machine : next.machines) {
                machine.backlog_s = static_cast<std::int64_t>(below(20'000));
                for (MaterialStock& stock : machine.materials)
                    stock.available_g = static_cast<double>(below(300));
            }
            fab.advertisement = std::make_shared<const Advertisement>(std::move(next));
            index_.advertise(id, fab.advertisement);
            return;
        }
        case 3:
            fab.connected = !one_in(4);
            fab.stale = one_in(4);
            index_.set_presence(id, fab.connected, fab.stale);
            return;
        case 4:
            fab.distrust = one_in(2) ? "3 failures in a row" : "";
            index_.set_distrust(id, fab.distrust);
            return;
        case 5:
            fab.recent_work_s = static_cast<std::int64_t>(below(100'000));
            index_.set_recent_work(id, fab.recent_work_s);
            return;
        default:
            promise(id, fab);
    }
}

Question RandomWorld::question() {
    const PartFacts facts = box(value({20, 150, 240, 290}), value({20, 100, 200}), value({10, 60}));
    PartSpec spec = part("thing", material_names[below(5)]);
    spec.process = ProcessId{process_names[one_in(3) ? below(4) : 0]};
    if (one_in(3)) spec.min_feature_mm = value({0.2, 0.3, 0.4});
    if (one_in(3)) spec.tolerance_mm = value({0.1, 0.2, 0.25});
    Question question = make_question(spec, facts);
    question.place_of_use = place();
    question.submitter = IdentityId{one_in(2) ? "ada" : "bob"};
    if (one_in(2)) {
        question.licence = *LicenceExpression::parse(one_in(2) ? "MIT" : "CERN-OHL-S-2.0");
    }
    if (one_in(3)) question.deadline_s = static_cast<std::int64_t>(below(200'000)) - 100;
    if (one_in(2)) question.mass_g = value({0, 20, 495});
    question.objective = std::array{Objective::nearest,
                                    Objective::nearest,
                                    Objective::soonest,
                                    Objective::cheapest,
                                    Objective::greenest}[below(5)];
    question.currency = one_in(4) ? "CHF" : one_in(8) ? "USD" : "EUR";  // USD is nobody's.
    if (one_in(2))
        question.carbon_price_per_t = static_cast<std::int64_t>(value({100, 19'000, 5e6}));
    if (one_in(2)) {
        for (std::size_t i = below(4); i > 0; --i)
            question.history.refusals[any_fab()] = "it said no";
        for (std::size_t i = below(4); i > 0; --i)
            question.history.waiting_of_job[any_fab()] = static_cast<std::uint32_t>(below(6));
        question.history.unsafe[{any_fab(), MachineId{"m0"}}] = "it burnt";
    }
    return question;
}

std::vector<FabView> RandomWorld::views() const {
    std::vector<FabView> views;
    for (const auto& [id, fab] : fabs_) {
        FabView view;
        view.fab = id;
        view.advertisement = fab.advertisement.get();
        view.connected = fab.connected;
        view.stale = fab.stale;
        view.distrust = fab.distrust;
        view.recent_work_s = fab.recent_work_s;
        for (const Capability& machine : fab.advertisement->machines) {
            MachineView seen{&machine, 0, {}, 0};
            if (const auto known = fab.promises.find(machine.machine);
                known != fab.promises.end()) {
                seen = {
                    &machine, known->second.seconds, known->second.materials, known->second.queued};
            }
            view.machines.push_back(std::move(seen));
        }
        views.push_back(std::move(view));
    }
    return views;
}

}  // namespace nearfab::router::testing
