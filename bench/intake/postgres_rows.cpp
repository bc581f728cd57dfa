// SPDX-License-Identifier: GPL-3.0-or-later
// PostgreSQL: jobs with an index on state and time, from many clients at once, each transaction
// acknowledged after its sync (synchronous_commit on, fsync on).

#include "bench/intake/intake_engine.hpp"
#include <array>
#include <atomic>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <thread>

namespace nearfab::bench {
namespace {

class PostgresRows final : public IntakeEngine {
public:
    PostgresRows(std::string connection, std::size_t clients, std::size_t group)
        : connection_{std::move(connection)}, clients_{clients}, group_{group} {}
    std::string name() const override {
        return fmt::format("PostgreSQL 15, {} clients, {} per transaction", clients_, group_);
    }

    IntakeFigures run(const JobBytes& job, std::chrono::milliseconds time) override {
        PGconn* first = connect();
        exec(first, "DROP TABLE IF EXISTS job");
        exec(first, "CREATE TABLE job(id bigserial PRIMARY KEY, state int, at bigint, body bytea)");
        exec(first, "CREATE INDEX by_state ON job(state, at)");
        PQfinish(first);
        std::atomic<std::uint64_t> jobs = 0;
        std::vector<std::thread> threads;
        const auto start = Clock::now();
        for (std::size_t c = 0; c < clients_; ++c)
            threads.emplace_back([&, c] { jobs += insert_for(job, c, start + time); });
        for (std::thread& thread : threads)
            thread.join();
        return {.jobs = jobs,
                .seconds = std::chrono::duration<double>(Clock::now() - start).count()};
    }

private:
    PGconn* connect() const {
        PGconn* link = PQconnectdb(connection_.c_str());
        if (PQstatus(link) != CONNECTION_OK) give_up(PQerrorMessage(link));
        return link;
    }

    static void exec(PGconn* link, const char* sql) {
        PGresult* result = PQexec(link, sql);
        if (PQresultStatus(result) != PGRES_COMMAND_OK) give_up(PQerrorMessage(link));
        PQclear(result);
    }

    std::uint64_t insert_for(const JobBytes& job, std::size_t client, Clock::time_point end) const {
        PGconn* link = connect();
        std::string sql = "INSERT INTO job(state, at, body) VALUES";
        for (std::size_t i = 1; i <= group_; ++i)
            sql += fmt::format("{}(1, {}, ${})", i == 1 ? "" : ",", i, i);
        PQclear(PQprepare(link, "insert", sql.c_str(), 0, nullptr));
        std::uint64_t jobs = 0;
        while (Clock::now() < end) {
            std::vector<std::vector<std::uint8_t>> bodies;
            std::vector<const char*> values;
            std::vector<int> sizes;
            for (std::size_t i = 0; i < group_; ++i)
                bodies.push_back(job(client * 10'000'000 + jobs + i));
            for (const auto& body : bodies) {
                values.push_back(reinterpret_cast<const char*>(body.data()));
                sizes.push_back(static_cast<int>(body.size()));
            }
            const std::vector<int> binary(group_, 1);
            PGresult* result = PQexecPrepared(link,
                                              "insert",
                                              static_cast<int>(group_),
                                              values.data(),
                                              sizes.data(),
                                              binary.data(),
                                              0);
            if (PQresultStatus(result) != PGRES_COMMAND_OK) give_up(PQerrorMessage(link));
            PQclear(result);
            jobs += group_;
        }
        PQfinish(link);
        return jobs;
    }

    std::string connection_;
    std::size_t clients_;
    std::size_t group_;
};

}  // namespace

std::unique_ptr<IntakeEngine> postgres_rows(const IntakeSettings& settings,
                                            std::size_t clients,
                                            std::size_t group) {
    if (settings.postgres.empty()) return nullptr;
    return std::make_unique<PostgresRows>(settings.postgres, clients, group);
}

}  // namespace nearfab::bench
