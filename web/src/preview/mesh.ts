// SPDX-License-Identifier: GPL-3.0-or-later
// What the readers make of a file: loose triangles for looking at. Whether a part can be made the
// router says; a reader here only has to be quick, bounded and honest about what it left out.

export interface Mesh {
  positions: Float32Array; // Nine numbers for each triangle, in the file's numbers.
  triangles: number;
}

export class Unreadable extends Error {}

export const triangles_max = 3_000_000; // 108 MB of numbers: more than a tab should draw.

export class MeshBuilder {
  private numbers = new Float32Array(9 * 1024);
  private used = 0;

  add(
    ax: number,
    ay: number,
    az: number,
    bx: number,
    by: number,
    bz: number,
    cx: number,
    cy: number,
    cz: number,
  ): void {
    if (this.used === 9 * triangles_max) throw new Unreadable('it has too many triangles');
    if (this.used + 9 > this.numbers.length) {
      const larger = new Float32Array(this.numbers.length * 2);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    const to = this.numbers;
    let at = this.used;
    to[at++] = ax;
    to[at++] = ay;
    to[at++] = az;
    to[at++] = bx;
    to[at++] = by;
    to[at++] = bz;
    to[at++] = cx;
    to[at++] = cy;
    to[at++] = cz;
    this.used = at;
  }

  done(): Mesh {
    if (this.used === 0) throw new Unreadable('it holds no triangle');
    const positions = this.numbers.slice(0, this.used);
    for (const number of positions) {
      if (!Number.isFinite(number)) throw new Unreadable('a corner has no place');
    }
    return { positions, triangles: this.used / 9 };
  }
}

export interface Bounds {
  min: [number, number, number];
  max: [number, number, number];
}

export function boundsOf(positions: Float32Array): Bounds {
  const min: [number, number, number] = [Infinity, Infinity, Infinity];
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < positions.length; i += 3) {
    for (let axis = 0; axis < 3; ++axis) {
      const value = positions[i + axis] as number;
      if (value < (min[axis] as number)) min[axis] = value;
      if (value > (max[axis] as number)) max[axis] = value;
    }
  }
  return { min, max };
}
