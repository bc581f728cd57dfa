// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/check.hpp"
#include "intake/design_manifest.hpp"
#include "tests/fuzz/fuzz_target.hpp"

#include <algorithm>

namespace nearfab::fuzz {

std::vector<Bytes> seeds() {
    return {
        bytes_of("okhv = \"OKH-LOSHv1.0\"\nname = \"a hook\"\nlicense = \"CERN-OHL-S-2.0\"\n"
                 "tsdc = [\"3DP\"]\nprinting-process = \"FDM\"\nmaterial = \"PLA\"\n\n[[part]]\n"
                 "name = \"hook\"\nexport = [\"hook.stl\"]\nsource = \"src/hook.FCStd\"\n"),
        bytes_of("okhv = \"2.4\"\nname = '''two\nlines'''\nspdxLicense = \"MIT\"\n"
                 "tsdc = \"laser_cut\"\npart = [{name = \"a\", export = \"a.dxf\", tsdc = "
                 "[\"cnc_mill\"]}, {source = [\"b.step\"]}]\n"),
        bytes_of("# old\n[license]\nhardware = \"CC-BY-4.0\"\ndocumentation = \"CC-BY-SA-4.0\"\n"
                 "[release]\nday = 2024-02-29T11:00:00+02:00\nsize = [1.5e3, inf, nan, 0x1F]\n"),
        bytes_of("name = \"\\u00e9\\U0001F529\"\nlicense = \"\"\nalternativeLicense = \"x\"\n")};
}

std::vector<std::string> words() {
    return {"okhv = ",    "name = ",     "license = ", "tsdc = ", "material = ",
            "[[part]]\n", "[part]\n",    "export = [", "\"\"\"",  "'''",
            "[[[[[[[[",   "{a={a={a=",   "\\u0000",    "\\x41",   "\xEF\xBB\xBF",
            "\n",         "a.b.c = 1\n", "1979-05-27", "= [",     "},",
            "]\n",        "true",        "#"};
}

void run(std::span<const std::uint8_t> input) {
    const std::string_view text{reinterpret_cast<const char*>(input.data()), input.size()};
    const auto manifest = intake::parse_design_manifest(text, "okh.toml");
    if (!manifest) {
        NEARFAB_CHECK(!manifest.error().message.empty() && !manifest.error().next.empty(),
                      "an error says what is wrong and what to do");
        NEARFAB_CHECK(manifest.error().message.starts_with("okh.toml:"), "an error has a line");
        return;
    }
    const auto lines = static_cast<std::uint32_t>(std::count(input.begin(), input.end(), '\n')) + 1;
    for (const intake::ManifestWarning& warning : manifest->warnings) {
        NEARFAB_CHECK(!warning.text.empty(), "a warning says what is odd");
        NEARFAB_CHECK(warning.line <= lines, "a warning is about a line of the file");
    }
    for (const intake::ManifestPart& part : manifest->parts) {
        if (part.files.empty()) continue;
        NEARFAB_CHECK(manifest->part_of_file(part.files.front()) != nullptr,
                      "a part is found by its file");
    }
}

}  // namespace nearfab::fuzz
