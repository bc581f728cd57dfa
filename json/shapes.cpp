// SPDX-License-Identifier: GPL-3.0-or-later

#include "json/shapes.hpp"

namespace nearfab::json {

std::string text_of(const Json& json, int indent) {
    return json.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json list() {
    return Json::array();
}

std::string_view axis_name(int axis) {
    return axis == 0 ? "z" : axis == 1 ? "x" : "y";
}

Json size_json(const geometry::Vec3& size) {
    return Json::array({size.x, size.y, size.z});
}

Json error_json(const Error& error) {
    return {{"code", to_string(error.code)}, {"message", error.message}, {"next", error.next}};
}

Json fit_json(const geometry::EnvelopeFit& fit) {
    const geometry::StanceFit& best = fit.best;
    return {{"fits", fit.fits},
            {"up_axis", axis_name(static_cast<int>(best.up))},
            {"turn_deg", best.turn_deg},
            {"size_mm", Json::array({best.x_mm, best.y_mm, best.z_mm})},
            {"excess_mm", best.excess_mm}};
}

}  // namespace nearfab::json
