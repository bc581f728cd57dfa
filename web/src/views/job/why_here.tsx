// SPDX-License-Identifier: GPL-3.0-or-later

import type { Why } from '../../api/types.ts';
import { moment } from '../../figures/format.ts';
import { now } from '../../state/clock.ts';
import { titleOfFab } from '../../state/fabs.ts';
import { texts } from '../../texts.ts';
import { Candidates } from '../match/candidates.tsx';
import { NearMisses } from '../match/near_misses.tsx';

const words = texts.job;
const shown_max = 4; // Pieces of one part are compared alike.

export function WhyHere({ why }: { why: Why | null }) {
  const orders = why?.work_orders ?? [];
  return (
    <section class="card why" aria-label={words.whyHere} data-why={orders.length}>
      <h2>{words.whyHere}</h2>
      {orders.length === 0 && <p class="quiet">{words.whyNone}</p>}
      {orders.slice(0, shown_max).map((order, i) => (
        <div key={order.work_order} class="why-order">
          {orders.length > 1 && <h3>{words.piece(i + 1)}</h3>}
          <p class="quiet small">
            {texts.submit.candidates(order.candidates.length, order.machines_seen)},{' '}
            {words.comparedAt(moment(order.at, now.value, true))}
          </p>
          <Candidates candidates={order.candidates} chosen={order.chosen} planned={order.planned} />
          <NearMisses rejections={order.rejections} />
          {order.words.length > 0 && (
            <ul class="loose">
              {order.words.map((word) => (
                <li key={word.fab + word.text}>
                  <b>{words.said(titleOfFab(word.fab))}:</b> <span>{word.text}</span>
                </li>
              ))}
            </ul>
          )}
        </div>
      ))}
    </section>
  );
}
