// SPDX-License-Identifier: GPL-3.0-or-later
// The tests in a real browser: one after the other, against web/dist.

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// A real network keeps what a test leaves on its beds, and the whole way wants an empty one.
class WholeWayFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification) => Number(!file.moduleId.includes('whole_way'));
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ['tests/browser/**/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    sequence: { sequencer: WholeWayFirst },
    // One process and one browser for all.
    pool: 'forks',
    isolate: false,
    poolOptions: { forks: { singleFork: true } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
