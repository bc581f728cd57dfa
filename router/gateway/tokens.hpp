// SPDX-License-Identifier: GPL-3.0-or-later
// tokens.hpp - who may use the HTTP API, and as what.
//
// A text file with one token per line; only its hash is in it, so a stolen file opens nothing:
//
//     # People of the Lyon network.
//     designer  anna     0f3a...  (64 hex digits: BLAKE2b-256 of the token)
//     operator  hugo     77c1...  fabs=fablab-lyon,atelier-sud
//     read_only screen   a09b...  until=2027-01-31
//
// A name is the identity that the router knows: the jobs of the token of anna are those of the key
// of anna. `until` is the last day, in UTC. A name may have several tokens.

#pragma once

#include "base/clock.hpp"
#include "base/content_hash.hpp"
#include "base/id.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::gateway {

// Each may do what those before it may.
enum class Access : std::uint8_t { read_only = 0, designer = 1, operator_ = 2, admin = 3 };
[[nodiscard]] std::string_view to_string(Access access);
[[nodiscard]] std::optional<Access> access_of(std::string_view word);

struct Caller {
    IdentityId name;
    Access access = Access::read_only;
    std::vector<FabId> fabs;  // That an operator may act for.
    ContentHash token;        // The token's hash: what its limits are counted by.
    friend bool operator==(const Caller&, const Caller&) = default;
};

// An operator of that fab, or an admin.
[[nodiscard]] bool acts_for(const Caller& caller, const FabId& fab);

class TokenList {
public:
    // Lets nobody in.
    TokenList() = default;

    // Error config, with `file_name`, the line and what was expected there.
    [[nodiscard]] static Result<TokenList> parse(std::string_view text, std::string_view file_name);
    // Error config, also when there is no such file, it cannot be read, or has over 4 MiB.
    [[nodiscard]] static Result<TokenList> load(const std::filesystem::path& file);

    // Whose token this is now. Errors (unauthorised): it is no token, is not on the list, or its
    // time is over.
    [[nodiscard]] Result<Caller> find(std::string_view token, WallTime now) const;
    // The same token is still good for the same; for streams that are open.
    [[nodiscard]] bool is_good(const Caller& caller, WallTime now) const;

    [[nodiscard]] std::size_t size() const { return by_hash_.size(); }

private:
    struct Entry {
        Caller caller;
        std::optional<WallTime> until;  // The first moment at which it is over.
        std::size_t line = 0;
    };
    [[nodiscard]] Status add(std::string_view line, std::size_t number);
    [[nodiscard]] static Status add_words(const std::vector<std::string_view>& words, Entry& entry);

    std::map<ContentHash, Entry> by_hash_;
};

// A new random token: "nf_" and 43 characters (256 bits).
[[nodiscard]] std::string make_token();

// The line for the file. Error invalid_argument: what cannot stand in it, with the next step.
struct TokenWish {
    std::string role;
    std::string name;
    std::string fabs;   // "a,b"; empty: none.
    std::string until;  // "2027-01-31"; empty: no end.
};
[[nodiscard]] Result<std::string> token_line(const TokenWish& wish, std::string_view token);

// Puts the line at the end of the file, which is made if it is not there (0600). Error: storage, or
// config when the file has a fault already.
[[nodiscard]] Status append_line(const std::filesystem::path& file, const std::string& line);

}  // namespace nearfab::gateway
