// SPDX-License-Identifier: GPL-3.0-or-later
// From a confirmed reservation to a file on the machine.

#include "node-agent/core/agent.hpp"

#include <cmath>
#include <string>

namespace nearfab::agent {

void Agent::go_on_preparing(Step& step, Work& work) {
    if (!is_waiting(work.stage) || !work.confirmed) return;
    const message::Offer& offer = work.offer;
    if (work.prepared) {
        if (work.uploaded || work.uploading || step.now.boot < work.upload_not_before) return;
        work.uploading = true;
        step.others.push_back(effect::UploadToMachine{
            work.key, offer.machine, work.prepared->machine_file, work.prepared->machine_code});
    } else if (designs_.contains(offer.part.design)) {
        if (work.preparing) return;
        work.preparing = true;
        step.others.push_back(
            effect::Prepare{work.key,
                            offer.machine,
                            offer.part.reading(),
                            {offer.facts.size_x_mm, offer.facts.size_y_mm, offer.facts.size_z_mm},
                            offer.part.material,
                            offer.placement,
                            offer.part.sheet_thickness_mm});
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
    if (event.grams + others_g > stock_g) {
        return release(step,
                       *work,
                       "material: sliced it needs " + std::to_string(std::lround(event.grams)) +
                           " g of " + material.text() + ", only " +
                           std::to_string(std::lround(stock_g - others_g)) +
                           " g are not promised elsewhere");
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

void Agent::take(Step&, const event::UploadedToMachine& event) {
    Work* work = find(event.key);
    if (work == nullptr || !work->uploading) return;
    work->uploading = false;
    work->uploaded = true;
}

void Agent::take(Step& step, const event::UploadFailed& event) {
    Work* work = find(event.key);
    if (work == nullptr || !work->uploading) return;
    work->uploading = false;
    if (!is_waiting(work->stage)) return;
    if (!event.may_retry) return release(step, *work, "upload to the machine: " + event.reason);
    work->upload_not_before = step.now.boot + options_.intervals.upload_retry;
}

}  // namespace nearfab::agent
