// SPDX-License-Identifier: GPL-3.0-or-later
// One SQLite R*Tree over unit vectors per process, in memory, walked nearest first.
//
// A query callback gives each box its least distance as a score, and SQLite's own queue hands out
// the lowest score first; the other requirements are in WHERE, on an ordinary table. A tree per
// process, because one tree with the process as a dimension of no extent splits very badly.

#include <sqlite3.h>

#include "bench/matching/engines.hpp"
#include "bench/matching/nearest_k.hpp"
#include "bench/matching/stop.hpp"
#include <algorithm>
#include <cmath>

namespace nearfab::bench {
namespace {

// R*Tree keeps floats, rounded outwards: a score can be this much of a chord too low.
constexpr double float_chord_error = 1e-6;

// The squared chord from the point (three parameters) to the nearest corner, edge or face.
int score_box(sqlite3_rtree_query_info* info) {
    if (info->nParam != 3 || info->nCoord != 6) return SQLITE_ERROR;
    double chord = 0;
    for (int axis = 0; axis < 3; ++axis) {
        const double least = info->aCoord[2 * axis];
        const double most = info->aCoord[2 * axis + 1];
        const double from = info->aParam[axis];
        const double gap = std::max({least - from, from - most, 0.0});
        chord += gap * gap;
    }
    info->rScore = chord;
    info->eWithin = PARTLY_WITHIN;
    return SQLITE_OK;
}

class SqliteRtree final : public Engine {
public:
    SqliteRtree() {
        if (sqlite3_open(":memory:", &database_) != SQLITE_OK) give_up();
        const int done =
            sqlite3_rtree_query_callback(database_, "nearest_to", score_box, nullptr, nullptr);
        if (done != SQLITE_OK) give_up();
    }

    ~SqliteRtree() override {
        for (sqlite3_stmt* statement : searches_)
            sqlite3_finalize(statement);
        sqlite3_finalize(update_);
        sqlite3_close(database_);
    }

    std::string name() const override { return "sqlite_rtree"; }

    void build(const World& world) override {
        run("CREATE TABLE machine(id INTEGER PRIMARY KEY, x REAL, y REAL, z REAL, materials INT,"
            " side0 REAL, side1 REAL, side2 REAL, feature REAL, tolerance REAL, backlog INT)");
        std::vector<sqlite3_stmt*> inserts;
        for (std::size_t i = 0; i < world.processes.size(); ++i) {
            const std::string tree = "tree_" + std::to_string(i);
            run("CREATE VIRTUAL TABLE " + tree + " USING rtree(id, x0, x1, y0, y1, z0, z1)");
            inserts.push_back(prepare("INSERT INTO " + tree + " VALUES(?1,?2,?2,?3,?3,?4,?4)"));
        }
        sqlite3_stmt* row =
            prepare("INSERT INTO machine VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)");
        run("BEGIN");
        for (const BenchMachine& machine : world.machines)
            insert(machine, row, inserts[machine.process]);
        run("COMMIT");
        sqlite3_finalize(row);
        for (sqlite3_stmt* statement : inserts)
            sqlite3_finalize(statement);
        for (std::size_t i = 0; i < world.processes.size(); ++i) {
            searches_.push_back(prepare(
                "SELECT m.id, m.x, m.y, m.z FROM tree_" + std::to_string(i) +
                " t CROSS JOIN machine m ON m.id = t.id WHERE t.id MATCH nearest_to(?1, ?2, ?3)"
                " AND (m.materials & ?4) <> 0 AND m.side0 >= ?5 AND m.side1 >= ?6 AND m.side2 >= ?7"
                " AND m.feature <= ?8 AND m.tolerance <= ?9 AND m.backlog <= ?10"));
        }
        update_ = prepare("UPDATE machine SET backlog = ?2 WHERE id = ?1");
    }

    void nearest(const Query& query, std::size_t k, std::vector<Hit>& hits) override {
        const UnitVector from = unit_vector(query.latitude_deg, query.longitude_deg);
        sqlite3_stmt* search = searches_[query.process];
        for (int axis = 0; axis < 3; ++axis)
            sqlite3_bind_double(search, axis + 1, from[static_cast<std::size_t>(axis)]);
        sqlite3_bind_int64(search, 4, std::int64_t{1} << query.material);
        for (int side = 0; side < 3; ++side)
            sqlite3_bind_double(
                search, side + 5, double{query.box_mm[static_cast<std::size_t>(side)]});
        sqlite3_bind_double(search, 8, double{query.min_feature_mm});
        sqlite3_bind_double(search, 9, double{query.tolerance_mm});
        sqlite3_bind_int(search, 10, query.backlog_s_max);
        best_.restart(k);
        int step = sqlite3_step(search);
        for (; step == SQLITE_ROW; step = sqlite3_step(search)) {
            const UnitVector place{sqlite3_column_double(search, 1),
                                   sqlite3_column_double(search, 2),
                                   sqlite3_column_double(search, 3)};
            const double chord = chord_squared(place, from);
            if (std::sqrt(chord) > std::sqrt(best_.bound()) + float_chord_error) break;
            best_.add(chord, static_cast<std::uint32_t>(sqlite3_column_int64(search, 0)));
        }
        if (step != SQLITE_ROW && step != SQLITE_DONE) give_up();
        sqlite3_reset(search);
        best_.give(hits);
    }

    void set_backlog(std::uint32_t id, std::int32_t backlog_s) override {
        sqlite3_bind_int64(update_, 1, id);
        sqlite3_bind_int(update_, 2, backlog_s);
        finish(update_);
    }

    void set_backlogs(std::span<const BacklogChange> changes) override {
        run("BEGIN");
        Engine::set_backlogs(changes);
        run("COMMIT");
    }

    std::size_t bytes() const override {
        return static_cast<std::size_t>(pragma("page_count") * pragma("page_size"));
    }

private:
    [[noreturn]] void give_up() const {
        stop(std::string{"SQLite: "} + sqlite3_errmsg(database_),
             "check that SQLite is built with R*Tree, or leave sqlite_rtree out of --peers");
    }

    void run(const std::string& sql) {
        if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) give_up();
    }

    sqlite3_stmt* prepare(const std::string& sql) const {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
            give_up();
        return statement;
    }

    void finish(sqlite3_stmt* statement) {
        if (sqlite3_step(statement) != SQLITE_DONE) give_up();
        sqlite3_reset(statement);
    }

    void insert(const BenchMachine& machine, sqlite3_stmt* row, sqlite3_stmt* tree) {
        const UnitVector place = unit_vector(machine.latitude_deg, machine.longitude_deg);
        sqlite3_bind_int64(row, 1, machine.id);
        sqlite3_bind_int64(tree, 1, machine.id);
        for (int axis = 0; axis < 3; ++axis) {
            sqlite3_bind_double(row, axis + 2, place[static_cast<std::size_t>(axis)]);
            sqlite3_bind_double(tree, axis + 2, place[static_cast<std::size_t>(axis)]);
        }
        sqlite3_bind_int64(row, 5, machine.materials);
        for (int side = 0; side < 3; ++side)
            sqlite3_bind_double(
                row, side + 6, double{machine.envelope_mm[static_cast<std::size_t>(side)]});
        sqlite3_bind_double(row, 9, double{machine.min_feature_mm});
        sqlite3_bind_double(row, 10, double{machine.tolerance_mm});
        sqlite3_bind_int(row, 11, machine.backlog_s);
        finish(row);
        finish(tree);
    }

    std::int64_t pragma(const std::string& name) const {
        sqlite3_stmt* statement = prepare("PRAGMA " + name);
        if (sqlite3_step(statement) != SQLITE_ROW) give_up();
        const std::int64_t value = sqlite3_column_int64(statement, 0);
        sqlite3_finalize(statement);
        return value;
    }

    sqlite3* database_ = nullptr;
    std::vector<sqlite3_stmt*> searches_;  // By process.
    sqlite3_stmt* update_ = nullptr;
    NearestK best_;
};

}  // namespace

std::unique_ptr<Engine> make_sqlite_rtree() {
    return std::make_unique<SqliteRtree>();
}

}  // namespace nearfab::bench
