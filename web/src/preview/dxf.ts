// SPDX-License-Identifier: GPL-3.0-or-later
// The lines of a DXF drawing, blocks put in place.

import { addArc, points_max, type Drawing, type Line } from './drawing.ts';
import { linesOf } from './lines_of.ts';
import { Unreadable } from './mesh.ts';

type Tag = readonly [code: number, value: string];
type Entity = { name: string; tags: Tag[] };

const unit_mm: Record<number, number> = {
  1: 25.4,
  2: 304.8,
  4: 1,
  5: 10,
  6: 1000,
  8: 25.4e-6,
  9: 0.0254,
  10: 914.4,
  13: 0.001,
  14: 100,
};
const rad = Math.PI / 180;
const depth_max = 8;

function tagsOf(bytes: Uint8Array): Tag[] {
  if (new TextDecoder('latin1').decode(bytes.subarray(0, 22)).startsWith('AutoCAD Binary DXF')) {
    throw new Unreadable('it is a binary DXF');
  }
  const tags: Tag[] = [];
  let code: number | null = null;
  for (const line of linesOf(bytes)) {
    if (code === null) {
      const number = Number.parseInt(line, 10);
      if (Number.isNaN(number)) {
        if (line.trim() === '') continue;
        throw new Unreadable('it is not written as a DXF is');
      }
      code = number;
    } else {
      tags.push([code, line.trim()]);
      code = null;
    }
  }
  return tags;
}

function number(entity: Entity, code: number, otherwise = 0): number {
  const found = entity.tags.find(([one]) => one === code);
  const value = found ? Number(found[1]) : otherwise;
  return Number.isFinite(value) ? value : otherwise;
}

function word(entity: Entity, code: number): string {
  return entity.tags.find(([one]) => one === code)?.[1] ?? '';
}

interface Corner {
  x: number;
  y: number;
  bulge: number;
}

function polyline(corners: Corner[], closed: boolean): Line[] {
  const first = corners[0];
  if (!first) return [];
  const points = [first.x, first.y];
  const last = closed ? corners.length : corners.length - 1;
  for (let i = 0; i < last; ++i) {
    const a = corners[i] as Corner;
    const b = corners[(i + 1) % corners.length] as Corner;
    if (Math.abs(a.bulge) < 1e-9) {
      points.push(b.x, b.y);
      continue;
    }
    const sweep = 4 * Math.atan(a.bulge);
    const chord = Math.hypot(b.x - a.x, b.y - a.y);
    const radius = chord / 2 / Math.sin(sweep / 2);
    const up = radius * Math.cos(sweep / 2);
    const cx = (a.x + b.x) / 2 - (up * (b.y - a.y)) / (chord || 1);
    const cy = (a.y + b.y) / 2 + (up * (b.x - a.x)) / (chord || 1);
    const from = Math.atan2(a.y - cy, a.x - cx);
    addArc(points, cx, cy, Math.abs(radius), Math.abs(radius), 0, from, sweep);
  }
  return points.length > 2 ? [{ points, closed }] : [];
}

// Of a spline, its curve by de Boor's rule; weights are those of a plain one.
function spline(entity: Entity): Line[] {
  const degree = number(entity, 71, 3);
  const knots = entity.tags.filter(([code]) => code === 40).map(([, value]) => Number(value));
  const xs = entity.tags.filter(([code]) => code === 10).map(([, value]) => Number(value));
  const ys = entity.tags.filter(([code]) => code === 20).map(([, value]) => Number(value));
  if (xs.length <= degree || knots.length !== xs.length + degree + 1) {
    const points = xs.flatMap((x, i) => [x, ys[i] ?? 0]);
    return points.length > 2 ? [{ points, closed: false }] : [];
  }
  const points: number[] = [];
  for (let span = degree; span < xs.length; ++span) {
    const a = knots[span] as number;
    const b = knots[span + 1] as number;
    if (!(b > a)) continue;
    for (let step = points.length ? 1 : 0; step <= 12; ++step) {
      const t = a + ((b - a) * step) / 12;
      const x = xs.slice(span - degree, span + 1);
      const y = ys.slice(span - degree, span + 1);
      for (let r = 1; r <= degree; ++r) {
        for (let j = degree; j >= r; --j) {
          const low = knots[span - degree + j] as number;
          const high = knots[span + 1 + j - r] as number;
          const share = high > low ? (t - low) / (high - low) : 0;
          x[j] = (1 - share) * (x[j - 1] as number) + share * (x[j] as number);
          y[j] = (1 - share) * (y[j - 1] as number) + share * (y[j] as number);
        }
      }
      points.push(x[degree] as number, y[degree] as number);
    }
  }
  return points.length > 2 ? [{ points, closed: (number(entity, 70) & 1) !== 0 }] : [];
}

function linesOfEntity(entity: Entity): Line[] {
  const n = (code: number, otherwise = 0) => number(entity, code, otherwise);
  switch (entity.name) {
    case 'LINE':
      return [{ points: [n(10), n(20), n(11), n(21)], closed: false }];
    case 'CIRCLE': {
      const points: number[] = [];
      addArc(points, n(10), n(20), n(40), n(40), 0, 0, 2 * Math.PI);
      return [{ points, closed: true }];
    }
    case 'ARC': {
      const from = n(50) * rad;
      let sweep = n(51) * rad - from;
      if (sweep <= 0) sweep += 2 * Math.PI;
      const points = [n(10) + n(40) * Math.cos(from), n(20) + n(40) * Math.sin(from)];
      addArc(points, n(10), n(20), n(40), n(40), 0, from, sweep);
      return [{ points, closed: false }];
    }
    case 'ELLIPSE': {
      const long = Math.hypot(n(11), n(21));
      const turn = Math.atan2(n(21), n(11));
      const from = n(41, 0);
      let sweep = n(42, 2 * Math.PI) - from;
      if (sweep <= 0) sweep += 2 * Math.PI;
      const points: number[] = [];
      addArc(points, n(10), n(20), long, long * n(40, 1), turn, from, sweep);
      return [{ points, closed: sweep > 2 * Math.PI - 1e-6 }];
    }
    case 'LWPOLYLINE': {
      const corners: Corner[] = [];
      for (const [code, value] of entity.tags) {
        const last = corners[corners.length - 1];
        if (code === 10) corners.push({ x: Number(value), y: 0, bulge: 0 });
        else if (code === 20 && last) last.y = Number(value);
        else if (code === 42 && last) last.bulge = Number(value);
      }
      return polyline(corners, (n(70) & 1) !== 0);
    }
    case 'SPLINE':
      return spline(entity);
    default:
      return [];
  }
}

const drawn = new Set([
  'LINE',
  'CIRCLE',
  'ARC',
  'ELLIPSE',
  'LWPOLYLINE',
  'POLYLINE',
  'SPLINE',
  'INSERT',
]);
const silent = new Set([
  'VERTEX',
  'SEQEND',
  'ENDBLK',
  'BLOCK',
  'POINT',
  'VIEWPORT',
  'ATTRIB',
  'ATTDEF',
]);

export function readDxf(bytes: Uint8Array): Drawing {
  const tags = tagsOf(bytes);
  let section = '';
  let unit: number | null = null;
  const entities: Entity[] = [];
  const blocks = new Map<string, { base: [number, number]; entities: Entity[] }>();
  let block: { base: [number, number]; entities: Entity[] } | null = null;
  let entity: Entity | null = null;
  for (let i = 0; i < tags.length; ++i) {
    const [code, value] = tags[i] as Tag;
    if (code === 0) {
      if (value === 'SECTION') {
        section = tags[i + 1]?.[1] ?? '';
        entity = null;
      } else if (value === 'ENDSEC') {
        section = '';
        entity = null;
      } else if (section === 'BLOCKS' && value === 'BLOCK') {
        entity = { name: 'BLOCK', tags: [] };
        block = { base: [0, 0], entities: [] };
      } else if (section === 'ENTITIES' || section === 'BLOCKS') {
        entity = { name: value, tags: [] };
        (section === 'BLOCKS' ? block?.entities : entities)?.push(entity);
      }
    } else if (section === 'HEADER' && code === 9 && value === '$INSUNITS') {
      unit = unit_mm[Number(tags[i + 1]?.[1])] ?? null;
    } else if (entity) {
      entity.tags.push([code, value]);
      if (entity.name === 'BLOCK' && block) {
        if (code === 2) blocks.set(value, block);
        if (code === 10) block.base[0] = Number(value);
        if (code === 20) block.base[1] = Number(value);
      }
    }
  }

  const lines: Line[] = [];
  const leftOut = new Set<string>();
  let points = 0;
  const by = unit ?? 1;
  type Move = (x: number, y: number) => [number, number];
  const add = (list: Entity[], move: Move, depth: number) => {
    for (let i = 0; i < list.length; ++i) {
      const one = list[i] as Entity;
      if (!drawn.has(one.name)) {
        if (!silent.has(one.name)) leftOut.add(one.name);
        continue;
      }
      if (one.name === 'INSERT') {
        const known = blocks.get(word(one, 2));
        if (!known || depth >= depth_max) continue;
        const [sx, sy] = [number(one, 41, 1), number(one, 42, 1)];
        const turn = number(one, 50) * rad;
        const [px, py] = [number(one, 10), number(one, 20)];
        const placed: Move = (x, y) => {
          const u = (x - known.base[0]) * sx;
          const v = (y - known.base[1]) * sy;
          return move(
            px + u * Math.cos(turn) - v * Math.sin(turn),
            py + u * Math.sin(turn) + v * Math.cos(turn),
          );
        };
        add(known.entities, placed, depth + 1);
        continue;
      }
      let found: Line[];
      if (one.name === 'POLYLINE') {
        const corners: Corner[] = [];
        for (let k = i + 1; list[k]?.name === 'VERTEX'; ++k) {
          const corner = list[k] as Entity;
          corners.push({
            x: number(corner, 10),
            y: number(corner, 20),
            bulge: number(corner, 42),
          });
        }
        found = polyline(corners, (number(one, 70) & 1) !== 0);
      } else {
        found = linesOfEntity(one);
      }
      // Drawn seen from below when its normal points down.
      const mirrored = number(one, 230, 1) < 0;
      for (const line of found) {
        const moved: number[] = [];
        for (let k = 0; k + 1 < line.points.length; k += 2) {
          const [x, y] = move(
            (line.points[k] as number) * (mirrored ? -1 : 1),
            line.points[k + 1] as number,
          );
          moved.push(x * by, y * by);
        }
        points += moved.length / 2;
        if (points > points_max) throw new Unreadable('it has too many points');
        lines.push({ points: moved, closed: line.closed });
      }
    }
  };
  add(entities, (x, y) => [x, y], 0);
  if (lines.length === 0) throw new Unreadable('it holds no line');
  return { lines, stated: unit !== null, left_out: [...leftOut] };
}
