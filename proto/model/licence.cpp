// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/licence.hpp"

#include "proto/model/limits.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace nearfab {
namespace {

// Licences that let anyone make, change and sell the thing, with at most the duty to name the
// author and to share alike. Old and new versions both, because designs keep
// the licence they were given.
// clang-format off
constexpr auto open_licences = std::to_array<std::string_view>({
    // Hardware.
    "CERN-OHL-1.1", "CERN-OHL-1.2", "CERN-OHL-P-2.0", "CERN-OHL-S-2.0", "CERN-OHL-W-2.0",
    "TAPR-OHL-1.0", "SHL-0.5", "SHL-0.51", "SHL-2.0", "SHL-2.1",
    // Creative Commons without NC and ND, with the ported editions SPDX lists.
    "CC0-1.0", "CC-PDDC", "CC-BY-1.0", "CC-BY-2.0", "CC-BY-2.5", "CC-BY-2.5-AU", "CC-BY-3.0",
    "CC-BY-3.0-AT", "CC-BY-3.0-AU", "CC-BY-3.0-DE", "CC-BY-3.0-IGO", "CC-BY-3.0-NL",
    "CC-BY-3.0-US", "CC-BY-4.0", "CC-BY-SA-1.0", "CC-BY-SA-2.0", "CC-BY-SA-2.0-UK",
    "CC-BY-SA-2.1-JP", "CC-BY-SA-2.5", "CC-BY-SA-3.0", "CC-BY-SA-3.0-AT", "CC-BY-SA-3.0-DE",
    "CC-BY-SA-3.0-IGO", "CC-BY-SA-4.0",
    // GNU, with the deprecated short ids that many files still carry.
    "GPL-1.0", "GPL-1.0-only", "GPL-1.0-or-later", "GPL-2.0", "GPL-2.0-only", "GPL-2.0-or-later",
    "GPL-3.0", "GPL-3.0-only", "GPL-3.0-or-later", "LGPL-2.0", "LGPL-2.0-only",
    "LGPL-2.0-or-later", "LGPL-2.1", "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0",
    "LGPL-3.0-only", "LGPL-3.0-or-later", "AGPL-1.0-only", "AGPL-1.0-or-later", "AGPL-3.0",
    "AGPL-3.0-only", "AGPL-3.0-or-later", "GFDL-1.1-or-later", "GFDL-1.2-or-later",
    "GFDL-1.3-only", "GFDL-1.3-or-later", "GFDL-1.3-no-invariants-only",
    "GFDL-1.3-no-invariants-or-later",
    // Other copyleft.
    "MPL-1.1", "MPL-2.0", "MPL-2.0-no-copyleft-exception", "EPL-1.0", "EPL-2.0", "EUPL-1.1",
    "EUPL-1.2", "CDDL-1.0", "CECILL-2.1", "LiLiQ-P-1.1", "LiLiQ-R-1.1", "LiLiQ-Rplus-1.1",
    "OSL-3.0", "FreeBSD-DOC", "LAL-1.3", "ODbL-1.0", "Artistic-2.0",
    // Permissive.
    "MIT", "MIT-0", "ISC", "0BSD", "BSD-1-Clause", "BSD-2-Clause", "BSD-2-Clause-Patent",
    "BSD-3-Clause", "BSD-3-Clause-Clear", "Apache-1.1", "Apache-2.0", "BSL-1.0", "Zlib", "X11",
    "NCSA", "UPL-1.0", "MulanPSL-2.0", "AFL-3.0", "PostgreSQL", "Python-2.0", "Unicode-DFS-2016",
    "ODC-By-1.0", "Unlicense", "WTFPL", "PDDL-1.0", "BlueOak-1.0.0", "ECL-2.0", "CECILL-B",
    // Fonts.
    "OFL-1.0", "OFL-1.1", "OFL-1.1-RFN", "OFL-1.1-no-RFN",
});
// clang-format on

constexpr int depth_max = 16;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return lower(x) == lower(y);
    });
}

bool term_names(std::string_view term, std::string_view id) {
    if (same_word(term, "open")) return is_open_licence(id);
    if (!term.empty() && term.back() == '*') {
        term.remove_suffix(1);
        return same_word(term, id.substr(0, term.size()));
    }
    return same_word(term, id);
}

bool is_id_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
}

// The specification writes operators in capitals; small letters are common and unmistakable.
bool is_operator(std::string_view word) {
    for (const std::string_view each : {"AND", "OR", "WITH", "and", "or", "with"}) {
        if (word == each) return true;
    }
    return false;
}

constexpr const char* how_to_write =
    "write an SPDX licence expression, for example CERN-OHL-S-2.0 or \"MIT OR Apache-2.0\"";

}  // namespace

struct LicenceExpression::Node {
    enum class Kind { id, all_of, one_of };
    Kind kind = Kind::id;
    std::string id;     // Only for `id`; without '+' and without the exception.
    bool plus = false;  // Only for `id`: this version or a later one.
    std::vector<std::shared_ptr<const Node>> parts;  // Only for `all_of` and `one_of`.
    std::string text;                                // Of the whole expression; only at the root.

    bool covered_by(const std::vector<std::string>& terms) const {
        const auto part_covered = [&](const auto& part) { return part->covered_by(terms); };
        switch (kind) {
            case Kind::all_of:
                return std::all_of(parts.begin(), parts.end(), part_covered);
            case Kind::one_of:
                return std::any_of(parts.begin(), parts.end(), part_covered);
            case Kind::id:
                break;
        }
        return std::any_of(terms.begin(), terms.end(), [&](const std::string& term) {
            return term_names(term, id) ||
                   (plus && (term_names(term, id + "+") || term_names(term, id + "-or-later")));
        });
    }
};

// Recursive descent over the text; the depth is bounded because only parentheses nest.
class LicenceParser {
public:
    using Node = LicenceExpression::Node;
    using NodePtr = std::shared_ptr<Node>;

    explicit LicenceParser(std::string_view text) : text_{text} { next(); }

    Result<LicenceExpression> parse() {
        Result<NodePtr> root = parse_or(0);
        if (!root) return fail(std::move(root.error()));
        if (!token_.empty()) {
            return fault(token_ == ")" ? "closes a parenthesis that was never opened"
                                       : "stands where AND, OR or the end was expected");
        }
        (*root)->text = std::move(normalised_);
        return LicenceExpression{std::move(*root)};
    }

private:
    Result<NodePtr> parse_or(int depth) { return parse_chain(depth, Node::Kind::one_of); }
    Result<NodePtr> parse_and(int depth) { return parse_chain(depth, Node::Kind::all_of); }

    // a OR b OR c with every operand an AND chain; a AND b AND c with every operand a single one.
    Result<NodePtr> parse_chain(int depth, Node::Kind kind) {
        const bool is_or = kind == Node::Kind::one_of;
        std::vector<std::shared_ptr<const Node>> parts;
        while (true) {
            Result<NodePtr> part = is_or ? parse_and(depth) : parse_single(depth);
            if (!part) return part;
            const bool more = same_word(token_, is_or ? "OR" : "AND");
            if (!more && parts.empty()) return part;
            parts.push_back(std::move(*part));
            if (!more) break;
            take();
        }
        auto node = std::make_shared<Node>();
        node->kind = kind;
        node->parts = std::move(parts);
        return node;
    }

    Result<NodePtr> parse_single(int depth) {
        if (token_ != "(") return parse_id();
        if (depth == depth_max) return fault("opens more than 16 levels of parentheses");
        take();
        Result<NodePtr> inner = parse_or(depth + 1);
        if (!inner) return inner;
        if (token_ != ")") return fault("stands where ')' was expected");
        take();
        return inner;
    }

    Result<NodePtr> parse_id() {
        if (auto wrong = id_fault(token_, true)) return fault(*wrong);
        auto node = std::make_shared<Node>();
        node->id = std::string{token_};
        if (node->id.back() == '+') {
            node->id.pop_back();
            node->plus = true;
        }
        take();
        if (!same_word(token_, "WITH")) return node;
        take();
        // An exception only ever adds a permission, so it need not be known to be covered.
        if (auto wrong = id_fault(token_, false)) return fault(*wrong);
        take();
        return node;
    }

    static std::optional<std::string> id_fault(std::string_view word, bool plus_allowed) {
        if (word.empty() || word == "(" || word == ")" || is_operator(word)) {
            return "stands where a licence id was expected";
        }
        if (plus_allowed && word.back() == '+') word.remove_suffix(1);
        const auto colon = word.find(':');
        if (colon != std::string_view::npos) {
            const auto reference = word.substr(colon + 1);
            if (!word.starts_with("DocumentRef-") || !reference.starts_with("LicenseRef-")) {
                return "uses ':' outside DocumentRef-...:LicenseRef-...";
            }
            if (!std::all_of(reference.begin(), reference.end(), is_id_character)) {
                return "is no licence id: only letters, digits, '-' and '.' are allowed";
            }
            word = word.substr(0, colon);
        }
        if (word.empty() || !std::all_of(word.begin(), word.end(), is_id_character)) {
            return "is no licence id: only letters, digits, '-' and '.' are allowed";
        }
        return std::nullopt;
    }

    // Keeps the present word for text() and goes to the next one.
    void take() {
        const bool glue = normalised_.empty() || normalised_.back() == '(' || token_ == ")";
        if (!glue) normalised_ += ' ';
        normalised_ += token_;
        next();
    }

    void next() {
        constexpr std::string_view blanks = " \t\r\n";
        while (position_ < text_.size() &&
               blanks.find(text_[position_]) != std::string_view::npos) {
            ++position_;
        }
        start_ = position_;
        if (position_ < text_.size() && (text_[position_] == '(' || text_[position_] == ')')) {
            ++position_;
        } else {
            while (position_ < text_.size() &&
                   std::string_view{" \t\r\n()"}.find(text_[position_]) == std::string_view::npos) {
                ++position_;
            }
        }
        token_ = text_.substr(start_, position_ - start_);
    }

    tl::unexpected<Error> fault(const std::string& what) const {
        const std::string word = token_.empty() ? "the end" : "'" + std::string{token_} + "'";
        return fail(ErrorCode::invalid_argument,
                    "licence \"" + std::string{text_} + "\": " + word + " at character " +
                        std::to_string(start_ + 1) + " " + what,
                    how_to_write);
    }

    std::string_view text_;
    std::size_t position_ = 0;  // Behind the present word.
    std::size_t start_ = 0;     // Of the present word.
    std::string_view token_;    // Empty at the end.
    std::string normalised_;
};

Result<LicenceExpression> LicenceExpression::parse(std::string_view text) {
    if (text.size() > limits::licence_bytes_max) {
        return fail(ErrorCode::invalid_argument,
                    "the licence has " + std::to_string(text.size()) + " characters, more than " +
                        std::to_string(limits::licence_bytes_max),
                    how_to_write);
    }
    return LicenceParser{text}.parse();
}

bool LicenceExpression::covered_by(const std::vector<std::string>& terms) const {
    return root_->covered_by(terms);
}

std::string LicenceExpression::text() const {
    return root_->text;
}

std::optional<std::string> licence_covered_by(std::string_view term) {
    const bool is_id = !same_word(term, "open") && !term.empty() && term.back() != '*';
    if (is_id) return std::string{term};
    constexpr auto usual = std::to_array<std::string_view>(
        {"CERN-OHL-S-2.0", "CC-BY-SA-4.0", "CC-BY-4.0", "GPL-3.0-or-later", "MIT", "Apache-2.0"});
    const auto named = [term](std::string_view id) { return term_names(term, id); };
    if (const auto id = std::find_if(usual.begin(), usual.end(), named); id != usual.end()) {
        return std::string{*id};
    }
    const auto id = std::find_if(open_licences.begin(), open_licences.end(), named);
    return id == open_licences.end() ? std::nullopt : std::optional<std::string>{*id};
}

bool is_open_licence(std::string_view id) {
    return std::any_of(open_licences.begin(), open_licences.end(), [id](std::string_view open) {
        return same_word(open, id);
    });
}

}  // namespace nearfab
