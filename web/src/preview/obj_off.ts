// SPDX-License-Identifier: GPL-3.0-or-later
// OBJ and OFF: corners by number. Faces of more than three corners become fans.

import { linesOf } from './lines_of.ts';
import { MeshBuilder, Unreadable, type Mesh } from './mesh.ts';

function addFan(mesh: MeshBuilder, corners: number[], face: number[]): void {
  const c = (i: number, axis: number) => corners[3 * (face[i] as number) + axis] as number;
  for (const one of face) {
    if (!(one >= 0 && 3 * one + 2 < corners.length)) {
      throw new Unreadable('a face names a corner that is not there');
    }
  }
  for (let i = 1; i + 1 < face.length; ++i) {
    mesh.add(
      c(0, 0),
      c(0, 1),
      c(0, 2),
      c(i, 0),
      c(i, 1),
      c(i, 2),
      c(i + 1, 0),
      c(i + 1, 1),
      c(i + 1, 2),
    );
  }
}

export function readObj(bytes: Uint8Array): Mesh {
  const corners: number[] = [];
  const mesh = new MeshBuilder();
  for (const line of linesOf(bytes)) {
    const words = line.trim().split(/\s+/);
    if (words[0] === 'v') {
      corners.push(Number(words[1]), Number(words[2]), Number(words[3]));
    } else if (words[0] === 'f') {
      const face = words.slice(1).map((word) => {
        const number = Number.parseInt(word, 10); // "7/1/2" names corner 7.
        return number < 0 ? corners.length / 3 + number : number - 1;
      });
      addFan(mesh, corners, face);
    }
  }
  return mesh.done();
}

export function readOff(bytes: Uint8Array): Mesh {
  const corners: number[] = [];
  const mesh = new MeshBuilder();
  let state: 'head' | 'counts' | 'corners' | 'faces' = 'head';
  let cornersLeft = 0;
  let facesLeft = 0;
  for (const line of linesOf(bytes)) {
    let words = (line.split('#')[0] ?? '')
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '');
    if (words.length === 0) continue;
    if (state === 'head') {
      if (!/^[A-Z]*OFF$/.test(words[0] ?? '')) throw new Unreadable('it does not begin with OFF');
      words = words.slice(1);
      state = 'counts';
      if (words.length === 0) continue;
    }
    if (state === 'counts') {
      cornersLeft = Number(words[0]);
      facesLeft = Number(words[1]);
      state = 'corners';
    } else if (state === 'corners') {
      corners.push(Number(words[0]), Number(words[1]), Number(words[2]));
      if (--cornersLeft <= 0) state = 'faces';
    } else if (facesLeft-- > 0) {
      addFan(mesh, corners, words.slice(1, 1 + Number(words[0])).map(Number));
    }
  }
  return mesh.done();
}
