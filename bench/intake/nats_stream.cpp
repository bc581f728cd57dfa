// SPDX-License-Identifier: GPL-3.0-or-later
// NATS JetStream with a file store. It acknowledges before it syncs (every two minutes by
// default), so its figure is beside the others only to show what that is worth.

#include "bench/intake/intake_engine.hpp"
#include <fmt/format.h>
#include <nats/nats.h>

namespace nearfab::bench {
namespace {

void must(natsStatus status, const char* what) {
    if (status != NATS_OK) give_up(fmt::format("NATS, {}: {}", what, natsStatus_GetText(status)));
}

class NatsStream final : public IntakeEngine {
public:
    NatsStream(std::string address, std::size_t window)
        : url_{"nats://" + std::move(address)}, window_{window} {}
    std::string name() const override {
        return fmt::format("NATS JetStream, {} under way", window_);
    }
    bool syncs() const override { return false; }

    IntakeFigures run(const JobBytes& job, std::chrono::milliseconds time) override {
        natsConnection* link = nullptr;
        must(natsConnection_ConnectTo(&link, url_.c_str()), "connect");
        jsOptions options;
        must(jsOptions_Init(&options), "options");
        options.PublishAsync.MaxPending = static_cast<std::int64_t>(window_);
        jsCtx* stream = nullptr;
        must(natsConnection_JetStream(&stream, link, &options), "JetStream");
        jsStreamConfig config;
        must(jsStreamConfig_Init(&config), "stream");
        const char* subjects[] = {"jobs"};
        config.Name = "JOBS";
        config.Subjects = subjects;
        config.SubjectsLen = 1;
        config.Storage = js_FileStorage;
        must(js_AddStream(nullptr, stream, &config, nullptr, nullptr), "make the stream");
        IntakeFigures figures;
        const auto start = Clock::now();
        while (Clock::now() < start + time) {
            for (int i = 0; i < 64; ++i) {
                const auto body = job(figures.jobs++);
                must(js_PublishAsync(
                         stream, "jobs", body.data(), static_cast<int>(body.size()), nullptr),
                     "publish");
            }
        }
        must(js_PublishAsyncComplete(stream, nullptr), "wait for the acknowledgements");
        figures.seconds = std::chrono::duration<double>(Clock::now() - start).count();
        jsCtx_Destroy(stream);
        natsConnection_Destroy(link);
        return figures;
    }

private:
    std::string url_;
    std::size_t window_;
};

}  // namespace

std::unique_ptr<IntakeEngine> nats_stream(const IntakeSettings& settings, std::size_t window) {
    if (settings.nats.empty()) return nullptr;
    return std::make_unique<NatsStream>(settings.nats, window);
}

}  // namespace nearfab::bench
