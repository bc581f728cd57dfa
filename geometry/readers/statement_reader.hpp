// SPDX-License-Identifier: GPL-3.0-or-later
// statement_reader.hpp - walks through the lines and words of a text file, once and forwards.
//
// Lines end with LF, CR LF or CR; words are parted by blanks; "#" at the beginning of a word makes
// the rest of the line a comment. Shared by the readers of OBJ and OFF.

#pragma once

#include <cstddef>
#include <string_view>

namespace nearfab::geometry {

class StatementReader {
public:
    // With continuation, "\" as the last character of a line joins it to the next one, except in
    // a comment (which may well end with a Windows path).
    StatementReader(std::string_view text, bool continuation)
        : text_(text), continuation_(continuation) {}

    // The next word of this line; empty at the end of the line or of the text.
    std::string_view word();

    // The next word of this line or of a later one; empty at the end of the text.
    std::string_view word_on_any_line();

    // The rest of this line without blanks around it, for names.
    std::string_view rest_of_line();

    // Goes to the beginning of the next line. False at the end of the text.
    bool next_line();

    // Where the last word began (or the reader is, when there was none).
    [[nodiscard]] std::size_t offset() const { return word_begin_; }
    [[nodiscard]] std::size_t bytes_left() const { return text_.size() - at_; }

private:
    [[nodiscard]] bool line_ends_at(std::size_t at) const {
        return text_[at] == '\n' || text_[at] == '\r';
    }
    // The length of "\" with its line end at this place; 0 when there is none.
    [[nodiscard]] std::size_t joint_at(std::size_t at) const;

    std::string_view text_;
    bool continuation_;
    std::size_t at_ = 0;
    std::size_t word_begin_ = 0;
};

}  // namespace nearfab::geometry
