// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/json_view.hpp"
#include "cli/places.hpp"
#include "cli/verbs.hpp"
#include "terminal/table.hpp"

#include <ostream>
#include <utility>

namespace nearfab::cli {

Result<ExitCode> run(const PlaceAddCommand& command, const Desk& desk) {
    const auto place = parse_place(command.position);
    if (!place) return fail(place.error());
    auto added = add_place(desk.places_file(), {.name = command.name, .place = *place});
    if (!added) return fail(std::move(added.error()));
    desk.screen.remark(command.name + " is now " + to_string(*place) + " (" +
                       desk.places_file().string() + ")");
    return ExitCode::ok;
}

Result<ExitCode> run(const PlaceListCommand&, const Desk& desk) {
    const auto places = read_places(desk.places_file());
    if (!places) return fail(places.error());
    if (desk.screen.json) {
        desk.screen.out << json_of_places(*places);
        return ExitCode::ok;
    }
    if (places->empty()) {
        desk.screen.remark("No places yet; add one with: nearfab place add NAME LAT,LON");
        return ExitCode::ok;
    }
    Table table{{{"NAME"}, {"PLACE"}}};
    for (const NamedPlace& place : *places)
        table.add({place.name, to_string(place.place)});
    desk.screen.out << table.text();
    return ExitCode::ok;
}

}  // namespace nearfab::cli
