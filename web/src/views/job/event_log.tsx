// SPDX-License-Identifier: GPL-3.0-or-later

import type { LinkState } from '../../api/stream.ts';
import type { JobEvent } from '../../api/types.ts';
import { moment } from '../../figures/format.ts';
import { now } from '../../state/clock.ts';
import { texts } from '../../texts.ts';

const words = texts.job;

export function EventLog({
  events,
  link,
  final,
}: {
  events: readonly JobEvent[];
  link: LinkState;
  final: boolean;
}) {
  const newestFirst = [...events].reverse();
  return (
    <section class="card" aria-label={words.log}>
      <div class="card-head">
        <h2>{words.log}</h2>
        <span class="quiet small end no-print">
          {final
            ? words.logEnd
            : link === 'live'
              ? words.logWait
              : texts.link[link === 'ended' ? 'offline' : link]}
        </span>
      </div>
      {events.length === 0 && <p class="quiet">{words.logEmpty}</p>}
      <ol class="log" aria-live="polite" aria-relevant="additions">
        {newestFirst.map((event) => (
          <li key={event.number} data-event={event.number}>
            <time dateTime={event.at}>{moment(event.at, now.value, true)}</time>
            <span>{event.text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
