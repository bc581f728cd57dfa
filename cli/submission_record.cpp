// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/submission_record.hpp"

#include "base/content_hash.hpp"
#include "cli/text_file.hpp"
#include "proto/model/text.hpp"

#include <charconv>
#include <sstream>
#include <system_error>
#include <vector>

namespace nearfab::cli {
namespace {

namespace fs = std::filesystem;

std::optional<WallTime> moment_in(std::string_view text) {
    std::int64_t ms = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), ms);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return WallTime{Duration{ms}};
}

// Lines of "word value"; the times are milliseconds since 1970.
std::string text_of(const SubmissionRecord& record) {
    std::string text = "key " + record.key + "\nmade_at_ms " +
                       std::to_string(record.made_at.time_since_epoch().count()) + "\n";
    if (record.deadline) {
        text += "deadline_ms " + std::to_string(record.deadline->time_since_epoch().count()) + "\n";
    }
    return text;
}

std::optional<SubmissionRecord> record_in(const std::string& text) {
    std::istringstream lines{text};
    std::string word;
    std::string value;
    SubmissionRecord record;
    bool has_time = false;
    while (lines >> word >> value) {
        if (word == "key") {
            record.key = value;
            continue;
        }
        const auto moment = moment_in(value);
        if (!moment) return std::nullopt;
        if (word == "made_at_ms") {
            record.made_at = *moment;
            has_time = true;
        } else if (word == "deadline_ms") {
            record.deadline = *moment;
        } else {
            return std::nullopt;
        }
    }
    if (!has_time || !is_well_formed_id(record.key)) return std::nullopt;
    return record;
}

}  // namespace

std::filesystem::path submission_file(const std::filesystem::path& folder,
                                      const SubmissionSubject& subject) {
    std::string all;
    for (const std::string* text : {&subject.router, &subject.job, &subject.deadline_typed}) {
        all += std::to_string(text->size()) + ":" + *text;  // Two subjects never run together.
    }
    return folder / (hash_of(all).hex() + ".txt");
}

Result<std::optional<SubmissionRecord>> recent_submission(const std::filesystem::path& file,
                                                          WallTime now) {
    const auto text = read_text(file);
    if (!text) {
        if (text.error().code == ErrorCode::not_found) return std::nullopt;
        return fail(text.error());
    }
    const auto record = record_in(*text);
    if (!record) {
        return fail(ErrorCode::storage,
                    "the record of an earlier try, " + file.string() + ", cannot be understood",
                    "look at `nearfab status` whether the job exists; if not, delete that file");
    }
    if (record->made_at > now || now - record->made_at > submission_reuse) return std::nullopt;
    return *record;
}

Status keep_submission(const std::filesystem::path& file, const SubmissionRecord& record) {
    return write_text(file, text_of(record));
}

Status forget_old_submissions(const std::filesystem::path& folder, WallTime now) {
    std::error_code problem;
    std::vector<fs::path> files;
    for (fs::directory_iterator entry{folder, problem}, end; !problem && entry != end;
         entry.increment(problem)) {
        if (entry->path().extension() == ".txt") files.push_back(entry->path());
    }
    if (problem == std::errc::no_such_file_or_directory) return {};
    for (const fs::path& file : files) {
        const auto recent = recent_submission(file, now);
        if (!recent || *recent) continue;  // Not ours to judge, or still needed.
        if (!problem) fs::remove(file, problem);
    }
    if (problem) {
        return fail(ErrorCode::storage,
                    "cannot clean up " + folder.string() + ": " + problem.message(),
                    "check the permissions of that folder");
    }
    return {};
}

}  // namespace nearfab::cli
