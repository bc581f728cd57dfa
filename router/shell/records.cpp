// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/records.hpp"

#include "host/durable_file.hpp"
#include "host/file_lock.hpp"
#include "router/shell/fact_codec.hpp"
#include "router/shell/job_codec.hpp"
#include "router/shell/ledger_codec.hpp"
#include "store/blob_directory.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>
#include <vector>

namespace nearfab::router {
namespace {

namespace fs = std::filesystem;

constexpr const char* kind = "router";
constexpr const char* kept_prefix = "journal.before-generation-";
constexpr std::uint64_t generation_max = 9'000'000'000'000;  // Times a million is still a number.

Result<std::optional<std::uint64_t>> read_generation(const fs::path& directory) {
    const fs::path path = directory / "generation";
    const auto bytes = read_file(path, 64);
    if (!bytes && bytes.error().code == ErrorCode::not_found) return std::nullopt;
    if (!bytes) return fail(bytes.error());
    std::string text{bytes->begin(), bytes->end()};
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, number);
    if (problem == std::errc{} && stop == end && number <= generation_max) return number;
    return fail(
        ErrorCode::storage,
        path.string() + " holds no generation",
        "write the number of the last generation into it; if it is not known, a larger one");
}

Status write_generation(const fs::path& directory, std::uint64_t number) {
    const std::string text = std::to_string(number) + "\n";
    return write_durably(
        directory / "generation",
        std::span{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

Error in_fact(std::uint64_t seq, Error error) {
    return prefixed("fact " + std::to_string(seq) + " of the journal: ", std::move(error));
}

// One blob, on the disk before it has its name there, and with the bytes that its name promises.
Status copy_design(const fs::path& blob, const fs::path& target) {
    const std::string name = blob.filename().string();
    const auto promised = ContentHash::from_hex(name);
    std::error_code problem;
    if (!promised || fs::exists(target / name, problem)) return {};
    const fs::path part = target / ("." + name + ".part");
    fs::copy_file(blob, part, fs::copy_options::overwrite_existing, problem);
    if (problem) {
        return fail(ErrorCode::storage,
                    "cannot copy " + blob.string() + ": " + problem.message(),
                    "free some space or mend its rights, then run it again");
    }
    if (Status synced = sync_file(part); !synced) return synced;
    const auto hash = hash_of_file(part);
    if (!hash) return fail(hash.error());
    if (*hash == *promised) fs::rename(part, target / name, problem);
    if (problem) {
        return fail(ErrorCode::storage,
                    "cannot rename " + part.string() + ": " + problem.message(),
                    "mend its rights, then run it again");
    }
    if (*hash == *promised) return {};
    fs::remove(part, problem);
    return fail(ErrorCode::storage,
                blob.string() + " does not hold the bytes of its name: the disk has changed them",
                "remove it; who needs that design sends it again");
}

Status copy_designs(const fs::path& from, const fs::path& to) {
    std::error_code problem;
    if (!fs::exists(from, problem)) return {};
    if (Status made = make_private_directory(to); !made) return made;
    const auto failed = [&](const fs::path& path) {
        return fail(ErrorCode::storage,
                    "cannot copy " + path.string() + ": " + problem.message(),
                    "free some space or mend its rights, then run it again");
    };
    const fs::directory_iterator end;
    for (fs::directory_iterator folder{from, problem}; !problem && folder != end;
         folder.increment(problem)) {
        // Finished blobs lie in folders of two letters; they never change.
        if (!folder->is_directory() || folder->path().filename().string().size() != 2) continue;
        const fs::path target = to / folder->path().filename();
        if (Status made = make_private_directory(target); !made) return made;
        fs::directory_iterator blob{folder->path(), problem};
        for (; !problem && blob != end; blob.increment(problem)) {
            if (Status copied = copy_design(blob->path(), target); !copied) return copied;
        }
        if (problem) return failed(folder->path());
        if (Status synced = sync_directory(target); !synced) return synced;
    }
    if (problem) return failed(from);
    return {};
}

// `part` becomes the journal of this directory; the one that was there is called `kept` then.
Status put_in_place(const fs::path& directory, const fs::path& part, const fs::path& kept) {
    const fs::path journal = directory / "journal";
    std::error_code problem;
    return fs::exists(journal, problem) ? replace_directory(part, journal, kept)
                                        : rename_durably(part, journal);
}

// The last generation that anybody here knows, or what the operator says it was.
Result<std::uint64_t> last_generation(const fs::path& state,
                                      const fs::path& backup,
                                      std::optional<std::uint64_t> given) {
    const auto here = read_generation(state);
    if (!here) return fail(here.error());
    const auto there = read_generation(backup);
    if (!there) return fail(there.error());
    if (!*here && !given) {
        return fail(
            ErrorCode::conflict,
            "nothing in " + state.string() + " says how often these records were restored before",
            "give --generation N with a number larger than that of any router that went "
            "on from them; 1 if there was none");
    }
    if (given && (*given < 1 || *given > generation_max)) {
        return fail(ErrorCode::invalid_argument,
                    "--generation " + std::to_string(*given) + " is no generation",
                    "give a number from 1 to " + std::to_string(generation_max));
    }
    std::uint64_t last = std::max(here->value_or(0), there->value_or(0));
    if (given) last = std::max(last, *given - 1);
    if (last >= generation_max) {
        return fail(ErrorCode::conflict,
                    "these records say that they were restored " + std::to_string(last) + " times",
                    "correct the file generation beside the journal, then run it again");
    }
    return last;
}

// What to do about a generation without a journal.
tl::unexpected<Error> fail_without_journal(const fs::path& state) {
    std::string next = "restore the last backup: nearfab-router restore DIR";
    // Where names cannot be exchanged, a restore that was killed can have left this.
    std::vector<std::string> kept;
    std::error_code problem;
    for (fs::directory_iterator entry{state, problem}, end; !problem && entry != end;
         entry.increment(problem)) {
        const std::string name = entry->path().filename().string();
        if (name.starts_with(kept_prefix)) kept.push_back(name);
    }
    std::ranges::sort(kept);
    for (const std::string& name : kept)
        next += ". Records from before a restore lie in " + (state / name).string();
    next += ". To begin an empty network, give this router another state_directory";
    return fail(ErrorCode::storage,
                (state / "journal").string() + " is missing, and " +
                    (state / "generation").string() +
                    " says that there was one: an empty router would make the fabs drop their work",
                next);
}

}  // namespace

Result<Journal> open_records(const Config& config) {
    const fs::path& state = config.state_directory;
    const auto generation = read_generation(state);
    if (!generation) return fail(generation.error());
    auto journal = Journal::open(state / "journal",
                                 {.kind = kind,
                                  .segment_bytes = static_cast<std::size_t>(config.segment_bytes),
                                  .must_exist = generation->has_value()});
    const bool is_gone = !journal && journal.error().code == ErrorCode::not_found;
    if (is_gone && *generation) return fail_without_journal(state);
    return journal;
}

Result<std::uint64_t> generation_of(const fs::path& state_directory, bool has_facts) {
    const auto there = read_generation(state_directory);
    if (!there) return fail(there.error());
    if (*there) return **there;
    if (has_facts) {
        return fail(ErrorCode::storage,
                    (state_directory / "generation").string() +
                        " is missing: is the journal a copy of an older one?",
                    "if it is, put it in with: nearfab-router restore DIR; if it never was copied, "
                    "write 0 into that file");
    }
    if (Status written = write_generation(state_directory, 0); !written) {
        return fail(written.error());
    }
    return 0;
}

// They were not looked into while the snapshot was read.
Status verify_closed(const Ledger& ledger) {
    Status good;
    ledger.closed_jobs().each([&](const ClosedJob& job) {
        if (!good) return;
        const auto whole = ledger.unpack(job);
        if (!whole) {
            good = fail(prefixed("job " + std::string{job.id} + ": ", whole.error()));
        } else if (whole->job.id.text() != job.id || whole->job.state != job.state) {
            good = fail(ErrorCode::storage,
                        "job " + std::string{job.id} + " is packed as another",
                        "restore the last backup");
        }
    });
    return good;
}

Result<RecordsReport> verify_records(const fs::path& state_directory) {
    RecordsReport report;
    RouterOptions options;
    options.packing = job_packing();
    Router router{options};
    const auto journal = verify_journal(
        state_directory / "journal",
        kind,
        [&](std::span<const std::uint8_t> piece) { return decode_piece(piece, router); },
        [&](std::uint64_t seq, WallTime wall, std::span<const std::uint8_t> bytes) -> Status {
            const auto fact = decode_fact(bytes);
            if (!fact) return fail(in_fact(seq, fact.error()));
            router.replay(wall, *fact);
            return {};
        });
    if (!journal) return fail(journal.error());
    report.journal = *journal;
    if (Status good = verify_closed(router.ledger()); !good) return fail(good.error());
    report.jobs = router.ledger().job_count();
    report.open_work = router.ledger().open_work().size();
    const auto generation = read_generation(state_directory);
    if (!generation) return fail(generation.error());
    report.generation = generation->value_or(0);
    return report;
}

Result<RecordsReport> back_up(const Config& config, const fs::path& to) {
    const fs::path& state = config.state_directory;
    if (Status made = make_private_directory(to); !made) return fail(made.error());
    const auto lock = FileLock::take(to / "lock", to);
    if (!lock) return fail(lock.error());
    const fs::path part = to / "journal.part";
    std::error_code left;
    fs::remove_all(part, left);
    // The generation first: a restore that comes between makes this backup the older one.
    const auto generation = read_generation(state);
    if (!generation) return fail(generation.error());
    const auto copied = copy_journal(state / "journal", part, kind);
    if (!copied) return fail(copied.error());
    // The journal before the designs: then every design that it names is there.
    if (Status done = copy_designs(state / "designs", to / "designs"); !done) {
        return fail(done.error());
    }
    if (Status done = write_generation(to, generation->value_or(0)); !done) {
        return fail(done.error());
    }
    const fs::path old = to / "journal.old";
    if (fs::exists(to / "journal", left)) fs::remove_all(old, left);  // Of one that was killed.
    if (Status done = put_in_place(to, part, old); !done) return fail(done.error());
    fs::remove_all(old, left);
    return verify_records(to);
}

Result<RecordsReport> restore(const Config& config,
                              const fs::path& from,
                              std::optional<std::uint64_t> generation) {
    const fs::path& state = config.state_directory;
    if (Status made = make_private_directory(state); !made) return fail(made.error());
    const auto lock = FileLock::take(state / "journal.lock", state / "journal");
    if (!lock) return fail(lock.error());
    auto report = verify_records(from);
    if (!report) return report;
    const auto last = last_generation(state, from, generation);
    if (!last) return fail(last.error());
    const fs::path part = state / "journal.part";
    std::error_code left;
    fs::remove_all(part, left);
    const auto copied = copy_journal(from / "journal", part, kind);
    if (!copied) return fail(copied.error());
    if (Status done = copy_designs(from / "designs", state / "designs"); !done) {
        return fail(done.error());
    }
    // Before the records change: a crash in between costs a number, never an epoch.
    if (Status done = write_generation(state, *last + 1); !done) return fail(done.error());
    const fs::path kept = state / (kept_prefix + std::to_string(*last + 1));
    if (Status done = put_in_place(state, part, kept); !done) return fail(done.error());
    report->generation = *last + 1;
    return report;
}

}  // namespace nearfab::router
