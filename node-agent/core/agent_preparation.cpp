// SPDX-License-Identifier: GPL-3.0-or-later
// From a confirmed reservation to a file on the machine.

#include "node-agent/core/agent.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace nearfab::agent {

effect::Prepare Agent::preparation_of(const Work& work) {
    const message::Offer& offer = work.offer;
    return {work.key,
            offer.machine,
            offer.part.reading(),
            {offer.facts.size_x_mm, offer.facts.size_y_mm, offer.facts.size_z_mm},
            offer.part.material,
            offer.placement,
            offer.part.sheet_thickness_mm};
}

void Agent::go_on_preparing(Step& step, Work& work) {
    if (!is_waiting(work.stage) || !work.confirmed) return;
    const message::Offer& offer = work.offer;
    if (work.prepared) {
        if (!leads(work)) return;
        if (is_uploaded(work) || !work.uploading.empty()) return;
        if (step.now.boot < work.upload_not_before) return;
        work.uploading = file_of(work);
        step.others.push_back(
            effect::UploadToMachine{work.key, offer.machine, file_of(work), code_of(work)});
    } else if (designs_.contains(offer.part.design)) {
        if (work.preparing) return;
        work.preparing = true;
        step.others.push_back(preparation_of(work));
    } else if (!work.fetching) {
        bool on_its_way = false;
        for (const auto& [key, other] : work_) {
            on_its_way |= other.fetching && other.offer.part.design == offer.part.design;
        }
        work.fetching = true;
        if (on_its_way) return;
        step.others.push_back(effect::FetchDesign{offer.part.design, offer.part.design_bytes});
    }
}

void Agent::take(Step& step, const event::DesignFetched& event) {
    designs_.insert(event.design);
    for (auto& [key, work] : work_) {
        if (work.offer.part.design != event.design) continue;
        work.fetching = false;
        go_on_preparing(step, work);
    }
}

void Agent::take(Step& step, const event::DesignFetchFailed& event) {
    for (auto& [key, work] : work_) {
        if (work.offer.part.design != event.design || !work.fetching) continue;
        work.fetching = false;
        if (is_waiting(work.stage)) end(step, work, false, "design: " + event.reason);
    }
}

void Agent::take(Step& step, const event::Prepared& event) {
    Work* work = find(event.key);
    if (work == nullptr || !work->preparing) return;
    work->preparing = false;
    if (!is_waiting(work->stage)) return;
    const MachineId& machine = work->offer.machine;
    const MaterialId& material = work->offer.part.material;
    const double others_g = promised_g(machine, material) - needed_g(*work);
    const double stock_g = machines_.get(machine).stock_g(material);
    if (!suffices(stock_g, others_g + event.grams)) {
        return release(step,
                       *work,
                       "material: sliced it needs " + grams_text(event.grams) + " of " +
                           material.text() + ", only " +
                           grams_text(std::max(0.0, stock_g - others_g)) +
                           " are not promised elsewhere");
    }
    record(
        step,
        fact::Prepared{event.key,
                       machine_file_name(event.key, event.machine_code, work->offer.part.process),
                       event.machine_code,
                       event.seconds,
                       event.grams});
    go_on_preparing(step, *work);
}

void Agent::take(Step& step, const event::PrepareFailed& event) {
    Work* work = find(event.key);
    if (work == nullptr || !work->preparing) return;
    work->preparing = false;
    if (is_waiting(work->stage)) end(step, *work, false, "preparation: " + event.reason);
}

// What was sent may not be what it needs any more: it was put on a plate meanwhile, or taken from
// one.
void Agent::take(Step& step, const event::UploadedToMachine& event) {
    Work* work = find(event.key);
    if (work == nullptr || work->uploading.empty()) return;
    const std::string file = std::exchange(work->uploading, {});
    if (file == work->prepared->machine_file) work->uploaded = true;
    if (work->plate && file == work->plate->machine_file) {
        for (Work* piece : pieces_of(*work->plate))
            piece->plate->uploaded = true;
    }
    go_on_preparing(step, *work);
}

void Agent::take(Step& step, const event::UploadFailed& event) {
    Work* work = find(event.key);
    if (work == nullptr || work->uploading.empty()) return;
    const std::string file = std::exchange(work->uploading, {});
    if (!is_waiting(work->stage)) return;
    if (file != file_of(*work)) return go_on_preparing(step, *work);
    work->upload_not_before = step.now.boot + options_.intervals.upload_retry;
    if (work->plate) return plate_upload_failed(step, *work, event);
    if (!event.may_retry) release(step, *work, "upload to the machine: " + event.reason);
}

}  // namespace nearfab::agent
