// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/process_tree.hpp"

#include "host/durable_file.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab {
namespace {

constexpr std::size_t most_processes = 256;  // A fork bomb must not keep us busy measuring it.
constexpr std::size_t longest_proc_file = 64 * 1024;

// A process may end between two looks at it, so a file that is gone is simply empty.
std::string proc_text(pid_t process, const std::string& name) {
    const auto bytes =
        read_file("/proc/" + std::to_string(process) + "/" + name, longest_proc_file);
    return bytes ? std::string{bytes->begin(), bytes->end()} : std::string{};
}

template <typename Number>
bool take_number(std::string_view& text, Number& number) {
    text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return error == std::errc{};
}

std::uint64_t peak_memory_of(pid_t process) {
    constexpr std::string_view key = "VmHWM:";
    const std::string status = proc_text(process, "status");
    const std::size_t found = status.find(key);
    if (found == std::string::npos) return 0;
    std::string_view rest = std::string_view{status}.substr(found + key.size());
    std::uint64_t kibibytes = 0;
    return take_number(rest, kibibytes) ? kibibytes * 1024 : 0;
}

// "4711 (any name) S 1 4700 ...": the state, the parent and the group follow the last bracket.
bool runs_in_group(pid_t process, pid_t group) {
    const std::string stat = proc_text(process, "stat");
    const std::size_t bracket = stat.rfind(')');
    if (bracket == std::string::npos || bracket + 2 >= stat.size()) return false;
    std::string_view rest = std::string_view{stat}.substr(bracket + 2);
    const char state = rest.front();
    pid_t parent = 0;
    pid_t its_group = 0;
    if (!take_number(rest, parent) || !take_number(rest, its_group)) return false;
    return its_group == group && state != 'Z' && state != 'X';
}

}  // namespace

std::uint64_t peak_memory_of_tree(pid_t root) {
    std::vector<pid_t> tree{root};
    std::uint64_t peak = 0;
    for (std::size_t i = 0; i < tree.size(); ++i) {
        peak = std::max(peak, peak_memory_of(tree[i]));
        const std::string children =
            proc_text(tree[i], "task/" + std::to_string(tree[i]) + "/children");
        std::string_view rest = children;
        pid_t child = 0;
        while (tree.size() < most_processes && take_number(rest, child))
            tree.push_back(child);
    }
    return peak;
}

bool group_is_alive(pid_t group) {
    // The quick answer is the usual one.
    if (::kill(-group, 0) != 0 && errno == ESRCH) return false;
    std::error_code error;
    std::filesystem::directory_iterator entry{"/proc", error};
    const std::filesystem::directory_iterator end;
    for (; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        std::string_view digits = name;
        pid_t process = 0;
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        if (take_number(digits, process) && runs_in_group(process, group)) return true;
    }
    return static_cast<bool>(error);  // Without /proc, what kill() said must do.
}

}  // namespace nearfab
