// SPDX-License-Identifier: GPL-3.0-or-later
// The whole check of an uploaded design, as `nearfab check --json` prints it.

#include "json/shapes.hpp"
#include "proto/model/limits.hpp"
#include "proto/model/text.hpp"
#include "router/gateway/json_body.hpp"
#include "router/gateway/problem.hpp"
#include "router/gateway/resources/names.hpp"
#include "router/gateway/resources/resources.hpp"

#include <utility>

namespace nearfab::gateway::resources {
namespace {

using json::Json;

constexpr std::size_t processes_max = 32;

Result<CheckWish> read_wish(const std::string& text, const ContentHash& design) {
    auto body = JsonBody::parse(text);
    if (!body) return fail(std::move(body.error()));
    JsonTable root = body->root();
    CheckWish wish;
    wish.design = DesignReading{design};
    wish.file_name = root.needed_text("file_name");
    const std::string fault = text_fault(wish.file_name, TextKind::file_name);
    if (!fault.empty() || wish.file_name.size() > limits::file_name_bytes_max) {
        root.complain("file_name",
                      fault.empty() ? "is too long" : fault,
                      "give the name alone, of at most " +
                          std::to_string(limits::file_name_bytes_max) + " bytes");
    }
    wish.processes = root.texts("processes", processes_max);
    for (const std::string& process : wish.processes) {
        if (!is_well_formed_id(process)) {
            root.complain("processes", "holds what is no id of a process", "write for example fdm");
        }
    }
    if (const auto unit = root.text("unit")) {
        const auto known = find_length_unit(*unit);
        if (known) {
            wish.design.unit = *known;
        } else {
            root.complain("unit",
                          "is no unit that is known",
                          "use one of " + std::string{known_length_units()});
        }
    }
    wish.thickness_mm = root.number("thickness_mm", 1e-6, limits::coordinate_mm_max);
    if (auto fine = body->finish(); !fine) return fail(std::move(fine.error()));
    return wish;
}

std::string text_in(const Json& object, const char* key) {
    const bool there = object.is_object() && object.contains(key) && object[key].is_string();
    return there ? object[key].get<std::string>() : std::string{};
}

// The worker reads strangers' bytes, so what it prints is looked at before it is passed on.
Response answer_of(const std::string& text) {
    const Json told = Json::parse(text, nullptr, false);
    if (!told.is_object() || !told.contains("accepted") || !told["accepted"].is_boolean()) {
        return problem(Error{ErrorCode::internal,
                             "the analysis worker answered with something that is no check",
                             "try again; if it happens again, tell the router's operator"});
    }
    Response response;
    response.body = text;
    if (told["accepted"].get<bool>()) return response;
    const Json error = told.contains("error") ? told["error"] : Json(nullptr);
    const Error why{ErrorCode::invalid_file, text_in(error, "message"), text_in(error, "next")};
    return problem(422, why, {{"error", error.dump()}, {"check", told.dump()}});
}

}  // namespace

void post_check(const ExchangePtr& exchange) {
    const auto design = design_named(exchange);
    if (!design) return;
    auto wish = read_wish(exchange->request.body, *design);
    if (!wish) return exchange->reply(problem(wish.error()));
    if (!exchange->desk.design_size(*design)) {
        return exchange->reply(problem(Error{ErrorCode::not_found,
                                             "this design is not here in full",
                                             "upload it first: POST /api/v1/designs, then PATCH"}));
    }
    exchange->desk.check(exchange->caller, *wish, [exchange](const Result<std::string>& text) {
        exchange->reply(text ? answer_of(*text) : problem(text.error()));
    });
}

}  // namespace nearfab::gateway::resources
