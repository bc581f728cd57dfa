// SPDX-License-Identifier: GPL-3.0-or-later

#include "intake/licence_file.hpp"

#include <array>
#include <cctype>
#include <cstddef>

namespace nearfab::intake {
namespace {

struct Phrase {
    std::string_view text;  // As folded() leaves it.
    std::string_view spdx;
};

// Titles and first words of each licence, chosen so that no other licence's text contains them.
constexpr std::array<Phrase, 26> phrases{{
    {"cern open hardware licence version 2 - permissive", "CERN-OHL-P-2.0"},
    {"cern open hardware licence version 2 - weakly reciprocal", "CERN-OHL-W-2.0"},
    {"cern open hardware licence version 2 - strongly reciprocal", "CERN-OHL-S-2.0"},
    {"cern open hardware licence v1.2", "CERN-OHL-1.2"},
    {"the tapr open hardware license", "TAPR-OHL-1.0"},
    {"cc0 1.0 universal", "CC0-1.0"},
    {"attribution 4.0 international", "CC-BY-4.0"},
    {"attribution-sharealike 4.0 international", "CC-BY-SA-4.0"},
    {"attribution-noncommercial 4.0 international", "CC-BY-NC-4.0"},
    {"attribution-noderivatives 4.0 international", "CC-BY-ND-4.0"},
    {"attribution-noncommercial-sharealike 4.0 international", "CC-BY-NC-SA-4.0"},
    {"attribution-noncommercial-noderivatives 4.0 international", "CC-BY-NC-ND-4.0"},
    {"gnu general public license version 2, june 1991", "GPL-2.0-only"},
    {"gnu general public license version 3, 29 june 2007", "GPL-3.0-only"},
    {"gnu library general public license version 2, june 1991", "LGPL-2.0-only"},
    {"gnu lesser general public license version 2.1, february 1999", "LGPL-2.1-only"},
    {"gnu lesser general public license version 3, 29 june 2007", "LGPL-3.0-only"},
    {"gnu affero general public license version 3, 19 november 2007", "AGPL-3.0-only"},
    {"permission is hereby granted, free of charge, to any person obtaining a copy of this "
     "software and associated documentation files",
     "MIT"},
    {"redistribution and use in source and binary forms, with or without modification, are "
     "permitted provided",
     "BSD-2-Clause"},
    {"apache license version 2.0, january 2004", "Apache-2.0"},
    {"mozilla public license version 2.0", "MPL-2.0"},
    {"mozilla public license, version 2.0", "MPL-2.0"},
    {"gnu free documentation license version 1.3, 3 november 2008", "GFDL-1.3-only"},
    {"solderpad hardware license v2.1", "SHL-2.1"},
    {"this is free and unencumbered software released into the public domain", "Unlicense"},
}};

constexpr std::string_view en_dash = "\xE2\x80\x93";
constexpr std::string_view em_dash = "\xE2\x80\x94";

// Lower case, every run of blanks one blank, every dash a '-', so that line breaks and typography
// do not hide a phrase.
std::string folded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view rest = text.substr(i);
        if (rest.starts_with(en_dash) || rest.starts_with(em_dash)) {
            out += '-';
            i += en_dash.size() - 1;
            continue;
        }
        const auto c = static_cast<unsigned char>(text[i]);
        if (std::isspace(c) != 0) {
            if (!out.empty() && out.back() != ' ') out += ' ';
        } else {
            out += static_cast<char>(std::tolower(c));
        }
    }
    return out;
}

bool ends_line(char c) {
    return c == '\n' || c == '\r';
}

// What stands after the tag on its line, without the end of a comment around it.
std::optional<std::string> after_spdx_tag(std::string_view text) {
    constexpr std::string_view tag = "SPDX-License-Identifier:";
    const std::size_t at = text.find(tag);
    if (at == std::string_view::npos) return std::nullopt;
    std::string_view value = text.substr(at + tag.size());
    std::size_t length = 0;
    while (length < value.size() && !ends_line(value[length]))
        ++length;
    value = value.substr(0, length);
    for (const std::string_view comment_end : {"*/", "-->"}) {
        value = value.substr(0, value.find(comment_end));
    }
    while (!value.empty() && std::isspace(static_cast<unsigned char>(value.front())) != 0) {
        value.remove_prefix(1);
    }
    while (!value.empty() && std::isspace(static_cast<unsigned char>(value.back())) != 0) {
        value.remove_suffix(1);
    }
    if (value.empty()) return std::nullopt;
    return std::string{value};
}

// The three BSD licences share their first words.
std::optional<std::string> which_bsd(const std::string& text) {
    if (text.find("all advertising materials mentioning") != std::string::npos) return std::nullopt;
    const bool third_clause = text.find("neither the name of") != std::string::npos;
    return std::string{third_clause ? "BSD-3-Clause" : "BSD-2-Clause"};
}

}  // namespace

std::optional<std::string> licence_in(std::string_view text) {
    if (const auto tagged = after_spdx_tag(text)) return tagged;
    const std::string plain = folded(text);
    std::optional<std::string> found;
    for (const Phrase& phrase : phrases) {
        if (plain.find(phrase.text) == std::string::npos) continue;
        if (found && *found != phrase.spdx) return std::nullopt;
        found = std::string{phrase.spdx};
    }
    if (found == "BSD-2-Clause") return which_bsd(plain);
    return found;
}

}  // namespace nearfab::intake
