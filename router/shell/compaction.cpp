// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/compaction.hpp"

#include "router/shell/fact_codec.hpp"
#include "router/shell/job_codec.hpp"
#include "router/shell/ledger_codec.hpp"
#include "store/journal_copy.hpp"
#include "store/log_directory.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace nearfab::router {

Compaction::Compaction(const Config& config) : config_{config} {}

Compaction::~Compaction() {
    if (!child_) return;
    ::kill(child_->process, SIGKILL);
    ::waitpid(child_->process, nullptr, 0);
}

Status Compaction::start_if_due(std::uint64_t log_bytes, std::uint64_t snapshot_bytes) {
    // A log of half the snapshot's length makes the next one; so every byte is written three times
    // at most, and a restart reads half as much again.
    const std::uint64_t due = std::max(config_.compact_bytes, snapshot_bytes / 2);
    if (child_ || config_.file.empty() || log_bytes < due) return {};
    ChildPlan plan;
    std::error_code problem;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", problem);
    plan.argv = {self.string(), "--config", config_.file.string(), "compact"};
    plan.directory = "/";
    // It is this program with this program's records: it needs what they need.
    plan.memory_bytes = std::uint64_t{1} << 42U;
    plan.file_bytes = std::uint64_t{1} << 42U;
    plan.cpu_seconds = 24 * 3600;
    auto child = start_child(plan);
    if (!child) return fail(child.error());
    child_ = std::move(*child);
    return {};
}

Result<std::optional<std::uint64_t>> Compaction::finished() {
    if (!child_) return std::nullopt;
    int status = 0;
    if (::waitpid(child_->process, &status, WNOHANG) == 0) return std::nullopt;
    std::array<char, 2048> text{};
    const bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    const FileDescriptor& said = good ? child_->standard_output : child_->standard_error;
    const ssize_t got = ::read(said.number(), text.data(), text.size() - 1);
    child_.reset();
    std::uint64_t last = 0;
    const std::string words{text.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
    const char* end = words.data() + words.size();
    if (good && std::from_chars(words.data(), end, last).ec == std::errc{}) return last;
    return fail(ErrorCode::storage,
                "no snapshot was made: " + words,
                "the journal goes on without it; a restart only takes longer");
}

Result<std::uint64_t> compact_records(const std::filesystem::path& state_directory) {
    RouterOptions options;
    options.packing = job_packing();  // What is over is copied as it is.
    Router router{options};
    const auto directory = state_directory / "journal";
    const auto report = verify_journal(
        directory,
        "router",
        [&](std::span<const std::uint8_t> piece) { return decode_piece(piece, router); },
        [&](std::uint64_t, WallTime wall, std::span<const std::uint8_t> bytes) -> Status {
            const auto fact = decode_fact(bytes);
            if (!fact) return fail(fact.error());
            router.replay(wall, *fact);
            return {};
        });
    if (!report) return fail(report.error());
    const std::uint64_t last = report->end.seq;
    if (last == report->snapshot) return last;
    const auto storage = open_log_directory(directory);
    auto writer = SnapshotWriter::begin(*storage, "router", report->end);
    if (!writer) return fail(writer.error());
    const Status encoded = encode_ledger(
        router.ledger(), [&](std::span<const std::uint8_t> piece) { return writer->add(piece); });
    if (!encoded) return fail(encoded.error());
    if (Status done = writer->finish(); !done) return fail(done.error());
    const auto read = read_snapshot(*storage, "router", last, [](auto) { return Status{}; });
    if (!read) return fail(read.error());
    return last;
}

}  // namespace nearfab::router
