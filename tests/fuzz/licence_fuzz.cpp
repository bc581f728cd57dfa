// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/check.hpp"
#include "intake/licence_file.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace nearfab::fuzz {

std::vector<Bytes> seeds() {
    return {bytes_of("/* SPDX-License-Identifier: CERN-OHL-S-2.0 OR MIT */\n"),
            bytes_of("<!-- SPDX-License-Identifier: CC-BY-4.0 -->"),
            bytes_of("CERN Open Hardware Licence Version 2 \xE2\x80\x93 Permissive\n\nPreamble\n"),
            bytes_of("Redistribution and use in source and binary forms,\r\nwith or without "
                     "modification, are permitted provided\n3. Neither the name of"),
            bytes_of("Attribution 4.0 International\nCC0 1.0 Universal\n")};
}

std::vector<std::string> words() {
    return {"SPDX-License-Identifier:",
            "GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007",
            "Mozilla Public License, Version 2.0",
            "all advertising materials mentioning",
            "\xE2\x80\x94",
            "\xE2\x80",
            "*/",
            "-->",
            " ",
            "\n",
            "\r",
            "\t"};
}

void run(std::span<const std::uint8_t> input) {
    const std::string_view text{reinterpret_cast<const char*>(input.data()), input.size()};
    const auto licence = intake::licence_in(text);
    if (!licence) return;
    NEARFAB_CHECK(!licence->empty(), "a licence has a name");
    NEARFAB_CHECK(licence->find_first_of("\r\n") == std::string::npos, "a name is on one line");
}

}  // namespace nearfab::fuzz
