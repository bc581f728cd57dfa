// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/codec.hpp"
#include "tests/proto/codec/samples.hpp"

#include <catch2/catch.hpp>

#include "nearfab/v1/envelope.pb.h"
#include <cmath>
#include <functional>

using namespace nearfab;

namespace {

// The fault of the sample of this kind after the change; empty when it is let in.
template <typename Kind>
std::string fault_after(const std::function<void(v1::Envelope&)>& change) {
    const auto bytes = encode(samples::around(samples::sample<Kind>()));
    v1::Envelope wire;
    REQUIRE(wire.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    change(wire);
    const std::string changed = wire.SerializeAsString();
    const auto received = decode(std::vector<std::uint8_t>{changed.begin(), changed.end()});
    return received ? "" : received.error().message;
}

// Makes a list exactly this long, by copies of its first entry.
template <typename List>
void fill(List& list, std::size_t size) {
    while (static_cast<std::size_t>(list.size()) < size) {
        const auto first = list.Get(0);
        *list.Add() = first;
    }
}

TEST_CASE("a network report has bounds in every table") {
    const auto with = [](const std::function<void(v1::NetworkReport&)>& change) {
        return fault_after<message::NetworkReport>(
            [&](auto& e) { change(*e.mutable_network_report()); });
    };
    CHECK(with([](auto&) {}).empty());
    CHECK(with([](auto& r) {
              fill(*r.mutable_shares()->mutable_rows(), limits::report_fabs_max);
          }).empty());
    CHECK_FALSE(with([](auto& r) {
                    fill(*r.mutable_shares()->mutable_rows(), limits::report_fabs_max + 1);
                }).empty());
    CHECK_FALSE(
        with([](auto& r) { fill(*r.mutable_processes(), limits::report_rows_max + 1); }).empty());
    CHECK_FALSE(with([](auto& r) {
                    fill(*r.mutable_capabilities()->mutable_rows(), limits::report_rows_max + 1);
                }).empty());
    CHECK_FALSE(with([](auto& r) {
                    fill(*r.mutable_without_largest()->mutable_rows(), limits::report_rows_max + 1);
                }).empty());
    CHECK(with([](auto& r) { fill(*r.mutable_by_day(), limits::report_days_max); }).empty());
    CHECK_FALSE(
        with([](auto& r) { fill(*r.mutable_by_day(), limits::report_days_max + 1); }).empty());
    CHECK_FALSE(with([](auto& r) { r.mutable_by_day(0)->set_machine_s(-1); }).empty());
    CHECK_FALSE(with([](auto& r) { r.mutable_by_day(0)->set_median_km(NAN); }).empty());
    CHECK_FALSE(with([](auto& r) { r.mutable_distance()->add_histogram(1); }).empty());
    CHECK_FALSE(with([](auto& r) { r.mutable_distance()->clear_histogram(); }).empty());
    CHECK_FALSE(with([](auto& r) { r.mutable_shares()->set_hhi_pieces(10'001); }).empty());
    CHECK_FALSE(with([](auto& r) { r.mutable_shares()->set_hhi_pieces(NAN); }).empty());
    CHECK_FALSE(with([](auto& r) { r.set_pieces(UINT64_MAX); }).empty());
    CHECK_FALSE(with([](auto& r) { r.set_machine_s(-1); }).empty());
    CHECK_FALSE(with([](auto& r) { r.set_days(0); }).empty());
    CHECK_FALSE(with([](auto& r) { r.set_days(limits::report_days_max + 1); }).empty());
    CHECK_FALSE(with([](auto& r) { r.clear_emissions(); }).empty());
    CHECK_FALSE(with([](auto& r) {
                    r.mutable_emissions()->mutable_complete_sum()->set_low_mg(9);
                }).empty());
    // A reason from a newer router is one that nobody knows.
    CHECK(with([](auto& r) {
              r.mutable_waiting()->mutable_reasons(0)->set_what(static_cast<v1::WaitsFor>(99));
          }).empty());
    CHECK(fault_after<message::AskReport>([](auto& e) {
              e.mutable_ask_report()->set_days(0);
          }).empty());
    CHECK_FALSE(fault_after<message::AskReport>([](auto& e) {
                    e.mutable_ask_report()->set_days(limits::report_days_max + 1);
                }).empty());
}

}  // namespace
