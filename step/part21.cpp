// SPDX-License-Identifier: GPL-3.0-or-later

#include "step/part21.hpp"

#include <algorithm>
#include <vector>

namespace nearfab::step {
namespace {

constexpr std::string_view first_words = "ISO-10303-21;";
constexpr std::string_view last_words = "END-ISO-10303-21;";
constexpr std::size_t longest_header = 256 * 1024;
constexpr std::size_t shown_characters = 60;
constexpr const char* copy_again =
    "Copy or download the file again; if that does not help, export it again as STEP (AP214 or "
    "AP242)";
constexpr const char* export_solid =
    "Export the part itself from the CAD program, as STEP (AP203, AP214 or AP242), 3MF or STL";

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}

bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool begins_with(std::string_view text, std::string_view capitals) {
    return text.size() >= capitals.size() &&
           std::equal(capitals.begin(), capitals.end(), text.begin(), [](char want, char got) {
               return want == upper(got);
           });
}

std::string_view without_mark_and_blanks(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    const auto first = std::find_if_not(text.begin(), text.end(), is_blank);
    return text.substr(static_cast<std::size_t>(first - text.begin()));
}

Error at_line(std::string_view text,
              std::size_t offset,
              const std::string& what,
              const char* next) {
    const auto lines =
        std::count(text.begin(),
                   text.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text.size())),
                   '\n');
    return placed("line " + std::to_string(lines + 1), Error{ErrorCode::invalid_file, what, next});
}

// The words of the header: names, strings in quotes, and single marks. Comments are left out.
class Words {
public:
    explicit Words(std::string_view text) : text_{text.substr(0, longest_header)} {}

    // Empty at the end of the header's text.
    std::string_view next() {
        skip();
        begin_ = at_;
        if (at_ == text_.size()) return {};
        if (text_[at_] == '\'') return string();
        const auto named = [](char c) {
            return c == '_' || c == '-' || (upper(c) >= 'A' && upper(c) <= 'Z') ||
                   (c >= '0' && c <= '9');
        };
        while (at_ < text_.size() && named(text_[at_]))
            ++at_;
        if (at_ == begin_) ++at_;
        return text_.substr(begin_, at_ - begin_);
    }

    [[nodiscard]] std::size_t offset() const { return begin_; }

private:
    void skip() {
        for (;;) {
            while (at_ < text_.size() && is_blank(text_[at_]))
                ++at_;
            if (!text_.substr(at_).starts_with("/*")) return;
            const std::size_t end = text_.find("*/", at_ + 2);
            at_ = end == std::string_view::npos ? text_.size() : end + 2;
        }
    }

    // A quote inside is written twice, which here are two strings side by side: no name has one.
    std::string_view string() {
        const std::size_t end = text_.find('\'', at_ + 1);
        at_ = end == std::string_view::npos ? text_.size() : end + 1;
        return text_.substr(begin_, at_ - begin_);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t begin_ = 0;
};

// The name without quotes and without the numbers in braces that may follow it.
std::string bare_schema(std::string_view quoted) {
    quoted.remove_prefix(1);
    if (quoted.ends_with('\'')) quoted.remove_suffix(1);
    quoted = quoted.substr(0, std::min(quoted.find('{'), shown_characters));
    while (quoted.ends_with(' '))
        quoted.remove_suffix(1);
    std::string name;
    for (const char c : quoted)
        name += c >= ' ' && c <= '~' ? upper(c) : '?';
    return name;
}

bool is_about_parts(const std::string& schema) {
    const std::string_view known[]{
        "AUTOMOTIVE_DESIGN", "CONFIG_CONTROL_DESIGN", "AP203_", "AP214_", "AP242_"};
    return std::any_of(std::begin(known), std::end(known), [&](std::string_view name) {
        return schema.starts_with(name);
    });
}

std::string what_else(const std::string& schema) {
    return schema.starts_with("IFC") ? ", which is about buildings" : "";
}

Result<std::string> schema_in(std::string_view text) {
    Words words{text};
    std::string first;
    for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
        if (begins_with(word, "DATA") || begins_with(word, "ENDSEC")) break;
        if (!begins_with(word, "FILE_SCHEMA")) continue;
        const std::size_t at = words.offset();
        for (word = words.next(); !word.empty() && word != ";"; word = words.next()) {
            if (!word.starts_with('\'')) continue;
            const std::string schema = bare_schema(word);
            if (is_about_parts(schema)) return schema;
            if (first.empty()) first = schema;
        }
        if (first.empty()) break;
        return fail(at_line(text,
                            at,
                            "the STEP file follows the schema \"" + first + "\"" +
                                what_else(first) + "; parts are read from AP203, AP214 and AP242",
                            export_solid));
    }
    return fail(at_line(text,
                        words.offset(),
                        "the header of the STEP file names no schema (FILE_SCHEMA)",
                        copy_again));
}

}  // namespace

bool is_step(std::span<const std::uint8_t> file) {
    constexpr std::size_t looked_at = 4096;
    const std::string_view text{reinterpret_cast<const char*>(file.data()),
                                std::min(file.size(), looked_at)};
    return begins_with(without_mark_and_blanks(text), first_words);
}

Result<std::string> schema_of(std::string_view text) {
    if (!begins_with(without_mark_and_blanks(text), first_words)) {
        return fail(at_line(text,
                            0,
                            "this is no STEP file: it does not begin with \"ISO-10303-21;\"",
                            "Give a STEP file, or check the file itself with: nearfab check FILE"));
    }
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
        return fail(Error{
            ErrorCode::invalid_file,
            "byte " + std::to_string(nul) + " of this STEP file is NUL, which text does not hold",
            copy_again,
            "byte " + std::to_string(nul)});
    }
    auto schema = schema_in(text);
    if (!schema) return schema;
    const auto end = std::search(
        text.rbegin(), text.rend(), last_words.rbegin(), last_words.rend(), [](char a, char b) {
            return upper(a) == b;
        });
    if (end == text.rend()) {
        return fail(at_line(text,
                            text.size(),
                            "the STEP file ends here without \"END-ISO-10303-21;\", so its end is "
                            "missing",
                            copy_again));
    }
    return schema;
}

}  // namespace nearfab::step
