// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/json_view.hpp"

#include "cli/command_line.hpp"
#include "json/answer_shapes.hpp"

namespace nearfab::cli {

using json::Json;
using json::list;
using json::or_null;
using json::place_json;
using json::text_of;

std::string json_of_key(const std::string& file, const std::string& public_key) {
    return text_of({{"file", file}, {"public_key", public_key}});
}

std::string json_of_places(const std::vector<NamedPlace>& places) {
    Json out = list();
    for (const NamedPlace& place : places) {
        Json one{{"name", place.name}};
        one.update(place_json(place.place));
        out.push_back(std::move(one));
    }
    return text_of({{"places", std::move(out)}});
}

std::string json_of_settings(const Settings& settings) {
    Json out = Json::object();
    for (const auto& [key, setting] : settings.all()) {
        out[key] = {{"value", or_null(setting.value)}, {"origin", setting.origin}};
    }
    return text_of(out);
}

std::string json_of_exit_codes() {
    Json out = list();
    for (const ExitCodeMeaning& entry : exit_code_meanings()) {
        out.push_back({{"code", static_cast<int>(entry.code)},
                       {"name", entry.name},
                       {"meaning", entry.meaning}});
    }
    return text_of({{"exit_codes", std::move(out)}});
}

std::string json_of_version() {
    return text_of({{"version", program_version}});
}

}  // namespace nearfab::cli
