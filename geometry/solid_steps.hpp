// SPDX-License-Identifier: GPL-3.0-or-later
// solid_steps.hpp - the check of a solid as steps over one mesh and one search tree.

#pragma once

#include "geometry/check_steps.hpp"
#include "geometry/part_check.hpp"
#include "geometry/part_survey.hpp"
#include "geometry/process/print_layers.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace nearfab::geometry {

class SolidSteps {
public:
    // `survey` as begin_survey gives it. `options` outlive this.
    SolidSteps(PartSurvey survey, const PartCheckOptions& options);
    ~SolidSteps();
    SolidSteps(const SolidSteps&) = delete;
    SolidSteps& operator=(const SolidSteps&) = delete;

    // Refer to this, which stays where it is.
    [[nodiscard]] std::vector<CheckStep> steps();

    // After all steps were run: whether faces may lie inside other bodies, where what is measured
    // on them means nothing, and the surface without them if there is one (detail/shell_union.hpp).
    // To be asked before take().
    [[nodiscard]] bool faces_are_buried() const;
    [[nodiscard]] std::optional<Mesh> united() const;

    // After all steps were run.
    [[nodiscard]] SolidCheck take();
    // In the best orientation; none where no process prints.
    [[nodiscard]] std::optional<PrintWork> take_print_work();

private:
    struct Work;
    std::unique_ptr<Work> work_;
};

}  // namespace nearfab::geometry
