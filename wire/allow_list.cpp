// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/allow_list.hpp"

#include "host/durable_file.hpp"
#include "proto/codec/codec.hpp"
#include "wire/keys.hpp"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace nearfab::wire {
namespace {

constexpr std::size_t file_bytes_max = std::size_t{4} * 1024 * 1024;
constexpr std::string_view blanks = " \t\r";

constexpr std::array<std::pair<std::string_view, Role>, 4> roles{{{"agent", Role::agent},
                                                                  {"client", Role::client},
                                                                  {"operator", Role::operator_},
                                                                  {"peer", Role::peer}}};

Role role_of(std::string_view word) {
    for (const auto& [name, role] : roles) {
        if (name == word) return role;
    }
    return Role::unknown;
}

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    std::size_t begin = line.find_first_not_of(blanks);
    while (begin != std::string_view::npos) {
        const std::size_t end = line.find_first_of(blanks, begin);
        words.push_back(line.substr(begin, end - begin));
        begin = line.find_first_not_of(blanks, end);
    }
    return words;
}

tl::unexpected<Error> fail_line(std::string message, std::string next) {
    return fail(ErrorCode::config, std::move(message), std::move(next));
}

}  // namespace

Result<AllowList> AllowList::parse(std::string_view text, std::string_view file_name) {
    AllowList list;
    std::size_t number = 0;
    while (!text.empty()) {
        ++number;
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.find_first_not_of(blanks) == std::string_view::npos) continue;
        if (line.front() == '#') continue;
        if (Status added = list.add(line, number); !added) {
            Error error = std::move(added.error());
            error.message =
                std::string{file_name} + ":" + std::to_string(number) + ": " + error.message;
            return fail(std::move(error));
        }
    }
    return list;
}

Status AllowList::add(std::string_view line, std::size_t number) {
    const std::vector<std::string_view> words = words_of(line);
    if (words.size() != 3) {
        return fail_line(
            "expected \"role name key\", found " + std::to_string(words.size()) + " words",
            "write for example: client anna KEY");
    }
    const Role role = role_of(words[0]);
    if (role == Role::unknown) {
        return fail_line("expected a role, found \"" + std::string{words[0]} + "\"",
                         "use agent, client, operator or peer");
    }
    if (!is_well_formed_id(words[1])) {
        return fail_line("\"" + std::string{words[1]} + "\" cannot be a name",
                         "use 1 to 64 letters, digits, '.', '-' and '_', beginning with a letter, "
                         "a digit or '_'");
    }
    const std::string key{words[2]};
    if (!is_well_formed_key(key)) {
        return fail_line("expected a public key of 40 Z85 characters, found " +
                             std::to_string(key.size()) + " characters that are none",
                         "copy the word after \"public\" from the key file");
    }
    const IdentityId name{std::string{words[1]}};
    const auto [entry, is_new] = by_key_.try_emplace(key, Entry{{role, name, key}, number});
    if (!is_new) {
        return fail_line("this key stands in line " + std::to_string(entry->second.line) +
                             " already, as " + entry->second.identity.name.text(),
                         "remove one of the two lines: a key belongs to one identity");
    }
    if (role != Role::agent) return {};
    const auto [agent, is_first] = agent_lines_.try_emplace(name, number);
    if (!is_first) {
        return fail_line("agent " + name.text() + " has a key in line " +
                             std::to_string(agent->second) + " already",
                         "remove the old line, or give the second agent a name of its own");
    }
    return {};
}

Result<AllowList> AllowList::load(const std::filesystem::path& file) {
    Result<std::vector<std::uint8_t>> bytes = read_file(file, file_bytes_max);
    if (!bytes) {
        Error error = std::move(bytes.error());
        if (error.code == ErrorCode::not_found) {
            error.message = "there is no list of allowed keys " + file.string();
            error.next = "make the file, with one line for each key: ROLE NAME KEY";
        }
        error.code = ErrorCode::config;
        return fail(std::move(error));
    }
    return parse(std::string{bytes->begin(), bytes->end()}, file.string());
}

std::optional<Identity> AllowList::find(std::string_view key) const {
    const auto entry = by_key_.find(key);
    if (entry == by_key_.end()) return std::nullopt;
    return entry->second.identity;
}

}  // namespace nearfab::wire
