// SPDX-License-Identifier: GPL-3.0-or-later
// Each piece with its fab and how far it is.

import { useState } from 'preact/hooks';

import type { Job, WorkOrder } from '../../api/types.ts';
import { kilometres, percent, span } from '../../figures/format.ts';
import { Bar } from '../../parts/bar.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Shape, type Mood } from '../../parts/shape.tsx';
import { titleOfFab } from '../../state/fabs.ts';
import { links } from '../../state/route.ts';
import { texts } from '../../texts.ts';

const words = texts.job;
const shown_first = 12;

export const mood_of_order: Record<string, Mood> = {
  queued: 'waiting',
  offered: 'waiting',
  reserved: 'waiting',
  authorised: 'making',
  producing: 'making',
  produced: 'attention',
  inspected: 'ready',
  delivered: 'done',
  in_doubt: 'doubt',
  cancelled: 'ended',
  failed_final: 'trouble',
};

function Where({ order }: { order: WorkOrder }) {
  if (order.fab) {
    return (
      <>
        <a href={links.fab(order.fab)}>{titleOfFab(order.fab)}</a>
        {order.machine ? `, ${order.machine}` : ''}
        {order.distance_km !== null && (
          <span class="quiet"> · {kilometres(order.distance_km)}</span>
        )}
      </>
    );
  }
  return (
    <span class="quiet">
      {order.planned_fab ? words.plannedAt(titleOfFab(order.planned_fab)) : words.noFab}
    </span>
  );
}

function Piece({ order, number, of }: { order: WorkOrder; number: number; of: Job }) {
  const mood = mood_of_order[order.state] ?? 'waiting';
  const making = order.state === 'producing';
  const part = of.parts.length > 1 ? of.parts[order.part]?.file : undefined;
  return (
    <li class="piece" data-order={order.work_order} data-order-state={order.state}>
      <div class="piece-head">
        <Shape mood={mood} />
        <strong>
          {words.piece(number)}
          {part ? `, ${part}` : ''}
        </strong>
        <span class={`mood-${mood}`}>{texts.orderState(order.state)}</span>
        {order.attempts > 1 && <span class="chip">{words.attempt(order.attempts)}</span>}
        <span class="piece-where">
          <Where order={order} />
        </span>
      </div>
      {making && (
        <div class="piece-progress">
          <Bar share={order.progress} label={words.piece(number)} />
          <span class="number" data-progress>
            {percent(order.progress)}
            {order.remaining_s > 0 ? ` · ${words.remaining(span(order.remaining_s))}` : ''}
          </span>
        </div>
      )}
      {order.phase && <p class="quiet small">{order.phase}</p>}
      {order.disconnected && (
        <p class="small mood-away">
          <Shape mood="away" /> {words.away}
        </p>
      )}
      {order.next && (
        <Notice kind="warn">
          <p>{order.next}</p>
        </Notice>
      )}
    </li>
  );
}

export function Pieces({ job }: { job: Job }) {
  const [all, setAll] = useState(false);
  const orders = all ? job.work_orders : job.work_orders.slice(0, shown_first);
  const left = job.work_orders.length - orders.length;
  return (
    <section class="card" aria-label={words.orders}>
      <h2>{words.orders}</h2>
      {job.work_orders.length === 0 && <p class="quiet">{texts.jobState(job.state)}</p>}
      <ol class="pieces">
        {orders.map((order, i) => (
          <Piece key={order.work_order} order={order} number={i + 1} of={job} />
        ))}
      </ol>
      {left > 0 && (
        <button type="button" class="button small" onClick={() => setAll(true)}>
          {words.morePieces(left)}
        </button>
      )}
    </section>
  );
}
