// SPDX-License-Identifier: GPL-3.0-or-later
// page_files.hpp - the files of the web page, and the API's description, as parts of the program.
//
// Made by CMake (page_files.cmake) from the folder NEARFAB_WEB_DIST, if it is there, and from
// openapi.json.

#pragma once

#include <span>
#include <string_view>

namespace nearfab::gateway {

struct PageFile {
    std::string_view path;          // "index.html", "assets/main-4f1c.js"
    std::string_view content_type;  // With the character set.
    std::string_view bytes;
    std::string_view gzip;  // The same, packed; empty where that is not smaller.
    std::string_view etag;  // With its quotes.
};

// Empty when the program was built without the page.
[[nodiscard]] std::span<const PageFile> page_files();
// Null when there is none of that path.
[[nodiscard]] const PageFile* find_page_file(std::string_view path);

[[nodiscard]] const PageFile& openapi_file();

}  // namespace nearfab::gateway
