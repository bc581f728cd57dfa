// SPDX-License-Identifier: GPL-3.0-or-later

#include "json/answers.hpp"

#include "host/clock.hpp"
#include "json/answer_shapes.hpp"
#include "json/figures.hpp"

#include <utility>

namespace nearfab::json {
namespace {

template <typename T>
Json known_or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json match_json(const MatchReport& report) {
    Json candidates = list();
    int rank = 0;
    for (const Candidate& candidate : report.candidates) {
        candidates.push_back({{"rank", ++rank},
                              {"fab", candidate.fab.text()},
                              {"machine", candidate.machine.text()},
                              {"distance_km", candidate.distance_km},
                              {"finish_s", candidate.finish_s},
                              {"making_s", candidate.making_s},
                              {"recent_work_s", candidate.recent_work_s},
                              {"neighbour", candidate.neighbour},
                              {"up_axis", axis_name(candidate.placement.up_axis)},
                              {"turn_deg", candidate.placement.turn_deg},
                              {"mass_g", candidate.mass_g},
                              {"price", price_json(candidate.price)},
                              {"footprint", footprint_json(candidate.footprint)},
                              {"why", candidate.reason}});
    }
    Json rejections = list();
    for (const Rejection& rejection : report.rejections) {
        rejections.push_back({{"fab", rejection.fab.text()},
                              {"machine", rejection.machine.text()},
                              {"distance_km", rejection.distance_km},
                              {"requirement", to_string(rejection.requirement)},
                              {"needed", rejection.needed},
                              {"offered", rejection.offered},
                              {"text", rejection.text}});
    }
    return {{"machines_seen", report.machines_seen},
            {"candidates", std::move(candidates)},
            {"rejections", std::move(rejections)},
            {"alternatives", alternatives_json(report.alternatives)}};
}

Json point_json(const std::optional<PartPoint>& at) {
    return at ? Json::array({at->x_mm, at->y_mm, at->z_mm}) : Json(nullptr);
}

// Of the process asked for.
Json verdict_json(const PartFacts& facts, const ProcessId& process) {
    const ProcessFacts* const known = process_facts(facts, process);
    if (known == nullptr) return nullptr;
    Json reasons = list();
    for (const ProcessReason& reason : known->reasons) {
        reasons.push_back({{"rule", reason.rule},
                           {"blocking", reason.blocking},
                           {"beyond_machines", reason.beyond_machines},
                           {"at_mm", point_json(reason.at)},
                           {"measured", reason.measured},
                           {"limit", reason.limit},
                           {"unit", reason.unit},
                           {"text", reason.text}});
    }
    Json out{{"process", process.text()},
             {"verdict", to_string(known->verdict)},
             {"reasons", std::move(reasons)}};
    out["finest"] = nullptr;
    if (known->finest) {
        out["finest"] = {{"what", known->finest->what},
                         {"mm", known->finest->length.mm},
                         {"at_mm", point_json(known->finest->length.at)}};
    }
    out["typical_time_s"] = known->typical_time_s ? Json(*known->typical_time_s) : Json(nullptr);
    return out;
}

Json plan_json(const JobPlan& plan) {
    Json rows = list();
    for (const PlanRow& row : plan.rows) {
        rows.push_back({{"part", row.part},
                        {"fab", row.fab.text()},
                        {"machine", row.machine.text()},
                        {"pieces", row.pieces},
                        {"late", row.late},
                        {"making_s", row.making_s},
                        {"first_s", row.first_s},
                        {"last_s", row.last_s},
                        {"distance_km", row.distance_km},
                        {"mass_g", row.mass_g},
                        {"price", price_json(row.price)},
                        {"footprint", footprint_json(row.footprint)}});
    }
    Json parts = list();
    for (const PlanPart& part : plan.parts) {
        parts.push_back({{"part", part.part},
                         {"pieces", part.pieces},
                         {"late", part.late},
                         {"unplaced", part.unplaced},
                         {"finish_s", part.finish_s},
                         {"reason", or_null(part.reason)},
                         {"alternatives", alternatives_json(part.alternatives)}});
    }
    Json prices = list();
    for (const Money& price : plan.prices)
        prices.push_back(price_json(price));
    return {{"pieces", pieces_of(plan)},
            {"late", late_of(plan)},
            {"late_by_s", late_by_s(plan)},
            {"unplaced", unplaced_of(plan)},
            {"fabs", plan.fabs},
            {"machines", plan.machines},
            {"farthest_km", plan.farthest_km},
            {"deadline_s", known_or_null(plan.deadline_s)},
            {"finish_s", plan.finish_s},
            {"prices", std::move(prices)},
            {"unpriced", plan.unpriced},
            {"footprint", footprint_json(plan.footprint)},
            {"rows", std::move(rows)},
            {"rows_left_out", plan.rows_left_out},
            {"pieces_left_out", plan.pieces_left_out},
            {"parts", std::move(parts)}};
}

Json part_json(const std::string& file,
               const ProcessId& process,
               const MaterialId& material,
               std::uint32_t quantity) {
    return {{"file", file},
            {"process", process.text()},
            {"material", material.text()},
            {"quantity", quantity}};
}

// What was asked of each part, and what its process makes of it.
Json parts_json(const message::AskQuote& question) {
    Json out = list();
    for (std::size_t i = 0; i < question.spec.parts.size(); ++i) {
        const PartSpec& part = question.spec.parts[i];
        const PartFacts& facts = i == 0 ? question.facts : question.more_facts[i - 1];
        Json one = Json::object();
        one["part"] = i;
        one.update(part_json(part.file_name, part.process, part.material, part.quantity));
        one["verdict"] = verdict_json(facts, part.process);
        out.push_back(std::move(one));
    }
    return out;
}

Json work_order_json(const WorkOrderStatus& order) {
    Json out{{"work_order", order.id.text()},
             {"part", order.part},
             {"state", to_string(order.state)},
             {"epoch", order.epoch},
             {"attempts", order.attempts},
             {"fab", or_null(order.fab.text())},
             {"machine", or_null(order.machine.text())}};
    out["distance_km"] = order.fab.empty() ? Json(nullptr) : Json(order.distance_km);
    out["disconnected"] = order.disconnected;
    out["phase"] = or_null(order.phase);
    out["progress"] = order.progress;
    out["remaining_s"] = order.remaining_s;
    out["next"] = or_null(order.next);
    out["planned_fab"] = or_null(order.planned_fab.text());
    out["planned_machine"] = or_null(order.planned_machine.text());
    return out;
}

Json machine_json(const Capability& machine) {
    Json materials = list();
    for (const MaterialStock& stock : machine.materials) {
        materials.push_back(
            {{"material", stock.material.text()}, {"available_g", stock.available_g}});
    }
    return {{"machine", machine.machine.text()},
            {"model", machine.model},
            {"process", machine.process.text()},
            {"envelope_mm",
             Json::array({machine.envelope_x_mm, machine.envelope_y_mm, machine.envelope_z_mm})},
            {"materials", std::move(materials)},
            {"min_feature_mm", machine.min_feature_mm},
            {"tolerance_mm", machine.tolerance_mm},
            {"build_rate_cm3_per_h", machine.build_rate_cm3_per_h},
            {"state", to_string(machine.state)},
            {"backlog_s", machine.backlog_s},
            {"rates", rates_json(machine.rates)},
            {"energy", energy_json(machine.energy)}};
}

}  // namespace

Json place_json(const Place& place) {
    return {{"latitude_deg", place.latitude_deg}, {"longitude_deg", place.longitude_deg}};
}

Json job_json(const JobStatus& job) {
    Json orders = list();
    for (const WorkOrderStatus& order : job.work_orders)
        orders.push_back(work_order_json(order));
    Json parts = list();
    for (const JobPart& part : job.parts)
        parts.push_back(part_json(part.file_name, part.process, part.material, part.quantity));
    return {{"job", job.id.text()},
            {"title", job.title},
            {"submitter", job.submitter.text()},
            {"state", to_string(job.state)},
            {"final", is_final(job.state)},
            {"reason", or_null(job.reason)},
            {"cancel_wanted", job.cancel_wanted},
            {"submitted_at", rfc3339_utc(job.submitted_at)},
            {"changed_at", rfc3339_utc(job.changed_at)},
            {"work_orders", std::move(orders)},
            {"parts", std::move(parts)},
            {"remarks", job.remarks}};
}

Json fab_json(const message::FabStatus& fab, bool with_distance) {
    const Advertisement& said = fab.advertisement;
    Json machines = list();
    for (const Capability& machine : said.machines)
        machines.push_back(machine_json(machine));
    Json one{{"fab", fab.fab.text()},
             {"title", said.title},
             {"place", place_json(said.place)},
             {"connected", fab.connected},
             {"age_s", fab.age_s}};
    one["distance_km"] = with_distance ? Json(fab.distance_km) : Json(nullptr);
    one["failures_in_row"] = fab.failures_in_row;
    one["held_back"] = or_null(fab.held_back);
    one["licences"] = said.terms.licences;
    one["submitters"] = said.terms.submitters;
    one["machines"] = std::move(machines);
    one["machines_left_out"] = fab.machines_left_out;
    return one;
}

std::string json_of_quote(const message::AskQuote& question, const message::Quote& quote) {
    const std::vector<PartSpec>& specs = question.spec.parts;
    Json out = match_json(quote.report);
    out["footprint_basis"] = bases_json(quote.bases);
    out["verdict"] = verdict_json(question.facts, specs.front().process);
    if (specs.size() > 1) {
        Json parts = parts_json(question);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (i > quote.more_reports.size()) break;
            parts[i].update(match_json(i == 0 ? quote.report : quote.more_reports[i - 1]));
        }
        out["parts"] = std::move(parts);
    }
    if (quote.plan) out["plan"] = plan_json(*quote.plan);
    return text_of(out);
}

std::string json_of_submission(const message::JobAccepted& accepted,
                               const std::string& key,
                               const message::AskQuote& judged,
                               const std::optional<JobPlan>& plan) {
    Json out{{"job", accepted.job.text()},
             {"existed", accepted.existed},
             {"key", key},
             {"verdict", verdict_json(judged.facts, judged.spec.parts.front().process)}};
    if (judged.spec.parts.size() > 1) out["parts"] = parts_json(judged);
    if (plan) out["plan"] = plan_json(*plan);
    return text_of(out, -1);
}

std::string json_of_job(const JobStatus& job) {
    return text_of(job_json(job));
}

std::string json_of_jobs(const message::Jobs& jobs) {
    Json out = list();
    for (const JobStatus& job : jobs.jobs)
        out.push_back(job_json(job));
    return text_of({{"jobs", std::move(out)}, {"more", jobs.more}});
}

std::string json_of_event(const JobId& job, const JobEvent& event) {
    return text_of({{"type", "event"},
                    {"job", job.text()},
                    {"number", event.number},
                    {"at", rfc3339_utc(event.at)},
                    {"work_order", or_null(event.work_order.text())},
                    {"text", event.text}},
                   -1);
}

std::string json_of_result(const JobStatus& job) {
    return text_of({{"type", "result"}, {"job", job_json(job)}}, -1);
}

std::string json_of_why(const message::Why& why, const std::vector<std::string>& remarks) {
    Json orders = list();
    for (const message::WorkOrderReason& reason : why.work_orders) {
        Json one{{"work_order", reason.work_order.text()},
                 {"part", reason.part},
                 {"chosen", or_null(reason.chosen.text())},
                 {"planned", or_null(reason.planned.text())},
                 {"at", rfc3339_utc(reason.at)}};
        one.update(match_json(reason.report));
        Json words = list();
        for (const message::FabWord& word : reason.words)
            words.push_back({{"fab", word.fab.text()}, {"text", word.text}});
        one["words"] = std::move(words);
        orders.push_back(std::move(one));
    }
    return text_of({{"job", why.job.text()},
                    {"work_orders", std::move(orders)},
                    {"more", why.more},
                    {"remarks", remarks}});
}

std::string json_of_cancel(const message::CancelAnswer& answer) {
    return text_of({{"text", answer.text}, {"job", job_json(answer.status)}});
}

std::string json_of_fabs(const message::Fabs& fabs, bool with_distance) {
    Json out = list();
    for (const message::FabStatus& fab : fabs.fabs)
        out.push_back(fab_json(fab, with_distance));
    return text_of({{"fabs", std::move(out)}, {"more", fabs.more}});
}

std::string json_of_agent(const message::AgentStatus& status) {
    Json machines = list();
    for (const message::AgentMachine& machine : status.machines) {
        Json one = machine_json(machine.capability);
        one["work_order"] = or_null(machine.work_order.text());
        one["detail"] = or_null(machine.detail);
        machines.push_back(std::move(one));
    }
    Json work = list();
    for (const message::AgentWork& entry : status.work) {
        work.push_back({{"work_order", entry.report.work_order.text()},
                        {"epoch", entry.report.epoch},
                        {"title", entry.title},
                        {"state", to_string(entry.report.state)},
                        {"machine", or_null(entry.report.machine.text())},
                        {"phase", or_null(entry.phase)},
                        {"progress", entry.progress},
                        {"detail", or_null(entry.report.detail)},
                        {"unsafe", entry.report.unsafe}});
    }
    return text_of({{"fab", status.fab_title},
                    {"router", status.router},
                    {"connected", status.connected},
                    {"machines", std::move(machines)},
                    {"work", std::move(work)}});
}

std::string json_of_answer(const message::OperatorAnswer& answer) {
    return text_of({{"text", answer.text}});
}

}  // namespace nearfab::json
