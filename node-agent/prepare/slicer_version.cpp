// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/slicer_version.hpp"

#include "host/sandboxed_program.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <system_error>

namespace nearfab::agent {
namespace {

constexpr std::size_t version_bytes_max = 20;

// "4.13.0" behind the words that come before it; empty if they are not there.
std::string version_behind(std::string_view output, std::string_view words) {
    const std::size_t at = output.find(words);
    if (at == std::string_view::npos) return {};
    output.remove_prefix(at + words.size());
    const std::size_t end = output.find_first_not_of("0123456789.");
    return std::string{output.substr(0, std::min(end, version_bytes_max))};
}

std::string remark_on(Slicer slicer, const std::string& version) {
    const bool cura = slicer == Slicer::cura_engine;
    const std::string_view known = cura ? "4.13." : "2.5.";
    if (version.starts_with(known)) return {};
    return std::string{"nearfab is tested with "} + std::string{slicer_name(slicer)} + " " +
           std::string{known} + "x, as Debian 12 has it" +
           (cura ? "; another version may ask for settings of other names" : "");
}

// A folder of its own, since the program may write there.
class ShortLivedFolder {
public:
    ShortLivedFolder() {
        std::error_code problem;
        std::string name = std::filesystem::temp_directory_path(problem).string();
        name += "/nearfab-slicer-XXXXXX";
        if (!problem && ::mkdtemp(name.data()) != nullptr) path_ = name;
    }
    ~ShortLivedFolder() {
        std::error_code problem;
        if (!path_.empty()) std::filesystem::remove_all(path_, problem);
    }
    ShortLivedFolder(const ShortLivedFolder&) = delete;
    ShortLivedFolder& operator=(const ShortLivedFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;  // Empty: it could not be made.
};

}  // namespace

Result<SlicerVersion> ask_version(Slicer slicer, const std::filesystem::path& program) {
    if (Status there = check_slicer(slicer, program); !there) return fail(there.error());
    const bool cura = slicer == Slicer::cura_engine;
    const ShortLivedFolder folder;
    if (folder.path().empty()) {
        return fail(ErrorCode::storage,
                    "no folder for temporary files can be made",
                    "make room in /tmp, or set TMPDIR");
    }
    SandboxSpec spec;
    spec.argv = {program.string(), cura ? "help" : "--help"};
    spec.read_only = {program};
    spec.work_directory = folder.path();
    spec.environment = {
        {"HOME", folder.path().string()}, {"LC_ALL", "C"}, {"PATH", "/usr/bin:/bin"}};
    spec.wall_clock = std::chrono::seconds{20};
    const auto outcome = run_sandboxed(spec);
    if (!outcome) return fail(outcome.error());
    const std::string output = outcome->standard_output + "\n" + outcome->standard_error;
    const std::string version =
        version_behind(output, cura ? "Cura_SteamEngine version " : "PrusaSlicer-");
    if (version.empty()) {
        return fail(ErrorCode::unsupported,
                    program.string() + " does not say that it is " +
                        std::string{slicer_name(slicer)} + ": it " + ending_text(*outcome),
                    "install the package " + std::string{package_of(slicer)});
    }
    return SlicerVersion{std::string{slicer_name(slicer)} + " " + version,
                         remark_on(slicer, version)};
}

}  // namespace nearfab::agent
