// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/fab_view.hpp"
#include "cli/json_view.hpp"
#include "cli/places.hpp"
#include "cli/router_link.hpp"
#include "cli/verbs.hpp"

#include <ostream>
#include <utility>

namespace nearfab::cli {

Result<ExitCode> run(const FabsCommand& command, const Desk& desk) {
    message::AskFabs question;
    if (command.at) {
        const auto places = read_places(desk.places_file());
        if (!places) return fail(places.error());
        auto place = find_place(*command.at, *places);
        if (!place) {
            return fail(
                ErrorCode::invalid_argument, "--at: " + place.error().message, place.error().next);
        }
        question.near = *place;
    }
    auto connection = open_router(desk);
    if (!connection) return fail(std::move(connection.error()));
    const auto fabs = ask_all(*connection, question);
    if (!fabs) return fail(fabs.error());
    const bool with_distance = question.near.has_value();
    desk.screen.out << (desk.screen.json ? json_of_fabs(*fabs, with_distance)
                                         : fabs_text(*fabs, with_distance));
    return ExitCode::ok;
}

}  // namespace nearfab::cli
