// SPDX-License-Identifier: GPL-3.0-or-later
// Processes that stand still, and a network that is away, while a part is being made.

#include "tests/e2e/network.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace nearfab::e2e {
namespace {

std::size_t count(const std::string& text, const std::string& word) {
    std::size_t found = 0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
        ++found;
    return found;
}

void check_made_once(const Network& network, const std::string& id) {
    REQUIRE(network.until_work_is(id, "produced"));
    network.finish_at("lyon", id);
    const std::string story = network.history(id);
    INFO(story);
    CHECK(count(story, "is making it") == 1);
    CHECK(count(story, "made by") == 1);
}

TEST_CASE("who stands still for a while is waited for, and the part is made once", "[faults]") {
    if (!can_slice()) return;
    const std::string who = GENERATE("router", "agent");
    Network network{{FabPlan{.name = "lyon", .speed = 300}}};
    const std::string id = network.submit("wall_hook", {"--material", "pla"});
    REQUIRE(network.until_work_is(id, "producing"));
    RunningProgram& paused = who == "router" ? network.router : network.fabs.at("lyon");
    paused.signal(SIGSTOP);
    // The pause itself is what is tested.
    std::this_thread::sleep_for(std::chrono::seconds{4});
    paused.signal(SIGCONT);
    check_made_once(network, id);
}

// The loopback of this process and its children, which only they see.
bool set_loopback(bool up) {
    const int link = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (link < 0) return false;
    ifreq request{};
    request.ifr_name[0] = 'l';
    request.ifr_name[1] = 'o';
    request.ifr_flags = static_cast<short>(up ? IFF_UP | IFF_RUNNING : 0);
    const bool done = ::ioctl(link, SIOCSIFFLAGS, &request) == 0;
    ::close(link);
    return done;
}

TEST_CASE("a network that goes away while a part is made changes nothing", "[faults]") {
    if (!can_slice()) return;
    if (::geteuid() != 0 || ::unshare(CLONE_NEWNET) != 0 || !set_loopback(true)) {
        WARN("skipped: a network of its own needs root and network namespaces");
        return;
    }
    Network network{{FabPlan{.name = "lyon", .speed = 300}}};
    const std::string id = network.submit("wall_hook", {"--material", "pla"});
    REQUIRE(network.until_work_is(id, "producing"));
    REQUIRE(set_loopback(false));
    // The time without a network is what is tested.
    std::this_thread::sleep_for(std::chrono::seconds{5});
    REQUIRE(set_loopback(true));
    check_made_once(network, id);
}

}  // namespace
}  // namespace nearfab::e2e
