// SPDX-License-Identifier: GPL-3.0-or-later
// A flat design as lines for looking at, in millimetres, y upwards as the router has it.

export interface Line {
  points: number[]; // x, y, x, y, ...
  closed: boolean;
}

export interface Drawing {
  lines: Line[];
  stated: boolean; // Whether the file says its unit.
  left_out: string[]; // What is in it and not drawn here.
}

export interface FlatBounds {
  min: [number, number];
  max: [number, number];
}

export const points_max = 2_000_000;

export function flatBounds(drawing: Drawing): FlatBounds | null {
  const min: [number, number] = [Infinity, Infinity];
  const max: [number, number] = [-Infinity, -Infinity];
  for (const { points } of drawing.lines) {
    for (let i = 0; i + 1 < points.length; i += 2) {
      const x = points[i] as number;
      const y = points[i + 1] as number;
      if (x < min[0]) min[0] = x;
      if (x > max[0]) max[0] = x;
      if (y < min[1]) min[1] = y;
      if (y > max[1]) max[1] = y;
    }
  }
  return Number.isFinite(min[0] + min[1] + max[0] + max[1]) ? { min, max } : null;
}

// Points of an elliptic arc about (cx, cy), the first left out. Angles in radians.
export function addArc(
  points: number[],
  cx: number,
  cy: number,
  rx: number,
  ry: number,
  turn: number,
  from: number,
  sweep: number,
): void {
  const steps = Math.max(2, Math.min(360, Math.ceil(Math.abs(sweep) / (Math.PI / 36))));
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  for (let i = 1; i <= steps; ++i) {
    const at = from + (sweep * i) / steps;
    const x = rx * Math.cos(at);
    const y = ry * Math.sin(at);
    points.push(cx + x * cos - y * sin, cy + x * sin + y * cos);
  }
}
