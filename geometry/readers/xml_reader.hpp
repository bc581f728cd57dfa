// SPDX-License-Identifier: GPL-3.0-or-later
// xml_reader.hpp - reads XML that may be hostile, as a stream of elements with namespaces.
//
// UTF-8, and UTF-16 by its byte order mark. A document type declaration is refused, so there are
// no entities but the five that XML knows itself. Nesting, the bytes of one tag or comment and the
// number of different names are limited, because the parser keeps or rescans them. Text between
// the tags is not read. Parsing is expat's work.

#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace nearfab::geometry {

constexpr std::size_t deepest_xml = 64;
constexpr std::size_t largest_xml_tag = 64 * 1024;
constexpr std::size_t most_xml_names = 4096;
constexpr std::size_t most_xml_name_bytes = 1024 * 1024;

// A name of an element or attribute: its namespace (empty for none) and the name in it.
struct XmlName {
    std::string_view space;
    std::string_view local;
};

// The attributes of one element, valid while it is visited.
class XmlAttributes {
public:
    explicit XmlAttributes(const char* const* pairs) : pairs_(pairs) {}

    // Calls visit(full name, value). The full name is "namespace\nlocal", or the local name alone.
    template <typename Visit>
    void each(Visit&& visit) const {
        for (const char* const* at = pairs_; *at != nullptr; at += 2) {
            visit(std::string_view{at[0]}, std::string_view{at[1]});
        }
    }

    [[nodiscard]] std::optional<std::string_view> find(std::string_view full_name) const;

private:
    const char* const* pairs_;
};

// The different names met so far. expat keeps every one of them, so there may not be too many.
class NameCensus {
public:
    // False when there are too many.
    bool add(std::string_view name);

private:
    std::set<std::string, std::less<>> names_;
    std::size_t bytes_ = 0;
};

class XmlVisitor {
public:
    virtual ~XmlVisitor() = default;
    // An error ends the reading.
    virtual Status begin_element(const XmlName& name, const XmlAttributes& attributes) = 0;
    virtual Status end_element() = 0;
    // A prefix is bound for the element that follows; the prefix is empty for the default.
    virtual void begin_namespace(std::string_view prefix, std::string_view uri);

protected:
    // To be told of elements and their attributes that the visitor does not know by name. Fails
    // when there are too many different ones.
    [[nodiscard]] Status note_strange(const XmlName& name, const XmlAttributes& attributes);

private:
    NameCensus names_;
};

// Errors: invalid_file with part, line and reason; the visitor's own, with part and line put
// before the message; too_large for a limit.
class XmlReader {
public:
    // REQUIRES: the visitor outlives the reader.
    XmlReader(std::string part, XmlVisitor& visitor);
    ~XmlReader();
    XmlReader(const XmlReader&) = delete;
    XmlReader& operator=(const XmlReader&) = delete;

    [[nodiscard]] Status feed(std::span<const std::uint8_t> piece);
    // After the last piece.
    [[nodiscard]] Status finish();

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace nearfab::geometry
