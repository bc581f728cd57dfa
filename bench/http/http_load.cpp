// SPDX-License-Identifier: GPL-3.0-or-later
// Load on the HTTP gateway of a running router, over loopback, from one thread.
//
//   nearfab-bench-http status  PORT TOKEN PID TARGET CONNECTIONS SECONDS
//   nearfab-bench-http match   PORT TOKEN PID ORDER_FILE TARGET CONNECTIONS SECONDS \
//                              OTHER_PORT OTHER_TOKEN OTHER_PID OTHER_TARGET
//   nearfab-bench-http streams PORT TOKEN PID COUNT ORDER_FILE
//   nearfab-bench-http upload  PORT TOKEN PID MEGABYTES
//
// status asks the same over keep-alive connections, each waiting for its answer. match asks for
// quotes of ORDER_FILE one after the other and takes the router's own word of how long it looked
// for machines: alone, beside 10,000 status calls in a second from another thread, and beside the
// same calls to another router on this machine, which shares its processors and nothing else; five
// rounds of the three in turn, with a pause between the quotes and without. streams opens event
// streams, submits the job of ORDER_FILE twenty times and takes the time from sending it to the
// first event that names it, on every stream. upload sends random bytes in pieces of 1 MiB and
// looks at the memory of process PID. Results are one line of JSON.

#include "base/content_hash.hpp"
#include "host/random.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <future>
#include <iostream>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::json;

struct Where {
    std::uint16_t port = 0;
    std::string token;
    std::string pid;
};

// Of a connection; closed with it.
class Line {
public:
    explicit Line(int file) : file_{file} {}
    ~Line() { ::close(file_); }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    operator int() const { return file_; }

private:
    int file_;
};

int dial(std::uint16_t port) {
    const int file = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(file, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        throw std::runtime_error{"nobody listens on port " + std::to_string(port)};
    }
    const int one = 1;
    ::setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return file;
}

void send_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(file, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) throw std::runtime_error{"the router ended the connection"};
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::string request(const Where& where,
                    const std::string& line,
                    const std::string& headers,
                    const std::string& body) {
    return line + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + where.token + "\r\n" +
           headers +
           (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") +
           "\r\n" + body;
}

// The bytes of one whole answer at the front; 0 while there is none.
std::size_t answer_size(const std::string& text) {
    const auto end = text.find("\r\n\r\n");
    if (end == std::string::npos) return 0;
    const auto length = text.find("Content-Length: ");
    const std::size_t body =
        length < end ? std::stoul(text.substr(length + 16, text.find('\r', length) - length - 16))
                     : 0;
    return text.size() >= end + 4 + body ? end + 4 + body : 0;
}

std::string ask(int file, const std::string& bytes) {
    send_all(file, bytes);
    std::string text;
    std::array<char, 65'536> piece{};
    while (answer_size(text) == 0) {
        const auto got = ::recv(file, piece.data(), piece.size(), 0);
        if (got <= 0) throw std::runtime_error{"the router ended the connection: " + text};
        text.append(piece.data(), static_cast<std::size_t>(got));
    }
    return text;
}

// Seconds of processor time of that process so far.
double cpu_of(const std::string& pid) {
    std::ifstream file{"/proc/" + pid + "/stat"};
    std::string text;
    std::getline(file, text);
    std::istringstream words{text.substr(text.rfind(')') + 2)};
    std::string word;
    double ticks = 0;
    for (int i = 0; words >> word && i < 13; ++i) {
        if (i == 11 || i == 12) ticks += std::stod(word);
    }
    return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::int64_t memory_kb(const std::string& pid, const std::string& what) {
    std::ifstream file{"/proc/" + pid + "/status"};
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(what + ":")) return std::stoll(line.substr(what.size() + 1));
    }
    return 0;
}

double at_share(std::vector<double>& values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

double since(Clock::time_point then) {
    return std::chrono::duration<double>(Clock::now() - then).count();
}

// At most `rate` questions in a second; 0: as many as are answered. Ends early when told `enough`.
json status(const Where& where,
            const std::string& target,
            std::size_t count,
            double seconds,
            double rate = 0,
            const std::atomic<bool>* enough = nullptr) {
    struct Open {
        std::string text{};
        Clock::time_point asked{};
        bool waits = true;  // For its answer.
    };
    const std::string question = request(where, "GET " + target, "", "");
    std::vector<pollfd> files;
    std::vector<Open> open(count);
    for (std::size_t i = 0; i < count; ++i) {
        files.push_back({dial(where.port), POLLIN, 0});
        open[i].asked = Clock::now();
        send_all(files[i].fd, question);
    }
    std::vector<double> took_us;
    std::size_t failed = 0;
    std::size_t asked = count;
    const double cpu = cpu_of(where.pid);
    const auto begin = Clock::now();
    const auto may_ask = [&] {
        return rate <= 0 || static_cast<double>(asked) < rate * since(begin);
    };
    const auto ask_again = [&](std::size_t i) {
        ++asked;
        open[i].waits = true;
        open[i].asked = Clock::now();
        send_all(files[i].fd, question);
    };
    std::array<char, 65'536> piece{};
    while (since(begin) < seconds && (enough == nullptr || !*enough)) {
        ::poll(files.data(), files.size(), rate > 0 ? 1 : 1000);
        for (std::size_t i = 0; i < count; ++i)
            if (!open[i].waits && may_ask()) ask_again(i);
        for (std::size_t i = 0; i < count; ++i) {
            if ((files[i].revents & POLLIN) == 0) continue;
            const auto got = ::recv(files[i].fd, piece.data(), piece.size(), 0);
            if (got <= 0) throw std::runtime_error{"the router ended a connection"};
            open[i].text.append(piece.data(), static_cast<std::size_t>(got));
            const std::size_t size = answer_size(open[i].text);
            if (size == 0) continue;
            took_us.push_back(since(open[i].asked) * 1e6);
            failed += open[i].text.starts_with("HTTP/1.1 200") ? 0U : 1U;
            open[i].text.erase(0, size);
            open[i].waits = false;
            if (may_ask()) ask_again(i);
        }
    }
    const double took = since(begin);
    const double cpu_used = cpu_of(where.pid) - cpu;
    for (const pollfd& one : files)
        ::close(one.fd);
    return {{"what", "status"},
            {"connections", count},
            {"per_s", static_cast<double>(took_us.size()) / took},
            {"per_cpu_s", static_cast<double>(took_us.size()) / cpu_used},
            {"failed", failed},
            {"p50_us", at_share(took_us, 0.5)},
            {"p99_us", at_share(took_us, 0.99)},
            {"router_cpu_share", cpu_used / took}};
}

// Sum and count of what the router says that it took to look for machines.
std::pair<double, double> matches(const Where& where) {
    const Line line{dial(where.port)};
    const std::string text = ask(line, request(where, "GET /metrics", "", ""));
    const auto value = [&](const std::string& name) {
        const auto at = text.find("\n" + name + " ");
        if (at == std::string::npos)
            throw std::runtime_error{"the router does not tell of " + name};
        return std::stod(text.substr(at + name.size() + 2));
    };
    return {value("nearfab_match_duration_seconds_sum"),
            value("nearfab_match_duration_seconds_count")};
}

// The router publishes its figures every few seconds.
std::pair<double, double> matches_after(const Where& where, double count) {
    auto told = matches(where);
    for (int i = 0; i < 200 && told.second < count; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
        told = matches(where);
    }
    if (told.second < count) throw std::runtime_error{"the router looked for machines too seldom"};
    return told;
}

// Few enough that they themselves are no load; without a pause the loop works all the time.
constexpr std::chrono::milliseconds quote_pause{5};

struct Quotes {
    double p50_us = 0;
    double p99_us = 0;
    double match_us = 0;  // The mean of the steps that look for machines, by the router's clock.
    double per_s = 0;
};

Quotes quotes(const Where& where,
              const std::string& order,
              double seconds,
              std::chrono::milliseconds pause) {
    const Line file{dial(where.port)};
    const std::string bytes =
        request(where, "POST /api/v1/quotes", "Content-Type: application/json\r\n", order);
    if (const std::string answer = ask(file, bytes); !answer.starts_with("HTTP/1.1 200")) {
        throw std::runtime_error{"the quote was refused: " + answer};
    }
    const auto before = matches_after(where, matches(where).second + 1);
    std::vector<double> took_us;
    const auto begin = Clock::now();
    while (since(begin) < seconds) {
        const auto asked = Clock::now();
        const std::string answer = ask(file, bytes);
        took_us.push_back(since(asked) * 1e6);
        // One that is refused is quick, and looks for nothing.
        if (!answer.starts_with("HTTP/1.1 200")) {
            throw std::runtime_error{"a quote was refused: " + answer};
        }
        std::this_thread::sleep_until(asked + pause);
    }
    const double took = since(begin);
    const auto count = static_cast<double>(took_us.size());
    const auto after = matches_after(where, before.second + count);
    return {at_share(took_us, 0.5),
            at_share(took_us, 0.99),
            (after.first - before.first) / (after.second - before.second) * 1e6,
            count / took};
}

// What the gateway has to bear beside the router's other work.
constexpr double status_rate = 10'000;

struct Load {
    Where where{};
    std::string target{};
    std::size_t connections = 0;
};

// The quotes while that load is there, and how much of it was answered in a second.
std::pair<Quotes, double> quotes_beside(const Where& where,
                                        const std::string& order,
                                        double seconds,
                                        std::chrono::milliseconds pause,
                                        const Load& load) {
    std::atomic<bool> enough = false;
    // Ends by itself when the quotes are through, or come to nothing.
    auto loader = std::async(std::launch::async, [&] {
        return status(load.where, load.target, load.connections, 600, status_rate, &enough);
    });
    const auto told = [&]() -> std::optional<Quotes> {
        try {
            return quotes(where, order, seconds, pause);
        } catch (const std::exception& problem) {
            std::cerr << problem.what() << "\n";
            return std::nullopt;
        }
    }();
    enough = true;
    const json loaded = loader.get();
    if (!told || loaded.at("failed") != 0) throw std::runtime_error{"no fair measurement"};
    return {*told, loaded.at("per_s").get<double>()};
}

json medians(const std::vector<Quotes>& rounds) {
    json all;
    const auto tell = [&](const char* name, double Quotes::*of) {
        std::vector<double> values;
        for (const Quotes& one : rounds)
            values.push_back(one.*of);
        all[name] = at_share(values, 0.5);
    };
    tell("quote_p50_us", &Quotes::p50_us);
    tell("quote_p99_us", &Quotes::p99_us);
    tell("match_us", &Quotes::match_us);
    tell("per_s", &Quotes::per_s);
    json each = json::array();
    for (const Quotes& one : rounds)
        each.push_back(one.match_us);
    all["match_us_of_rounds"] = each;
    return all;
}

json match(const Where& where,
           const std::string& order,
           double seconds,
           const Load& here,
           const Load& elsewhere) {
    constexpr int rounds = 5;
    json all{{"what", "match"}};
    for (const auto pause : {quote_pause, std::chrono::milliseconds{0}}) {
        std::vector<Quotes> alone, beside, other;
        std::vector<double> per_s;
        for (int round = 0; round < rounds; ++round) {
            alone.push_back(quotes(where, order, seconds, pause));
            const auto [own, own_per_s] = quotes_beside(where, order, seconds, pause, here);
            beside.push_back(own);
            per_s.push_back(own_per_s);
            const auto [not_ours, others_per_s] =
                quotes_beside(where, order, seconds, pause, elsewhere);
            other.push_back(not_ours);
            per_s.push_back(others_per_s);
        }
        all[pause.count() > 0 ? "with_pauses" : "without_pauses"] = {
            {"alone", medians(alone)},
            {"beside_status_calls", medians(beside)},
            {"beside_another_routers", medians(other)},
            {"least_status_calls_per_s", at_share(per_s, 0)}};
    }
    return all;
}

json streams(const Where& where, std::size_t count, const std::string& order) {
    constexpr int rounds = 20;
    std::vector<pollfd> files;
    for (std::size_t i = 0; i < count; ++i) {
        files.push_back({dial(where.port), POLLIN, 0});
        send_all(files[i].fd, request(where, "GET /api/v1/events", "", ""));
    }
    const int asker = dial(where.port);
    std::vector<std::string> text(count);
    std::vector<double> took_ms;
    std::size_t missed = 0;
    std::array<char, 65'536> piece{};
    const auto drain = [&](int ms) {
        if (::poll(files.data(), files.size(), ms) <= 0) return false;
        for (std::size_t i = 0; i < count; ++i) {
            if ((files[i].revents & POLLIN) == 0) continue;
            const auto got = ::recv(files[i].fd, piece.data(), piece.size(), 0);
            if (got <= 0) throw std::runtime_error{"a stream was ended"};
            text[i].append(piece.data(), static_cast<std::size_t>(got));
        }
        return true;
    };
    const std::string run = nearfab::random_hex(8);
    for (int round = 0; round < rounds; ++round) {
        while (drain(300)) {
        }
        for (std::string& one : text)
            one.clear();
        const auto sent = Clock::now();
        const std::string answer =
            ask(asker,
                request(where,
                        "POST /api/v1/jobs",
                        "Content-Type: application/json\r\nIdempotency-Key: " + run + "-" +
                            std::to_string(round) + "\r\n",
                        order));
        const auto body = json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
        if (!body.contains("job")) throw std::runtime_error{"the job was refused: " + body.dump()};
        const std::string name = "\"job\":\"" + body.at("job").get<std::string>() + "\"";
        std::vector<bool> heard(count, false);
        std::size_t waiting = count;
        while (waiting > 0 && since(sent) < 5) {
            drain(100);
            for (std::size_t i = 0; i < count; ++i) {
                if (heard[i] || text[i].find(name) == std::string::npos) continue;
                heard[i] = true;
                --waiting;
                took_ms.push_back(since(sent) * 1e3);
            }
        }
        missed += waiting;
    }
    return {{"what", "streams"},
            {"streams", count},
            {"events", took_ms.size()},
            {"missed", missed},
            {"p50_ms", at_share(took_ms, 0.5)},
            {"p99_ms", at_share(took_ms, 0.99)},
            {"max_ms", at_share(took_ms, 1)},
            {"router_rss_kb", memory_kb(where.pid, "VmRSS")}};
}

json upload(const Where& where, std::size_t megabytes) {
    constexpr std::size_t piece = std::size_t{1} << 20U;
    std::string bytes;
    while (bytes.size() < megabytes * piece)
        bytes += nearfab::random_hex(4096);
    bytes.resize(megabytes * piece);
    const std::string design = nearfab::hash_of(std::string_view{bytes}).hex();
    const int file = dial(where.port);
    const std::int64_t before = memory_kb(where.pid, "VmRSS");
    std::int64_t most = before;
    const auto begin = Clock::now();
    ask(file,
        request(where,
                "POST /api/v1/designs",
                "Content-Type: application/json\r\n",
                json{{"design", design}, {"size", bytes.size()}}.dump()));
    std::string last;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        last = ask(file,
                   request(where,
                           "PATCH /api/v1/designs/" + design,
                           "Content-Type: application/offset+octet-stream\r\nUpload-Offset: " +
                               std::to_string(at) + "\r\n",
                           bytes.substr(at, piece)));
        most = std::max(most, memory_kb(where.pid, "VmRSS"));
    }
    const double took = since(begin);
    return {{"what", "upload"},
            {"megabytes", megabytes},
            {"complete", last.find("\"complete\": true") != std::string::npos},
            {"mb_per_s", static_cast<double>(megabytes) / took},
            {"router_rss_before_kb", before},
            {"router_rss_growth_kb", most - before}};
}

std::string text_of(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream{file}.rdbuf();
    return text.str();
}

json measure(const std::vector<std::string>& words) {
    const auto number = [&](std::size_t i) { return std::stoul(words.at(i)); };
    const Where where{static_cast<std::uint16_t>(number(1)), words.at(2), words.at(3)};
    if (words[0] == "status") return status(where, words.at(4), number(5), std::stod(words.at(6)));
    if (words[0] == "match") {
        const Where other{static_cast<std::uint16_t>(number(8)), words.at(9), words.at(10)};
        return match(where,
                     text_of(words.at(4)),
                     std::stod(words.at(7)),
                     {where, words.at(5), number(6)},
                     {other, words.at(11), number(6)});
    }
    if (words[0] == "streams") return streams(where, number(4), text_of(words.at(5)));
    if (words[0] == "upload") return upload(where, number(4));
    throw std::out_of_range{words[0]};
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    try {
        std::cout << measure(words).dump() << "\n";
        return 0;
    } catch (const std::out_of_range&) {
        std::cerr << "usage: nearfab-bench-http status PORT TOKEN PID TARGET CONNECTIONS SECONDS\n"
                     "       nearfab-bench-http match PORT TOKEN PID ORDER_FILE TARGET CONNECTIONS "
                     "SECONDS OTHER_PORT OTHER_TOKEN OTHER_PID OTHER_TARGET\n"
                     "       nearfab-bench-http streams PORT TOKEN PID COUNT ORDER_FILE\n"
                     "       nearfab-bench-http upload PORT TOKEN PID MEGABYTES\n";
        return 2;
    } catch (const std::exception& problem) {
        std::cerr << "nearfab-bench-http: " << problem.what() << "\n";
        return 1;
    }
}
