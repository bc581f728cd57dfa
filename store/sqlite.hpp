// SPDX-License-Identifier: GPL-3.0-or-later
// sqlite.hpp - SQLite as Results: a connection and a prepared statement. For store/ only.
//
// Not for use by two threads at once.

#pragma once

#include "base/result.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace nearfab {

// A statement, prepared once and run often. Columns count from 0, parameters from 1.
class SqliteStatement {
public:
    void bind(int parameter, std::int64_t value);
    // The bytes must stay alive and unchanged until the statement is reset.
    void bind(int parameter, std::span<const std::uint8_t> bytes);
    void bind(int parameter, std::string_view text);

    // True: there is a row. False: done.
    [[nodiscard]] Result<bool> step();
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    // Valid until the next step or reset.
    [[nodiscard]] std::span<const std::uint8_t> blob(int column) const;
    [[nodiscard]] std::string text(int column) const;

private:
    friend class SqliteConnection;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    SqliteStatement(sqlite3_stmt* statement, std::string file)
        : statement_{statement}, file_{std::move(file)} {}

    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
    std::string file_;
};

class SqliteConnection {
public:
    // The file must exist.
    [[nodiscard]] static Result<SqliteConnection> open(const std::filesystem::path& file);

    [[nodiscard]] Status run(const std::string& sql);
    [[nodiscard]] Result<SqliteStatement> prepare(const std::string& sql);
    // The single number that a query or pragma gives.
    [[nodiscard]] Result<std::int64_t> number(const std::string& sql);
    // False inside BEGIN ... COMMIT. SQLite itself rolls back after some errors.
    [[nodiscard]] bool autocommit() const { return sqlite3_get_autocommit(connection_.get()) != 0; }

    // True if the last call failed for want of space. SQLite has then written nothing that counts.
    [[nodiscard]] bool disk_was_full() const {
        return (sqlite3_errcode(connection_.get()) & 0xFF) == SQLITE_FULL;
    }

private:
    struct Close {
        void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
    };
    SqliteConnection(sqlite3* connection, std::string file)
        : connection_{connection}, file_{std::move(file)} {}

    std::unique_ptr<sqlite3, Close> connection_;
    std::string file_;
};

// What SQLite's result code means for the person who runs the program.
[[nodiscard]] tl::unexpected<Error> fail_sqlite(sqlite3* connection,
                                                int code,
                                                const std::string& file);

}  // namespace nearfab
