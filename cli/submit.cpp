// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/first_verdict.hpp"
#include "cli/follow_job.hpp"
#include "cli/json_view.hpp"
#include "cli/plan_view.hpp"
#include "cli/prepared_job.hpp"
#include "cli/router_link.hpp"
#include "cli/submission_record.hpp"
#include "cli/upload.hpp"
#include "cli/verbs.hpp"
#include "cli/verdict_view.hpp"
#include "host/clock.hpp"
#include "host/random.hpp"
#include "proto/codec/codec.hpp"
#include "terminal/quantity_text.hpp"

#include <iostream>
#include <optional>
#include <ostream>
#include <set>
#include <utility>

namespace nearfab::cli {
namespace {

SubmissionSubject subject_of(const PreparedJob& prepared,
                             const Desk& desk,
                             const RouterKeys& keys) {
    JobSpec job = prepared.job;
    job.deadline.reset();
    return {.router = desk.settings.router.value + " " + keys.router + " " + keys.own.public_key,
            .job = encode_job_spec(job),
            .deadline_typed = prepared.deadline_said};
}

// The key to send, on disk before it is used. An earlier, still young try of the same command
// lends its key and its deadline.
Result<SubmissionRecord> record_for(const SubmitCommand& command,
                                    const PreparedJob& prepared,
                                    const Desk& desk,
                                    const RouterKeys& keys,
                                    WallTime now) {
    if (command.key) {
        if (!is_well_formed_id(*command.key)) {
            return fail(ErrorCode::invalid_argument,
                        "--key: " + in_quotes(*command.key) + " cannot be a key",
                        "use 1 to 64 letters, digits, '.', '-' and '_'");
        }
        return SubmissionRecord{*command.key, now, prepared.job.deadline};
    }
    if (auto tidied = forget_old_submissions(desk.submissions(), now); !tidied) {
        return fail(std::move(tidied.error()));
    }
    const auto file = submission_file(desk.submissions(), subject_of(prepared, desk, keys));
    if (!command.fresh) {
        auto recent = recent_submission(file, now);
        if (!recent) return fail(std::move(recent.error()));
        if (*recent) return std::move(**recent);
    }
    SubmissionRecord record{random_hex(16), now, prepared.job.deadline};
    if (auto kept = keep_submission(file, record); !kept) return fail(std::move(kept.error()));
    return record;
}

// What the router would do with many pieces now; none for a single piece, and of older routers.
Result<std::optional<JobPlan>> ask_plan(wire::Connection& connection, const PreparedJob& prepared) {
    std::size_t pieces = 0;
    for (const PartSpec& part : prepared.job.parts)
        pieces += part.quantity;
    if (pieces < 2) return std::nullopt;
    auto quote = ask_for<message::Quote>(connection, question_about(prepared));
    if (!quote) return fail(std::move(quote.error()));
    return std::move(quote->plan);
}

// Shows the plan; false: the person does not want it like this. Error (invalid_argument): somebody
// should be asked, and nobody is there.
Result<bool> is_fine(const JobPlan& plan, const JobSpec& job, bool yes, const Screen& screen) {
    const bool wanted = !yes && needs_consent(plan);
    if ((wanted && screen.asks) || !screen.quiet) {
        screen.err << plan_text(plan, screen, files_of(job)) << std::flush;
    }
    if (!wanted) return true;
    if (screen.asks) return ask_consent(std::cin, screen.err);
    return fail(ErrorCode::invalid_argument,
                "this plan has several fabs, or pieces that are late or nowhere, and nobody can be "
                "asked without a terminal; nothing was submitted",
                "look at the plan (`nearfab quote` shows it), then add --yes");
}

Status upload_designs(wire::Connection& connection,
                      const PreparedJob& prepared,
                      const Screen& screen) {
    std::set<ContentHash> there;
    for (const PartFile& part : prepared.parts) {
        if (!there.insert(part.hash).second) continue;
        auto uploaded = upload_design(connection, part.hash, part.bytes, screen);
        if (!uploaded) return uploaded;
    }
    return {};
}

void tell(const message::JobAccepted& accepted,
          const std::string& key,
          const message::AskQuote& judged,
          const std::optional<JobPlan>& plan,
          const Screen& screen) {
    if (screen.json) {
        screen.out << json_of_submission(accepted, key, judged, plan) << std::flush;
        return;
    }
    for (std::size_t i = 0; i < judged.spec.parts.size(); ++i) {
        const PartFacts& facts = i == 0 ? judged.facts : judged.more_facts[i - 1];
        if (judged.spec.parts.size() > 1) screen.remark(judged.spec.parts[i].file_name + ":");
        for (const std::string& line : verdict_lines(facts, judged.spec.parts[i].process))
            screen.remark(line);
    }
    screen.out << accepted.job.text() << (accepted.existed ? " (submitted before)" : "") << '\n'
               << std::flush;
    if (accepted.existed) {
        screen.remark(
            "The same was submitted shortly before; to have it made once more, add --new.");
    }
}

}  // namespace

Result<ExitCode> run(const SubmitCommand& command, const Desk& desk) {
    const WallTime now = SystemClock{}.read().wall;
    if (const auto timeout = follow_timeout(command.follow); !timeout) {
        return fail(timeout.error());
    }
    auto prepared = prepare_job(command.wishes, desk, now);
    if (!prepared) return fail(std::move(prepared.error()));
    auto keys = router_keys(desk);
    if (!keys) return fail(std::move(keys.error()));
    auto connection = open_router(desk, *keys);
    if (!connection) return fail(std::move(connection.error()));
    const auto plan = ask_plan(*connection, *prepared);
    if (!plan) return fail(plan.error());
    if (*plan) {
        const auto fine = is_fine(**plan, prepared->job, command.yes, desk.screen);
        if (!fine) return fail(fine.error());
        if (!*fine) {
            desk.screen.err << "Nothing was submitted.\n";
            return ExitCode::failure;
        }
    }
    auto uploaded = upload_designs(*connection, *prepared, desk.screen);
    if (!uploaded) return fail(std::move(uploaded.error()));
    auto record = record_for(command, *prepared, desk, *keys, now);
    if (!record) return fail(std::move(record.error()));
    prepared->job.deadline = record->deadline;
    const auto accepted = ask_for<message::JobAccepted>(
        *connection, message::SubmitJob{.idempotency_key = record->key, .spec = prepared->job});
    if (!accepted) return fail(accepted.error());
    tell(*accepted, record->key, question_about(*prepared), *plan, desk.screen);
    if (!command.wait) {
        return first_verdict(*connection, accepted->job, verdict_wait, desk.screen);
    }
    return follow_job(*connection, accepted->job, command.follow, desk.screen);
}

}  // namespace nearfab::cli
