// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/sandboxed_program.hpp"

#include "host/file_descriptor.hpp"
#include "host/file_fence.hpp"
#include "host/random.hpp"
#include "host/system_call_filter.hpp"
#include "tests/host/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <thread>

namespace nearfab {
namespace {

using namespace std::chrono_literals;

// Every limit must hold with and without bubblewrap.
std::vector<Isolation> every_way() {
    if (sandbox_report().isolated) {
        return {Isolation::required, Isolation::fence, Isolation::limits_only};
    }
    WARN("skipped with isolation: " << sandbox_report().why_not);
    return {Isolation::fence, Isolation::limits_only};
}

SandboxSpec shell(const test::ScratchDirectory& scratch,
                  const std::string& script,
                  Isolation isolation) {
    SandboxSpec spec;
    spec.argv = {"/bin/sh", "-c", script};
    spec.work_directory = scratch.path();
    spec.environment = {{"PATH", "/usr/bin:/bin"}};
    spec.isolation = isolation;
    return spec;
}

SandboxOutcome run(const SandboxSpec& spec) {
    auto outcome = run_sandboxed(spec);
    INFO((outcome ? "" : outcome.error().message));
    REQUIRE(outcome);
    return std::move(*outcome);
}

// True while any process outside has this text as an argument.
bool somebody_runs(const std::string& argument) {
    for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
        std::ifstream file{entry.path() / "cmdline"};
        const std::string line{std::istreambuf_iterator<char>{file}, {}};
        if (line.find(argument) != std::string::npos) return true;
    }
    return false;
}

TEST_CASE("what a program prints comes back", "[host][sandbox]") {
    const test::ScratchDirectory scratch;
    for (const Isolation way : every_way()) {
        const auto outcome = run(shell(scratch, "echo hello; echo sorry >&2", way));
        CHECK(outcome.succeeded());
        CHECK(outcome.standard_output == "hello\n");
        CHECK(outcome.standard_error == "sorry\n");
        CHECK_FALSE(outcome.output_truncated);
        CHECK(outcome.report.isolated == (way == Isolation::required));
        CHECK(outcome.report.why_not.empty() == outcome.report.isolated);
    }
}

TEST_CASE("an exit code and a signal are told apart", "[host][sandbox]") {
    const test::ScratchDirectory scratch;
    for (const Isolation way : every_way()) {
        const auto exited = run(shell(scratch, "exit 7", way));
        CHECK(exited.ending == SandboxEnding::exited);
        CHECK(exited.exit_code == 7);
        CHECK(ending_text(exited) == "ended with exit code 7");
        const auto crashed = run(shell(scratch, "kill -SEGV $$", way));
        CHECK(crashed.ending == SandboxEnding::signalled);
        CHECK(crashed.signal == SIGSEGV);
        CHECK_FALSE(crashed.succeeded());
    }
}

TEST_CASE("a program gets its input, its environment and its directory only", "[host][sandbox]") {
    const test::ScratchDirectory scratch;
    ::setenv("NEARFAB_TEST_SECRET", "1", 1);
    for (const Isolation way : every_way()) {
        auto spec = shell(scratch, "cat; pwd; echo $COLOUR$NEARFAB_TEST_SECRET", way);
        spec.environment["COLOUR"] = "red";
        spec.standard_input = std::vector<std::uint8_t>(3, 'z');
        CHECK(run(spec).standard_output == "zzz" + scratch.path().string() + "\nred\n");
        spec.standard_input.reset();
        CHECK(run(spec).standard_output == scratch.path().string() + "\nred\n");
    }
    ::unsetenv("NEARFAB_TEST_SECRET");
}

TEST_CASE("no descriptor of ours reaches the program", "[host][sandbox]") {
    const test::ScratchDirectory scratch;
    // Deliberately without O_CLOEXEC.
    const FileDescriptor leaky{::open("/dev/null", O_RDONLY)};
    const FileDescriptor high{::fcntl(leaky.number(), F_DUPFD, 500)};
    REQUIRE(high.open());
    for (const Isolation way : every_way()) {
        const auto outcome = run(shell(scratch, "exec ls /proc/self/fd", way));
        // 3 is the directory that ls reads.
        CHECK(outcome.standard_output == "0\n1\n2\n3\n");
    }
}

TEST_CASE("blocked and ignored signals of ours do not reach the program", "[host][sandbox]") {
    const test::ScratchDirectory scratch;
    sigset_t terminate;
    sigemptyset(&terminate);
    sigaddset(&terminate, SIGTERM);
    sigset_t before;
    pthread_sigmask(SIG_BLOCK, &terminate, &before);
    const auto old_handler = std::signal(SIGPIPE, SIG_IGN);
    for (const Isolation way : every_way()) {
        CHECK(run(shell(scratch, "kill -TERM $$; echo survived", way)).signal == SIGTERM);
        CHECK(run(shell(scratch, "kill -PIPE $$; echo survived", way)).signal == SIGPIPE);
    }
    std::signal(SIGPIPE, old_handler);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST_CASE("a program that takes too long is ended with all it started", "[host][sandbox]") {
    const test::ScratchDirectory scratch;
    for (const Isolation way : every_way()) {
        const std::string mark = "3600." + std::to_string(random_u64());
        auto spec = shell(scratch, "(sleep " + mark + " & wait) & echo up; sleep " + mark, way);
        spec.wall_clock = 300ms;
        const auto outcome = run(spec);
        CHECK(outcome.ending == SandboxEnding::timed_out);
        CHECK(outcome.standard_output == "up\n");
        CHECK(outcome.duration >= 300ms);
        CHECK(outcome.duration < 20s);
        CHECK_FALSE(somebody_runs(mark));
    }
}

TEST_CASE("what a program leaves running is ended when it exits", "[host][sandbox]") {
    const test::ScratchDirectory scratch;
    for (const Isolation way : every_way()) {
        const std::string mark = "3600." + std::to_string(random_u64());
        const auto outcome = run(shell(scratch, "sleep " + mark + " & echo done", way));
        CHECK(outcome.succeeded());
        CHECK(outcome.standard_output == "done\n");
        CHECK_FALSE(somebody_runs(mark));
    }
}

TEST_CASE("with isolation a process in a session of its own is ended too", "[host][sandbox]") {
    if (!sandbox_report().isolated) {
        WARN("skipped: " << sandbox_report().why_not);
        return;
    }
    const test::ScratchDirectory scratch;
    const std::string mark = "3600." + std::to_string(random_u64());
    const auto outcome = run(shell(
        scratch, "setsid sleep " + mark + " >/dev/null 2>&1 & echo done", Isolation::required));
    CHECK(outcome.succeeded());
    CHECK_FALSE(somebody_runs(mark));
}

TEST_CASE("a program cannot have more memory than allowed", "[host][sandbox]") {
    const test::ScratchDirectory scratch;
    for (const Isolation way : every_way()) {
        auto spec = shell(scratch, "exec dd if=/dev/zero of=/dev/null bs=400M count=1", way);
        CHECK(run(spec).succeeded());
        spec.memory_bytes = std::uint64_t{100} << 20U;
        const auto outcome = run(spec);
        CHECK_FALSE(outcome.succeeded());
        CHECK(outcome.standard_error.find("memory exhausted") != std::string::npos);
    }
}

TEST_CASE("a program's threads get the stack that was asked for", "[host][sandbox]") {
    const test::ScratchDirectory scratch;
    for (const Isolation way : every_way()) {
        auto spec = shell(scratch, "ulimit -s", way);
        CHECK(run(spec).standard_output == "8192\n");
        spec.stack_bytes = std::uint64_t{512} << 10U;
        CHECK(run(spec).standard_output == "512\n");
    }
}

TEST_CASE("the memory a program used is reported", "[host][sandbox]") {
    const test::ScratchDirectory scratch;
    for (const Isolation way : every_way()) {
        auto spec = shell(scratch, "exec dd if=/dev/zero of=/dev/null bs=200M count=20", way);
        spec.wall_clock = 20s;  // Long enough to touch all of it on a machine that is busy.
        const auto outcome = run(spec);
        CHECK(outcome.peak_memory_bytes > std::uint64_t{190} << 20U);
        CHECK(outcome.peak_memory_bytes < std::uint64_t{300} << 20U);
    }
}

TEST_CASE("a program cannot write a file larger than allowed", "[host][sandbox]") {
    const test::ScratchDirectory scratch;
    for (const Isolation way : every_way()) {
        auto spec = shell(scratch, "exec dd if=/dev/zero of=big bs=64k count=100", way);
        spec.file_bytes = std::uint64_t{1} << 20U;
        const auto outcome = run(spec);
        CHECK(outcome.ending == SandboxEnding::file_too_large);
        CHECK(std::filesystem::file_size(scratch / "big") == spec.file_bytes);
    }
}

TEST_CASE("a program that uses up its processor time is ended", "[host][sandbox]") {
    const test::ScratchDirectory scratch;
    for (const Isolation way : every_way()) {
        auto spec = shell(scratch, "while :; do :; done", way);
        spec.cpu_seconds = 1;
        CHECK(run(spec).ending == SandboxEnding::cpu_exceeded);
    }
}

TEST_CASE("a flood of output is kept up to the limit and does not block", "[host][sandbox]") {
    const test::ScratchDirectory scratch;
    for (const Isolation way : every_way()) {
        auto spec = shell(scratch, "head -c 3000000 /dev/zero | tr '\\0' x; echo end >&2", way);
        spec.output_bytes = 1000;
        const auto outcome = run(spec);
        CHECK(outcome.succeeded());
        CHECK(outcome.output_truncated);
        CHECK(outcome.standard_output == std::string(1000, 'x'));
        CHECK(outcome.standard_error == "end\n");
    }
}

TEST_CASE("an endless flood still ends in time", "[host][sandbox]") {
    const test::ScratchDirectory scratch;
    for (const Isolation way : every_way()) {
        auto spec = shell(scratch, "exec cat /dev/zero", way);
        spec.wall_clock = 200ms;
        CHECK(run(spec).ending == SandboxEnding::timed_out);
    }
}

TEST_CASE("a stop request ends the program soon", "[host][sandbox]") {
    for (const Isolation way : every_way()) {
        const test::ScratchDirectory scratch;
        const FileDescriptor watch{::inotify_init1(IN_CLOEXEC)};
        REQUIRE(::inotify_add_watch(watch.number(), scratch.path().c_str(), IN_CREATE) >= 0);
        Result<SandboxOutcome> outcome = fail(ErrorCode::internal, "not run");
        std::jthread runner{[&](const std::stop_token& stop) {
            outcome = run_sandboxed(shell(scratch, ": > started; exec sleep 3600", way), stop);
        }};
        std::array<char, 4096> event{};
        REQUIRE(::read(watch.number(), event.data(), event.size()) > 0);
        runner.request_stop();
        runner.join();
        REQUIRE(outcome);
        CHECK(outcome->ending == SandboxEnding::stopped);
        CHECK(outcome->duration < 20s);
    }
}

TEST_CASE("a stop request made before the start ends the run at once", "[host][sandbox]") {
    const test::ScratchDirectory scratch;
    std::stop_source source;
    source.request_stop();
    for (const Isolation way : every_way()) {
        const auto outcome = run_sandboxed(shell(scratch, "sleep 3600", way), source.get_token());
        REQUIRE(outcome);
        CHECK(outcome->ending == SandboxEnding::stopped);
    }
}

TEST_CASE("a missing program or path is an error that names it", "[host][sandbox]") {
    const test::ScratchDirectory scratch;
    for (const Isolation way : every_way()) {
        auto spec = shell(scratch, "", way);
        spec.argv = {"/usr/bin/no-such-slicer"};
        const auto missing = run_sandboxed(spec);
        REQUIRE_FALSE(missing);
        CHECK(missing.error().code == ErrorCode::not_found);
        CHECK(missing.error().message.find("no-such-slicer") != std::string::npos);
        spec = shell(scratch, "true", way);
        spec.read_only = {"/no/such/profile"};
        CHECK(run_sandboxed(spec).error().code == ErrorCode::not_found);
        spec = shell(scratch, "true", way);
        spec.argv = {"/etc/hostname"};
        CHECK_FALSE(run_sandboxed(spec));
    }
}

TEST_CASE("many programs run side by side from many threads", "[host][sandbox]") {
    const test::ScratchDirectory scratch;
    for (const Isolation way : every_way()) {
        std::vector<std::string> answers(8);
        {
            std::vector<std::jthread> threads;
            for (std::size_t i = 0; i < answers.size(); ++i) {
                threads.emplace_back([&answers, &scratch, way, i] {
                    const auto outcome =
                        run_sandboxed(shell(scratch, "echo " + std::to_string(i), way));
                    answers[i] = outcome ? outcome->standard_output : outcome.error().message;
                });
            }
        }
        for (std::size_t i = 0; i < answers.size(); ++i) {
            CHECK(answers[i] == std::to_string(i) + "\n");
        }
    }
}

TEST_CASE("inside isolation other files are out of sight and out of reach", "[host][sandbox]") {
    if (!sandbox_report().isolated) {
        WARN("skipped: " << sandbox_report().why_not);
        return;
    }
    const test::ScratchDirectory work;
    const test::ScratchDirectory profiles;
    const test::ScratchDirectory others;
    std::ofstream{profiles / "p.ini"} << "layer=0.2";
    std::ofstream{others / "secret"} << "secret";
    auto spec =
        shell(work,
              "cat " + (profiles / "p.ini").string() + "; : > mine; " + "cat " +
                  (others / "secret").string() + "; " + "(: > " + (profiles / "new").string() +
                  "); " + "(: > /usr/bin/new); (: > /new); (: > /dev/new); (: > /dev/shm/new); " +
                  "ls /home /root /etc/passwd; (: > /tmp/fine) && echo tmp",
              Isolation::required);
    spec.read_only = {profiles.path()};
    const auto outcome = run(spec);
    CHECK(outcome.standard_output == "layer=0.2tmp\n");
    CHECK(std::filesystem::exists(work / "mine"));
    CHECK_FALSE(std::filesystem::exists(profiles / "new"));
    CHECK_FALSE(std::filesystem::exists("/usr/bin/new"));
    CHECK_FALSE(std::filesystem::exists("/tmp/fine"));
    for (const char* refused : {"secret", "/usr/bin/new", "/new", "/dev/new", "/dev/shm/new"}) {
        INFO(refused << " in " << outcome.standard_error);
        CHECK(outcome.standard_error.find(refused) != std::string::npos);
    }
}

TEST_CASE("inside isolation the network cannot be reached, not even this machine",
          "[host][sandbox]") {
    if (!sandbox_report().isolated) {
        WARN("skipped: " << sandbox_report().why_not);
        return;
    }
    if (!std::filesystem::exists("/bin/bash")) {
        WARN("skipped: /bin/bash is needed to open a connection from a script");
        return;
    }
    const FileDescriptor listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(listener.number(), generic, size) == 0);
    REQUIRE(::listen(listener.number(), 4) == 0);
    REQUIRE(::getsockname(listener.number(), generic, &size) == 0);
    const test::ScratchDirectory scratch;
    const std::string port = std::to_string(ntohs(address.sin_port));
    auto spec = shell(scratch, "", Isolation::limits_only);
    spec.argv = {"/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/" + port + " && echo connected"};
    CHECK(run(spec).standard_output == "connected\n");
    spec.isolation = Isolation::required;
    CHECK(run(spec).standard_output.empty());
    // Without bubblewrap there is no other network, but no socket either.
    REQUIRE(system_call_filter());
    spec.isolation = Isolation::fence;
    CHECK(run(spec).standard_output.empty());
}

TEST_CASE("behind the fence other files cannot be opened, and the work can be done",
          "[host][sandbox]") {
    const test::ScratchDirectory work;
    const test::ScratchDirectory profiles;
    const test::ScratchDirectory others;
    std::ofstream{profiles / "p.ini"} << "layer=0.2";
    std::ofstream{others / "secret"} << "secret";
    auto spec = shell(work,
                      "cat " + (profiles / "p.ini").string() + "; mkdir sub; echo ok > sub/mine; " +
                          "cat sub/mine; echo x > $TMPDIR/fine && echo tmp; " + "cat " +
                          (others / "secret").string() + "; " + "(: > " +
                          (profiles / "new").string() + "); cat /etc/passwd; ls /root; " +
                          "(: > /dev/shm/new); mkfifo pipe; ln -s /etc/passwd link; cat link",
                      Isolation::fence);
    spec.read_only = {profiles.path()};
    if (const auto rules = file_fence(spec); !rules) {
        WARN("skipped: " << rules.error().message);
        return;
    }
    const auto outcome = run(spec);
    CHECK(outcome.standard_output == "layer=0.2ok\ntmp\n");
    CHECK(std::filesystem::exists(work / "sub/mine"));
    CHECK_FALSE(std::filesystem::exists(work / "pipe"));
    CHECK_FALSE(std::filesystem::exists(profiles / "new"));
    CHECK_FALSE(std::filesystem::exists("/dev/shm/new"));
    for (const char* refused : {"secret", "/etc/passwd", "/root", "/dev/shm/new", "pipe", "link"}) {
        INFO(refused << " in " << outcome.standard_error);
        CHECK(outcome.standard_error.find(refused) != std::string::npos);
    }
}

TEST_CASE("a program from strangers gets no new namespaces", "[host][sandbox]") {
    if (!std::filesystem::exists("/usr/bin/unshare")) {
        WARN("skipped: unshare (util-linux) is needed");
        return;
    }
    REQUIRE(system_call_filter());
    CHECK(system_call_filter()->size() % 8 == 0);
    const test::ScratchDirectory scratch;
    for (const Isolation isolation : every_way()) {
        if (isolation == Isolation::limits_only) continue;
        const auto outcome = run(shell(scratch, "unshare --user true || echo refused", isolation));
        INFO(outcome.standard_error);
        CHECK(outcome.standard_output == "refused\n");
        CHECK(outcome.standard_error.find("not permitted") != std::string::npos);
    }
}

}  // namespace
}  // namespace nearfab
