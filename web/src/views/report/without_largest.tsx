// SPDX-License-Identifier: GPL-3.0-or-later
// What would still be made if the largest fab were gone: its own work, asked for again.

import type { WithoutLargest } from '../../api/report_types.ts';
import { count, kilometres, percent, sizes } from '../../figures/format.ts';
import { Bar } from '../../parts/bar.tsx';
import { texts } from '../../texts.ts';

const words = texts.report;

export function WithoutTheLargest({ without }: { without: WithoutLargest }) {
  const title = without.title || without.fab;
  const { work, capabilities } = without;
  return (
    <section class="card" aria-label={words.without}>
      <h2>{words.without}</h2>
      <p>
        {without.largest_by === 'pieces'
          ? words.withoutLead(title, percent(without.pieces_share))
          : words.withoutLeadMachines(title)}
      </p>
      {work && work.asked_pieces > 0 && (
        <div class="without">
          <Bar
            kind="share"
            share={work.elsewhere_pieces / work.asked_pieces}
            label={`${count(work.elsewhere_pieces)} ${words.stillMade}`}
          />
          <p>
            <b>{words.pieces(work.elsewhere_pieces)}</b> {words.stillMade},{' '}
            <b>{words.pieces(work.nobody_else_pieces)}</b> {words.nobodyElse}.
          </p>
          {work.median_km_elsewhere !== null && (
            <p>
              {words.farther(kilometres(work.median_km_now), kilometres(work.median_km_elsewhere))}
            </p>
          )}
          {work.not_asked_pieces > 0 && (
            <p class="quiet small">
              {words.notAsked(work.not_asked_pieces)}
              {work.not_asked_why ? `: ${work.not_asked_why}` : ''}
            </p>
          )}
        </div>
      )}
      {work && work.rows.length > 0 && (
        <ul class="loose">
          {work.rows.map((row, i) => (
            <li key={i}>
              <b class="number">{count(row.pieces)}</b>
              <span>
                {texts.process(row.process)}, {texts.material(row.material)}, {sizes(row.size_mm)}:{' '}
                {words.lacks} {texts.requirement(row.lacks)}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p class="quiet">{words.lostCapabilities(capabilities.lost, capabilities.smaller)}</p>
      <ul class="loose small">
        {capabilities.rows.map((row) => (
          <li key={`${row.process} ${row.material}`}>
            <span>
              {texts.process(row.process)}, {texts.material(row.material)}
              {row.envelope_mm ? `, ${sizes(row.envelope_mm)}` : ''}
              {row.elsewhere_mm ? `; ${words.elsewhere} ${sizes(row.elsewhere_mm)}` : ''}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
