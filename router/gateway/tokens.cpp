// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/tokens.hpp"

#include "host/durable_file.hpp"
#include "host/random.hpp"
#include "proto/model/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <span>
#include <utility>

namespace nearfab::gateway {
namespace {

constexpr std::size_t file_bytes_max = std::size_t{4} << 20U;
constexpr std::size_t token_bytes = 32;
constexpr std::string_view prefix = "nf_";
constexpr std::size_t token_characters = 43;
constexpr std::string_view blanks = " \t\r";
constexpr std::string_view base64url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::array<std::pair<std::string_view, Access>, 4> words_of_access{
    {{"read_only", Access::read_only},
     {"designer", Access::designer},
     {"operator", Access::operator_},
     {"admin", Access::admin}}};

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
    std::vector<std::string_view> words;
    std::size_t begin = text.find_first_not_of(separators);
    while (begin != std::string_view::npos) {
        const std::size_t end = text.find_first_of(separators, begin);
        words.push_back(text.substr(begin, end - begin));
        begin = text.find_first_not_of(separators, end);
    }
    return words;
}

std::string quoted(std::string_view word) {
    return "\"" + clean_text(word, TextKind::line, limits::name_bytes_max) + "\"";
}

tl::unexpected<Error> fault(std::string message, std::string next) {
    return fail(ErrorCode::config, std::move(message), std::move(next));
}

std::optional<int> number_of(std::string_view digits) {
    int value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, problem] = std::from_chars(digits.data(), end, value);
    return problem == std::errc{} && stop == end ? std::optional{value} : std::nullopt;
}

// The moment at which that day is over.
std::optional<WallTime> end_of_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = number_of(text.substr(0, 4));
    const auto month = number_of(text.substr(5, 2));
    const auto day = number_of(text.substr(8, 2));
    if (!year || !month || !day || *month < 1 || *day < 1) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return WallTime{std::chrono::sys_days{date} + std::chrono::days{1}};
}

bool looks_like_token(std::string_view token) {
    if (!token.starts_with(prefix) || token.size() != prefix.size() + token_characters)
        return false;
    return token.find_first_not_of(base64url, prefix.size()) == std::string_view::npos;
}

// 43 characters say 258 bits; the last two are zero.
std::string base64url_of(std::span<const std::uint8_t> bytes) {
    std::string text;
    std::uint32_t bits = 0;
    int held = 0;
    for (const std::uint8_t byte : bytes) {
        bits = (bits << 8U) | byte;
        held += 8;
        while (held >= 6) {
            held -= 6;
            text += base64url[(bits >> static_cast<unsigned>(held)) & 63U];
        }
    }
    if (held > 0) text += base64url[(bits << static_cast<unsigned>(6 - held)) & 63U];
    return text;
}

}  // namespace

bool acts_for(const Caller& caller, const FabId& fab) {
    if (caller.access == Access::admin) return true;
    return caller.access == Access::operator_ &&
           std::find(caller.fabs.begin(), caller.fabs.end(), fab) != caller.fabs.end();
}

std::string_view to_string(Access access) {
    return words_of_access[static_cast<std::size_t>(access)].first;
}

std::optional<Access> access_of(std::string_view word) {
    for (const auto& [name, access] : words_of_access) {
        if (name == word) return access;
    }
    return std::nullopt;
}

Result<TokenList> TokenList::parse(std::string_view text, std::string_view file_name) {
    TokenList list;
    std::size_t number = 0;
    while (!text.empty()) {
        ++number;
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const std::size_t begin = line.find_first_not_of(blanks);
        if (begin == std::string_view::npos || line[begin] == '#') continue;
        if (Status added = list.add(line, number); !added) {
            return fail(prefixed(std::string{file_name} + ":" + std::to_string(number) + ": ",
                                 std::move(added.error())));
        }
    }
    return list;
}

Status TokenList::add(std::string_view line, std::size_t number) {
    const std::vector<std::string_view> words = split(line, blanks);
    if (words.size() < 3) {
        return fault("expected \"role name hash\", found " + std::to_string(words.size()) +
                         (words.size() == 1 ? " word" : " words"),
                     "make a line with: nearfab-router token --role designer --name NAME");
    }
    Entry entry;
    entry.line = number;
    const auto access = access_of(words[0]);
    if (!access) {
        return fault("expected a role, found " + quoted(words[0]),
                     "use read_only, designer, operator or admin");
    }
    entry.caller.access = *access;
    if (!is_well_formed_id(words[1])) {
        return fault(quoted(words[1]) + " cannot be a name",
                     "use 1 to 64 letters, digits, '.', '-' and '_', beginning with a letter, a "
                     "digit or '_'");
    }
    entry.caller.name = IdentityId{std::string{words[1]}};
    if (looks_like_token(words[2])) {
        return fault("the token itself stands in the file",
                     "remove the line, and write the one that `nearfab-router token` prints: it "
                     "holds only the hash");
    }
    const auto hash = ContentHash::from_hex(words[2]);
    if (!hash) {
        return fault("expected the hash of a token (64 hex digits), found " + quoted(words[2]),
                     "copy the line that `nearfab-router token` prints");
    }
    entry.caller.token = *hash;
    if (Status read = add_words(words, entry); !read) return read;
    const auto [known, is_new] = by_hash_.try_emplace(*hash, std::move(entry));
    if (!is_new) {
        return fault("this token stands in line " + std::to_string(known->second.line) +
                         " already, as " + known->second.caller.name.text(),
                     "remove one of the two lines");
    }
    return {};
}

Status TokenList::add_words(const std::vector<std::string_view>& words, Entry& entry) {
    for (std::size_t i = 3; i < words.size(); ++i) {
        std::string_view word = words[i];
        if (word.starts_with("fabs=")) {
            for (const std::string_view fab : split(word.substr(5), ",")) {
                if (!is_well_formed_id(fab)) {
                    return fault(quoted(fab) + " cannot be the name of a fab",
                                 "write the names that the list of keys has, with commas");
                }
                entry.caller.fabs.emplace_back(std::string{fab});
            }
        } else if (word.starts_with("until=")) {
            entry.until = end_of_day(word.substr(6));
            if (!entry.until) {
                return fault(quoted(word) + " names no day",
                             "write the last day as year-month-day: until=2027-01-31");
            }
        } else {
            return fault("expected fabs=A,B or until=DAY, found " + quoted(word),
                         "remove it, or write for example: until=2027-01-31");
        }
    }
    if (entry.caller.access == Access::operator_ && entry.caller.fabs.empty()) {
        return fault("an operator acts for fabs, and none is named",
                     "add fabs=NAME, or fabs=A,B for several");
    }
    if (entry.caller.access != Access::operator_ && !entry.caller.fabs.empty()) {
        return fault("fabs are named, but only an operator acts for fabs",
                     "remove fabs=..., or write operator");
    }
    return {};
}

Result<TokenList> TokenList::load(const std::filesystem::path& file) {
    auto bytes = read_file(file, file_bytes_max);
    if (!bytes) {
        Error error = std::move(bytes.error());
        if (error.code == ErrorCode::not_found) {
            error.message = "there is no list of tokens " + file.string();
            error.next =
                "make it with: nearfab-router token --role designer --name NAME --add (or an empty "
                "file, which lets nobody in)";
        }
        error.code = ErrorCode::config;
        return fail(std::move(error));
    }
    return parse(std::string{bytes->begin(), bytes->end()}, file.string());
}

Result<Caller> TokenList::find(std::string_view token, WallTime now) const {
    constexpr std::string_view next = "ask the operator of the router for a token";
    if (!looks_like_token(token)) {
        return fail(ErrorCode::unauthorised,
                    "what was sent is no token of nearfab",
                    "send \"Authorization: Bearer nf_...\" with the 43 characters behind nf_");
    }
    const auto known = by_hash_.find(hash_of(token));
    if (known == by_hash_.end()) {
        return fail(ErrorCode::unauthorised, "this token is not known here", std::string{next});
    }
    if (known->second.until && now >= *known->second.until) {
        return fail(ErrorCode::unauthorised,
                    "the time of this token is over",
                    "ask the operator of the router for a new one");
    }
    return known->second.caller;
}

bool TokenList::is_good(const Caller& caller, WallTime now) const {
    const auto known = by_hash_.find(caller.token);
    if (known == by_hash_.end() || known->second.caller != caller) return false;
    return !known->second.until || now < *known->second.until;
}

std::string make_token() {
    const auto secret = ContentHash::from_hex(random_hex(token_bytes));
    return std::string{prefix} + base64url_of(secret->bytes);
}

Result<std::string> token_line(const TokenWish& wish, std::string_view token) {
    std::string line = wish.role + " " + wish.name + " " + hash_of(token).hex();
    if (!wish.fabs.empty()) line += " fabs=" + wish.fabs;
    if (!wish.until.empty()) line += " until=" + wish.until;
    // What the reader of the file refuses is not written; its words say what is wrong.
    auto list = TokenList::parse(line, "token");
    const bool one = list && list->size() == 1 && line.find('\n') == std::string::npos;
    if (one) return line;
    Error error = list ? Error{ErrorCode::config, "a word has a line end in it", "leave it out"}
                       : list.error();
    error.code = ErrorCode::invalid_argument;
    if (error.message.starts_with("token:1: ")) error.message.erase(0, 9);
    return fail(std::move(error));
}

Status append_line(const std::filesystem::path& file, const std::string& line) {
    std::vector<std::uint8_t> text;
    auto before = read_file(file, file_bytes_max);
    if (before) {
        text = std::move(*before);
        if (auto list = TokenList::parse(std::string{text.begin(), text.end()}, file.string());
            !list) {
            return fail(list.error());
        }
    } else if (before.error().code != ErrorCode::not_found) {
        return fail(before.error());
    }
    if (!text.empty() && text.back() != '\n') text.push_back('\n');
    text.insert(text.end(), line.begin(), line.end());
    text.push_back('\n');
    return write_durably(file, text);
}

}  // namespace nearfab::gateway
