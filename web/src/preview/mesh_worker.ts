// SPDX-License-Identifier: GPL-3.0-or-later
// The thread that reads a solid, so that the page stays alive meanwhile.

import type { FileKind } from './kinds.ts';
import { Unreadable } from './mesh.ts';
import { readMesh } from './read_mesh.ts';

addEventListener('message', (message: MessageEvent<{ kind: FileKind; file: Blob }>) => {
  void (async () => {
    try {
      const bytes = new Uint8Array(await message.data.file.arrayBuffer());
      const mesh = readMesh(message.data.kind, bytes);
      postMessage({ positions: mesh.positions }, { transfer: [mesh.positions.buffer] });
    } catch (thrown) {
      const words = thrown instanceof Unreadable ? thrown.message : 'it is broken';
      postMessage({ failed: words });
    }
  })();
});
