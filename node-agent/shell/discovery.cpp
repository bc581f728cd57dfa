// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/discovery.hpp"

#include "host/sandboxed_program.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>

namespace nearfab::agent {
namespace {

constexpr const char* avahi_browse = "/usr/bin/avahi-browse";
constexpr Duration answer_limit = std::chrono::seconds{8};
constexpr std::size_t fields = 9;  // Before the texts of a resolved service.

std::string kind_of(std::string_view service) {
    if (service == "_octoprint._tcp") return "octoprint";
    if (service == "_moonraker._tcp") return "moonraker";
    if (service == "_prusalink._tcp") return "prusalink";
    return {};
}

// "Octo\032Print" is "Octo Print": three decimal digits behind a backslash.
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto digit = [&](std::size_t at) {
            return at < text.size() && text[at] >= '0' && text[at] <= '9';
        };
        if (text[i] != '\\' || !digit(i + 1) || !digit(i + 2) || !digit(i + 3)) {
            out += text[i];
            continue;
        }
        const int code = (text[i + 1] - '0') * 100 + (text[i + 2] - '0') * 10 + (text[i + 3] - '0');
        out += code >= ' ' && code < 256 ? static_cast<char>(code) : '.';
        i += 3;
    }
    return out;
}

std::array<std::string_view, fields> split(std::string_view line) {
    std::array<std::string_view, fields> parts{};
    for (std::string_view& part : parts) {
        const std::size_t end = std::min(line.find(';'), line.size());
        part = line.substr(0, end);
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return parts;
}

}  // namespace

std::vector<FoundMachine> machines_in(std::string_view avahi_answers) {
    std::map<std::string, FoundMachine> by_place;
    while (!avahi_answers.empty()) {
        const std::size_t end = std::min(avahi_answers.find('\n'), avahi_answers.size());
        const std::string_view line = avahi_answers.substr(0, end);
        avahi_answers.remove_prefix(std::min(end + 1, avahi_answers.size()));
        if (!line.starts_with("=;")) continue;  // "+" is heard of, "=" is resolved.
        const auto parts = split(line);
        const std::string kind = kind_of(parts[4]);
        if (kind.empty() || parts[6].empty() || parts[8].empty()) continue;
        const std::string place = "http://" + std::string{parts[6]} + ":" + std::string{parts[8]};
        FoundMachine& machine = by_place[place];
        if (machine.kind == "prusalink") continue;
        machine = {kind, unescaped(parts[3]), place};
    }
    std::vector<FoundMachine> found;
    for (auto& [place, machine] : by_place)
        found.push_back(std::move(machine));
    return found;
}

std::vector<FoundMachine> serial_devices(const std::filesystem::path& directory) {
    std::vector<FoundMachine> found;
    std::error_code none;
    const std::filesystem::directory_iterator end;
    for (std::filesystem::directory_iterator entry{directory, none}; !none && entry != end;
         entry.increment(none)) {
        found.push_back({"serial", entry->path().filename().string(), entry->path().string()});
    }
    std::sort(found.begin(), found.end(), [](const FoundMachine& a, const FoundMachine& b) {
        return a.place < b.place;
    });
    return found;
}

std::string ask_avahi() {
    std::string answers;
    for (const char* service : {"_octoprint._tcp", "_moonraker._tcp", "_prusalink._tcp"}) {
        SandboxSpec spec;
        spec.argv = {avahi_browse, "--parsable", "--resolve", "--terminate", service};
        spec.work_directory = "/";
        spec.wall_clock = answer_limit;
        spec.isolation = Isolation::limits_only;  // It talks to Avahi over a socket.
        if (const auto outcome = run_sandboxed(spec)) answers += outcome->standard_output;
    }
    return answers;
}

std::string to_text(const FoundMachine& machine) {
    std::string text = machine.name + "\n    driver = {kind = \"";
    if (machine.kind == "serial") {
        return text + "grbl\", port = \"" + machine.place +
               "\"}   # a mill or laser; kind = \"marlin\" for a printer\n";
    }
    text += machine.kind + "\", url = \"" + machine.place + "\"";
    if (machine.kind == "moonraker") return text + "}\n";
    return text + ", key_file = \"" + machine.kind +
           ".key\"}   # put its key into that file, chmod 600\n";
}

}  // namespace nearfab::agent
