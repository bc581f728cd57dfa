// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/dxf.hpp"

#include "base/check.hpp"
#include "geometry/flat/dxf_file.hpp"
#include "geometry/flat/dxf_shapes.hpp"
#include "geometry/flat/dxf_units.hpp"
#include "geometry/flat/remarks.hpp"
#include "geometry/number_text.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace nearfab::geometry {
namespace flat {
namespace {

using plane::Affine;

// What the insertion round an entity hands down to it.
struct Surroundings {
    Affine to_mm;
    std::string layer;  // Of entities on layer 0.
    std::optional<Colour> by_block;
    bool inserted = false;
};

class DxfReader {
public:
    DxfReader(std::string_view text, const DxfFile& file, const DrawingOptions& options)
        : text_(text),
          file_(file),
          options_(options),
          rules_{options.chord_tolerance_mm, options.limits.coordinate_mm, options.limits.points},
          entities_left_(options.limits.entities),
          tags_left_(options.limits.tags) {}

    Result<Drawing> read() {
        drawing_.format = FlatFormat::dxf;
        drawing_.chord_tolerance_mm = options_.chord_tolerance_mm;
        drawing_.unit = dxf_unit(file_.units, options_.unit);
        const double mm = drawing_.unit.mm;
        for (const DxfPlace& place : file_.entities) {
            if (Status status = walk(place, {plane::scale(mm, mm), "", {}, false}); !status)
                return fail(status.error());
        }
        if (drawing_.paths.empty()) return fail(nothing_drawn());
        decide_operations(
            drawing_, std::vector<bool>(drawing_.paths.size(), false), options_.operations);
        remarks();
        return std::move(drawing_);
    }

private:
    // The entities from a place to the end of their section or block.
    Status walk(DxfPlace place, const Surroundings& round) {
        DxfTagReader reader{text_, place};
        DxfEntity entity;
        while (true) {
            if (Status status = read_entity(reader, entity, tags_left_); !status) return status;
            const std::string_view type = entity.type;
            if (type == "ENDSEC" || type == "ENDBLK" || type == "EOF" || type == "SECTION" ||
                type == "BLOCK") {
                return {};
            }
            if (entities_left_-- == 0) return fail(too_many(entity));
            Status status;
            if (type == "INSERT") {
                status = insert(entity, round);
            } else if (type == "POLYLINE") {
                status = polyline(reader, entity, round);
            } else if (dxf_can_draw(type)) {
                status = shape(entity, round);
            } else if (type != "SEQEND" && type != "VERTEX" && visible(entity, round)) {
                not_drawn_.add(type);
            }
            if (!status) return status;
        }
    }

    Status shape(const DxfEntity& entity, const Surroundings& round) {
        if (!visible(entity, round)) return hide();
        auto paths = draw_dxf_shape(of(entity, round));
        if (!paths) return fail(paths.error());
        return keep(entity, round, std::move(*paths));
    }

    // The vertices follow as entities of their own, up to SEQEND.
    Status polyline(DxfTagReader& reader, const DxfEntity& header, const Surroundings& round) {
        const auto flags = dxf_integer(header, 70, 0);
        if (!flags) return fail(flags.error());
        std::vector<DxfVertex> vertices;
        DxfEntity vertex;
        while (true) {
            const DxfPlace before = reader.place();
            if (Status status = read_entity(reader, vertex, tags_left_); !status) return status;
            if (vertex.type == "SEQEND") break;
            if (vertex.type != "VERTEX") {
                reader.back_to(before);  // R12 files without SEQEND exist.
                break;
            }
            if (entities_left_-- == 0) return fail(too_many(vertex));
            if (Status status = add_vertex(vertex, vertices); !status) return status;
        }
        if (!visible(header, round)) return hide();
        if ((*flags & (16 | 64)) != 0) {
            not_drawn_.add((*flags & 16) != 0 ? "POLYLINE mesh" : "POLYLINE polyface");
            return {};
        }
        auto paths =
            draw_dxf_polyline(of(header, round), vertices, (*flags & 1) != 0, (*flags & 8) != 0);
        if (!paths) return fail(paths.error());
        return keep(header, round, std::move(*paths));
    }

    Status add_vertex(const DxfEntity& vertex, std::vector<DxfVertex>& vertices) {
        const auto flags = dxf_integer(vertex, 70, 0);
        if (!flags) return fail(flags.error());
        if ((*flags & (16 | 128)) != 0) return {};  // Frame of a spline, face of a polyface.
        const auto x = dxf_required(vertex, 10);
        const auto y = dxf_required(vertex, 20);
        const auto z = dxf_number(vertex, 30, 0);
        const auto bulge = dxf_number(vertex, 42, 0);
        for (const auto* number : {&x, &y, &z, &bulge}) {
            if (!*number) return fail(number->error());
        }
        met_.height(*z);
        vertices.push_back({{*x, *y}, *bulge});
        return {};
    }

    struct Copies {
        Vec2 at;
        Vec2 scale{1, 1};
        double turn = 0;
        Vec2 spacing;
        int columns = 1;
        int rows = 1;
    };

    Result<Copies> copies_of(const DxfEntity& entity) {
        const auto x = dxf_number(entity, 10, 0);
        const auto y = dxf_number(entity, 20, 0);
        const auto sx = dxf_number(entity, 41, 1);
        const auto sy = dxf_number(entity, 42, 1);
        const auto turn = dxf_number(entity, 50, 0);
        const auto dx = dxf_number(entity, 44, 0);
        const auto dy = dxf_number(entity, 45, 0);
        for (const auto* number : {&x, &y, &sx, &sy, &turn, &dx, &dy}) {
            if (!*number) return fail(number->error());
        }
        const auto columns = dxf_integer(entity, 70, 1);
        const auto rows = dxf_integer(entity, 71, 1);
        if (!columns) return fail(columns.error());
        if (!rows) return fail(rows.error());
        if (*sx == 0 || *sy == 0 || *columns < 0 || *rows < 0) {
            return fail(entity.refusal(ErrorCode::invalid_file,
                                       "scale " + number_text(*sx) + " x " + number_text(*sy) +
                                           " and array " + std::to_string(*columns) + " x " +
                                           std::to_string(*rows) +
                                           ", where none may be 0 or negative in number",
                                       dxf_broken_next));
        }
        return Copies{{*x, *y},
                      {*sx, *sy},
                      *turn * plane::pi / 180,
                      {*dx, *dy},
                      std::max(*columns, 1),
                      std::max(*rows, 1)};
    }

    Status insert(const DxfEntity& entity, const Surroundings& round) {
        if (!visible(entity, round, true)) return hide();
        const DxfTag* const name = entity.find(2);
        const std::string key = name == nullptr ? "" : dxf_key(name->value);
        const auto block = file_.blocks.find(key);
        if (block == file_.blocks.end()) {
            return fail(entity.refusal(
                ErrorCode::invalid_file,
                "it inserts the block " + shown(key) + ", which the file does not define",
                dxf_broken_next));
        }
        if (std::find(open_blocks_.begin(), open_blocks_.end(), key) != open_blocks_.end()) {
            return fail(entity.refusal(ErrorCode::invalid_file,
                                       "the block " + shown(key) + " inserts itself",
                                       dxf_broken_next));
        }
        if (open_blocks_.size() >= static_cast<std::size_t>(options_.limits.nested)) {
            return fail(entity.refusal(ErrorCode::too_large,
                                       "blocks lie in blocks deeper than the limit of " +
                                           std::to_string(options_.limits.nested),
                                       "Explode the blocks in your CAD program"));
        }
        const auto copies = copies_of(entity);
        if (!copies) return fail(copies.error());
        const auto own = dxf_own_axes(entity, met_);
        if (!own) return fail(own.error());
        Surroundings inner{{}, layer_of(entity, round), colour_of(entity, round), true};
        const Affine turned =
            plane::shift(copies->at.x, copies->at.y).after(plane::turn(copies->turn));
        const Affine scaled =
            plane::scale(copies->scale.x, copies->scale.y)
                .after(plane::shift(-block->second.base.x, -block->second.base.y));
        open_blocks_.push_back(key);
        for (int row = 0; row < copies->rows; ++row) {
            for (int column = 0; column < copies->columns; ++column) {
                if (entities_left_-- == 0) return fail(too_many(entity));
                const Affine step =
                    plane::shift(column * copies->spacing.x, row * copies->spacing.y);
                inner.to_mm = round.to_mm.after(*own).after(turned).after(step).after(scaled);
                if (Status status = walk(block->second.begin, inner); !status) return status;
            }
        }
        open_blocks_.pop_back();
        return {};
    }

    DxfShape of(const DxfEntity& entity, const Surroundings& round) {
        return {entity, round.to_mm, rules_, used_points_, options_.limits, met_};
    }

    std::string layer_of(const DxfEntity& entity, const Surroundings& round) const {
        const DxfTag* const tag = entity.find(8);
        const std::string_view own = tag == nullptr ? "0" : tag->value;
        return round.inserted && own == "0" ? round.layer : std::string{own};
    }

    const DxfLayer& layer(const std::string& name) const {
        static const DxfLayer plain;
        const auto found = file_.layers.find(dxf_key(name));
        return found == file_.layers.end() ? plain : found->second;
    }

    // An insertion on a layer that is off still shows what the block has on other layers.
    bool visible(const DxfEntity& entity, const Surroundings& round, bool insertion = false) const {
        const DxfTag* const paper = entity.find(67);
        if (paper != nullptr && paper->value == "1") return false;
        const DxfTag* const invisible = entity.find(60);
        if (invisible != nullptr && invisible->value == "1") return false;
        const std::string name = layer_of(entity, round);
        const DxfLayer& on = layer(name);
        return !on.frozen && (insertion || !on.off) && dxf_key(name) != "DEFPOINTS";
    }

    std::optional<Colour> colour_of(const DxfEntity& entity, const Surroundings& round) const {
        static constexpr int by_block = 0;
        static constexpr int by_layer = 256;
        const auto rgb = dxf_integer(entity, 420, -1);
        if (rgb && *rgb >= 0) return colour_of_rgb(*rgb);
        const auto index = dxf_integer(entity, 62, by_layer);
        if (!index) return std::nullopt;
        if (*index == by_block) return round.by_block;
        if (*index != by_layer) return dxf_colour(*index);
        const DxfLayer& on = layer(layer_of(entity, round));
        return on.true_colour ? on.true_colour : dxf_colour(on.colour_index);
    }

    Status keep(const DxfEntity& entity, const Surroundings& round, std::vector<PenPath> paths) {
        for (PenPath& drawn : paths) {
            Path path;
            path.points = std::move(drawn.points);
            path.closed = drawn.closed;
            path.layer = layer_index(layer_of(entity, round));
            path.colour = colour_of(entity, round);
            path.line = entity.line;
            drawing_.paths.push_back(std::move(path));
        }
        return {};
    }

    std::uint32_t layer_index(const std::string& name) {
        const auto next = static_cast<std::uint32_t>(drawing_.layers.size());
        const auto [place, added] = layer_numbers_.emplace(dxf_key(name), next);
        if (added) drawing_.layers.push_back(kept_name(name));
        return place->second;
    }

    Status hide() {
        ++hidden_;
        return {};
    }

    Error too_many(const DxfEntity& entity) const {
        return entity.refusal(ErrorCode::too_large,
                              "the drawing has more entities, with all insertions, than the "
                              "limit of " +
                                  std::to_string(options_.limits.entities),
                              "Send fewer copies in one drawing");
    }

    static std::string counted(std::uint64_t n, const char* one, const char* many) {
        return std::to_string(n) + " " + (n == 1 ? one : many);
    }

    Error nothing_drawn() const {
        std::string message = "the drawing has no line, arc or curve that can be read";
        if (!not_drawn_.empty()) message += "; it has " + not_drawn_.text();
        if (hidden_ > 0)
            message += "; " + counted(hidden_, "entity is hidden", "entities are hidden");
        return {ErrorCode::invalid_file,
                message,
                "Draw the part with lines, arcs, polylines or splines on a layer that is on"};
    }

    void say(RemarkLevel level, const char* rule, std::string message, const char* next) {
        drawing_.remarks.push_back({level, rule, std::move(message), next});
    }

    void remarks() {
        say_unit(drawing_, file_.units);
        if (!not_drawn_.empty()) {
            say(RemarkLevel::warning,
                "not_drawn",
                "not read as lines: " + not_drawn_.text(),
                "Explode texts, hatches and the like to lines where they belong to the part");
        }
        if (met_.any_height && met_.highest - met_.lowest > 1e-6) {
            say(RemarkLevel::warning,
                "not_flat",
                "heights run from " + number_text(met_.lowest) + " to " +
                    number_text(met_.highest) +
                    " drawing units; the drawing is taken as seen from above",
                "Flatten the drawing to z = 0 if it is meant as a flat part");
        }
        if (met_.tilted > 0) {
            say(RemarkLevel::note,
                "tilted",
                counted(met_.tilted, "entity lies", "entities lie") +
                    " in a tilted plane, taken as seen from above",
                "Check the size of what they show");
        }
        if (met_.fitted_splines > 0) {
            say(RemarkLevel::note,
                "fitted_spline",
                counted(met_.fitted_splines, "spline is", "splines are") +
                    " given by points only; between them programs differ",
                "Export splines with control points, or as polylines");
        }
        if (hidden_ > 0) {
            say(RemarkLevel::note,
                "hidden",
                counted(hidden_, "entity is", "entities are") +
                    " not part of it: on a layer that is off, frozen or not plotted, invisible, or "
                    "in paper space",
                "");
        }
    }

    std::string_view text_;
    const DxfFile& file_;
    const DrawingOptions& options_;
    PenRules rules_;
    std::uint64_t entities_left_;
    std::uint64_t tags_left_;
    std::uint64_t used_points_ = 0;
    std::vector<std::string> open_blocks_;
    std::map<std::string, std::uint32_t> layer_numbers_;
    DxfMet met_;
    Tally not_drawn_;
    std::uint64_t hidden_ = 0;
    Drawing drawing_;
};

}  // namespace
}  // namespace flat

Result<Drawing> read_dxf(std::span<const std::uint8_t> file, const DrawingOptions& options) {
    NEARFAB_CHECK(options.chord_tolerance_mm > 0, "a tolerance has a size");
    if (const Status sized = check_size(file, options.limits); !sized) return fail(sized.error());
    const std::string text{file.begin(), file.end()};
    if (text.starts_with("AutoCAD Binary DXF")) {
        return fail(ErrorCode::invalid_file,
                    "this is a binary DXF, and only text DXF is read",
                    "Save the drawing again as DXF with the option text (ASCII)");
    }
    // What comes after EOF is nobody's business, so only a NUL before it is a fault.
    const std::size_t nul = text.find('\0');
    const std::size_t begin = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    const std::string_view body = std::string_view{text}.substr(0, nul).substr(begin);
    const auto plan = flat::scan_dxf(body, options.limits);
    if (!plan && nul != std::string::npos) {
        const std::string place = "byte " + std::to_string(nul);
        return fail(Error{ErrorCode::invalid_file,
                          place + " is NUL, which no text DXF holds",
                          "Check that the file is a DXF drawing, and export it again",
                          place});
    }
    if (!plan) return fail(plan.error());
    return flat::DxfReader{body, *plan, options}.read();
}

}  // namespace nearfab::geometry
