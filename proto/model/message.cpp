// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/message.hpp"

namespace nearfab {
namespace {

// One line per kind of message, so that the compiler names a forgotten one.
struct NameOf {
    std::string_view operator()(const message::Hello&) const { return "Hello"; }
    std::string_view operator()(const message::Welcome&) const { return "Welcome"; }
    std::string_view operator()(const message::Keepalive&) const { return "Keepalive"; }
    std::string_view operator()(const message::Failure&) const { return "Failure"; }
    std::string_view operator()(const message::Advertise&) const { return "Advertise"; }
    std::string_view operator()(const message::AcceptOffer&) const { return "AcceptOffer"; }
    std::string_view operator()(const message::DeclineOffer&) const { return "DeclineOffer"; }
    std::string_view operator()(const message::StartRequest&) const { return "StartRequest"; }
    std::string_view operator()(const message::AttemptReport&) const { return "AttemptReport"; }
    std::string_view operator()(const message::Progress&) const { return "Progress"; }
    std::string_view operator()(const message::Inventory&) const { return "Inventory"; }
    std::string_view operator()(const message::Offer&) const { return "Offer"; }
    std::string_view operator()(const message::ConfirmReservation&) const {
        return "ConfirmReservation";
    }
    std::string_view operator()(const message::WithdrawWork&) const { return "WithdrawWork"; }
    std::string_view operator()(const message::StartRight&) const { return "StartRight"; }
    std::string_view operator()(const message::StartRefused&) const { return "StartRefused"; }
    std::string_view operator()(const message::StopWork&) const { return "StopWork"; }
    std::string_view operator()(const message::AskInventory&) const { return "AskInventory"; }
    std::string_view operator()(const message::OpenUpload&) const { return "OpenUpload"; }
    std::string_view operator()(const message::UploadChunk&) const { return "UploadChunk"; }
    std::string_view operator()(const message::UploadStatus&) const { return "UploadStatus"; }
    std::string_view operator()(const message::ReadChunk&) const { return "ReadChunk"; }
    std::string_view operator()(const message::DesignChunk&) const { return "DesignChunk"; }
    std::string_view operator()(const message::SubmitJob&) const { return "SubmitJob"; }
    std::string_view operator()(const message::JobAccepted&) const { return "JobAccepted"; }
    std::string_view operator()(const message::AskQuote&) const { return "AskQuote"; }
    std::string_view operator()(const message::Quote&) const { return "Quote"; }
    std::string_view operator()(const message::AskJobs&) const { return "AskJobs"; }
    std::string_view operator()(const message::Jobs&) const { return "Jobs"; }
    std::string_view operator()(const message::WatchJob&) const { return "WatchJob"; }
    std::string_view operator()(const message::JobUpdate&) const { return "JobUpdate"; }
    std::string_view operator()(const message::AskWhy&) const { return "AskWhy"; }
    std::string_view operator()(const message::Why&) const { return "Why"; }
    std::string_view operator()(const message::CancelJob&) const { return "CancelJob"; }
    std::string_view operator()(const message::CancelAnswer&) const { return "CancelAnswer"; }
    std::string_view operator()(const message::AskFabs&) const { return "AskFabs"; }
    std::string_view operator()(const message::AskReport&) const { return "AskReport"; }
    std::string_view operator()(const message::NetworkReport&) const { return "NetworkReport"; }
    std::string_view operator()(const message::Fabs&) const { return "Fabs"; }
    std::string_view operator()(const message::OperatorCommand&) const { return "OperatorCommand"; }
    std::string_view operator()(const message::OperatorAnswer&) const { return "OperatorAnswer"; }
    std::string_view operator()(const message::AskAgent&) const { return "AskAgent"; }
    std::string_view operator()(const message::AgentStatus&) const { return "AgentStatus"; }
    std::string_view operator()(const message::RelayCommand&) const { return "RelayCommand"; }
    std::string_view operator()(const message::RelayedCommand&) const { return "RelayedCommand"; }
    std::string_view operator()(const message::RelayedAnswer&) const { return "RelayedAnswer"; }
    std::string_view operator()(const message::StateRegions&) const { return "StateRegions"; }
};

}  // namespace

std::string to_string(Role role) {
    switch (role) {
        case Role::unknown:
            return "unknown";
        case Role::agent:
            return "agent";
        case Role::client:
            return "client";
        case Role::operator_:
            return "operator";
        case Role::peer:
            return "peer";
    }
    return "unknown";
}

namespace message {

std::string to_string(AttemptState state) {
    switch (state) {
        case AttemptState::unknown:
            return "unknown";
        case AttemptState::seen:
            return "seen";
        case AttemptState::reserved:
            return "reserved";
        case AttemptState::authorised:
            return "authorised";
        case AttemptState::starting:
            return "starting";
        case AttemptState::running:
            return "running";
        case AttemptState::produced:
            return "produced";
        case AttemptState::failed:
            return "failed";
        case AttemptState::never_started:
            return "never_started";
        case AttemptState::in_doubt:
            return "in_doubt";
        case AttemptState::inspected_good:
            return "inspected_good";
        case AttemptState::inspected_bad:
            return "inspected_bad";
        case AttemptState::delivered:
            return "delivered";
        case AttemptState::released:
            return "released";
    }
    return "unknown";
}

std::string to_string(OperatorAction action) {
    switch (action) {
        case OperatorAction::unknown:
            return "unknown";
        case OperatorAction::accept:
            return "accept";
        case OperatorAction::decline:
            return "decline";
        case OperatorAction::clear_bed:
            return "clear_bed";
        case OperatorAction::inspect_good:
            return "inspect_good";
        case OperatorAction::inspect_bad:
            return "inspect_bad";
        case OperatorAction::hand_over:
            return "hand_over";
        case OperatorAction::drain:
            return "drain";
        case OperatorAction::resume:
            return "resume";
        case OperatorAction::presence:
            return "presence";
        case OperatorAction::resolve:
            return "resolve";
        case OperatorAction::pause_machine:
            return "pause_machine";
        case OperatorAction::resume_machine:
            return "resume_machine";
        case OperatorAction::load:
            return "load";
    }
    return "unknown";
}

}  // namespace message

Message::Message() = default;
Message::Message(const Message& other) = default;
Message::Message(Message&& other) noexcept = default;
Message& Message::operator=(const Message& other) = default;
Message& Message::operator=(Message&& other) noexcept = default;
Message::~Message() = default;

bool operator==(const Message& one, const Message& other) {
    return static_cast<const MessageKinds&>(one) == static_cast<const MessageKinds&>(other);
}

std::string_view name_of(const Message& message) {
    return std::visit(NameOf{}, message);
}

}  // namespace nearfab
