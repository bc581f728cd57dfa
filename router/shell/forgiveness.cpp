// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/forgiveness.hpp"

#include "host/durable_file.hpp"
#include "proto/model/text.hpp"

#include <algorithm>
#include <system_error>

namespace nearfab::router {
namespace {

std::filesystem::path folder_in(const std::filesystem::path& state_directory, Forgiveness what) {
    return state_directory / (what == Forgiveness::gone ? "gone" : "forgiven");
}

}  // namespace

Status leave_forgiveness(const std::filesystem::path& state_directory,
                         const FabId& fab,
                         Forgiveness what) {
    if (!is_well_formed_id(fab.text())) {
        return fail(ErrorCode::invalid_argument,
                    "\"" + fab.text() + "\" cannot be the name of a fab",
                    "use the name that stands in the list of keys");
    }
    const auto folder = folder_in(state_directory, what);
    if (auto status = make_private_directory(folder); !status) return status;
    return write_durably(folder / fab.text(), {});
}

std::vector<FabId> find_forgiveness(const std::filesystem::path& state_directory,
                                    Forgiveness what) {
    std::vector<FabId> fabs;
    std::error_code problem;
    for (std::filesystem::directory_iterator entry{folder_in(state_directory, what), problem}, end;
         !problem && entry != end;
         entry.increment(problem)) {
        const std::string name = entry->path().filename().string();
        if (is_well_formed_id(name)) fabs.emplace_back(name);
    }
    std::sort(fabs.begin(), fabs.end());
    return fabs;
}

void remove_forgiveness(const std::filesystem::path& state_directory,
                        const FabId& fab,
                        Forgiveness what) {
    std::error_code problem;
    // A file that stays is taken up once more, which changes nothing.
    std::filesystem::remove(folder_in(state_directory, what) / fab.text(), problem);
}

}  // namespace nearfab::router
