// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/compaction.hpp"

#include "host/disk_space.hpp"
#include "router/shell/records_snapshot.hpp"
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

Status Compaction::start_if_due(std::uint64_t log_bytes,
                                std::uint64_t snapshot_bytes,
                                bool storage_low) {
    // A log of half the snapshot's length makes the next one; so every byte is written three times
    // at most, and a restart reads half as much again.
    const std::uint64_t due = std::max(config_.compact_bytes, snapshot_bytes / 2);
    if (child_ || config_.file.empty() || log_bytes < due || storage_low) return {};
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

Result<std::uint64_t> compact_records(const std::filesystem::path& state_directory,
                                      std::uint64_t reserve_bytes) {
    const auto storage = open_log_directory(state_directory / "journal");
    const auto snapshot = RecordsSnapshot::read(*storage);
    if (!snapshot) return fail(snapshot.error());
    if (!snapshot->is_there()) {
        const Status written = snapshot->write(*storage, [&]() -> Status {
            const auto free = free_bytes(state_directory);
            if (!free) return fail(free.error());
            if (*free >= reserve_bytes) return {};
            return fail(ErrorCode::storage,
                        "the disk of " + state_directory.string() + " is nearly full (" +
                            std::to_string(*free >> 20U) + " MiB free)",
                        "make room there");
        });
        if (!written) return fail(written.error());
    }
    return snapshot->last();
}

}  // namespace nearfab::router
