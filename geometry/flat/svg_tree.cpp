// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/svg_tree.hpp"

#include "base/check.hpp"
#include "geometry/flat/remarks.hpp"

#include <algorithm>
#include <expat.h>
#include <functional>
#include <memory>
#include <optional>

namespace nearfab::geometry::flat {
namespace {

constexpr const char* broken_next = "Export the drawing again, best as plain SVG";
constexpr std::string_view svg_space = "http://www.w3.org/2000/svg";
constexpr std::string_view xlink_space = "http://www.w3.org/1999/xlink";
constexpr std::string_view inkscape_space = "http://www.inkscape.org/namespaces/inkscape";
constexpr char separator = '\n';  // No URI holds it.

std::pair<std::string_view, std::string_view> split(std::string_view name) {
    const std::size_t at = name.find(separator);
    if (at == std::string_view::npos) return {{}, name};
    return {name.substr(0, at), name.substr(at + 1)};
}

// Collects the elements while expat reads; stops expat with the first error.
class TreeBuilder {
public:
    TreeBuilder(XML_Parser parser, const DrawingLimits& limits) : parser_(parser), limits_(limits) {
        XML_SetUserData(parser, this);
        XML_SetElementHandler(parser, on_start, on_end);
        XML_SetCharacterDataHandler(parser, on_text);
        XML_SetCommentHandler(parser, on_comment);
        XML_SetStartDoctypeDeclHandler(parser, on_doctype);
        XML_SetSkippedEntityHandler(parser, on_skipped);
    }

    Result<SvgTree> build(std::string_view text) {
        const auto status =
            XML_Parse(parser_, text.data(), static_cast<int>(text.size()), XML_TRUE);
        if (error_) return fail(*error_);
        if (status != XML_STATUS_OK) {
            return fail(placed(place(),
                               {ErrorCode::invalid_file,
                                std::string{"the file is not well-formed XML ("} +
                                    XML_ErrorString(XML_GetErrorCode(parser_)) + ")",
                                broken_next}));
        }
        return std::move(tree_);
    }

private:
    static TreeBuilder& self(void* data) { return *static_cast<TreeBuilder*>(data); }
    static void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
        self(data).start(name, attributes);
    }
    static void on_end(void* data, const XML_Char* /*name*/) { self(data).end(); }
    static void on_text(void* data, const XML_Char* text, int size) {
        self(data).text({text, static_cast<std::size_t>(size)});
    }
    static void on_comment(void* data, const XML_Char* text) {
        SvgTree& tree = self(data).tree_;
        if (std::string_view{text}.find("Adobe Illustrator") != std::string_view::npos)
            tree.from_illustrator = true;
    }
    static void on_doctype(void* data,
                           const XML_Char* /*name*/,
                           const XML_Char* /*system*/,
                           const XML_Char* /*public*/,
                           int has_declarations) {
        if (has_declarations != 0) {
            self(data).stop(ErrorCode::invalid_file,
                            "the document type declares entities or elements, which is refused",
                            "Save the drawing as plain SVG, without declarations for its editor");
        }
    }
    static void on_skipped(void* data, const XML_Char* name, int /*parameter*/) {
        self(data).stop(ErrorCode::invalid_file,
                        "the entity " + shown(name) + " is not defined in the file",
                        broken_next);
    }

    void stop(ErrorCode code, const std::string& what, const char* next) {
        if (error_) return;
        error_ = placed(place(), {code, what, next});
        XML_StopParser(parser_, XML_FALSE);
    }
    std::string place() const {
        return "line " + std::to_string(XML_GetCurrentLineNumber(parser_));
    }

    void start(std::string_view full_name, const XML_Char** attributes) {
        if (error_) return;
        const auto [space, name] = split(full_name);
        const bool svg = space.empty() || space == svg_space;
        if (tree_.nodes.empty() && (!svg || name != "svg")) {
            return stop(ErrorCode::invalid_file,
                        "the file begins with " + shown(name) + " where an SVG begins with svg",
                        "Check that the file is an SVG drawing");
        }
        if (tree_.nodes.size() >= limits_.entities) {
            return stop(ErrorCode::too_large,
                        "more elements than the limit of " + std::to_string(limits_.entities),
                        "Simplify the drawing, or send its parts one by one");
        }
        if (open_.size() >= static_cast<std::size_t>(limits_.depth)) {
            return stop(ErrorCode::too_large,
                        "elements lie deeper in each other than the limit of " +
                            std::to_string(limits_.depth),
                        "Ungroup the drawing");
        }
        const auto index = static_cast<std::uint32_t>(tree_.nodes.size());
        tree_.nodes.emplace_back();
        SvgNode& node = tree_.nodes.back();
        if (svg) node.name = name;
        node.line = static_cast<std::uint32_t>(XML_GetCurrentLineNumber(parser_));
        for (; *attributes != nullptr; attributes += 2)
            attribute(index, attributes[0], attributes[1]);
        link(index);
        open_.push_back({index, 0});
    }

    void attribute(std::uint32_t index, std::string_view full_name, std::string_view value) {
        SvgNode& node = tree_.nodes[index];
        if (value.size() > limits_.text_bytes) {
            return stop(ErrorCode::too_large,
                        "an attribute of " + std::to_string(value.size()) +
                            " bytes, more than the limit of " + std::to_string(limits_.text_bytes),
                        "Simplify the curves of the drawing");
        }
        const auto [space, name] = split(full_name);
        std::string key;
        if (space.empty() || (space == xlink_space && name == "href")) {
            key = name;
        } else if (space == inkscape_space && (name == "label" || name == "groupmode")) {
            key = "inkscape:" + std::string{name};
        } else {
            if (space == inkscape_space && name == "version" && index == 0)
                tree_.inkscape_version = std::string{value.substr(0, 32)};
            return;
        }
        if (key == "id") tree_.ids.emplace(value, index);
        node.bytes += key.size() + value.size();
        node.attributes.emplace_back(std::move(key), value);
    }

    void link(std::uint32_t index) {
        if (open_.empty()) return;
        Open& parent = open_.back();
        if (parent.last_child == 0) {
            tree_.nodes[parent.node].first_child = index;
        } else {
            tree_.nodes[parent.last_child].next = index;
        }
        parent.last_child = index;
    }

    void end() {
        if (!error_ && !open_.empty()) open_.pop_back();
    }

    void text(std::string_view text) {
        if (error_ || open_.empty() || tree_.nodes[open_.back().node].name != "style") return;
        if (tree_.style.size() + text.size() > limits_.text_bytes) {
            return stop(ErrorCode::too_large,
                        "more style rules than the limit of " + std::to_string(limits_.text_bytes) +
                            " bytes",
                        broken_next);
        }
        tree_.style += text;
    }

    struct Open {
        std::uint32_t node = 0;
        std::uint32_t last_child = 0;
    };

    XML_Parser parser_;
    const DrawingLimits& limits_;
    SvgTree tree_;
    std::vector<Open> open_;
    std::optional<Error> error_;
};

}  // namespace

const std::string* SvgNode::find(std::string_view attribute) const {
    for (const auto& [key, value] : attributes) {
        if (key == attribute) return &value;
    }
    return nullptr;
}

std::string SvgNode::place() const {
    return "line " + std::to_string(line);
}

std::string SvgNode::where() const {
    return place() + " (" + kept_name(name.substr(0, 32)) + ")";
}

Error SvgNode::refusal(ErrorCode code, const std::string& what, const char* advice) const {
    return {code, where() + ": " + what, advice, place()};
}

Result<SvgTree> read_svg_tree(std::string_view text, const DrawingLimits& limits) {
    NEARFAB_CHECK(text.size() < (1U << 30U), "expat counts the bytes of a file in an int");
    const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser{
        XML_ParserCreateNS(nullptr, separator), XML_ParserFree};
    NEARFAB_CHECK(parser != nullptr, "expat gets its first bytes of memory");
    return TreeBuilder{parser.get(), limits}.build(text);
}

}  // namespace nearfab::geometry::flat
