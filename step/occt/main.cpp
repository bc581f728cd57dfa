// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-step: reads one STEP file and writes its solids as triangles, an OBJ in millimetres.
//
// A program of its own because OpenCASCADE is large and the file comes from a stranger: `nearfab
// check` runs it in a sandbox, and where it is not installed only STEP is missing. It is a
// converter for people too.

#include "base/version.hpp"
#include "host/durable_file.hpp"
#include "host/exit_code.hpp"
#include "host/file_descriptor.hpp"
#include "proto/model/limits.hpp"

#include <CLI/CLI.hpp>

#include "step/occt/step_cutter.hpp"
#include <cerrno>
#include <cstdio>
#include <span>
#include <string>
#include <unistd.h>

namespace {

using nearfab::Error;
using nearfab::ErrorCode;
using nearfab::Result;
using nearfab::Status;

int report(const Error& error) {
    std::fprintf(stderr, "nearfab-step: %s.\n", error.message.c_str());
    if (!error.where.empty()) std::fprintf(stderr, "  where: %s\n", error.where.c_str());
    if (!error.next.empty()) std::fprintf(stderr, "  next: %s\n", error.next.c_str());
    return static_cast<int>(nearfab::exit_code_of(error.code));
}

int report_usage(const CLI::ParseError& problem) {
    std::string message = problem.what();
    while (!message.empty() && (message.back() == '.' || message.back() == '\n'))
        message.pop_back();
    return report({ErrorCode::invalid_argument, message, "run `nearfab-step --help`"});
}

// Standard output is kept for the triangles alone; what libraries print there goes to the errors.
Result<nearfab::FileDescriptor> keep_output() {
    nearfab::FileDescriptor output{::dup(STDOUT_FILENO)};
    if (!output.open() || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
        return nearfab::fail(ErrorCode::storage, "standard output is closed", "give --out FILE");
    }
    return output;
}

Status write_to(const nearfab::FileDescriptor& output, const std::string& text) {
    std::size_t written = 0;
    while (written < text.size()) {
        const ssize_t step = ::write(output.number(), text.data() + written, text.size() - written);
        if (step < 0 && errno == EINTR) continue;
        if (step <= 0) {
            return nearfab::fail(ErrorCode::storage,
                                 "the triangles could not be written to standard output",
                                 "give --out FILE");
        }
        written += static_cast<std::size_t>(step);
    }
    return {};
}

struct Order {
    std::string file;
    std::string out = "-";
    nearfab::step::Deflection deflection;
};

Status carry_out(const Order& order) {
    auto output = keep_output();
    if (!output) return nearfab::fail(output.error());
    if (Status fine = nearfab::step::check_deflection(order.deflection); !fine) return fine;
    const auto bytes = nearfab::read_file(order.file, nearfab::limits::design_bytes_max);
    if (!bytes) return nearfab::fail(bytes.error());
    const auto part = nearfab::step::cut_step(*bytes, order.deflection);
    if (!part) return nearfab::fail(part.error());
    const std::string text = nearfab::step::write_obj(part->mesh, part->facts);
    if (order.out == "-") return write_to(*output, text);
    return nearfab::write_durably(
        order.out, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, 0644);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{
        "Reads a STEP file (AP203, AP214, AP242) and writes its solids as triangles: an "
        "OBJ in millimetres."};
    Order order;
    app.add_option("FILE", order.file, "The STEP file, at most 64 MiB")->required();
    app.add_option("--out", order.out, "Where the OBJ goes; - is standard output")
        ->type_name("OBJ")
        ->capture_default_str();
    app.add_option("--linear-mm",
                   order.deflection.linear_mm,
                   "How far triangles may stay away from the surface, 0.001 to 10")
        ->type_name("MM")
        ->capture_default_str();
    app.add_option("--angular-deg",
                   order.deflection.angular_deg,
                   "How much the surface may turn within one triangle, 1 to 90")
        ->type_name("DEG")
        ->capture_default_str();
    app.set_version_flag("--version", std::string{"nearfab-step "} + nearfab::version);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& answer) {  // --help and --version.
        return app.exit(answer);
    } catch (const CLI::ParseError& problem) {
        return report_usage(problem);
    }
    const Status done = carry_out(order);
    return done ? 0 : report(done.error());
}
