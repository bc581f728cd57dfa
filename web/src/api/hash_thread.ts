// SPDX-License-Identifier: GPL-3.0-or-later

import { Problem } from './problem.ts';

type Word = { done?: number; design?: string; failed?: string };

export function hashInThread(
  file: Blob,
  progress: (done: number) => void,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./hash_worker.ts', import.meta.url), { type: 'module' });
    const end = () => worker.terminate();
    const fail = (words: string) => {
      end();
      reject(
        new Problem('unreadable', words, 'Choose the file again; it may have changed on the disk.'),
      );
    };
    signal.addEventListener('abort', () => {
      end();
      reject(new DOMException('given up', 'AbortError'));
    });
    worker.onerror = (event) => fail(event.message || 'The file could not be read.');
    worker.onmessage = (message: MessageEvent<Word>) => {
      const { done, design, failed } = message.data;
      if (done !== undefined) progress(done);
      if (failed !== undefined) fail(`The file could not be read: ${failed}`);
      if (design !== undefined) {
        end();
        resolve(design);
      }
    };
    worker.postMessage({ file });
  });
}
