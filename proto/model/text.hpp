// SPDX-License-Identifier: GPL-3.0-or-later
// text.hpp - what a text that crosses a border may look like.
//
// Texts end up in terminals, web pages and file lists of other people, so control characters
// (which can rewrite a terminal) and bidirectional overrides (which can disguise a file name) are
// refused by the codec. A program that passes on words it did not choose itself, such as a
// machine's or a slicer's error output, makes them acceptable with clean_text first.

#pragma once

#include "proto/model/limits.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace nearfab {

enum class TextKind {
    text,       // Sentences for people: no control characters except newline.
    line,       // A title or name for people: no newline either.
    file_name,  // A line without '/' and without any mark that steers the direction of writing.
};

// What is wrong with the text, as the end of a sentence ("holds a control character at byte 3");
// empty when nothing is. Says nothing about length.
[[nodiscard]] std::string text_fault(std::string_view text, TextKind kind);

// The same words without what text_fault would name, cut to at most `bytes_max` bytes between two
// characters. Each fault becomes one '?' (a blank for a control character).
[[nodiscard]] std::string clean_text(std::string_view text,
                                     TextKind kind = TextKind::text,
                                     std::size_t bytes_max = limits::text_bytes_max);

// A well-formed id: 1..64 characters out of letters, digits, '.', '-' and '_', not starting with
// '.' or '-'. Ids are used in file names and error texts, so nothing else gets in.
[[nodiscard]] bool is_well_formed_id(std::string_view text);

}  // namespace nearfab
