// SPDX-License-Identifier: GPL-3.0-or-later

import { zipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { flatBounds } from '../../src/preview/drawing.ts';
import { readDxf } from '../../src/preview/dxf.ts';
import { kindOf } from '../../src/preview/kinds.ts';
import { boundsOf, Unreadable } from '../../src/preview/mesh.ts';
import { readMesh } from '../../src/preview/read_mesh.ts';
import { readSvg } from '../../src/preview/svg.ts';
import { linesOfPath } from '../../src/preview/svg_path.ts';

const designs = '../examples/designs';
const bytes = (text: string) => new TextEncoder().encode(text);

function binaryStl(triangles: number[][], said = triangles.length): Uint8Array {
  const out = new Uint8Array(84 + 50 * triangles.length);
  const view = new DataView(out.buffer);
  out.set(bytes('solid made by somebody who writes so in binary files too'));
  view.setUint32(80, said, true);
  triangles.forEach((corners, i) =>
    corners.forEach((x, k) => view.setFloat32(84 + 50 * i + 12 + 4 * k, x, true)),
  );
  return out;
}

const one = [0, 0, 0, 10, 0, 0, 0, 20, 5];

describe('solids', () => {
  test('binary STL is binary although it begins with solid', () => {
    const mesh = readMesh('stl', binaryStl([one, one]));
    expect(mesh.triangles).toBe(2);
    expect(boundsOf(mesh.positions)).toEqual({ min: [0, 0, 0], max: [10, 20, 5] });
  });

  test('text STL, with exponents and any blanks', () => {
    const text = `solid x\n facet normal 0 0 1\nouter loop\nvertex 0 0 0\n vertex\t1e1 0 0\nvertex 0 +2.0E1 5.\nendloop endfacet\nendsolid`;
    expect([...readMesh('stl', bytes(text)).positions]).toEqual(one);
  });

  test('the example has the size that the router finds', () => {
    const mesh = readMesh('stl', readFileSync(`${designs}/tool_rack/tool_rack.stl`));
    expect(mesh.triangles).toBe(2276);
    expect(boundsOf(mesh.positions)).toEqual({ min: [0, 0, 0], max: [262, 32, 24] });
  });

  test('OBJ: fans, negative numbers, texture numbers', () => {
    const text = 'v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nf 1/1 2/2 3/3 4/4\nf -4 -3 -2\n';
    expect(readMesh('obj', bytes(text)).triangles).toBe(3);
    expect(() => readMesh('obj', bytes('v 0 0 0\nf 1 2 3\n'))).toThrow(Unreadable);
  });

  test('OFF: comments, counts on the first line, faces of four', () => {
    const text = 'OFF 4 1 0 # counts\n0 0 0\n1 0 0\n1 1 0\n0 1 0\n4 0 1 2 3\n';
    expect(readMesh('off', bytes(text)).triangles).toBe(2);
  });

  test('3MF: inches, components, transforms', () => {
    const model = `<?xml version="1.0"?><model unit="inch" xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02">
      <resources><object id="1"><mesh><vertices><vertex x="0" y="0" z="0"/><vertex x="1" y="0" z="0"/><vertex x="0" y="1" z="0"/></vertices>
      <triangles><triangle v1="0" v2="1" v3="2"/></triangles></mesh></object>
      <object id="2"><components><component objectid="1" transform="1 0 0 0 1 0 0 0 1 2 0 0"/></components></object></resources>
      <build><item objectid="2" transform="1 0 0 0 1 0 0 0 1 0 3 0"/></build></model>`;
    const zip = zipSync({ '3D/3dmodel.model': bytes(model) });
    const { min, max } = boundsOf(readMesh('3mf', zip).positions);
    expect(min[0]).toBeCloseTo(50.8, 3);
    expect(max[0]).toBeCloseTo(76.2, 3);
    expect(min[1]).toBeCloseTo(76.2, 3);
  });

  test('what is broken is said, never drawn and never endless', () => {
    const broken: [Parameters<typeof readMesh>[0], Uint8Array][] = [
      ['stl', binaryStl([one], 4_000_000)],
      ['stl', binaryStl([[...one.slice(0, 8), Number.NaN]])],
      ['stl', bytes('solid nothing\nendsolid')],
      ['obj', bytes('hello')],
      ['off', bytes('PLY\n1 1 1')],
      ['3mf', bytes('PK\x03\x04 no zip')],
      [
        '3mf',
        zipSync({
          '3D/3dmodel.model': bytes('<model><build><item objectid="9"/></build></model>'),
        }),
      ],
      [
        '3mf',
        zipSync({
          '3D/3dmodel.model': bytes(
            '<model><resources><object id="1"><components><component objectid="1"/><component objectid="1"/></components></object></resources><build><item objectid="1"/></build></model>',
          ),
        }),
      ],
    ];
    for (const [kind, content] of broken) {
      expect(() => readMesh(kind, content)).toThrow(Unreadable);
    }
  });
});

describe('drawings', () => {
  test('the examples have the size that the router finds', () => {
    const box = readSvg(readFileSync(`${designs}/finger_box/finger_box.svg`));
    expect(box.stated).toBe(true);
    expect(flatBounds(box)).toEqual({ min: [5, 10], max: [250, 220] });
    const plate = flatBounds(readDxf(readFileSync(`${designs}/sensor_plate/sensor_plate.dxf`)));
    expect(plate?.min[0]).toBeCloseTo(0, 9);
    expect(plate?.max).toEqual([140, 90]);
  });

  test('path commands: relative, smooth, arcs with flags written together', () => {
    const [line] = linesOfPath('m1 1h2v2l-2 0z');
    expect(line).toEqual({ points: [1, 1, 3, 1, 3, 3, 1, 3], closed: true });
    const [arc] = linesOfPath('M0 0a5 5 0 01 10 0');
    const ys = arc?.points.filter((_, i) => i % 2 === 1) ?? [];
    expect(Math.min(...ys)).toBeCloseTo(-5, 1);
    expect(arc?.points.slice(-2)).toEqual([10, 0]);
    const [curve] = linesOfPath('M0 0 C0 10 10 10 10 0 S20 -10 20 0');
    expect(curve?.points.slice(-2)).toEqual([20, 0]);
    expect(linesOfPath('M0 0 L10 10 X 3')).toHaveLength(1);
  });

  test('SVG: transforms nest, defs and hidden things are not drawn, text is named', () => {
    const svg = `<svg width="100mm" height="50mm" viewBox="0 0 100 50"><defs><rect width="9" height="9"/></defs>
      <g transform="translate(10,5)"><g transform="scale(2)"><rect width="5" height="5"/></g></g>
      <rect style="display: none" width="99" height="49"/><text>hi</text><!-- <rect width="90" height="9"/> --></svg>`;
    const drawing = readSvg(bytes(svg));
    expect(drawing.lines).toHaveLength(1);
    expect(flatBounds(drawing)).toEqual({ min: [10, 35], max: [20, 45] });
    expect(drawing.left_out).toEqual(['text']);
  });

  test('DXF: inches, bulges, blocks put in place', () => {
    const dxf = `0\nSECTION\n2\nHEADER\n9\n$INSUNITS\n70\n1\n0\nENDSEC\n0\nSECTION\n2\nBLOCKS\n0\nBLOCK\n2\nb\n10\n0\n20\n0\n0\nLINE\n10\n0\n20\n0\n11\n1\n21\n0\n0\nENDBLK\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n0\nINSERT\n2\nb\n10\n2\n20\n0\n50\n90\n0\nLWPOLYLINE\n70\n1\n10\n0\n20\n0\n42\n1\n10\n2\n20\n0\n42\n1\n0\nTEXT\n1\nhi\n0\nENDSEC\n0\nEOF\n`;
    const drawing = readDxf(bytes(dxf));
    expect(drawing.left_out).toEqual(['TEXT']);
    const bounds = flatBounds(drawing);
    // A circle of radius one inch round (1, 0), and a line from (2, 0) to (2, 1), in millimetres.
    expect(bounds?.min[1]).toBeCloseTo(-25.4, 3);
    expect(bounds?.max[0]).toBeCloseTo(50.8, 3);
  });

  test('what is no drawing is said', () => {
    expect(() => readSvg(bytes('<html></html>'))).toThrow(Unreadable);
    expect(() => readDxf(bytes('hello\nworld\n'))).toThrow(Unreadable);
    expect(() => readDxf(bytes('AutoCAD Binary DXF\r\n\x1a\0'))).toThrow(/binary/);
  });
});

describe('kinds of files', () => {
  test('the bytes decide, then the name', () => {
    expect(kindOf('part.stl', bytes('PK\x03\x04'))).toBe('3mf');
    expect(kindOf('part.stl', bytes('ISO-10303-21;'))).toBe('step');
    expect(kindOf('a.txt', bytes('<?xml version="1.0"?><svg xmlns="x">'))).toBe('svg');
    expect(kindOf('a', bytes('  0\nSECTION\n  2\nHEADER'))).toBe('dxf');
    expect(kindOf('part.obj', bytes('v 0 0 0'))).toBe('obj');
    expect(kindOf('holiday.jpg', bytes('\xff\xd8'))).toBe('unknown');
  });
});
