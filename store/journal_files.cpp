// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/journal_files.hpp"

#include "host/system_failure.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fmt/format.h>
#include <sstream>

namespace nearfab {
namespace {

constexpr std::string_view log_prefix = "log-";
constexpr std::string_view snapshot_prefix = "snapshot-";
constexpr std::string_view part_suffix = ".part";
constexpr std::size_t head_bytes_max = std::size_t{1} << 20U;

std::optional<std::uint64_t> number_after(const std::string& name, std::string_view prefix) {
    if (!name.starts_with(prefix)) return std::nullopt;
    std::uint64_t number = 0;
    const char* end = name.data() + name.size();
    const auto [stop, problem] = std::from_chars(name.data() + prefix.size(), end, number);
    if (problem != std::errc{} || stop != end) return std::nullopt;
    return number;
}

// Values are one line each in the head.
std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte != '%' && byte < 0x7F) {
            safe += c;
        } else {
            safe += fmt::format("%{:02x}", byte);
        }
    }
    return safe;
}

std::optional<std::string> unescaped(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            plain += text[i];
            continue;
        }
        unsigned value = 0;
        if (i + 2 >= text.size()) return std::nullopt;
        const auto [stop, problem] =
            std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16);
        if (problem != std::errc{} || stop != text.data() + i + 3) return std::nullopt;
        plain += static_cast<char>(value);
        i += 2;
    }
    return plain;
}

tl::unexpected<Error> bad_head(const std::string& where, const std::string& what) {
    return fail(ErrorCode::storage, where + " is damaged: " + what, restore_advice());
}

// The lines without the last one, which is the hash of the others.
std::optional<std::string> checked_lines(const std::string& text) {
    const auto last = text.rfind("\nhash ");
    if (last == std::string::npos) return std::nullopt;
    const std::string lines = text.substr(0, last + 1);
    if (text.substr(last + 1) != "hash " + hash_of(lines).hex() + "\n") return std::nullopt;
    return lines;
}

bool take_line(JournalHead& head, const std::string& word, std::istringstream& line) {
    std::string text;
    if (word == "kind") {
        line >> head.kind;
    } else if (word == "reached") {
        line >> head.reached.seq >> text;
        const auto chain = ContentHash::from_hex(text);
        if (!chain) return false;
        head.reached.chain = *chain;
    } else if (word == "setting") {
        std::string name;
        line >> name;
        const auto safe_name = unescaped(name);
        if (!safe_name) return false;
        line >> text;  // May be empty.
        const auto value = unescaped(text);
        if (!value) return false;
        head.settings[*safe_name] = *value;
        return true;
    }
    return !line.fail();
}

int read_all(LogStorage& storage, const std::string& name, std::string& text) {
    std::unique_ptr<LogFile> file;
    if (const int error = storage.open(name, LogStorage::Mode::read, file); error != 0) {
        return error;
    }
    std::vector<std::uint8_t> bytes(head_bytes_max);
    std::size_t got = 0;
    if (const int error = file->read(0, bytes, got); error != 0) return error;
    text.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(got));
    return 0;
}

}  // namespace

std::string log_name(std::uint64_t first) {
    return fmt::format("{}{:020}", log_prefix, first);
}

std::string snapshot_name(std::uint64_t last) {
    return fmt::format("{}{:020}", snapshot_prefix, last);
}

Result<JournalFiles> list_journal(LogStorage& storage) {
    std::vector<std::string> names;
    if (const int error = storage.list(names); error != 0) {
        return fail_system("cannot list " + storage.where(""), error);
    }
    JournalFiles files;
    for (const std::string& name : names) {
        if (name.ends_with(part_suffix)) {
            files.unfinished.push_back(name);
        } else if (const auto first = number_after(name, log_prefix)) {
            files.logs.push_back(*first);
        } else if (const auto last = number_after(name, snapshot_prefix)) {
            files.snapshots.push_back(*last);
        }
        files.head |= name == "head";
        files.spare |= name == "spare";
    }
    std::ranges::sort(files.logs);
    std::ranges::sort(files.snapshots);
    std::ranges::sort(files.unfinished);
    return files;
}

Result<JournalHead> read_journal_head(LogStorage& storage, const std::string& kind) {
    const std::string where = storage.where("head");
    std::string text;
    if (const int error = read_all(storage, "head", text); error != 0) {
        return fail_system("cannot read " + where, error);
    }
    const auto lines = checked_lines(text);
    if (!lines) return bad_head(where, "its hash is not that of its lines");
    JournalHead head;
    std::istringstream stream{*lines};
    std::string line_text;
    std::getline(stream, line_text);
    if (line_text != fmt::format("nearfab journal {}", journal_format)) {
        return fail(ErrorCode::unsupported_version,
                    where + " says \"" + line_text + "\", this program knows format " +
                        std::to_string(journal_format),
                    "start the version of nearfab that wrote it");
    }
    while (std::getline(stream, line_text)) {
        std::istringstream line{line_text};
        std::string word;
        line >> word;
        if (!take_line(head, word, line)) return bad_head(where, "\"" + line_text + "\"");
    }
    if (head.kind == kind) return head;
    return fail(ErrorCode::conflict,
                storage.where("") + " is the journal of the " + head.kind + ", not of the " + kind,
                "give each program a state directory of its own");
}

int write_journal_head(LogStorage& storage, const JournalHead& head) {
    std::string lines = fmt::format("nearfab journal {}\nkind {}\nreached {} {}\n",
                                    journal_format,
                                    head.kind,
                                    head.reached.seq,
                                    head.reached.chain.hex());
    for (const auto& [name, value] : head.settings)
        lines += fmt::format("setting {} {}\n", escaped(name), escaped(value));
    lines += "hash " + hash_of(lines).hex() + "\n";
    const std::string part = "head" + std::string{part_suffix};
    if (const int error = storage.remove(part); error != 0 && error != ENOENT) return error;
    std::unique_ptr<LogFile> file;
    int error = storage.open(part, LogStorage::Mode::create, file);
    if (error == 0) {
        error = file->write(
            0, std::span{reinterpret_cast<const std::uint8_t*>(lines.data()), lines.size()});
    }
    if (error == 0) error = file->sync();
    if (error == 0) error = storage.rename(part, "head");
    return error == 0 ? storage.sync_names() : error;
}

std::vector<std::uint8_t> segment_frame(const std::string& kind,
                                        std::uint64_t first,
                                        ContentHash& chain) {
    std::vector<std::uint8_t> payload;
    frame::put_u32(payload, journal_format);
    frame::put_u32(payload, 0);
    payload.insert(payload.end(), chain.bytes.begin(), chain.bytes.end());
    payload.insert(payload.end(), kind.begin(), kind.end());
    const frame::Header header{.type = frame::Type::segment,
                               .payload = static_cast<std::uint32_t>(payload.size()),
                               .seq = first};
    std::vector<std::uint8_t> bytes;
    const ContentHash salt = chain;
    frame::write(bytes, header, payload, salt, chain);
    return bytes;
}

}  // namespace nearfab
