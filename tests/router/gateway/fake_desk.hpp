// SPDX-License-Identifier: GPL-3.0-or-later
// fake_desk.hpp - a desk without a router: every question is kept, and answered at once.
//
// Questions must pass the codec, as those to the real desk must; what does not is answered with the
// codec's own refusal.

#pragma once

#include "router/gateway/desk.hpp"
#include "tests/host/scratch_directory.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::gateway {

class FakeDesk final : public Desk {
public:
    // What is said to a question, in place of the usual answer; nothing: the usual one.
    std::function<std::optional<Message>(const Message&)> answers{};
    std::vector<Message> questions{};
    std::map<ContentHash, std::uint64_t> designs{};  // Here in full, with their sizes.
    std::map<ContentHash, std::uint64_t> announced{};
    Result<PartFacts> known_facts = fail(ErrorCode::invalid_file, "it is no part", "mend it");
    Result<std::string> known_check = std::string{};
    std::map<Watch, Answered> watches{};
    std::size_t streams_max = 4;
    bool disk_nearly_full = false;
    Moment moment{TimePoint{}, WallTime{std::chrono::hours{500'000}}};

    void ask(const Caller& caller, Message question, Answered answered) override;
    void relay(const Caller& caller, message::RelayCommand command, Answered answered) override {
        ask(caller, std::move(command), std::move(answered));
    }
    void look_up(const JobId& job, Answered answered) override;
    Photos& photos() override { return photos_; }
    [[nodiscard]] bool storage_low() const override { return disk_nearly_full; }
    Watch watch(const Caller& caller, message::WatchJob question, Answered answered) override;
    void unwatch(Watch watch) override { watches.erase(watch); }
    std::optional<std::uint64_t> design_size(const ContentHash& design) override;
    void facts(const Caller& caller,
               const DesignReading& design,
               std::function<void(Result<PartFacts>)> then) override;
    void check(const Caller& caller,
               const CheckWish& wish,
               std::function<void(Result<std::string>)> then) override;
    Result<std::shared_ptr<EventStream>> open_stream(const Caller& caller) override;
    void follow_all(const std::shared_ptr<EventStream>& stream,
                    const Caller& caller,
                    const std::string& last_event_id) override;
    [[nodiscard]] Moment now() const override { return moment; }
    void remember_size(const ContentHash& design, std::uint64_t size) override {
        announced[design] = size;
    }
    [[nodiscard]] std::optional<std::uint64_t> announced_size(
        const ContentHash& design) const override;
    [[nodiscard]] const std::string& network() const override { return network_; }
    [[nodiscard]] std::uint64_t design_bytes_max() const override { return 1000; }
    [[nodiscard]] std::string metrics() const override { return "up 1\n"; }

private:
    std::string network_ = "test";
    test::ScratchDirectory folder_;
    Photos photos_ = *Photos::open(folder_.path() / "photos", 10 * photo_bytes_max);
    std::size_t streams_ = 0;
};

}  // namespace nearfab::gateway
