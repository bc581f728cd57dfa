// SPDX-License-Identifier: GPL-3.0-or-later

import type { FileKind } from './kinds.ts';
import { Unreadable, type Mesh } from './mesh.ts';
import { readObj, readOff } from './obj_off.ts';
import { readStl } from './stl.ts';
import { readThreeMf } from './three_mf.ts';

export function readMesh(kind: FileKind, bytes: Uint8Array): Mesh {
  switch (kind) {
    case 'stl':
      return readStl(bytes);
    case 'obj':
      return readObj(bytes);
    case 'off':
      return readOff(bytes);
    case '3mf':
      return readThreeMf(bytes);
    default:
      throw new Unreadable('it is no solid');
  }
}
