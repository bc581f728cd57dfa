// SPDX-License-Identifier: GPL-3.0-or-later
// Who makes it, and how much hangs on few.

import type { Concentration, Report } from '../../api/report_types.ts';
import { count, percent, span } from '../../figures/format.ts';
import { Bar } from '../../parts/bar.tsx';
import { TableFrame } from '../../parts/table_frame.tsx';
import { links } from '../../state/route.ts';
import { texts } from '../../texts.ts';

const words = texts.report;

function Hhi({ by, name }: { by: Concentration; name: string }) {
  if (by.hhi === null || by.lowest_hhi === null) return null; // Nothing to measure yet.
  const wide = 200;
  const x = (hhi: number) => 6 + (Math.min(10_000, hhi) / 10_000) * (wide - 12); // Room for the mark.
  return (
    <div class="hhi">
      <span>
        {words.hhi} <span class="quiet">{name}</span>
      </span>
      <b class="number">{count(by.hhi)}</b>
      <svg viewBox={`0 0 ${wide} 14`} width={wide} height="14" aria-hidden="true">
        <line class="range-axis" x1="0" x2={wide} y1="7" y2="7" />
        <line class="hhi-least" x1={x(by.lowest_hhi)} x2={x(by.lowest_hhi)} y1="2" y2="12" />
        <circle class="hhi-here" cx={x(by.hhi)} cy="7" r="5" />
      </svg>
      <span class="quiet small">
        {by.words}; {words.hhiRange(by.lowest_hhi)}
      </span>
    </div>
  );
}

export function Shares({ report }: { report: Report }) {
  const { shares, processes } = report;
  const top = Math.max(0.0001, ...shares.fabs.map((row) => row.pieces_share));
  return (
    <section class="card" aria-label={words.shares}>
      <h2>{words.shares}</h2>
      {shares.by_pieces && <Hhi by={shares.by_pieces} name={words.byPieces} />}
      {shares.by_machine_time && <Hhi by={shares.by_machine_time} name={words.byTime} />}
      <TableFrame label={words.shares}>
        <table class="table">
          <thead>
            <tr>
              <th>{words.table.fab}</th>
              <th class="r">{words.table.pieces}</th>
              <th class="r">{words.table.share}</th>
              <th class="bar-column">
                <span class="hidden-words">{words.table.share}</span>
              </th>
              <th class="r">{words.table.time}</th>
            </tr>
          </thead>
          <tbody>
            {shares.fabs.map((row) => (
              <tr key={row.fab}>
                <td>
                  <a href={links.fab(row.fab)}>{row.title || row.fab}</a>
                  {row.owner && <span class="quiet small"> {row.owner}</span>}
                  {!row.there && <span class="quiet small"> {words.notHere}</span>}
                </td>
                <td class="r">{count(row.pieces)}</td>
                <td class="r">{percent(row.pieces_share)}</td>
                <td class="bar-column">
                  <Bar
                    kind="share"
                    share={row.pieces_share / top}
                    label={percent(row.pieces_share)}
                  />
                </td>
                <td class="r">{span(row.machine_s)}</td>
              </tr>
            ))}
            {shares.rest.fabs > 0 && (
              <tr>
                <td>{words.rest(shares.rest.fabs)}</td>
                <td class="r">{count(shares.rest.pieces)}</td>
                <td class="r">{percent(shares.rest.pieces_share)}</td>
                <td class="bar-column" />
                <td class="r">{span(shares.rest.machine_s)}</td>
              </tr>
            )}
          </tbody>
        </table>
      </TableFrame>
      <h3>{words.processes}</h3>
      <TableFrame label={words.processes}>
        <table class="table">
          <thead>
            <tr>
              <th>{words.table.process}</th>
              <th class="r">{words.table.pieces}</th>
              <th class="r">{words.table.share}</th>
              <th class="r">{words.table.fabs}</th>
              <th class="r">{words.table.machines}</th>
            </tr>
          </thead>
          <tbody>
            {processes.rows.map((row) => (
              <tr key={row.process}>
                <td>{texts.process(row.process)}</td>
                <td class="r">{count(row.pieces)}</td>
                <td class="r">{percent(row.pieces_share)}</td>
                <td class="r">{count(row.fabs_there)}</td>
                <td class="r">{count(row.machines_there)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}
