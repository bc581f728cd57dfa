// SPDX-License-Identifier: GPL-3.0-or-later
// The program alone: no router needed.

#include "tests/cli/run_program.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <sys/stat.h>

namespace nearfab::cli::test {
namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

constexpr const char* z85_key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";

}  // namespace

TEST_CASE("every example design passes check") {
    const TemporaryFolder home;
    const Outcome outcome = run_nearfab(
        home, {"check", example("hose_coupling"), example("tool_rack"), example("wall_hook")});
    INFO(outcome.out << outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.empty());
    CHECK(has(outcome.out, "size         = 262.0 x 32.0 x 24.0 mm"));
    CHECK(has(outcome.out, "licence      = CERN-OHL-S-2.0"));
    CHECK(has(outcome.out, "closed, oriented, 1 shell"));
    CHECK_FALSE(has(outcome.out, "warning"));
}

TEST_CASE("check with a bed rejects what does not fit, and says by how much") {
    const TemporaryFolder home;
    const Outcome small =
        run_nearfab(home, {"check", "--bed", "180x180x180", example("tool_rack")});
    CHECK(small.exit_code == 7);
    CHECK(has(small.err, "tool_rack.stl does not fit: 22.2 mm too large at best"));
    const Outcome large =
        run_nearfab(home, {"check", "--bed", "250x210x210", example("tool_rack")});
    CHECK(large.exit_code == 0);
    CHECK(has(large.out, "fits 250x210x210 = yes, turned"));
}

TEST_CASE("what cannot be read is not checked, which is no fault of the design") {
    const TemporaryFolder home;
    const std::string missing = (home.path() / "missing.stl").string();
    const Outcome outcome = run_nearfab(home, {"check", missing});
    CHECK(outcome.exit_code == 1);
    CHECK(outcome.out == missing + ": not checked\n");
    CHECK(has(outcome.err, "missing.stl: No such file or directory"));
    CHECK(has(outcome.err, "\n  next: check the path"));
    const Outcome json = run_nearfab(home, {"check", "--json", missing});
    CHECK(json.exit_code == 1);
    CHECK(has(json.out, "\"accepted\": false"));
    CHECK(has(json.out, "\"code\": \"not_found\""));
    CHECK(run_nearfab(home, {"check", home.path()}).exit_code == 1);
    // One that is rejected says more than one that is not there.
    CHECK(run_nearfab(home, {"check", missing, home.write("a.stl", "x").string()}).exit_code == 7);
    for (const char* const verb : {"quote", "submit"}) {
        const Outcome other = run_nearfab(home, {verb, missing, "--at", "1,2"});
        CHECK(other.exit_code == 1);
        CHECK(has(other.err, "No such file or directory"));
    }
}

TEST_CASE("a name with stray bytes cannot reach the terminal") {
    const TemporaryFolder home;
    const std::string odd = home.path() / "od\xFF\x9B.stl";
    const Outcome outcome = run_nearfab(home, {"check", odd});
    CHECK(has(outcome.out, "od??.stl: not checked"));
    CHECK_FALSE(has(outcome.out + outcome.err, "\xFF"));
    CHECK_FALSE(has(run_nearfab(home, {"quote", odd, "--at", "1,2"}).err, "\xFF"));
}

TEST_CASE("check rejects what is no STL and what is open") {
    const TemporaryFolder home;
    const std::string text = home.write("notes.stl", "not a solid thing").string();
    CHECK(run_nearfab(home, {"check", text}).exit_code == 7);
    const std::string open = home.write("open.stl",
                                        "solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\n"
                                        "vertex 9 0 0\nvertex 0 9 0\nendloop\nendfacet\n"
                                        "endsolid a\n");
    const Outcome outcome = run_nearfab(home, {"check", "--json", open});
    CHECK(outcome.exit_code == 7);
    CHECK(has(outcome.out, "\"accepted\": false"));
    CHECK(has(outcome.out, "\"open_edges\": 3"));
}

TEST_CASE("usage errors end with 2 and name the next step") {
    const TemporaryFolder home;
    const std::string part = example("wall_hook");
    const auto check = [&](const std::vector<std::string>& arguments, const std::string& expected) {
        const Outcome outcome = run_nearfab(home, arguments);
        INFO(outcome.err);
        CHECK(outcome.exit_code == 2);
        CHECK(outcome.out.empty());
        CHECK(has(outcome.err, "nearfab: "));
        CHECK(has(outcome.err, expected));
        CHECK(has(outcome.err, "\n  next: "));
    };
    check({}, "`nearfab` needs a verb");
    check({"fab"}, "`nearfab fab` needs a verb");
    check({"chekc", part}, "did you mean \"check\"?");
    check({"check"}, "FILE");
    check({"check", part, "--bde", "1x1x1"}, "did you mean \"--bed\"?");
    check({"check", part, "--bed", "180"}, "is no size of a machine");
    check({"quote", part, "--at", "nowhere"}, "is none of your places");
    check({"quote", part, "--at", "95,2"}, "is no place");
    check({"quote", part, "--at", "1,2", "--material", "pteg"}, "did you mean \"petg\"?");
    check({"quote", part, "--at", "1,2", "--quantity", "0"}, "allowed is 1 to 1000");
    check({"quote", part, "--at", "1,2", "--quantity", "1001"}, "allowed is 1 to 1000");
    check({"quote", part, "--at", "1,2", "--quantity", "abc"}, "\"abc\" is no whole number");
    check({"quote", part, "--at", "1,2", "--quantity", "2.5"}, "for example --quantity 3");
    check({"quote", part, "--at", "1,2", "--quantity", "99999999999999999999"}, "out of range");
    check({"quote", part, "--at", "1,2", "--min-feature", "nan"}, "is no number of millimetres");
    check({"quote", part, "--at", "1,2", "--min-feature", "inf"}, "is no number of millimetres");
    check({"quote", part, "--at", "1,2", "--tolerance", "0.1mm"}, "for example --tolerance 0.2");
    check({"quote", part, "--at", "1,2", "--tolerance", "-1"}, "allowed is more than 0");
    check({"quote", part}, "--at PLACE is missing");
    check({"quote", "missing.stl", "--prefer", "best"}, "--prefer: \"best\" is not known");
    check({"quote", part, "--at"}, "--at has no value");
    check({"quote", part, "--at", "1,2", "--at", "3,4"}, "--at is given more than once");
    check({"why", "3f9c", "wall", "hook"}, "\"wall\" is one word too many");
    check({"cancel"}, "JOB is missing");
    check({"fab", "inspect", "3f9c"}, "one of --good and --bad is needed");
    check({"fab", "resolve", "3f9c", "lost"}, "use made, failed or never-started");
    check({"quote", part, "--at", "1,2", "--licence", "WTF MINE"}, "--licence: ");
    check({"quote", part, "--at", "1,2", "--licence", "CERN-OHL-S"},
          "is not on the SPDX list of licences; did you mean \"CERN-OHL-S-2.0\"?");
    // Words that are wrong are told before anything that is wrong with the file.
    check({"quote", "missing.stl", "--at", "1,2", "--prefer", "best"},
          "--prefer: \"best\" is not known");
    check({"quote", "missing.stl", "--at", "1,2", "--material", "pteg"}, "did you mean \"petg\"?");
    check({"quote", "missing.stl", "--at", "1,2", "--licence", "MTI"}, "did you mean \"MIT\"?");
    check({"submit", "missing.stl", "--at", "1,2", "--redo-after", "soon"}, "use never, at-once");
    check({"quote", part, "--at", "1,2", "--licence", "foo"},
          "\"foo\" is not on the SPDX list of licences.");
    check({"quote", part, "--at", "1,2", "--licence", "NOT-A-LICENCE"},
          "for a licence of your own LicenseRef-NOT-A-LICENCE");
    check({"quote", part, "--at", "1,2", "--deadline", "tomorrow"}, "is no moment");
    check({"quote", part, "--at", "1,2", "--deadline", "2001-01-01T00:00:00Z"}, "already past");
    check({"submit", part, "--at", "1,2", "--redo-after", "soon"}, "use never, at-once");
    check({"status"}, "the router's public key is not known");
    check({"fab", "status", "--agent", "tcp://x:1"}, "is no control socket");
}

TEST_CASE("a unit of the network's own that looks like a currency is remarked") {
    const TemporaryFolder home;
    const auto said = [&](const std::string& unit) {
        return run_nearfab(home,
                           {"quote",
                            example("wall_hook"),
                            "--at",
                            "1,2",
                            "--material",
                            "pla",
                            "--prefer",
                            "cheapest",
                            "--currency",
                            unit})
            .err;
    };
    CHECK(has(said("euro"),
              "warning: \"euro\" is taken as a unit of the network's own; did you "
              "mean EUR?"));
    CHECK_FALSE(has(said("HOURS"), "did you mean"));
    CHECK_FALSE(has(said("eur"), "did you mean"));
}

TEST_CASE("a design without a licence is refused with the ways to give one") {
    const TemporaryFolder home;
    std::ifstream source{example("wall_hook"), std::ios::binary};
    const std::string stl{std::istreambuf_iterator<char>{source}, {}};
    const std::string part = home.write("a/b/c/d/e/hook.stl", stl).string();
    const Outcome outcome = run_nearfab(
        home, {"submit", part, "--at", "1,2", "--material", "pla"}, {"NEARFAB_ROUTER_KEY=x"});
    CHECK(outcome.exit_code == 7);
    CHECK(has(outcome.err, "no licence is known for hook.stl"));
    CHECK(has(outcome.err, "--licence"));
}

TEST_CASE("without a key, the program says how to make one and ends with 4") {
    const TemporaryFolder home;
    const Outcome outcome = run_nearfab(home, {"status", "--router-key", z85_key});
    CHECK(outcome.exit_code == 4);
    CHECK(has(outcome.err, "you have no key yet"));
    CHECK(has(outcome.err, "nearfab keygen"));
}

TEST_CASE("keygen writes a private file, prints the public key and never overwrites") {
    const TemporaryFolder home;
    const Outcome made = run_nearfab(home, {"keygen", "--name", "anna"});
    REQUIRE(made.exit_code == 0);
    CHECK(made.out.size() == 41);
    CHECK(has(made.err, "client anna " + made.out.substr(0, 40)));
    struct stat file {};
    const std::string path = home.path() / ".config/nearfab/key";
    REQUIRE(stat(path.c_str(), &file) == 0);
    CHECK((file.st_mode & 0777U) == 0600U);
    const std::string before = home.read(".config/nearfab/key");
    CHECK_FALSE(has(made.out + made.err, before.substr(before.find("secret ") + 7, 40)));
    const Outcome again = run_nearfab(home, {"keygen"});
    CHECK(again.exit_code == 1);
    CHECK(home.read(".config/nearfab/key") == before);
}

TEST_CASE("a key file that others may read is refused") {
    const TemporaryFolder home;
    REQUIRE(run_nearfab(home, {"keygen"}).exit_code == 0);
    const std::string path = home.path() / ".config/nearfab/key";
    REQUIRE(chmod(path.c_str(), 0644) == 0);
    const Outcome outcome = run_nearfab(home, {"status", "--router-key", z85_key});
    CHECK(outcome.exit_code == 4);
    CHECK(has(outcome.err, "chmod 600"));
}

TEST_CASE("a router that does not answer ends with 6 within the connect time-out") {
    const TemporaryFolder home;
    REQUIRE(run_nearfab(home, {"keygen"}).exit_code == 0);
    const auto start = std::chrono::steady_clock::now();
    const Outcome outcome = run_nearfab(home,
                                        {"status",
                                         "--router",
                                         "tcp://127.0.0.1:9",
                                         "--router-key",
                                         z85_key,
                                         "--timeout-connect",
                                         "1s"});
    const auto taken = std::chrono::steady_clock::now() - start;
    CHECK(outcome.exit_code == 6);
    CHECK(taken < std::chrono::seconds{5});
    CHECK(has(outcome.err, "tcp://127.0.0.1:9"));
    CHECK(has(outcome.err, "\n  next: "));
}

TEST_CASE("an agent that does not run ends with 6, at once") {
    const TemporaryFolder home;
    const auto start = std::chrono::steady_clock::now();
    const Outcome outcome = run_nearfab(
        home, {"fab", "status", "--agent", "ipc://" + (home.path() / "agent.sock").string()});
    CHECK(outcome.exit_code == 6);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{5});
    CHECK(has(outcome.err, "agent.sock: there is no such socket"));
    CHECK(has(outcome.err, "\n  next: start the agent, or name its control_socket with --agent"));
}

TEST_CASE("check says that no machine was asked, and a licence that nobody knows is rejected") {
    const TemporaryFolder home;
    CHECK(has(run_nearfab(home, {"check", example("wall_hook")}).out,
              "makeable as it is (no machine was asked; `nearfab quote` asks)"));
    CHECK(has(run_nearfab(home, {"check", "--bed", "99x99x99", example("wall_hook")}).out,
              "makeable as it is, and fits"));
    std::ifstream source{example("wall_hook"), std::ios::binary};
    const std::string stl{std::istreambuf_iterator<char>{source}, {}};
    const std::string part = home.write("design/hook.stl", stl).string();
    home.write("design/okh.toml", "okhv = \"2.3\"\nname = \"hook\"\nlicense = \"CC-BY-SA\"\n");
    const Outcome outcome = run_nearfab(home, {"check", part});
    CHECK(outcome.exit_code == 7);
    CHECK(has(outcome.err, "okh.toml: \"CC-BY-SA\" is not on the SPDX list of licences"));
    home.write("design/okh.toml",
               "okhv = \"2.3\"\nname = \"hook\"\nlicense = \"LicenseRef-Mine\"\n");
    CHECK(run_nearfab(home, {"check", part}).exit_code == 0);
}

TEST_CASE("places have names, also south and west of zero") {
    const TemporaryFolder home;
    CHECK(run_nearfab(home, {"place", "add", "rio", "-22.9068,-43.1729"}).exit_code == 0);
    CHECK(run_nearfab(home, {"place", "add", "paris", "48.85,2.35"}).exit_code == 0);
    CHECK(home.read(".config/nearfab/places.toml") ==
          "rio = [-22.9068, -43.1729]\nparis = [48.85, 2.35]\n");
    CHECK(run_nearfab(home, {"place", "list"}).out ==
          "NAME   PLACE\nrio    -22.9068,-43.1729\nparis  48.8500,2.3500\n");
    CHECK(run_nearfab(home, {"place", "add", "rio", "1,2"}).exit_code == 1);
    const Outcome outcome = run_nearfab(home, {"quote", example("wall_hook"), "--at", "pairs"});
    CHECK(has(outcome.err, "did you mean \"paris\"?"));
    // Past the place, it asks for the router's key.
    CHECK(has(run_nearfab(home, {"quote", example("wall_hook"), "--at", "-22.9,-43.1"}).err,
              "the router's public key is not known"));
}

TEST_CASE("config show tells where each setting comes from") {
    const TemporaryFolder home;
    home.write(".config/nearfab/config.toml", "# mine\nrouter = \"tcp://a:1\"\n");
    const Outcome outcome = run_nearfab(
        home, {"config", "show", "--timeout-connect", "3s"}, {"NEARFAB_AGENT=ipc:///x"});
    CHECK(outcome.exit_code == 0);
    CHECK(has(outcome.out, "config.toml:2\n"));
    CHECK(has(outcome.out, "agent            ipc:///x"));
    CHECK(has(outcome.out, "NEARFAB_AGENT\n"));
    CHECK(has(outcome.out, "--timeout-connect\n"));
    home.write(".config/nearfab/config.toml", "\nruoter = \"tcp://a:1\"\n");
    const Outcome wrong = run_nearfab(home, {"config", "show"});
    CHECK(wrong.exit_code == 2);
    CHECK(has(wrong.err, "config.toml:2: \"ruoter\" is no setting; did you mean \"router\"?"));
}

TEST_CASE("help, version and the exit codes need nothing") {
    const TemporaryFolder home;
    CHECK(run_nearfab(home, {"version"}).out == "nearfab 0.1.0\n");
    CHECK(run_nearfab(home, {"--version"}).out == "nearfab 0.1.0\n");
    CHECK(has(run_nearfab(home, {"--help"}).out, "submit"));
    CHECK(run_nearfab(home, {"help"}).out == run_nearfab(home, {"--help"}).out);
    CHECK(has(run_nearfab(home, {"submit", "--help"}).out, "--redo-after"));
    CHECK(has(run_nearfab(home, {"fab", "drain", "--help"}).out, "Usage: nearfab fab drain "));
    CHECK(has(run_nearfab(home, {"help", "exit-codes"}).out, " 130  stopped by Ctrl-C"));
}

}  // namespace nearfab::cli::test
