// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/core/work.hpp"

#include "base/check.hpp"
#include "proto/model/material.hpp"
#include "proto/model/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace nearfab::agent {
namespace {

constexpr double heaviest_g_cm3 = 20.0;  // For a material nobody knows; only ever too much.

std::string preparing_word(const ProcessId& process) {
    return process.text() == "fdm" || process.text() == "sla" ? "slicing"
                                                              : "preparing the machine code";
}

const char* extension_of(const ProcessId& process) {
    return process.text() == "sla" ? ".sl1" : ".gcode";
}

std::string waiting_phase(const Work& work) {
    if (work.stage == Stage::asked) return "asking for the start right";
    if (!work.confirmed) return "waiting for the router's confirmation";
    if (!work.prepared && !work.preparing) return "fetching the design";
    if (!work.prepared) return preparing_word(work.offer.part.process);
    if (!is_uploaded(work)) return "uploading to the machine";
    return work.wait_reason.empty() ? "waiting for its turn" : "waiting: " + work.wait_reason;
}

// One try may be lost or take its time; after the second a person must know.
std::string stopping_phase(const Work& work) {
    if (work.cancel_tries < 2) return "stopping";
    return "does not stop (told " + std::to_string(work.cancel_tries) +
           " times): stop it at the machine";
}

}  // namespace

std::string machine_file_name(const AttemptKey& key,
                              const ContentHash& code,
                              const ProcessId& process) {
    return "nf-" + key.work_order.text() + "-e" + std::to_string(key.epoch) + "-" +
           code.short_hex() + extension_of(process);
}

std::string plate_file_name(const Work& leader, std::size_t pieces, const ContentHash& code) {
    return "nf-" + leader.key.work_order.text() + "-e" + std::to_string(leader.key.epoch) + "-p" +
           std::to_string(pieces) + "-n" + std::to_string(leader.plate_files.size() + 1) + "-" +
           code.short_hex() + extension_of(leader.offer.part.process);
}

const std::string& file_of(const Work& work) {
    NEARFAB_CHECK(work.prepared.has_value(), "only what is prepared has a file");
    return work.plate ? work.plate->machine_file : work.prepared->machine_file;
}

const ContentHash& code_of(const Work& work) {
    NEARFAB_CHECK(work.prepared.has_value(), "only what is prepared has machine code");
    return work.plate ? work.plate->machine_code : work.prepared->machine_code;
}

bool is_uploaded(const Work& work) {
    return work.plate ? work.plate->uploaded : work.uploaded;
}

bool leads(const Work& work) {
    return !work.plate || work.plate->leader == work.key;
}

double needed_g(const message::Offer& offer) {
    const auto material = find_material(offer.part.material.text());
    const double density = material ? material->density_g_cm3 : heaviest_g_cm3;
    return offer.facts.volume_mm3 / 1000.0 * density * offer.part.quantity;
}

double needed_g(const Work& work) {
    if (work.plate) {
        // As long as it waits, the plate may be dissolved.
        const bool alone_again = is_waiting(work.stage) && work.prepared;
        return alone_again ? std::max(work.plate->grams, work.prepared->grams) : work.plate->grams;
    }
    return work.prepared ? work.prepared->grams : needed_g(work.offer);
}

double still_needed_g(const Work& work) {
    return std::max(0.0, needed_g(work) - work.used_g);
}

bool suffices(double stock_g, double needed_g) {
    constexpr double rounding_g = 1e-6;
    return needed_g <= stock_g + rounding_g;
}

std::string grams_text(double grams) {
    char text[64];
    (void)std::snprintf(text, sizeof text, "%.12g g", std::round(grams * 10) / 10);
    return text;
}

std::int64_t seconds_left(const Work& work, double build_rate_cm3_per_h) {
    if (work.stage == Stage::running) return std::max<std::int64_t>(work.remaining_s, 0);
    if (work.plate) return work.plate->seconds;
    if (work.prepared) return work.prepared->seconds;
    if (build_rate_cm3_per_h <= 0) return 0;
    const double hours = work.offer.facts.volume_mm3 / 1000.0 / build_rate_cm3_per_h;
    return static_cast<std::int64_t>(std::min(hours * 3600.0, 1e9));
}

bool is_settled(const Work& work) {
    if (!is_final(work.stage)) return false;
    return work.stage == Stage::declined || work.router_knows ||
           work.reported == state_of(work.stage);
}

std::string making_word(const ProcessId& process) {
    const std::string& id = process.text();
    if (id == "fdm" || id == "sla" || id == "sls" || id == "pbf_metal") return "printing";
    if (id.ends_with("_cut")) return "cutting";
    if (id.starts_with("cnc_")) return "machining";
    return "making";
}

std::string phase_of(const Work& work, const Work& run) {
    switch (work.stage) {
        case Stage::seen:
            return "waiting for the operator's decision";
        case Stage::reserved:
        case Stage::asked:
            return waiting_phase(work);
        case Stage::authorised:
        case Stage::starting:
            return run.recalled ? "taking back the start" : "starting";
        case Stage::running:
            if (work.unwanted && work.unwanted->stop && work.plate && run.cancel_tries == 0) {
                return "no longer needed: it ends with its plate";
            }
            if (work.unwanted && work.unwanted->stop) return stopping_phase(run);
            if (work.unwanted) return "no longer needed: stop or finish";
            if (run.halted) return run.paused ? "paused" : "paused at the machine";
            return making_word(work.offer.part.process);
        case Stage::in_doubt:
            return "in doubt: a person must look at the machine";
        case Stage::produced:
            return "waiting for inspection";
        case Stage::inspected_good:
            return "waiting to be handed over";
        case Stage::declined:
        case Stage::failed:
        case Stage::never_started:
        case Stage::released:
        case Stage::inspected_bad:
        case Stage::delivered:
            break;
    }
    return std::string{to_string(work.stage)};
}

std::string describe(const Work& work, const Work& run) {
    std::string text = "work order " + work.key.work_order.text() + " is ";
    if (work.stage != Stage::running) return text + phase_of(work, run);
    const auto percent = static_cast<int>(std::lround(work.progress * 100.0));
    const std::string word = run.halted ? "paused" : making_word(work.offer.part.process);
    return text + word + " (" + std::to_string(percent) + " %)";
}

message::AttemptReport report_of(const Work& work) {
    message::AttemptReport report;
    report.work_order = work.key.work_order;
    report.epoch = work.key.epoch;
    report.state = state_of(work.stage);
    report.machine = work.offer.machine;
    if (work.prepared) report.machine_file = file_of(work);
    report.detail = clean_text(work.detail);
    report.unsafe = work.unsafe;
    return report;
}

}  // namespace nearfab::agent
