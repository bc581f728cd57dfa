// SPDX-License-Identifier: GPL-3.0-or-later
// The tests in a real browser: one after the other, against web/dist.

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/browser/**/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    // One process and one browser for all.
    pool: 'forks',
    isolate: false,
    poolOptions: { forks: { singleFork: true } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
