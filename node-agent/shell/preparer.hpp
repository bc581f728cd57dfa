// SPDX-License-Identifier: GPL-3.0-or-later
// preparer.hpp - the thread that makes machine code out of designs, one at a time.
//
// A design is read, its bytes are compared with the hash they were ordered by, its size with the
// one that was analysed (so that both sides read it in the same unit), and only then it is sliced,
// or planned for a laser or mill: what was analysed is what is made. The result is kept in the
// folder of machine code under the name of its hash, safely on the disk, before anyone hears of it.
//
// The design and the result of a task are pinned until the event loop has told the core what came
// of it and says so with unpin(): nobody throws them away before.
//
// submit() and unpin() may be called from the event loop's thread only, and never wait for slicing.

#pragma once

#include "base/content_hash.hpp"
#include "base/result.hpp"
#include "node-agent/core/effect.hpp"
#include "node-agent/machine_code/gcode_gate.hpp"
#include "node-agent/prepare/cutter_profile.hpp"
#include "node-agent/prepare/print_profile.hpp"
#include "node-agent/shell/event_queue.hpp"
#include "node-agent/shell/pinned_blobs.hpp"

#include <array>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace nearfab::agent {

struct PreparationTask {
    AttemptKey key;
    DesignReading design;
    std::filesystem::path design_file;
    std::array<double, 3> size_mm{};  // As it was analysed and matched.
    Placement placement;
    PrintProfile profile;  // Of a printer.
    MachineCodeLimits limits;
    std::optional<CutterProfile> cutter;  // Of a laser or mill; then nothing is sliced.
    MaterialId material;
    std::optional<double> sheet_thickness_mm;
    std::optional<int> nozzle_c;
    std::optional<int> bed_c;
    std::optional<double> density_g_cm3;
};

struct PreparerOptions {
    SlicerPrograms slicers;
    std::filesystem::path work_directory;  // Ours alone; emptied before every task.
    std::filesystem::path machine_code;    // Where results are kept.
};

class Preparer {
public:
    Preparer(PreparerOptions options, EventQueue& events);
    // Breaks off what is being sliced.
    ~Preparer();
    Preparer(const Preparer&) = delete;
    Preparer& operator=(const Preparer&) = delete;

    // Several: for one run of one machine, the leader first. Answered by PlatePrepared or
    // PlateFailed, a single one by Prepared or PrepareFailed.
    // REQUIRES: not empty.
    void submit(std::vector<PreparationTask> pieces);
    // The core has heard of the outcome; of several it is that of the first.
    void unpin(const AttemptKey& key);
    [[nodiscard]] PinnedBlobs& pins() { return pins_; }

private:
    void pin_for(const AttemptKey& key, const ContentHash& hash);
    void work(const std::stop_token& stop);
    void tell(const std::vector<PreparationTask>& pieces, Result<event::Prepared> outcome);
    [[nodiscard]] Result<event::Prepared> prepare_safely(const std::vector<PreparationTask>& pieces,
                                                         const std::stop_token& stop);
    // Named by the first of them.
    [[nodiscard]] Result<event::Prepared> prepare(const std::vector<PreparationTask>& pieces,
                                                  const std::stop_token& stop);
    [[nodiscard]] Result<event::Prepared> prepare_print(const std::vector<PreparationTask>& pieces,
                                                        const std::stop_token& stop);
    [[nodiscard]] Result<event::Prepared> prepare_cut(const std::vector<PreparationTask>& pieces);

    PreparerOptions options_;
    EventQueue& events_;
    PinnedBlobs pins_;
    std::mutex mutex_;
    std::map<AttemptKey, std::vector<PinnedBlobs::Pin>> pinned_;
    std::condition_variable_any wake_;
    std::deque<std::vector<PreparationTask>> tasks_;
    std::jthread thread_;  // Last: it uses everything above.
};

}  // namespace nearfab::agent
