// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/codec.hpp"
#include "tests/proto/codec/samples.hpp"

#include <catch2/catch.hpp>

#include "nearfab/v1/envelope.pb.h"
#include <cmath>
#include <functional>
#include <limits>

using namespace nearfab;

namespace {

using Change = std::function<void(v1::Envelope&)>;

// The fault of the sample of this kind after the change; empty when it is let in.
template <typename Kind>
std::string fault_after(const Change& change) {
    const auto bytes = encode(samples::around(samples::sample<Kind>()));
    v1::Envelope wire;
    REQUIRE(wire.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    change(wire);
    const std::string changed = wire.SerializeAsString();
    const auto received = decode(std::vector<std::uint8_t>{changed.begin(), changed.end()});
    return received ? "" : received.error().message;
}

std::string submit_with_part(const std::function<void(v1::PartSpec&)>& change) {
    return fault_after<message::SubmitJob>(
        [&](auto& e) { change(*e.mutable_submit_job()->mutable_spec()->mutable_parts(0)); });
}

std::string submit_with_spec(const std::function<void(v1::JobSpec&)>& change) {
    return fault_after<message::SubmitJob>(
        [&](auto& e) { change(*e.mutable_submit_job()->mutable_spec()); });
}

std::string advertise_with(const std::function<void(v1::Advertisement&)>& change) {
    return fault_after<message::Advertise>(
        [&](auto& e) { change(*e.mutable_advertise()->mutable_advertisement()); });
}

std::string quote_with(const std::function<void(v1::PartFacts&)>& change) {
    return fault_after<message::AskQuote>(
        [&](auto& e) { change(*e.mutable_ask_quote()->mutable_facts()); });
}

std::string report_with(const std::function<void(v1::AttemptReport&)>& change) {
    return fault_after<message::AttemptReport>(
        [&](auto& e) { change(*e.mutable_attempt_report()); });
}

std::string regions_with(const std::function<void(v1::RegionDigest&)>& change) {
    return fault_after<message::StateRegions>(
        [&](auto& e) { change(*e.mutable_state_regions()->mutable_digest()); });
}

std::string offer_with(const std::function<void(v1::RegionOffer&)>& change) {
    return regions_with([&](auto& d) { change(*d.mutable_cells(0)->mutable_offers(0)); });
}

std::string text(std::size_t length) {
    return std::string(length, 'x');
}

// Makes a list exactly this long, by copies of its first entry.
template <typename List>
void fill(List& list, std::size_t size) {
    while (static_cast<std::size_t>(list.size()) < size) {
        const auto first = list.Get(0);
        *list.Add() = first;
    }
}

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("a job asks for one to a thousand pieces") {
    const std::string place = "submit_job.spec.parts[0].quantity: ";
    CHECK(submit_with_part([](auto& p) { p.set_quantity(0); }) ==
          place + "0 is not within 1 to 1000");
    CHECK(submit_with_part([](auto& p) { p.set_quantity(1); }).empty());
    CHECK(submit_with_part([](auto& p) { p.set_quantity(1000); }).empty());
    CHECK(submit_with_part([](auto& p) { p.set_quantity(1001); }) ==
          place + "1001 is not within 1 to 1000");
}

TEST_CASE("a unit that is not known is refused, for it would change the size of the part") {
    CHECK(submit_with_part([](auto& p) { p.set_unit(v1::LENGTH_UNIT_POINT); }).empty());
    CHECK(submit_with_part([](auto& p) { p.clear_unit(); }).empty());
    CHECK(submit_with_part([](auto& p) { p.set_unit(static_cast<v1::LengthUnit>(10)); }) ==
          "submit_job.spec.parts[0].unit: 10 is not within 0 to 9");
}

TEST_CASE("a part names a design of a sensible size by a whole hash") {
    CHECK(submit_with_part([](auto& p) { p.set_design(text(31)); }) ==
          "submit_job.spec.parts[0].design: a hash has 32 bytes, not 31");
    CHECK(submit_with_part([](auto& p) { p.set_design(text(32)); }).empty());
    CHECK_FALSE(submit_with_part([](auto& p) { p.set_design(text(33)); }).empty());
    CHECK_FALSE(submit_with_part([](auto& p) { p.clear_design(); }).empty());
    CHECK_FALSE(submit_with_part([](auto& p) { p.set_design_bytes(0); }).empty());
    CHECK(submit_with_part([](auto& p) { p.set_design_bytes(limits::design_bytes_max); }).empty());
    CHECK_FALSE(submit_with_part([](auto& p) {
                    p.set_design_bytes(limits::design_bytes_max + 1);
                }).empty());
}

TEST_CASE("a file name can neither leave its folder nor disguise itself") {
    const auto name = [](const std::string& n) {
        return submit_with_part([&](auto& p) { p.set_file_name(n); });
    };
    CHECK(name(text(limits::file_name_bytes_max)).empty());
    CHECK(name(text(limits::file_name_bytes_max + 1)) ==
          "submit_job.spec.parts[0].file_name: 121 bytes are more than 120");
    CHECK(name("../x.stl") == "submit_job.spec.parts[0].file_name: holds a '/' at byte 3");
    CHECK_FALSE(name("a\nb").empty());
    CHECK_FALSE(name("a\x1b[2Jb").empty());
    CHECK_FALSE(name("lts\u202Exe.stl").empty());
    CHECK_FALSE(name("a\u200Fb").empty());
    CHECK(name("Pièce n° 3 (été).stl").empty());
}

TEST_CASE("ids are made of harmless letters") {
    const auto material = [](const std::string& m) {
        return submit_with_part([&](auto& p) { p.set_material(m); });
    };
    CHECK(material(text(limits::name_bytes_max)).empty());
    CHECK_FALSE(material(text(limits::name_bytes_max + 1)).empty());
    CHECK(material("") == "submit_job.spec.parts[0].material: an id is missing");
    for (const char* bad : {".x", "-x", "a b", "a/b", "a\nb", "é", "a;b"}) {
        INFO(bad);
        CHECK_FALSE(material(bad).empty());
    }
    CHECK_FALSE(fault_after<message::SubmitJob>([](auto& e) {
                    e.mutable_submit_job()->set_idempotency_key("");
                }).empty());
}

TEST_CASE("a job has a title, a licence and 1 to 32 parts within their lengths") {
    CHECK(submit_with_spec([](auto& s) { s.set_title(text(limits::title_bytes_max)); }).empty());
    CHECK_FALSE(
        submit_with_spec([](auto& s) { s.set_title(text(limits::title_bytes_max + 1)); }).empty());
    CHECK_FALSE(submit_with_spec([](auto& s) { s.set_title("two\nlines"); }).empty());
    CHECK(
        submit_with_spec([](auto& s) { s.set_licence(text(limits::licence_bytes_max)); }).empty());
    CHECK_FALSE(submit_with_spec([](auto& s) {
                    s.set_licence(text(limits::licence_bytes_max + 1));
                }).empty());
    CHECK(submit_with_spec([](auto& s) { fill(*s.mutable_parts(), limits::parts_max); }).empty());
    CHECK(submit_with_spec([](auto& s) { fill(*s.mutable_parts(), limits::parts_max + 1); }) ==
          "submit_job.spec.parts: 33 entries are more than 32");
    CHECK(submit_with_spec([](auto& s) { s.clear_parts(); }) ==
          "submit_job.spec.parts: a job has no part");
    CHECK(submit_with_spec([](auto& s) { s.clear_place_of_use(); }) ==
          "submit_job.spec.place_of_use: is missing");
    CHECK(submit_with_spec([](auto& s) { s.clear_redo(); }) == "submit_job.spec.redo: is missing");
    CHECK(fault_after<message::SubmitJob>([](auto& e) { e.mutable_submit_job()->clear_spec(); }) ==
          "submit_job.spec: is missing");
}

TEST_CASE("times and spans are within what a calendar and a patient person allow") {
    CHECK(submit_with_spec([](auto& s) { s.set_deadline_ms(limits::wall_ms_max); }).empty());
    CHECK_FALSE(
        submit_with_spec([](auto& s) { s.set_deadline_ms(limits::wall_ms_max + 1); }).empty());
    CHECK_FALSE(submit_with_spec([](auto& s) { s.set_deadline_ms(-1); }).empty());
    const auto after = [](std::int64_t seconds) {
        return submit_with_spec([&](auto& s) { s.mutable_redo()->set_after_s(seconds); });
    };
    CHECK(after(0).empty());
    CHECK(after(limits::span_s_max).empty());
    CHECK(after(limits::span_s_max + 1) ==
          "submit_job.spec.redo.after_s: 315360001 is not within 0 to 315360000");
    CHECK_FALSE(after(-1).empty());
    CHECK_FALSE(advertise_with([](auto& a) { a.set_valid_s(0); }).empty());
    const auto keepalive = [](std::int64_t seconds) {
        return fault_after<message::Welcome>(
            [&](auto& e) { e.mutable_welcome()->set_keepalive_s(seconds); });
    };
    CHECK(keepalive(limits::keepalive_s_max).empty());
    CHECK_FALSE(keepalive(limits::keepalive_s_max + 1).empty());
    CHECK_FALSE(keepalive(0).empty());
    const auto window = [](std::int64_t milliseconds) {
        return fault_after<message::StartRight>(
            [&](auto& e) { e.mutable_start_right()->set_window_ms(milliseconds); });
    };
    CHECK(window(limits::start_window_ms_max).empty());
    CHECK_FALSE(window(limits::start_window_ms_max + 1).empty());
    CHECK_FALSE(window(0).empty());
}

TEST_CASE("numbers that are none, or beyond the world, are refused") {
    const auto latitude = [](double value) {
        return submit_with_spec(
            [&](auto& s) { s.mutable_place_of_use()->set_latitude_deg(value); });
    };
    CHECK(latitude(90).empty());
    CHECK(latitude(90.001) ==
          "submit_job.spec.place_of_use.latitude_deg: 90.001 is not within -90 to 90");
    CHECK(latitude(not_a_number) ==
          "submit_job.spec.place_of_use.latitude_deg: nan is not within -90 to 90");
    CHECK_FALSE(latitude(infinity).empty());
    for (const double bad : {not_a_number, infinity, -infinity, -0.001, 10'000.001}) {
        CHECK_FALSE(quote_with([&](auto& f) { f.set_size_x_mm(bad); }).empty());
        CHECK_FALSE(quote_with([&](auto& f) { f.mutable_stances(1)->set_height_mm(bad); }).empty());
        CHECK_FALSE(submit_with_part([&](auto& p) { p.set_tolerance_mm(bad); }).empty());
        CHECK_FALSE(advertise_with([&](auto& a) {
                        a.mutable_machines(0)->set_envelope_z_mm(bad);
                    }).empty());
    }
    CHECK(quote_with([](auto& f) { f.set_size_x_mm(limits::coordinate_mm_max); }).empty());
    for (const double bad : {not_a_number, infinity, -10'000.5, 10'000.5}) {
        CHECK_FALSE(quote_with([&](auto& f) {
                        f.mutable_stances(2)->mutable_outline(1)->set_y_mm(bad);
                    }).empty());
    }
    CHECK(quote_with([](auto& f) {
              f.mutable_stances(2)->mutable_outline(1)->set_y_mm(-10'000);
          }).empty());
    CHECK(quote_with([](auto& f) { f.set_volume_mm3(limits::volume_mm3_max); }).empty());
    CHECK_FALSE(
        quote_with([](auto& f) { f.set_volume_mm3(limits::volume_mm3_max * 1.01); }).empty());
    CHECK_FALSE(quote_with([](auto& f) { f.set_area_mm2(-1); }).empty());
    const auto mass = [](double grams) {
        return advertise_with(
            [&](auto& a) { a.mutable_machines(1)->mutable_materials(1)->set_available_g(grams); });
    };
    CHECK(mass(limits::mass_g_max).empty());
    CHECK(mass(limits::mass_g_max * 2) ==
          "advertise.advertisement.machines[1].materials[1].available_g: 2e+09 is not within 0 to "
          "1e+09");
    const auto load = [](const auto& change) {
        return fault_after<message::OperatorCommand>(
            [&](auto& e) { change(*e.mutable_operator_command()); });
    };
    for (const double bad : {not_a_number, infinity, -1.0, limits::mass_g_max * 2})
        CHECK_FALSE(load([&](auto& c) { c.set_grams(bad); }).empty());
    CHECK(load([](auto& c) { c.set_grams(limits::mass_g_max); }).empty());
    CHECK_FALSE(load([](auto& c) { c.set_material("../pla"); }).empty());
    const auto distance = [](double km) {
        return fault_after<message::Offer>(
            [&](auto& e) { e.mutable_offer()->set_distance_km(km); });
    };
    CHECK(distance(limits::distance_km_max).empty());
    CHECK_FALSE(distance(limits::distance_km_max + 1).empty());
    const auto turn = [](double degrees) {
        return fault_after<message::Offer>(
            [&](auto& e) { e.mutable_offer()->mutable_placement()->set_turn_deg(degrees); });
    };
    CHECK(turn(179.999).empty());
    CHECK_FALSE(turn(180).empty());
    CHECK_FALSE(turn(not_a_number).empty());
    CHECK_FALSE(fault_after<message::Offer>([](auto& e) {
                    e.mutable_offer()->mutable_placement()->set_up_axis(3);
                }).empty());
    CHECK_FALSE(fault_after<message::Progress>([](auto& e) {
                    e.mutable_progress()->set_fraction(1.01);
                }).empty());
}

TEST_CASE("an attempt has an epoch of at least one") {
    CHECK(report_with([](auto& r) { r.set_epoch(0); }) ==
          "attempt_report.epoch: 0 is not within 1 to 18446744073709551615");
    CHECK(report_with([](auto& r) { r.set_epoch(UINT64_MAX); }).empty());
}

TEST_CASE("sentences for people are bounded and hold nothing that steers a terminal") {
    CHECK(report_with([](auto& r) { r.set_detail(text(limits::text_bytes_max)); }).empty());
    CHECK(report_with([](auto& r) { r.set_detail(text(limits::text_bytes_max + 1)); }) ==
          "attempt_report.detail: 2049 bytes are more than 2048");
    CHECK(report_with([](auto& r) { r.set_detail("line one\nline two"); }).empty());
    CHECK(report_with([](auto& r) { r.set_detail("a\tb"); }) ==
          "attempt_report.detail: holds a control character at byte 2");
    CHECK_FALSE(report_with([](auto& r) { r.set_detail("a\u009B2Jb"); }).empty());
    CHECK_FALSE(report_with([](auto& r) { r.set_detail("a\u202Eb"); }).empty());
}

TEST_CASE("every list of an advertisement is bounded") {
    CHECK(advertise_with([](auto& a) {
              fill(*a.mutable_machines(0)->mutable_materials(), limits::materials_max);
          }).empty());
    CHECK_FALSE(advertise_with([](auto& a) {
                    fill(*a.mutable_machines(0)->mutable_materials(), limits::materials_max + 1);
                }).empty());
    CHECK(advertise_with([](auto& a) {
              fill(*a.mutable_terms()->mutable_licences(), limits::terms_max);
          }).empty());
    CHECK_FALSE(advertise_with([](auto& a) {
                    fill(*a.mutable_terms()->mutable_licences(), limits::terms_max + 1);
                }).empty());
    CHECK_FALSE(advertise_with([](auto& a) {
                    fill(*a.mutable_terms()->mutable_submitters(), limits::terms_max + 1);
                }).empty());
    CHECK_FALSE(
        advertise_with([](auto& a) { a.mutable_terms()->set_submitters(0, "no id"); }).empty());
    CHECK_FALSE(advertise_with([](auto& a) { a.clear_place(); }).empty());
    CHECK_FALSE(advertise_with([](auto& a) { a.clear_terms(); }).empty());
}

TEST_CASE("every other list is bounded") {
    const auto outline = [](std::size_t size) {
        return quote_with([&](auto& f) { fill(*f.mutable_stances(0)->mutable_outline(), size); });
    };
    CHECK(outline(limits::outline_points_max).empty());
    CHECK(outline(limits::outline_points_max + 1) ==
          "ask_quote.facts.stances[0].outline: 65 entries are more than 64");
    CHECK(quote_with([](auto& f) { f.mutable_stances()->RemoveLast(); }) ==
          "ask_quote.facts.stances: a part has 3 stances, not 2");
    CHECK_FALSE(quote_with([](auto& f) { fill(*f.mutable_stances(), 4); }).empty());
    const auto inventory = [](std::size_t size) {
        return fault_after<message::Inventory>(
            [&](auto& e) { fill(*e.mutable_inventory()->mutable_attempts(), size); });
    };
    CHECK(inventory(limits::attempts_max).empty());
    CHECK_FALSE(inventory(limits::attempts_max + 1).empty());
    const auto candidates = [](std::size_t size) {
        return fault_after<message::Quote>([&](auto& e) {
            fill(*e.mutable_quote()->mutable_report()->mutable_candidates(), size);
        });
    };
    CHECK(candidates(limits::match_rows_max).empty());
    CHECK_FALSE(candidates(limits::match_rows_max + 1).empty());
    const auto rows = [](std::size_t size) {
        return fault_after<message::Quote>(
            [&](auto& e) { fill(*e.mutable_quote()->mutable_plan()->mutable_rows(), size); });
    };
    CHECK(rows(limits::plan_rows_max).empty());
    CHECK_FALSE(rows(limits::plan_rows_max + 1).empty());
    const auto misses = [](std::size_t size) {
        return fault_after<message::Quote>([&](auto& e) {
            fill(*e.mutable_quote()->mutable_plan()->mutable_parts(0)->mutable_misses(), size);
        });
    };
    CHECK(misses(limits::plan_misses_max).empty());
    CHECK_FALSE(misses(limits::plan_misses_max + 1).empty());
    const auto more_facts = [](std::size_t size) {
        return fault_after<message::AskQuote>(
            [&](auto& e) { fill(*e.mutable_ask_quote()->mutable_more_facts(), size); });
    };
    CHECK(more_facts(1).empty());  // Of a job of two parts.
    CHECK_FALSE(more_facts(2).empty());
    const auto jobs = [](std::size_t size) {
        return fault_after<message::Jobs>(
            [&](auto& e) { fill(*e.mutable_jobs()->mutable_jobs(), size); });
    };
    CHECK(jobs(limits::page_rows_max).empty());
    CHECK_FALSE(jobs(limits::page_rows_max + 1).empty());
    const auto work_orders = [](std::size_t size) {
        return fault_after<message::JobUpdate>([&](auto& e) {
            fill(*e.mutable_job_update()->mutable_status()->mutable_work_orders(), size);
        });
    };
    CHECK(work_orders(limits::work_orders_max).empty());
    CHECK_FALSE(work_orders(limits::work_orders_max + 1).empty());
}

TEST_CASE("pieces of a design are small and stay within the design") {
    const auto chunk = [](std::size_t size) {
        return fault_after<message::UploadChunk>(
            [&](auto& e) { e.mutable_upload_chunk()->set_data(text(size)); });
    };
    CHECK(chunk(0) == "upload_chunk.data: is empty");
    CHECK(chunk(limits::chunk_bytes_max).empty());
    CHECK(chunk(limits::chunk_bytes_max + 1) ==
          "upload_chunk.data: 131073 bytes are more than 131072");
    CHECK_FALSE(fault_after<message::UploadChunk>([](auto& e) {
                    e.mutable_upload_chunk()->set_offset(limits::design_bytes_max - 3);
                }).empty());
    CHECK_FALSE(fault_after<message::UploadChunk>([](auto& e) {
                    e.mutable_upload_chunk()->set_offset(UINT64_MAX);
                }).empty());
    CHECK(fault_after<message::DesignChunk>([](auto& e) {
              e.mutable_design_chunk()->set_offset(681);
          }) == "design_chunk.data: ends at 685, behind the design's end at 684");
    const auto open = [](std::uint64_t size) {
        return fault_after<message::OpenUpload>(
            [&](auto& e) { e.mutable_open_upload()->set_size(size); });
    };
    CHECK(open(1).empty());
    CHECK(open(limits::design_bytes_max).empty());
    CHECK_FALSE(open(limits::design_bytes_max + 1).empty());
    CHECK_FALSE(open(0).empty());
}

TEST_CASE("a hello says which versions it speaks, oldest first") {
    const auto versions = [](std::uint32_t low, std::uint32_t high) {
        return fault_after<message::Hello>([&](auto& e) {
            e.mutable_hello()->set_version_min(low);
            e.mutable_hello()->set_version_max(high);
        });
    };
    CHECK(versions(1, 1).empty());
    CHECK(versions(3, 7).empty());
    CHECK_FALSE(versions(0, 1).empty());
    CHECK_FALSE(versions(2, 1).empty());
}

TEST_CASE("every number of a digest points into its own lists") {
    CHECK(offer_with([](auto& o) { o.set_process(2); }) ==
          "state_regions.digest.cells[0].offers[0].process: 2 is behind the end of a list of 2");
    CHECK(offer_with([](auto& o) { o.set_terms(4); }) ==
          "state_regions.digest.cells[0].offers[0].terms: bit 2 is behind the end of a list of 2");
    CHECK(offer_with([](auto& o) { o.set_terms(region_terms_any); }).empty());
    CHECK(offer_with([](auto& o) { o.set_terms(0); }) ==
          "state_regions.digest.cells[0].offers[0].terms: no bit is set");
    const auto stock_with = [](const std::function<void(v1::RegionStock&)>& change) {
        return offer_with([&](auto& o) { change(*o.mutable_materials(0)); });
    };
    CHECK(stock_with([](auto& s) { s.set_material(2); }) ==
          "state_regions.digest.cells[0].offers[0].materials[0].material: 2 is behind the end of a "
          "list of 2");
    CHECK_FALSE(stock_with([](auto& s) { s.set_kinds(4); }).empty());
    CHECK_FALSE(stock_with([](auto& s) { s.set_kinds(UINT64_MAX); }).empty());
    CHECK_FALSE(stock_with([](auto& s) { s.set_kinds(0); }).empty());
    CHECK_FALSE(stock_with([](auto& s) { s.set_wait_s(UINT32_MAX); }).empty());
    CHECK_FALSE(stock_with([](auto& s) { s.set_stock_g(UINT64_MAX); }).empty());
}

TEST_CASE("the lists of a digest are bounded, in order, and hold nothing twice") {
    using Digest = v1::RegionDigest;
    CHECK(regions_with([](Digest& d) { d.clear_cells(); }).empty());
    CHECK(regions_with([](Digest& d) {
              fill(*d.mutable_cells(), limits::region_cells_max);
          }).empty());
    CHECK_FALSE(regions_with([](Digest& d) {
                    fill(*d.mutable_cells(), limits::region_cells_max + 1);
                }).empty());
    CHECK(regions_with([](Digest& d) {
              fill(*d.mutable_terms(), limits::region_terms_max);
          }).empty());
    CHECK_FALSE(regions_with([](Digest& d) {
                    fill(*d.mutable_terms(), limits::region_terms_max + 1);
                }).empty());
    CHECK_FALSE(regions_with([](Digest& d) {
                    fill(*d.mutable_terms(0)->mutable_licences(), limits::terms_max + 1);
                }).empty());
    const auto kinds = [](std::size_t size) {
        return regions_with(
            [&](Digest& d) { fill(*d.mutable_processes(1)->mutable_kinds(), size); });
    };
    CHECK(kinds(limits::region_kinds_max).empty());
    CHECK_FALSE(kinds(limits::region_kinds_max + 1).empty());
    CHECK_FALSE(regions_with([](Digest& d) { d.mutable_processes(1)->clear_kinds(); }).empty());
    CHECK(regions_with([](Digest& d) { d.set_materials(1, "abs"); }) ==
          "state_regions.digest.materials: the entries are not in ascending order");
    CHECK_FALSE(regions_with([](Digest& d) { d.set_materials(1, "no id"); }).empty());
    CHECK_FALSE(
        regions_with([](Digest& d) { d.mutable_processes(1)->set_process("fdm"); }).empty());
    CHECK_FALSE(
        regions_with([](Digest& d) { fill(*d.mutable_cells(0)->mutable_offers(), 2); }).empty());
    CHECK_FALSE(regions_with([](Digest& d) { d.mutable_cells(0)->clear_offers(); }).empty());
    CHECK_FALSE(offer_with([](auto& o) { o.clear_materials(); }).empty());
    CHECK_FALSE(offer_with([](auto& o) { fill(*o.mutable_materials(), 2); }).empty());
    CHECK_FALSE(offer_with([](auto& o) {
                    fill(*o.mutable_prices(), limits::region_currencies_max + 1);
                }).empty());
    CHECK_FALSE(offer_with([](auto& o) { fill(*o.mutable_prices(), 2); }).empty());
}

TEST_CASE("places, sizes and figures of a digest are within their bounds") {
    const auto centre = [](double latitude, double longitude) {
        return regions_with([&](auto& d) {
            d.mutable_cells(0)->mutable_centre()->set_latitude_deg(latitude);
            d.mutable_cells(0)->mutable_centre()->set_longitude_deg(longitude);
        });
    };
    constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
    CHECK(centre(-90, 180).empty());
    CHECK_FALSE(centre(not_a_number, 0).empty());
    CHECK_FALSE(centre(0, std::numeric_limits<double>::infinity()).empty());
    CHECK_FALSE(centre(90.5, 0).empty());
    CHECK_FALSE(regions_with([](auto& d) { d.mutable_cells(0)->clear_centre(); }).empty());
    CHECK(regions_with([](auto& d) { d.mutable_cells(0)->set_radius_km(20'101); }) ==
          "state_regions.digest.cells[0].radius_km: 20101 is not within 0 to 20100");
    const auto kind_with = [](const std::function<void(v1::RegionKind&)>& change) {
        return regions_with([&](auto& d) { change(*d.mutable_processes(0)->mutable_kinds(0)); });
    };
    CHECK_FALSE(kind_with([](auto& k) { k.set_longer_um(10'000'001); }).empty());
    CHECK_FALSE(kind_with([](auto& k) { k.set_shorter_um(k.longer_um() + 1); }).empty());
    CHECK_FALSE(kind_with([](auto& k) { k.set_feature_um(UINT32_MAX); }).empty());
    CHECK_FALSE(kind_with([](auto& k) { k.set_rate_mm3_per_h(UINT64_MAX); }).empty());
    CHECK_FALSE(offer_with([](auto& o) { o.mutable_prices(0)->set_currency("eur"); }).empty());
    CHECK_FALSE(
        offer_with([](auto& o) { o.mutable_prices(0)->set_fixed_milli(UINT64_MAX); }).empty());
    CHECK_FALSE(
        offer_with([](auto& o) { o.mutable_carbon()->set_per_cm3_mg(UINT64_MAX); }).empty());
    CHECK_FALSE(regions_with([](auto& d) { d.set_valid_s(0); }).empty());
    CHECK_FALSE(regions_with([](auto& d) { d.set_network(""); }).empty());
}

TEST_CASE("a digest of a format that is not known is not guessed at") {
    CHECK(regions_with([](auto& d) { d.set_format(2); }) ==
          "state_regions.digest.format: 2 is not 1, the one format known here");
    CHECK_FALSE(regions_with([](auto& d) { d.set_format(0); }).empty());
}

TEST_CASE("what a fab asks is a number of a currency, and never negative") {
    const auto rates = [](const std::function<void(v1::Rates&)>& change) {
        return advertise_with([&](auto& a) { change(*a.mutable_machines(0)->mutable_rates()); });
    };
    const std::string place = "advertise.advertisement.machines[0].rates.";
    CHECK(rates([](auto& r) { r.set_setup(limits::rate_max); }).empty());
    CHECK(rates([](auto& r) { r.set_setup(-1); }) ==
          place + "setup: -1 is not within 0 to 100000000000");
    CHECK_FALSE(rates([](auto& r) { r.set_per_hour(limits::rate_max + 1); }).empty());
    CHECK_FALSE(rates([](auto& r) { r.set_per_kg(INT64_MIN); }).empty());
    CHECK(rates([](auto& r) { r.set_currency("eur"); }) ==
          place + "currency: \"eur\" is no currency: 3 to 8 capitals");
    CHECK_FALSE(rates([](auto& r) { r.clear_currency(); }).empty());
    CHECK_FALSE(rates([](auto& r) { r.set_currency("NINECAPITALS"); }).empty());
    CHECK_FALSE(rates([](auto& r) { r.set_currency("EU\n"); }).empty());
    CHECK_FALSE(rates([](auto& r) { r.mutable_materials(0)->set_per_kg(-5); }).empty());
    CHECK(rates([](auto& r) { *r.add_materials() = r.materials(0); }) ==
          place + "materials: pla has two rates");
    CHECK_FALSE(
        rates([](auto& r) { fill(*r.mutable_materials(), limits::materials_max + 1); }).empty());
}

TEST_CASE("power and electricity are finite and possible") {
    const auto energy = [](const std::function<void(v1::Energy&)>& change) {
        return advertise_with([&](auto& a) { change(*a.mutable_machines(0)->mutable_energy()); });
    };
    CHECK(energy([](auto& e) { e.set_power_high_w(limits::power_w_max); }).empty());
    CHECK_FALSE(energy([](auto& e) { e.set_power_w(limits::power_w_max * 2); }).empty());
    CHECK_FALSE(energy([](auto& e) { e.set_power_w(-1); }).empty());
    CHECK_FALSE(energy([](auto& e) { e.set_power_w(not_a_number); }).empty());
    CHECK_FALSE(energy([](auto& e) { e.set_power_low_w(96); }).empty());  // Above the middle.
    CHECK_FALSE(energy([](auto& e) { e.set_power_high_w(94); }).empty());
    CHECK_FALSE(energy([](auto& e) { e.set_power_high_w(not_a_number); }).empty());
    CHECK_FALSE(energy([](auto& e) { e.set_grid_gco2e_per_kwh(infinity); }).empty());
    CHECK_FALSE(energy([](auto& e) { e.set_grid_gco2e_per_kwh(-0.1); }).empty());
    CHECK_FALSE(energy([](auto& e) { e.set_grid_basis(text(65)); }).empty());
    CHECK(energy([](auto& e) {
              e.clear_power_low_w();
              e.clear_power_high_w();
          }).empty());
}

TEST_CASE("a job's currency and carbon price are checked") {
    CHECK(submit_with_spec([](auto& s) { s.clear_currency(); }).empty());
    CHECK_FALSE(submit_with_spec([](auto& s) { s.set_currency("eur"); }).empty());
    CHECK_FALSE(submit_with_spec([](auto& s) { s.set_carbon_price_per_t(-1); }).empty());
    CHECK_FALSE(
        submit_with_spec([](auto& s) { s.set_carbon_price_per_t(limits::rate_max + 1); }).empty());
}

TEST_CASE("figures of an answer are in order") {
    const auto candidate = [](const std::function<void(v1::Candidate&)>& change) {
        return fault_after<message::Quote>(
            [&](auto& e) { change(*e.mutable_quote()->mutable_report()->mutable_candidates(0)); });
    };
    CHECK_FALSE(candidate([](auto& c) { c.mutable_price()->set_minor(-1); }).empty());
    CHECK_FALSE(
        candidate([](auto& c) { c.mutable_price()->set_minor(limits::money_max + 1); }).empty());
    CHECK_FALSE(candidate([](auto& c) {
                    c.mutable_footprint()->mutable_energy()->set_low_mg(51);
                }).empty());
    CHECK_FALSE(candidate([](auto& c) {
                    c.mutable_footprint()->mutable_energy()->set_high_mg(49);
                }).empty());
    const auto quote = [](const std::function<void(v1::Quote&)>& change) {
        return fault_after<message::Quote>([&](auto& e) { change(*e.mutable_quote()); });
    };
    CHECK_FALSE(quote([](auto& q) { fill(*q.mutable_more_reports(), limits::parts_max); }).empty());
    CHECK_FALSE(
        quote([](auto& q) { fill(*q.mutable_bases(), limits::footprint_bases_max + 1); }).empty());
    CHECK_FALSE(quote([](auto& q) {
                    fill(*q.mutable_report()->mutable_alternatives(), limits::match_rows_max + 1);
                }).empty());
    CHECK_FALSE(
        quote([](auto& q) { q.mutable_report()->mutable_alternatives(0)->set_fabs(0); }).empty());
}

TEST_CASE("a fab somewhere else, or with ten thousand materials, is refused at once") {
    const auto place = [](const std::function<void(v1::Place&)>& change) {
        return advertise_with([&](auto& a) { change(*a.mutable_place()); });
    };
    CHECK(place([](auto& p) { p.set_longitude_deg(not_a_number); }) ==
          "advertise.advertisement.place.longitude_deg: nan is not within -180 to 180");
    CHECK_FALSE(place([](auto& p) { p.set_latitude_deg(-90.5); }).empty());
    CHECK(place([](auto& p) { p.set_latitude_deg(-90); }).empty());
    CHECK(advertise_with([](auto& a) { a.clear_place(); }) ==
          "advertise.advertisement.place: is missing");
    CHECK(advertise_with([](auto& a) {
              fill(*a.mutable_machines(0)->mutable_materials(), 10'000);
          }) == "advertise.advertisement.machines[0].materials: 10000 entries are more than 64");
    const auto envelope = [](double mm) {
        return advertise_with([&](auto& a) { a.mutable_machines(0)->set_envelope_x_mm(mm); });
    };
    CHECK(envelope(0).empty());  // It makes nothing, and says so by its size.
    CHECK_FALSE(envelope(infinity).empty());
    CHECK_FALSE(envelope(-1).empty());
}
