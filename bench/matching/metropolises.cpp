// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/metropolises.hpp"

#include <array>

namespace nearfab::bench {
namespace {

// To a tenth of a degree or better; only the pattern matters.
constexpr std::array<Metropolis, 80> cities{{
    {"Tokyo", 35.68, 139.69, 370},
    {"Delhi", 28.61, 77.21, 330},
    {"Shanghai", 31.23, 121.47, 290},
    {"Dhaka", 23.81, 90.41, 230},
    {"Sao Paulo", -23.55, -46.63, 220},
    {"Mexico City", 19.43, -99.13, 220},
    {"Cairo", 30.04, 31.24, 220},
    {"Beijing", 39.90, 116.40, 210},
    {"Mumbai", 19.08, 72.88, 210},
    {"Osaka", 34.69, 135.50, 190},
    {"New York", 40.71, -74.01, 190},
    {"Chongqing", 29.56, 106.55, 170},
    {"Karachi", 24.86, 67.01, 170},
    {"Istanbul", 41.01, 28.98, 155},
    {"Kinshasa", -4.44, 15.27, 160},
    {"Lagos", 6.52, 3.38, 155},
    {"Buenos Aires", -34.60, -58.38, 155},
    {"Kolkata", 22.57, 88.36, 150},
    {"Manila", 14.60, 120.98, 145},
    {"Tianjin", 39.08, 117.20, 140},
    {"Guangzhou", 23.13, 113.26, 140},
    {"Rio de Janeiro", -22.91, -43.17, 135},
    {"Lahore", 31.52, 74.36, 135},
    {"Bengaluru", 12.97, 77.59, 130},
    {"Shenzhen", 22.54, 114.06, 130},
    {"Moscow", 55.76, 37.62, 126},
    {"Los Angeles", 34.05, -118.24, 124},
    {"Bogota", 4.71, -74.07, 113},
    {"Paris", 48.86, 2.35, 112},
    {"Jakarta", -6.21, 106.85, 112},
    {"Chennai", 13.08, 80.27, 115},
    {"Lima", -12.05, -77.04, 112},
    {"Bangkok", 13.76, 100.50, 109},
    {"Hyderabad", 17.39, 78.49, 105},
    {"Seoul", 37.57, 126.98, 100},
    {"Nagoya", 35.18, 136.91, 95},
    {"London", 51.51, -0.13, 96},
    {"Chengdu", 30.57, 104.07, 95},
    {"Tehran", 35.69, 51.39, 94},
    {"Nanjing", 32.06, 118.80, 92},
    {"Ho Chi Minh City", 10.82, 106.63, 91},
    {"Luanda", -8.84, 13.23, 90},
    {"Chicago", 41.88, -87.63, 89},
    {"Wuhan", 30.59, 114.31, 85},
    {"Xi'an", 34.34, 108.94, 82},
    {"Ahmedabad", 23.02, 72.57, 84},
    {"Kuala Lumpur", 3.14, 101.69, 84},
    {"Hangzhou", 30.27, 120.16, 80},
    {"Hong Kong", 22.32, 114.17, 76},
    {"Surat", 21.17, 72.83, 77},
    {"Riyadh", 24.71, 46.68, 75},
    {"Baghdad", 33.31, 44.36, 75},
    {"Suzhou", 31.30, 120.59, 75},
    {"Santiago", -33.45, -70.67, 69},
    {"Madrid", 40.42, -3.70, 67},
    {"Toronto", 43.65, -79.38, 63},
    {"Dar es Salaam", -6.79, 39.21, 70},
    {"Houston", 29.76, -95.37, 65},
    {"Miami", 25.76, -80.19, 62},
    {"Singapore", 1.35, 103.82, 59},
    {"Johannesburg", -26.20, 28.05, 60},
    {"Saint Petersburg", 59.93, 30.34, 55},
    {"Barcelona", 41.39, 2.17, 57},
    {"Atlanta", 33.75, -84.39, 60},
    {"Khartoum", 15.50, 32.56, 60},
    {"Fukuoka", 33.59, 130.40, 55},
    {"Yangon", 16.87, 96.20, 55},
    {"Washington", 38.91, -77.04, 54},
    {"Sydney", -33.87, 151.21, 51},
    {"Melbourne", -37.81, 144.96, 51},
    {"Addis Ababa", 9.03, 38.74, 52},
    {"Nairobi", -1.29, 36.82, 51},
    {"Cape Town", -33.92, 18.42, 48},
    {"Milan", 45.46, 9.19, 43},
    {"Berlin", 52.52, 13.40, 40},
    {"Athens", 37.98, 23.73, 32},
    {"San Francisco", 37.77, -122.42, 46},
    {"Casablanca", 33.57, -7.59, 38},
    {"Warsaw", 52.23, 21.01, 31},
    {"Stockholm", 59.33, 18.07, 24},
}};

}  // namespace

std::span<const Metropolis> metropolises() {
    return cities;
}

}  // namespace nearfab::bench
