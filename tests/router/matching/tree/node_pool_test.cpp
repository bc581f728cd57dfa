// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/tree/node_pool.hpp"

#include <catch2/catch.hpp>

#include <memory>

namespace nearfab::router {
namespace {

TEST_CASE("a node that is released gives up what it held, and comes back as new", "[index]") {
    const auto held = std::make_shared<int>(1);
    {
        NodePool<std::shared_ptr<int>> pool;
        const std::uint32_t kept = pool.take();
        const std::uint32_t released = pool.take();
        pool[kept] = held;
        pool[released] = held;
        CHECK(held.use_count() == 3);
        pool.release(released);
        CHECK(held.use_count() == 2);
        CHECK(pool.take() == released);
        CHECK(pool[released] == nullptr);
        CHECK(pool[kept] == held);
    }
    CHECK(held.use_count() == 1);
}

}  // namespace
}  // namespace nearfab::router
