// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/authenticator.hpp"

#include "base/check.hpp"
#include "host/system_failure.hpp"
#include "wire/socket_settings.hpp"

#include <zmq.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <sys/eventfd.h>
#include <utility>
#include <vector>

namespace nearfab::wire {
namespace {

constexpr const char* zap_endpoint = "inproc://zeromq.zap.01";
constexpr std::size_t key_bytes = 32;
constexpr std::size_t key_characters = 40;
constexpr auto report_interval = std::chrono::seconds{1};
constexpr std::size_t frames_max = 16;

std::string as_text(const std::vector<std::uint8_t>& bytes) {
    return {bytes.begin(), bytes.end()};
}

std::string z85_of(const std::vector<std::uint8_t>& key) {
    std::array<char, key_characters + 1> text{};
    const char* encoded = zmq_z85_encode(text.data(), key.data(), key.size());
    NEARFAB_CHECK(encoded != nullptr, "32 bytes have a Z85 form");
    return {text.data(), key_characters};
}

// All frames of one message. libzmq is the only one that can send here.
std::vector<std::vector<std::uint8_t>> receive_frames(zmq::socket_t& socket) {
    std::vector<std::vector<std::uint8_t>> frames;
    zmq::message_t frame;
    do {
        const zmq::recv_result_t size = socket.recv(frame, zmq::recv_flags::none);
        NEARFAB_CHECK(size.has_value(), "a blocking receive brings something");
        const auto* begin = frame.data<std::uint8_t>();
        if (frames.size() < frames_max) frames.emplace_back(begin, begin + frame.size());
    } while (frame.more());
    return frames;
}

void send_text(zmq::socket_t& socket, std::string_view text, zmq::send_flags flags) {
    const zmq::send_result_t sent = socket.send(zmq::buffer(text), flags);
    NEARFAB_CHECK(sent.has_value(), "an answer on REP never has to wait");
}

}  // namespace

// The frames of a ZAP request, in their order on the wire.
struct Authenticator::Request {
    std::string version;
    std::string request_id;
    std::string domain;
    std::string address;
    std::string mechanism;
    std::vector<std::uint8_t> key;
    bool well_formed = false;

    static Request from(const std::vector<std::vector<std::uint8_t>>& frames) {
        enum : std::size_t { version_at, id_at, domain_at, address_at, routing_at, mechanism_at };
        constexpr std::size_t key_at = mechanism_at + 1;
        Request request;
        if (frames.size() > id_at) request.request_id = as_text(frames[id_at]);
        if (frames.size() <= mechanism_at) return request;
        request.version = as_text(frames[version_at]);
        request.domain = as_text(frames[domain_at]);
        request.address = as_text(frames[address_at]);
        request.mechanism = as_text(frames[mechanism_at]);
        if (frames.size() == key_at + 1) request.key = frames[key_at];
        request.well_formed = request.version == "1.0" && request.mechanism == "CURVE" &&
                              request.key.size() == key_bytes;
        return request;
    }
};

Result<std::unique_ptr<Authenticator>> Authenticator::start(zmq::context_t& context,
                                                            AllowList list,
                                                            OnRefused on_refused) {
    FileDescriptor stop{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!stop.open()) return fail_system("cannot start the key check", errno);
    try {
        zmq::socket_t socket{context, zmq::socket_type::rep};
        socket.set(zmq::sockopt::linger, 0);
        socket.bind(zap_endpoint);
        return std::unique_ptr<Authenticator>{new Authenticator{
            std::move(socket), std::move(stop), std::move(list), std::move(on_refused)}};
    } catch (const zmq::error_t& error) {
        const bool taken = error.num() == EADDRINUSE;
        return fail(taken ? ErrorCode::conflict : ErrorCode::internal,
                    std::string{"cannot start the key check: "} + error.what(),
                    taken ? "start only one key check per ZeroMQ context" : "");
    }
}

Authenticator::Authenticator(zmq::socket_t socket,
                             FileDescriptor stop,
                             AllowList list,
                             OnRefused on_refused)
    : socket_{std::move(socket)},
      stop_{std::move(stop)},
      list_{std::make_shared<const AllowList>(std::move(list))},
      on_refused_{std::move(on_refused)},
      thread_{[this] { serve(); }} {}

Authenticator::~Authenticator() {
    const int written = ::eventfd_write(stop_.number(), 1);
    NEARFAB_CHECK(written == 0, "an event that is written once cannot overflow");
    thread_.join();
}

void Authenticator::replace(AllowList list) {
    auto fresh = std::make_shared<const AllowList>(std::move(list));
    const std::lock_guard lock{mutex_};
    list_.swap(fresh);
}

std::shared_ptr<const AllowList> Authenticator::list() const {
    const std::lock_guard lock{mutex_};
    return list_;
}

void Authenticator::serve() {
    for (;;) {
        std::array<zmq::pollitem_t, 2> items{
            {{socket_.handle(), 0, ZMQ_POLLIN, 0}, {nullptr, stop_.number(), ZMQ_POLLIN, 0}}};
        try {
            zmq::poll(items, std::chrono::milliseconds{-1});
            if (items[1].revents != 0) return;
            if (items[0].revents != 0) answer();
        } catch (const zmq::error_t& error) {
            // EINTR: a signal came, the question is still there. ETERM: the context ends.
            if (error.num() == ETERM) return;
            NEARFAB_CHECK(error.num() == EINTR, "only these two can go wrong on inproc");
        }
    }
}

void Authenticator::answer() {
    const Request request = Request::from(receive_frames(socket_));
    const std::optional<std::string> user = judge(request);
    const auto more = zmq::send_flags::sndmore;
    send_text(socket_, "1.0", more);
    send_text(socket_, request.request_id, more);
    send_text(socket_, user ? "200" : "400", more);
    send_text(socket_, user ? "OK" : "this key is not allowed here", more);
    send_text(socket_, user.value_or(""), more);
    send_text(socket_, "", zmq::send_flags::none);  // No metadata beside the User-Id.
}

std::optional<std::string> Authenticator::judge(const Request& request) {
    const std::string key = request.well_formed ? z85_of(request.key) : std::string{};
    if (request.well_formed && request.domain == zap_domain && find(key)) return key;
    ++refused_;
    report(key, request.address);
    return std::nullopt;
}

void Authenticator::report(const std::string& key, const std::string& address) {
    const auto now = std::chrono::steady_clock::now();
    if (reported_ && now < *reported_ + report_interval) return;
    reported_ = now;
    if (on_refused_) on_refused_(Refusal{key, readable_address(address), refused_});
}

}  // namespace nearfab::wire
