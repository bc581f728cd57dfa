// SPDX-License-Identifier: GPL-3.0-or-later
// The map on a canvas: land, places, arcs. Thousands of fabs and jobs are one picture, not thousands
// of elements.

import { geoGraticule, geoPath, type GeoProjection } from 'd3-geo';

import type { Place } from '../api/types.ts';
import { drawingOf, type Mood } from '../parts/shape.tsx';
import { isWorld, projectionOf, scaleBar, type Size, type View } from './view.ts';
import type { World } from './world.ts';
import { kilometres } from '../figures/format.ts';

export interface MapPoint {
  id: string;
  at: Place;
  mood: Mood;
  label: string;
}

export interface MapArc {
  from: Place;
  to: Place;
  mood: Mood;
}

export interface Scene {
  world: World | null;
  points: readonly MapPoint[];
  arcs: readonly MapArc[];
  use: Place | null; // A place of use that is being chosen.
  chosen: string | null;
}

export interface Spot {
  id: string;
  x: number;
  y: number;
}

const shapes = new Map<Mood, Path2D>();

function shapeOf(mood: Mood): Path2D {
  let path = shapes.get(mood);
  if (!path) {
    path = new Path2D(drawingOf(mood));
    shapes.set(mood, path);
  }
  return path;
}

// Colours are those of the style sheet, so that light, dark and high contrast hold here too.
function palette(canvas: HTMLCanvasElement): (name: string) => string {
  const style = getComputedStyle(canvas);
  const known = new Map<string, string>();
  return (name) => {
    let colour = known.get(name);
    if (colour === undefined) {
      colour = style.getPropertyValue(`--${name}`).trim() || '#888';
      known.set(name, colour);
    }
    return colour;
  };
}

export function drawMap(canvas: HTMLCanvasElement, size: Size, view: View, scene: Scene): Spot[] {
  const ratio = Math.min(2, devicePixelRatio || 1);
  const wide = Math.round(size.width * ratio);
  const high = Math.round(size.height * ratio);
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const pen = canvas.getContext('2d');
  if (!pen) return [];
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  const colour = palette(canvas);
  const projection = projectionOf(view, size);
  pen.fillStyle = colour('sea');
  pen.fillRect(0, 0, size.width, size.height);
  drawGround(pen, projection, view, size, scene.world, colour);
  drawArcs(pen, projection, size, scene.arcs, colour);
  const spots = drawPoints(pen, projection, size, scene, colour);
  if (scene.use) drawUse(pen, projection, scene.use, colour);
  drawScale(pen, size, view, colour);
  return spots;
}

type Colour = (name: string) => string;

function drawGround(
  pen: CanvasRenderingContext2D,
  projection: GeoProjection,
  view: View,
  size: Size,
  world: World | null,
  colour: Colour,
): void {
  const path = geoPath(projection, pen);
  if (world) {
    pen.beginPath();
    path(world.land);
    pen.fillStyle = colour('land');
    pen.fill();
    pen.lineWidth = 1;
    pen.strokeStyle = colour('coast');
    pen.stroke();
    pen.beginPath();
    path(world.borders);
    pen.strokeStyle = colour('border');
    pen.lineWidth = 0.8;
    pen.stroke();
  }
  const degrees = (view.km_per_px * size.width) / 111 / 4;
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 30].find((n) => n >= degrees) ?? 30;
  pen.beginPath();
  if (isWorld(view, size)) {
    path(geoGraticule().step([30, 30])());
  } else {
    const { latitude_deg: lat, longitude_deg: lon } = view.at;
    const high = Math.min(40, step * 6);
    const broad = Math.min(170, high / Math.max(0.15, Math.cos((lat * Math.PI) / 180)));
    const low = Math.max(-89, Math.floor((lat - high) / step) * step);
    const top = Math.min(89, Math.ceil((lat + high) / step) * step);
    const west = Math.floor((lon - broad) / step) * step;
    const east = Math.ceil((lon + broad) / step) * step;
    path(
      geoGraticule()
        .extent([
          [west, low],
          [east + 1e-6, top + 1e-6],
        ])
        .step([step, step])
        .precision(step / 2)(),
    );
  }
  pen.strokeStyle = colour('graticule');
  pen.lineWidth = 0.6;
  pen.stroke();
}

function drawArcs(
  pen: CanvasRenderingContext2D,
  projection: GeoProjection,
  size: Size,
  arcs: readonly MapArc[],
  colour: Colour,
): void {
  const byMood = new Map<Mood, MapArc[]>();
  for (const arc of arcs) {
    const list = byMood.get(arc.mood);
    if (list) list.push(arc);
    else byMood.set(arc.mood, [arc]);
  }
  pen.lineCap = 'round';
  for (const [mood, list] of byMood) {
    pen.beginPath();
    const ends: [number, number][] = [];
    for (const arc of list) {
      const a = projection([arc.from.longitude_deg, arc.from.latitude_deg]);
      const b = projection([arc.to.longitude_deg, arc.to.latitude_deg]);
      if (!a || !b || !Number.isFinite(a[0] + a[1] + b[0] + b[1])) continue;
      const dx = b[0] - a[0];
      const dy = b[1] - a[1];
      const length = Math.hypot(dx, dy);
      if (length < 2 || length > 4 * Math.max(size.width, size.height)) continue;
      // Bowed to the left of the way from making to use.
      const bow = Math.min(0.18 * length, 60);
      pen.moveTo(a[0], a[1]);
      pen.quadraticCurveTo(
        (a[0] + b[0]) / 2 + (dy / length) * bow,
        (a[1] + b[1]) / 2 - (dx / length) * bow,
        b[0],
        b[1],
      );
      ends.push([b[0], b[1]]);
    }
    const many = list.length > 400;
    pen.strokeStyle = colour(`mood-${mood}`);
    pen.globalAlpha = many ? 0.25 : 0.75;
    pen.lineWidth = many ? 0.8 : 1.6;
    pen.stroke();
    pen.globalAlpha = 1;
    pen.fillStyle = colour(`mood-${mood}`);
    const dot = many ? 1.5 : 2.6;
    for (const [x, y] of ends) pen.fillRect(x - dot, y - dot, 2 * dot, 2 * dot);
  }
}

function drawPoints(
  pen: CanvasRenderingContext2D,
  projection: GeoProjection,
  size: Size,
  scene: Scene,
  colour: Colour,
): Spot[] {
  const spots: (Spot & { point: MapPoint })[] = [];
  for (const point of scene.points) {
    const at = projection([point.at.longitude_deg, point.at.latitude_deg]);
    if (!at || !Number.isFinite(at[0] + at[1])) continue;
    const [x, y] = at;
    if (x < -20 || y < -20 || x > size.width + 20 || y > size.height + 20) continue;
    spots.push({ id: point.id, x, y, point });
  }
  const many = spots.length > 150;
  const scale = many ? 0.62 : 1.05;
  for (const { id, x, y, point } of spots) {
    pen.save();
    pen.translate(x - 8 * scale, y - 8 * scale);
    pen.scale(scale, scale);
    const shape = shapeOf(point.mood);
    pen.lineWidth = 3.4 / scale;
    pen.lineJoin = 'round';
    pen.strokeStyle = colour('sheet');
    pen.stroke(shape);
    pen.fillStyle = colour(`mood-${point.mood}`);
    pen.fill(shape, 'evenodd');
    pen.restore();
    if (id === scene.chosen) {
      pen.beginPath();
      pen.arc(x, y, 14, 0, 2 * Math.PI);
      pen.lineWidth = 2;
      pen.strokeStyle = colour('ink');
      pen.stroke();
    }
  }
  if (spots.length <= 40) drawLabels(pen, size, spots, colour);
  return spots;
}

function drawLabels(
  pen: CanvasRenderingContext2D,
  size: Size,
  spots: readonly (Spot & { point: MapPoint })[],
  colour: Colour,
): void {
  pen.font = '600 12px system-ui, sans-serif';
  pen.textBaseline = 'middle';
  const taken: [number, number, number, number][] = spots.map(({ x, y }) => [
    x - 8,
    y - 8,
    x + 8,
    y + 8,
  ]);
  // Below the map's keys, which lie over its corner.
  taken.push([size.width - 62, size.height - 140, size.width, size.height]);
  for (const { x, y, point } of spots) {
    const text = point.label.length > 28 ? `${point.label.slice(0, 27)}…` : point.label;
    const width = pen.measureText(text).width;
    const boxes: [number, number, number, number][] = [
      [x + 13, y - 8, x + 13 + width, y + 8],
      [x - 13 - width, y - 8, x - 13, y + 8],
      [x - width / 2, y + 12, x + width / 2, y + 27],
      [x - width / 2, y - 27, x + width / 2, y - 12],
    ];
    const box = boxes.find(
      ([l, t, r, b]) =>
        l > 2 &&
        r < size.width - 2 &&
        !taken.some(([tl, tt, tr, tb]) => l < tr && r > tl && t < tb && b > tt),
    );
    if (!box) continue;
    taken.push(box);
    pen.lineWidth = 3.5;
    pen.lineJoin = 'round';
    pen.strokeStyle = colour('halo');
    pen.strokeText(text, box[0], (box[1] + box[3]) / 2);
    pen.fillStyle = colour('ink');
    pen.fillText(text, box[0], (box[1] + box[3]) / 2);
  }
}

function drawUse(
  pen: CanvasRenderingContext2D,
  projection: GeoProjection,
  use: Place,
  colour: Colour,
): void {
  const at = projection([use.longitude_deg, use.latitude_deg]);
  if (!at || !Number.isFinite(at[0] + at[1])) return;
  const [x, y] = at;
  pen.beginPath();
  pen.moveTo(x, y);
  pen.bezierCurveTo(x - 3, y - 9, x - 10, y - 12, x - 10, y - 20);
  pen.arc(x, y - 20, 10, Math.PI, 0);
  pen.bezierCurveTo(x + 10, y - 12, x + 3, y - 9, x, y);
  pen.fillStyle = colour('accent');
  pen.strokeStyle = colour('sheet');
  pen.lineWidth = 2;
  pen.fill();
  pen.stroke();
  pen.beginPath();
  pen.arc(x, y - 20, 3.6, 0, 2 * Math.PI);
  pen.fillStyle = colour('sheet');
  pen.fill();
}

function drawScale(pen: CanvasRenderingContext2D, size: Size, view: View, colour: Colour): void {
  const bar = scaleBar(view, 110);
  const x = 14;
  const y = size.height - 14;
  pen.beginPath();
  pen.moveTo(x, y - 5);
  pen.lineTo(x, y);
  pen.lineTo(x + bar.px, y);
  pen.lineTo(x + bar.px, y - 5);
  pen.strokeStyle = colour('ink-2');
  pen.lineWidth = 1.5;
  pen.stroke();
  pen.font = '11px system-ui, sans-serif';
  pen.textBaseline = 'bottom';
  pen.fillStyle = colour('ink-2');
  pen.fillText(kilometres(bar.km), x + 5, y - 3);
}
