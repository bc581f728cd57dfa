// SPDX-License-Identifier: GPL-3.0-or-later
// What the router found in the file, and what this process makes of it.

import type { Check, ProcessVerdict } from '../../api/types.ts';
import { grams, millimetres, percent, rough, sizes, span, thin } from '../../figures/format.ts';
import { Facts } from '../../parts/facts.tsx';
import { Loading } from '../../parts/notice.tsx';
import { Shape, type Mood } from '../../parts/shape.tsx';
import type { Mark } from '../../preview/marks.ts';
import { check, stage } from '../../state/design.ts';
import { process } from '../../state/draft.ts';
import { texts } from '../../texts.ts';

const words = texts.check;
const mood_of: Record<string, Mood> = {
  feasible: 'done',
  with_remarks: 'attention',
  not_feasible: 'trouble',
  unknown: 'waiting',
};

function volume(mm3: number): string {
  return `${rough(mm3 / 1000)}${thin}cm³`;
}

function FactsOf({ found }: { found: Check }) {
  const estimate = found.estimates?.find((one) => one.process === process.value);
  const wall = found.wall_thickness_mm_min ?? found.narrowest_wall_mm ?? null;
  const gap = found.smallest_gap_mm ?? found.narrowest_gap_mm ?? null;
  const size =
    found.size_mm ??
    (found.bounds_mm
      ? found.bounds_mm.max.map((high, i) => high - (found.bounds_mm?.min[i] ?? 0))
      : null);
  return (
    <Facts
      rows={[
        size ? [words.size, sizes(size)] : null,
        found.volume_mm3 ? [words.volume, volume(found.volume_mm3)] : null,
        wall !== null ? [words.wall, millimetres(wall)] : null,
        gap !== null ? [words.gap, millimetres(gap)] : null,
        found.smallest_hole_mm != null ? [words.hole, millimetres(found.smallest_hole_mm)] : null,
        found.cut_length_mm !== undefined
          ? [words.cut, `${rough(found.cut_length_mm / 1000)}${thin}m`]
          : null,
        found.outer_loops !== undefined
          ? [words.outlines, `${found.outer_loops} + ${found.inner_loops ?? 0}`]
          : null,
        estimate?.mass_g != null ? [words.mass, grams(estimate.mass_g)] : null,
        estimate
          ? [
              words.time,
              <span title={words.estimate(percent(estimate.time_error))}>
                {span(estimate.time_s)}{' '}
                <span class="quiet small">± {percent(estimate.time_error)}</span>
              </span>,
            ]
          : null,
      ]}
    />
  );
}

function Verdict({ verdict }: { verdict: ProcessVerdict }) {
  return (
    <p class="verdict">
      <Shape mood={mood_of[verdict.verdict] ?? 'waiting'} />
      <span>
        <b>{texts.process(verdict.process)}</b>: {words.verdict[verdict.verdict]}
      </span>
    </p>
  );
}

function nameOf(mark: Mark): string {
  return words.kinds[mark.kind === 'limit' ? 'reason' : mark.kind] ?? mark.rule.replace(/_/g, ' ');
}

function silent(mark: Mark): boolean {
  return !mark.text && !mark.next && mark.severity === 'note';
}

function kindsOfSilent(marks: readonly Mark[]): string[] {
  return [...new Set(marks.filter(silent).map(nameOf))];
}

interface MarkChoice {
  marks: readonly Mark[];
  chosen: number | null;
  choose: (number: number | null) => void;
}

// Many places of one kind, of which there is no more to say than where they are.
function PlacesRow({ marks, chosen, choose }: MarkChoice) {
  const [first] = marks;
  if (!first) return null;
  return (
    <li class="mark-places">
      <span class="mark-text">{nameOf(first)}</span>
      {marks.map((mark) => (
        <button
          key={mark.number}
          type="button"
          class="mark-place note"
          aria-pressed={mark.number === chosen}
          aria-label={`${nameOf(mark)} ${mark.number} ${words.where(mark.at)}`}
          title={words.where(mark.at)}
          onClick={() => choose(mark.number === chosen ? null : mark.number)}
        >
          <span class="mark-number">{mark.number}</span>
        </button>
      ))}
    </li>
  );
}

function MarkRow({ mark, chosen, choose }: { mark: Mark; chosen: boolean; choose: () => void }) {
  const text = mark.text || nameOf(mark);
  return (
    <li>
      <button
        type="button"
        class={`mark-row ${mark.severity}`}
        aria-pressed={chosen}
        onClick={choose}
      >
        <span class="mark-number">{mark.number}</span>
        <span>
          <span class="mark-text">{text}</span>
          <span class="quiet small">
            {words.severity[mark.severity]} {words.where(mark.at)}
          </span>
          {mark.next && (
            <span class="small">
              <b>{texts.problem.next}</b> {mark.next}
            </span>
          )}
        </span>
      </button>
    </li>
  );
}

export function Findings({ marks, chosen, choose }: MarkChoice) {
  const found = check.value;
  if (!found) {
    return (
      <section class="card" aria-label={words.title}>
        {stage.value === 'checking' && <Loading words={texts.submit.checking} />}
      </section>
    );
  }
  const verdict = found.verdicts?.find((one) => one.process === process.value);
  const others = found.verdicts?.filter((one) => one.process !== process.value) ?? [];
  // What has no place, and is therefore not among the marks.
  const loose = (found.findings ?? []).filter((one) => !one.at_mm || one.severity === 'note');
  const placeless = (verdict?.reasons ?? []).filter((one) => !one.at_mm);
  const order = { error: 0, warning: 1, note: 2 };
  loose.sort((a, b) => order[a.severity] - order[b.severity]);
  return (
    <section
      class="card findings"
      aria-label={words.title}
      data-check={found.accepted ? 'yes' : 'no'}
    >
      <h2>{words.title}</h2>
      <FactsOf found={found} />
      {found.unit_origin === 'none' && <p class="hint">{found.unit_says ?? words.unitGuess}</p>}
      {verdict && <Verdict verdict={verdict} />}
      {marks.length > 0 && (
        <ol class="marks">
          {marks
            .filter((mark) => !silent(mark))
            .map((mark) => (
              <MarkRow
                key={mark.number}
                mark={mark}
                chosen={mark.number === chosen}
                choose={() => choose(mark.number === chosen ? null : mark.number)}
              />
            ))}
          {kindsOfSilent(marks).map((kind) => (
            <PlacesRow
              key={kind}
              marks={marks.filter((mark) => silent(mark) && nameOf(mark) === kind)}
              chosen={chosen}
              choose={choose}
            />
          ))}
        </ol>
      )}
      {(placeless.length > 0 || loose.length > 0) && (
        <ul class="loose">
          {placeless.map((reason) => (
            <li key={reason.rule + reason.text}>
              <Shape mood={reason.blocking ? 'trouble' : 'attention'} /> <span>{reason.text}</span>
            </li>
          ))}
          {loose.map((one) => (
            <li key={one.rule + one.message}>
              <Shape
                mood={
                  one.severity === 'error'
                    ? 'trouble'
                    : one.severity === 'warning'
                      ? 'attention'
                      : 'waiting'
                }
                label={words.severity[one.severity] ?? ''}
              />{' '}
              <span>
                {one.message}
                {one.severity !== 'note' && one.next && (
                  <span class="small">
                    {' '}
                    <b>{texts.problem.next}</b> {one.next}
                  </span>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {marks.length === 0 && loose.length === 0 && placeless.length === 0 && !found.error && (
        <p class="quiet">{words.fine}</p>
      )}
      {others.length > 0 && (
        <details>
          <summary>{words.otherProcesses}</summary>
          {others.map((one) => (
            <Verdict key={one.process} verdict={one} />
          ))}
        </details>
      )}
    </section>
  );
}
