// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/off.hpp"

#include "geometry/readers/decimal.hpp"
#include "geometry/readers/soup_builder.hpp"
#include "geometry/readers/statement_reader.hpp"

#include <optional>
#include <utility>

namespace nearfab::geometry {
namespace {

constexpr const char* export_again = "Export the part again, best as 3MF or binary STL";

// The letters before OFF, in the order that the format gives them.
struct Header {
    bool extras = false;  // Vertices carry more than their place.
    bool other_dimension = false;
};

std::optional<Header> header_of(std::string_view word) {
    Header header;
    const auto take = [&](std::string_view prefix, bool& flag) {
        if (!word.starts_with(prefix)) return;
        word.remove_prefix(prefix.size());
        flag = true;
    };
    take("ST", header.extras);
    take("C", header.extras);
    take("N", header.extras);
    take("4", header.other_dimension);
    take("n", header.other_dimension);
    if (word != "OFF") return std::nullopt;
    return header;
}

class OffReader {
public:
    OffReader(std::string_view text, const ReadLimits& limits)
        : text_(text),
          limits_(limits),
          reader_(text, false),
          builder_(FileFormat::off, Unit::unstated, limits) {}

    Result<TriangleSoup> read() {
        if (Status status = read_header(); !status) return fail(status.error());
        if (Status status = read_counts(); !status) return fail(status.error());
        for (std::uint64_t i = 0; i < vertex_count_; ++i) {
            if (Status status = read_vertex(i); !status) return fail(status.error());
        }
        for (std::uint64_t i = 0; i < face_count_; ++i) {
            if (Status status = read_face(i); !status) return fail(status.error());
        }
        if (const auto word = reader_.word_on_any_line(); !word.empty()) {
            return fail(wrong("the file goes on with " + quoted(word) + " after its " +
                              std::to_string(face_count_) + " faces"));
        }
        return builder_.finish("an OFF");
    }

private:
    Status read_header() {
        const auto header = header_of(reader_.word_on_any_line());
        if (!header) return fail(wrong("this is not an OFF file: it does not begin with \"OFF\""));
        if (header->other_dimension) {
            return fail(ErrorCode::invalid_file,
                        "the file is an OFF with points of another dimension than three",
                        "Export the part as a mesh in space");
        }
        extras_ = header->extras;
        return {};
    }

    Status read_counts() {
        const std::string_view first = reader_.word_on_any_line();
        if (first == "BINARY") {
            return fail(ErrorCode::invalid_file,
                        "the file is a binary OFF, and only text OFF can be read",
                        "Export the part again as text OFF, 3MF or binary STL");
        }
        const auto vertices = read_integer(first);
        const std::string_view second = reader_.word_on_any_line();
        const auto faces = read_integer(second);
        if (!vertices || !faces || *vertices < 0 || *faces < 0) {
            return fail(wrong("the numbers of vertices and faces are " + quoted(first) + " and " +
                              quoted(second)));
        }
        const std::string_view edges = reader_.word();  // Often 0, never needed.
        if (!edges.empty() && !read_integer(edges)) {
            return fail(wrong("the number of edges is " + quoted(edges)));
        }
        vertex_count_ = static_cast<std::uint64_t>(*vertices);
        face_count_ = static_cast<std::uint64_t>(*faces);
        return check_counts();
    }

    // Before anything is allocated. A vertex takes at least "0 0 0" with its line end, a face
    // "3 0 0 0".
    Status check_counts() {
        if (face_count_ > limits_.triangles) {
            return fail(too_many(face_count_, "faces", limits_.triangles));
        }
        if (vertex_count_ > 3ULL * limits_.triangles) {
            return fail(too_many(vertex_count_, "vertices", 3ULL * limits_.triangles));
        }
        if (vertex_count_ * 6 + face_count_ * 8 > reader_.bytes_left() + 1) {
            return fail(wrong(counts() + " need more than the " +
                              std::to_string(reader_.bytes_left()) + " bytes that follow"));
        }
        vertices_.reserve(vertex_count_);
        builder_.reserve(face_count_);
        return {};
    }

    Status read_vertex(std::uint64_t number) {
        Corner corner{};
        for (std::size_t i = 0; i < corner.size(); ++i) {
            const std::string_view word = i == 0 ? reader_.word_on_any_line() : reader_.word();
            if (word.empty()) return fail(ends("vertex", number, vertex_count_));
            double value = 0;
            if (Status status = read_coordinate(word, limits_, value); !status) {
                return fail(placed(at(),
                                   prefixed("vertex " + std::to_string(number) + ": ",
                                            std::move(status).error())));
            }
            corner[i] = static_cast<float>(value);
        }
        // More numbers could be a colour or the next vertex; only the header can say.
        if (const auto more = extras_ ? std::string_view{} : reader_.word(); !more.empty()) {
            return fail(wrong("vertex " + std::to_string(number) + " goes on with " + quoted(more) +
                              " after its three coordinates, but the header says "
                              "neither colour nor normal (COFF, NOFF)"));
        }
        vertices_.push_back(corner);
        reader_.next_line();
        return {};
    }

    Status read_face(std::uint64_t number) {
        const std::string_view first = reader_.word_on_any_line();
        if (first.empty()) return fail(ends("face", number, face_count_));
        const auto corners = read_integer(first);
        const std::string name = "face " + std::to_string(number);
        if (!corners || *corners < 3) {
            return fail(wrong(name + " has " + quoted(first) + " corners, but has to have 3"));
        }
        if (static_cast<std::uint64_t>(*corners) > reader_.bytes_left() / 2 + 1) {
            return fail(wrong(name + " announces " + quoted(first) +
                              " corners, more than the rest of the file can hold"));
        }
        polygon_.clear();
        for (std::int64_t i = 0; i < *corners; ++i) {
            const std::string_view word = reader_.word();
            const auto index = read_integer(word);
            if (word.empty()) {
                return fail(wrong(name + " has " + std::to_string(i) + " corners, but announces " +
                                  std::to_string(*corners)));
            }
            if (!index || *index < 0 || static_cast<std::uint64_t>(*index) >= vertices_.size()) {
                return fail(wrong(name + " names vertex " + quoted(word) + ", but the file has " +
                                  std::to_string(vertices_.size()) + ", counted from 0"));
            }
            polygon_.push_back(vertices_[static_cast<std::size_t>(*index)]);
        }
        if (Status status = builder_.add_polygon(polygon_); !status) return status;
        reader_.next_line();  // Past a colour.
        return {};
    }

    std::string at() const { return line_at(text_, reader_.offset()); }
    std::string counts() const {
        return std::to_string(vertex_count_) + " vertices and " + std::to_string(face_count_) +
               " faces";
    }
    Error too_many(std::uint64_t count, const char* of_what, std::uint64_t limit) const {
        return placed(at(),
                      {ErrorCode::too_large,
                       "the file announces " + std::to_string(count) + " " + of_what +
                           ", more than the limit of " + std::to_string(limit),
                       "Export the part with a coarser mesh"});
    }
    Error wrong(const std::string& what) const {
        return placed(at(), {ErrorCode::invalid_file, what, export_again});
    }
    Error ends(const char* what, std::uint64_t number, std::uint64_t count) const {
        return placed(at(),
                      {ErrorCode::invalid_file,
                       std::string{"the line or the file ends in "} + what + " " +
                           std::to_string(number) + " of " + std::to_string(count),
                       "Copy or download the file again; if that does not help, export it "
                       "again"});
    }

    std::string_view text_;
    const ReadLimits& limits_;
    StatementReader reader_;
    SoupBuilder builder_;
    std::vector<Corner> vertices_;
    std::vector<Corner> polygon_;
    std::uint64_t vertex_count_ = 0;
    std::uint64_t face_count_ = 0;
    bool extras_ = false;
};

std::string_view without_mark(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    return text;
}

}  // namespace

Result<TriangleSoup> read_off(std::string_view text, const ReadLimits& limits) {
    return OffReader(without_mark(text), limits).read();
}

bool looks_like_off(std::string_view text) {
    StatementReader reader{without_mark(text), false};
    return header_of(reader.word_on_any_line()).has_value();
}

}  // namespace nearfab::geometry
