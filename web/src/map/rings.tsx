// SPDX-License-Identifier: GPL-3.0-or-later
// How near: the place of use in the middle, everything else at its true distance and direction
// (azimuthal equidistant), with rings of round distances.

import { geoAzimuthalEquidistant, geoPath } from 'd3-geo';
import { useMemo } from 'preact/hooks';

import type { Place } from '../api/types.ts';
import { kilometres, place as placeWords } from '../figures/format.ts';
import { distanceKm, ringsFor } from '../figures/places.ts';
import { drawingOf, type Mood } from '../parts/shape.tsx';
import { texts } from '../texts.ts';
import { world } from './world.ts';

export interface RingPoint {
  id: string;
  label: string;
  at: Place;
  // As the router measured it, if it did: the places that it tells of fabs are rounded.
  km: number | null;
  mood: Mood;
  chosen: boolean;
}

const side = 360;
const half = side / 2;
const earth_km = 6371.0088;

interface Placed {
  point: RingPoint;
  x: number;
  y: number;
  km: number;
}

interface Label extends Placed {
  left: number;
  top: number;
  anchor: 'start' | 'middle' | 'end';
}

// Labels where there is room, the chosen ones first; the rest is told by the table beside.
function labelsOf(placed: readonly Placed[]): Label[] {
  const taken: [number, number, number, number][] = [[half - 9, half - 9, half + 9, half + 9]];
  for (const { x, y } of placed) taken.push([x - 7, y - 7, x + 7, y + 7]);
  const labels: Label[] = [];
  const order = [...placed].sort(
    (a, b) => Number(b.point.chosen) - Number(a.point.chosen) || a.km - b.km,
  );
  for (const one of order) {
    const wide = (shorter(one.point.label).length + 9) * (one.point.chosen ? 6.3 : 5.6);
    const tries: [number, number, Label['anchor']][] = [
      [one.x + 11, one.y + 4, 'start'],
      [one.x - 11, one.y + 4, 'end'],
      [one.x, one.y + 20, 'middle'],
      [one.x, one.y - 11, 'middle'],
    ];
    for (const [left, baseline, anchor] of tries) {
      const from = anchor === 'start' ? left : anchor === 'end' ? left - wide : left - wide / 2;
      const box: [number, number, number, number] = [
        from,
        baseline - 11,
        from + wide,
        baseline + 3,
      ];
      const free =
        box[0] >= 0 &&
        box[2] <= side &&
        !taken.some(([l, t, r, b]) => box[0] < r && box[2] > l && box[1] < b && box[3] > t);
      if (!free) continue;
      taken.push(box);
      labels.push({ ...one, left, top: baseline, anchor });
      break;
    }
  }
  return labels;
}

function shorter(label: string): string {
  return label.length > 24 ? `${label.slice(0, 23)}…` : label;
}

function kmOf(use: Place, point: RingPoint): number {
  return point.km ?? distanceKm(use, point.at);
}

export function Rings({ use, points: all }: { use: Place; points: readonly RingPoint[] }) {
  // As far as those that can make it; who cannot and is farther away says nothing here.
  const able = all.filter((point) => point.mood !== 'away');
  const wanted = able.length ? able : all.slice(0, 6);
  const farthest = Math.max(0.2, ...wanted.map((point) => distanceKm(use, point.at)));
  const rings = ringsFor(farthest);
  const reach = Math.max(rings[rings.length - 1] ?? 1, farthest) * 1.06;
  const points = all.filter((point) => distanceKm(use, point.at) <= reach);
  const projection = useMemo(
    () =>
      geoAzimuthalEquidistant()
        .rotate([-use.longitude_deg, -use.latitude_deg])
        .scale(((half - 4) * earth_km) / reach)
        .translate([half, half])
        .clipAngle(Math.min(179.9, (reach / earth_km) * (180 / Math.PI)))
        .precision(0.5),
    [use.latitude_deg, use.longitude_deg, reach],
  );
  const land = world.value;
  const ground = useMemo(() => {
    if (!land) return null;
    const path = geoPath(projection).digits(1);
    return { land: path(land.land) ?? '', borders: path(land.borders) ?? '' };
  }, [land, projection]);
  const px = (km: number) => (km / reach) * (half - 4);
  const placed: Placed[] = points
    .flatMap((point) => {
      const xy = projection([point.at.longitude_deg, point.at.latitude_deg]);
      return xy ? [{ point, x: xy[0], y: xy[1], km: kmOf(use, point) }] : [];
    })
    .sort((a, b) => Number(a.point.chosen) - Number(b.point.chosen) || b.km - a.km);

  return (
    <figure class="rings">
      <svg
        viewBox={`0 0 ${side} ${side}`}
        role="img"
        aria-label={`${texts.job.pictureLabel(placeWords(use))} ${points
          .map((point) => `${point.label}: ${kilometres(kmOf(use, point))}`)
          .join('; ')}`}
      >
        <defs>
          <clipPath id="rings-disc">
            <circle cx={half} cy={half} r={half - 4} />
          </clipPath>
        </defs>
        <circle class="ring-sea" cx={half} cy={half} r={half - 4} />
        {ground && (
          <g clip-path="url(#rings-disc)">
            <path class="ring-land" d={ground.land} />
            <path class="ring-border" d={ground.borders} />
          </g>
        )}
        {rings.map((km) => (
          <circle key={km} class="ring" cx={half} cy={half} r={px(km)} />
        ))}
        {placed.map(({ point, x, y }) => (
          <line
            key={point.id}
            class={`ring-way mood-${point.mood}${point.chosen ? ' chosen' : ''}`}
            x1={x}
            y1={y}
            x2={half}
            y2={half}
          />
        ))}
        {rings.map((km) => (
          <text key={km} class="ring-km" x={half} y={half - px(km) + 11} text-anchor="middle">
            {kilometres(km)}
          </text>
        ))}
        {placed.map(({ point, x, y }) => (
          <g
            key={point.id}
            class={`ring-point mood-${point.mood}`}
            transform={`translate(${x - 8} ${y - 8})`}
          >
            <path d={drawingOf(point.mood)} fill-rule="evenodd" />
          </g>
        ))}
        <g class="ring-use">
          <circle cx={half} cy={half} r="6.5" />
          <circle cx={half} cy={half} r="2" class="inner" />
        </g>
        {labelsOf(placed).map(({ point, left, top, anchor, km }) => (
          <text
            key={point.id}
            class={`ring-label${point.chosen ? ' chosen' : ''}`}
            x={left}
            y={top}
            text-anchor={anchor}
          >
            {shorter(point.label)}, {kilometres(km)}
          </text>
        ))}
      </svg>
      <figcaption class="hint">{texts.job.pictureNote}</figcaption>
    </figure>
  );
}
