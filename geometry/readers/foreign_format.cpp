// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/foreign_format.hpp"

#include <algorithm>
#include <string>

namespace nearfab::geometry {
namespace {

constexpr std::string_view as_mesh =
    "Export the part from the CAD program as a mesh, best as 3MF or binary STL";
constexpr std::string_view as_triangles =
    "Convert it with `nearfab-step part.step --out part.obj` and submit the OBJ, or export the "
    "part "
    "as 3MF or binary STL";
constexpr std::string_view as_design =
    "Submit the design itself (3MF, STL, OBJ, OFF), not what was made from it";
constexpr std::string_view as_flat =
    "Submit it as a flat part to a process that cuts, or export a solid as 3MF or STL";
constexpr std::string_view unpack = "Unpack it and submit the design file in it";
constexpr std::string_view other_mesh =
    "Open it in a mesh program and export it as 3MF or binary STL";

struct Mark {
    std::string_view bytes;
    ForeignFormat format;
};

using namespace std::string_view_literals;

// Compared as they are.
constexpr Mark marks[]{
    {"\x89PNG\r\n"sv, {"a PNG picture", as_design}},
    {"\xFF\xD8\xFF"sv, {"a JPEG picture", as_design}},
    {"GIF8"sv, {"a GIF picture", as_design}},
    {"II*\0"sv, {"a TIFF picture", as_design}},
    {"MM\0*"sv, {"a TIFF picture", as_design}},
    {"%PDF"sv, {"a PDF document", as_design}},
    {"%!PS"sv, {"a PostScript document", as_design}},
    {"\x1F\x8B"sv, {"a file packed with gzip", unpack}},
    {"BZh"sv, {"a file packed with bzip2", unpack}},
    {"\xFD"
     "7zXZ"sv,
     {"a file packed with xz", unpack}},
    {"\x28\xB5\x2F\xFD"sv, {"a file packed with Zstandard", unpack}},
    {"7z\xBC\xAF"sv, {"a 7z archive", unpack}},
    {"Rar!"sv, {"a RAR archive", unpack}},
    {"\xD0\xCF\x11\xE0"sv, {"a compound file of a CAD or office program", as_mesh}},
    {"AutoCAD Binary DXF"sv, {"a binary DXF drawing", as_flat, DrawingKind::dxf}},
    {"AC10"sv, {"a DWG drawing", as_flat}},
    {"3D Geometry File Format"sv, {"a Rhino model", as_mesh}},
    {"BLENDER"sv, {"a Blender file", as_mesh}},
    {"glTF"sv, {"a binary glTF scene", other_mesh}},
    {"Kaydara FBX"sv, {"an FBX scene", other_mesh}},
    {"#VRML"sv, {"a VRML scene", other_mesh}},
    {"\x7F"
     "ELF"sv,
     {"a program", as_design}},
    {"MZ\x90"sv, {"a program", as_design}},
    {"GCDE"sv, {"binary G-code", as_design}},
};

// Compared in lower case, after blanks.
constexpr Mark words[]{
    {"iso-10303-21", {"a STEP file", as_triangles}},
    {"ply\n", {"a PLY mesh", other_mesh}},
    {"ply\r", {"a PLY mesh", other_mesh}},
    {"<!doctype html", {"a web page", "Download the file itself, not the page that shows it"}},
    {"<html", {"a web page", "Download the file itself, not the page that shows it"}},
    {"<svg", {"an SVG drawing", as_flat, DrawingKind::svg}},
    {"dbrep_drawableshape", {"an OpenCASCADE model", as_mesh}},
    {"cascade topology", {"an OpenCASCADE model", as_mesh}},
    {"{", {"JSON", as_design}},
};

// Anywhere near the beginning of XML.
constexpr Mark elements[]{
    {"<svg", {"an SVG drawing", as_flat, DrawingKind::svg}},
    {"<html", {"a web page", "Download the file itself, not the page that shows it"}},
    {"<amf", {"an AMF mesh", other_mesh}},
    {"<collada", {"a COLLADA scene", other_mesh}},
    {"<x3d", {"an X3D scene", other_mesh}},
    {"<model", {"the model of a 3MF without its package", "Export the part as a whole 3MF file"}},
};

constexpr std::size_t looked_at = 4096;

bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string_view skip_blanks(std::string_view text) {
    text.remove_prefix(static_cast<std::size_t>(
        std::find_if_not(text.begin(), text.end(), is_blank) - text.begin()));
    return text;
}

std::string_view first_line(std::string_view text) {
    return text.substr(0, text.find_first_of("\r\n"));
}

// A comment in ";" or "(" as slicers and CAM programs write, or a first word like G21, M104, N10.
bool is_machine_code(std::string_view text) {
    while (text.starts_with('%') || text.starts_with('(')) {
        text.remove_prefix(std::min(first_line(text).size(), text.size()));
        text = skip_blanks(text);
        if (text.empty()) return true;
    }
    if (text.starts_with(';')) return true;
    const bool letter =
        !text.empty() && std::string_view{"gmnot"}.find(text[0]) != std::string_view::npos;
    return letter && text.size() > 1 && is_digit(text[1]);
}

// Pairs of lines, a code and a value; the first is section, or a comment with the code 999.
bool is_dxf(std::string_view text) {
    const std::string_view code = first_line(text);
    const std::string_view value = skip_blanks(text.substr(code.size()));
    const std::string_view bare = code.substr(0, code.find_last_not_of(" \t") + 1);
    return (bare == "0" && value.starts_with("section")) || bare == "999";
}

// Columns 73 to 80 of every line hold a letter and a number, first "S      1".
bool is_iges(std::string_view line) {
    return line.size() >= 80 && line[72] == 's' && line[79] == '1';
}

}  // namespace

std::optional<ForeignFormat> foreign_format(std::span<const std::uint8_t> file) {
    const std::string_view raw{reinterpret_cast<const char*>(file.data()),
                               std::min(file.size(), looked_at)};
    for (const Mark& mark : marks) {
        if (raw.starts_with(mark.bytes)) return mark.format;
    }
    std::string low{raw};
    for (char& c : low)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    std::string_view text = low;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (is_iges(first_line(text))) return ForeignFormat{"an IGES file", as_mesh};
    text = skip_blanks(text);
    for (const Mark& mark : words) {
        if (text.starts_with(mark.bytes)) return mark.format;
    }
    if (text.starts_with('<')) {
        for (const Mark& mark : elements) {
            if (text.find(mark.bytes) != std::string_view::npos) return mark.format;
        }
        return ForeignFormat{"XML", as_design};
    }
    if (is_dxf(text)) return ForeignFormat{"a DXF drawing", as_flat, DrawingKind::dxf};
    if (is_machine_code(text)) return ForeignFormat{"machine code (G-code)", as_design};
    return std::nullopt;
}

}  // namespace nearfab::geometry
