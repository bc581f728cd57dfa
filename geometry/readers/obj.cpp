// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/obj.hpp"

#include "geometry/readers/decimal.hpp"
#include "geometry/readers/soup_builder.hpp"
#include "geometry/readers/statement_reader.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace nearfab::geometry {
namespace {

enum class Statement : std::uint8_t {
    vertex,
    face,
    object,
    group,
    skipped,
    line,       // Lines and points: geometry, but nothing to make.
    free_form,  // Curves and surfaces given by formulas.
    outside,    // Would run a program or read another file.
    unknown,
};

struct Keyword {
    std::string_view word;
    Statement statement;
};
constexpr Keyword keywords[]{
    {"v", Statement::vertex},
    {"f", Statement::face},
    {"fo", Statement::face},
    {"o", Statement::object},
    {"g", Statement::group},
    {"vn", Statement::skipped},
    {"vt", Statement::skipped},
    {"s", Statement::skipped},
    {"usemtl", Statement::skipped},
    {"mtllib", Statement::skipped},
    {"vp", Statement::skipped},
    {"mg", Statement::skipped},
    {"bevel", Statement::skipped},
    {"c_interp", Statement::skipped},
    {"d_interp", Statement::skipped},
    {"lod", Statement::skipped},
    {"shadow_obj", Statement::skipped},
    {"trace_obj", Statement::skipped},
    {"maplib", Statement::skipped},
    {"usemap", Statement::skipped},
    {"l", Statement::line},
    {"p", Statement::line},
    {"curv", Statement::free_form},
    {"curv2", Statement::free_form},
    {"surf", Statement::free_form},
    {"cstype", Statement::free_form},
    {"deg", Statement::free_form},
    {"bmat", Statement::free_form},
    {"step", Statement::free_form},
    {"parm", Statement::free_form},
    {"trim", Statement::free_form},
    {"hole", Statement::free_form},
    {"scrv", Statement::free_form},
    {"sp", Statement::free_form},
    {"end", Statement::free_form},
    {"con", Statement::free_form},
    {"ctech", Statement::free_form},
    {"stech", Statement::free_form},
    {"bsp", Statement::free_form},
    {"bzp", Statement::free_form},
    {"cdc", Statement::free_form},
    {"cdp", Statement::free_form},
    {"res", Statement::free_form},
    {"call", Statement::outside},
    {"csh", Statement::outside},
};

Statement statement_of(std::string_view word) {
    for (const Keyword& keyword : keywords) {
        if (keyword.word == word) return keyword.statement;
    }
    return Statement::unknown;
}

constexpr const char* export_again = "Export the part again, best as 3MF or binary STL";

// Twice through the text: first the vertices, then the faces, which may come before them.
class ObjReader {
public:
    ObjReader(std::string_view text, const ReadLimits& limits)
        : text_(text), limits_(limits), builder_(FileFormat::obj, Unit::unstated, limits) {}

    Result<TriangleSoup> read() {
        if (Status status = read_vertices(); !status) return fail(status.error());
        if (Status status = read_faces(); !status) return fail(status.error());
        if (lines_ > 0) {
            builder_.remark({RemarkWeight::note,
                             "lines_left_out",
                             std::to_string(lines_) +
                                 " statements draw lines or points, which have no volume and are "
                                 "left out",
                             ""});
        }
        return builder_.finish("an OBJ");
    }

private:
    Status read_vertices() {
        StatementReader reader{text_, true};
        std::size_t faces = 0;
        do {
            const std::string_view word = reader.word();
            if (word.empty()) continue;
            switch (statement_of(word)) {
                case Statement::vertex:
                    if (Status status = read_vertex(reader); !status) return status;
                    break;
                case Statement::face:
                    ++faces;
                    break;
                case Statement::object:
                    has_objects_ = true;
                    break;
                case Statement::line:
                    ++lines_;
                    break;
                case Statement::group:
                case Statement::skipped:
                    break;
                case Statement::free_form:
                case Statement::outside:
                case Statement::unknown:
                    return fail(not_taken(word, reader));
            }
        } while (reader.next_line());
        builder_.reserve(faces);
        return {};
    }

    Status read_vertex(StatementReader& reader) {
        if (vertices_.size() >= 3ULL * limits_.triangles) {
            return fail(placed(
                at(reader),
                {ErrorCode::too_large,
                 "more vertices than the limit of " + std::to_string(3ULL * limits_.triangles),
                 "Export the part with a coarser mesh"}));
        }
        Corner corner{};
        for (float& value : corner) {
            const std::string_view word = reader.word();
            if (word.empty()) {
                return fail(wrong("a vertex with fewer than three coordinates", reader));
            }
            double number = 0;
            if (Status status = read_coordinate(word, limits_, number); !status) {
                return fail(placed(at(reader), std::move(status).error()));
            }
            value = static_cast<float>(number);
        }
        vertices_.push_back(corner);
        return {};
    }

    Status read_faces() {
        StatementReader reader{text_, true};
        const Statement divider = has_objects_ ? Statement::object : Statement::group;
        do {
            const std::string_view word = reader.word();
            if (word.empty()) continue;
            const Statement statement = statement_of(word);
            if (statement == Statement::vertex) ++vertices_seen_;
            if (statement == divider) builder_.begin_object(reader.rest_of_line());
            if (statement != Statement::face) continue;
            if (Status status = read_face(reader); !status) return status;
        } while (reader.next_line());
        return {};
    }

    Status read_face(StatementReader& reader) {
        polygon_.clear();
        for (std::string_view word = reader.word(); !word.empty(); word = reader.word()) {
            const auto vertex = vertex_named(word);
            if (!vertex) return fail(bad_index(word, reader));
            polygon_.push_back(vertices_[*vertex]);
        }
        if (polygon_.size() < 3) {
            return fail(wrong("a face with " + std::to_string(polygon_.size()) +
                                  " corners, but a face has at least 3",
                              reader));
        }
        return builder_.add_polygon(polygon_);
    }

    // "7", "7/1", "7//2" or "7/1/2"; the texture and the normal are not looked at.
    static std::optional<std::int64_t> index_in(std::string_view word) {
        const std::size_t slash = std::min(word.find('/'), word.size());
        const std::string_view rest = word.substr(slash);
        if (std::count(rest.begin(), rest.end(), '/') > 2 ||
            rest.find_first_not_of("/-+0123456789") != std::string_view::npos) {
            return std::nullopt;
        }
        return read_integer(word.substr(0, slash));
    }

    std::optional<std::size_t> vertex_named(std::string_view word) const {
        const auto index = index_in(word);
        if (!index) return std::nullopt;
        const auto count = static_cast<std::int64_t>(vertices_.size());
        if (*index >= 1 && *index <= count) return static_cast<std::size_t>(*index - 1);
        if (*index < 0 && *index >= -vertices_seen_) {
            return static_cast<std::size_t>(vertices_seen_ + *index);
        }
        return std::nullopt;
    }

    Error bad_index(std::string_view word, const StatementReader& reader) const {
        const auto index = index_in(word);
        std::string why = " is no index of a vertex";
        if (index && *index == 0) why = " names vertex 0, but OBJ counts from 1";
        if (index && *index > 0) {
            why = " names a vertex beyond the " + std::to_string(vertices_.size()) + " of the file";
        }
        if (index && *index < 0) {
            why = " counts back beyond the " + std::to_string(vertices_seen_) +
                  " vertices that come before it";
        }
        return wrong(quoted(word) + why, reader);
    }

    Error not_taken(std::string_view word, const StatementReader& reader) const {
        const Statement statement = statement_of(word);
        if (statement == Statement::free_form) {
            return wrong(
                quoted(word) + " belongs to a free-form surface, and only polygons can be read",
                reader,
                "Export the part as a mesh of triangles");
        }
        if (statement == Statement::outside) {
            return wrong(quoted(word) + " would run something outside this file",
                         reader,
                         "Export the part as one file without it");
        }
        return wrong(quoted(word) + " is no statement of an OBJ file", reader);
    }

    std::string at(const StatementReader& reader) const { return line_at(text_, reader.offset()); }
    Error wrong(const std::string& what,
                const StatementReader& reader,
                const char* next = export_again) const {
        return placed(at(reader), {ErrorCode::invalid_file, what, next});
    }

    std::string_view text_;
    const ReadLimits& limits_;
    SoupBuilder builder_;
    std::vector<Corner> vertices_;
    std::vector<Corner> polygon_;
    std::int64_t vertices_seen_ = 0;  // In the second pass; negative indices count back from it.
    std::uint64_t lines_ = 0;
    bool has_objects_ = false;
};

}  // namespace

Result<TriangleSoup> read_obj(std::string_view text, const ReadLimits& limits) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // A UTF-8 mark does no harm.
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
        const std::string place = "byte " + std::to_string(nul);
        return fail(Error{ErrorCode::invalid_file,
                          place + " of this OBJ is NUL, which text does not hold",
                          "Copy or download the file again; if that does not help, export it again",
                          place});
    }
    return ObjReader(text, limits).read();
}

bool looks_like_obj(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    StatementReader reader{text, true};
    const std::string_view word = reader.word_on_any_line();
    return !word.empty() && statement_of(word) != Statement::unknown;
}

}  // namespace nearfab::geometry
