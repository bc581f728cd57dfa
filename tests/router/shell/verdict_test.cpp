// SPDX-License-Identifier: GPL-3.0-or-later
// What the analysis worker says is understood, and whatever else it might print is not trusted.

#include "router/analysis/verdict.hpp"

#include "tests/router/matching/samples.hpp"

#include <catch2/catch.hpp>

namespace nearfab::router {
namespace {

TEST_CASE("facts and refusals come back as they were", "[verdict]") {
    const Verdict facts = testing::box(1, 2, 3);
    CHECK(decode_verdict(encode_verdict(facts)) == facts);
    const Verdict refused = fail(ErrorCode::invalid_file, "12 open edges", "close the mesh");
    CHECK(decode_verdict(encode_verdict(refused)) == refused);
}

TEST_CASE("anything else is a fault of the worker, not of the file", "[verdict]") {
    for (const char* text : {"", "facts", "facts\nnonsense", "refused", "refused\nx\ny\nz\n"}) {
        const Verdict verdict = decode_verdict(text);
        REQUIRE_FALSE(verdict.has_value());
        CHECK(verdict.error().code == ErrorCode::internal);
    }
}

}  // namespace
}  // namespace nearfab::router
