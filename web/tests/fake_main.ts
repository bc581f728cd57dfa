// SPDX-License-Identifier: GPL-3.0-or-later
// `npm run fake`: the built page with a made-up network behind it, to look at.

import { resolve } from 'node:path';

import { FakeRouter, tokens } from './fake_router.ts';

const fake = new FakeRouter(resolve('dist'), {
  more: true,
  manual: process.argv.includes('--manual'),
  stepMs: 1500,
  ...(process.argv.includes('--many') ? { fabs: 1000, jobs: 10_000 } : {}),
});
console.log(`the page:  ${await fake.listen(7480)}`);
for (const [role, token] of Object.entries(tokens)) console.log(`${role.padEnd(9)}  ${token}`);
