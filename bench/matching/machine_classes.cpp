// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/machine_classes.hpp"

namespace nearfab::bench {
namespace {

constexpr std::array<std::string_view, 31> materials{
    "pla",        "petg",      "petg_recycled", "abs",
    "asa",        "hips",      "pa6",           "pa12",
    "pc",         "pp",        "tpu",           "pva",
    "peek",       "resin_std", "resin_tough",   "resin_flex",
    "resin_cast", "acrylic",   "plywood_birch", "mdf",
    "cardboard",  "hardwood",  "softwood",      "hdpe",
    "pom",        "alu_6061",  "mild_steel",    "stainless_304",
    "brass",      "copper",    "titanium_gr5"};

constexpr std::array<MachineClass, 8> fdm_classes{{
    {{180, 180, 180}, 120},
    {{220, 220, 250}, 360},
    {{210, 220, 250}, 190},
    {{256, 256, 256}, 180},
    {{235, 235, 270}, 60},
    {{300, 300, 330}, 40},
    {{350, 350, 400}, 35},
    {{300, 300, 605}, 15},
}};
constexpr std::array<Weighted, 12> fdm_materials{{
    {"pla", 335},
    {"petg", 202},
    {"petg_recycled", 40},
    {"abs", 130},
    {"asa", 88},
    {"hips", 15},
    {"pa6", 30},
    {"pa12", 40},
    {"pc", 30},
    {"pp", 15},
    {"tpu", 65},
    {"pva", 10},
}};
constexpr std::array<float, 5> fdm_tolerances{0.1F, 0.15F, 0.2F, 0.3F, 0.5F};
constexpr std::array<float, 5> fdm_features{0.25F, 0.4F, 0.4F, 0.4F, 0.6F};

constexpr std::array<MachineClass, 5> sla_classes{{
    {{68, 120, 150}, 300},
    {{80, 130, 160}, 300},
    {{123, 218, 250}, 250},
    {{145, 145, 185}, 100},
    {{164, 298, 300}, 50},
}};
constexpr std::array<Weighted, 4> sla_materials{
    {{"resin_std", 60}, {"resin_tough", 25}, {"resin_flex", 8}, {"resin_cast", 7}}};
constexpr std::array<float, 3> sla_tolerances{0.05F, 0.1F, 0.15F};
constexpr std::array<float, 3> sla_features{0.1F, 0.15F, 0.2F};

// The first figure is the thickest sheet.
constexpr std::array<MachineClass, 5> laser_classes{{
    {{6, 200, 300}, 300},
    {{10, 305, 508}, 250},
    {{12, 400, 600}, 200},
    {{15, 600, 900}, 150},
    {{20, 900, 1300}, 100},
}};
constexpr std::array<Weighted, 6> laser_materials{{{"acrylic", 30},
                                                   {"plywood_birch", 30},
                                                   {"mdf", 20},
                                                   {"cardboard", 12},
                                                   {"hardwood", 5},
                                                   {"softwood", 3}}};
constexpr std::array<float, 3> laser_tolerances{0.1F, 0.15F, 0.25F};
constexpr std::array<float, 2> laser_features{0.2F, 0.3F};

constexpr std::array<MachineClass, 6> mill_classes{{
    {{45, 180, 300}, 300},
    {{75, 425, 425}, 200},
    {{90, 150, 230}, 100},
    {{406, 508, 762}, 200},
    {{508, 635, 1016}, 80},
    {{100, 1220, 2440}, 120},
}};
constexpr std::array<Weighted, 10> mill_materials{{{"hdpe", 10},
                                                   {"pom", 12},
                                                   {"alu_6061", 30},
                                                   {"mild_steel", 10},
                                                   {"stainless_304", 6},
                                                   {"brass", 8},
                                                   {"copper", 3},
                                                   {"hardwood", 11},
                                                   {"mdf", 6},
                                                   {"acrylic", 4}}};
constexpr std::array<float, 5> mill_tolerances{0.02F, 0.03F, 0.05F, 0.1F, 0.2F};
constexpr std::array<float, 3> mill_features{0.5F, 1.0F, 1.5F};

const std::array<ProcessMix, 4> mixes{{
    {"fdm",
     760'000,
     fdm_classes,
     fdm_materials,
     270'000,
     "peek",
     724,
     fdm_tolerances,
     fdm_features},
    {"sla", 130'000, sla_classes, sla_materials, 250'000, "", 0, sla_tolerances, sla_features},
    {"laser_cut",
     70'000,
     laser_classes,
     laser_materials,
     600'000,
     "",
     0,
     laser_tolerances,
     laser_features},
    {"cnc_mill",
     40'000,
     mill_classes,
     mill_materials,
     550'000,
     "titanium_gr5",
     8'000,
     mill_tolerances,
     mill_features},
}};

}  // namespace

std::span<const ProcessMix> process_mixes() {
    return mixes;
}

std::span<const std::string_view> material_names() {
    return materials;
}

}  // namespace nearfab::bench
