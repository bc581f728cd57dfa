// SPDX-License-Identifier: GPL-3.0-or-later
// What a worker may do to the router: nothing, however it ends.

#include "router/shell/analyser.hpp"

#include "router/analysis/verdict.hpp"
#include "tests/host/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <optional>
#include <string>

namespace nearfab::router {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;

// A worker that is a script, and one design for it.
class Analysing {
public:
    explicit Analysing(const std::string& script) {
        const auto worker = folder_ / "worker";
        std::ofstream{worker} << "#!/bin/sh\n" << script << "\n";
        std::filesystem::permissions(worker, std::filesystem::perms::owner_all);
        std::ofstream{folder_ / "design"} << "solid x\n";
        std::filesystem::create_directory(folder_ / "work");
        AnalyserOptions options;
        options.worker = worker;
        options.work_directory = folder_ / "work";
        options.memory_bytes = 512ULL << 20U;
        options.seconds = 1;
        analyser_.emplace(options, [this](AnalysisDone done) {
            const std::lock_guard lock{mutex_};
            done_ = std::move(done);
            told_.notify_one();
        });
    }

    AnalysisDone outcome(LengthUnit unit = LengthUnit::unstated, const LineRules& rules = {}) {
        analyser_->submit({{hash_of("design"), unit, rules}, folder_ / "design"});
        std::unique_lock lock{mutex_};
        REQUIRE(told_.wait_for(lock, 60s, [this] { return done_.has_value(); }));
        return *std::exchange(done_, std::nullopt);
    }

private:
    test::ScratchDirectory folder_;
    std::mutex mutex_;
    std::condition_variable told_;
    std::optional<AnalysisDone> done_;
    std::optional<Analyser> analyser_;  // Last: its thread uses the above.
};

void check_broke(const AnalysisDone& done, const std::string& how) {
    CHECK(done.design == DesignReading{hash_of("design")});
    CHECK(done.broke);
    REQUIRE_FALSE(done.outcome);
    CHECK(done.outcome.error().code == ErrorCode::invalid_file);
    CHECK_THAT(done.outcome.error().message, Contains("breaks the analysis") && Contains(how));
    CHECK_FALSE(done.outcome.error().next.empty());
}

TEST_CASE("a worker that crashes costs its file only", "[router][analyser]") {
    Analysing crash{"kill -SEGV $$"};
    check_broke(crash.outcome(), "signal 11");
    Analysing quits{"exit 3"};
    check_broke(quits.outcome(), "exit code 3");
}

TEST_CASE("a worker that hangs is ended, whether it works or sleeps", "[router][analyser]") {
    Analysing busy{"while :; do :; done"};
    // Of processor time it has half as much as of the clock, so a busy machine decides which ends.
    check_broke(busy.outcome(), "time");
    Analysing asleep{"sleep 600"};
    check_broke(asleep.outcome(), "the time allowed");
}

TEST_CASE("a worker that wants all memory gets no more than allowed", "[router][analyser]") {
    // The shell's variable doubles until there is no room for it.
    Analysing bomb{"x=0123456789abcdef; while :; do x=$x$x; done"};
    const AnalysisDone done = bomb.outcome();
    CHECK(done.broke);
    REQUIRE_FALSE(done.outcome);
    CHECK(done.outcome.error().code == ErrorCode::invalid_file);
}

TEST_CASE("a worker that writes without end is ended", "[router][analyser]") {
    Analysing flood{"exec cat /dev/zero > big"};
    check_broke(flood.outcome(), "larger than allowed");
    Analysing talker{"exec cat /dev/zero"};
    CHECK(talker.outcome().broke);
}

TEST_CASE("what is no verdict is the router's trouble and not remembered of the file",
          "[router][analyser]") {
    Analysing liar{"echo all is well"};
    const AnalysisDone done = liar.outcome();
    CHECK_FALSE(done.broke);
    REQUIRE_FALSE(done.outcome);
    CHECK(done.outcome.error().code == ErrorCode::internal);
}

TEST_CASE("the worker gets the file, and the unit where there is one", "[router][analyser]") {
    // It says no with its arguments, so that they come back.
    Analysing echo{
        "printf 'refused\\n3\\n%s: %s %s\\nnext\\n' \"$#\" \"$(cat $1)\" \"$2${3:+ $3}\""};
    const AnalysisDone plain = echo.outcome();
    REQUIRE_FALSE(plain.outcome);
    CHECK(plain.outcome.error().message == "1: solid x ");
    CHECK_FALSE(plain.broke);
    const AnalysisDone inches = echo.outcome(LengthUnit::inch);
    CHECK(inches.design == DesignReading{hash_of("design"), LengthUnit::inch});
    CHECK(inches.outcome.error().message == "2: solid x inch");
    const LineRules rules{{0xFF0000, "", LineOperation::engrave}};
    const AnalysisDone ruled = echo.outcome(LengthUnit::unstated, rules);
    CHECK(ruled.design == DesignReading{hash_of("design"), LengthUnit::unstated, rules});
    CHECK(ruled.outcome.error().message == "3: solid x unstated #ff0000=engrave");
}

TEST_CASE("after a worker that broke the next design is analysed", "[router][analyser]") {
    Analysing once{"grep -q solid $1 && [ \"$2\" = inch ] && kill -SEGV $$; exit 7"};
    CHECK_THAT(once.outcome(LengthUnit::inch).outcome.error().message, Contains("signal 11"));
    CHECK_THAT(once.outcome().outcome.error().message, Contains("exit code 7"));
}

}  // namespace
}  // namespace nearfab::router
