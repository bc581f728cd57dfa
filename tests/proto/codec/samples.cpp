// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/proto/codec/samples.hpp"

#include <string>
#include <utility>

namespace nearfab::samples {
namespace {

const WorkOrderId work_order{"3f9c01d2a4b86e57-2"};
const JobId job{"3f9c01d2a4b86e57"};
const FabId fab{"fablab-lyon"};
const MachineId machine{"mk4_1"};

WallTime wall(std::int64_t milliseconds) {
    return WallTime{std::chrono::milliseconds{milliseconds}};
}

Capability capability() {
    Capability c;
    c.machine = machine;
    c.model = "Prusa MK4 (gauche)";
    c.process = ProcessId{"fdm"};
    c.envelope_x_mm = 250;
    c.envelope_y_mm = 210;
    c.envelope_z_mm = 220.5;
    c.materials = {{MaterialId{"pla"}, 812.5}, {MaterialId{"petg"}, 40}};
    c.min_feature_mm = 0.4;
    c.tolerance_mm = 0.2;
    c.build_rate_cm3_per_h = 14.5;
    c.state = MachineState::awaiting_clear;
    c.backlog_s = 5400;
    c.accepts_by_hand = true;
    c.rates = Rates{"EUR", 150, 120, 3000, {{MaterialId{"pla"}, 2500}}};
    c.energy = Energy{95, 56, 70, 160, "fdm_open_220 (read)", "FRA 2023 (read)"};
    return c;
}

Footprint footprint() {
    return {CarbonRange{100, 200, 300}, CarbonRange{40, 50, 60}, CarbonRange{7, 8, 9}};
}

message::AttemptReport report() {
    return {work_order,
            3,
            message::AttemptState::in_doubt,
            machine,
            "nf-3f9c01d2a4b86e57-2-e3-0a1b2c3d.gcode",
            "power was lost\nat 40 %",
            true};
}

}  // namespace

PartSpec part_spec() {
    PartSpec p;
    p.design = hash_of("bracket");
    p.design_bytes = 684;
    p.file_name = "équerre v2.stl";
    p.process = ProcessId{"fdm"};
    p.material = MaterialId{"petg"};
    p.quantity = 4;
    p.min_feature_mm = 0.8;
    p.tolerance_mm = 0.3;
    p.sheet_thickness_mm = 3.5;
    p.unit = LengthUnit::inch;
    p.operations = {{0xFF0000, "", LineOperation::engrave}, {{}, "Fold", LineOperation::score}};
    return p;
}

PartFacts part_facts() {
    PartFacts f;
    f.size_x_mm = 80;
    f.size_y_mm = 40;
    f.size_z_mm = 12.25;
    f.volume_mm3 = 20'125.5;
    f.area_mm2 = 9'411.75;
    f.triangles = 1288;
    f.stances[0] = {12.25, {{1, 2}, {80, 3}, {80.5, 40}, {-1, 40}}};
    f.stances[1] = {80, {{1, 2}, {40, 3}, {40.5, 12}}};
    f.stances[2] = {40, {{1, 2}, {12, 3}, {12.5, 80}}};
    f.drawing = true;
    f.thinnest_wall = MeasuredLength{0.9, PartPoint{1, -2, 3}};
    f.narrowest_gap = MeasuredLength{0.4, PartPoint{4, 5, 6}};
    f.smallest_hole = MeasuredLength{3, PartPoint{-7, 8, 12}};
    SheetFacts sheet;
    sheet.thickness_mm = 3;
    sheet.up_axis = 2;
    sheet.outline = {{1, 2}, {80, 3}, {80, 40}};
    sheet.long_mm = 80;
    sheet.short_mm = 40;
    sheet.cut_length_mm = 312.5;
    sheet.pierces = 4;
    sheet.area_mm2 = 2875;
    sheet.smallest_feature = MeasuredLength{1.5, PartPoint{5, 6, 7}};
    sheet.smallest_gap = MeasuredLength{0.7, PartPoint{7, 6, 5}};
    f.sheet = sheet;
    ProcessFacts fdm;
    fdm.process = ProcessId{"fdm"};
    fdm.verdict = Feasibility::not_feasible;
    fdm.reasons = {{"wall_too_thin", true, true, PartPoint{1, -2, 3}, 0.5, 0.8, "mm", "too thin"},
                   {"islands", false, false, {}, 2, 0, "1", "2 places begin in the air"}};
    fdm.finest = NeededFeature{"the thinnest wall", {0.5, PartPoint{1, -2, 3}}};
    fdm.typical_time_s = 3725.5;
    fdm.time_error = 0.15;
    f.processes = {fdm, ProcessFacts{ProcessId{"sla"}, Feasibility::feasible, {}, {}, {}, 0}};
    return f;
}

JobSpec job_spec() {
    JobSpec s;
    s.title = "Shelf bracket";
    s.licence = "CERN-OHL-S-2.0 OR CC-BY-SA-4.0";
    s.parts = {part_spec(), part_spec()};
    s.parts[1].design = hash_of("cap");
    s.parts[1].min_feature_mm.reset();
    s.place_of_use = {45.764, 4.8357};
    s.deadline = wall(1'900'000'000'123);
    s.objective = Objective::greenest;
    s.redo = {RedoRule::Kind::after, 7200};
    s.currency = "EUR";
    s.carbon_price_per_t = 19'000;
    return s;
}

JobPlan job_plan() {
    PlanRow row;
    row.part = 1;
    row.fab = fab;
    row.machine = machine;
    row.pieces = 12;
    row.late = 3;
    row.making_s = 3600;
    row.first_s = 3900;
    row.last_s = 43'500;
    row.distance_km = 3.25;
    row.mass_g = 25.5;
    row.price = Money{"EUR", 1250};
    row.footprint = footprint();
    JobPlan plan;
    plan.rows = {row, row};
    plan.rows[1].price.reset();
    plan.parts = {{1,
                   30,
                   6,
                   6,
                   43'500,
                   "no more petg",
                   match_report().rejections,
                   match_report().alternatives}};
    plan.prices = {{"EUR", 1250}, {"CHF", 7}};
    plan.unpriced = 12;
    plan.footprint = footprint();
    plan.deadline_s = 40'000;
    plan.finish_s = 43'500;
    plan.farthest_km = 3.25;
    plan.fabs = 1;
    plan.machines = 2;
    plan.rows_left_out = 1;
    plan.pieces_left_out = 4;
    return plan;
}

JobStatus job_status() {
    WorkOrderStatus w;
    w.id = work_order;
    w.part = 1;
    w.state = WorkOrderState::producing;
    w.epoch = 3;
    w.attempts = 2;
    w.fab = fab;
    w.machine = machine;
    w.distance_km = 3.25;
    w.disconnected = true;
    w.phase = "printing";
    w.progress = 0.4;
    w.remaining_s = 4000;
    w.next = "its operator can say what came of it";
    w.planned_fab = fab;
    w.planned_machine = machine;
    JobStatus s;
    s.id = job;
    s.submitter = IdentityId{"amelie"};
    s.title = "Shelf bracket";
    s.state = JobState::in_production;
    s.remarks = {"bracket.stl, fdm: the thinnest wall is 0.9 mm, below 1.2 mm"};
    s.reason = "waits for the second piece";
    s.cancel_wanted = true;
    s.submitted_at = wall(1'800'000'000'000);
    s.changed_at = wall(1'800'000'060'000);
    s.work_orders = {w, w};
    s.last_event = 17;
    s.parts = {{"équerre v2.stl", ProcessId{"fdm"}, MaterialId{"petg"}, 4}};
    s.place_of_use = Place{45.75, 4.85};
    return s;
}

MatchReport match_report() {
    Candidate c;
    c.fab = fab;
    c.machine = machine;
    c.distance_km = 3.25;
    c.finish_s = 9000;
    c.making_s = 3600;
    c.recent_work_s = 400;
    c.neighbour = true;
    c.placement = {2, 41.5};
    c.mass_g = 25.5;
    c.reason = "nearest: 3.2 km";
    c.price = Money{"EUR", 415};
    c.footprint = footprint();
    Rejection r;
    r.fab = FabId{"makers-grenoble"};
    r.machine = MachineId{"ender"};
    r.distance_km = 95;
    r.requirement = Requirement::envelope;
    r.needed = "262.0 mm in Y";
    r.offered = "250.0 mm";
    r.text = "262.0 mm in Y is more than the 250.0 mm of ender";
    Alternative a{Requirement::material,
                  FabId{"makers-grenoble"},
                  MachineId{"ender"},
                  95,
                  3,
                  true,
                  "pa12",
                  "petg",
                  "in petg instead of pa12: at least 3 fabs, nearest 95.0 km"};
    return {{c, c}, {r, r}, {a, a}, 12};
}

Advertisement advertisement() {
    Capability other = capability();
    other.machine = MachineId{"mk4_2"};
    return {"FabLab Lyon",
            {45.75, 4.85},
            {{"open", "CC-BY-*"}, {"amelie", "bob"}},
            {capability(), other},
            95,
            "City of Lyon"};
}

template <>
message::Hello sample() {
    return {1, 2, "nearfab-agent 0.1.0", "9f3ab1", 7, Role::agent};
}
template <>
message::Welcome sample() {
    return {1, 0xFEDCBA9876543210U, Role::agent, IdentityId{"fablab-lyon"}, "Rhône makers", 15};
}
template <>
message::Keepalive sample() {
    return {};
}
template <>
message::Failure sample() {
    return {{ErrorCode::conflict, "the key k1 was used for another job", "use a new key"}, 30};
}
template <>
message::Advertise sample() {
    return {advertisement()};
}
template <>
message::AcceptOffer sample() {
    return {work_order, 3};
}
template <>
message::DeclineOffer sample() {
    return {work_order, 3, "closed on Sundays"};
}
template <>
message::StartRequest sample() {
    return {work_order, 3, machine, 0xABCDEF, hash_of("bracket"), hash_of("gcode"), true, true};
}
template <>
message::AttemptReport sample() {
    return report();
}
template <>
message::Progress sample() {
    return {work_order, 3, "printing", 0.4, 4000};
}
template <>
message::Inventory sample() {
    return {{report(), report()}, true};
}
template <>
message::Offer sample() {
    return {work_order,
            3,
            machine,
            part_spec(),
            part_facts(),
            {1, 30.5},
            "MIT",
            "Shelf bracket",
            IdentityId{"amelie"},
            3.25,
            900};
}
template <>
message::ConfirmReservation sample() {
    return {work_order, 3};
}
template <>
message::WithdrawWork sample() {
    return {work_order, 3, "the designer cancelled"};
}
template <>
message::StartRight sample() {
    return {work_order, 3, 0xABCDEF, hash_of("gcode"), 60'000};
}
template <>
message::StartRefused sample() {
    return {work_order, 3, 0xABCDEF, "cancelled by the designer", true};
}
template <>
message::StopWork sample() {
    return {work_order, 3, "the designer cancelled"};
}
template <>
message::AskInventory sample() {
    return {};
}
template <>
message::OpenUpload sample() {
    return {hash_of("bracket"), 684};
}
template <>
message::UploadChunk sample() {
    return {hash_of("bracket"), 128, {0, 1, 255, 3}};
}
template <>
message::UploadStatus sample() {
    return {hash_of("bracket"), 132, true};
}
template <>
message::ReadChunk sample() {
    return {hash_of("bracket"), 128};
}
template <>
message::DesignChunk sample() {
    return {hash_of("bracket"), 128, 684, {0, 1, 255, 3}};
}
template <>
message::SubmitJob sample() {
    return {"key-1", job_spec()};
}
template <>
message::JobAccepted sample() {
    return {job, true};
}
template <>
message::AskQuote sample() {
    return {job_spec(), part_facts(), {part_facts()}};
}
template <>
message::Quote sample() {
    return {match_report(),
            job_plan(),
            {match_report()},
            {{"energy", fab, machine, "power x time", "stated by the fab", "stated"}}};
}
template <>
message::AskJobs sample() {
    return {"3f9c", true, job, wall(1'800'000'000'000)};
}
template <>
message::Jobs sample() {
    return {{job_status(), job_status()}, true};
}
template <>
message::WatchJob sample() {
    return {job, 16};
}
template <>
message::JobUpdate sample() {
    return {
        job_status(), {{17, wall(1'800'000'060'000), work_order, "printing since 10:04"}}, true};
}
template <>
message::AskWhy sample() {
    return {job, work_order};
}
template <>
message::Why sample() {
    return {job,
            {{work_order,
              fab,
              wall(1'800'000'060'000),
              match_report(),
              {{fab, "the part is thinner than one line of the nozzle"}},
              fab,
              1}},
            true};
}
template <>
message::CancelJob sample() {
    return {job, "changed my mind"};
}
template <>
message::CancelAnswer sample() {
    return {job_status(), "already made: 40 %"};
}
template <>
message::AskFabs sample() {
    return {Place{45.764, 4.8357}, fab, 3.25};
}
template <>
message::Fabs sample() {
    return {{{fab, advertisement(), true, 20, 3.25, 2, "failed 3 times in a row", 7}}, true};
}
template <>
message::AskReport sample() {
    return {90};
}
template <>
message::NetworkReport sample() {
    const CarbonRange grams{100, 200, 300};
    const EmissionShare share{9, grams, "mass x factor", {{"read", 7}, {"not known", 2}}};
    ReportOfNetwork report;
    report.days = 30;
    report.from = wall(1'797'000'000'000);
    report.to = wall(1'800'000'000'000);
    report.pieces = 12;
    report.timed = 11;
    report.machine_s = 40'000;
    report.weighed = 10;
    report.mass_g = 512.5;
    report.distance = {10, 2, 3.21, 41.3, 812, {1, 2, 3, 0, 4, 0, 0, 0, 0, 0, 0, 0, 5}};
    report.shares = {3800, 4100, 3, {{fab, "FabLab Lyon", "City of Lyon", true, 6, 20'000}}, 6, 20};
    report.processes = {{ProcessId{"fdm"}, 12, 40'000, 3, 2, 5}};
    report.capabilities = {7,
                           5,
                           4,
                           19,
                           14,
                           6,
                           7,
                           2,
                           {{ProcessId{"cnc_mill"},
                             MaterialId{"alu_6061"},
                             HangsOn::size,
                             fab,
                             "City of Lyon",
                             {600, 400, 80},
                             ReportSize{300, 200, 50},
                             2,
                             1,
                             4}},
                           3};
    WithoutFab without;
    without.fab = fab;
    without.title = "FabLab Lyon";
    without.by_machines = true;
    without.pieces = 6;
    without.machine_s = 20'000;
    without.asked_pieces = 5;
    without.asked_parts = 4;
    without.elsewhere_pieces = 3;
    without.nobody_pieces = 2;
    without.nobody_parts = 1;
    without.median_km_now = 2.1;
    without.median_km_elsewhere = 38.4;
    without.rows = {{ProcessId{"fdm"}, MaterialId{"asa"}, {300, 210, 40}, 2, WaitsFor::envelope}};
    without.rows_left_out = 8;
    without.capabilities_lost = 1;
    without.capabilities_smaller = 2;
    without.capabilities = {
        {ProcessId{"fdm"}, MaterialId{"asa"}, {300, 300, 400}, ReportSize{180, 180, 180}}};
    without.capabilities_left_out = 9;
    report.without_largest = without;
    report.emissions = {share, share, share, 7, {1, 2, 3}};
    report.waiting = {1, 2, 3, 4, 5, 6, 5400, {{WaitsFor::trusted, 2, 3}}};
    report.by_day = {{3, 3600, 3.21}, {0, 0, std::nullopt}};
    return {report};
}
template <>
message::OperatorCommand sample() {
    return {message::OperatorAction::load,
            work_order,
            machine,
            "made",
            MaterialId{"petg"},
            750.5,
            true};
}
template <>
message::OperatorAnswer sample() {
    return {"the bed of mk4_1 is clear"};
}
template <>
message::AskAgent sample() {
    return {};
}
template <>
message::AgentStatus sample() {
    return {"FabLab Lyon",
            true,
            "tcp://router.example:7070",
            {{capability(), work_order, "hot end 215 C"}},
            {{report(), "Shelf bracket", "printing", 0.4}}};
}
template <>
message::RelayCommand sample() {
    return {fab, "4c1d-7", sample<message::OperatorCommand>()};
}
template <>
message::RelayedCommand sample() {
    return {
        41,
        IdentityId{"olga"},
        message::PassedCommand{{0xABCDEF0123456789U},
                               4200,
                               "4c1d-7",
                               {message::OperatorAction::presence, {}, machine, "brass otter"}}};
}
template <>
message::RelayedAnswer sample() {
    return {41,
            message::Failure{{ErrorCode::limit_reached, "too many wrong codes", "go there"}, 60}};
}
template <>
message::StateRegions sample() {
    const RegionKind kind{250'000, 210'000, 220'000, 400, 200, 15'000'000};
    RegionOffer offer;
    offer.process = 1;
    offer.terms = region_terms_any | 2;
    offer.prices = {{"EUR", 150'000, 12'000, 2'000'000}};
    offer.other_prices = true;
    offer.carbon = RegionCarbon{400, 900};
    offer.materials = {{1, 3, 600, 1000}};
    RegionDigest digest;
    digest.network = IdentityId{"north"};
    digest.stated = wall(1'752'000'000'000);
    digest.valid_s = 180;
    digest.materials = {MaterialId{"abs"}, MaterialId{"pla"}};
    digest.terms = {{{"MIT", "CC-BY-*"}}, {{"open"}}};
    digest.processes = {{ProcessId{"fdm"}, {kind}}, {ProcessId{"sla"}, {kind, kind}}};
    digest.cells = {{{45.7, 4.8}, 12, 50, 20, {offer}}};
    return {digest};
}

Envelope around(Message body) {
    return {1, 0xFEDCBA9876543210U, 300, 299, 77, std::move(body)};
}

namespace {
template <std::size_t... Index>
std::vector<Envelope> all_of(std::index_sequence<Index...>) {
    return {around(sample<std::variant_alternative_t<Index, MessageKinds>>())...};
}
}  // namespace

std::vector<Envelope> all() {
    return all_of(std::make_index_sequence<std::variant_size_v<MessageKinds>>{});
}

}  // namespace nearfab::samples
