// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/preparer.hpp"

#include "geometry/flat/drawing_file.hpp"
#include "geometry/part_report.hpp"
#include "host/durable_file.hpp"
#include "tests/folders.hpp"
#include "tests/host/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <chrono>
#include <filesystem>
#include <optional>
#include <poll.h>
#include <vector>

namespace nearfab::agent {
namespace {

const AttemptKey key{WorkOrderId{"w1"}, 1};
const AttemptKey other_key{WorkOrderId{"w2"}, 4};

struct Preparing {
    Preparing() {
        REQUIRE(make_private_directory(folder / "code"));
        preparer.emplace(PreparerOptions{{}, folder / "slicing", folder / "code"}, *events);
    }

    // What came of the one task.
    Event outcome() {
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (std::chrono::steady_clock::now() < give_up) {
            pollfd waiting{events->descriptor(), POLLIN, 0};
            (void)::poll(&waiting, 1, 100);
            for (Event& event : events->take_all())
                return std::move(event);
        }
        FAIL("the event never came");
        return event::Tick{};
    }
    static std::array<double, 3> size_of(const std::vector<std::uint8_t>& bytes) {
        const auto mesh = geometry::read_mesh(bytes);
        REQUIRE(mesh);
        const geometry::Vec3 size = geometry::bounds_of(*mesh).size();
        return {size.x, size.y, size.z};
    }

    bool is_pinned(const ContentHash& hash) {
        bool free = false;
        preparer->pins().unless_pinned(hash, [&] { free = true; });
        return !free;
    }

    test::ScratchDirectory folder;
    std::unique_ptr<EventQueue> events = std::move(*EventQueue::open());
    std::optional<Preparer> preparer;
};

TEST_CASE_METHOD(Preparing,
                 "a design is pinned from its order until the failure was heard of",
                 "[agent][preparer]") {
    PreparationTask task;
    task.key = key;
    task.design = hash_of("a design that is not there");
    task.design_file = folder / "none.stl";
    CHECK_FALSE(is_pinned(task.design.design));
    preparer->submit({task});
    CHECK(is_pinned(task.design.design));
    const Event event = outcome();
    REQUIRE(std::holds_alternative<event::PrepareFailed>(event));
    CHECK(is_pinned(task.design.design));
    preparer->unpin({WorkOrderId{"w2"}, 1});
    CHECK(is_pinned(task.design.design));
    preparer->unpin(key);
    CHECK_FALSE(is_pinned(task.design.design));
}

TEST_CASE_METHOD(Preparing,
                 "machine code is pinned before it is in its place, until it was heard of",
                 "[agent][preparer]") {
    if (!std::filesystem::exists("/usr/bin/prusa-slicer")) {
        WARN("skipped: prusa-slicer is not installed (scripts/setup installs it)");
        return;
    }
    const std::filesystem::path examples =
        std::filesystem::path{tests::source_folder()} / "examples";
    PreparationTask task;
    task.key = key;
    task.design_file = examples / "designs/hose_coupling/hose_coupling.stl";
    const auto bytes = read_file(task.design_file, 10'000'000);
    REQUIRE(bytes);
    task.design = hash_of(*bytes);
    task.size_mm = size_of(*bytes);
    task.profile = load_print_profile(examples / "profiles/small_printer.ini").value();
    task.limits.envelope = {180, 180, 180};
    preparer->submit({task});
    const Event event = outcome();
    if (const auto* failed = std::get_if<event::PrepareFailed>(&event)) FAIL(failed->reason);
    const auto& made = std::get<event::Prepared>(event);
    CHECK(std::filesystem::exists(folder / "code" / made.machine_code.hex()));
    CHECK(is_pinned(made.machine_code));
    CHECK(is_pinned(task.design.design));
    preparer->unpin(key);
    CHECK_FALSE(is_pinned(made.machine_code));
    CHECK_FALSE(is_pinned(task.design.design));

    PreparationTask other = task;
    other.key = other_key;
    preparer->submit({task, other});
    const Event shared = outcome();
    if (const auto* failed = std::get_if<event::PlateFailed>(&shared)) FAIL(failed->reason);
    const auto& plate = std::get<event::PlatePrepared>(shared);
    CHECK(plate.keys == std::vector<AttemptKey>{key, other_key});
    CHECK(std::filesystem::exists(folder / "code" / plate.machine_code.hex()));
    // Two of a part need about twice the material, and no second heating up.
    CHECK(plate.grams > 1.8 * made.grams);
    CHECK(plate.grams < 2.2 * made.grams);
    CHECK(plate.seconds > made.seconds);
    CHECK(plate.seconds < 2 * made.seconds + 600);
}

TEST_CASE_METHOD(Preparing,
                 "what is not the size that was analysed is not made",
                 "[agent][preparer]") {
    const std::filesystem::path examples =
        std::filesystem::path{tests::source_folder()} / "examples";
    PreparationTask task;
    task.key = key;
    task.design_file = examples / "designs/hose_coupling/hose_coupling.stl";
    const auto bytes = read_file(task.design_file, 10'000'000);
    REQUIRE(bytes);
    task.size_mm = size_of(*bytes);
    // The router says millimetres, the designer's word on the way here inches: somebody is wrong.
    task.design = {hash_of(*bytes), LengthUnit::inch};
    preparer->submit({task});
    const Event event = outcome();
    const auto* failed = std::get_if<event::PrepareFailed>(&event);
    REQUIRE(failed != nullptr);
    CHECK_THAT(failed->reason, Catch::Matchers::Contains("but was analysed as"));
}

TEST_CASE_METHOD(Preparing,
                 "a drawing is planned for the laser it was offered to",
                 "[agent][preparer]") {
    const std::filesystem::path examples =
        std::filesystem::path{tests::source_folder()} / "examples";
    PreparationTask task;
    task.key = key;
    task.design_file = examples / "designs/finger_box/finger_box.svg";
    const auto bytes = read_file(task.design_file, 10'000'000);
    REQUIRE(bytes);
    task.design = hash_of(*bytes);
    const auto drawing = geometry::read_drawing(*bytes);
    REQUIRE(drawing);
    const geometry::Vec2 size = geometry::bounds_of(*drawing)->size();
    task.size_mm = {size.x, size.y, 0};
    task.cutter = load_cutter_profile(examples / "profiles/laser.toml").value();
    task.limits.envelope = {900, 600, 10};
    task.material = MaterialId{"plywood_birch"};
    task.density_g_cm3 = 0.68;

    SECTION("of a thickness that it knows") {
        task.sheet_thickness_mm = 3;
        preparer->submit({task});
        const Event event = outcome();
        if (const auto* failed = std::get_if<event::PrepareFailed>(&event)) FAIL(failed->reason);
        const auto& made = std::get<event::Prepared>(event);
        CHECK(made.seconds > 60);
        CHECK(made.grams > 50);
        const auto code = read_file(folder / "code" / made.machine_code.hex(), 10'000'000);
        REQUIRE(code);
        CHECK(hash_of(*code) == made.machine_code);
        CHECK(is_pinned(made.machine_code));
    }
    SECTION("several on one sheet") {
        task.sheet_thickness_mm = 3;
        PreparationTask other = task;
        other.key = other_key;
        preparer->submit({task, other});
        const Event event = outcome();
        if (const auto* failed = std::get_if<event::PlateFailed>(&event)) FAIL(failed->reason);
        const auto& plate = std::get<event::PlatePrepared>(event);
        CHECK(plate.keys == std::vector<AttemptKey>{key, other_key});
        preparer->submit({task});
        const Event next = outcome();
        const auto& alone = std::get<event::Prepared>(next);
        CHECK(plate.grams > 1.5 * alone.grams);
        CHECK(plate.seconds > alone.seconds);
        CHECK(plate.machine_code != alone.machine_code);
        preparer->unpin(plate.keys.front());
        CHECK_FALSE(is_pinned(plate.machine_code));
    }
    SECTION("not more than one sheet holds") {
        task.sheet_thickness_mm = 3;
        task.limits.envelope = {size.x + 40, size.y + 40, 10};
        PreparationTask other = task;
        other.key = other_key;
        preparer->submit({task, other});
        const Event event = outcome();
        const auto* failed = std::get_if<event::PlateFailed>(&event);
        REQUIRE(failed != nullptr);
        CHECK(failed->keys == std::vector<AttemptKey>{key, other_key});
        CHECK_THAT(failed->reason, Catch::Contains("2 pieces need more than one sheet"));
    }
    SECTION("not in another size than the one that was analysed") {
        task.sheet_thickness_mm = 3;
        task.size_mm[0] *= 96.0 / 90;
        preparer->submit({task});
        const Event event = outcome();
        const auto* failed = std::get_if<event::PrepareFailed>(&event);
        REQUIRE(failed != nullptr);
        CHECK_THAT(failed->reason, Catch::Matchers::Contains("but was analysed as"));
    }
    SECTION("of another thickness, with those that there are") {
        task.sheet_thickness_mm = 8;
        preparer->submit({task});
        const Event event = outcome();
        REQUIRE(std::holds_alternative<event::PrepareFailed>(event));
        CHECK(std::get<event::PrepareFailed>(event).reason.find("only for 3 mm") !=
              std::string::npos);
    }
}

}  // namespace
}  // namespace nearfab::agent
