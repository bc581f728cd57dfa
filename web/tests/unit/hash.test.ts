// SPDX-License-Identifier: GPL-3.0-or-later

import { expect, test } from 'vitest';

import { hashOf, hashOfText } from '../../src/api/design_hash.ts';

test('the hash of a design is BLAKE2b-256', async () => {
  // As `b2sum -l 256` prints them.
  expect(hashOfText('')).toBe('0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8');
  expect(hashOfText('abc')).toBe(
    'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319',
  );
});

test('a file read in pieces has the hash of its bytes, and progress ends at its length', async () => {
  const bytes = new Uint8Array(2_500_000).fill(97);
  const steps: number[] = [];
  const hash = await hashOf(new Blob([bytes]), (done) => steps.push(done));
  expect(hash).toBe(hashOfText('a'.repeat(2_500_000)));
  expect(steps).toEqual([1_048_576, 2_097_152, 2_500_000]);
});
