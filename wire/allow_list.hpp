// SPDX-License-Identifier: GPL-3.0-or-later
// allow_list.hpp - the keys a router lets in, and whose they are.
//
// A text file with one key per line:
//
//     # People and fabs of the Lyon network.
//     agent    fablab-lyon  yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID
//     client   anna         ...
//     operator anna         ...
//
// Roles are agent, client, operator and peer. A line that begins with '#' is a comment; later in a
// line '#' may be part of a key. A name may have several keys (a person with two computers), except
// an agent's: two computers under one fab's name would take each other's work.

#pragma once

#include "base/result.hpp"
#include "wire/identity.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace nearfab::wire {

class AllowList {
public:
    // Lets nobody in.
    AllowList() = default;

    // Errors: config, with `file_name`, the line and what was expected there.
    [[nodiscard]] static Result<AllowList> parse(std::string_view text, std::string_view file_name);
    // Error: config, also when there is no such file, it cannot be read, or has over 4 MiB.
    [[nodiscard]] static Result<AllowList> load(const std::filesystem::path& file);

    // Whose key this is; nothing for a stranger's.
    [[nodiscard]] std::optional<Identity> find(std::string_view key) const;

    [[nodiscard]] std::size_t size() const { return by_key_.size(); }

private:
    [[nodiscard]] Status add(std::string_view line, std::size_t number);

    struct Entry {
        Identity identity;
        std::size_t line = 0;
    };
    struct KeyHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view key) const {
            return std::hash<std::string_view>{}(key);
        }
    };
    // Looked into for each message that comes.
    std::unordered_map<std::string, Entry, KeyHash, std::equal_to<>> by_key_;
    std::map<IdentityId, std::size_t> agent_lines_;
};

}  // namespace nearfab::wire
