// SPDX-License-Identifier: GPL-3.0-or-later
// How far it is from making to use: a histogram with its numbers on it.

import type { Report } from '../../api/report_types.ts';
import { count, kilometres } from '../../figures/format.ts';
import { Facts } from '../../parts/facts.tsx';
import { texts } from '../../texts.ts';

const words = texts.report;
const wide = 560;
const high = 190;
const foot = 26;
const head = 18;

export function Distances({ distance }: { distance: Report['distance'] }) {
  const rows = distance.histogram;
  const last = rows.reduce((found, row, i) => (row.pieces > 0 ? i : found), 0);
  const shown = rows.slice(0, Math.min(rows.length, last + 2));
  const top = Math.max(1, ...shown.map((row) => row.pieces));
  const each = wide / shown.length;
  const title = shown
    .map((row) => `${bucket(row.from_km, row.to_km)}: ${count(row.pieces)}`)
    .join('; ');
  return (
    <section class="card" aria-label={words.distance}>
      <h2>{words.distance}</h2>
      <svg class="histogram" viewBox={`0 0 ${wide} ${high}`} role="img" aria-label={title}>
        {shown.map((row, i) => {
          const tall = (row.pieces / top) * (high - foot - head);
          const x = i * each;
          return (
            <g key={row.from_km}>
              <rect
                class="histogram-bar"
                x={x + 2}
                y={high - foot - Math.max(row.pieces ? 2 : 0, tall)}
                width={each - 4}
                height={Math.max(row.pieces ? 2 : 0, tall)}
                rx="2"
              />
              {row.pieces > 0 && (
                <text class="histogram-n" x={x + each / 2} y={high - foot - tall - 5}>
                  {count(row.pieces)}
                </text>
              )}
              <text
                class="histogram-x"
                x={x}
                y={high - 8}
                text-anchor={i === 0 ? 'start' : 'middle'}
              >
                {edge(row.from_km)}
              </text>
            </g>
          );
        })}
        <line class="histogram-line" x1="0" x2={wide} y1={high - foot} y2={high - foot} />
      </svg>
      <Facts
        rows={[
          [words.median, kilometres(distance.median_km)],
          [words.p90, kilometres(distance.p90_km)],
          [words.longest, kilometres(distance.longest_km)],
        ]}
      />
      <p class="hint">
        {words.distanceNote}
        {distance.unknown > 0 && ` ${words.unknownOf(distance.unknown)}.`}
      </p>
    </section>
  );
}

function edge(km: number): string {
  return km === 0 ? '0' : kilometres(km);
}

function bucket(from: number, to: number | null): string {
  return words.bucket(edge(from), to === null ? null : kilometres(to));
}
