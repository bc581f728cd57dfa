// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/traveller_page.hpp"

#include <memory>
#include <qrencode.h>

namespace nearfab::agent {
namespace {

constexpr std::size_t qr_bytes_max = 1000;
constexpr int quiet_zone = 4;  // White modules around it, as the standard asks.

struct CodeFree {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string row(std::string_view name, const std::string& value) {
    return "<tr><th>" + std::string{name} + "</th><td>" + escaped(value) + "</td></tr>\n";
}

}  // namespace

std::string qr_code_svg(std::string_view text) {
    if (text.empty() || text.size() > qr_bytes_max) return {};
    const std::unique_ptr<QRcode, CodeFree> code{
        QRcode_encodeString8bit(std::string{text}.c_str(), 0, QR_ECLEVEL_M)};
    if (!code) return {};
    const std::string side = std::to_string(code->width + 2 * quiet_zone);
    std::string path;
    for (int y = 0; y < code->width; ++y) {
        for (int x = 0; x < code->width; ++x) {
            if ((code->data[y * code->width + x] & 1U) == 0) continue;
            path += "M" + std::to_string(x + quiet_zone) + " " + std::to_string(y + quiet_zone) +
                    "h1v1h-1z";
        }
    }
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + " " + side +
           "\" shape-rendering=\"crispEdges\"><rect width=\"100%\" height=\"100%\" "
           "fill=\"#fff\"/><path d=\"" +
           path + "\"/></svg>";
}

std::string traveller_page(const Traveller& traveller) {
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>" +
           escaped(traveller.file) +
           "</title>\n<style>body{font:14pt sans-serif;margin:2cm;max-width:17cm}"
           "svg{width:5cm;float:right}th{text-align:left;padding-right:1em;white-space:nowrap}"
           "code{background:#eee;padding:.2em}td{word-break:break-all}</style></head><body>\n" +
           qr_code_svg(traveller.file) + "\n<h1>Make this on " + escaped(traveller.machine) +
           "</h1>\n<table>\n" + row("File", traveller.file) +
           row("Size", std::to_string(traveller.bytes) + " bytes") +
           row("BLAKE2b-256", traveller.hash.hex()) +
           "</table>\n<p>Start it at the machine, and stay there if it is a laser or a mill. "
           "When it has ended, say so:</p>\n<p>made: <code>" +
           escaped(traveller.done_command) + "</code></p>\n<p>not made: <code>" +
           escaped(traveller.failed_command) + "</code></p>\n</body></html>\n";
}

}  // namespace nearfab::agent
