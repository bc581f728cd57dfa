// SPDX-License-Identifier: GPL-3.0-or-later
// Who can make it, best first; who cannot, with both numbers; and how near they are.

import { useMemo } from 'preact/hooks';

import type { Plan, Quote } from '../../api/types.ts';
import { kilometres, money, span } from '../../figures/format.ts';
import { Rings, type RingPoint } from '../../map/rings.tsx';
import { Loading, Notice, ProblemNotice } from '../../parts/notice.tsx';
import { design } from '../../state/design.ts';
import { missing, useAt } from '../../state/draft.ts';
import { fabsById, titleOfFab } from '../../state/fabs.ts';
import { askAgain, asking, quote, quoteProblem } from '../../state/quote.ts';
import { TableFrame } from '../../parts/table_frame.tsx';
import { texts } from '../../texts.ts';
import { Candidates } from '../match/candidates.tsx';
import { NearMisses } from '../match/near_misses.tsx';
import { FootprintBases } from '../match/footprint.tsx';

const words = texts.submit;

function PlanTable({ plan }: { plan: Plan }) {
  return (
    <section>
      <h3>{words.plan}</h3>
      {plan.late > 0 && (
        <p class="mood-attention">{words.planLate(plan.late, span(plan.late_by_s))}</p>
      )}
      {plan.unplaced > 0 && <p class="mood-trouble">{words.planUnplaced(plan.unplaced)}</p>}
      <TableFrame label={words.plan}>
        <table class="table">
          <thead>
            <tr>
              <th>{texts.report.table.fab}</th>
              <th class="r">{words.quantity}</th>
              <th class="r">{words.finish}</th>
              <th class="r">{words.distance}</th>
              <th class="r">{words.price}</th>
            </tr>
          </thead>
          <tbody>
            {plan.rows.map((row) => (
              <tr key={`${row.part} ${row.fab} ${row.machine}`}>
                <td>
                  {titleOfFab(row.fab)} <span class="quiet">{row.machine}</span>
                </td>
                <td class="r">{row.pieces}</td>
                <td class="r">{span(row.last_s)}</td>
                <td class="r">{kilometres(row.distance_km)}</td>
                <td class="r">{money(row.price)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}

function Nobody({ found }: { found: Quote }) {
  return (
    <Notice kind="warn">
      <strong>{words.nobody}</strong>
      {found.alternatives.length > 0 && <p>{words.nobodyNext}</p>}
      <ul class="plain-list">
        {found.alternatives.map((one) => (
          <li key={one.requirement}>
            <b>{texts.requirement(one.requirement)}</b>: {one.text}
          </li>
        ))}
      </ul>
      <p class="quiet">{words.nobodyWait}</p>
    </Notice>
  );
}

export function Answer() {
  const found = quote.value;
  const at = useAt.value;
  const places = fabsById.value;
  const points = useMemo<RingPoint[]>(() => {
    if (!found) return [];
    const seen = new Map<string, RingPoint>();
    found.candidates.forEach((one, i) => {
      const fab = places.get(one.fab);
      if (!fab || seen.has(one.fab)) return;
      seen.set(one.fab, {
        id: one.fab,
        label: fab.title || one.fab,
        at: fab.place,
        km: one.distance_km,
        mood: i === 0 ? 'working' : 'free',
        chosen: i === 0,
      });
    });
    for (const one of found.rejections) {
      const fab = places.get(one.fab);
      if (!fab || seen.has(one.fab)) continue;
      seen.set(one.fab, {
        id: one.fab,
        label: fab.title || one.fab,
        at: fab.place,
        km: one.distance_km,
        mood: 'away',
        chosen: false,
      });
    }
    return [...seen.values()];
  }, [found, places]);

  if (!design.value) return null;
  return (
    <section
      class="card answer"
      aria-label={words.who}
      aria-busy={asking.value}
      data-answer={found ? 'here' : 'no'}
    >
      <div class="card-head">
        <h2>{words.who}</h2>
        {found && found.candidates.length > 0 && (
          <span class="quiet">
            {words.candidates(found.candidates.length, found.machines_seen)}
          </span>
        )}
        {asking.value && found && <span class="quiet end">{words.asking}…</span>}
      </div>
      {missing.value && <p class="quiet">{words.needs(missing.value)}</p>}
      {asking.value && !found && <Loading words={words.asking} />}
      {quoteProblem.value && <ProblemNotice problem={quoteProblem.value} retry={askAgain} />}
      {found && (
        <div class="answer-grid">
          <div>
            {found.candidates.length > 0 ? (
              <Candidates candidates={found.candidates} />
            ) : (
              <Nobody found={found} />
            )}
            {found.plan && <PlanTable plan={found.plan} />}
            <NearMisses rejections={found.rejections} />
            <FootprintBases bases={found.footprint_basis} />
          </div>
          {at && points.length > 0 && <Rings use={at} points={points} />}
        </div>
      )}
    </section>
  );
}
