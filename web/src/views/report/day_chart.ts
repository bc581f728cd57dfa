// SPDX-License-Identifier: GPL-3.0-or-later
// Pieces and distances day by day as a curve. This file and uPlot come only with the report.

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

import { count, dayOf, kilometres, middleOfDay } from '../../figures/format.ts';

export interface Day {
  from: string;
  pieces: number;
  median_km: number | null;
}

export interface DayChart {
  recolour: () => void;
  close: () => void;
}

export interface DayWords {
  day: string;
  pieces: string;
  median: string;
}

const high = 190;
const half_day_s = 43_200;
const day_steps = [1, 2, 5, 10, 15, 30, 60, 90].map((days) => days * 86_400);
// So many days make a line of a pixel each; beyond, dots would hide the line.
const dots_max = 120;

export function openDayChart(frame: HTMLElement, days: readonly Day[], words: DayWords): DayChart {
  const when = days.map((day) => Math.floor(middleOfDay(day.from) / 86_400_000) * 86_400);
  const known = days.filter((day) => day.median_km !== null).length;
  const data: uPlot.AlignedData = [
    when,
    days.map((day) => day.pieces),
    days.map((day) => day.median_km),
  ];
  const bars = uPlot.paths.bars?.({ size: [0.7, 40] });
  let chart = open();
  const watch = new ResizeObserver(() => {
    const wide = frame.clientWidth;
    if (wide > 0 && wide !== chart.width) chart.setSize({ width: wide, height: high });
  });
  watch.observe(frame);

  function open(): uPlot {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const font = `11px ${colour('--text')}`;
    const axis = {
      stroke: colour('--ink-2'),
      font,
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    };
    const dayAt = (i: number | null) =>
      i === null ? '\u2013' : dayOf(middleOfDay(days[i]?.from ?? ''));
    return new uPlot(
      {
        width: frame.clientWidth || 560,
        height: high,
        cursor: { drag: { x: false, y: false }, y: false },
        // Days are those of UTC, wherever they are read.
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
        scales: {
          // Whole days at both ends.
          x: { range: (_, first, last) => [first - half_day_s, last + half_day_s] },
          pieces: { range: (_, __, top) => [0, Math.max(4, top)] },
          km: { range: (_, __, top) => [0, Math.max(1, top * 1.1)] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            incrs: day_steps,
            values: (_, ticks) => ticks.map(shortDay),
          },
          {
            ...axis,
            scale: 'pieces',
            size: 44,
            incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000],
            values: (_, ticks) => ticks.map(count),
          },
          {
            ...axis,
            scale: 'km',
            side: 1,
            size: 62,
            grid: { show: false },
            values: (_, ticks) => ticks.map((km) => (km === 0 ? '0' : kilometres(km))),
          },
        ],
        series: [
          { label: words.day, value: (_, __, ___, i) => dayAt(i) },
          {
            label: words.pieces,
            scale: 'pieces',
            fill: colour('--accent'),
            stroke: colour('--accent'),
            width: 0,
            ...(bars ? { paths: bars } : {}),
            points: { show: false },
            value: (_, pieces) => (pieces === null ? '\u2013' : count(pieces)),
          },
          {
            label: words.median,
            scale: 'km',
            stroke: colour('--mood-attention'),
            width: 1.5,
            spanGaps: true,
            points: { show: known <= dots_max, size: 5, fill: colour('--sheet') },
            value: (_, km) => kilometres(km),
          },
        ],
      },
      data,
      frame,
    );
  }

  return {
    recolour() {
      chart.destroy();
      chart = open();
    },
    close() {
      watch.disconnect();
      chart.destroy();
    },
  };
}

const short = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

function shortDay(seconds: number): string {
  return short.format(new Date(seconds * 1000));
}
