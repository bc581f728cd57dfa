// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/wire.hpp"

namespace nearfab::codec {
namespace {

constexpr std::string_view no_body = "is missing: it says nothing";

std::uint64_t number(FieldCheck& check, std::string_view field, std::uint64_t value) {
    return check.whole<std::uint64_t>(field, value, 1, UINT64_MAX);
}

}  // namespace

void read_wire(const v1::RelayCommand& from, message::RelayCommand& to, FieldCheck& check) {
    to.fab = check.id<FabId>("fab", from.fab());
    switch (from.body_case()) {
        case v1::RelayCommand::kCommand:
            to.key = check.id<Id<struct KeyTag>>("key", from.key()).text();
            read_field(check,
                       "command",
                       true,
                       from.command(),
                       to.body.emplace<message::OperatorCommand>());
            return;
        case v1::RelayCommand::kAskAgent:
            to.key = check.optional_id<Id<struct KeyTag>>("key", from.key()).text();
            to.body = message::AskAgent{};
            return;
        case v1::RelayCommand::BODY_NOT_SET:
            check.refuse(ErrorCode::malformed, "body", std::string{no_body});
            return;
    }
}

void write_wire(const message::RelayCommand& from, v1::RelayCommand& to) {
    to.set_fab(from.fab.text());
    to.set_key(from.key);
    if (const auto* command = std::get_if<message::OperatorCommand>(&from.body)) {
        write_wire(*command, *to.mutable_command());
    } else {
        to.mutable_ask_agent();
    }
}

void read_wire(const v1::AskPass&, message::AskPass&, FieldCheck&) {}

void write_wire(const message::AskPass&, v1::AskPass&) {}

void read_wire(const v1::PassedCommand& from, message::PassedCommand& to, FieldCheck& check) {
    to.pass.number = number(check, "pass", from.pass());
    to.valid_ms =
        check.whole<std::int64_t>("valid_ms", from.valid_ms(), 1, limits::relay_valid_ms_max);
    to.key = check.id<Id<struct KeyTag>>("key", from.key()).text();
    read_field(check, "command", from.has_command(), from.command(), to.command);
}

void write_wire(const message::PassedCommand& from, v1::PassedCommand& to) {
    to.set_pass(from.pass.number);
    to.set_valid_ms(from.valid_ms);
    to.set_key(from.key);
    write_wire(from.command, *to.mutable_command());
}

void read_wire(const v1::RelayedCommand& from, message::RelayedCommand& to, FieldCheck& check) {
    to.request = number(check, "request", from.request());
    to.operator_name = check.id<IdentityId>("operator_name", from.operator_name());
    switch (from.body_case()) {
        case v1::RelayedCommand::kAskPass:
            to.body = message::AskPass{};
            return;
        case v1::RelayedCommand::kPassed:
            read_field(
                check, "passed", true, from.passed(), to.body.emplace<message::PassedCommand>());
            return;
        case v1::RelayedCommand::kAskAgent:
            to.body = message::AskAgent{};
            return;
        case v1::RelayedCommand::BODY_NOT_SET:
            check.refuse(ErrorCode::malformed, "body", std::string{no_body});
            return;
    }
}

void write_wire(const message::RelayedCommand& from, v1::RelayedCommand& to) {
    to.set_request(from.request);
    to.set_operator_name(from.operator_name.text());
    if (const auto* passed = std::get_if<message::PassedCommand>(&from.body)) {
        write_wire(*passed, *to.mutable_passed());
    } else if (std::holds_alternative<message::AskPass>(from.body)) {
        to.mutable_ask_pass();
    } else {
        to.mutable_ask_agent();
    }
}

void read_wire(const v1::RelayedAnswer& from, message::RelayedAnswer& to, FieldCheck& check) {
    to.request = number(check, "request", from.request());
    switch (from.body_case()) {
        case v1::RelayedAnswer::kPass:
            to.body = message::Pass{number(check, "pass", from.pass())};
            return;
        case v1::RelayedAnswer::kAnswer:
            read_field(
                check, "answer", true, from.answer(), to.body.emplace<message::OperatorAnswer>());
            return;
        case v1::RelayedAnswer::kStatus:
            read_field(
                check, "status", true, from.status(), to.body.emplace<message::AgentStatus>());
            return;
        case v1::RelayedAnswer::kFailure:
            read_field(check, "failure", true, from.failure(), to.body.emplace<message::Failure>());
            return;
        case v1::RelayedAnswer::BODY_NOT_SET:
            check.refuse(ErrorCode::malformed, "body", std::string{no_body});
            return;
    }
}

void write_wire(const message::RelayedAnswer& from, v1::RelayedAnswer& to) {
    to.set_request(from.request);
    if (const auto* pass = std::get_if<message::Pass>(&from.body)) {
        to.set_pass(pass->number);
    } else if (const auto* answer = std::get_if<message::OperatorAnswer>(&from.body)) {
        write_wire(*answer, *to.mutable_answer());
    } else if (const auto* status = std::get_if<message::AgentStatus>(&from.body)) {
        write_wire(*status, *to.mutable_status());
    } else {
        write_wire(std::get<message::Failure>(from.body), *to.mutable_failure());
    }
}

}  // namespace nearfab::codec
