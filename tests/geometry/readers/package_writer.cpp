// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/geometry/readers/package_writer.hpp"

#include "base/check.hpp"

#include <sstream>
#include <zlib.h>

namespace nearfab::geometry::sample {
namespace {

using Bytes = std::vector<std::uint8_t>;

void put(Bytes& out, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i)
        out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void put(Bytes& out, std::string_view text) {
    out.insert(out.end(), text.begin(), text.end());
}

std::string deflated(const std::string& contents) {
    z_stream stream{};
    NEARFAB_CHECK(deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK,
                  "zlib starts");
    std::string out(deflateBound(&stream, contents.size()) + 16, '\0');
    std::string in = contents;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    NEARFAB_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END, "there is room");
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

struct Packed {
    std::string bytes;
    std::uint16_t method = 0;
    std::uint32_t crc = 0;
    std::uint32_t stated = 0;
    std::uint32_t header_at = 0;
};

Packed pack(const ZipPart& part) {
    Packed packed;
    packed.bytes = part.deflate ? deflated(part.contents) : part.contents;
    packed.method = part.method.value_or(part.deflate ? 8 : 0);
    packed.crc = part.crc.value_or(
        static_cast<std::uint32_t>(crc32(0,
                                         reinterpret_cast<const Bytef*>(part.contents.data()),
                                         static_cast<uInt>(part.contents.size()))));
    packed.stated = part.stated_bytes.value_or(static_cast<std::uint32_t>(part.contents.size()));
    return packed;
}

void put_local(Bytes& out, const ZipPart& part, const Packed& packed) {
    const std::string name = part.local_name.value_or(part.name);
    put(out, 0x04034b50, 4);
    put(out, 20, 2);
    put(out, part.flags, 2);
    put(out, packed.method, 2);
    put(out, 0, 4);  // Time and date.
    put(out, packed.crc, 4);
    put(out, packed.bytes.size(), 4);
    put(out, packed.stated, 4);
    put(out, name.size(), 2);
    put(out, 0, 2);
    put(out, name);
    put(out, packed.bytes);
}

void put_directory(Bytes& out, const ZipPart& part, const Packed& packed) {
    const std::uint32_t header_at = part.header_at.value_or(packed.header_at);
    put(out, 0x02014b50, 4);
    put(out, 45 | (part.attributes != 0 ? 3U << 8U : 0U), 2);
    put(out, 45, 2);
    put(out, part.flags, 2);
    put(out, packed.method, 2);
    put(out, 0, 4);
    put(out, packed.crc, 4);
    put(out, part.zip64 ? 0xFFFFFFFF : packed.bytes.size(), 4);
    put(out, part.zip64 ? 0xFFFFFFFF : packed.stated, 4);
    put(out, part.name.size(), 2);
    put(out, part.zip64 ? 28 : 0, 2);
    put(out, 0, 6);  // Comment, disk, internal attributes.
    put(out, part.attributes, 4);
    put(out, part.zip64 ? 0xFFFFFFFF : header_at, 4);
    put(out, part.name);
    if (part.zip64) {
        put(out, 1, 2);
        put(out, 24, 2);
        put(out, packed.stated, 8);
        put(out, packed.bytes.size(), 8);
        put(out, header_at, 8);
    }
}

}  // namespace

std::vector<std::uint8_t> zip_of(const std::vector<ZipPart>& parts, bool zip64_end) {
    Bytes out;
    std::vector<Packed> packed;
    for (const ZipPart& part : parts) {
        packed.push_back(pack(part));
        packed.back().header_at = static_cast<std::uint32_t>(out.size());
        put_local(out, part, packed.back());
    }
    const std::size_t directory_at = out.size();
    for (std::size_t i = 0; i < parts.size(); ++i)
        put_directory(out, parts[i], packed[i]);
    const std::size_t end_at = out.size();
    if (zip64_end) {
        put(out, 0x06064b50, 4);
        put(out, 44, 8);
        put(out, 45, 2);
        put(out, 45, 2);
        put(out, 0, 8);
        put(out, parts.size(), 8);
        put(out, parts.size(), 8);
        put(out, end_at - directory_at, 8);
        put(out, directory_at, 8);
        put(out, 0x07064b50, 4);
        put(out, 0, 4);
        put(out, end_at, 8);
        put(out, 1, 4);
    }
    put(out, 0x06054b50, 4);
    put(out, 0, 4);
    put(out, zip64_end ? 0xFFFF : parts.size(), 2);
    put(out, zip64_end ? 0xFFFF : parts.size(), 2);
    put(out, zip64_end ? 0xFFFFFFFF : end_at - directory_at, 4);
    put(out, zip64_end ? 0xFFFFFFFF : directory_at, 4);
    put(out, 0, 2);
    return out;
}

ZipPart content_types() {
    return {.name = "[Content_Types].xml",
            .contents =
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types xmlns=\"http://schemas."
                "openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels"
                "\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml"
                "\"/><Default Extension=\"model\" ContentType=\"application/vnd.ms-package."
                "3dmanufacturing-3dmodel+xml\"/></Types>"};
}

ZipPart relations_to(std::string_view target, std::string_view more) {
    std::string text =
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        "<Relationship Id=\"r0\" Type=\"http://schemas.microsoft.com/3dmanufacturing/2013/01/"
        "3dmodel\" Target=\"";
    text.append(target).append("\"/>").append(more).append("</Relationships>");
    return {.name = "_rels/.rels", .contents = text};
}

std::string model_of(std::string_view resources,
                     std::string_view build,
                     std::string_view attributes) {
    std::string text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<model "
        "xmlns=\"http://schemas.microsoft.com/3dmanufacturing/core/2015/02\" "
        "xmlns:p=\"http://schemas.microsoft.com/3dmanufacturing/production/2015/06\" "
        "xmlns:m=\"http://schemas.microsoft.com/3dmanufacturing/material/2015/02\" ";
    text.append(attributes).append(">\n<resources>\n").append(resources);
    text.append("</resources>\n<build>\n").append(build).append("</build>\n</model>\n");
    return text;
}

std::string cube_object(int id, double side, std::string_view attributes) {
    std::ostringstream out;
    out << "<object id=\"" << id << "\" " << attributes << "><mesh><vertices>\n";
    for (unsigned i = 0; i < 8; ++i) {
        out << "<vertex x=\"" << ((i & 1U) != 0 ? side : 0) << "\" y=\""
            << ((i & 2U) != 0 ? side : 0) << "\" z=\"" << ((i & 4U) != 0 ? side : 0) << "\"/>\n";
    }
    out << "</vertices><triangles>\n";
    constexpr unsigned triangles[12][3]{{0, 2, 3},
                                        {0, 3, 1},
                                        {4, 5, 7},
                                        {4, 7, 6},
                                        {0, 1, 5},
                                        {0, 5, 4},
                                        {2, 6, 7},
                                        {2, 7, 3},
                                        {0, 4, 6},
                                        {0, 6, 2},
                                        {1, 3, 7},
                                        {1, 7, 5}};
    for (const auto& [a, b, c] : triangles) {
        out << "<triangle v1=\"" << a << "\" v2=\"" << b << "\" v3=\"" << c << "\"/>\n";
    }
    out << "</triangles></mesh></object>\n";
    return out.str();
}

std::vector<std::uint8_t> package_of(const std::string& model) {
    return zip_of({content_types(),
                   relations_to("/3D/part.model"),
                   {.name = "3D/part.model", .contents = model}});
}

}  // namespace nearfab::geometry::sample
