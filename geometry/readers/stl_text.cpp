// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/decimal.hpp"
#include "geometry/readers/soup_builder.hpp"
#include "geometry/readers/stl.hpp"

#include <algorithm>
#include <utility>

namespace nearfab::geometry {
namespace {

bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string_view trimmed(std::string_view name) {
    while (!name.empty() && is_space(name.front()))
        name.remove_prefix(1);
    while (!name.empty() && is_space(name.back()))
        name.remove_suffix(1);
    return name;
}

// Reads the words of the file from front to back, once.
class TextReader {
public:
    TextReader(std::string_view text, const ReadLimits& limits)
        : text_(text), limits_(limits), builder_(FileFormat::stl_ascii, Unit::unstated, limits) {}

    Result<TriangleSoup> read() {
        if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
        for (next(); !word_.empty(); next()) {
            if (!is("solid")) return fail(expected("solid"));
            const std::size_t name_at = at_;
            skip_line();
            builder_.begin_object(trimmed(text_.substr(name_at, at_ - name_at)));
            if (Status status = read_facets(); !status) return fail(status.error());
        }
        return builder_.finish("an STL");
    }

private:
    // From after a "solid" line to after its "endsolid" line.
    Status read_facets() {
        for (next(); !is("endsolid"); next()) {
            if (word_.empty()) {
                remark_missing_end();
                return {};
            }
            if (!is("facet")) return fail(expected("facet\" or \"endsolid"));
            if (Status status = read_facet(); !status) return status;
        }
        skip_line();
        return {};
    }

    Status read_facet() {
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
        ++facets_;
        return builder_.add(corners);
    }

    Status coordinate(float& out) {
        next();
        if (word_.empty()) return fail(expected("a number"));
        double value = 0;
        if (Status status = read_coordinate(word_, limits_, value); !status) {
            return fail(placed(where(), std::move(status).error()));
        }
        out = static_cast<float>(value);
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
        return line_at(text_, at_ - word_.size()) + ", facet " + std::to_string(facets_ + 1);
    }

    Error expected(std::string_view what) const {
        std::string found = word_.empty() ? "the file ends" : "found " + quoted(word_);
        if (!word_.empty() && at_ == text_.size()) found += ", where the file ends";
        return placed(where(),
                      {ErrorCode::invalid_file,
                       "expected \"" + std::string(what) + "\", but " + found,
                       broken_next});
    }
    void remark_missing_end() {
        builder_.remark({RemarkWeight::warning,
                         "endsolid_missing",
                         "the file ends after " + std::to_string(facets_) +
                             " facets without \"endsolid\"; its end may be missing",
                         "Compare it with the original, or export it again"});
    }

    static constexpr const char* broken_next = "Export the part again, best as binary STL";

    std::string_view text_;
    const ReadLimits& limits_;
    std::size_t at_ = 0;
    std::string_view word_;  // The word just read, ending at at_; empty at the end of the file.
    std::size_t facets_ = 0;
    SoupBuilder builder_;
};

}  // namespace

Result<TriangleSoup> read_text_stl(std::string_view text, const ReadLimits& limits) {
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
        const std::string place = "byte " + std::to_string(nul);
        return fail(
            Error{ErrorCode::invalid_file,
                  place + " of this text STL is NUL, which text does not hold; the file is damaged",
                  "Copy or download the file again; if that does not help, export it again",
                  place});
    }
    return TextReader(text, limits).read();
}

}  // namespace nearfab::geometry
