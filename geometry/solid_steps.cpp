// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/solid_steps.hpp"

#include "geometry/detail/shell_union.hpp"
#include "geometry/findings.hpp"
#include "geometry/process/overhang.hpp"
#include "geometry/search/bvh.hpp"
#include "geometry/thickness/normal_ranges.hpp"

#include <algorithm>
#include <utility>

namespace nearfab::geometry {
namespace {

// An ordinary mesh has about ten pairs of boxes for each triangle; a fan of 20,000 triangles round
// one vertex has 200 million, which nobody waits for.
IntersectionLimits limits_for(std::size_t triangles) {
    IntersectionLimits limits;
    limits.candidates = 10'000'000 + 30 * std::uint64_t{triangles};
    return limits;
}

struct Tree {
    explicit Tree(const Mesh& mesh) : bvh(mesh), ranges(bvh) {}
    Bvh bvh;
    NormalRanges ranges;
};

}  // namespace

// Each step writes members of its own, and reads those of the steps that it comes after.
struct SolidSteps::Work {
    Work(PartSurvey of, const PartCheckOptions& how) : survey(std::move(of)), options(how) {}

    const Mesh& mesh() const { return survey.mesh; }

    void connect_all() {
        connect(survey);
        const MeshFacts& facts = survey.report.mesh;
        measurable = survey.has_a_volume() && survey.report.volume_mm3 > 0 && !facts.inside_out;
    }

    void find_intersections() {
        const Bvh& bvh = tree->bvh;
        const Topology& topology = survey.topology;
        intersections =
            self_intersections(bvh, topology.shell_of, limits_for(mesh().triangles.size()));
        if (!survey.has_a_volume()) return;
        // read_part looks longer, and must not say something else of the shells.
        const bool again = topology.shells > 1 && !intersections.complete;
        nesting = detail::nest_shells(
            bvh, topology, again ? self_intersections(bvh, topology.shell_of) : intersections);
    }

    void turn_over() {
        if (!measurable) return;
        OrientationOptions wanted;
        wanted.envelope = options.envelope;
        orientations = orientations_of(mesh(), wanted);
        if (!orientations.empty()) printing = overhangs_of(mesh(), orientations.front().up);
    }

    void follow_layers() {
        if (orientations.empty()) return;
        const bool printed = std::any_of(
            options.limits.begin(), options.limits.end(), [](const ProcessLimits& limits) {
                return family_of(limits.process) == ProcessFamily::printing;
            });
        if (!printed) return;
        print_work = print_work_of(mesh(), orientations.front().up, PrintSettings{});
    }

    void look_for_a_plate() {
        if (!measurable) return;
        plate = plate_of(mesh());
        if (!plate) return;
        if (auto facts = flat_facts(plate->profile)) plate_facts = std::move(*facts);
    }

    PartSurvey survey;
    const PartCheckOptions& options;
    bool measurable = false;  // Else widths and the like would mean nothing.
    std::optional<Tree> tree;
    std::optional<SurfaceWays> ways;
    SelfIntersections intersections;
    detail::ShellNesting nesting;
    Mends mends;
    OrientedBox box;
    SideWidths walls;
    SideWidths gaps;
    std::vector<Orientation> orientations;
    std::optional<Overhangs> printing;
    std::optional<PrintWork> print_work;
    std::optional<MillingFacts> milling;
    std::optional<Plate> plate;
    std::optional<FlatFacts> plate_facts;
};

SolidSteps::SolidSteps(PartSurvey survey, const PartCheckOptions& options)
    : work_(std::make_unique<Work>(std::move(survey), options)) {}

SolidSteps::~SolidSteps() = default;

// Those that need the tree stand first, so that it can go before the others take memory of their
// own; among them and after them long ones before short ones, so that two threads end at about the
// same time.
std::vector<CheckStep> SolidSteps::steps() {
    std::vector<CheckStep> list;
    const auto add = [&list](std::string_view words,
                             double share,
                             std::vector<std::size_t> after,
                             std::function<void()> run) {
        list.push_back({words, share, std::move(after), std::move(run)});
        return list.size() - 1;
    };
    Work& w = *work_;
    const auto connected = add("joining its triangles", 0.05, {}, [&w] { w.connect_all(); });
    const auto tree = add("sorting them", 0.07, {}, [&w] { w.tree.emplace(w.mesh()); });
    const auto ways = add({}, 0.12, {connected}, [&w] {
        if (w.measurable) w.ways.emplace(w.mesh());
    });
    const auto walls = add("measuring walls", 0.15, {connected, tree, ways}, [&w] {
        if (w.measurable) w.walls = wall_widths(w.tree->bvh, *w.ways, w.tree->ranges);
    });
    const auto meetings =
        add("looking for places where it cuts itself", 0.4, {connected, tree}, [&w] {
            w.find_intersections();
        });
    const auto gaps = add("measuring gaps", 0.55, {connected, tree, ways}, [&w] {
        if (w.measurable) w.gaps = gap_widths(w.tree->bvh, *w.ways, w.tree->ranges);
    });
    add({}, 0.62, {walls, meetings, gaps}, [&w] { w.tree.reset(); });
    add({}, 0.62, {walls, gaps}, [&w] { w.ways.reset(); });
    add("looking for a way for the mill", 0.62, {connected}, [&w] {
        if (w.measurable) w.milling = milling_of(w.mesh());
    });
    const auto turned = add("turning it over", 0.77, {connected}, [&w] { w.turn_over(); });
    add("following the layers", 0.86, {turned}, [&w] { w.follow_layers(); });
    add({}, 0.92, {connected}, [&w] { w.mends = mends_of(w.mesh(), w.survey.topology); });
    add({}, 0.94, {}, [&w] { w.box = oriented_box_of(w.mesh()); });
    add({}, 0.95, {connected}, [&w] { look_at_stances(w.survey); });
    add("looking whether it is a plate", 0.96, {connected}, [&w] { w.look_for_a_plate(); });
    return list;
}

bool SolidSteps::faces_are_buried() const {
    const Work& w = *work_;
    if (!w.measurable || w.survey.topology.shells < 2) return false;
    if (!w.nesting.compared || w.nesting.meeting_pairs > 0) return true;
    const auto& volumes = w.survey.measures.shell_volumes_mm3;
    for (std::size_t i = 0; i < volumes.size(); ++i) {
        if (w.nesting.depth[i] % 2 == 1 && volumes[i] > 0) return true;
    }
    return false;
}

std::optional<Mesh> SolidSteps::united() const {
    const Work& w = *work_;
    if (!w.nesting.compared || w.intersections.pairs > detail::max_united_pairs)
        return std::nullopt;
    return detail::united(
        w.mesh(), w.survey.topology, w.survey.measures, w.nesting, w.intersections.meeting_shells);
}

SolidCheck SolidSteps::take() {
    Work& w = *work_;
    conclude(w.survey, w.nesting);
    add_intersections(w.intersections, w.survey.report.findings);
    SolidCheck solid;
    solid.mesh = std::move(w.survey.mesh);
    solid.report = std::move(w.survey.report);
    solid.intersections = std::move(w.intersections);
    solid.mends = w.mends;
    solid.box = w.box;
    solid.closed_voids = w.survey.closed_voids;
    solid.closed_voids_mm3 = w.survey.closed_voids_mm3;
    solid.closed_void = w.survey.closed_void;
    if (!solid.report.makeable()) return solid;
    solid.thickness = joined(std::move(w.walls), std::move(w.gaps));
    add_thinned(*solid.thickness, solid.report.findings);
    solid.orientations = std::move(w.orientations);
    solid.printing = std::move(w.printing);
    solid.milling = std::move(w.milling);
    solid.plate = std::move(w.plate);
    solid.plate_facts = std::move(w.plate_facts);
    return solid;
}

std::optional<PrintWork> SolidSteps::take_print_work() {
    return std::move(work_->print_work);
}

}  // namespace nearfab::geometry
