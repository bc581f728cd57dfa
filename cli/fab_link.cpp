// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/fab_link.hpp"

#include "cli/router_link.hpp"
#include "host/random.hpp"
#include "proto/model/text.hpp"
#include "terminal/quantity_text.hpp"

namespace nearfab::cli {
namespace {

constexpr std::size_t key_bytes = 16;

}  // namespace

Result<FabLink> FabLink::open(const Desk& desk, const std::optional<std::string>& fab) {
    if (fab && !is_well_formed_id(*fab)) {
        return fail(ErrorCode::invalid_argument,
                    in_quotes(*fab) + " cannot be the name of a fab",
                    "run `nearfab fabs` for the names");
    }
    auto connection = fab ? open_router(desk) : open_agent(desk);
    if (!connection) return fail(std::move(connection.error()));
    return FabLink{std::move(*connection), FabId{fab.value_or("")}};
}

Result<message::OperatorAnswer> FabLink::tell(const message::OperatorCommand& order) {
    if (fab_.empty()) return ask_for<message::OperatorAnswer>(connection_, order);
    // The question may be asked again when the router was restarted; the key makes it one command.
    return ask_for<message::OperatorAnswer>(
        connection_, message::RelayCommand{fab_, random_hex(key_bytes), order});
}

Result<message::AgentStatus> FabLink::status() {
    if (fab_.empty()) return ask_for<message::AgentStatus>(connection_, message::AskAgent{});
    return ask_for<message::AgentStatus>(connection_,
                                         message::RelayCommand{fab_, {}, message::AskAgent{}});
}

}  // namespace nearfab::cli
