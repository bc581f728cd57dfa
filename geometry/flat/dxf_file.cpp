// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/dxf_file.hpp"

#include "geometry/flat/remarks.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace nearfab::geometry::flat {

Colour colour_of_rgb(int rgb) {
    const auto bits = static_cast<unsigned>(rgb);
    return {static_cast<std::uint8_t>(bits >> 16U & 0xFFU),
            static_cast<std::uint8_t>(bits >> 8U & 0xFFU),
            static_cast<std::uint8_t>(bits & 0xFFU)};
}

namespace {

class Scanner {
public:
    Scanner(std::string_view text, const DrawingLimits& limits)
        : reader_(text), left_(limits.tags) {}

    Result<DxfFile> scan() {
        bool sections = false;
        while (true) {
            auto tag = reader_.next();
            if (!tag) return fail(tag.error());
            if (tag->code != 0) {
                if (!sections) return fail(no_dxf(*tag));
                continue;  // Left over from a section without an end.
            }
            if (tag->value == "EOF") break;
            if (tag->value != "SECTION") {
                if (!sections) return fail(no_dxf(*tag));
                continue;
            }
            sections = true;
            if (Status status = section(); !status) return fail(status.error());
        }
        return std::move(file_);
    }

private:
    static Error no_dxf(const DxfTag& tag) {
        return placed("line " + std::to_string(tag.line),
                      {ErrorCode::invalid_file,
                       "a DXF begins with a SECTION, but group " + std::to_string(tag.code) +
                           " says " + shown(tag.value),
                       "Check that the file is a DXF drawing, and export it again"});
    }

    Status section() {
        auto name = reader_.next();
        if (!name) return fail(name.error());
        if (name->code == 2 && name->value == "HEADER") return header();
        if (name->code == 2 && name->value == "TABLES") return each([&] { return layer(); });
        if (name->code == 2 && name->value == "BLOCKS") return each([&] { return block(); });
        if (name->code == 2 && name->value == "ENTITIES") file_.entities.push_back(reader_.place());
        return skip_to_entity();
    }

    // Leaves the reader at the next group 0.
    Status skip_to_entity() {
        while (true) {
            const DxfPlace before = reader_.place();
            auto tag = reader_.next();
            if (!tag) return fail(tag.error());
            if (tag->code != 0) continue;
            reader_.back_to(before);
            return {};
        }
    }

    Status header() {
        std::string_view variable;
        while (true) {
            const DxfPlace before = reader_.place();
            auto tag = reader_.next();
            if (!tag) return fail(tag.error());
            if (tag->code == 0) {
                reader_.back_to(before);
                return {};
            }
            if (tag->code == 9) variable = tag->value;
            if (tag->code == 70 && variable == "$INSUNITS") {
                entity_ = {"$INSUNITS", tag->line, {*tag}};
                auto units = dxf_integer(entity_, 70, 0);
                if (!units) return fail(units.error());
                file_.units = *units;
            }
        }
    }

    // Reads the entities of a section and calls visit for each, up to the end of the section.
    template <typename Visit>
    Status each(const Visit& visit) {
        if (Status status = skip_to_entity(); !status) return status;
        while (true) {
            const DxfPlace before = reader_.place();
            auto head = reader_.next();
            if (!head) return fail(head.error());
            if (head->value == "ENDSEC" || head->value == "EOF" || head->value == "SECTION") {
                reader_.back_to(before);
                return {};
            }
            reader_.back_to(before);
            if (Status status = read_entity(reader_, entity_, left_); !status) return status;
            if (Status status = visit(); !status) return status;
        }
    }

    Status layer() {
        if (entity_.type != "LAYER" || entity_.find(2) == nullptr) return {};
        const auto flags = dxf_integer(entity_, 70, 0);
        const auto colour = dxf_integer(entity_, 62, 7);
        const auto plotted = dxf_integer(entity_, 290, 1);
        const auto true_colour = dxf_integer(entity_, 420, 0);
        for (const auto* number : {&flags, &colour, &plotted, &true_colour}) {
            if (!*number) return fail(number->error());
        }
        DxfLayer layer;
        layer.off = *colour < 0;
        layer.frozen = (*flags & 1) != 0 || *plotted == 0;
        layer.colour_index = std::abs(std::max(*colour, -255));
        if (entity_.find(420) != nullptr) layer.true_colour = colour_of_rgb(*true_colour);
        file_.layers[dxf_key(entity_.find(2)->value)] = layer;
        return {};
    }

    Status block() {
        if (entity_.type != "BLOCK" || entity_.find(2) == nullptr) return {};
        const auto x = dxf_number(entity_, 10, 0);
        const auto y = dxf_number(entity_, 20, 0);
        if (!x) return fail(x.error());
        if (!y) return fail(y.error());
        file_.blocks[dxf_key(entity_.find(2)->value)] = {{*x, *y}, reader_.place()};
        return {};
    }

    DxfTagReader reader_;
    std::uint64_t left_;
    DxfEntity entity_;
    DxfFile file_;
};

}  // namespace

Result<DxfFile> scan_dxf(std::string_view text, const DrawingLimits& limits) {
    return Scanner{text, limits}.scan();
}

std::string dxf_key(std::string_view name) {
    std::string key{name.substr(0, 255)};
    std::transform(key.begin(), key.end(), key.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    });
    return key;
}

std::optional<Colour> dxf_colour(int index) {
    static constexpr std::array<Colour, 9> named{{{255, 0, 0},
                                                  {255, 255, 0},
                                                  {0, 255, 0},
                                                  {0, 255, 255},
                                                  {0, 0, 255},
                                                  {255, 0, 255},
                                                  {0, 0, 0},
                                                  {128, 128, 128},
                                                  {192, 192, 192}}};
    if (index >= 1 && index <= 9) return named[static_cast<std::size_t>(index - 1)];
    if (index >= 250 && index <= 255) {
        const auto grey = static_cast<std::uint8_t>(51 + (index - 250) * 204 / 5);
        return Colour{grey, grey, grey};
    }
    if (index < 10 || index > 249) return std::nullopt;
    static constexpr std::array<double, 5> depths{1, 0.65, 0.5, 0.3, 0.15};
    const double sixths = (index / 10 - 1) / 4.0;  // Of the colour wheel, from red.
    const double depth = depths[static_cast<std::size_t>(index % 10 / 2)];
    const double pale = index % 2 == 1 ? 0.5 : 0;
    const auto part = [&](double shift) {
        double away = std::fmod(sixths + shift, 6.0);
        away = std::min(away, 6 - away);  // From this part's own hue.
        const double strength = std::clamp(2 - away, 0.0, 1.0);
        return static_cast<std::uint8_t>(255 * depth * (pale + (1 - pale) * strength));
    };
    return Colour{part(0), part(4), part(2)};
}

}  // namespace nearfab::geometry::flat
