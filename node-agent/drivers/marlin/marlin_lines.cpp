// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/marlin/marlin_lines.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

namespace nearfab::agent {
namespace {

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// The number behind "Resend:", "Resend: ", "rs N" and "rs ".
std::optional<std::uint64_t> resend_in(std::string_view line) {
    std::size_t at = 0;
    if (line.starts_with("Resend:")) {
        at = 7;
    } else if (line.starts_with("rs ")) {
        at = 3;
    } else {
        return std::nullopt;
    }
    while (at < line.size() && (line[at] == ' ' || line[at] == 'N'))
        ++at;
    std::uint64_t number = 0;
    const auto [end, problem] =
        std::from_chars(line.data() + at, line.data() + line.size(), number);
    return problem == std::errc{} ? std::optional{number} : std::nullopt;
}

bool is_fault(std::string_view line) {
    static constexpr std::array<std::string_view, 8> words{"Printer halted",
                                                           "kill() called",
                                                           "Thermal Runaway",
                                                           "Heating failed",
                                                           "MAXTEMP",
                                                           "MINTEMP",
                                                           "Homing Failed",
                                                           "PROBING FAILED"};
    if (line.starts_with("!!")) return true;
    return std::any_of(
        words.begin(), words.end(), [&](std::string_view word) { return contains(line, word); });
}

// From the word to the next word in capitals with a colon.
std::string value_of(std::string_view line, std::string_view name) {
    const std::size_t at = line.find(name);
    if (at == std::string_view::npos) return {};
    std::string_view rest = line.substr(at + name.size());
    const std::size_t colon = rest.find(':');
    if (colon != std::string_view::npos) {
        const std::size_t space = rest.rfind(' ', colon);
        rest = rest.substr(0, space == std::string_view::npos ? 0 : space);
    }
    return std::string{rest};
}

marlin_line::Firmware firmware_in(std::string_view line) {
    return {
        value_of(line, "FIRMWARE_NAME:"), value_of(line, "MACHINE_TYPE:"), value_of(line, "UUID:")};
}

MarlinLine capability_in(std::string_view line) {
    const std::size_t colon = line.rfind(':');
    if (colon <= 4) return marlin_line::Other{std::string{line}};
    return marlin_line::Capability{std::string{line.substr(4, colon - 4)},
                                   line.substr(colon + 1) == "1"};
}

}  // namespace

MarlinLine parse_marlin_line(std::string_view line) {
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r'))
        line.remove_suffix(1);
    if (line == "start") return marlin_line::Start{};
    if (line == "wait") return marlin_line::Wait{};
    if (line == "ok" || line.starts_with("ok ")) {
        return marlin_line::Ok{std::string{line.substr(std::min<std::size_t>(3, line.size()))}};
    }
    if (const auto number = resend_in(line)) return marlin_line::Resend{*number};
    if (line.starts_with("echo:busy:") || line.starts_with("busy:")) {
        return marlin_line::Busy{contains(line, "paused for user")};
    }
    if (line.starts_with("//action:")) return marlin_line::Action{std::string{line.substr(9)}};
    if (line.starts_with("// action:")) return marlin_line::Action{std::string{line.substr(10)}};
    if (is_fault(line)) return marlin_line::Fault{std::string{line}};
    if (line.starts_with("Error:")) return marlin_line::Complaint{std::string{line.substr(6)}};
    if (contains(line, "FIRMWARE_NAME:")) return firmware_in(line);
    if (line.starts_with("Cap:")) return capability_in(line);
    return marlin_line::Other{std::string{line}};
}

std::string numbered_line(std::uint64_t number, std::string_view code) {
    std::string line = "N" + std::to_string(number) + " " + std::string{code};
    unsigned sum = 0;
    for (const char c : line)
        sum ^= static_cast<unsigned char>(c);
    return line + "*" + std::to_string(sum) + "\n";
}

}  // namespace nearfab::agent
