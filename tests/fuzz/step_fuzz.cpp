// SPDX-License-Identifier: GPL-3.0-or-later
// What we read of STEP ourselves: the outside of the file, and what nearfab-step hands over.

#include "base/check.hpp"
#include "tests/fuzz/fuzz_target.hpp"

#include "step/cut_mesh.hpp"
#include "step/part21.hpp"

namespace nearfab::fuzz {
namespace {

const char* const end = "ENDSEC;\nDATA;\nENDSEC;\nEND-ISO-10303-21;\n";

std::string header_with(const std::string& schema) {
    return "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('a','',(''),(''),'',"
           "'','');\nFILE_SCHEMA((" +
           schema + "));\n" + end;
}

void check_error(const Error& error) {
    NEARFAB_CHECK(!error.message.empty() && !error.next.empty(),
                  "an error says what is wrong and what to do");
    NEARFAB_CHECK(error.message.size() < 2000, "an error is a sentence");
    for (const char c : error.message)
        NEARFAB_CHECK(c >= ' ' && c <= '~', "what a file says reaches no terminal as it is");
}

}  // namespace

std::vector<Bytes> seeds() {
    return {
        bytes_of(header_with("'AUTOMOTIVE_DESIGN { 1 0 10303 214 1 1 1 1 }'")),
        bytes_of(header_with("'CONFIG_CONTROL_DESIGN'")),
        bytes_of(header_with("'IFC4','AP242_MANAGED_MODEL_BASED_3D_ENGINEERING_MIM_LF'")),
        bytes_of("\xEF\xBB\xBF\r\n iso-10303-21;/* a */HEADER;/*'*/FILE_SCHEMA(('it''s'));DATA;\n"),
        bytes_of("# nearfab-step 1\n# unit inch\n# linear_mm 0.01\n# angular_deg 10\n# solids 2\n"
                 "# left_out 0\nv 0 0 0\nv 1 0 0\nv 0 1 0\no solid_1\nf 1 2 3\n")};
}

std::vector<std::string> words() {
    return {"ISO-10303-21;",
            "END-ISO-10303-21;",
            "FILE_SCHEMA",
            "HEADER;",
            "DATA;",
            "ENDSEC;",
            "/*",
            "*/",
            "'",
            "''",
            "((",
            "));",
            "{",
            "AP203_",
            "AP214_",
            "\n",
            "# unit mm\n",
            "# solids ",
            "# linear_mm nan\n",
            "1e999"};
}

void run(std::span<const std::uint8_t> input) {
    const std::string_view text{reinterpret_cast<const char*>(input.data()), input.size()};
    const bool named = step::is_step(input);
    const auto schema = step::schema_of(text);
    if (!schema) check_error(schema.error());
    NEARFAB_CHECK(!schema || !schema->empty(), "a schema has a name");
    // is_step looks at the beginning only, schema_of through any number of blanks.
    NEARFAB_CHECK(
        !named || schema || schema.error().message.find("no STEP file") == std::string::npos,
        "what is named a STEP file is read as one");
    const auto facts = step::read_head(text);
    if (!facts) {
        check_error(facts.error());
        return;
    }
    NEARFAB_CHECK(step::check_deflection(facts->deflection).has_value(), "a cut has its limits");
}

}  // namespace nearfab::fuzz
