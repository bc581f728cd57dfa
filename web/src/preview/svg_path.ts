// SPDX-License-Identifier: GPL-3.0-or-later
// The `d` of an SVG path as lines. What comes after a fault is left out, as browsers do.

import { addArc, type Line } from './drawing.ts';

const sizes: Record<string, number> = {
  M: 2,
  L: 2,
  H: 1,
  V: 1,
  C: 6,
  S: 4,
  Q: 4,
  T: 2,
  A: 7,
  Z: 0,
};
const curve_steps = 20;

function* numbersOf(text: string, flags: boolean): Generator<number> {
  // The flags of an arc may stand without blanks: "0 01" is 0, 0, 1.
  const pattern = /[\s,]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/y;
  const flag = /[\s,]*([01])/y;
  let count = 0;
  for (;;) {
    const here = flags && (count % 7 === 3 || count % 7 === 4) ? flag : pattern;
    const before = pattern.lastIndex;
    here.lastIndex = before;
    const found = here.exec(text);
    if (!found) return;
    pattern.lastIndex = here.lastIndex;
    ++count;
    yield Number(found[1]);
  }
}

export function linesOfPath(d: string): Line[] {
  const lines: Line[] = [];
  let line: Line | null = null;
  let [x, y, startX, startY] = [0, 0, 0, 0];
  let [handleX, handleY] = [0, 0];
  let before = '';
  const begin = () => {
    line = { points: [x, y], closed: false };
    lines.push(line);
    return line;
  };
  for (const [, command = '', rest = ''] of d.matchAll(/([a-zA-Z])([^a-df-zA-DF-Z]*)/g)) {
    const kind = command.toUpperCase();
    const size = sizes[kind];
    if (size === undefined) break;
    const relative = command !== kind;
    if (kind === 'Z') {
      if (line) (line as Line).closed = true;
      line = null;
      [x, y] = [startX, startY];
      before = kind;
      continue;
    }
    const numbers = [...numbersOf(rest, kind === 'A')];
    for (let i = 0; i + size <= numbers.length; i += size) {
      const n = (k: number) => numbers[i + k] as number;
      const ox = relative ? x : 0;
      const oy = relative ? y : 0;
      if (kind === 'M' && i === 0) {
        [x, y] = [n(0) + ox, n(1) + oy];
        [startX, startY] = [x, y];
        line = null;
        begin();
        continue;
      }
      const points: number[] = (line ?? begin()).points;
      if (kind === 'M' || kind === 'L') {
        [x, y] = [n(0) + ox, n(1) + oy];
        points.push(x, y);
      } else if (kind === 'H') {
        x = n(0) + ox;
        points.push(x, y);
      } else if (kind === 'V') {
        y = n(0) + oy;
        points.push(x, y);
      } else if (kind === 'A') {
        const [toX, toY] = [n(5) + ox, n(6) + oy];
        addSvgArc(points, x, y, n(0), n(1), n(2), n(3) !== 0, n(4) !== 0, toX, toY);
        [x, y] = [toX, toY];
      } else {
        const smooth = kind === 'S' ? 'CS' : 'QT';
        const mirrored = smooth.includes(before);
        const ownX = mirrored ? 2 * x - handleX : x;
        const ownY = mirrored ? 2 * y - handleY : y;
        let curve: number[];
        if (kind === 'C')
          curve = [n(0) + ox, n(1) + oy, n(2) + ox, n(3) + oy, n(4) + ox, n(5) + oy];
        else if (kind === 'S') curve = [ownX, ownY, n(0) + ox, n(1) + oy, n(2) + ox, n(3) + oy];
        else if (kind === 'Q') curve = [n(0) + ox, n(1) + oy, n(2) + ox, n(3) + oy];
        else curve = [ownX, ownY, n(0) + ox, n(1) + oy];
        addCurve(points, x, y, curve);
        [handleX, handleY] = curve.slice(-4, -2) as [number, number];
        [x, y] = curve.slice(-2) as [number, number];
      }
      before = kind;
    }
  }
  return lines.filter((one) => one.points.length > 2);
}

function addCurve(points: number[], x: number, y: number, c: number[]): void {
  const n = (k: number) => c[k] as number;
  for (let i = 1; i <= curve_steps; ++i) {
    const t = i / curve_steps;
    const s = 1 - t;
    if (c.length === 4) {
      points.push(
        s * s * x + 2 * s * t * n(0) + t * t * n(2),
        s * s * y + 2 * s * t * n(1) + t * t * n(3),
      );
    } else {
      const [a, b, d, e] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
      points.push(a * x + b * n(0) + d * n(2) + e * n(4), a * y + b * n(1) + d * n(3) + e * n(5));
    }
  }
}

// From end points to the middle, as appendix B.2.4 of SVG 2 has it.
function addSvgArc(
  points: number[],
  x1: number,
  y1: number,
  rawRx: number,
  rawRy: number,
  degrees: number,
  large: boolean,
  positive: boolean,
  x2: number,
  y2: number,
): void {
  let rx = Math.abs(rawRx);
  let ry = Math.abs(rawRy);
  if (rx === 0 || ry === 0 || (x1 === x2 && y1 === y2)) {
    points.push(x2, y2);
    return;
  }
  const turn = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const [dx, dy] = [(x1 - x2) / 2, (y1 - y2) / 2];
  const u = cos * dx + sin * dy;
  const v = -sin * dx + cos * dy;
  const grow = Math.sqrt(Math.max(1, (u * u) / (rx * rx) + (v * v) / (ry * ry)));
  rx *= grow;
  ry *= grow;
  const below = rx * rx * v * v + ry * ry * u * u;
  const root = Math.sqrt(Math.max(0, (rx * rx * ry * ry - below) / below));
  const by = large === positive ? -root : root;
  const [cu, cv] = [(by * rx * v) / ry, (-by * ry * u) / rx];
  const from = Math.atan2((v - cv) / ry, (u - cu) / rx);
  const to = Math.atan2((-v - cv) / ry, (-u - cu) / rx);
  let sweep = to - from;
  if (positive && sweep < 0) sweep += 2 * Math.PI;
  if (!positive && sweep > 0) sweep -= 2 * Math.PI;
  const cx = cos * cu - sin * cv + (x1 + x2) / 2;
  const cy = sin * cu + cos * cv + (y1 + y2) / 2;
  addArc(points, cx, cy, rx, ry, turn, from, sweep);
  points.splice(-2, 2, x2, y2);
}
