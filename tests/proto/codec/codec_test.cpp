// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/codec.hpp"

#include "tests/proto/codec/samples.hpp"

#include <catch2/catch.hpp>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "nearfab/v1/envelope.pb.h"

using namespace nearfab;
namespace pb = google::protobuf;

namespace {

// Names every field that is at its default, list or not, down to the leaves.
void name_unfilled(const pb::Message& message,
                   const std::string& path,
                   std::vector<std::string>& out) {
    const pb::Reflection& reflection = *message.GetReflection();
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
        const pb::FieldDescriptor& field = *message.GetDescriptor()->field(i);
        if (field.real_containing_oneof() != nullptr) continue;
        const std::string name = path + "." + field.name();
        const bool list = field.is_repeated();
        if (list ? reflection.FieldSize(message, &field) == 0
                 : !reflection.HasField(message, &field)) {
            out.push_back(name);
        } else if (field.cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE) {
            name_unfilled(list ? reflection.GetRepeatedMessage(message, &field, 0)
                               : reflection.GetMessage(message, &field),
                          name,
                          out);
        }
    }
}

v1::Envelope on_the_wire(const Envelope& envelope) {
    const auto bytes = encode(envelope);
    v1::Envelope wire;
    REQUIRE(wire.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    return wire;
}

}  // namespace

TEST_CASE("every message comes back from the wire as it was sent") {
    for (const Envelope& sent : samples::all()) {
        INFO(name_of(sent.body));
        const auto received = decode(encode(sent));
        if (!received) FAIL(received.error().message);
        CHECK(*received == sent);
    }
}

TEST_CASE("no field of the schema is forgotten when a message is written") {
    for (const Envelope& sent : samples::all()) {
        const v1::Envelope wire = on_the_wire(sent);
        std::vector<std::string> unfilled;
        name_unfilled(wire, "envelope", unfilled);
        const auto& body = *wire.GetReflection()->GetOneofFieldDescriptor(
            wire, wire.GetDescriptor()->FindOneofByName("body"));
        name_unfilled(wire.GetReflection()->GetMessage(wire, &body), body.name(), unfilled);
        INFO(name_of(sent.body));
        CHECK(unfilled == std::vector<std::string>{});
    }
}

TEST_CASE("the schema has as many bodies as there are messages, and calls them the same") {
    const auto& bodies = *v1::Envelope::descriptor()->FindOneofByName("body");
    CHECK(static_cast<std::size_t>(bodies.field_count()) == std::variant_size_v<MessageKinds>);
    for (const Envelope& sent : samples::all()) {
        const v1::Envelope wire = on_the_wire(sent);
        const auto* body = wire.GetReflection()->GetOneofFieldDescriptor(wire, &bodies);
        CHECK(body->message_type()->name() == name_of(sent.body));
    }
}

TEST_CASE("an absent wish stays absent") {
    JobSpec spec = samples::job_spec();
    spec.deadline.reset();
    spec.parts[0].tolerance_mm.reset();
    CHECK(decode_job_spec(encode_job_spec(spec)) == spec);
    const Envelope anywhere = samples::around(message::AskFabs{});
    CHECK(decode(encode(anywhere)) == anywhere);
}

TEST_CASE("records keep their values, and a damaged record is refused") {
    CHECK(decode_job_spec(encode_job_spec(samples::job_spec())) == samples::job_spec());
    CHECK(decode_part_facts(encode_part_facts(samples::part_facts())) == samples::part_facts());
    // As an analysis wrote them that knew sizes only.
    PartFacts sizes = samples::part_facts();
    sizes.drawing = false;
    sizes.thinnest_wall.reset();
    sizes.narrowest_gap.reset();
    sizes.smallest_hole.reset();
    sizes.sheet.reset();
    sizes.processes.clear();
    CHECK(decode_part_facts(encode_part_facts(sizes)) == sizes);
    CHECK(decode_match_report(encode_match_report(samples::match_report())) ==
          samples::match_report());
    const auto offer = samples::sample<message::Offer>();
    CHECK(decode_offer(encode_offer(offer)) == offer);

    std::string cut = encode_job_spec(samples::job_spec());
    cut.resize(cut.size() / 2);
    REQUIRE_FALSE(decode_job_spec(cut));
    CHECK(decode_job_spec(cut).error().message.find("job_spec") == 0);
    REQUIRE_FALSE(decode_offer(""));
    CHECK(decode_offer("").error().message == "offer.work_order: an id is missing");
}

TEST_CASE("words from elsewhere are made sendable, so that no report gets stuck") {
    auto report = samples::sample<message::AttemptReport>();
    report.detail = "\x1b[31mError\xff: " + std::string(5000, 'x');
    const auto received = decode(encode(samples::around(report)));
    REQUIRE(received);
    const auto& detail = std::get<message::AttemptReport>(received->body).detail;
    CHECK(detail.size() == limits::text_bytes_max);
    CHECK(detail.substr(0, 13) == " [31mError?: ");
}

TEST_CASE("the size of a message is known before it is sent") {
    for (const Envelope& sent : samples::all()) {
        const std::size_t size = encode(sent).size();
        CHECK(encoded_size(sent.body) >= size);
        CHECK(encoded_size(sent.body) <= size + 64);
    }
}

TEST_CASE("an answer that others made too large becomes an error, not an end") {
    message::Fabs fabs = samples::sample<message::Fabs>();
    auto& machines = fabs.fabs[0].advertisement.machines;
    machines[0].materials.resize(limits::materials_max, machines[0].materials[0]);
    machines.resize(limits::machines_max, machines[0]);
    fabs.fabs.resize(limits::page_rows_max, fabs.fabs[0]);
    const auto bytes = try_encode(samples::around(fabs));
    REQUIRE_FALSE(bytes);
    CHECK(bytes.error().code == ErrorCode::too_large);
    const Envelope small = samples::around(message::Keepalive{});
    CHECK(try_encode(small) == encode(small));
}

TEST_CASE("the head of a message can be read without its body") {
    const Envelope sent = samples::around(samples::sample<message::SubmitJob>());
    CHECK(decode_head(encode(sent)) == EnvelopeHead{1, sent.session, 300, 299, 77});

    v1::Envelope wrong = on_the_wire(sent);
    wrong.mutable_submit_job()->set_idempotency_key("../etc");
    const std::string bytes = wrong.SerializeAsString();
    const std::vector<std::uint8_t> received{bytes.begin(), bytes.end()};
    CHECK_FALSE(decode(received));
    CHECK(decode_head(received) == EnvelopeHead{1, sent.session, 300, 299, 77});
    CHECK_FALSE(decode_head({}));
}
