// SPDX-License-Identifier: GPL-3.0-or-later
// What `nearfab-router forgive` leaves is found once, by the next start or SIGHUP.

#include "router/shell/forgiveness.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>

namespace nearfab::router {
namespace {

struct InFolder {
    std::filesystem::path folder;
    InFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "nearfab-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
    }
    ~InFolder() { std::filesystem::remove_all(folder); }
};

TEST_CASE_METHOD(InFolder, "a forgiven fab is found until it is taken up", "[forgive]") {
    CHECK(find_forgiveness(folder).empty());
    REQUIRE(leave_forgiveness(folder, FabId{"lyon"}));
    REQUIRE(leave_forgiveness(folder, FabId{"grenoble"}));
    REQUIRE(leave_forgiveness(folder, FabId{"lyon"}));
    CHECK(find_forgiveness(folder) == std::vector<FabId>{FabId{"grenoble"}, FabId{"lyon"}});
    remove_forgiveness(folder, FabId{"lyon"});
    remove_forgiveness(folder, FabId{"lyon"});
    CHECK(find_forgiveness(folder) == std::vector<FabId>{FabId{"grenoble"}});
}

TEST_CASE_METHOD(InFolder, "a name that is none never becomes a file", "[forgive]") {
    for (const char* name : {"", "../lyon", "a/b", ".hidden", "two words"}) {
        const auto done = leave_forgiveness(folder, FabId{name});
        REQUIRE_FALSE(done);
        CHECK(done.error().code == ErrorCode::invalid_argument);
    }
    CHECK(find_forgiveness(folder).empty());
}

}  // namespace
}  // namespace nearfab::router
