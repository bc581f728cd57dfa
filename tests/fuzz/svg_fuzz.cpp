// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/svg.hpp"
#include "tests/fuzz/drawing_rules.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace nearfab::fuzz {
namespace {

std::string page(const std::string& inside) {
    return "<svg xmlns='http://www.w3.org/2000/svg' xmlns:x='http://www.w3.org/1999/xlink' "
           "width='90mm' height='9cm' viewBox='0 0 90 90' stroke='red' fill='none'>" +
           inside + "</svg>";
}

}  // namespace

std::vector<Bytes> seeds() {
    return {
        bytes_of(page("<path d='M1.5.5-3-2h4V9l1 1C2 8 8 8 10 0s3 3 5 0Q1 2 3 4t5 6a5 3 30 0120 "
                      "9zm1 1L2 3'/>")),
        bytes_of(page("<rect x='1' y='2' width='9' height='8' rx='2'/><circle cx='5' cy='5' "
                      "r='10%'/><ellipse cx='5' cy='5' rx='4' ry='2'/><line x2='9'/>"
                      "<polyline points='0,0 1 1 2,0'/><polygon points='0 0 5 0 5 5'/>")),
        bytes_of(page("<defs><g id='a'><line x2='1'/></g></defs><symbol id='s' viewBox='0 0 1 1'>"
                      "<rect width='1' height='1'/></symbol><use href='#a' x='3'/>"
                      "<use x:href='#s' width='5' height='6'/>")),
        bytes_of(
            page("<g transform='translate(1,2) rotate(30 1 1)scale(2,-1) skewX(10) "
                 "matrix(1 0 0 1 5 5)'><circle r='3'/></g><svg x='1' width='5' "
                 "viewBox='0 0 2 2' preserveAspectRatio='xMinYMax slice'><line x2='2'/></svg>")),
        bytes_of(page("<style>.c{stroke:#0f0;fill:none}#i,rect.c{display:none}/*c*/</style>"
                      "<rect class='c' width='3' height='3'/><path style='fill:rgb(1,2%,3);"
                      "stroke:none' d='M0 0h5v5'/><text>t</text>")),
        bytes_of("<!-- Generator: Adobe Illustrator --><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG "
                 "1.1//EN' 'x.dtd'><svg width='9px' height='auto'><line x2='9' stroke='#000'/>"
                 "</svg>"),
        bytes_of("<!DOCTYPE svg [<!ENTITY e 'x'>]><svg>&e;</svg>")};
}

std::vector<std::string> words() {
    return {"<g>",
            "</g>",
            "<use href='#a'/>",
            "<svg ",
            "</svg>",
            "id='a'",
            "transform='",
            "scale(1e9)",
            "rotate(",
            "1e999",
            "-1",
            "nan",
            "1e-9",
            "%",
            "mm",
            "viewBox='0 0 1 1'",
            "a1 1 0 01",
            "M0 0",
            "z",
            "C1 2 3 4 5 6",
            "&#48;",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "style='",
            "stroke:none",
            "class='c'",
            "#f00"};
}

void run(std::span<const std::uint8_t> input) {
    const geometry::DrawingOptions options = small_drawing_options();
    check(geometry::read_svg(input, options), options);
}

}  // namespace nearfab::fuzz
