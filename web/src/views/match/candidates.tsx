// SPDX-License-Identifier: GPL-3.0-or-later

import type { Candidate } from '../../api/types.ts';
import { grams, kilometres, money, span } from '../../figures/format.ts';
import { titleOfFab } from '../../state/fabs.ts';
import { links } from '../../state/route.ts';
import { texts } from '../../texts.ts';
import { FootprintParts, FootprintSum } from './footprint.tsx';

const words = texts.submit;

export function Candidates({
  candidates,
  chosen,
  planned,
}: {
  candidates: readonly Candidate[];
  chosen?: string | null;
  planned?: string | null;
}) {
  const top = Math.max(0, ...candidates.map((one) => one.footprint?.sum?.high_g ?? 0));
  const asked = chosen === undefined;
  return (
    <ol class="candidates">
      {candidates.map((one, i) => {
        const first = asked ? i === 0 : one.fab === chosen;
        return (
          <li
            key={`${one.fab} ${one.machine}`}
            class={`candidate${first ? ' first' : ''}`}
            data-candidate={one.fab}
          >
            <div class="candidate-head">
              <span class="rank">{one.rank}</span>
              <a href={links.fab(one.fab)}>{titleOfFab(one.fab)}</a>
              <span class="quiet">{one.machine}</span>
              {first && <span class="chip strong">{asked ? words.first : texts.job.chosen}</span>}
              {planned === one.fab && !first && <span class="chip">{texts.job.planned}</span>}
              {one.neighbour && i > 0 && <span class="chip">{words.neighbour}</span>}
            </div>
            <dl class="candidate-figures">
              <div>
                <dt>{words.distance}</dt>
                <dd>{kilometres(one.distance_km)}</dd>
              </div>
              <div>
                <dt>{words.finish}</dt>
                <dd>{span(one.finish_s)}</dd>
              </div>
              <div>
                <dt>{words.price}</dt>
                <dd>{one.price ? money(one.price) : <span class="quiet">{words.noPrice}</span>}</dd>
              </div>
              <div class="wide">
                <dt>{words.footprint}</dt>
                <dd>
                  <FootprintSum footprint={one.footprint} top={top} />
                </dd>
              </div>
            </dl>
            <details>
              <summary>{one.why || words.more}</summary>
              <p class="quiet small">
                {words.making} {span(one.making_s)} · {grams(one.mass_g)}
              </p>
              {one.footprint && <FootprintParts footprint={one.footprint} />}
            </details>
          </li>
        );
      })}
    </ol>
  );
}
