// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/journal_file.hpp"

#include "host/durable_file.hpp"
#include "host/file_descriptor.hpp"
#include "host/system_failure.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>

namespace nearfab {
namespace {

constexpr const char* schema = R"(
    CREATE TABLE journal(
        seq INTEGER PRIMARY KEY, wall_ms INTEGER NOT NULL, chain BLOB NOT NULL, fact BLOB NOT NULL);
    CREATE TABLE head(id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, chain BLOB NOT NULL);
    CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;)";

std::filesystem::path beside(const std::filesystem::path& path, const char* ending) {
    return path.parent_path() / (path.filename().string() + ending);
}

Status remove_leftover(const std::filesystem::path& path) {
    if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
    return fail_system("cannot delete the unfinished " + path.string(), errno);
}

Status run_with_text(SqliteConnection& file, const char* sql, const std::string& text) {
    auto statement = file.prepare(sql);
    if (!statement) return fail(statement.error());
    statement->bind(1, text);
    const auto done = statement->step();
    if (!done) return fail(done.error());
    return {};
}

Status fill_new_file(const std::filesystem::path& path, const std::string& kind) {
    auto file = SqliteConnection::open(path);
    if (!file) return fail(file.error());
    const ContentHash start = first_chain(kind);
    for (const std::string& sql :
         {std::string{"PRAGMA synchronous=EXTRA; BEGIN;"},
          "PRAGMA application_id=" + std::to_string(journal_application_id),
          "PRAGMA user_version=" + std::to_string(journal_format),
          std::string{schema},
          "INSERT INTO head VALUES(1, 0, x'" + start.hex() + "')"}) {
        if (Status done = file->run(sql); !done) return done;
    }
    if (Status done = run_with_text(*file, "INSERT INTO meta VALUES('journal.kind', ?1)", kind);
        !done) {
        return done;
    }
    return file->run("COMMIT");
}

Status check_marks(SqliteConnection& file, const std::string& path) {
    const auto application = file.number("PRAGMA application_id");
    if (!application) return fail(application.error());
    if (*application != journal_application_id) {
        return fail(ErrorCode::storage,
                    path + " is a database, but not a nearfab journal",
                    "check the path in the configuration");
    }
    const auto format = file.number("PRAGMA user_version");
    if (!format) return fail(format.error());
    if (*format != journal_format) {
        return fail(ErrorCode::unsupported_version,
                    path + " has journal format " + std::to_string(*format) +
                        ", this program knows format " + std::to_string(journal_format),
                    "run the nearfab version that wrote it, or a newer one");
    }
    return {};
}

Status check_kind(SqliteConnection& file, const std::string& path, const std::string& kind) {
    auto statement = file.prepare("SELECT value FROM meta WHERE name='journal.kind'");
    if (!statement) return fail(statement.error());
    const auto row = statement->step();
    if (!row) return fail(row.error());
    const std::string found = *row ? statement->text(0) : "nobody";
    if (found == kind) return {};
    return fail(ErrorCode::conflict,
                path + " is the journal of the " + found + ", not of the " + kind,
                "give each program a data directory of its own");
}

// Locking comes before the first read: in that order SQLite needs no shared memory file, and nobody
// can slip in between.
constexpr std::array settings = {"PRAGMA locking_mode=EXCLUSIVE",
                                 "PRAGMA busy_timeout=1000",
                                 "PRAGMA synchronous=FULL",
                                 "PRAGMA trusted_schema=OFF",
                                 "PRAGMA cell_size_check=ON",
                                 "PRAGMA temp_store=MEMORY"};

}  // namespace

ContentHash first_chain(const std::string& kind) {
    return hash_of("nearfab journal of " + kind);
}

Status create_journal_file(const std::filesystem::path& path, const std::string& kind) {
    std::error_code unreadable;  // Creating the file beside it then says why.
    if (std::filesystem::exists(beside(path, "-wal"), unreadable)) {
        return fail(ErrorCode::storage,
                    path.string() + " is missing although its write-ahead log is still there",
                    "restore the backup of " + path.string() +
                        ", or move the -wal file away to start anew");
    }
    const auto unfinished = beside(path, ".new");
    for (const auto& leftover : {unfinished, beside(unfinished, "-journal")}) {
        if (Status gone = remove_leftover(leftover); !gone) return gone;
    }
    {
        const FileDescriptor file{::open(unfinished.c_str(),
                                         O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                                         S_IRUSR | S_IWUSR)};
        if (!file.open()) return fail_system("cannot create " + unfinished.string(), errno);
    }
    if (Status filled = fill_new_file(unfinished, kind); !filled) return filled;
    if (std::rename(unfinished.c_str(), path.c_str()) != 0) {
        return fail_system("cannot put the new " + path.string() + " in place", errno);
    }
    return sync_directory(path.parent_path());
}

Result<SqliteConnection> open_journal_file(const std::filesystem::path& path,
                                           const std::string& kind) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0)
        return fail_system("cannot open " + path.string(), errno);
    if (facts.st_size == 0) {
        return fail(ErrorCode::storage,
                    path.string() + " is empty, and a journal never is: it was cut off",
                    "restore the backup, or delete the file to start anew without its facts");
    }
    auto file = SqliteConnection::open(path);
    if (!file) return file;
    for (const char* setting : settings) {
        if (Status done = file->run(setting); !done) return fail(done.error());
    }
    const std::string name = path.string();
    if (Status good = check_marks(*file, name); !good) return fail(good.error());
    if (Status good = check_kind(*file, name, kind); !good) return fail(good.error());
    if (Status done = file->run("PRAGMA journal_mode=WAL"); !done) return fail(done.error());
    // An empty write takes the exclusive lock now, rather than at the first append.
    if (Status done = file->run("BEGIN IMMEDIATE; COMMIT"); !done) return fail(done.error());
    return file;
}

}  // namespace nearfab
