// SPDX-License-Identifier: GPL-3.0-or-later
// PostgreSQL with PostGIS: nearest first (<->, on the sphere) with the requirements in WHERE.
//
// Two ways to keep materials: an array with a GIN index and full statistics, so that the planner
// knows what is rare, or a mask of bits, which is smaller and tells it nothing. Every plan is made
// for its parameters; nothing runs in parallel, because figures are per core.

#include "bench/matching/engines.hpp"
#include "bench/matching/process_cpu.hpp"
#include "bench/matching/stop.hpp"
#include <charconv>
#include <libpq-fe.h>
#include <utility>

namespace nearfab::bench {
namespace {

template <typename Number>
std::string text_of(Number value) {
    std::array<char, 40> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return {digits.data(), end};
}

// The answer to one statement.
class Answer {
public:
    explicit Answer(PGresult* result) : result_(result) {}
    Answer(const Answer&) = delete;
    Answer& operator=(const Answer&) = delete;
    ~Answer() { PQclear(result_); }

    [[nodiscard]] ExecStatusType status() const { return PQresultStatus(result_); }
    [[nodiscard]] int rows() const { return PQntuples(result_); }
    template <typename Number>
    [[nodiscard]] Number at(int row, int column) const {
        Number value{};
        const char* text = PQgetvalue(result_, row, column);
        std::from_chars(text, text + PQgetlength(result_, row, column), value);
        return value;
    }

private:
    PGresult* result_;
};

class Postgis final : public Engine {
public:
    Postgis(const std::string& connection, bool with_array)
        : link_(PQconnectdb(connection.c_str())),
          with_array_(with_array),
          table_(with_array ? "machine_gin" : "machine_mask") {
        if (PQstatus(link_) != CONNECTION_OK) give_up();
        server_ = PQbackendPID(link_);
        run("SET client_min_messages = warning");
        run("SET plan_cache_mode = force_custom_plan");
        run("SET max_parallel_workers_per_gather = 0");
        run("SET jit = off");
        run("CREATE EXTENSION IF NOT EXISTS postgis");
        run("CREATE EXTENSION IF NOT EXISTS btree_gist");
    }
    ~Postgis() override {
        run("DROP TABLE IF EXISTS " + table_);
        PQfinish(link_);
    }

    std::string name() const override { return with_array_ ? "postgis_gin" : "postgis_mask"; }

    void build(const World& world) override {
        run("DROP TABLE IF EXISTS " + table_);
        // Room on each page, so that a new backlog needs no new index entries.
        run("CREATE UNLOGGED TABLE " + table_ +
            "(id int PRIMARY KEY, place geography(Point, 4326)," + " process smallint, materials " +
            (with_array_ ? "smallint[]" : "bigint") +
            ", side0 real, side1 real, side2 real, feature real, tolerance real, backlog int)" +
            " WITH (fillfactor = 85, autovacuum_enabled = off)");
        copy(world);
        run("SET maintenance_work_mem = '512MB'");
        run("CREATE INDEX ON " + table_ + " USING gist(process, place)");
        if (with_array_) {
            run("CREATE INDEX ON " + table_ + " USING gin(materials) WITH (fastupdate = off)");
            run("ALTER TABLE " + table_ + " ALTER materials SET STATISTICS 1000");
        }
        run("VACUUM ANALYZE " + table_);
        const std::string from =
            "ST_SetSRID(ST_MakePoint($1::float8, $2::float8), 4326)::geography";
        prepare("search",
                "SELECT id, place <-> " + from + " FROM " + table_ +
                    " WHERE process = $3::smallint" +
                    (with_array_ ? " AND materials @> ARRAY[$4::smallint]"
                                 : " AND (materials & (1::bigint << $4::int)) <> 0") +
                    " AND side0 >= $5::real AND side1 >= $6::real AND side2 >= $7::real" +
                    " AND feature <= $8::real AND tolerance <= $9::real AND backlog <= $10::int" +
                    " ORDER BY place <-> " + from + " LIMIT $11::int");
        prepare("update",
                "UPDATE " + table_ +
                    " m SET backlog = c.backlog FROM unnest($1::int[], $2::int[])" +
                    " AS c(id, backlog) WHERE m.id = c.id");
    }

    void nearest(const Query& query, std::size_t k, std::vector<Hit>& hits) override {
        const std::vector<std::string> values{text_of(query.longitude_deg),
                                              text_of(query.latitude_deg),
                                              text_of(unsigned{query.process}),
                                              text_of(unsigned{query.material}),
                                              text_of(query.box_mm[0]),
                                              text_of(query.box_mm[1]),
                                              text_of(query.box_mm[2]),
                                              text_of(query.min_feature_mm),
                                              text_of(query.tolerance_mm),
                                              text_of(query.backlog_s_max),
                                              text_of(k)};
        const Answer answer{execute("search", values)};
        if (answer.status() != PGRES_TUPLES_OK) give_up();
        hits.clear();
        for (int row = 0; row < answer.rows(); ++row)
            hits.push_back({answer.at<std::uint32_t>(row, 0), answer.at<double>(row, 1) / 1000});
    }

    void set_backlog(std::uint32_t id, std::int32_t backlog_s) override {
        const BacklogChange change{id, backlog_s};
        set_backlogs({&change, 1});
    }

    // No id twice in one batch: an UPDATE would take either.
    void set_backlogs(std::span<const BacklogChange> changes) override {
        std::string ids = "{";
        std::string backlogs = "{";
        for (const BacklogChange& change : changes) {
            if (ids.size() > 1) {
                ids += ',';
                backlogs += ',';
            }
            ids += text_of(change.id);
            backlogs += text_of(change.backlog_s);
        }
        const Answer answer{execute("update", {ids + "}", backlogs + "}"})};
        if (answer.status() != PGRES_COMMAND_OK) give_up();
    }

    std::size_t bytes() const override {
        const Answer answer{
            PQexec(link_, ("SELECT pg_total_relation_size('" + table_ + "')").c_str())};
        if (answer.status() != PGRES_TUPLES_OK) give_up();
        return answer.at<std::size_t>(0, 0);
    }

    double server_cpu_s() const override { return cpu_s_of(server_); }

private:
    [[noreturn]] void give_up() const {
        std::string message = PQerrorMessage(link_);
        while (!message.empty() && (message.back() == '\n' || message.back() == '.'))
            message.pop_back();
        stop("PostgreSQL: " + message,
             "run it with scripts/bench matching, or leave the engines postgis_* out of --peers");
    }

    void run(const std::string& sql) {
        const Answer answer{PQexec(link_, sql.c_str())};
        if (answer.status() != PGRES_COMMAND_OK) give_up();
    }

    void prepare(const char* name, const std::string& sql) {
        const Answer answer{PQprepare(link_, name, sql.c_str(), 0, nullptr)};
        if (answer.status() != PGRES_COMMAND_OK) give_up();
    }

    PGresult* execute(const char* name, const std::vector<std::string>& values) {
        std::vector<const char*> texts;
        for (const std::string& value : values)
            texts.push_back(value.c_str());
        return PQexecPrepared(
            link_, name, static_cast<int>(texts.size()), texts.data(), nullptr, nullptr, 0);
    }

    std::string row_of(const BenchMachine& machine) const {
        std::string row = text_of(machine.id) + "\tSRID=4326;POINT(" +
                          text_of(machine.longitude_deg) + " " + text_of(machine.latitude_deg) +
                          ")\t" + text_of(unsigned{machine.process}) + "\t";
        if (with_array_) {
            row += '{';
            for (unsigned bit = 0; bit < materials_max; ++bit) {
                if (((machine.materials >> bit) & 1U) == 0) continue;
                if (row.back() != '{') row += ',';
                row += text_of(bit);
            }
            row += '}';
        } else {
            row += text_of(machine.materials);
        }
        for (const float value : {machine.envelope_mm[0],
                                  machine.envelope_mm[1],
                                  machine.envelope_mm[2],
                                  machine.min_feature_mm,
                                  machine.tolerance_mm}) {
            row += '\t' + text_of(value);
        }
        return row + '\t' + text_of(machine.backlog_s) + '\n';
    }

    void copy(const World& world) {
        {
            const Answer answer{PQexec(link_, ("COPY " + table_ + " FROM STDIN").c_str())};
            if (answer.status() != PGRES_COPY_IN) give_up();
        }
        for (const BenchMachine& machine : world.machines) {
            const std::string row = row_of(machine);
            if (PQputCopyData(link_, row.data(), static_cast<int>(row.size())) != 1) give_up();
        }
        if (PQputCopyEnd(link_, nullptr) != 1) give_up();
        const Answer answer{PQgetResult(link_)};
        if (answer.status() != PGRES_COMMAND_OK) give_up();
        while (PGresult* rest = PQgetResult(link_))
            PQclear(rest);
    }

    PGconn* link_;
    bool with_array_;
    std::string table_;
    pid_t server_ = 0;
};

}  // namespace

std::unique_ptr<Engine> make_postgis_gin(const std::string& connection) {
    return std::make_unique<Postgis>(connection, true);
}

std::unique_ptr<Engine> make_postgis_mask(const std::string& connection) {
    return std::make_unique<Postgis>(connection, false);
}

}  // namespace nearfab::bench
