// SPDX-License-Identifier: GPL-3.0-or-later

#include "terminal/screen.hpp"

#include <catch2/catch.hpp>

#include <sstream>

namespace nearfab::cli {

TEST_CASE("an error is one sentence and the next step") {
    std::ostringstream out;
    std::ostringstream err;
    const Screen screen{.out = out, .err = err, .quiet = true};
    screen.error({ErrorCode::internal, "it broke\x1b", "mend it"});
    screen.error({ErrorCode::internal, "did you mean \"x\"?", ""});
    CHECK(err.str() == "nearfab: it broke?\n  next: mend it\nnearfab: did you mean \"x\"?\n");
    CHECK(out.str().empty());
}

TEST_CASE("remarks stay away from a quiet screen and from the result") {
    std::ostringstream out;
    std::ostringstream err;
    Screen{.out = out, .err = err, .quiet = true}.remark("a");
    Screen{.out = out, .err = err}.remark("b");
    CHECK(err.str() == "b\n");
    CHECK(out.str().empty());
}

TEST_CASE("ink appears only where colours are shown") {
    std::ostringstream out;
    const Screen plain{.out = out, .err = out};
    const Screen colourful{.out = out, .err = out, .colour = true};
    CHECK(plain.in(Ink::red, "x") == "x");
    CHECK(colourful.in(Ink::red, "x") == "\x1b[31mx\x1b[0m");
}

}  // namespace nearfab::cli
