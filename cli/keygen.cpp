// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/json_view.hpp"
#include "cli/verbs.hpp"
#include "host/durable_file.hpp"
#include "proto/model/text.hpp"
#include "terminal/quantity_text.hpp"
#include "wire/keys.hpp"

#include <filesystem>
#include <ostream>
#include <utility>

namespace nearfab::cli {
namespace {

Status make_folder_of(const std::filesystem::path& file) {
    const std::filesystem::path folder = file.parent_path();
    if (folder.empty() || std::filesystem::is_directory(folder)) return {};
    return make_private_directory(folder);
}

}  // namespace

Result<ExitCode> run(const KeygenCommand& command, const Desk& desk) {
    if (!is_well_formed_id(command.name)) {
        return fail(ErrorCode::invalid_argument,
                    "--name: " + in_quotes(command.name) + " cannot be a name",
                    "use 1 to 64 letters, digits, '.', '-' and '_'");
    }
    const std::string file = command.out.value_or(desk.settings.key_file.value);
    if (auto made = make_folder_of(file); !made) return fail(std::move(made.error()));
    const wire::KeyPair keys = wire::generate_key_pair();
    if (auto saved = wire::save_key_pair(file, keys); !saved) return fail(std::move(saved.error()));
    if (desk.screen.json) {
        desk.screen.out << json_of_key(file, keys.public_key);
        return ExitCode::ok;
    }
    desk.screen.out << keys.public_key << '\n';
    desk.screen.remark("Wrote " + file + "; keep it to yourself.");
    desk.screen.remark("Line for the router's list of keys (its operator adds it):");
    desk.screen.remark("client " + command.name + " " + keys.public_key);
    return ExitCode::ok;
}

}  // namespace nearfab::cli
