// SPDX-License-Identifier: GPL-3.0-or-later

import type { FileKind } from './kinds.ts';
import { Unreadable } from './mesh.ts';

export function meshInThread(
  kind: FileKind,
  file: Blob,
  signal: AbortSignal,
): Promise<Float32Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./mesh_worker.ts', import.meta.url), { type: 'module' });
    signal.addEventListener('abort', () => {
      worker.terminate();
      reject(new DOMException('given up', 'AbortError'));
    });
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Unreadable(event.message || 'the browser ran out of memory'));
    };
    worker.onmessage = (message: MessageEvent<{ positions?: Float32Array; failed?: string }>) => {
      worker.terminate();
      const { positions, failed } = message.data;
      if (positions) resolve(positions);
      else reject(new Unreadable(failed ?? 'it is broken'));
    };
    worker.postMessage({ kind, file });
  });
}
