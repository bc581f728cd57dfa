// SPDX-License-Identifier: GPL-3.0-or-later

#include "intake/file_refusal.hpp"

#include "base/number_words.hpp"

#include <utility>

namespace nearfab::intake {
namespace {

template <typename Finding>
FileRefusal refusal_for(const Finding& finding, const std::string& name, std::string where) {
    return {
        Error{
            ErrorCode::invalid_file, name + ": " + finding.message, finding.next, std::move(where)},
        finding.rule,
        {}};
}

std::optional<FileRefusal> fault_in(const geometry::FlatCheck& flat, const std::string& name) {
    for (const geometry::Remark& one : flat.remarks) {
        if (one.level != geometry::RemarkLevel::error) continue;
        return refusal_for(one, name, one.at ? at_text({one.at->x, one.at->y, 0}) : std::string{});
    }
    return std::nullopt;
}

std::optional<FileRefusal> fault_in(const geometry::PartReport& report, const std::string& name) {
    if (report.makeable()) return std::nullopt;
    for (const geometry::Finding& one : report.findings) {
        if (one.severity != geometry::Severity::error) continue;
        return refusal_for(
            one, name, one.at ? at_text({one.at->x, one.at->y, one.at->z}) : std::string{});
    }
    return FileRefusal{Error{ErrorCode::invalid_file,
                             name + " does not bound a volume",
                             "repair the mesh so that it is closed, and try again"},
                       {},
                       {}};
}

}  // namespace

std::optional<FileRefusal> refusal_of(const geometry::PartCheck& check,
                                      const std::string& name,
                                      const AskedFor& asked) {
    auto fault = check.flat ? fault_in(*check.flat, name) : fault_in(check.solid->report, name);
    if (fault) return fault;
    auto none = no_process(check.verdicts);
    if (!none) return std::nullopt;
    FileRefusal refusal{error_of(*none, name, asked), {}, std::move(none)};
    if (check.flat && !check.flat->drawing.unit.stated) {
        refusal.error.next =
            "say its unit with --unit, because it was taken as millimetres; " + refusal.error.next;
    }
    return refusal;
}

}  // namespace nearfab::intake
