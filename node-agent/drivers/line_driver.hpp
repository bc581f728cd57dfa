// SPDX-License-Identifier: GPL-3.0-or-later
// line_driver.hpp - a machine that this program feeds line by line over a serial line or TCP.
//
// One thread owns the link from opening to end; the machine's worker asks and tells it things under
// a lock. Bytes that act at once are written by whoever says them, so a hold does not wait for
// anybody. Lines go out no faster than the line carries them, 72 bytes ahead at most or a single
// longer line: at 115,200 baud a hold is on the wire within 7 ms.
//
// When this program dies, a second process sends the controller its last words (dead_man.hpp). The
// machine keeps no memory of its runs; what was running when the link or this program was lost is
// in doubt.

#pragma once

#include "host/clock.hpp"
#include "node-agent/drivers/byte_link.hpp"
#include "node-agent/drivers/dead_man.hpp"
#include "node-agent/drivers/line_controller.hpp"
#include "node-agent/drivers/machine_driver.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>

namespace nearfab::agent {

// So many programs are kept for a machine that keeps none itself: what waits, alone and on plates.
inline constexpr std::size_t line_programs_max = 48;

struct LineDriverOptions {
    ByteLinkOptions link;
    DriverTraits traits;
    // What a second process sends when this one dies, byte by byte.
    std::string last_words;                                      // Empty: nothing is to be stopped.
    Duration last_words_pause = std::chrono::milliseconds{300};  // Behind each byte.
    // What of machine code is sent. Error invalid_file: something must not be.
    std::function<Result<LineProgram>(std::string_view)> read_program;
    std::size_t line_bytes_max = 80;                   // With "\n".
    Duration reopen = std::chrono::seconds{1};         // Doubled with each failure, up to 30 s.
    Duration answer_limit = std::chrono::seconds{10};  // To start, pause, resume and cancel.
};

class LineDriver final : public MachineDriver {
public:
    // The link is opened by the driver's thread, and again whenever it is lost.
    // Error invalid_argument: no address. Error internal: no thread.
    [[nodiscard]] static Result<std::unique_ptr<LineDriver>> open(
        LineDriverOptions options, std::unique_ptr<LineController> controller);
    // A program that runs is held and then ended by a reset.
    ~LineDriver() override;

    [[nodiscard]] DriverTraits traits() const override;
    [[nodiscard]] Result<MachineIdentity> identify() override;
    [[nodiscard]] MachineReading read() override;
    // Programs are kept here, 16 of them, those that were started go first; the machine has no
    // storage.
    [[nodiscard]] Status upload(const std::string& name,
                                std::span<const std::uint8_t> bytes) override;
    [[nodiscard]] Result<ContentHash> stored_hash(const std::string& name) override;
    [[nodiscard]] Status start(const StartPermit& permit) override;
    [[nodiscard]] Status pause() override;
    [[nodiscard]] Status resume() override;
    [[nodiscard]] Status cancel() override;
    void attend(TimePoint until) override;
    void interrupt() override;

private:
    struct Stored {
        std::shared_ptr<const LineProgram> program;
        ContentHash hash;
        std::uint64_t order = 0;
    };
    LineDriver(LineDriverOptions options,
               std::unique_ptr<LineController> controller,
               FileDescriptor wake);

    void feed(const std::stop_token& stop);
    void open_link();
    void turn();
    [[nodiscard]] bool tell_dead_man(bool runs);
    void write_at_once();
    void write_lines();
    void lose_link(const std::string& why);
    [[nodiscard]] int wait_ms() const;
    void wake() const;
    void forget_one_program();
    // Under the lock; false when the limit passed first.
    bool wait_until(std::unique_lock<std::mutex>& lock, const std::function<bool()>& so);
    [[nodiscard]] Status told(std::unique_lock<std::mutex>& lock,
                              const Status& status,
                              const std::function<bool()>& obeyed,
                              const std::string& what);
    [[nodiscard]] bool stands() const;
    [[nodiscard]] TimePoint now() const { return clock_.read().boot; }

    LineDriverOptions options_;
    SystemClock clock_;
    FileDescriptor wake_;  // An eventfd: the thread has something new to send.
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool interrupted_ = false;

    std::unique_ptr<LineController> controller_;
    std::optional<ByteLink> link_;
    std::optional<DeadMan> dead_man_;
    std::string pending_;  // The rest of a line that the kernel has not taken yet.
    std::string urgent_;   // Of what acts at once, the same.
    std::optional<std::string> link_failure_;
    bool paced_ = false;  // A line waits only for the kernel to send what it has.
    TimePoint reopen_at_;
    Duration reopen_pause_;
    TimePoint heard_at_;       // When the dead man last heard of us,
    bool heard_runs_ = false;  // and what.
    std::map<std::string, Stored> programs_;
    std::uint64_t uploads_ = 0;
    // A name is one attempt; the next one has another (its epoch is part of it). Never forgotten
    // while this program runs: some 50 bytes for each start.
    std::set<std::string> begun_;
    std::jthread thread_;  // Last: it uses everything above.
};

}  // namespace nearfab::agent
