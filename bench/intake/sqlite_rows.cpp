// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite in its safest fast settings (WAL, FULL): jobs with an index on state and time.

#include <sqlite3.h>

#include "bench/intake/intake_engine.hpp"
#include <fmt/format.h>

namespace nearfab::bench {
namespace {

class SqliteRows final : public IntakeEngine {
public:
    SqliteRows(std::string folder, std::size_t group)
        : path_{fmt::format("{}/rows-{}.db", folder, group)}, group_{group} {}
    std::string name() const override {
        return group_ == 1 ? "SQLite, a row per transaction"
                           : fmt::format("SQLite, {} rows per transaction", group_);
    }

    IntakeFigures run(const JobBytes& job, std::chrono::milliseconds time) override {
        if (sqlite3_open(path_.c_str(), &link_) != SQLITE_OK) give_up("cannot open " + path_);
        exec(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE job(id INTEGER PRIMARY KEY, state INTEGER, at INTEGER, body BLOB);"
            "CREATE INDEX by_state ON job(state, at)");
        sqlite3_stmt* insert = nullptr;
        if (sqlite3_prepare_v2(
                link_, "INSERT INTO job VALUES(?1, 1, ?2, ?3)", -1, &insert, nullptr) !=
            SQLITE_OK) {
            give_up(sqlite3_errmsg(link_));
        }
        IntakeFigures figures;
        const auto start = Clock::now();
        while (Clock::now() < start + time) {
            if (group_ > 1) exec("BEGIN IMMEDIATE");
            for (std::size_t i = 0; i < group_; ++i) {
                const auto number = static_cast<sqlite3_int64>(figures.jobs + i + 1);
                const auto bytes = job(figures.jobs + i);
                sqlite3_bind_int64(insert, 1, number);
                sqlite3_bind_int64(insert, 2, number);
                sqlite3_bind_blob(
                    insert, 3, bytes.data(), static_cast<int>(bytes.size()), SQLITE_TRANSIENT);
                if (sqlite3_step(insert) != SQLITE_DONE) give_up(sqlite3_errmsg(link_));
                sqlite3_reset(insert);
            }
            if (group_ > 1) exec("COMMIT");
            figures.jobs += group_;
            ++figures.commits;
        }
        figures.seconds = std::chrono::duration<double>(Clock::now() - start).count();
        sqlite3_finalize(insert);
        sqlite3_close(link_);
        return figures;
    }

private:
    void exec(const char* sql) {
        if (sqlite3_exec(link_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
            give_up(sqlite3_errmsg(link_));
        }
    }

    std::string path_;
    std::size_t group_;
    sqlite3* link_ = nullptr;
};

}  // namespace

std::unique_ptr<IntakeEngine> sqlite_rows(const IntakeSettings& settings, std::size_t group) {
    return std::make_unique<SqliteRows>(settings.folder, group);
}

}  // namespace nearfab::bench
