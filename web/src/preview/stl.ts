// SPDX-License-Identifier: GPL-3.0-or-later
// STL, binary and text.

import { MeshBuilder, triangles_max, Unreadable, type Mesh } from './mesh.ts';

// A text file begins with "solid", but so do many binary ones: the length decides.
function isBinary(bytes: Uint8Array): boolean {
  if (bytes.length < 84) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (84 + 50 * view.getUint32(80, true) === bytes.length) return true;
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 512));
  return !/^\s*solid\b[\s\S]*\bfacet\b/i.test(head);
}

export function readStl(bytes: Uint8Array): Mesh {
  return isBinary(bytes) ? readBinary(bytes) : readText(bytes);
}

function readBinary(bytes: Uint8Array): Mesh {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const said = view.getUint32(80, true);
  const triangles = Math.min(said, Math.floor((bytes.length - 84) / 50));
  if (triangles < said) throw new Unreadable('it ends in the middle of a triangle');
  if (triangles > triangles_max) throw new Unreadable('it has too many triangles');
  const mesh = new MeshBuilder();
  for (let i = 0; i < triangles; ++i) {
    const at = 84 + 50 * i + 12; // Its normal is not needed.
    const n = (k: number) => view.getFloat32(at + 4 * k, true);
    mesh.add(n(0), n(1), n(2), n(3), n(4), n(5), n(6), n(7), n(8));
  }
  return mesh.done();
}

function readText(bytes: Uint8Array): Mesh {
  const text = new TextDecoder('latin1').decode(bytes);
  const number = String.raw`\s+([-+.\deE]+)`;
  const vertex = new RegExp(`vertex${number}${number}${number}`, 'gi');
  const mesh = new MeshBuilder();
  const corners: number[] = [];
  for (let found = vertex.exec(text); found; found = vertex.exec(text)) {
    corners.push(Number(found[1]), Number(found[2]), Number(found[3]));
    if (corners.length === 9) {
      mesh.add(
        ...(corners as [number, number, number, number, number, number, number, number, number]),
      );
      corners.length = 0;
    }
  }
  return mesh.done();
}
