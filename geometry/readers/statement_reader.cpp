// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/statement_reader.hpp"

#include <algorithm>

namespace nearfab::geometry {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}

}  // namespace

std::size_t StatementReader::joint_at(std::size_t at) const {
    if (!continuation_ || text_[at] != '\\' || at + 1 >= text_.size()) return 0;
    if (text_[at + 1] == '\n') return 2;
    if (text_[at + 1] != '\r') return 0;
    return at + 2 < text_.size() && text_[at + 2] == '\n' ? 3 : 2;
}

std::string_view StatementReader::word() {
    const std::size_t size = text_.size();
    while (at_ < size) {
        if (is_blank(text_[at_])) {
            ++at_;
        } else if (const std::size_t joint = joint_at(at_); joint > 0) {
            at_ += joint;
        } else {
            break;
        }
    }
    word_begin_ = at_;
    if (at_ < size && text_[at_] == '#') {
        while (at_ < size && !line_ends_at(at_))
            ++at_;
        word_begin_ = at_;
    }
    while (at_ < size && !is_blank(text_[at_]) && !line_ends_at(at_) && joint_at(at_) == 0)
        ++at_;
    return text_.substr(word_begin_, at_ - word_begin_);
}

std::string_view StatementReader::word_on_any_line() {
    for (;;) {
        const std::string_view found = word();
        if (!found.empty() || !next_line()) return found;
    }
}

std::string_view StatementReader::rest_of_line() {
    while (at_ < text_.size() && is_blank(text_[at_]))
        ++at_;
    word_begin_ = at_;
    // A joined line belongs to the statement, though its words are not wanted: every way through a
    // statement must end at the same place.
    std::size_t end = text_.size();
    while (at_ < text_.size() && !line_ends_at(at_)) {
        const std::size_t joint = joint_at(at_);
        if (joint > 0) end = std::min(end, at_);
        at_ += joint > 0 ? joint : 1;
    }
    end = std::min(end, at_);
    while (end > word_begin_ && is_blank(text_[end - 1]))
        --end;
    return text_.substr(word_begin_, end - word_begin_);
}

bool StatementReader::next_line() {
    const std::size_t size = text_.size();
    while (at_ < size && !line_ends_at(at_)) {
        const std::size_t joint = joint_at(at_);
        at_ += joint > 0 ? joint : 1;
    }
    if (at_ < size) at_ += text_[at_] == '\r' && at_ + 1 < size && text_[at_ + 1] == '\n' ? 2U : 1U;
    word_begin_ = at_;
    return at_ < size;
}

}  // namespace nearfab::geometry
