// SPDX-License-Identifier: GPL-3.0-or-later
// submission_record.hpp - the idempotency key of a submission, on disk before it is sent.
//
// When the program or the network dies between sending a job and reading the answer, nobody here
// knows whether the router has it. The same command, given again within ten minutes, finds the
// record, repeats the same key and the same deadline, and so can never make a second job.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cli/user_paths.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace nearfab::cli {

inline constexpr Duration submission_reuse = std::chrono::minutes{10};

struct SubmissionRecord {
    std::string key;
    WallTime made_at;
    std::optional<WallTime> deadline;  // As sent: "+48h" means another moment on the second try.

    friend bool operator==(const SubmissionRecord&, const SubmissionRecord&) = default;
};

// What makes two commands the same submission.
struct SubmissionSubject {
    std::string router;          // Endpoint and key of the router, own public key.
    std::string job;             // The encoded job, without its deadline.
    std::string deadline_typed;  // As typed; empty without.
};

// The file of this submission in `folder`; named by a hash of the subject.
[[nodiscard]] std::filesystem::path submission_file(const std::filesystem::path& folder,
                                                    const SubmissionSubject& subject);

// A record not older than submission_reuse (nor from the future); nothing if there is none. A
// record that cannot be understood is an error: guessing could make a thing twice.
[[nodiscard]] Result<std::optional<SubmissionRecord>> recent_submission(
    const std::filesystem::path& file, WallTime now);

// Durable when it returns.
[[nodiscard]] Status keep_submission(const std::filesystem::path& file,
                                     const SubmissionRecord& record);

// Deletes records that can no longer be reused. Errors name the file.
[[nodiscard]] Status forget_old_submissions(const std::filesystem::path& folder, WallTime now);

}  // namespace nearfab::cli
