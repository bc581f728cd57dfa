// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/index/home_runs.hpp"

#include "base/check.hpp"

#include <algorithm>

namespace nearfab::router {

template <class Self, class Use>
auto HomeRuns::with_pool(Self& self, std::size_t size, const Use& use) {
    if (size <= 8) return use(self.eight_);
    if (size <= 16) return use(self.sixteen_);
    return use(self.most_);
}

HomeRun HomeRuns::take(std::size_t size) {
    NEARFAB_CHECK(size >= 1 && size <= size_max, "a run of homes has 1 to 128");
    HomeRun run;
    run.size = static_cast<std::uint16_t>(size);
    if (size > run.here.size()) {
        run.here.front() = with_pool(*this, size, [](auto& pool) { return pool.take(); });
    }
    std::ranges::fill(at(run), no_home);
    return run;
}

void HomeRuns::release(const HomeRun& run) {
    if (run.size <= run.here.size()) return;
    with_pool(*this, run.size, [&run](auto& pool) { pool.release(run.here.front()); });
}

std::span<TreeHome> HomeRuns::at(HomeRun& run) {
    if (run.size <= run.here.size()) return std::span{run.here}.first(run.size);
    return with_pool(*this, run.size, [&run](auto& pool) {
        return std::span<TreeHome>{pool[run.here.front()].at.data(), run.size};
    });
}

std::span<const TreeHome> HomeRuns::at(const HomeRun& run) const {
    if (run.size <= run.here.size()) return std::span{run.here}.first(run.size);
    return with_pool(*this, run.size, [&run](const auto& pool) {
        return std::span<const TreeHome>{pool[run.here.front()].at.data(), run.size};
    });
}

std::size_t HomeRuns::bytes() const {
    return eight_.bytes() + sixteen_.bytes() + most_.bytes();
}

}  // namespace nearfab::router
