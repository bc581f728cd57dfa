// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/xml_reader.hpp"

#include <catch2/catch.hpp>

namespace nearfab::geometry {
namespace {

using Catch::Matchers::Contains;

// Writes down what it sees; "bad" is an element that it does not take.
class Recorder : public XmlVisitor {
public:
    Status begin_element(const XmlName& name, const XmlAttributes& attributes) override {
        seen += "<" + std::string(name.space) + "|" + std::string(name.local);
        attributes.each([&](std::string_view key, std::string_view value) {
            seen += " " + std::string(key) + "=" + std::string(value);
        });
        if (name.local == "bad") return fail(ErrorCode::invalid_file, "not this", "Leave it out");
        return note_strange(name, attributes);
    }
    Status end_element() override {
        seen += ">";
        return {};
    }
    std::string seen;
};

Status read(std::string_view text, XmlVisitor& visitor, std::size_t piece = 1'000'000) {
    XmlReader reader("/x.xml", visitor);
    while (!text.empty()) {
        const std::size_t bytes = std::min(piece, text.size());
        Status status = reader.feed({reinterpret_cast<const std::uint8_t*>(text.data()), bytes});
        if (!status) return status;
        text.remove_prefix(bytes);
    }
    return reader.finish();
}

std::string seen_in(std::string_view text, std::size_t piece = 1'000'000) {
    Recorder recorder;
    const Status status = read(text, recorder, piece);
    INFO((status ? "" : status.error().message));
    REQUIRE(status);
    return recorder.seen;
}

Error refused(std::string_view text, std::size_t piece = 1'000'000) {
    Recorder recorder;
    const Status status = read(text, recorder, piece);
    REQUIRE_FALSE(status);
    return status.error();
}

TEST_CASE("elements and attributes come with their namespaces, in pieces of any size") {
    const std::string text =
        "<?xml version=\"1.0\"?><!-- c --><a xmlns=\"n\" xmlns:q=\"m\" k=\"1\">text<q:b q:k=\"&lt;"
        "\"/><?pi?><![CDATA[<c/>]]></a>";
    for (const std::size_t piece : {1U, 7U, 1000U}) {
        CHECK(seen_in(text, piece) == "<n|a k=1<m|b m\nk=<>>");
    }
}

TEST_CASE("UTF-16 is read by its byte order mark") {
    std::string text = "\xFE\xFF";
    for (const char c : std::string_view{"<a k=\"v\"/>"}) {
        text += '\0';
        text += c;
    }
    CHECK(seen_in(text) == "<|a k=v>");
}

TEST_CASE("what is no XML is refused with part and line") {
    for (const char* text : {"",
                             "x",
                             "<a>",
                             "<a></b>",
                             "<a k=1/>",
                             "<a k=\"1\" k=\"2\"/>",
                             "<q:a/>",
                             "<a>&other;</a>",
                             "<a/><b/>",
                             "<a k=\"<\"/>",
                             "<a>\x01</a>",
                             "<?xml version=\"1.0\" encoding=\"klingon\"?><a/>"}) {
        INFO(text);
        CHECK(refused(text).code == ErrorCode::invalid_file);
    }
    CHECK_THAT(refused("<a>\n\n<b></a>").message,
               Contains("part /x.xml, line 3") && Contains("well-formed"));
    CHECK_THAT(refused("<a>\n<bad/></a>").message, Contains("line 2: not this"));
    CHECK(refused("<a>\n<bad/></a>").next == "Leave it out");
}

TEST_CASE("a document type is refused whatever is in it") {
    for (const char* text : {"<!DOCTYPE a><a/>",
                             "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
                             "<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z \"&x;&x;\">]><a>&z;</a>"}) {
        CHECK_THAT(refused(text).message, Contains("DOCTYPE"));
    }
}

TEST_CASE("depth, tags, comments and names are limited") {
    std::string deep;
    for (int i = 0; i < 65; ++i)
        deep += "<a>";
    CHECK(refused(deep).code == ErrorCode::too_large);
    CHECK_THAT(refused(deep).message, Contains("limit of 64"));

    const std::string long_value(70'000, 'x');
    for (const std::size_t piece : {500U, 100'000U}) {
        CHECK_THAT(refused("<a k=\"" + long_value + "\"/>", piece).message, Contains("65536"));
    }
    // Scanned again with every piece, an endless comment would take forever.
    const std::string endless = "<a><!-- " + std::string(20'000'000, 'x');
    CHECK_THAT(refused(endless, 65'536).message, Contains("65536"));
    CHECK_THAT(refused("<?pi " + std::string(20'000'000, 'x'), 65'536).message, Contains("65536"));
    CHECK_THAT(refused("<a k=\"" + std::string(20'000'000, 'x'), 65'536).message,
               Contains("65536"));
    CHECK(seen_in("<a>" + std::string(20'000'000, ' ') + "</a>", 65'536) == "<|a>");

    std::string names = "<a>";
    for (int i = 0; i < 5000; ++i)
        names += "<n" + std::to_string(i) + "/>";
    CHECK_THAT(refused(names + "</a>").message, Contains("different names"));
    std::string prefixes = "<a>";
    for (int i = 0; i < 5000; ++i)
        prefixes += "<b xmlns:p" + std::to_string(i) + "=\"u\"/>";
    CHECK_THAT(refused(prefixes + "</a>").message, Contains("prefixes"));
}

}  // namespace
}  // namespace nearfab::geometry
