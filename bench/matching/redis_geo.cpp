// SPDX-License-Identifier: GPL-3.0-or-later
// Redis: one GEO set per process, asked for growing circles; this side filters.
//
// A member is not only an id but all of a machine that does not change, so that candidates need no
// second question; backlogs are in a hash and asked for of those that pass. Redis knows places to
// about 0.6 m, on a slightly larger sphere: distances are measured again from exact places, and a
// circle counts as seen only up to a little less than its radius.

#include "bench/matching/engines.hpp"
#include "bench/matching/nearest_k.hpp"
#include "bench/matching/process_cpu.hpp"
#include "bench/matching/stop.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <hiredis/hiredis.h>
#include <limits>

namespace nearfab::bench {
namespace {

constexpr double first_radius_km = 10;
constexpr double last_radius_km = 3000;  // Beyond it, the whole set.
constexpr double radius_growth = 3;
constexpr std::size_t first_count = 128;
constexpr std::size_t count_growth = 4;
constexpr double sphere_ratio = 1.0003;  // Its earth radius, 6372.8 km, over ours.
constexpr double place_error_km = 0.002;
constexpr std::size_t pipeline_depth = 1000;

struct Member {
    UnitVector place;
    MachineFacts facts;  // Its backlog is 0 here, and means nothing.
    std::uint32_t id;
};

// Frees itself.
class Reply {
public:
    explicit Reply(void* reply) : reply_(static_cast<redisReply*>(reply)) {}
    Reply(const Reply&) = delete;
    Reply& operator=(const Reply&) = delete;
    ~Reply() {
        if (reply_ != nullptr) freeReplyObject(reply_);
    }
    const redisReply* operator->() const { return reply_; }
    [[nodiscard]] bool good() const {
        return reply_ != nullptr && reply_->type != REDIS_REPLY_ERROR;
    }
    [[nodiscard]] std::string text() const { return {reply_->str, reply_->len}; }

private:
    redisReply* reply_;
};

template <typename Number>
std::string text_of(Number value) {
    std::array<char, 40> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return {digits.data(), end};
}

class RedisGeo final : public Engine {
public:
    explicit RedisGeo(const std::string& socket) : link_(redisConnectUnix(socket.c_str())) {
        if (link_ == nullptr || link_->err != 0) give_up("no connection to " + socket);
        forget_everything();
        server_ = static_cast<pid_t>(info("server", "process_id"));
        empty_bytes_ = info("memory", "used_memory");
    }
    ~RedisGeo() override {
        forget_everything();
        redisFree(link_);
    }

    std::string name() const override { return "redis_geo"; }

    void build(const World& world) override {
        for (const BenchMachine& machine : world.machines) {
            if (std::abs(machine.latitude_deg) > latitude_deg_max) {
                give_up("machine " + std::to_string(machine.id) +
                        " is nearer to a pole than Redis knows");
            }
            Member member{unit_vector(machine.latitude_deg, machine.longitude_deg),
                          facts_of(machine),
                          machine.id};
            member.facts.backlog_s = 0;
            std::string bytes(sizeof member, '\0');
            std::memcpy(bytes.data(), &member, sizeof member);
            send({"GEOADD",
                  key_of(machine.process),
                  text_of(machine.longitude_deg),
                  text_of(machine.latitude_deg),
                  bytes});
            send({"HSET", "backlog", text_of(machine.id), text_of(machine.backlog_s)});
            if (waiting_ >= pipeline_depth) receive_all();
        }
        receive_all();
    }

    void nearest(const Query& query, std::size_t k, std::vector<Hit>& hits) override {
        const UnitVector from = unit_vector(query.latitude_deg, query.longitude_deg);
        double radius_km = first_radius_km;
        std::size_t count = first_count;
        for (bool enough = false; !enough;) {
            const bool all = radius_km > last_radius_km;
            const Reply found{all ? ask_all(query) : ask_circle(query, radius_km, count)};
            if (!found.good() || found->type != REDIS_REPLY_ARRAY) give_up("no list of machines");
            const bool cut = !all && found->elements >= count;
            best_.restart(k);
            const double seen_km = take(found, query, from);
            // Up to where nobody can have been missed.
            const double sure_km = (cut ? seen_km : radius_km) / sphere_ratio - 2 * place_error_km;
            enough = all || best_.bound() <= km_to_chord(std::max(sure_km, 0.0));
            if (cut) {
                count *= count_growth;
            } else {
                radius_km *= radius_growth;
            }
        }
        best_.give(hits);
    }

    void set_backlog(std::uint32_t id, std::int32_t backlog_s) override {
        const BacklogChange change{id, backlog_s};
        set_backlogs({&change, 1});
    }

    void set_backlogs(std::span<const BacklogChange> changes) override {
        for (const BacklogChange& change : changes)
            send({"HSET", "backlog", text_of(change.id), text_of(change.backlog_s)});
        receive_all();
    }

    std::size_t bytes() const override {
        return static_cast<std::size_t>(info("memory", "used_memory") - empty_bytes_);
    }

    double server_cpu_s() const override { return cpu_s_of(server_); }

private:
    [[noreturn]] void give_up(const std::string& what) const {
        const bool broken = link_ != nullptr && link_->err != 0;
        stop("Redis: " + what + (broken ? std::string{" ("} + link_->errstr + ")" : ""),
             "run it with scripts/bench matching, or leave redis_geo out of --peers");
    }

    static std::string key_of(std::uint8_t process) { return "geo:" + std::to_string(process); }

    void send(const std::vector<std::string>& words) {
        std::vector<const char*> texts;
        std::vector<std::size_t> sizes;
        for (const std::string& word : words) {
            texts.push_back(word.data());
            sizes.push_back(word.size());
        }
        redisAppendCommandArgv(link_, static_cast<int>(words.size()), texts.data(), sizes.data());
        ++waiting_;
    }

    void* receive() const {
        void* reply = nullptr;
        if (redisGetReply(link_, &reply) != REDIS_OK) give_up("it does not answer");
        return reply;
    }

    void receive_all() {
        for (; waiting_ > 0; --waiting_) {
            const Reply reply{receive()};
            if (!reply.good()) give_up(reply.text());
        }
    }

    void forget_everything() {
        const Reply reply{ask({"FLUSHALL"})};
        if (!reply.good()) give_up("it does not forget what it holds");
    }

    [[nodiscard]] void* ask(const std::vector<std::string>& words) {
        send(words);
        --waiting_;
        return receive();
    }

    void* ask_circle(const Query& query, double radius_km, std::size_t count) {
        return ask({"GEOSEARCH",
                    key_of(query.process),
                    "FROMLONLAT",
                    text_of(query.longitude_deg),
                    text_of(query.latitude_deg),
                    "BYRADIUS",
                    text_of(radius_km),
                    "km",
                    "ASC",
                    "COUNT",
                    text_of(count)});
    }

    void* ask_all(const Query& query) { return ask({"ZRANGE", key_of(query.process), "0", "-1"}); }

    // Puts those that can make it into best_; gives the distance of the last of all, in km.
    double take(const Reply& found, const Query& query, const UnitVector& from) {
        const bool any_time = query.backlog_s_max == std::numeric_limits<std::int32_t>::max();
        double last_chord = 0;
        able_.clear();
        for (std::size_t i = 0; i < found->elements; ++i) {
            Member member{};
            if (found->element[i]->len != sizeof member) give_up("a member that is not ours");
            std::memcpy(&member, found->element[i]->str, sizeof member);
            if (i + 1 == found->elements) last_chord = chord_squared(member.place, from);
            if (!can_make(member.facts, query)) continue;
            const double chord = chord_squared(member.place, from);
            if (any_time) {
                best_.add(chord, member.id);
            } else {
                able_.push_back({chord, member.id});
            }
        }
        if (!able_.empty()) take_those_in_time(query);
        return chord_to_km(last_chord);
    }

    void take_those_in_time(const Query& query) {
        std::vector<std::string> words{"HMGET", "backlog"};
        for (const Able& able : able_)
            words.push_back(text_of(able.id));
        const Reply backlogs{ask(words)};
        if (!backlogs.good() || backlogs->elements != able_.size()) give_up("no list of backlogs");
        for (std::size_t i = 0; i < able_.size(); ++i) {
            const redisReply* text = backlogs->element[i];
            std::int32_t backlog_s = 0;
            std::from_chars(text->str, text->str + text->len, backlog_s);
            if (backlog_s <= query.backlog_s_max) best_.add(able_[i].chord, able_[i].id);
        }
    }

    // One whole number out of INFO.
    [[nodiscard]] std::int64_t info(const std::string& section, const std::string& field) const {
        const Reply reply{redisCommand(link_, "INFO %s", section.c_str())};
        if (!reply.good()) give_up("it does not say INFO " + section);
        const std::string text = reply.text();
        const std::size_t at = text.find(field + ":");
        std::int64_t value = 0;
        if (at == std::string::npos) give_up("INFO has no " + field);
        const char* digits = text.data() + at + field.size() + 1;
        std::from_chars(digits, text.data() + text.size(), value);
        return value;
    }

    struct Able {
        double chord;
        std::uint32_t id;
    };
    redisContext* link_;
    std::size_t waiting_ = 0;  // Replies that are still to come.
    pid_t server_ = 0;
    std::int64_t empty_bytes_ = 0;
    std::vector<Able> able_;
    NearestK best_;
};

}  // namespace

std::unique_ptr<Engine> make_redis_geo(const std::string& socket) {
    return std::make_unique<RedisGeo>(socket);
}

}  // namespace nearfab::bench
