// SPDX-License-Identifier: GPL-3.0-or-later
// What comes over the line before the page can be used, compressed as the router sends it, is at
// most 150 kB. The 3D picture, the curve of the
// report and the finer coast come later and only when wanted.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const limit = 150_000;
const folder = new URL('../dist/', import.meta.url).pathname;
const later = [/^day_chart-/, /^solid_view-/, /^mesh_worker-/, /^hash_worker-/, /^countries-50m-/];

const files = [
  'index.html',
  'icon.svg',
  ...readdirSync(join(folder, 'assets')).map((name) => `assets/${name}`),
];
let first = 0;
console.log('gzipped bytes');
for (const file of files) {
  const size = gzipSync(readFileSync(join(folder, file)), { level: 9 }).length;
  const name = file.replace('assets/', '');
  const waits = later.some((pattern) => pattern.test(name));
  if (!waits) first += size;
  console.log(`${String(size).padStart(8)}  ${waits ? 'later' : 'first'}  ${file}`);
}
console.log(`${String(first).padStart(8)}  first load; the limit is ${limit}`);
if (first > limit) {
  console.error('The first load is too large.');
  console.error('  next: load what is not needed at once with import()');
  process.exit(1);
}
