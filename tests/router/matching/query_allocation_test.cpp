// SPDX-License-Identifier: GPL-3.0-or-later
// A search of the index asks for no memory. A program of its own, because it counts what `new` is
// asked for in the whole of it.

#include "router/matching/index/machine_index.hpp"
#include "tests/router/matching/samples.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <vector>

namespace {

std::size_t asked_for = 0;

void* get(std::size_t bytes) {
    ++asked_for;
    if (void* found = std::malloc(bytes == 0 ? 1 : bytes)) return found;
    throw std::bad_alloc{};
}

}  // namespace

void* operator new(std::size_t bytes) {
    return get(bytes);
}
void* operator new[](std::size_t bytes) {
    return get(bytes);
}
void* operator new(std::size_t bytes, const std::nothrow_t& /*tag*/) noexcept {
    ++asked_for;
    return std::malloc(bytes == 0 ? 1 : bytes);
}
void* operator new[](std::size_t bytes, const std::nothrow_t& /*tag*/) noexcept {
    ++asked_for;
    return std::malloc(bytes == 0 ? 1 : bytes);
}
void operator delete(void* bytes) noexcept {
    std::free(bytes);
}
void operator delete[](void* bytes) noexcept {
    std::free(bytes);
}
void operator delete(void* bytes, std::size_t) noexcept {
    std::free(bytes);
}
void operator delete[](void* bytes, std::size_t) noexcept {
    std::free(bytes);
}

namespace nearfab::router {
namespace {

using namespace testing;

TEST_CASE("the count of allocations counts", "[matching]") {
    const std::size_t before = asked_for;
    const std::string long_enough(100, 'x');
    CHECK(asked_for == before + 1);
    CHECK(long_enough.size() == 100);
}

// Many towns with a printer for each of a few materials, each printer as large as the next town's.
class Towns {
public:
    static constexpr std::size_t count = 400;

    Towns() {
        for (std::size_t i = 0; i < count; ++i) {
            const FabId id{"fab" + std::to_string(i)};
            const Place place{44 + static_cast<double>(i % 20) / 10,
                              3 + static_cast<double>(i / 20) / 10};
            const double size = 150 + static_cast<double>(i % 4) * 50;
            auto said = std::make_shared<Advertisement>(
                fab(place,
                    {printer("a", size, size, size, {{"pla", 500}, {"petg", 200}}),
                     printer("b", size, size, 2 * size, {{"abs", 100}})}));
            index_.advertise(id, said);
            index_.set_presence(id, true, false);
        }
    }

    MachineIndex& index() { return index_; }

private:
    MatchingRules rules_;
    MachineIndex index_{rules_};
};

TEST_CASE("a search of the index asks for no memory", "[matching]") {
    Towns towns;
    std::size_t found_in_all = 0;
    for (const char* material : {"pla", "petg", "abs", "pa12"}) {
        for (const double edge : {10.0, 160.0, 240.0, 290.0, 5000.0}) {
            Question question = make_question(part("thing", material), box(edge, edge / 2, edge));
            question.place_of_use = {45.1, 4.1};
            for (const std::size_t most : {1U, 10U, 64U}) {
                std::array<TreeFound, 64> found;
                const std::size_t before = asked_for;
                found_in_all += towns.index().nearest(question, {found.data(), most});
                REQUIRE(asked_for == before);
            }
        }
    }
    CHECK(found_in_all > 100);
}

TEST_CASE("a change of a backlog asks for no memory", "[matching]") {
    Towns towns;
    std::vector<FabId> fabs;
    for (std::size_t i = 0; i < Towns::count; ++i)
        fabs.emplace_back("fab" + std::to_string(i));
    const MachineId machine{"a"};
    const std::size_t before = asked_for;
    for (std::int64_t seconds = 0; seconds < 20'000; seconds += 1000) {
        for (const FabId& fab : fabs)
            towns.index().set_promises(fab, machine, {seconds, {}, 0});
    }
    CHECK(asked_for == before);
    CHECK(towns.index().is_sound());
}

}  // namespace
}  // namespace nearfab::router
