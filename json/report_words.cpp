// SPDX-License-Identifier: GPL-3.0-or-later

#include "json/report_words.hpp"

#include "base/number_words.hpp"

namespace nearfab::json {
namespace {

constexpr double hhi_whole = 10'000;
constexpr double hhi_moderate = 1000;
constexpr double hhi_high = 1800;

}  // namespace

double as_many_as(double hhi) {
    return hhi > 0 ? hhi_whole / hhi : 0;
}

double lowest_hhi(std::uint32_t fabs) {
    return fabs > 0 ? hhi_whole / fabs : 0;
}

std::string concentration_words(double hhi, std::uint32_t fabs) {
    if (hhi <= 0 || fabs == 0) return "nothing to measure";
    if (fabs == 1) return "one fab made everything";
    std::string text = "low (up to 1000)";
    if (hhi > hhi_moderate) text = "moderate (1000 to 1800)";
    if (hhi > hhi_high) text = "high (above 1800)";
    text += ": as if " + fixed(as_many_as(hhi), 1) + " equal fabs shared it";
    if (lowest_hhi(fabs) <= hhi_moderate) return text;
    return text + "; " + counted(fabs, "fab", "fabs") + " cannot be below " +
           fixed(lowest_hhi(fabs), 0);
}

std::string words_of(WaitsFor what) {
    switch (what) {
        case WaitsFor::unknown:
            return "a reason that this program does not know";
        case WaitsFor::not_tried:
            return "nobody was asked yet";
        case WaitsFor::a_place:
            return "planned for a fab, waits for its turn there";
        case WaitsFor::restored:
            return "a fab that may be making it was not heard since older records were restored";
        case WaitsFor::no_machine:
            return "no machine is known";
        case WaitsFor::process:
            return "no machine of the process";
        case WaitsFor::available:
            return "who could is not there, or takes no work now";
        case WaitsFor::material:
            return "nobody has the material";
        case WaitsFor::envelope:
            return "no machine is large enough";
        case WaitsFor::material_amount:
            return "nobody has enough of the material";
        case WaitsFor::feature:
            return "no machine is fine enough";
        case WaitsFor::tolerance:
            return "no machine is exact enough";
        case WaitsFor::licence:
            return "no fab's terms take its licence";
        case WaitsFor::submitter:
            return "no fab's terms take its designer";
        case WaitsFor::deadline:
            return "nobody finishes it in time";
        case WaitsFor::not_declined:
            return "who could has declined it, failed at it, or has enough of this job";
        case WaitsFor::trusted:
            return "who could is held back";
    }
    return "a reason that this program does not know";
}

}  // namespace nearfab::json
