// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/region/region_export.hpp"

#include "base/check.hpp"
#include "proto/model/material.hpp"
#include "proto/model/process.hpp"
#include "proto/model/text.hpp"
#include "router/matching/region/cell_cut.hpp"
#include "router/matching/region/kind_groups.hpp"
#include "router/matching/region/region_sum.hpp"
#include "router/matching/requirements.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace nearfab::router {
namespace {

constexpr std::size_t bytes_least = std::size_t{192} * 1024;

std::vector<std::string> licence_set(const FabTerms& terms) {
    std::vector<std::string> licences = terms.licences;
    std::sort(licences.begin(), licences.end());
    licences.erase(std::unique(licences.begin(), licences.end()), licences.end());
    return licences;
}

bool can_be_told(const std::vector<std::string>& licences) {
    return licences.size() <= limits::terms_max &&
           std::all_of(licences.begin(), licences.end(), [](const std::string& licence) {
               return licence.size() <= limits::name_bytes_max &&
                      text_fault(licence, TextKind::line).empty();
           });
}

// Ids as they are known here. A part may be asked for in any spelling ("PA-12"), so all spellings
// count as the one id; nearly everybody writes the id itself, which is found at once.
class KnownIds {
public:
    KnownIds() {
        for (const MaterialInfo& material : known_materials())
            materials_.insert(material.id);
        for (const ProcessInfo& process : known_processes())
            processes_.insert(process.id);
    }
    [[nodiscard]] std::optional<std::string_view> material(const MaterialId& id) const {
        if (const auto known = materials_.find(id.text()); known != materials_.end()) return *known;
        const auto known = find_material(id.text());
        return known ? std::optional{known->id} : std::nullopt;
    }
    [[nodiscard]] std::optional<std::string_view> process(const ProcessId& id) const {
        if (const auto known = processes_.find(id.text()); known != processes_.end()) return *known;
        const auto known = find_process(id.text());
        return known ? std::optional{known->id} : std::nullopt;
    }

private:
    std::set<std::string_view> materials_;
    std::set<std::string_view> processes_;
};

// What one machine has free of each material known here.
std::map<std::string_view, double> known_stocks(const MachineView& machine, const KnownIds& ids) {
    std::map<std::string_view, double> stocks;
    for (const MaterialStock& stock : machine.capability->materials) {
        const auto known = ids.material(stock.material);
        if (!known) continue;
        double& most = stocks[*known];
        most = std::max(most, free_g(machine, stock.material));
    }
    return stocks;
}

// Goes over the machines that are told of, fab by fab.
template <typename Tell>
void each_told(const MachineIndex& index, const Tell& tell) {
    const KnownIds ids;
    index.each_fab([&](const FabView& fab) {
        for (const MachineView& machine : fab.machines) {
            if (!takes_work(fab, machine, index.rules())) continue;
            const auto process = ids.process(machine.capability->process);
            if (!process) continue;
            const auto stocks = known_stocks(machine, ids);
            if (!stocks.empty()) tell(fab, machine, *process, stocks);
        }
    });
}

// What a digest names once.
class Names {
public:
    explicit Names(const MachineIndex& index) {
        std::map<std::string_view, std::set<RegionKind>> kinds;
        std::map<std::vector<std::string>, std::size_t> terms;
        each_told(index, [&](const auto& fab, const auto& machine, auto process, auto& stocks) {
            kinds[process].insert(region_kind(*machine.capability));
            ++terms[licence_set(fab.advertisement->terms)];
            for (const auto& [material, grams] : stocks)
                materials_.emplace(material, 0);
        });
        std::uint32_t number = 0;
        for (auto& [material, place] : materials_)
            place = number++;
        number = 0;
        for (const auto& [process, machines] : kinds)
            processes_.emplace(process, Process{number++, KindGroups{machines}});
        choose_terms(terms);
    }

    void write(RegionDigest& digest) const {
        for (const auto& [material, place] : materials_)
            digest.materials.emplace_back(std::string{material});
        for (const auto& [licences, place] : terms_)
            digest.terms.push_back({licences});
        for (const auto& [id, process] : processes_)
            digest.processes.push_back({ProcessId{std::string{id}}, process.groups.kinds()});
        NEARFAB_CHECK(digest.materials.size() <= limits::region_materials_max &&
                          digest.processes.size() <= limits::region_processes_max,
                      "more materials or processes are known than a digest may name");
    }

    [[nodiscard]] RegionOffer offer_of(const FabView& fab,
                                       const MachineView& machine,
                                       std::string_view process_id,
                                       const std::map<std::string_view, double>& stocks) const {
        const Process& process = processes_.at(process_id);
        RegionOffer offer;
        offer.process = process.number;
        const auto terms = terms_.find(licence_set(fab.advertisement->terms));
        offer.terms = terms == terms_.end() ? region_terms_any : std::uint32_t{1} << terms->second;
        add_figures(offer, *machine.capability);
        const std::size_t kind = process.groups.group_of(region_kind(*machine.capability));
        for (const auto& [material, grams] : stocks) {
            offer.materials.push_back({materials_.at(material),
                                       std::uint64_t{1} << kind,
                                       region_wait_s(wait_seconds(machine)),
                                       region_stock_g(grams)});
        }
        return offer;
    }

    // The kinds of each offer without those that others cover.
    void tidy(RegionCell& cell) const {
        for (RegionOffer& offer : cell.offers) {
            const auto process = std::next(processes_.begin(), offer.process);
            for (RegionStock& stock : offer.materials)
                stock.kinds = process->second.groups.without_covered(stock.kinds);
        }
    }

private:
    struct Process {
        std::uint32_t number = 0;
        KindGroups groups;
    };

    // The sets of licences that most machines are under; the rest may accept anything.
    void choose_terms(const std::map<std::vector<std::string>, std::size_t>& machines) {
        std::vector<std::pair<std::size_t, const std::vector<std::string>*>> ranked;
        for (const auto& [licences, count] : machines) {
            if (can_be_told(licences)) ranked.emplace_back(count, &licences);
        }
        std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
            return a.first > b.first;
        });
        if (ranked.size() > limits::region_terms_max) ranked.resize(limits::region_terms_max);
        for (const auto& [count, licences] : ranked)
            terms_.emplace(*licences, 0);
        std::uint32_t number = 0;
        for (auto& [licences, place] : terms_)
            place = number++;
    }

    std::map<std::string_view, std::uint32_t> materials_;
    std::map<std::string_view, Process> processes_;
    std::map<std::vector<std::string>, std::uint32_t> terms_;
};

// Everything that is told, in the smallest cells that may be.
CellContents smallest_cells(const MachineIndex& index, const Names& names, std::uint32_t level) {
    CellContents cells;
    const FabView* last = nullptr;
    each_told(index, [&](const auto& fab, const auto& machine, auto process, auto& stocks) {
        const std::uint32_t path = cell_path(globe_point(fab.advertisement->place));
        RegionCell one;
        one.machines = 1;
        one.fabs = last == &fab ? 0 : 1;
        one.offers = {names.offer_of(fab, machine, process, stocks)};
        include(cells[cell_at(path, level)], one);
        last = &fab;
    });
    return cells;
}

}  // namespace

RegionDigest region_digest(const MachineIndex& index,
                           const RegionStatement& statement,
                           const RegionRules& rules) {
    NEARFAB_CHECK(rules.cells_max >= 1 && rules.cells_max <= limits::region_cells_max &&
                      rules.bytes_max >= bytes_least && rules.bytes_max <= limits::region_bytes_max,
                  "a digest's bounds are within those of the protocol");
    RegionDigest digest;
    digest.network = statement.network;
    digest.stated = statement.stated;
    digest.valid_s = statement.valid_s;
    const Names names{index};
    names.write(digest);
    CutRules cut;
    cut.level_max = finest_level_of(rules.radius_km_min);
    cut.level_of_few = finest_level_of(rules.few_fabs_radius_km);
    cut.fabs_min = rules.fabs_min;
    cut.cells_max = rules.cells_max;
    cut.bytes_max = rules.bytes_max - std::min(rules.bytes_max, region_bytes(digest));
    digest.cells = cut_cells(smallest_cells(index, names, cut.level_max), cut);
    for (RegionCell& cell : digest.cells)
        names.tidy(cell);
    NEARFAB_CHECK(region_bytes(digest) <= rules.bytes_max, "a digest is larger than it may be");
    return digest;
}

}  // namespace nearfab::router
