// SPDX-License-Identifier: GPL-3.0-or-later
// The name of a design is the BLAKE2b-256 of its bytes. Large files are read piece by piece, on a
// thread of their own.

import { blake2b } from '@noble/hashes/blake2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

const piece_bytes = 1024 * 1024;

export async function hashOf(file: Blob, progress?: (done: number) => void): Promise<string> {
  const hash = blake2b.create({ dkLen: 32 });
  for (let from = 0; from < file.size; from += piece_bytes) {
    const piece = file.slice(from, Math.min(file.size, from + piece_bytes));
    hash.update(new Uint8Array(await piece.arrayBuffer()));
    progress?.(Math.min(file.size, from + piece_bytes));
  }
  return bytesToHex(hash.digest());
}

export function hashOfText(text: string): string {
  return bytesToHex(blake2b(new TextEncoder().encode(text), { dkLen: 32 }));
}
