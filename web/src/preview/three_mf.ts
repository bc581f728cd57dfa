// SPDX-License-Identifier: GPL-3.0-or-later
// 3MF: a zip with models in XML; objects, their components and what is put on the plate. Coordinates
// come out in millimetres of the build, as the router's places are.

import { unzipSync } from 'fflate';

import { MeshBuilder, Unreadable, type Mesh } from './mesh.ts';

const bytes_max = 512 * 1024 * 1024; // Unpacked: a small zip may hold a very large file.
const depth_max = 12;
const placed_max = 20_000;

type Matrix = readonly number[]; // 12 numbers, row by row, as 3MF writes them.

interface Shape {
  corners: Float64Array;
  faces: Uint32Array;
  components: { path: string; id: string; by: Matrix }[];
}

const same: Matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0];

const unit_mm: Record<string, number> = {
  micron: 0.001,
  millimeter: 1,
  centimeter: 10,
  inch: 25.4,
  foot: 304.8,
  meter: 1000,
};

function attribute(tag: string, name: string): string | null {
  const found = new RegExp(`[\\s:]${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag);
  return found ? (found[1] ?? found[2] ?? '') : null;
}

function matrixOf(text: string | null): Matrix {
  if (text === null) return same;
  const numbers = text.trim().split(/\s+/).map(Number);
  return numbers.length === 12 && numbers.every(Number.isFinite) ? numbers : same;
}

// First `a`, then `b`.
function times(a: Matrix, b: Matrix): Matrix {
  const out: number[] = [];
  for (let row = 0; row < 4; ++row) {
    for (let column = 0; column < 3; ++column) {
      let sum = row === 3 ? (b[9 + column] as number) : 0;
      for (let k = 0; k < 3; ++k) sum += (a[3 * row + k] as number) * (b[3 * k + column] as number);
      out.push(sum);
    }
  }
  return out;
}

interface Model {
  unit: number;
  shapes: Map<string, Shape>;
  items: { path: string; id: string; by: Matrix }[];
}

function readModel(path: string, xml: string): Model {
  const model: Model = { unit: 1, shapes: new Map(), items: [] };
  let shape: {
    id: string;
    corners: number[];
    faces: number[];
    components: Shape['components'];
  } | null = null;
  const tags = /<(\/?)(?:[\w.-]+:)?(model|object|vertex|triangle|component|item)\b([^>]*)>/g;
  for (let found = tags.exec(xml); found; found = tags.exec(xml)) {
    const [, slash, name, inside = ''] = found;
    const n = (key: string) => Number(attribute(inside, key));
    if (slash) {
      if (name === 'object' && shape) {
        model.shapes.set(shape.id, {
          corners: Float64Array.from(shape.corners),
          faces: Uint32Array.from(shape.faces),
          components: shape.components,
        });
        shape = null;
      }
    } else if (name === 'model') {
      model.unit = unit_mm[attribute(inside, 'unit') ?? 'millimeter'] ?? 1;
    } else if (name === 'object') {
      shape = { id: attribute(inside, 'id') ?? '', corners: [], faces: [], components: [] };
    } else if (name === 'vertex') {
      shape?.corners.push(n('x'), n('y'), n('z'));
    } else if (name === 'triangle') {
      shape?.faces.push(n('v1'), n('v2'), n('v3'));
    } else {
      const link = {
        path: (attribute(inside, 'path') ?? path).replace(/^\//, ''),
        id: attribute(inside, 'objectid') ?? '',
        by: matrixOf(attribute(inside, 'transform')),
      };
      if (name === 'component') shape?.components.push(link);
      else model.items.push(link);
    }
  }
  return model;
}

export function readThreeMf(bytes: Uint8Array): Mesh {
  let unpacked = 0;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter: (file) => {
        if (!/\.(model|rels)$/i.test(file.name)) return false;
        unpacked += file.originalSize;
        if (unpacked > bytes_max) throw new Unreadable('it is too large when unpacked');
        return true;
      },
    });
  } catch (thrown) {
    if (thrown instanceof Unreadable) throw thrown;
    throw new Unreadable('it is not a zip file, or a broken one');
  }
  const text = new TextDecoder('utf-8');
  const models = new Map<string, Model>();
  for (const [name, content] of Object.entries(files)) {
    if (/\.model$/i.test(name)) models.set(name, readModel(name, text.decode(content)));
  }
  const rels = files['_rels/.rels'];
  const target = rels
    ? /Target\s*=\s*["']\/?([^"']+\.model)["']/i.exec(text.decode(rels))?.[1]
    : undefined;
  const root = models.get(target ?? '3D/3dmodel.model') ?? models.values().next().value;
  if (!root) throw new Unreadable('it holds no model');

  const mesh = new MeshBuilder();
  let placed = 0;
  const place = (path: string, id: string, by: Matrix, depth: number) => {
    if (depth > depth_max || ++placed > placed_max) throw new Unreadable('its objects go too deep');
    const shape = models.get(path)?.shapes.get(id);
    if (!shape) throw new Unreadable('it names an object that is not there');
    const { corners, faces } = shape;
    const at = (corner: number, axis: number) => {
      const x = corners[3 * corner];
      if (x === undefined) throw new Unreadable('a triangle names a corner that is not there');
      const y = corners[3 * corner + 1] as number;
      const z = corners[3 * corner + 2] as number;
      return (
        (x * (by[axis] as number) +
          y * (by[3 + axis] as number) +
          z * (by[6 + axis] as number) +
          (by[9 + axis] as number)) *
        (root as Model).unit
      );
    };
    for (let i = 0; i + 2 < faces.length; i += 3) {
      const [a, b, c] = [faces[i] as number, faces[i + 1] as number, faces[i + 2] as number];
      mesh.add(
        at(a, 0),
        at(a, 1),
        at(a, 2),
        at(b, 0),
        at(b, 1),
        at(b, 2),
        at(c, 0),
        at(c, 1),
        at(c, 2),
      );
    }
    for (const one of shape.components) place(one.path, one.id, times(one.by, by), depth + 1);
  };
  for (const item of root.items) place(item.path, item.id, item.by, 0);
  return mesh.done();
}
