// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/number_text.hpp"
#include "geometry/stl.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

namespace nearfab::geometry {
namespace {

// No exporter writes longer numbers; the limit keeps a hostile one from costing anything.
constexpr std::size_t longest_number = 128;
constexpr std::size_t shown_characters = 24;

bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string shown(std::string_view token) {
    std::string text = "\"";
    for (const char c : token.substr(0, shown_characters))
        text += c >= ' ' && c <= '~' ? c : '?';
    return text + (token.size() > shown_characters ? "...\"" : "\"");
}

enum class NumberKind : std::uint8_t { finite, not_finite, too_long, no_number };

struct Number {
    NumberKind kind = NumberKind::no_number;
    double value = 0;
};

Number parse_number(std::string_view token) {
    if (token.size() > longest_number) return {NumberKind::too_long, 0};
    // from_chars takes no plus sign, but some exporters write one.
    if (token.size() > 1 && token[0] == '+' && token[1] != '-') token.remove_prefix(1);
    double value = 0;
    const char* const end = token.data() + token.size();
    const auto [stop, error] = std::from_chars(token.data(), end, value);
    if (stop != end || error == std::errc::invalid_argument) return {NumberKind::no_number, 0};
    if (error == std::errc::result_out_of_range) {
        // Too small for a double is 0 for a machine; too large is reported like an infinity.
        const bool tiny = token.find("e-") != std::string_view::npos ||
                          token.find("E-") != std::string_view::npos;
        return {tiny ? NumberKind::finite : NumberKind::not_finite, 0};
    }
    return {std::isfinite(value) ? NumberKind::finite : NumberKind::not_finite, value};
}

// Reads the words of the file from front to back, once.
class TextReader {
public:
    TextReader(std::string_view text, const ReadLimits& limits) : text_(text), limits_(limits) {}

    Result<TriangleSoup> read() {
        if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
        soup_.format = FileFormat::stl_ascii;
        for (next(); !word_.empty(); next()) {
            if (!is("solid")) return fail(expected("solid"));
            skip_line();
            if (Status status = read_facets(); !status) return fail(status.error());
        }
        return std::move(soup_);
    }

private:
    // From after a "solid" line to after its "endsolid" line.
    Status read_facets() {
        for (next(); !is("endsolid"); next()) {
            if (word_.empty()) return fail(missing_end());
            if (!is("facet")) return fail(expected("facet\" or \"endsolid"));
            if (Status status = read_facet(); !status) return status;
        }
        skip_line();
        return {};
    }

    Status read_facet() {
        if (soup_.triangles.size() >= limits_.triangles) {
            return fail(ErrorCode::too_large,
                        "the file has more triangles than the limit of " +
                            std::to_string(limits_.triangles),
                        "Export the part with a coarser mesh");
        }
        if (Status status = keyword("normal"); !status) return status;
        // Not used, and exporters do write nan for triangles without area.
        for (int i = 0; i < 3; ++i)
            next();
        for (const char* word : {"outer", "loop"}) {
            if (Status status = keyword(word); !status) return status;
        }
        std::array<float, 9> corners{};
        for (std::size_t i = 0; i < corners.size(); ++i) {
            if (i % 3 == 0) {
                if (Status status = keyword("vertex"); !status) return status;
            }
            if (Status status = coordinate(corners[i]); !status) return status;
        }
        for (const char* word : {"endloop", "endfacet"}) {
            if (Status status = keyword(word); !status) return status;
        }
        soup_.triangles.push_back(corners);
        return {};
    }

    Status coordinate(float& out) {
        next();
        const Number number = parse_number(word_);
        switch (number.kind) {
            case NumberKind::finite:
                break;
            case NumberKind::not_finite:
                return fail(not_finite());
            case NumberKind::too_long:
                return fail(too_long());
            case NumberKind::no_number:
                return fail(no_number());
        }
        if (std::abs(number.value) > limits_.coordinate_mm) {
            return fail(ErrorCode::too_large,
                        where() + ": the coordinate " + shown(word_) + " is beyond the limit of " +
                            number_text(limits_.coordinate_mm) + " mm",
                        "Move the part near the origin, check that its unit is millimetres, and "
                        "export it again");
        }
        out = static_cast<float>(number.value) + 0.0F;  // Turns -0 into 0.
        return {};
    }

    Status keyword(std::string_view lower) {
        next();
        if (!is(lower)) return fail(expected(lower));
        return {};
    }

    void next() {
        while (at_ < text_.size() && is_space(text_[at_]))
            ++at_;
        const std::size_t begin = at_;
        while (at_ < text_.size() && !is_space(text_[at_]))
            ++at_;
        word_ = text_.substr(begin, at_ - begin);
    }

    // The rest of a "solid" or "endsolid" line is a name, which may hold anything.
    void skip_line() { at_ = std::min(text_.find_first_of("\r\n", at_), text_.size()); }

    // REQUIRES: lower is in lower case.
    bool is(std::string_view lower) const {
        return std::equal(
            word_.begin(), word_.end(), lower.begin(), lower.end(), [](char got, char want) {
                return got == want || (got >= 'A' && got <= 'Z' && got + 32 == want);
            });
    }

    // Lines are counted only for an error, so that good files do not pay for it.
    std::string where() const {
        std::size_t line = 1;
        for (std::size_t i = 0; i < at_ - word_.size(); ++i) {
            const bool crlf = text_[i] == '\r' && i + 1 < text_.size() && text_[i + 1] == '\n';
            line += (text_[i] == '\n' || text_[i] == '\r') && !crlf ? 1U : 0U;
        }
        return "line " + std::to_string(line) + ", facet " +
               std::to_string(soup_.triangles.size() + 1);
    }

    Error expected(std::string_view what) const {
        std::string found = word_.empty() ? "the file ends" : "found " + shown(word_);
        if (!word_.empty() && at_ == text_.size()) found += ", where the file ends";
        return {ErrorCode::invalid_file,
                where() + ": expected \"" + std::string(what) + "\", but " + found,
                broken_next};
    }
    Error missing_end() const {
        return {ErrorCode::invalid_file,
                "the file ends after " + std::to_string(soup_.triangles.size()) +
                    " facets without \"endsolid\"; its end may be missing",
                "Copy or download the file again; if that does not help, export it again"};
    }
    Error not_finite() const {
        return {ErrorCode::invalid_file,
                where() + ": the coordinate " + shown(word_) + " is not a finite number",
                "Repair the mesh in the program it comes from and export it again"};
    }
    Error too_long() const {
        return {ErrorCode::invalid_file,
                where() + ": a number of " + std::to_string(word_.size()) +
                    " characters, more than the limit of " + std::to_string(longest_number),
                broken_next};
    }
    Error no_number() const {
        if (word_.empty()) return expected("a number");
        const bool comma = word_.find(',') != std::string_view::npos;
        return {
            ErrorCode::invalid_file,
            where() + ": " + shown(word_) + " is not a decimal number",
            comma ? "Export the part again with a decimal point instead of a comma" : broken_next};
    }

    static constexpr const char* broken_next = "Export the part again, best as binary STL";

    std::string_view text_;
    const ReadLimits& limits_;
    std::size_t at_ = 0;
    std::string_view word_;  // The word just read, ending at at_; empty at the end of the file.
    TriangleSoup soup_;
};

}  // namespace

Result<TriangleSoup> read_text_stl(std::string_view text, const ReadLimits& limits) {
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
        return fail(ErrorCode::invalid_file,
                    "byte " + std::to_string(nul) +
                        " of this text STL is NUL, which text does not hold; the file is damaged",
                    "Copy or download the file again; if that does not help, export it again");
    }
    return TextReader(text, limits).read();
}

}  // namespace nearfab::geometry
