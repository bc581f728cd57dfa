// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-bench-herd: thousands of agents of one router, in one process and one thread.
//
// Each has a CURVE connection and a session of its own and behaves like an agent that has nothing
// to do: says hello, sends its inventory, advertises now and then, keeps its session alive. They
// all dial at once; libzmq's own reconnecting is what brings them back when the router restarts.
//
// It says on standard output, with the seconds since its start, when a tenth, half, 99 % and all of
// them are in, and the same again for each router of another name. Ends with its standard input.

#include "host/clock.hpp"
#include "host/file_descriptor.hpp"
#include "host/open_files.hpp"
#include "host/random.hpp"
#include "proto/model/message.hpp"
#include "wire/client_session.hpp"
#include "wire/connection.hpp"
#include "wire/keys.hpp"
#include "wire/socket_settings.hpp"

#include <zmq.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <memory>
#include <poll.h>
#include <set>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using namespace nearfab;
using Clock = std::chrono::steady_clock;

constexpr auto advert_interval = std::chrono::seconds{30};

[[noreturn]] void stop(const std::string& what) {
    std::fprintf(stderr, "nearfab-bench-herd: %s.\n", what.c_str());
    std::exit(1);
}

Advertisement advertisement_of(std::size_t number) {
    Advertisement said;
    said.title = fmt::format("Fab {}", number);
    said.place = {45.0 + static_cast<double>(number % 100) / 20.0,
                  2.0 + static_cast<double>(number / 100) / 20.0};
    said.valid_s = 95;
    Capability machine;
    machine.machine = MachineId{"p1"};
    machine.process = ProcessId{"fdm"};
    machine.envelope_x_mm = machine.envelope_y_mm = machine.envelope_z_mm = 200;
    machine.materials = {{MaterialId{"petg"}, 900}};
    machine.min_feature_mm = 0.4;
    machine.tolerance_mm = 0.2;
    machine.build_rate_cm3_per_h = 15;
    machine.state = MachineState::idle;
    said.machines = {machine};
    return said;
}

class Agent {
public:
    Agent(zmq::context_t& context,
          const std::string& endpoint,
          const std::string& server_key,
          const wire::KeyPair& keys,
          std::size_t number,
          TimePoint now)
        : socket_{context, zmq::socket_type::dealer}, number_{number}, session_{options(), now} {
        wire::apply_common_settings(socket_);
        socket_.set(zmq::sockopt::immediate, true);
        socket_.set(zmq::sockopt::reconnect_ivl, 1000);
        socket_.set(zmq::sockopt::reconnect_ivl_max, 60'000);
        socket_.set(zmq::sockopt::curve_serverkey, server_key);
        wire::apply_keys(socket_, keys);
        socket_.connect(endpoint);
    }

    // Becomes readable whenever a turn may find something.
    [[nodiscard]] int descriptor() { return socket_.get(zmq::sockopt::fd); }

    void turn(TimePoint now) {
        // Sending may take the notice of what has come meanwhile.
        do {
            read(now);
            write(now);
        } while ((socket_.get(zmq::sockopt::events) & ZMQ_POLLIN) != 0);
    }

    // Whose session is open; empty: none is.
    [[nodiscard]] std::string_view router() const {
        return session_.is_open() ? std::string_view{router_} : std::string_view{};
    }
    [[nodiscard]] TimePoint next_deadline(TimePoint now) const {
        // The descriptor tells when there is room; asking 20 times a second is for one agent.
        if (session_.wants_writable()) return now + std::chrono::seconds{1};
        const TimePoint of_session = session_.next_deadline();
        return session_.is_open() ? std::min(of_session, advert_at_) : of_session;
    }

private:
    static wire::ClientSessionOptions options() {
        wire::ClientSessionOptions options;
        options.software = "nearfab-bench-herd";
        options.boot_id = random_hex(16);
        options.role = Role::agent;
        return options;
    }

    void read(TimePoint now) {
        zmq::message_t frame;
        while (socket_.recv(frame, zmq::recv_flags::dontwait)) {
            session_.receive(now, {static_cast<const std::uint8_t*>(frame.data()), frame.size()});
        }
        session_.tick(now);
        for (const wire::ClientEvent& event : session_.take_events()) {
            if (const auto* opened = std::get_if<wire::client_event::Opened>(&event)) {
                router_ = opened->welcome.router;
                session_.send(now, message::Inventory{});
                advert_at_ = now;
            } else if (const auto* came = std::get_if<wire::client_event::Delivered>(&event)) {
                session_.handled(came->session, came->sequence);
            }
        }
    }

    void write(TimePoint now) {
        if (session_.is_open() && now >= advert_at_) {
            session_.send(now, message::Advertise{advertisement_of(number_)});
            advert_at_ = now + advert_interval;
        }
        const bool takes_more = (socket_.get(zmq::sockopt::events) & ZMQ_POLLOUT) != 0;
        if (session_.wants_writable() && takes_more) session_.writable(now);
        for (const wire::Stream::Frame& out : session_.take_outgoing(now)) {
            const zmq::const_buffer bytes{out.bytes.data(), out.bytes.size()};
            if (!socket_.send(bytes, zmq::send_flags::dontwait)) session_.blocked(now, out);
        }
    }

    zmq::socket_t socket_;
    std::size_t number_;
    wire::ClientSession session_;
    TimePoint advert_at_;
    std::string router_;
};

// Gives a turn to those agents that have something to do, and to no other: thousands that are asked
// again and again would measure themselves.
class Herd {
public:
    Herd() : poll_{::epoll_create1(EPOLL_CLOEXEC)} {
        if (!poll_.open()) stop("no epoll here");
        watch(STDIN_FILENO, input_number);
    }

    void add(std::unique_ptr<Agent> agent) {
        const std::size_t number = members_.size();
        watch(agent->descriptor(), number);
        members_.push_back({std::move(agent), {}});
        turn(number, clock_.read().boot);
    }

    // How many have a session with the router that came last, and its name.
    [[nodiscard]] std::size_t open() const { return open_; }
    [[nodiscard]] const std::string& router() const { return router_; }

    // Waits for something to do, a second at most, and does it; false when the input has ended.
    bool turns() {
        std::array<epoll_event, 512> events{};
        const int count = ::epoll_wait(
            poll_.number(), events.data(), static_cast<int>(events.size()), patience());
        if (count < 0 && errno != EINTR) stop("epoll failed");
        const TimePoint now = clock_.read().boot;
        for (int i = 0; i < count; ++i) {
            const std::size_t number = events[static_cast<std::size_t>(i)].data.u64;
            if (number == input_number) return false;
            turn(number, now);
        }
        while (!due_.empty() && due_.begin()->first <= now)
            turn(due_.begin()->second, now);
        return true;
    }

private:
    static constexpr std::size_t input_number = SIZE_MAX;
    struct Member {
        std::unique_ptr<Agent> agent;
        TimePoint due;
    };

    void watch(int descriptor, std::size_t number) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = number;
        if (::epoll_ctl(poll_.number(), EPOLL_CTL_ADD, descriptor, &event) != 0)
            stop("no epoll here");
    }

    void turn(std::size_t number, TimePoint now) {
        Member& member = members_[number];
        if (there(member)) --open_;
        member.agent->turn(now);
        if (const std::string_view router = member.agent->router();
            !router.empty() && !seen_.contains(router)) {
            router_ = *seen_.emplace(router).first;
            open_ = 0;  // Nobody else was heard by it yet.
        }
        if (there(member)) ++open_;
        due_.erase({member.due, number});
        // What is overdue already was told to wait for something else.
        member.due = std::max(member.agent->next_deadline(now), now + std::chrono::milliseconds{1});
        due_.insert({member.due, number});
    }

    [[nodiscard]] bool there(const Member& member) const {
        return !router_.empty() && member.agent->router() == router_;
    }

    [[nodiscard]] int patience() const {
        using std::chrono::milliseconds;
        const auto left = std::chrono::ceil<milliseconds>(due_.begin()->first - clock_.read().boot);
        return static_cast<int>(std::clamp(left, milliseconds{0}, milliseconds{1000}).count());
    }

    FileDescriptor poll_;
    SystemClock clock_;
    std::vector<Member> members_;
    std::set<std::pair<TimePoint, std::size_t>> due_;
    std::set<std::string, std::less<>> seen_;
    std::string router_;
    std::size_t open_ = 0;
};

// The times at which parts of the herd have come in.
class Arrivals {
public:
    explicit Arrivals(std::size_t herd) : herd_{herd} {}
    void saw(std::size_t there, const std::string& router, double seconds) {
        static constexpr double parts[] = {0.1, 0.5, 0.99, 1.0};
        if (router != router_) {
            std::printf("%.2f router %s\n", seconds, router.c_str());
            router_ = router;
            next_ = 0;
        }
        while (next_ < 4 &&
               static_cast<double>(there) >= parts[next_] * static_cast<double>(herd_)) {
            std::printf("%.2f in %zu\n", seconds, there);
            ++next_;
        }
        std::fflush(stdout);
    }

private:
    std::size_t herd_;
    std::string router_;
    std::size_t next_ = 0;
};

// One line each: public and secret key.
std::vector<wire::KeyPair> keys_from(const std::string& path,
                                     std::size_t first,
                                     std::size_t count) {
    std::ifstream file{path};
    std::vector<wire::KeyPair> keys;
    std::string public_key;
    std::string secret_key;
    for (std::size_t n = 0; keys.size() < count && file >> public_key >> secret_key; ++n) {
        if (n >= first) keys.push_back({public_key, secret_key});
    }
    if (keys.size() < count) stop(path + " holds fewer keys than agents");
    return keys;
}

int make_keys(const std::string& path, std::size_t count) {
    std::ofstream keys{path};
    for (std::size_t n = 0; n < count; ++n) {
        char public_key[41] = {};
        char secret_key[41] = {};
        if (zmq_curve_keypair(public_key, secret_key) != 0) stop("libzmq has no CURVE");
        keys << public_key << " " << secret_key << "\n";
        std::printf("agent fab-%zu %s\n", n, public_key);
    }
    return 0;
}

// One client that stays connected and asks for its jobs, again and again; a line on standard output
// for each answer, with its milliseconds. What the router's death came between is told as "back".
// Ends with its standard input.
int ask(const char* endpoint, const char* router_key, const char* key_file) {
    const auto keys = wire::load_key_pair(key_file);
    if (!keys) stop(keys.error().message);
    bool was_cut_off = false;
    wire::ConnectionOptions options;
    options.endpoint = endpoint;
    options.server_key = router_key;
    options.keys = *keys;
    options.software = "nearfab-bench-herd";
    options.connect_timeout = std::chrono::minutes{5};
    options.on_reachable = [&](bool) { was_cut_off = true; };
    auto connection = wire::Connection::open(options);
    if (!connection) stop(connection.error().message);
    std::puts("open");
    std::fflush(stdout);
    message::AskJobs question;
    pollfd input{STDIN_FILENO, POLLIN, 0};
    while (::poll(&input, 1, 20) == 0) {
        was_cut_off = false;
        const auto begin = Clock::now();
        const auto answer = connection->ask(question, std::chrono::minutes{5});
        const double ms = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
        if (!answer) stop("a question failed: " + answer.error().message);
        std::printf("%s%.1f\n", was_cut_off ? "back " : "", ms);
        std::fflush(stdout);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 4 && std::string{argv[1]} == "keys") {
        return make_keys(argv[2], static_cast<std::size_t>(std::atoll(argv[3])));
    }
    if (argc == 5 && std::string{argv[1]} == "ask") return ask(argv[2], argv[3], argv[4]);
    if (argc != 6) {
        std::fputs(
            "usage: nearfab-bench-herd keys FILE COUNT\n"
            "       nearfab-bench-herd ask ENDPOINT ROUTER_KEY KEY_FILE\n"
            "       nearfab-bench-herd ENDPOINT ROUTER_KEY FILE FIRST COUNT\n",
            stderr);
        return 2;
    }
    raise_open_file_limit();
    const auto first = static_cast<std::size_t>(std::atoll(argv[4]));
    const auto count = static_cast<std::size_t>(std::atoll(argv[5]));
    const auto keys = keys_from(argv[3], first, count);
    zmq::context_t context;
    context.set(zmq::ctxopt::max_sockets, static_cast<int>(count + 16));
    const SystemClock clock;
    const auto start = Clock::now();
    Herd herd;
    for (std::size_t n = 0; n < count; ++n) {
        herd.add(std::make_unique<Agent>(
            context, argv[1], argv[2], keys[n], first + n, clock.read().boot));
    }
    Arrivals arrivals{count};
    while (herd.turns())
        arrivals.saw(herd.open(),
                     herd.router(),
                     std::chrono::duration<double>(Clock::now() - start).count());
    return 0;
}
