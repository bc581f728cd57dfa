// SPDX-License-Identifier: GPL-3.0-or-later

#include "step/conversion.hpp"

#include "host/durable_file.hpp"
#include "host/exit_code.hpp"
#include "proto/model/text.hpp"

#include "step/part21.hpp"
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace nearfab::step {
namespace {

namespace fs = std::filesystem;

constexpr const char* cut_coarser =
    "cut it coarser (--step-linear 0.1 --step-angular 20), or give one part for each file";

// A folder of our own, gone with everything in it at the end.
class ScratchFolder {
public:
    static Result<ScratchFolder> make() {
        std::error_code cause;
        std::string name = (fs::temp_directory_path(cause) / "nearfab-step-XXXXXX").string();
        if (cause || ::mkdtemp(name.data()) == nullptr) {
            return fail(ErrorCode::storage,
                        "no folder for temporary files could be made: " +
                            (cause ? cause.message() : std::string{std::strerror(errno)}),
                        "make room in /tmp, or set TMPDIR to a folder that can be written to");
        }
        return ScratchFolder{name};
    }
    ~ScratchFolder() {
        // What cannot be removed is left to whoever cleans up temporary files.
        std::error_code left;
        if (!path_.empty()) fs::remove_all(path_, left);
    }
    ScratchFolder(ScratchFolder&& other) noexcept : path_{std::exchange(other.path_, {})} {}
    ScratchFolder& operator=(ScratchFolder&&) = delete;
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    explicit ScratchFolder(fs::path path) : path_{std::move(path)} {}
    fs::path path_;
};

// The shortest text that gives the same number, in any locale.
std::string number(double value) {
    std::array<char, 48> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc{} ? std::string{digits.data(), end} : "0";
}

SandboxSpec sandbox_for(const Conversion& conversion,
                        const fs::path& folder,
                        const fs::path& file) {
    SandboxSpec spec;
    spec.argv = {conversion.program.string(),
                 "--linear-mm",
                 number(conversion.deflection.linear_mm),
                 "--angular-deg",
                 number(conversion.deflection.angular_deg),
                 file.string()};
    spec.read_only = {conversion.program};
    spec.work_directory = folder;
    spec.environment = {{"LC_ALL", "C"}, {"HOME", folder.string()}};
    spec.memory_bytes = conversion.limits.memory_bytes;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    // A sanitized program reserves terabytes of address space before it does anything.
    spec.memory_bytes = std::numeric_limits<std::uint64_t>::max();
    spec.environment.emplace("ASAN_OPTIONS", "detect_leaks=0");  // Of OpenCASCADE's, at the end.
#endif
    spec.cpu_seconds = conversion.limits.cpu_seconds;
    spec.wall_clock = conversion.limits.wall_clock;
    spec.file_bytes = 1U << 20U;  // It has nothing to write but its output.
    spec.output_bytes = conversion.limits.output_bytes;
    return spec;
}

// What stands after these words at the beginning of a line, made harmless.
std::optional<std::string> line_after(std::string_view text, std::string_view words) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (text.starts_with(words)) {
            return clean_text(text.substr(words.size(), end - words.size()), TextKind::line);
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::nullopt;
}

// The program's own words, when it ended as it does after saying some.
std::optional<Error> own_words(const SandboxOutcome& outcome) {
    auto message = line_after(outcome.standard_error, "nearfab-step: ");
    if (outcome.ending != SandboxEnding::exited || !message) return std::nullopt;
    if (message->ends_with('.')) message->pop_back();
    const bool of_file = outcome.exit_code == static_cast<int>(ExitCode::file_rejected);
    return Error{of_file ? ErrorCode::invalid_file : ErrorCode::internal,
                 std::move(*message),
                 line_after(outcome.standard_error, "  next: ").value_or(""),
                 line_after(outcome.standard_error, "  where: ").value_or("")};
}

Status check_ending(const SandboxOutcome& outcome) {
    if (outcome.ending == SandboxEnding::stopped) {
        return fail(ErrorCode::unavailable, "nearfab-step " + ending_text(outcome), "try again");
    }
    if (outcome.ending == SandboxEnding::timed_out ||
        outcome.ending == SandboxEnding::cpu_exceeded) {
        return fail(ErrorCode::too_large,
                    "the STEP file takes too long to cut into triangles: nearfab-step " +
                        ending_text(outcome),
                    cut_coarser);
    }
    if (outcome.output_truncated) {
        return fail(ErrorCode::too_large,
                    "the STEP file becomes more triangles than can be read again",
                    cut_coarser);
    }
    if (outcome.succeeded()) return {};
    if (auto words = own_words(outcome)) return fail(std::move(*words));
    return fail(
        ErrorCode::invalid_file,
        "the STEP file breaks the program that reads it: nearfab-step " + ending_text(outcome),
        "export the part again as STEP (AP214 or AP242), or as 3MF or STL");
}

}  // namespace

Result<ConvertedPart> convert(const Conversion& conversion,
                              std::span<const std::uint8_t> file,
                              const std::stop_token& stop) {
    if (Status fine = check_deflection(conversion.deflection); !fine) return fail(fine.error());
    // Said here too, because it costs nothing and needs no sandbox.
    const auto schema = schema_of({reinterpret_cast<const char*>(file.data()), file.size()});
    if (!schema) return fail(schema.error());
    const auto folder = ScratchFolder::make();
    if (!folder) return fail(folder.error());
    const fs::path copy = folder->path() / "part.step";
    if (Status written = write_durably(copy, file); !written) return fail(written.error());
    const auto outcome = run_sandboxed(sandbox_for(conversion, folder->path(), copy), stop);
    if (!outcome) return fail(outcome.error());
    if (Status ended = check_ending(*outcome); !ended) return fail(ended.error());
    const auto facts = read_head(outcome->standard_output);
    if (!facts) return fail(facts.error());
    return ConvertedPart{{outcome->standard_output.begin(), outcome->standard_output.end()},
                         *facts,
                         outcome->report};
}

}  // namespace nearfab::step
