// SPDX-License-Identifier: GPL-3.0-or-later
// The outlines of an SVG. It is read as text and drawn by us: nothing in the file is ever run, and
// nothing that it names is fetched.

import { addArc, points_max, type Drawing, type Line } from './drawing.ts';
import { Unreadable } from './mesh.ts';
import { linesOfPath } from './svg_path.ts';

type Affine = readonly [number, number, number, number, number, number];

const same: Affine = [1, 0, 0, 1, 0, 0];
const units: Record<string, number> = {
  mm: 1,
  cm: 10,
  in: 25.4,
  pt: 25.4 / 72,
  pc: 25.4 / 6,
  px: 25.4 / 96,
  Q: 0.25,
};
const unseen = new Set([
  'defs',
  'clipPath',
  'mask',
  'marker',
  'pattern',
  'symbol',
  'style',
  'metadata',
]);

function attributesOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', a, b] of text.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    found.set(name, a ?? b ?? '');
  }
  return found;
}

function lengthMm(text: string | undefined): number | null {
  const read = /^\s*([\d.eE+-]+)\s*(mm|cm|in|pt|pc|px|Q)?\s*$/.exec(text ?? '');
  if (!read?.[2] || read[2] === 'px') return null;
  return Number(read[1]) * (units[read[2]] ?? 1);
}

function after(a: Affine, b: Affine): Affine {
  return [
    a[0] * b[0] + a[2] * b[1],
    a[1] * b[0] + a[3] * b[1],
    a[0] * b[2] + a[2] * b[3],
    a[1] * b[2] + a[3] * b[3],
    a[0] * b[4] + a[2] * b[5] + a[4],
    a[1] * b[4] + a[3] * b[5] + a[5],
  ];
}

function transformOf(text: string | undefined): Affine {
  let all = same;
  for (const [, name, inside = ''] of (text ?? '').matchAll(/(\w+)\s*\(([^)]*)\)/g)) {
    const n = inside
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    const at = (k: number, otherwise: number) => n[k] ?? otherwise;
    const rad = Math.PI / 180;
    let one: Affine = same;
    if (name === 'matrix' && n.length === 6) one = n as unknown as Affine;
    else if (name === 'translate') one = [1, 0, 0, 1, at(0, 0), at(1, 0)];
    else if (name === 'scale') one = [at(0, 1), 0, 0, at(1, at(0, 1)), 0, 0];
    else if (name === 'skewX') one = [1, 0, Math.tan(at(0, 0) * rad), 1, 0, 0];
    else if (name === 'skewY') one = [1, Math.tan(at(0, 0) * rad), 0, 1, 0, 0];
    else if (name === 'rotate') {
      const [c, s] = [Math.cos(at(0, 0) * rad), Math.sin(at(0, 0) * rad)];
      const [x, y] = [at(1, 0), at(2, 0)];
      one = [c, s, -s, c, x - c * x + s * y, y - s * x - c * y];
    }
    all = after(all, one);
  }
  return all;
}

function shapeOf(name: string, at: Map<string, string>): Line[] {
  const n = (key: string) => Number.parseFloat(at.get(key) ?? '0') || 0;
  if (name === 'path') return linesOfPath(at.get('d') ?? '');
  if (name === 'line') return [{ points: [n('x1'), n('y1'), n('x2'), n('y2')], closed: false }];
  if (name === 'polyline' || name === 'polygon') {
    const points = (at.get('points') ?? '')
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    return points.length > 3 ? [{ points, closed: name === 'polygon' }] : [];
  }
  if (name === 'circle' || name === 'ellipse') {
    const rx = name === 'circle' ? n('r') : n('rx');
    const ry = name === 'circle' ? n('r') : n('ry');
    const points: number[] = [];
    if (rx > 0 && ry > 0) addArc(points, n('cx'), n('cy'), rx, ry, 0, 0, 2 * Math.PI);
    return points.length ? [{ points, closed: true }] : [];
  }
  if (name === 'rect') {
    const [x, y, w, h] = [n('x'), n('y'), n('width'), n('height')];
    if (!(w > 0 && h > 0)) return [];
    const rx = Math.min(w / 2, at.has('rx') ? n('rx') : n('ry'));
    const ry = Math.min(h / 2, at.has('ry') ? n('ry') : n('rx'));
    if (rx <= 0 || ry <= 0)
      return [{ points: [x, y, x + w, y, x + w, y + h, x, y + h], closed: true }];
    const d = `M${x + rx} ${y}H${x + w - rx}A${rx} ${ry} 0 0 1 ${x + w} ${y + ry}V${y + h - ry}A${rx} ${ry} 0 0 1 ${x + w - rx} ${y + h}H${x + rx}A${rx} ${ry} 0 0 1 ${x} ${y + h - ry}V${y + ry}A${rx} ${ry} 0 0 1 ${x + rx} ${y}Z`;
    return linesOfPath(d);
  }
  return [];
}

// From the page's units to millimetres, y turned up.
function pageOf(at: Map<string, string>): { to: Affine; stated: boolean } {
  const box = (at.get('viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [x = 0, y = 0, w = 0, h = 0] = box;
  const wide = lengthMm(at.get('width'));
  const high = lengthMm(at.get('height'));
  if (box.length === 4 && w > 0 && h > 0) {
    const by = Math.min((wide ?? Infinity) / w, (high ?? Infinity) / h);
    if (Number.isFinite(by)) {
      const page = high ?? h * by;
      return { to: [by, 0, 0, -by, -x * by, page + y * by], stated: true };
    }
    const px = units.px as number;
    return { to: [px, 0, 0, -px, -x * px, (h + y) * px], stated: false };
  }
  const px = units.px as number;
  const page = high ?? Number.parseFloat(at.get('height') ?? '0') * px;
  return { to: [px, 0, 0, -px, 0, page || 0], stated: wide !== null };
}

export function readSvg(bytes: Uint8Array): Drawing {
  const text = new TextDecoder('utf-8')
    .decode(bytes)
    .replace(
      /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<!DOCTYPE[^>[]*(\[[\s\S]*?\])?[^>]*>/g,
      '',
    );
  const lines: Line[] = [];
  const leftOut = new Set<string>();
  const open: { name: string; by: Affine; seen: boolean }[] = [];
  let stated = false;
  let began = false;
  let points = 0;
  const tags = /<(\/?)(?:[\w.-]+:)?([\w.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;
  for (const [, close, name = '', inside = '', empty] of text.matchAll(tags)) {
    if (close) {
      if (open[open.length - 1]?.name === name) open.pop();
      continue;
    }
    const at = attributesOf(inside);
    const round = open[open.length - 1] ?? { by: same, seen: true };
    let by = after(round.by, transformOf(at.get('transform')));
    if (name === 'svg' && !began) {
      const page = pageOf(at);
      by = page.to;
      stated = page.stated;
      began = true;
    }
    const hidden = at.get('display') === 'none' || /display\s*:\s*none/.test(at.get('style') ?? '');
    const seen = round.seen && !unseen.has(name) && !hidden;
    if (seen && began) {
      for (const { points: own, closed } of shapeOf(name, at)) {
        const placed: number[] = [];
        for (let i = 0; i + 1 < own.length; i += 2) {
          const [x, y] = [own[i] as number, own[i + 1] as number];
          placed.push(by[0] * x + by[2] * y + by[4], by[1] * x + by[3] * y + by[5]);
        }
        points += placed.length / 2;
        if (points > points_max) throw new Unreadable('it has too many points');
        lines.push({ points: placed, closed });
      }
      if (['text', 'image', 'use', 'foreignObject'].includes(name)) leftOut.add(name);
    }
    if (!empty) open.push({ name, by, seen });
  }
  if (!began) throw new Unreadable('it holds no svg');
  if (lines.length === 0) throw new Unreadable('it holds no outline');
  return { lines, stated, left_out: [...leftOut] };
}
