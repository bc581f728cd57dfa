// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/records_snapshot.hpp"

#include "host/system_failure.hpp"
#include "router/shell/fact_codec.hpp"
#include "router/shell/job_codec.hpp"
#include "router/shell/ledger_codec.hpp"
#include "store/snapshot_file.hpp"

namespace nearfab::router {
namespace {

constexpr const char* kind = "router";
constexpr std::size_t ask_every = std::size_t{1} << 20U;

// The owner may have written the last commit and not synced it yet. The snapshot is there for good,
// so what it stands for must be there as well, or the two would not fit after a power cut.
Status sync_log(LogStorage& storage) {
    const auto files = list_journal(storage);
    if (!files) return fail(files.error());
    const std::string name = log_name(files->logs.back());
    std::unique_ptr<LogFile> last;
    int error = storage.open(name, LogStorage::Mode::write, last);
    if (error == 0) error = last->sync();
    if (error != 0) return fail_system("cannot sync " + storage.where(name), error);
    return {};
}

}  // namespace

Result<RecordsSnapshot> RecordsSnapshot::read(LogStorage& storage) {
    RouterOptions options;
    options.packing = job_packing();  // What is over is copied as it is.
    RecordsSnapshot snapshot;
    snapshot.router_ = std::make_unique<Router>(options);
    Router& router = *snapshot.router_;
    const auto report = verify_journal(
        storage,
        kind,
        [&](std::span<const std::uint8_t> piece) { return decode_piece(piece, router); },
        [&](std::uint64_t, WallTime wall, std::span<const std::uint8_t> bytes) -> Status {
            const auto fact = decode_fact(bytes);
            if (!fact) return fail(fact.error());
            router.replay(wall, *fact);
            return {};
        });
    if (!report) return fail(report.error());
    snapshot.report_ = *report;
    return snapshot;
}

Status RecordsSnapshot::write(LogStorage& storage, const RoomAsker& ask_room) const {
    if (Status synced = sync_log(storage); !synced) return synced;
    return write_snapshot_file(storage, kind, report_.end, [&](const auto& take) {
        std::size_t since = ask_every;  // Bytes.
        return encode_ledger(router_->ledger(), [&](std::span<const std::uint8_t> piece) -> Status {
            since += piece.size();
            if (ask_room && since >= ask_every) {
                since = 0;
                if (Status room = ask_room(); !room) return room;
            }
            return take(piece);
        });
    });
}

}  // namespace nearfab::router
