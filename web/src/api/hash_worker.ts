// SPDX-License-Identifier: GPL-3.0-or-later
// The thread that hashes: a file in, its progress and its name out.

import { hashOf } from './design_hash.ts';

addEventListener('message', (message: MessageEvent<{ file: Blob }>) => {
  hashOf(message.data.file, (done) => postMessage({ done })).then(
    (design) => postMessage({ design }),
    (thrown: unknown) => postMessage({ failed: String(thrown) }),
  );
});
