// SPDX-License-Identifier: GPL-3.0-or-later

#include "terminal/screen.hpp"

#include "terminal/quantity_text.hpp"

#include <ostream>

namespace nearfab {
namespace {

std::string_view start_of(Ink ink) {
    switch (ink) {
        case Ink::bold:
            return "\x1b[1m";
        case Ink::green:
            return "\x1b[32m";
        case Ink::yellow:
            return "\x1b[33m";
        case Ink::red:
            return "\x1b[31m";
    }
    return "";
}

// With a full stop, unless it already ends a sentence.
std::string sentence(std::string_view text) {
    std::string out = printable(text);
    if (!out.empty() && std::string_view{".?!"}.find(out.back()) == std::string_view::npos) {
        out += '.';
    }
    return out;
}

}  // namespace

std::string Screen::in(Ink ink, std::string_view text) const {
    if (!colour) return std::string{text};
    return std::string{start_of(ink)} + std::string{text} + "\x1b[0m";
}

void Screen::remark(std::string_view text) const {
    if (!quiet) err << printable(text) << '\n' << std::flush;
}

void Screen::error(const Error& error) const {
    err << "nearfab: " << sentence(error.message) << '\n';
    if (!error.next.empty()) err << "  next: " << printable(error.next) << '\n';
    err << std::flush;
}

}  // namespace nearfab
