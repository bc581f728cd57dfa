// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-bench-herd: thousands of agents of one router, in one process and one thread.
//
// Each has a CURVE connection and a session of its own and behaves like an agent that has nothing
// to do: says hello, sends its inventory, advertises now and then, keeps its session alive. They
// all dial at once; libzmq's own reconnecting is what brings them back when the router restarts.
//
// It says on standard output, with the seconds since its start, when a tenth, half, 99 % and all of
// them are in, and the same again each time after they were lost. Ends with its standard input.

#include "host/clock.hpp"
#include "host/open_files.hpp"
#include "host/random.hpp"
#include "proto/model/message.hpp"
#include "wire/client_session.hpp"
#include "wire/keys.hpp"
#include "wire/socket_settings.hpp"

#include <zmq.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <poll.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace nearfab;
using Clock = std::chrono::steady_clock;

constexpr auto advert_interval = std::chrono::seconds{30};
constexpr auto sweep_pause = std::chrono::milliseconds{10};

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

    // One look; true while its session is open.
    bool turn(TimePoint now) {
        zmq::message_t frame;
        while (socket_.recv(frame, zmq::recv_flags::dontwait)) {
            session_.receive(now, {static_cast<const std::uint8_t*>(frame.data()), frame.size()});
        }
        session_.tick(now);
        for (const wire::ClientEvent& event : session_.take_events()) {
            if (std::holds_alternative<wire::client_event::Opened>(event)) {
                session_.send(now, message::Inventory{});
                advert_at_ = now;
            } else if (const auto* came = std::get_if<wire::client_event::Delivered>(&event)) {
                session_.handled(came->session, came->sequence);
            }
        }
        if (session_.is_open() && now >= advert_at_) {
            session_.send(now, message::Advertise{advertisement_of(number_)});
            advert_at_ = now + advert_interval;
        }
        for (const wire::Stream::Frame& out : session_.take_outgoing(now)) {
            const zmq::const_buffer bytes{out.bytes.data(), out.bytes.size()};
            if (!socket_.send(bytes, zmq::send_flags::dontwait)) session_.blocked(now, out);
        }
        return session_.is_open();
    }

private:
    static wire::ClientSessionOptions options() {
        wire::ClientSessionOptions options;
        options.software = "nearfab-bench-herd";
        options.boot_id = random_hex(16);
        options.role = Role::agent;
        return options;
    }

    zmq::socket_t socket_;
    std::size_t number_;
    wire::ClientSession session_;
    TimePoint advert_at_;
};

bool input_ended() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, 0) <= 0) return false;
    char byte = 0;
    return ::read(STDIN_FILENO, &byte, 1) <= 0;
}

// The times at which parts of the herd have come in.
class Arrivals {
public:
    explicit Arrivals(std::size_t herd) : herd_{herd} {}
    void saw(std::size_t there, double seconds) {
        static constexpr double parts[] = {0.1, 0.5, 0.99, 1.0};
        if (there < herd_ / 10 && next_ > 0) {
            std::printf("%.2f lost\n", seconds);
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

}  // namespace

int main(int argc, char** argv) {
    if (argc == 4 && std::string{argv[1]} == "keys") {
        return make_keys(argv[2], static_cast<std::size_t>(std::atoll(argv[3])));
    }
    if (argc != 6) {
        std::fputs(
            "usage: nearfab-bench-herd keys FILE COUNT\n"
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
    std::vector<std::unique_ptr<Agent>> agents;
    for (std::size_t n = 0; n < count; ++n) {
        agents.push_back(std::make_unique<Agent>(
            context, argv[1], argv[2], keys[n], first + n, clock.read().boot));
    }
    Arrivals arrivals{count};
    while (!input_ended()) {
        const TimePoint now = clock.read().boot;
        std::size_t there = 0;
        for (const auto& agent : agents)
            there += agent->turn(now) ? 1U : 0U;
        arrivals.saw(there, std::chrono::duration<double>(Clock::now() - start).count());
        std::this_thread::sleep_for(sweep_pause);
    }
    return 0;
}
