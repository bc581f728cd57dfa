// SPDX-License-Identifier: GPL-3.0-or-later
// Redis with appendfsync always: jobs pushed to a list, many of them under way at once.

#include "bench/intake/intake_engine.hpp"
#include <fmt/format.h>
#include <hiredis/hiredis.h>

namespace nearfab::bench {
namespace {

class RedisAof final : public IntakeEngine {
public:
    RedisAof(std::string socket, std::size_t window)
        : socket_{std::move(socket)}, window_{window} {}
    std::string name() const override {
        return fmt::format("Redis 7, AOF always, {} under way", window_);
    }

    IntakeFigures run(const JobBytes& job, std::chrono::milliseconds time) override {
        redisContext* link = redisConnectUnix(socket_.c_str());
        if (link == nullptr || link->err != 0) give_up("cannot reach Redis at " + socket_);
        IntakeFigures figures;
        const auto start = Clock::now();
        while (Clock::now() < start + time) {
            for (std::size_t i = 0; i < window_; ++i) {
                const auto body = job(figures.jobs + i);
                redisAppendCommand(link, "RPUSH jobs %b", body.data(), body.size());
            }
            for (std::size_t i = 0; i < window_; ++i) {
                void* answer = nullptr;
                if (redisGetReply(link, &answer) != REDIS_OK) give_up(link->errstr);
                const auto* reply = static_cast<redisReply*>(answer);
                if (reply->type != REDIS_REPLY_INTEGER) give_up(reply->str);
                freeReplyObject(answer);
            }
            figures.jobs += window_;
        }
        figures.seconds = std::chrono::duration<double>(Clock::now() - start).count();
        redisFree(link);
        return figures;
    }

private:
    std::string socket_;
    std::size_t window_;
};

}  // namespace

std::unique_ptr<IntakeEngine> redis_aof(const IntakeSettings& settings, std::size_t window) {
    if (settings.redis.empty()) return nullptr;
    return std::make_unique<RedisAof>(settings.redis, window);
}

}  // namespace nearfab::bench
