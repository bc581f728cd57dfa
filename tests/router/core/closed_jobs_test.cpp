// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/closed_jobs.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <random>
#include <string>

namespace nearfab::router {
namespace {

struct Sample {
    std::string id;
    std::string submitter;
    std::string packed;
    [[nodiscard]] ClosedJob record() const {
        return {id, submitter, JobState::closed, WallTime{Duration{1234567890123}}, packed};
    }
};

Sample sample(unsigned number, std::size_t bytes = 40) {
    return {fmt::format("{:016x}", number * 2654435761U),
            fmt::format("designer-{}", number % 7),
            std::string(bytes, static_cast<char>('a' + number % 26))};
}

std::vector<std::string> ids_of(const ClosedJobs& jobs, const std::string& submitter) {
    std::vector<std::string> ids;
    jobs.each_of(IdentityId{submitter}, [&](const ClosedJob& job) { ids.emplace_back(job.id); });
    return ids;
}

TEST_CASE("closed jobs are found again, whatever came and went", "[closed]") {
    std::mt19937 random{5};
    ClosedJobs jobs;
    std::map<std::string, Sample> there;
    for (unsigned step = 0; step < 30000; ++step) {
        Sample one = sample(static_cast<unsigned>(random() % 6000), random() % 300);
        const bool known = there.contains(one.id);
        REQUIRE(jobs.contains(JobId{one.id}) == known);
        if (known) {
            CHECK(jobs.remove(JobId{one.id}));
            there.erase(one.id);
        } else {
            jobs.add(one.record());
            there.emplace(one.id, std::move(one));
        }
    }
    CHECK(jobs.size() == there.size());
    for (const auto& [id, one] : there) {
        const auto found = jobs.find(id);
        REQUIRE(found);
        CHECK(found->submitter == one.submitter);
        CHECK(found->packed == one.packed);
        CHECK(found->state == JobState::closed);
        CHECK(found->submitted_at == one.record().submitted_at);
    }
    std::size_t seen = 0;
    jobs.each([&](const ClosedJob& job) { seen += there.contains(std::string{job.id}) ? 1U : 0U; });
    CHECK(seen == there.size());
    for (unsigned who = 0; who < 7; ++who) {
        const std::string submitter = fmt::format("designer-{}", who);
        const auto ids = ids_of(jobs, submitter);
        const auto expected = std::count_if(there.begin(), there.end(), [&](const auto& one) {
            return one.second.submitter == submitter;
        });
        CHECK(ids.size() == static_cast<std::size_t>(expected));
        for (const std::string& id : ids)
            CHECK(there.at(id).submitter == submitter);
    }
    CHECK(ids_of(jobs, "nobody").empty());
}

TEST_CASE("changing one job for ever takes no more and more memory", "[closed]") {
    ClosedJobs jobs;
    for (unsigned i = 0; i < 100; ++i)
        jobs.add(sample(i).record());
    for (unsigned round = 0; round < 100000; ++round) {
        const Sample one = sample(round % 100, 500);
        REQUIRE(jobs.remove(JobId{one.id}));
        jobs.add(one.record());
    }
    CHECK(jobs.size() == 100);
    CHECK(jobs.bytes() < std::size_t{2} << 20U);
    CHECK_FALSE(jobs.remove(JobId{"0123456789abcdef"}));
}

TEST_CASE("records are taken over as they are, and a job stands there once", "[closed]") {
    std::vector<std::uint8_t> records;
    for (unsigned i = 0; i < 50; ++i)
        put_closed_job(records, sample(i, i).record());
    ClosedJobs jobs;
    REQUIRE(jobs.add_records(records));
    CHECK(jobs.size() == 50);
    CHECK(jobs.find(sample(49).id)->packed == sample(49, 49).packed);
    const Status again = jobs.add_records(records);
    REQUIRE_FALSE(again);
    CHECK(again.error().code == ErrorCode::malformed);
}

TEST_CASE("records that are cut off or changed are refused, not read beyond", "[closed]") {
    std::vector<std::uint8_t> records;
    put_closed_job(records, sample(1).record());
    put_closed_job(records, sample(2).record());
    const std::size_t first = records.size() / 2;
    for (std::size_t length = 0; length <= records.size(); ++length) {
        const std::vector<std::uint8_t> part{records.begin(),
                                             records.begin() + static_cast<std::ptrdiff_t>(length)};
        ClosedJobs jobs;
        CHECK(jobs.add_records(part).has_value() ==
              (length == 0 || length == first || length == records.size()));
    }
    std::mt19937 random{3};
    for (int round = 0; round < 20000; ++round) {
        auto changed = records;
        changed[random() % 20] = static_cast<std::uint8_t>(random());
        ClosedJobs jobs;
        (void)jobs.add_records(changed);
    }
}

TEST_CASE("an open state is no record of a closed job", "[closed]") {
    std::vector<std::uint8_t> records;
    const Sample kept = sample(1);
    ClosedJob open = kept.record();
    open.state = JobState::matching;
    put_closed_job(records, open);
    std::span<const std::uint8_t> bytes{records};
    CHECK_FALSE(take_closed_job(bytes));
}

}  // namespace
}  // namespace nearfab::router
