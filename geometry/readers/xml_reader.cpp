// SPDX-License-Identifier: GPL-3.0-or-later
// The only file that knows expat.

#include "geometry/readers/xml_reader.hpp"

#include "base/check.hpp"

#include <expat.h>
#include <utility>

namespace nearfab::geometry {
namespace {

constexpr char separator = '\n';  // Between namespace and name; expat refuses it in a namespace.

XmlName split(std::string_view full) {
    const std::size_t at = full.rfind(separator);
    if (at == std::string_view::npos) return {{}, full};
    return {full.substr(0, at), full.substr(at + 1)};
}

Error too_large(std::string message) {
    return {ErrorCode::too_large,
            std::move(message),
            "Export the part again with a program that writes plain 3MF"};
}

}  // namespace

std::optional<std::string_view> XmlAttributes::find(std::string_view full_name) const {
    std::optional<std::string_view> found;
    each([&](std::string_view name, std::string_view value) {
        if (name == full_name) found = value;
    });
    return found;
}

void XmlVisitor::begin_namespace(std::string_view, std::string_view) {}

Status XmlVisitor::note_strange(const XmlName& name, const XmlAttributes& attributes) {
    bool full = !names_.add(name.local);
    attributes.each([&](std::string_view text, std::string_view) { full |= !names_.add(text); });
    if (!full) return {};
    return fail(too_large("more different names of elements and attributes than the limit of " +
                          std::to_string(most_xml_names) + " (or of " +
                          std::to_string(most_xml_name_bytes) + " bytes together)"));
}

bool NameCensus::add(std::string_view name) {
    if (!names_.contains(name)) {
        names_.emplace(name);
        bytes_ += name.size();
    }
    return names_.size() <= most_xml_names && bytes_ <= most_xml_name_bytes;
}

struct XmlReader::Parser {
    Parser(std::string part_name, XmlVisitor& to)
        : part(std::move(part_name)), visitor(to), expat(XML_ParserCreateNS(nullptr, separator)) {
        NEARFAB_CHECK(expat != nullptr, "there is memory for a parser");
        XML_SetUserData(expat, this);
        XML_SetElementHandler(expat, on_begin, on_end);
        XML_SetStartNamespaceDeclHandler(expat, on_namespace);
        XML_SetStartDoctypeDeclHandler(expat, on_doctype);
    }
    ~Parser() { XML_ParserFree(expat); }
    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;

    std::string where() const {
        return "part " + part + ", line " + std::to_string(XML_GetCurrentLineNumber(expat));
    }

    void stop(Error error) {
        if (failed) return;
        failed = placed(where(), std::move(error));
        XML_StopParser(expat, XML_FALSE);
    }
    void stop_if(Status status) {
        if (!status) stop(std::move(status).error());
    }

    Status feed(const std::uint8_t* bytes, std::size_t size, bool last) {
        fed += size;
        const XML_Status result = XML_Parse(expat,
                                            reinterpret_cast<const char*>(bytes),
                                            static_cast<int>(size),
                                            last ? XML_TRUE : XML_FALSE);
        if (failed) return fail(*failed);
        if (result != XML_STATUS_OK) {
            return fail(placed(where(),
                               {ErrorCode::invalid_file,
                                std::string{"this is not well-formed XML ("} +
                                    XML_ErrorString(XML_GetErrorCode(expat)) + ")",
                                "Export the part again as 3MF and submit the new file"}));
        }
        // What is not yet complete is scanned again with every piece.
        const XML_Index at = XML_GetCurrentByteIndex(expat);
        if (at >= 0 && fed - static_cast<std::uint64_t>(at) > 2 * largest_xml_tag + size) {
            return fail(placed(where(), too_large(tag_limit())));
        }
        return {};
    }

    static std::string tag_limit() {
        return "a tag, comment or instruction of more than the limit of " +
               std::to_string(largest_xml_tag) + " bytes";
    }

    static void XMLCALL on_begin(void* self, const XML_Char* name, const XML_Char** attributes) {
        auto& parser = *static_cast<Parser*>(self);
        if (parser.failed) return;
        if (++parser.depth > deepest_xml) {
            return parser.stop(too_large("elements nested deeper than the limit of " +
                                         std::to_string(deepest_xml)));
        }
        if (XML_GetCurrentByteCount(parser.expat) > static_cast<int>(largest_xml_tag)) {
            return parser.stop(too_large(tag_limit()));
        }
        parser.stop_if(parser.visitor.begin_element(split(name), XmlAttributes{attributes}));
    }

    static void XMLCALL on_end(void* self, const XML_Char*) {
        auto& parser = *static_cast<Parser*>(self);
        if (parser.failed) return;
        --parser.depth;
        parser.stop_if(parser.visitor.end_element());
    }

    static void XMLCALL on_namespace(void* self, const XML_Char* prefix, const XML_Char* uri) {
        auto& parser = *static_cast<Parser*>(self);
        if (parser.failed) return;
        const std::string_view bound = prefix == nullptr ? "" : prefix;
        parser.visitor.begin_namespace(bound, uri == nullptr ? "" : uri);
        if (!parser.prefixes.add(bound)) {
            parser.stop(too_large("more namespace prefixes than the limit of " +
                                  std::to_string(most_xml_names)));
        }
    }

    static void XMLCALL
    on_doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
        static_cast<Parser*>(self)->stop(
            {ErrorCode::invalid_file,
             "a document type declaration (<!DOCTYPE>), which 3MF forbids because entities can "
             "grow without bound and reach outside the file",
             "Export the part again with a program that writes plain 3MF"});
    }

    std::string part;
    XmlVisitor& visitor;
    XML_Parser expat;
    std::optional<Error> failed;
    NameCensus prefixes;
    std::uint64_t fed = 0;
    std::size_t depth = 0;
};

XmlReader::XmlReader(std::string part, XmlVisitor& visitor)
    : parser_(std::make_unique<Parser>(std::move(part), visitor)) {}
XmlReader::~XmlReader() = default;

Status XmlReader::feed(std::span<const std::uint8_t> piece) {
    while (piece.size() > largest_xml_tag) {
        if (Status s = parser_->feed(piece.data(), largest_xml_tag, false); !s) return s;
        piece = piece.subspan(largest_xml_tag);
    }
    return parser_->feed(piece.data(), piece.size(), false);
}

Status XmlReader::finish() {
    return parser_->feed(nullptr, 0, true);
}

}  // namespace nearfab::geometry
