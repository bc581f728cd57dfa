// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/server.hpp"

#include "router/gateway/admission.hpp"
#include "router/gateway/answer_head.hpp"
#include "router/gateway/problem.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <chrono>
#include <deque>
#include <exception>
#include <map>
#include <string>
#include <type_traits>
#include <unistd.h>
#include <utility>

namespace nearfab::gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
using Parser = http::request_parser<http::string_body>;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t head_bytes_max = 16 * 1024;
constexpr std::size_t read_bytes = std::size_t{64} * 1024;
constexpr auto heartbeat = std::chrono::seconds{15};
constexpr auto farewell_limit = std::chrono::seconds{2};
// A quote waits for the worker, which has its own end; this one is for what nobody foresaw.
constexpr auto reply_limit = std::chrono::minutes{5};
// A body may take so much longer than a head: 16 kB/s.
constexpr std::uint64_t body_bytes_per_s = 16 * 1024;

auto into(error_code& problem) {
    return asio::redirect_error(asio::use_awaitable, problem);
}

std::string_view view(beast::string_view text) {
    return {text.data(), text.size()};
}

void log_escaped(const std::exception_ptr& problem) {
    if (!problem) return;
    try {
        std::rethrow_exception(problem);
    } catch (const std::exception& e) {
        spdlog::error("http: a connection ended by a fault of ours: {}", e.what());
    }
}

// Waits to be woken by something on the same thread.
class Bell {
public:
    explicit Bell(const asio::any_io_executor& executor) : timer_{executor} {}
    void ring() { timer_.cancel(); }
    // True when it rang, false when the time was over. What rings while nobody waits is not heard.
    asio::awaitable<bool> wait(Clock::duration limit) {
        timer_.expires_after(limit);
        error_code ended;
        co_await timer_.async_wait(into(ended));
        co_return ended == asio::error::operation_aborted;
    }

private:
    asio::steady_timer timer_;
};

// Answers are made outside of the coroutines: GCC 12 destroys some temporaries of an expression
// with co_await twice, those of braces in arguments among them.

Response too_large(std::size_t bytes_max) {
    return gateway::problem(Error{ErrorCode::too_large,
                                  "the body has more than " + std::to_string(bytes_max) + " bytes",
                                  "send less at once"});
}

Response no_room() {
    Response response = gateway::problem(Error{
        ErrorCode::unavailable, "too many requests are being received", "try again in a second"});
    response.headers.emplace_back("Retry-After", "1");
    return response;
}

Response too_late() {
    return gateway::problem(
        Error{ErrorCode::timed_out, "no answer came in time", "try again later"});
}

bool is_of_http(const error_code& problem) {
    return problem.category() == http::make_error_code(http::error::bad_method).category() &&
           problem != http::error::end_of_stream && problem != http::error::partial_message;
}

// Nothing for who only went away, or was too slow.
std::optional<Response> answer_to_unreadable(const error_code& problem) {
    if (problem == http::error::header_limit || problem == http::error::buffer_overflow) {
        return gateway::problem(431,
                                Error{ErrorCode::too_large,
                                      "the head of the request has more than 16 KiB",
                                      "send fewer or shorter headers"});
    }
    // Its length was said in the head.
    if (problem == http::error::body_limit) return too_large(json_bytes_max);
    if (!is_of_http(problem)) return std::nullopt;
    return gateway::problem(
        400, Error{ErrorCode::malformed, "the bytes are no HTTP request", "speak HTTP/1.1"});
}

std::optional<Response> answer_to_broken_body(const error_code& problem) {
    if (problem == http::error::body_limit) {
        return gateway::problem(
            Error{ErrorCode::too_large, "the body is larger than allowed", "send less at once"});
    }
    if (!is_of_http(problem)) return std::nullopt;
    return gateway::problem(
        400, Error{ErrorCode::malformed, "the body of the request is broken", "send it whole"});
}

// What all connections share.
struct Shared {
    explicit Shared(const Settings& s) : settings{s} {}
    Settings settings;
    FrontDesk* desk = nullptr;
    std::map<std::string, std::size_t> connections_of;  // By address.
    std::size_t body_bytes = 0;                         // Being received, or held.
};

// Some of the room for bodies, until it is dropped.
class BodyRoom {
public:
    BodyRoom(Shared& shared, std::size_t bytes) : shared_{shared}, bytes_{bytes} {
        shared_.body_bytes += bytes_;
    }
    ~BodyRoom() { shared_.body_bytes -= bytes_; }
    BodyRoom(const BodyRoom&) = delete;
    BodyRoom& operator=(const BodyRoom&) = delete;

private:
    Shared& shared_;
    std::size_t bytes_;
};

Head head_of(const Parser::value_type& request) {
    Head head;
    head.method = view(request.method_string());
    head.target = view(request.target());
    const auto take = [&](http::field field, std::string_view& to) {
        if (request.count(field) > 1) head.repeated = view(http::to_string(field));
        to = view(request[field]);
    };
    const auto take_named = [&](const char* name, std::string_view& to) {
        if (request.count(name) > 1) head.repeated = name;
        to = view(request[name]);
    };
    std::string_view origin;
    take(http::field::host, head.host);
    take(http::field::origin, origin);
    if (request.count(http::field::origin) > 0) head.origin = origin;
    take(http::field::authorization, head.authorization);
    take(http::field::content_type, head.content_type);
    take(http::field::if_none_match, head.if_none_match);
    take(http::field::accept_encoding, head.accept_encoding);
    take_named("Idempotency-Key", head.idempotency_key);
    take_named("Upload-Offset", head.upload_offset);
    take_named("Last-Event-ID", head.last_event_id);
    return head;
}

// One client's connection: requests one after another, or one stream of events at the end.
template <typename Stream>
class Connection : public std::enable_shared_from_this<Connection<Stream>> {
public:
    Connection(Stream stream, std::shared_ptr<Shared> shared, std::string address)
        : stream_{std::move(stream)},
          shared_{std::move(shared)},
          address_{std::move(address)},
          bell_{stream_.get_executor()},
          buffer_{head_bytes_max + read_bytes} {}

    // Keeps itself alive through `self`.
    static asio::awaitable<void> serve(std::shared_ptr<Connection> self) {
        shared_of(*self).desk->counters().connected();
        if (co_await self->greet()) {
            while (co_await self->serve_one()) {
            }
            co_await self->say_goodbye();
        }
        shared_of(*self).desk->counters().disconnected();
        auto& open = shared_of(*self).connections_of;
        const auto mine = open.find(self->address_);
        if (mine != open.end() && --mine->second == 0) open.erase(mine);
    }

private:
    static constexpr bool encrypted = std::is_same_v<Stream, TlsStream>;

    static Shared& shared_of(Connection& connection) { return *connection.shared_; }
    [[nodiscard]] const Settings& settings() const { return shared_->settings; }
    [[nodiscard]] FrontDesk& desk() { return *shared_->desk; }
    beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }
    void within(std::uint64_t seconds) {
        lowest().expires_after(std::chrono::seconds{static_cast<std::int64_t>(seconds)});
    }

    asio::awaitable<bool> greet() {
        if constexpr (encrypted) {
            within(settings().read_seconds);
            error_code problem;
            co_await stream_.async_handshake(ssl::stream_base::server, into(problem));
            co_return !problem;
        }
        co_return true;
    }

    asio::awaitable<void> say_goodbye() {
        error_code ignored;  // The other side may be gone already.
        lowest().expires_after(farewell_limit);
        if constexpr (encrypted) {
            co_await stream_.async_shutdown(into(ignored));
        }
        lowest().socket().shutdown(tcp::socket::shutdown_send, ignored);
        lowest().close();
        co_return;
    }

    // False: nothing more comes over this connection.
    asio::awaitable<bool> serve_one() {
        Parser parser;
        parser.header_limit(head_bytes_max);
        parser.body_limit(json_bytes_max);
        within(first_ ? settings().read_seconds : settings().idle_seconds);
        first_ = false;
        error_code problem;
        co_await http::async_read_header(stream_, buffer_, parser, into(problem));
        if (problem) {
            co_await refuse_unreadable(problem);
            co_return false;
        }
        const auto& request = parser.get();
        keeps_alive_ = request.keep_alive() && request.version() == 11;
        is_head_ = request.method() == http::verb::head;
        began_ = Clock::now();
        route_ = {};
        if (auto refused = desk().refuse_address(address_)) {
            co_return co_await answer_unread(parser, *refused);
        }
        Head head = head_of(request);
        head.has_body = !parser.is_done();
        auto outcome = admit(head, settings(), desk());
        if (auto* refused = std::get_if<Response>(&outcome)) {
            co_return co_await answer_unread(parser, *refused);
        }
        auto& admitted = std::get<Admitted>(outcome);
        route_ = admitted.route->path;
        const std::uint64_t length = parser.content_length().value_or(admitted.body_bytes_max);
        if (length > admitted.body_bytes_max) {
            const Response refused = too_large(admitted.body_bytes_max);
            co_return co_await answer_unread(parser, refused);
        }
        if (shared_->body_bytes + length > settings().bodies_bytes_max) {
            const Response refused = no_room();
            co_return co_await answer_unread(parser, refused);
        }
        const BodyRoom room{*shared_, static_cast<std::size_t>(length)};
        parser.body_limit(admitted.body_bytes_max);
        if (!parser.is_done() && !co_await read_body(parser, length)) co_return false;
        admitted.request.body = std::move(parser.get().body());
        co_return co_await reply_to(admitted);
    }

    // What was sent is no request; whoever only went away is told nothing.
    asio::awaitable<void> refuse_unreadable(const error_code& problem) {
        keeps_alive_ = false;
        is_head_ = false;
        began_ = Clock::now();
        route_ = {};
        const auto response = answer_to_unreadable(problem);
        if (response) co_await answer(*response);
    }

    asio::awaitable<bool> read_body(Parser& parser, std::uint64_t length) {
        within(settings().read_seconds + length / body_bytes_per_s);
        error_code problem;
        if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
            static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            co_await asio::async_write(
                stream_, asio::buffer(go_on.data(), go_on.size()), into(problem));
            if (problem) co_return false;
        }
        co_await http::async_read(stream_, buffer_, parser, into(problem));
        if (!problem) co_return true;
        keeps_alive_ = false;
        const auto response = answer_to_broken_body(problem);
        if (response) co_await answer(*response);
        co_return false;
    }

    // Before its body was read. What is on its way would be taken for the next request, so the
    // connection ends unless there is none.
    asio::awaitable<bool> answer_unread(const Parser& parser, const Response& response) {
        if (!parser.is_done()) keeps_alive_ = false;
        co_return co_await answer(response);
    }

    struct Waiting {
        std::optional<Response> response;
        Bell* bell = nullptr;
    };

    void pass_to_resource(Admitted& admitted, const std::shared_ptr<Waiting>& waiting) {
        const auto take = [waiting](Response response) {
            if (waiting->response) return;
            if (waiting->bell == nullptr) {  // Nobody waits any more.
                if (response.stream) response.stream->close();
                return;
            }
            waiting->response = std::move(response);
            waiting->bell->ring();
        };
        admitted.route->serve(std::make_shared<Exchange>(Exchange{std::move(admitted.request),
                                                                  std::move(admitted.caller),
                                                                  std::move(admitted.names),
                                                                  desk(),
                                                                  take}));
    }

    asio::awaitable<bool> reply_to(Admitted& admitted) {
        const auto waiting = std::make_shared<Waiting>();
        waiting->bell = &bell_;
        pass_to_resource(admitted, waiting);
        if (!waiting->response) co_await bell_.wait(reply_limit);
        waiting->bell = nullptr;
        if (!waiting->response) waiting->response = too_late();
        Response response = std::move(*waiting->response);
        if (response.stream) {
            co_await send_stream(response);
            co_return false;
        }
        co_return co_await answer(response);
    }

    asio::awaitable<bool> answer(const Response& response) {
        desk().counters().answered(
            route_, response.status, std::chrono::duration_cast<Duration>(Clock::now() - began_));
        const std::string head = answer_head(response, keeps_alive_, encrypted);
        std::string_view body =
            response.fixed_body.empty() ? std::string_view{response.body} : response.fixed_body;
        if (is_head_ || response.status == 304) body = {};
        within(settings().write_seconds);
        error_code problem;
        const std::array<asio::const_buffer, 2> both{asio::buffer(head),
                                                     asio::buffer(body.data(), body.size())};
        co_await asio::async_write(stream_, both, into(problem));
        co_return !problem && keeps_alive_;
    }

    asio::awaitable<bool> write(const std::string& text) {
        within(settings().write_seconds);
        error_code problem;
        co_await asio::async_write(stream_, asio::buffer(text), into(problem));
        co_return !problem;
    }

    // Notices that the reader has gone; what it sends is thrown away.
    static asio::awaitable<void> listen_for_end(std::shared_ptr<Connection> self) {
        error_code problem;
        std::array<char, 512> thrown_away{};
        while (!problem) {
            // The limit of a write before this would end the reading: it may take for ever.
            self->lowest().expires_never();
            co_await self->stream_.async_read_some(asio::buffer(thrown_away), into(problem));
        }
        self->reader_gone_ = true;
        self->bell_.ring();
    }

    asio::awaitable<void> send_stream(const Response& response) {
        const std::shared_ptr<EventStream> stream = response.stream;
        desk().counters().answered(route_, response.status, Duration::zero());
        keeps_alive_ = false;
        const std::string head = answer_head(response, false, encrypted);
        const std::string begin = is_head_ ? head : head + "retry: 2000\n\n";
        const bool begun = co_await write(begin);
        if (begun && !is_head_) {
            asio::co_spawn(
                stream_.get_executor(), listen_for_end(this->shared_from_this()), log_escaped);
            stream->on_news([this] { bell_.ring(); });
            co_await pass_on(*stream);
            if (stream->cut()) desk().counters().cut_stream();
            // While it reads without a limit, a farewell over TLS would have none either.
            lowest().cancel();
            while (!reader_gone_)
                co_await bell_.wait(heartbeat);
        }
        stream->close();
    }

    asio::awaitable<void> pass_on(EventStream& stream) {
        while (!reader_gone_) {
            const std::deque<EventText> texts = stream.take();
            if (texts.empty() && stream.over()) co_return;
            std::string bytes;
            if (texts.empty()) {
                if (co_await bell_.wait(heartbeat)) continue;
                bytes = ": still here\n\n";
            }
            for (const EventText& text : texts)
                bytes += *text;
            if (!co_await write(bytes)) co_return;
        }
    }

    Stream stream_;
    std::shared_ptr<Shared> shared_;
    std::string address_;
    Bell bell_;
    beast::flat_buffer buffer_;
    bool first_ = true;
    bool keeps_alive_ = false;
    bool is_head_ = false;
    bool reader_gone_ = false;
    Clock::time_point began_;
    std::string_view route_;
};

Result<std::shared_ptr<ssl::context>> certificate_of(const Settings& settings) {
    if (!settings.encrypted()) return std::shared_ptr<ssl::context>{};
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    error_code problem;
    const auto refuse = [&](const std::filesystem::path& file, const char* what) {
        return fail(ErrorCode::config,
                    file.string() + ": " + what + ": " + problem.message(),
                    "name a PEM file that the router may read, and its matching key");
    };
    context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 |
                             ssl::context::no_sslv3 | ssl::context::no_tlsv1 |
                             ssl::context::no_tlsv1_1 | ssl::context::no_compression,
                         problem);
    context->use_certificate_chain_file(settings.certificate.string(), problem);
    if (problem) return refuse(settings.certificate, "the certificate cannot be used");
    context->use_private_key_file(settings.private_key.string(), ssl::context::pem, problem);
    if (problem) return refuse(settings.private_key, "the private key cannot be used");
    return context;
}

}  // namespace

struct Server::State {
    explicit State(const Settings& settings) : shared{std::make_shared<Shared>(settings)} {}

    asio::io_context io{1};
    tcp::acceptor acceptor{io};
    std::shared_ptr<Shared> shared;
    std::shared_ptr<ssl::context> certificate;  // Null: plain HTTP.

    [[nodiscard]] bool has_room(const std::string& address) const {
        const Settings& limits = shared->settings;
        if (shared->desk->counters().connections() >= limits.connections_max) return false;
        const auto open = shared->connections_of.find(address);
        return open == shared->connections_of.end() ||
               open->second < limits.connections_per_address_max;
    }

    asio::awaitable<void> accept() {
        while (acceptor.is_open()) {
            error_code problem;
            tcp::socket socket = co_await acceptor.async_accept(into(problem));
            if (problem == asio::error::operation_aborted) co_return;
            if (problem) {  // Out of files, for example: those that are open may end.
                spdlog::warn("http: no connection could be accepted: {}", problem.message());
                Bell pause{io.get_executor()};
                co_await pause.wait(std::chrono::milliseconds{100});
                continue;
            }
            take(std::move(socket));
        }
    }

    void take(tcp::socket socket) {
        error_code gone;
        const auto peer = socket.remote_endpoint(gone);
        if (gone) return;
        const std::string address = peer.address().to_string();
        if (!has_room(address)) {
            shared->desk->counters().refused_connection();
            return;  // The socket closes.
        }
        ++shared->connections_of[address];
        socket.set_option(tcp::no_delay{true}, gone);
        PlainStream stream{std::move(socket)};
        if (certificate) {
            start(TlsStream{std::move(stream), *certificate}, address);
        } else {
            start(std::move(stream), address);
        }
    }

    template <typename Stream>
    void start(Stream stream, const std::string& address) {
        auto connection = std::make_shared<Connection<Stream>>(std::move(stream), shared, address);
        asio::co_spawn(io, Connection<Stream>::serve(std::move(connection)), log_escaped);
    }

    asio::awaitable<void> hear_router(int descriptor) {
        asio::posix::stream_descriptor bell{io, ::dup(descriptor)};
        while (true) {
            error_code problem;
            co_await bell.async_wait(asio::posix::stream_descriptor::wait_read, into(problem));
            if (problem) co_return;
            shared->desk->readable();
        }
    }

    asio::awaitable<void> tick() {
        asio::steady_timer timer{io};
        while (true) {
            timer.expires_after(FrontDesk::tick_interval);
            error_code problem;
            co_await timer.async_wait(into(problem));
            if (problem) co_return;
            shared->desk->tick();
        }
    }
};

Server::Server(std::unique_ptr<State> state) : state_{std::move(state)} {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::listen(const Settings& settings) {
    auto state = std::make_unique<State>(settings);
    auto certificate = certificate_of(settings);
    if (!certificate) return fail(certificate.error());
    state->certificate = std::move(*certificate);
    error_code problem;
    const auto address = asio::ip::make_address(settings.address, problem);
    tcp::acceptor& acceptor = state->acceptor;
    const tcp::endpoint endpoint{address, settings.port};
    if (!problem) acceptor.open(endpoint.protocol(), problem);
    if (!problem) acceptor.set_option(tcp::acceptor::reuse_address{true}, problem);
    if (!problem) acceptor.bind(endpoint, problem);
    if (!problem) acceptor.listen(asio::socket_base::max_listen_connections, problem);
    if (problem) {
        return fail(ErrorCode::config,
                    "[http] listen: " + settings.address + " port " +
                        std::to_string(settings.port) + " cannot be used: " + problem.message(),
                    "stop what listens there already, or choose another port");
    }
    return std::unique_ptr<Server>{new Server{std::move(state)}};
}

Post Server::post() {
    return [&io = state_->io](std::function<void()> work) { asio::post(io, std::move(work)); };
}

void Server::run(FrontDesk& desk, int router_speaks) {
    state_->shared->desk = &desk;
    asio::co_spawn(state_->io, state_->accept(), log_escaped);
    asio::co_spawn(state_->io, state_->hear_router(router_speaks), log_escaped);
    asio::co_spawn(state_->io, state_->tick(), log_escaped);
    state_->io.run();
}

void Server::stop() {
    state_->io.stop();
}

Status Server::reload_certificate() {
    auto certificate = certificate_of(state_->shared->settings);
    if (!certificate) return fail(certificate.error());
    state_->certificate = std::move(*certificate);
    return {};
}

}  // namespace nearfab::gateway
