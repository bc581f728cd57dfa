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
    CHECK(find_forgiveness(folder, Forgiveness::looked_at).empty());
    REQUIRE(leave_forgiveness(folder, FabId{"lyon"}, Forgiveness::looked_at));
    REQUIRE(leave_forgiveness(folder, FabId{"grenoble"}, Forgiveness::looked_at));
    REQUIRE(leave_forgiveness(folder, FabId{"lyon"}, Forgiveness::looked_at));
    CHECK(find_forgiveness(folder, Forgiveness::looked_at) ==
          std::vector<FabId>{FabId{"grenoble"}, FabId{"lyon"}});
    remove_forgiveness(folder, FabId{"lyon"}, Forgiveness::looked_at);
    remove_forgiveness(folder, FabId{"lyon"}, Forgiveness::looked_at);
    CHECK(find_forgiveness(folder, Forgiveness::looked_at) ==
          std::vector<FabId>{FabId{"grenoble"}});
}

TEST_CASE_METHOD(InFolder, "gone for good is another word than looked at", "[forgive]") {
    REQUIRE(leave_forgiveness(folder, FabId{"lyon"}, Forgiveness::gone));
    CHECK(find_forgiveness(folder, Forgiveness::looked_at).empty());
    CHECK(find_forgiveness(folder, Forgiveness::gone) == std::vector<FabId>{FabId{"lyon"}});
    remove_forgiveness(folder, FabId{"lyon"}, Forgiveness::looked_at);
    CHECK(find_forgiveness(folder, Forgiveness::gone).size() == 1);
    remove_forgiveness(folder, FabId{"lyon"}, Forgiveness::gone);
    CHECK(find_forgiveness(folder, Forgiveness::gone).empty());
}

TEST_CASE_METHOD(InFolder, "a name that is none never becomes a file", "[forgive]") {
    for (const char* name : {"", "../lyon", "a/b", ".hidden", "two words"}) {
        const auto done = leave_forgiveness(folder, FabId{name}, Forgiveness::looked_at);
        REQUIRE_FALSE(done);
        CHECK(done.error().code == ErrorCode::invalid_argument);
    }
    CHECK(find_forgiveness(folder, Forgiveness::looked_at).empty());
}

}  // namespace
}  // namespace nearfab::router
