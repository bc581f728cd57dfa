// SPDX-License-Identifier: GPL-3.0-or-later
// A file to the router in pieces; it goes on where it stopped, whoever stopped it.

import type { Client } from './client.ts';
import { asProblem, Problem } from './problem.ts';
import type { Upload } from './types.ts';

export interface UploadTimes {
  pause_ms: number;
  pause_max_ms: number;
  tries: number; // In a row without a byte taken; then the Problem is thrown.
}

export const usual_upload_times: UploadTimes = { pause_ms: 500, pause_max_ms: 8000, tries: 8 };

function worthAnotherTry(problem: Problem): boolean {
  return problem.kind === 'offline' || [408, 425, 429, 500, 502, 503, 504].includes(problem.status);
}

function strange(known: Upload): Problem {
  return new Problem(
    'unreadable',
    `The router has all ${known.received} bytes and does not call the file complete.`,
    'Choose the file again; it may have changed on the disk.',
  );
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('given up', 'AbortError'));
    });
  });
}

export async function sendDesign(
  client: Client,
  design: string,
  file: Blob,
  chunk_bytes: number,
  progress: (received: number) => void,
  signal: AbortSignal,
  times: UploadTimes = usual_upload_times,
): Promise<Upload> {
  let failures = 0;
  let known: Upload | null = null;
  for (;;) {
    try {
      known ??= await client.announce(design, file.size, signal);
      progress(known.received);
      if (known.complete) return known;
      const before = known.received;
      if (before >= file.size) throw strange(known);
      const chunk = file.slice(before, Math.min(file.size, before + chunk_bytes));
      known = await client.append(design, before, chunk, signal);
      if (known.received > before) failures = 0;
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const problem = asProblem(thrown);
      const moved = problem.status === 409; // Another page sends the same design.
      if (!moved && !worthAnotherTry(problem)) throw problem;
      if (++failures >= times.tries) throw problem;
      // What arrived of a broken piece only the router knows.
      known = null;
      const pause = moved ? 0 : Math.min(times.pause_max_ms, times.pause_ms * 2 ** (failures - 1));
      await rest(problem.retryAfter ? problem.retryAfter * 1000 : pause, signal);
    }
  }
}
