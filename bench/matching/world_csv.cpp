// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/world_csv.hpp"

#include "proto/model/process.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

namespace nearfab::bench {
namespace {

constexpr std::array<std::string_view, 9> columns{"id",
                                                  "latitude_deg",
                                                  "longitude_deg",
                                                  "process",
                                                  "materials",
                                                  "envelope_mm",
                                                  "min_feature_mm",
                                                  "tolerance_mm",
                                                  "backlog_s"};
constexpr std::size_t name_bytes_max = 64;
constexpr float side_mm_max = 100'000;
constexpr float fineness_mm_max = 1000;
constexpr std::int32_t backlog_s_max = 315'360'000;

std::string header() {
    std::string line;
    for (const std::string_view column : columns) {
        if (!line.empty()) line += ',';
        line += column;
    }
    return line;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> pieces;
    for (std::size_t from = 0;;) {
        const std::size_t to = text.find(separator, from);
        pieces.push_back(text.substr(from, to - from));
        if (to == std::string_view::npos) return pieces;
        from = to + 1;
    }
}

std::string quoted(std::string_view text) {
    return "\"" + std::string{text.substr(0, name_bytes_max)} + "\"";
}

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= name_bytes_max &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
           });
}

// Whatever is wrong with one line; the words are for after "line 3, ".
class Line {
public:
    Line(std::vector<std::string_view> fields, World& world) : fields_(fields), world_(world) {}

    Result<BenchMachine> machine() {
        BenchMachine made;
        number(1, -90.0, 90.0, made.latitude_deg);
        number(2, -180.0, 180.0, made.longitude_deg);
        process(made);
        materials(made);
        envelope(made);
        above_zero(6, fields_[6], fineness_mm_max, made.min_feature_mm);
        above_zero(7, fields_[7], fineness_mm_max, made.tolerance_mm);
        number(8, 0, backlog_s_max, made.backlog_s);
        if (!problem_.empty()) return fail(ErrorCode::invalid_file, problem_);
        return made;
    }

private:
    void wrong(std::size_t column, const std::string& what) {
        if (problem_.empty()) problem_ = "column " + std::string{columns[column]} + ": " + what;
    }

    template <typename Number>
    static bool parse(std::string_view text, Number& value) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc{} && end == text.data() + text.size();
    }

    template <typename Number>
    void number(std::size_t column, Number least, Number most, Number& value) {
        const std::string_view text = fields_[column];
        if (!parse(text, value)) {
            wrong(column, quoted(text) + " is not a number");
        } else if (!(value >= least && value <= most)) {  // Not a number is not within either.
            wrong(column, quoted(text) + " is not within " + plain(least) + " to " + plain(most));
        }
    }

    void above_zero(std::size_t column, std::string_view text, float most, float& value) {
        if (!parse(text, value)) {
            wrong(column, quoted(text) + " is not a number");
        } else if (!(value > 0 && value <= most)) {
            wrong(column, quoted(text) + " is not above 0 and up to " + plain(most));
        }
    }

    template <typename Number>
    static std::string plain(Number value) {
        return std::to_string(static_cast<long long>(value));
    }

    void process(BenchMachine& made) {
        const auto known = known_processes();
        const bool ours = std::any_of(
            known.begin(), known.end(), [&](const auto& info) { return info.id == fields_[3]; });
        if (!ours) {
            wrong(3, quoted(fields_[3]) + " is none of " + std::string{known_process_ids()});
            return;
        }
        if (!find_name(world_.processes, fields_[3])) world_.processes.emplace_back(fields_[3]);
        made.process = find_name(world_.processes, fields_[3]).value();
    }

    void materials(BenchMachine& made) {
        for (const std::string_view name : split(fields_[4], ';')) {
            if (!is_id(name)) {
                wrong(4, quoted(name) + " is no id (a-z, 0-9, _ and -)");
                return;
            }
            auto bit = find_name(world_.materials, name);
            if (!bit) {
                if (world_.materials.size() == materials_max) {
                    wrong(4, quoted(name) + " is a 33rd material, and 32 are all there may be");
                    return;
                }
                bit = static_cast<std::uint8_t>(world_.materials.size());
                world_.materials.emplace_back(name);
            }
            const MaterialSet one = MaterialSet{1} << *bit;
            if ((made.materials & one) != 0) wrong(4, quoted(name) + " is there twice");
            made.materials |= one;
        }
    }

    void envelope(BenchMachine& made) {
        const auto sides = split(fields_[5], 'x');
        if (sides.size() != made.envelope_mm.size()) {
            wrong(5, quoted(fields_[5]) + " has not the form 220x220x250");
            return;
        }
        for (std::size_t i = 0; i < sides.size(); ++i)
            above_zero(5, sides[i], side_mm_max, made.envelope_mm[i]);
        std::sort(made.envelope_mm.begin(), made.envelope_mm.end());
    }

    std::vector<std::string_view> fields_;
    World& world_;
    std::string problem_;
};

template <typename Number>
void append(std::string& text, Number value) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    text.append(digits.data(), end);
}

tl::unexpected<Error> wrong_line(std::size_t number, const std::string& what) {
    return fail(ErrorCode::invalid_file,
                "line " + std::to_string(number) + ", " + what,
                "correct that line; the first line is " + header());
}

}  // namespace

Result<World> read_world_csv(std::string_view text) {
    World world;
    std::set<std::string_view> seen;
    bool has_header = false;
    if (text.ends_with('\n')) text.remove_suffix(1);
    const auto lines = split(text, '\n');
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::string_view line = lines[i];
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!has_header) {
            if (line.starts_with('#')) continue;
            if (line != header())
                return wrong_line(i + 1, "column id: the names of the columns are missing");
            has_header = true;
            continue;
        }
        auto fields = split(line, ',');
        if (fields.size() != columns.size()) {
            const auto at = std::min(fields.size(), columns.size()) - 1;
            return wrong_line(i + 1,
                              "column " + std::string{columns[at]} + ": " +
                                  std::to_string(fields.size()) + " columns instead of " +
                                  std::to_string(columns.size()));
        }
        if (fields[0].empty() || fields[0].size() > name_bytes_max)
            return wrong_line(i + 1, "column id: not 1 to 64 bytes long");
        if (!seen.insert(fields[0]).second)
            return wrong_line(i + 1, "column id: " + quoted(fields[0]) + " was there before");
        auto machine = Line{fields, world}.machine();
        if (!machine) return wrong_line(i + 1, machine.error().message);
        machine->id = static_cast<std::uint32_t>(world.machines.size());
        world.machines.push_back(*machine);
        world.labels.emplace_back(fields[0]);
    }
    if (world.machines.empty()) return wrong_line(lines.size(), "column id: no machine");
    return world;
}

std::string write_world_csv(const World& world) {
    std::string text = header() + "\n";
    for (const BenchMachine& machine : world.machines) {
        text += world.labels.empty() ? std::to_string(machine.id) : world.labels[machine.id];
        text += ',';
        append(text, machine.latitude_deg);
        text += ',';
        append(text, machine.longitude_deg);
        text += ',' + world.processes[machine.process] + ',';
        bool first = true;
        for (std::size_t i = 0; i < world.materials.size(); ++i) {
            if (((machine.materials >> i) & 1U) == 0) continue;
            if (!first) text += ';';
            text += world.materials[i];
            first = false;
        }
        text += ',';
        for (std::size_t i = 0; i < machine.envelope_mm.size(); ++i) {
            if (i > 0) text += 'x';
            append(text, machine.envelope_mm[i]);
        }
        for (const float value : {machine.min_feature_mm, machine.tolerance_mm}) {
            text += ',';
            append(text, value);
        }
        text += ',' + std::to_string(machine.backlog_s) + '\n';
    }
    return text;
}

}  // namespace nearfab::bench
