// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/sqlite.hpp"

#include "base/check.hpp"
#include "host/system_failure.hpp"

#include <cerrno>

namespace nearfab {
namespace {

std::string meaning(int primary_code, int system_error) {
    if (primary_code == SQLITE_FULL || system_error == ENOSPC || system_error == EDQUOT) {
        return "disk full";
    }
    switch (primary_code) {
        case SQLITE_IOERR:
            return "the disk refused a read or a write";
        case SQLITE_CORRUPT:
            return "the file is damaged";
        case SQLITE_NOTADB:
            return "the file is damaged or no journal at all";
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "another process uses it";
        case SQLITE_READONLY:
            return "it may only be read";
        case SQLITE_CANTOPEN:
            return "it cannot be opened";
        default:
            return "SQLite refused";
    }
}

std::string next_step(int primary_code, int system_error) {
    if (primary_code == SQLITE_FULL || system_error == ENOSPC || system_error == EDQUOT) {
        return "free some space on that disk, then try again";
    }
    switch (primary_code) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return "restore the backup of that file";
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "stop the other process first";
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
            return "check who owns it and that this user may write it";
        default:
            return "check the disk's health in the system log, then restart";
    }
}

}  // namespace

tl::unexpected<Error> fail_sqlite(sqlite3* connection, int code, const std::string& file) {
    const int primary_code = code & 0xFF;
    const int system_error = connection != nullptr ? sqlite3_system_errno(connection) : 0;
    const bool system_failed = primary_code == SQLITE_IOERR || primary_code == SQLITE_CANTOPEN ||
                               primary_code == SQLITE_FULL;
    const int relevant_error = system_failed ? system_error : 0;
    std::string message =
        file + ": " + meaning(primary_code, relevant_error) +
        " (SQLite: " + (connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code));
    if (relevant_error != 0) message += ", " + system_text(relevant_error);
    return fail(primary_code == SQLITE_BUSY ? ErrorCode::conflict : ErrorCode::storage,
                message + ")",
                next_step(primary_code, relevant_error));
}

void SqliteStatement::bind(int parameter, std::int64_t value) {
    const int code = sqlite3_bind_int64(statement_.get(), parameter, value);
    NEARFAB_CHECK(code == SQLITE_OK, "a statement has no such parameter");
}

void SqliteStatement::bind(int parameter, std::span<const std::uint8_t> bytes) {
    // An empty span may have no address, which SQLite would take for NULL.
    const void* start = bytes.empty() ? static_cast<const void*>("") : bytes.data();
    const int code = sqlite3_bind_blob64(statement_.get(), parameter, start, bytes.size(), nullptr);
    NEARFAB_CHECK(code == SQLITE_OK, "a statement has no such parameter or a blob is too large");
}

void SqliteStatement::bind(int parameter, std::string_view text) {
    const char* start = text.empty() ? "" : text.data();
    const int code =
        sqlite3_bind_text64(statement_.get(), parameter, start, text.size(), nullptr, SQLITE_UTF8);
    NEARFAB_CHECK(code == SQLITE_OK, "a statement has no such parameter or a text is too large");
}

Result<bool> SqliteStatement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    auto failure = fail_sqlite(sqlite3_db_handle(statement_.get()), code, file_);
    reset();
    return failure;
}

void SqliteStatement::reset() {
    // Repeats the error of the last step, which has been reported already.
    static_cast<void>(sqlite3_reset(statement_.get()));
}

std::int64_t SqliteStatement::integer(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

std::span<const std::uint8_t> SqliteStatement::blob(int column) const {
    const void* start = sqlite3_column_blob(statement_.get(), column);
    const int size = sqlite3_column_bytes(statement_.get(), column);
    return {static_cast<const std::uint8_t*>(start), static_cast<std::size_t>(size)};
}

std::string SqliteStatement::text(int column) const {
    const auto bytes = blob(column);
    return {bytes.begin(), bytes.end()};
}

Result<SqliteConnection> SqliteConnection::open(const std::filesystem::path& file) {
    sqlite3* raw = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(file.c_str(), &raw, flags, nullptr);
    // SQLite gives a connection even when it fails, to hold the message.
    SqliteConnection connection{raw, file.string()};
    if (code != SQLITE_OK) return fail_sqlite(raw, code, file.string());
    // What may not be written is opened for reading without a word, and fails later as an error of
    // the disk.
    if (sqlite3_db_readonly(raw, "main") == 1) {
        return fail(ErrorCode::storage,
                    file.string() + ": this user may read it, but not write it",
                    "check who owns it and its mode: the user that runs this program must be able "
                    "to write the file and its folder");
    }
    return connection;
}

Status SqliteConnection::run(const std::string& sql) {
    const int code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return fail_sqlite(connection_.get(), code, file_);
    return {};
}

Result<SqliteStatement> SqliteConnection::prepare(const std::string& sql) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(
        connection_.get(), sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (code != SQLITE_OK) return fail_sqlite(connection_.get(), code, file_);
    return SqliteStatement{raw, file_};
}

Result<std::int64_t> SqliteConnection::number(const std::string& sql) {
    auto statement = prepare(sql);
    if (!statement) return fail(statement.error());
    const auto row = statement->step();
    if (!row) return fail(row.error());
    return *row ? statement->integer(0) : 0;
}

}  // namespace nearfab
