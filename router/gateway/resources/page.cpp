// SPDX-License-Identifier: GPL-3.0-or-later
// The web page: files that are parts of the program.

#include "router/gateway/page_files.hpp"
#include "router/gateway/problem.hpp"
#include "router/gateway/resources/resources.hpp"

#include <string>

namespace nearfab::gateway::resources {
namespace {

constexpr std::string_view no_page =
    "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
    "<title>nearfab-router</title></head>\n<body>\n<h1>nearfab-router</h1>\n"
    "<p>This router was built without its web page.</p>\n"
    "<p>The HTTP API is at <a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a>. To have the "
    "page, build it in the folder <code>web</code> of the source and then build the router "
    "again.</p>\n</body>\n</html>\n";

Response answer_with(const PageFile& file, const Request& request, bool immutable) {
    Response response;
    response.content_type = file.content_type;
    response.may_be_kept = true;
    response.headers.emplace_back("ETag", file.etag);
    response.headers.emplace_back("Vary", "Accept-Encoding");
    response.headers.emplace_back("Cache-Control",
                                  immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (request.if_none_match == file.etag) {
        response.status = 304;
        return response;
    }
    const bool packed = request.accepts_gzip && !file.gzip.empty();
    response.fixed_body = packed ? file.gzip : file.bytes;
    if (packed) response.headers.emplace_back("Content-Encoding", "gzip");
    return response;
}

std::string joined(const std::vector<std::string>& path) {
    std::string text;
    for (const std::string& element : path)
        text += (text.empty() ? "" : "/") + element;
    return text;
}

}  // namespace

void get_page(const ExchangePtr& exchange) {
    const auto& path = exchange->request.target.path;
    if (path.empty() && page_files().empty()) {
        Response response;
        response.content_type = "text/html; charset=utf-8";
        response.fixed_body = no_page;
        return exchange->reply(std::move(response));
    }
    const PageFile* file = find_page_file(path.empty() ? "index.html" : joined(path));
    // A place within the page, which the page itself finds.
    if (file == nullptr && path.back().find('.') == std::string::npos) {
        file = find_page_file("index.html");
    }
    if (file == nullptr) {
        return exchange->reply(
            problem(Error{ErrorCode::not_found, "there is nothing at this path", "begin at /"}));
    }
    // Files in this folder have their content's hash in their names.
    exchange->reply(answer_with(*file, exchange->request, file->path.starts_with("assets/")));
}

void get_openapi(const ExchangePtr& exchange) {
    exchange->reply(answer_with(openapi_file(), exchange->request, false));
}

}  // namespace nearfab::gateway::resources
