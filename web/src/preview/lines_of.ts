// SPDX-License-Identifier: GPL-3.0-or-later

// Line after line, without a copy of the whole text.
export function* linesOf(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder('utf-8');
  let from = 0;
  for (let i = 0; i <= bytes.length; ++i) {
    if (i < bytes.length && bytes[i] !== 10) continue;
    const end = i > from && bytes[i - 1] === 13 ? i - 1 : i;
    yield decoder.decode(bytes.subarray(from, end));
    from = i + 1;
  }
}
