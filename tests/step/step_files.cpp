// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/step/step_files.hpp"

#include "tests/step/written_step.hpp"

#include <BRepPrimAPI_MakeBox.hxx>

namespace nearfab::step {

bool can_write_step() {
    return true;
}

std::string box_in_millimetres() {
    return written_step(BRepPrimAPI_MakeBox(10, 20, 30).Shape(), "MM");
}

std::string box_in_inches() {
    return written_step(BRepPrimAPI_MakeBox(25.4, 25.4, 50.8).Shape(), "INCH");
}

}  // namespace nearfab::step
