// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/threemf_model.hpp"

#include "geometry/readers/decimal.hpp"
#include "geometry/readers/soup_builder.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace nearfab::geometry {
namespace {

constexpr std::string_view core_space = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02";
constexpr std::string_view production_path =
    "http://schemas.microsoft.com/3dmanufacturing/production/2015/06\npath";
constexpr const char* export_again = "Export the part again as 3MF and submit the new file";
constexpr std::size_t most_spaces = 16;
constexpr std::uint32_t largest_id = 0x7FFFFFFF;

// Extensions that may be required: their elements do not change the shape, or are read here.
constexpr std::string_view known_extensions[]{
    core_space,
    "http://schemas.microsoft.com/3dmanufacturing/material/2015/02",
    "http://schemas.microsoft.com/3dmanufacturing/production/2015/06",
    "http://schemas.microsoft.com/3dmanufacturing/trianglesets/2021/07",
};

bool is_known(std::string_view space) {
    return std::find(std::begin(known_extensions), std::end(known_extensions), space) !=
           std::end(known_extensions);
}

// The elements whose place decides what they mean.
enum class Place : std::uint8_t {
    document,
    model,
    resources,
    object,
    mesh,
    vertices,
    triangles,
    components,
    build,
    leaf,     // vertex, triangle, component, item: nothing inside matters.
    skipped,  // An element that is not read, with all that is in it.
};

struct Step {
    Place parent;
    std::string_view name;
    Place place;
};
constexpr Step steps[]{
    {Place::vertices, "vertex", Place::leaf},
    {Place::triangles, "triangle", Place::leaf},
    {Place::components, "component", Place::leaf},
    {Place::build, "item", Place::leaf},
    {Place::document, "model", Place::model},
    {Place::model, "resources", Place::resources},
    {Place::model, "build", Place::build},
    {Place::resources, "object", Place::object},
    {Place::object, "mesh", Place::mesh},
    {Place::object, "components", Place::components},
    {Place::mesh, "vertices", Place::vertices},
    {Place::mesh, "triangles", Place::triangles},
};

Error invalid(std::string message) {
    return {ErrorCode::invalid_file, std::move(message), export_again};
}

std::vector<std::string_view> words_of(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    std::vector<std::string_view> words;
    for (;;) {
        text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
        if (text.empty()) return words;
        const std::size_t end = std::min(text.find_first_of(blanks), text.size());
        words.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
}

std::optional<Unit> unit_of(std::string_view word) {
    constexpr std::pair<std::string_view, Unit> units[]{{"micron", Unit::micron},
                                                        {"millimeter", Unit::millimetre},
                                                        {"centimeter", Unit::centimetre},
                                                        {"inch", Unit::inch},
                                                        {"foot", Unit::foot},
                                                        {"meter", Unit::metre}};
    for (const auto& [name, unit] : units) {
        if (name == word) return unit;
    }
    return std::nullopt;
}

std::optional<ObjectType> type_of(std::string_view word) {
    constexpr std::pair<std::string_view, ObjectType> types[]{
        {"model", ObjectType::model},
        {"solidsupport", ObjectType::solid_support},
        {"support", ObjectType::support},
        {"surface", ObjectType::surface},
        {"other", ObjectType::other}};
    for (const auto& [name, type] : types) {
        if (name == word) return type;
    }
    return std::nullopt;
}

Result<Transform> read_transform(std::string_view text) {
    const std::vector<std::string_view> words = words_of(text);
    Transform transform;
    if (words.size() != transform.m.size()) {
        return fail(
            invalid("a transform of " + std::to_string(words.size()) + " numbers instead of 12"));
    }
    double largest = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto number = read_number(words[i]);
        if (!number) return fail(invalid("a transform with " + quoted(words[i])));
        transform.m[i] = *number;
        if (i < 9) largest = std::max(largest, std::abs(*number));
    }
    // So flat that float32 could not tell it from a plane.
    if (!(std::abs(transform.determinant()) > 1e-12 * largest * largest * largest)) {
        return fail(invalid("a transform with the determinant 0, which flattens the object"));
    }
    return transform;
}

class ModelVisitor : public XmlVisitor {
public:
    explicit ModelVisitor(ModelBudget& budget) : budget_(budget) {}

    Status begin_element(const XmlName& name, const XmlAttributes& attributes) override {
        const Place parent = places_.back();
        const Place place = place_of(parent, name);
        places_.push_back(place);
        if (place == Place::leaf) {
            if (parent == Place::vertices) return add_vertex(attributes);
            if (parent == Place::triangles) return add_triangle(attributes);
            return parent == Place::build ? add_item(attributes) : add_component(attributes);
        }
        if (Status status = note_strange(name, attributes); !status) return status;
        if (parent == Place::document) return begin_model(place, name, attributes);
        if (place == Place::skipped) return skip(parent, name);
        if (place == Place::object) return begin_object(attributes);
        if (place == Place::mesh || place == Place::components) return begin_contents(place);
        return {};
    }

    Status end_element() override {
        const Place place = places_.back();
        places_.pop_back();
        if (place == Place::object) current_ = nullptr;
        return {};
    }

    void begin_namespace(std::string_view prefix, std::string_view uri) override {
        // Only those of the root count, for the extensions that it requires.
        if (places_.size() == 1 && uri.size() <= largest_uri) {
            prefixes_.insert_or_assign(std::string(prefix), std::string(uri));
        }
    }

    ModelPart take() && { return std::move(part_); }

private:
    static constexpr std::size_t largest_uri = 1024;

    static Place place_of(Place parent, const XmlName& name) {
        if (name.space != core_space) return Place::skipped;
        for (const Step& step : steps) {
            if (step.parent == parent && step.name == name.local) return step.place;
        }
        return Place::skipped;
    }

    // A known element in a wrong place must not get lost silently.
    Status skip(Place parent, const XmlName& name) {
        if (parent == Place::skipped || parent == Place::leaf) return {};
        if (name.space == core_space) {
            const bool known = std::any_of(std::begin(steps), std::end(steps), [&](const Step& s) {
                return s.name == name.local;
            });
            if (known) return fail(invalid("<" + std::string(name.local) + "> in a wrong place"));
        } else if (!is_known(name.space) && part_.skipped_spaces.size() < most_spaces) {
            part_.skipped_spaces.insert(display_name(name.space));
        }
        return {};
    }

    Status begin_model(Place place, const XmlName& name, const XmlAttributes& attributes) {
        if (place != Place::model) {
            return fail(invalid("the root element is " + quoted(name.local) +
                                " and not the <model> of a 3MF"));
        }
        if (const auto unit = attributes.find("unit")) {
            const auto known = unit_of(*unit);
            if (!known) {
                return fail(invalid("the unit " + quoted(*unit) +
                                    " is none of micron, millimeter, centimeter, inch, foot, "
                                    "meter"));
            }
            part_.unit = *known;
        }
        for (const std::string_view prefix :
             words_of(attributes.find("requiredextensions").value_or(""))) {
            const auto bound = prefixes_.find(prefix);
            if (bound == prefixes_.end()) {
                return fail(invalid("the required extension " + quoted(prefix) +
                                    " stands for no namespace"));
            }
            if (is_known(bound->second)) continue;
            return fail(ErrorCode::invalid_file,
                        "the file requires the 3MF extension \"" + display_name(bound->second) +
                            "\", which is not read",
                        "Export the part as a plain mesh without this extension");
        }
        return {};
    }

    Status begin_object(const XmlAttributes& attributes) {
        const auto id = id_in(attributes, "id");
        if (!id) return fail(id.error());
        if (Status status = count_use(); !status) return status;
        const auto [place, is_new] = part_.objects.try_emplace(*id);
        if (!is_new) return fail(invalid("two objects with the id " + std::to_string(*id)));
        current_ = &place->second;
        current_->name = display_name(attributes.find("name").value_or(""));
        if (const auto type = attributes.find("type")) {
            const auto known = type_of(*type);
            if (!known) return fail(invalid("an object of the unknown type " + quoted(*type)));
            current_->type = *known;
        }
        return {};
    }

    Status begin_contents(Place place) {
        if (current_->has_mesh || current_->has_components) {
            return fail(invalid("an object with more than one mesh or list of components"));
        }
        (place == Place::mesh ? current_->has_mesh : current_->has_components) = true;
        return {};
    }

    Status add_vertex(const XmlAttributes& attributes) {
        if (budget_.vertices == 0) {
            return fail(ErrorCode::too_large,
                        "more vertices than the limit of " +
                            std::to_string(3ULL * budget_.limits.triangles),
                        "Export the part with a coarser mesh");
        }
        --budget_.vertices;
        if (!current_->triangles.empty()) return fail(invalid("a vertex after the triangles"));
        std::array<std::string_view, 3> words{};
        bool strange = false;
        attributes.each([&](std::string_view name, std::string_view value) {
            const bool axis = name.size() == 1 && name[0] >= 'x' && name[0] <= 'z';
            if (axis) words[static_cast<std::size_t>(name[0] - 'x')] = value;
            strange = strange || !axis;
        });
        std::array<double, 3> point{};
        for (std::size_t axis = 0; axis < 3; ++axis) {
            if (words[axis].empty()) return fail(invalid("a vertex without x, y or z"));
            Status status = read_finite(words[axis], point[axis]);
            if (!status) return status;
        }
        current_->vertices.push_back(point);
        return strange ? note_strange({core_space, "vertex"}, attributes) : Status{};
    }

    Status add_triangle(const XmlAttributes& attributes) {
        if (budget_.triangles == 0) return fail(too_many_triangles(0, budget_.limits));
        --budget_.triangles;
        std::array<std::string_view, 3> words{};
        bool strange = false;
        attributes.each([&](std::string_view name, std::string_view value) {
            const bool index =
                name.size() == 2 && name[0] == 'v' && name[1] >= '1' && name[1] <= '3';
            if (index) words[static_cast<std::size_t>(name[1] - '1')] = value;
            // p1, p2, p3 and pid are materials.
            strange = strange || (!index && !(name.size() <= 3 && name[0] == 'p'));
        });
        std::array<std::uint32_t, 3> triangle{};
        for (std::size_t i = 0; i < 3; ++i) {
            const auto index = read_integer(words[i]);
            if (!index || *index < 0 ||
                static_cast<std::uint64_t>(*index) >= current_->vertices.size()) {
                return fail(invalid("triangle " + std::to_string(current_->triangles.size()) +
                                    " names vertex " + quoted(words[i]) + ", but its object has " +
                                    std::to_string(current_->vertices.size()) +
                                    " vertices, counted from 0"));
            }
            triangle[i] = static_cast<std::uint32_t>(*index);
        }
        current_->triangles.push_back(triangle);
        return strange ? note_strange({core_space, "triangle"}, attributes) : Status{};
    }

    Status add_component(const XmlAttributes& attributes) {
        return add_use(attributes, "component", current_->components);
    }

    Status add_item(const XmlAttributes& attributes) {
        if (attributes.find("printable") == "0") ++part_.not_printable;
        return add_use(attributes, "item", part_.items);
    }

    Status add_use(const XmlAttributes& attributes,
                   std::string_view element,
                   std::vector<ObjectUse>& uses) {
        if (Status status = note_strange({core_space, element}, attributes); !status) return status;
        if (Status status = count_use(); !status) return status;
        const auto id = id_in(attributes, "objectid");
        if (!id) return fail(id.error());
        ObjectUse use{*id, std::string(attributes.find(production_path).value_or("")), {}};
        if (!use.path.empty() && (use.path[0] != '/' || use.path.size() > largest_uri)) {
            return fail(invalid("the path " + quoted(use.path) + " is no name of a part"));
        }
        if (const auto text = attributes.find("transform")) {
            const Result<Transform> transform = read_transform(*text);
            if (!transform) return fail(transform.error());
            use.transform = *transform;
        }
        uses.push_back(std::move(use));
        return {};
    }

    Status count_use() {
        if (budget_.uses == 0) {
            return fail(ErrorCode::too_large,
                        "more objects, components and build items than the limit of " +
                            std::to_string(budget_.limits.instances),
                        "Submit fewer copies in one file and state the quantity instead");
        }
        --budget_.uses;
        return {};
    }

    static Result<std::uint32_t> id_in(const XmlAttributes& attributes, std::string_view name) {
        const auto word = attributes.find(name);
        const auto id = word ? read_integer(*word) : std::nullopt;
        if (!id || *id < 1 || *id > largest_id) {
            return fail(invalid(std::string(name) + "=" + quoted(word.value_or("")) +
                                " is no id between 1 and 2147483647"));
        }
        return static_cast<std::uint32_t>(*id);
    }

    ModelBudget& budget_;
    ModelPart part_;
    ModelObject* current_ = nullptr;  // The object that is open.
    std::vector<Place> places_{Place::document};
    std::map<std::string, std::string, std::less<>> prefixes_;
};

}  // namespace

std::array<double, 3> Transform::apply(const std::array<double, 3>& p) const {
    return {p[0] * m[0] + p[1] * m[3] + p[2] * m[6] + m[9],
            p[0] * m[1] + p[1] * m[4] + p[2] * m[7] + m[10],
            p[0] * m[2] + p[1] * m[5] + p[2] * m[8] + m[11]};
}

double Transform::determinant() const {
    return m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) +
           m[2] * (m[3] * m[7] - m[4] * m[6]);
}

Transform Transform::then(const Transform& other) const {
    Transform both;
    for (std::size_t row = 0; row < 4; ++row) {
        for (std::size_t column = 0; column < 3; ++column) {
            double sum = row == 3 ? other.m[9 + column] : 0;
            for (std::size_t i = 0; i < 3; ++i)
                sum += m[3 * row + i] * other.m[3 * i + column];
            both.m[3 * row + column] = sum;
        }
    }
    return both;
}

ModelBudget::ModelBudget(const ReadLimits& read_limits)
    : triangles(read_limits.triangles),
      vertices(3ULL * read_limits.triangles),
      uses(read_limits.instances),
      limits(read_limits) {}

Result<ModelPart> read_model_part(OpcPackage& package,
                                  const std::string& part,
                                  ModelBudget& budget) {
    ModelVisitor visitor(budget);
    if (Status status = package.read_model(part, visitor); !status) return fail(status.error());
    return std::move(visitor).take();
}

}  // namespace nearfab::geometry
