// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/bubblewrap.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <system_error>

namespace nearfab {
namespace {

void add(std::vector<std::string>& command, std::initializer_list<std::string> words) {
    command.insert(command.end(), words);
}

// On merged-/usr systems /bin and friends are links into /usr; elsewhere they are directories.
void add_system_directory(std::vector<std::string>& command, const std::string& path) {
    std::error_code ignored_missing;
    const auto target = std::filesystem::read_symlink(path, ignored_missing);
    if (!ignored_missing) {
        add(command, {"--symlink", target.string(), path});
    } else {
        add(command, {"--ro-bind-try", path, path});
    }
}

std::optional<int> number_after(std::string_view text, std::string_view key) {
    const std::size_t found = text.find(key);
    if (found == std::string_view::npos) return std::nullopt;
    text.remove_prefix(found + key.size());
    text.remove_prefix(std::min(text.find_first_not_of(": \t"), text.size()));
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    // A number at the very end may still be incomplete: the rest can be under way in the pipe.
    if (error != std::errc{} || end == text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace

std::vector<std::string> bubblewrap_command(const SandboxSpec& spec, int report_to, int filter) {
    std::vector<std::string> command{bubblewrap_program};
    add(command, {"--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"});
    add(command, {"--json-status-fd", std::to_string(report_to)});
    if (filter >= 0) add(command, {"--seccomp", std::to_string(filter)});
    add(command, {"--ro-bind", "/usr", "/usr"});
    for (const char* path : {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}) {
        add_system_directory(command, path);
    }
    for (const char* path : {"/etc/alternatives", "/etc/ld.so.cache"}) {
        add(command, {"--ro-bind-try", path, path});
    }
    // /dev and / are memory too, and would escape the limit on /tmp if they stayed writable.
    add(command, {"--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"});
    add(command, {"--size", std::to_string(spec.file_bytes), "--tmpfs", "/tmp"});
    for (const auto& path : spec.read_only) {
        add(command, {"--ro-bind", path.string(), path.string()});
    }
    // Last, so that it stays writable inside a read-only path and visible below /tmp.
    const std::string work = spec.work_directory.string();
    add(command, {"--bind", work, work, "--remount-ro", "/", "--chdir", work, "--"});
    command.insert(command.end(), spec.argv.begin(), spec.argv.end());
    return command;
}

BubblewrapReport read_bubblewrap_report(std::string_view json_lines) {
    return {.first_process = number_after(json_lines, "\"child-pid\""),
            .exit_code = number_after(json_lines, "\"exit-code\"")};
}

}  // namespace nearfab
