// SPDX-License-Identifier: GPL-3.0-or-later
// What was handed over day by day: a curve to look at, and the same as a table.

import { useEffect, useRef, useState } from 'preact/hooks';

import type { Report } from '../../api/report_types.ts';
import { count, dayOf, kilometres, middleOfDay, span } from '../../figures/format.ts';
import { TableFrame } from '../../parts/table_frame.tsx';
import { colours } from '../../state/theme.ts';
import { texts } from '../../texts.ts';
import type { DayChart } from './day_chart.ts';

const words = texts.report;

export function OverTime({ days }: { days: Report['by_day'] }) {
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<DayChart | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    let gone = false;
    setFailed(false);
    import('./day_chart.ts').then(
      (code) => {
        if (gone || !frame.current) return;
        const named = { day: words.table.day, pieces: words.table.pieces, median: words.medianKm };
        chart.current = code.openDayChart(frame.current, days, named);
      },
      () => !gone && setFailed(true),
    );
    return () => {
      gone = true;
      chart.current?.close();
      chart.current = null;
    };
  }, [days]);
  useEffect(() => chart.current?.recolour(), [colours.value]);

  const busy = days.filter((day) => day.pieces > 0);
  const [first] = busy;
  if (!first) return null;
  const most = busy.reduce((top, day) => (day.pieces > top.pieces ? day : top), first);
  const label = words.overTimeLead(
    busy.length,
    days.length,
    count(most.pieces),
    dayOf(middleOfDay(most.from)),
  );
  return (
    <section class="card whole" aria-label={words.overTime} data-days={days.length}>
      <div class="card-head">
        <h2>{words.overTime}</h2>
        <span class="quiet">{label}</span>
      </div>
      <div class="day-chart" ref={frame} role="img" aria-label={label} />
      {failed && <p class="quiet">{words.chartFailed}</p>}
      <details class="no-print">
        <summary>{words.dayTable}</summary>
        <TableFrame label={words.overTime}>
          <table class="table">
            <thead>
              <tr>
                <th>{words.table.day}</th>
                <th class="r">{words.table.pieces}</th>
                <th class="r">{words.machineTime}</th>
                <th class="r">{words.medianKm}</th>
              </tr>
            </thead>
            <tbody>
              {busy.map((day) => (
                <tr key={day.from}>
                  <td>{dayOf(middleOfDay(day.from))}</td>
                  <td class="r">{count(day.pieces)}</td>
                  <td class="r">{span(day.machine_s)}</td>
                  <td class="r">{kilometres(day.median_km)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      </details>
    </section>
  );
}
