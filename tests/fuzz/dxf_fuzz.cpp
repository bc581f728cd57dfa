// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/dxf.hpp"
#include "tests/fuzz/drawing_rules.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace nearfab::fuzz {
namespace {

const char* const header = "0\nSECTION\n2\nHEADER\n9\n$INSUNITS\n70\n4\n0\nENDSEC\n";
const char* const entities = "0\nSECTION\n2\nENTITIES\n";
const char* const end = "0\nENDSEC\n0\nEOF\n";

}  // namespace

std::vector<Bytes> seeds() {
    const std::string top = header;
    const std::string in = entities;
    return {
        bytes_of(top + in + "0\nLINE\n8\nCut\n62\n3\n10\n0\n20\n0\n11\n9\n21\n5\n31\n1\n" + end),
        bytes_of(top + in + "0\nARC\n10\n0\n20\n0\n40\n5\n50\n350\n51\n10\n230\n-1\n0\nCIRCLE\n" +
                 "10\n1\n20\n2\n40\n3\n220\n0.8\n230\n0.6\n" + end),
        bytes_of(top + in + "0\nLWPOLYLINE\n90\n3\n70\n1\n10\n0\n20\n0\n42\n1.5\n10\n9\n20\n0\n" +
                 "10\n9\n20\n9\n42\n-0.3\n0\nTEXT\n1\nhi\n" + end),
        bytes_of(in + "0\nPOLYLINE\n66\n1\n70\n1\n0\nVERTEX\n10\n0\n20\n0\n42\n1\n0\nVERTEX\n10\n" +
                 "4\n20\n0\n70\n16\n0\nVERTEX\n10\n4\n20\n4\n0\nSEQEND\n" + end),
        bytes_of(top + in + "0\nELLIPSE\n10\n0\n20\n0\n11\n9\n21\n1\n40\n0.5\n41\n0\n42\n3\n" +
                 "0\nSPLINE\n71\n2\n40\n0\n40\n0\n40\n0\n40\n1\n40\n1\n40\n1\n41\n1\n41\n2\n41\n" +
                 "1\n10\n0\n20\n0\n10\n5\n20\n9\n10\n9\n20\n0\n" + end),
        bytes_of(in + "0\nSPLINE\n70\n1\n71\n3\n74\n3\n11\n0\n21\n0\n11\n5\n21\n5\n11\n9\n21\n0\n" +
                 end),
        bytes_of("0\nSECTION\n2\nTABLES\n0\nTABLE\n2\nLAYER\n0\nLAYER\n2\nA\n70\n0\n62\n-5\n0\n"
                 "ENDTAB\n0\nENDSEC\n0\nSECTION\n2\nBLOCKS\n0\nBLOCK\n2\nB\n10\n1\n20\n0\n0\nLINE\n"
                 "8\n0\n10\n0\n20\n0\n11\n1\n21\n1\n0\nENDBLK\n0\nENDSEC\n" +
                 in + "0\nINSERT\n2\nb\n8\nA\n10\n5\n20\n5\n41\n-2\n42\n3\n50\n30\n70\n2\n71\n2\n" +
                 "44\n5\n45\n5\n0\nINSERT\n2\nB\n10\n0\n20\n0\n" + end),
        bytes_of("999\nc\r\n0\r\nSECTION\r\n2\r\nENTITIES\r\n0\r\nLINE\r\n102\r\n{X\r\n10\r\n1\r\n"
                 "102\r\n}\r\n10\r\n0\r\n20\r\n0\r\n11\r\n1\r\n21\r\n1\r\n0\r\nEOF\r\n"),
        bytes_of("AutoCAD Binary DXF\r\n\x1a")};
}

std::vector<std::string> words() {
    return {"0\n",       "10\n",     "42\n",   "70\n",     "71\n",        "1e5\n",     "-1\n",
            "1e999\n",   "nan\n",    "32767",  "\n",       "\r\n",        "\r",        "0\nLINE\n",
            "0\nARC\n",  "INSERT",   "SPLINE", "ELLIPSE",  "POLYLINE",    "ENDBLK",    "ENDSEC",
            "SEQEND",    "SECTION",  "BLOCKS", "ENTITIES", "0\nENDSEC\n", "$INSUNITS", "EOF\n",
            "0.0000001", "999\nx\n", "102\n{"};
}

void run(std::span<const std::uint8_t> input) {
    const geometry::DrawingOptions options = small_drawing_options();
    check(geometry::read_dxf(input, options), options);
}

}  // namespace nearfab::fuzz
