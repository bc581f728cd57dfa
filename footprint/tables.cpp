// SPDX-License-Identifier: GPL-3.0-or-later

#include "footprint/tables.hpp"

#include "base/check.hpp"
#include "base/csv_fields.hpp"
#include "base/spelling.hpp"

#include "footprint/table_texts.hpp"
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>
#include <vector>

namespace nearfab::footprint {
namespace {

using Row = std::vector<std::string>;
using Table = std::vector<Factor>;

// Which columns a factor is made of. Empty: there is none.
struct Columns {
    std::string_view id;
    std::string_view name;
    std::string_view low;
    std::string_view typical;
    std::string_view high;
    std::string_view source;
    std::string_view confidence;
    std::string_view year;
};

double number_in(const std::string& text) {
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value);
    NEARFAB_CHECK(read.ec == std::errc{} && read.ptr == end && value >= 0,
                  "a table of data/ has a number that is none");
    return value;
}

class Reader {
public:
    Reader(const Row& heading, const Columns& columns)
        : id_{place_of(heading, columns.id)},
          name_{place_of(heading, columns.name)},
          low_{place_of(heading, columns.low)},
          typical_{place_of(heading, columns.typical)},
          high_{place_of(heading, columns.high)},
          source_{place_of(heading, columns.source)},
          confidence_{place_of(heading, columns.confidence)},
          year_{place_of(heading, columns.year)},
          fields_{heading.size()} {}

    [[nodiscard]] Factor factor_in(const Row& row) const {
        NEARFAB_CHECK(row.size() == fields_, "a row of data/ has not as many fields as its head");
        const auto text = [&row](std::size_t place) {
            return place == none ? std::string{} : row[place];
        };
        const double typical = number_in(row[typical_]);
        const auto bound = [&](std::size_t place) {
            return place == none ? typical : number_in(row[place]);
        };
        Factor factor{text(id_),
                      text(name_),
                      {bound(low_), typical, bound(high_)},
                      text(source_),
                      text(confidence_),
                      text(year_)};
        NEARFAB_CHECK(factor.value.low <= typical && typical <= factor.value.high,
                      "a row of data/ has a range that does not hold its value");
        return factor;
    }

private:
    static constexpr std::size_t none = SIZE_MAX;

    static std::size_t place_of(const Row& heading, std::string_view column) {
        if (column.empty()) return none;
        const auto found = std::find(heading.begin(), heading.end(), column);
        NEARFAB_CHECK(found != heading.end(), "a table of data/ lacks a column");
        return static_cast<std::size_t>(found - heading.begin());
    }

    std::size_t id_;
    std::size_t name_;
    std::size_t low_;
    std::size_t typical_;
    std::size_t high_;
    std::size_t source_;
    std::size_t confidence_;
    std::size_t year_;
    std::size_t fields_;
};

Table read_table(std::string_view csv, const Columns& columns) {
    Table table;
    std::optional<Reader> reader;
    while (!csv.empty()) {
        const std::size_t end = std::min(csv.find('\n'), csv.size());
        std::string_view line = csv.substr(0, end);
        csv.remove_prefix(std::min(end + 1, csv.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) continue;
        const Row row = csv_fields(line);
        if (reader) {
            table.push_back(reader->factor_in(row));
        } else {
            reader.emplace(row, columns);
        }
    }
    return table;
}

const Table& materials() {
    static const Table table = read_table(materials_text(),
                                          {"id",
                                           "name",
                                           "kgco2e_low",
                                           "kgco2e_per_kg",
                                           "kgco2e_high",
                                           "co2_source",
                                           "co2_confidence",
                                           ""});
    return table;
}

const Table& grids() {
    static const Table table =
        read_table(grid_intensity_text(),
                   {"iso3", "country", "", "gco2e_per_kwh", "", "source", "confidence", "year"});
    return table;
}

const Table& machines() {
    static const Table table = read_table(
        machine_energy_text(),
        {"id", "description", "low_w", "active_w", "high_w", "source", "confidence", ""});
    return table;
}

const Table& freights() {
    static const Table table =
        read_table(freight_factors_text(),
                   {"id", "description", "", "wtw", "", "source", "confidence", "year"});
    return table;
}

const Table& circuities() {
    static const Table table = read_table(
        circuity_text(), {"region", "applies_to", "", "factor", "", "source", "confidence", ""});
    return table;
}

const Factor* with_id(const Table& table, std::string_view id) {
    const auto found = std::find_if(
        table.begin(), table.end(), [id](const Factor& factor) { return factor.id == id; });
    return found == table.end() ? nullptr : &*found;
}

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::vector<std::string> ids_of(const Table& table) {
    std::vector<std::string> ids;
    for (const Factor& factor : table)
        ids.push_back(factor.id);
    return ids;
}

}  // namespace

const Factor* material_factor(std::string_view id) {
    return with_id(materials(), id);
}

const Factor* grid_factor(std::string_view country) {
    const std::string wanted = lower(country);
    const auto found = std::find_if(grids().begin(), grids().end(), [&](const Factor& grid) {
        return lower(grid.id) == wanted || lower(grid.name) == wanted;
    });
    return found == grids().end() ? nullptr : &*found;
}

std::optional<std::string> grid_like(std::string_view country) {
    const std::string typed = lower(country);
    std::vector<std::string> words;
    std::vector<std::string> codes;
    for (const Factor& grid : grids()) {
        words.insert(words.end(), {lower(grid.id), lower(grid.name)});
        codes.insert(codes.end(), {grid.id, grid.id});
    }
    const auto meant = nearest_word(typed, words);
    if (!meant) return std::nullopt;
    const auto at = std::find(words.begin(), words.end(), *meant) - words.begin();
    return codes[static_cast<std::size_t>(at)];
}

const Factor* machine_power(std::string_view id) {
    return with_id(machines(), id);
}

std::optional<std::string> machine_like(std::string_view id) {
    return nearest_word(id, ids_of(machines()));
}

std::string known_machine_ids() {
    std::string text;
    for (const Factor& factor : machines())
        text += (text.empty() ? "" : ", ") + factor.id;
    return text;
}

const Factor* freight_factor(std::string_view id) {
    return with_id(freights(), id);
}

const Factor* circuity(std::string_view region) {
    return with_id(circuities(), region);
}

std::span<const Factor> all_material_factors() {
    return materials();
}

std::span<const Factor> all_grid_factors() {
    return grids();
}

std::span<const Factor> all_machine_powers() {
    return machines();
}

}  // namespace nearfab::footprint
