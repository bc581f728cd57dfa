// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab's own index, asked as the router asks it: with a Question, under every requirement. Each
// machine is a fab of its own, because each has its own place here. Machines arrive one by one, as
// they do at a router; nothing is packed afterwards.

#include "router/matching/index/machine_index.hpp"
#include "router/matching/matcher.hpp"
#include "router/matching/plan.hpp"
#include "router/matching/requirements.hpp"

#include "bench/matching/engines.hpp"
#include "bench/matching/process_cpu.hpp"
#include <array>
#include <limits>
#include <memory>
#include <utility>

namespace nearfab::bench {
namespace {

using router::MachineIndex;
using router::Question;

constexpr double rate_cm3_per_h = 25;
constexpr double stock_g = 1000;
constexpr double mass_g = 100;

geometry::Stances stances_of(const std::array<float, 3>& box) {
    const auto stance = [&](geometry::UpAxis up, std::size_t x, std::size_t y, std::size_t z) {
        const double width = box[x];
        const double depth = box[y];
        return geometry::Stance{up, box[z], {{0, 0}, {width, 0}, {width, depth}, {0, depth}}};
    };
    return {stance(geometry::UpAxis::z, 2, 1, 0),
            stance(geometry::UpAxis::x, 1, 0, 2),
            stance(geometry::UpAxis::y, 0, 2, 1)};
}

bool same_part(const Query& a, const Query& b) {
    return a.process == b.process && a.material == b.material && a.box_mm == b.box_mm &&
           a.min_feature_mm == b.min_feature_mm && a.tolerance_mm == b.tolerance_mm &&
           a.backlog_s_max == b.backlog_s_max;
}

class NearfabTree final : public Engine {
public:
    std::string name() const override { return "nearfab"; }

    void build(const World& world) override {
        processes_ = world.processes;
        materials_ = world.materials;
        arrivals_us_.reserve(world.machines.size());
        for (const BenchMachine& machine : world.machines) {
            const FabId& fab = fabs_.emplace_back("f" + std::to_string(machine.id));
            auto advertised = advertisement(machine);
            const double before = thread_cpu_s();
            index_.advertise(fab, std::move(advertised));
            arrivals_us_.push_back((thread_cpu_s() - before) * 1e6);
            index_.set_presence(fab, true, false);
            set_backlog(machine.id, machine.backlog_s);
            // Most have worked lately, so fair share has something to do.
            index_.set_recent_work(fab, machine.id * std::int64_t{2'654'435'761} % 40 * 3600);
        }
    }

    std::vector<double> take_arrivals_us() override { return std::exchange(arrivals_us_, {}); }

    void nearest(const Query& query, std::size_t k, std::vector<Hit>& hits) override {
        Question& question = question_for(query);
        question.place_of_use = {query.latitude_deg, query.longitude_deg};
        found_.resize(k);
        const std::size_t count = index_.nearest(question, found_);
        hits.clear();
        for (std::size_t i = 0; i < count; ++i)
            hits.push_back({found_[i].slot, router::ground_km(found_[i].chord2)});
    }

    void set_backlog(std::uint32_t id, std::int32_t backlog_s) override {
        index_.set_promises(fabs_[id], only_machine_, {backlog_s, {}, 0});
    }

    // The names are taken out first, as they come out of a message.
    void set_backlogs(std::span<const BacklogChange> changes) override {
        named_.clear();
        for (const BacklogChange& change : changes)
            named_.push_back(fabs_[change.id]);
        for (std::size_t i = 0; i < changes.size(); ++i)
            index_.set_promises(named_[i], only_machine_, {changes[i].backlog_s, {}, 0});
    }

    bool answer_in_full(const Query& query, std::uint32_t pieces) override {
        Question& question = question_for(query);
        question.place_of_use = {query.latitude_deg, query.longitude_deg};
        const router::IndexFinder finder{index_, question};
        const MatchReport report = router::match(question, finder, index_.rules());
        rows_ += report.candidates.size() + report.rejections.size();
        if (pieces == 0) return true;
        const std::vector<router::PlanWish> wishes{{0, pieces, question}};
        const router::PlanWorld world{
            [this](const Question& asked) {
                return std::make_unique<router::IndexFinder>(index_, asked);
            },
            [](const FabId&, const MachineId&) { return router::PlannedAhead{}; },
            {}};
        rows_ += router::make_plan(wishes, world, index_.rules()).rows.size();
        return true;
    }

    bool replace(std::uint32_t id) override {
        const FabId& fab = fabs_[id];
        const auto again = std::make_shared<const Advertisement>(*index_.fab_of(id).advertisement);
        const MachineIndex::Promises promised{index_.machine_of(id).promised_s, {}, 0};
        index_.forget(fab);
        index_.advertise(fab, again);
        index_.set_presence(fab, true, false);
        index_.set_promises(fab, only_machine_, promised);
        return true;
    }

    std::size_t bytes() const override { return index_.bytes(); }
    std::size_t record_bytes() const override { return index_.record_bytes(); }

private:
    std::shared_ptr<const Advertisement> advertisement(const BenchMachine& machine) const {
        Capability capability;
        capability.machine = only_machine_;
        capability.process = ProcessId{processes_[machine.process]};
        capability.envelope_x_mm = machine.envelope_mm[2];
        capability.envelope_y_mm = machine.envelope_mm[1];
        capability.envelope_z_mm = machine.envelope_mm[0];
        for (std::size_t m = 0; m < materials_.size(); ++m) {
            if (((machine.materials >> m) & 1U) != 0) {
                capability.materials.push_back({MaterialId{materials_[m]}, stock_g});
            }
        }
        capability.min_feature_mm = machine.min_feature_mm;
        capability.tolerance_mm = machine.tolerance_mm;
        capability.build_rate_cm3_per_h = rate_cm3_per_h;
        capability.state = MachineState::idle;
        Advertisement made;
        made.place = {machine.latitude_deg, machine.longitude_deg};
        made.machines.push_back(std::move(capability));
        return std::make_shared<const Advertisement>(std::move(made));
    }

    // A part is analysed once and then asked for at many places, so its side of the question is
    // made once as well.
    Question& question_for(const Query& query) {
        for (auto& [part, question] : parts_) {
            if (same_part(part, query)) return question;
        }
        Question question;
        question.part.process = ProcessId{processes_[query.process]};
        question.part.material = MaterialId{materials_[query.material]};
        question.part.min_feature_mm = query.min_feature_mm;
        question.part.tolerance_mm = query.tolerance_mm;
        question.room = geometry::FitTest{stances_of(query.box_mm)};
        question.mass_g = mass_g;
        question.volume_cm3 = 80;
        if (query.backlog_s_max != std::numeric_limits<std::int32_t>::max()) {
            question.deadline_s =
                query.backlog_s_max + router::making_seconds(question, rate_cm3_per_h);
        }
        parts_.emplace_back(query, std::move(question));
        return parts_.back().second;
    }

    const MachineId only_machine_{"m"};  // Of each fab.
    std::vector<FabId> fabs_;
    std::vector<FabId> named_;
    std::vector<double> arrivals_us_;
    std::vector<std::string> processes_;
    std::vector<std::string> materials_;
    MachineIndex index_{router::MatchingRules{}};
    std::vector<std::pair<Query, Question>> parts_;
    std::vector<router::TreeFound> found_;
    std::size_t rows_ = 0;  // Keeps the answers from being left out by the compiler.
};

}  // namespace

std::unique_ptr<Engine> make_nearfab_tree() {
    return std::make_unique<NearfabTree>();
}

}  // namespace nearfab::bench
