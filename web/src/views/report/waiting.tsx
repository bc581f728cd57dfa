// SPDX-License-Identifier: GPL-3.0-or-later

import type { Report } from '../../api/report_types.ts';
import { count, span } from '../../figures/format.ts';
import { texts } from '../../texts.ts';

const words = texts.report;

export function Waiting({ waiting }: { waiting: Report['waiting'] }) {
  return (
    <section class="card" aria-label={words.waiting}>
      <div class="card-head">
        <h2>{words.waiting}</h2>
        {waiting.jobs_waiting > 0 && (
          <span class="quiet">
            {words.waitingLead(waiting.jobs_waiting, waiting.pieces_waiting)}
            {waiting.longest_s !== null ? `, ${words.longestWait(span(waiting.longest_s))}` : ''}
          </span>
        )}
      </div>
      {waiting.reasons.length === 0 ? (
        <p class="quiet">{words.waitingNone}</p>
      ) : (
        <table class="table">
          <thead>
            <tr>
              <th>{words.table.reason}</th>
              <th class="r">{words.table.jobs}</th>
              <th class="r">{words.table.pieces}</th>
            </tr>
          </thead>
          <tbody>
            {waiting.reasons.map((row) => (
              <tr key={row.what}>
                <td>{row.words || texts.requirement(row.what)}</td>
                <td class="r">{count(row.jobs)}</td>
                <td class="r">{count(row.pieces)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
