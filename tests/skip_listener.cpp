// SPDX-License-Identifier: GPL-3.0-or-later
// Makes a skipped test visible: Catch2 2 has no word for it, so ctest would show it as passed.
//
// A test says WARN("skipped: WHY") where it cannot go on. When nothing was checked in it, the line
// below tells ctest that it was skipped (SKIP_REGULAR_EXPRESSION in cmake/build_rules.cmake); when
// a part of it was, the other line is for the list at the end of scripts/test. Never in a test that
// failed: ctest would call that skipped as well.

#define CATCH_CONFIG_EXTERNAL_INTERFACES  // Listeners.
#include <catch2/catch.hpp>

#include <cstdio>
#include <string>

namespace nearfab::tests {
namespace {

struct SkipListener : Catch::TestEventListenerBase {
    using TestEventListenerBase::TestEventListenerBase;

    void testCaseStarting(const Catch::TestCaseInfo& info) override {
        TestEventListenerBase::testCaseStarting(info);
        why_.clear();
    }
    bool assertionEnded(const Catch::AssertionStats& stats) override {
        const Catch::AssertionResult& result = stats.assertionResult;
        const bool warns = result.getResultType() == Catch::ResultWas::Warning;
        const std::string words = warns ? std::string{result.getMessage()} : std::string{};
        if (why_.empty() && words.rfind("skipped", 0) == 0) why_ = words;
        return true;
    }
    void testCaseEnded(const Catch::TestCaseStats& stats) override {
        const Catch::Counts& checks = stats.totals.assertions;
        if (why_.empty() || checks.failed > 0 || checks.failedButOk > 0) return;
        std::printf("nearfab test %s: \"%s\" %s\n",
                    checks.passed == 0 ? "skipped" : "partly skipped",
                    stats.testInfo.name.c_str(),
                    why_.c_str());
        std::fflush(stdout);
    }

private:
    std::string why_;
};

CATCH_REGISTER_LISTENER(SkipListener)

}  // namespace
}  // namespace nearfab::tests
