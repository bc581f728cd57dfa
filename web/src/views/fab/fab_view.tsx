// SPDX-License-Identifier: GPL-3.0-or-later
// One fab: for everybody what it has, for its operators what is to be done.

import { moodOfFab, moodOfMachine } from '../../figures/fab_state.ts';
import { place, span } from '../../figures/format.ts';
import { Facts } from '../../parts/facts.tsx';
import { Empty, Loading, Notice } from '../../parts/notice.tsx';
import { Shape } from '../../parts/shape.tsx';
import { fabsById, fabsLoaded } from '../../state/fabs.ts';
import { links } from '../../state/route.ts';
import { mayOperate, me } from '../../state/session.ts';
import { texts } from '../../texts.ts';
import { MachineFacts } from './machine_facts.tsx';
import { OperatorBoard } from './operator_board.tsx';

const words = texts.fab;

function OtherFabs({ here }: { here: string }) {
  const own = me.value?.fabs ?? [];
  if (own.length < 2) return null;
  return (
    <nav class="chips other-fabs" aria-label={texts.board.fabs}>
      {own.map((id) => (
        <a
          key={id}
          class="chip"
          href={links.fab(id)}
          {...(id === here ? { 'aria-current': 'page' as const } : {})}
        >
          {fabsById.value.get(id)?.title ?? id}
        </a>
      ))}
    </nav>
  );
}

export function FabView({ id }: { id: string }) {
  const fab = fabsById.value.get(id);
  const operates = mayOperate(id);
  const mood = fab ? moodOfFab(fab) : 'away';
  return (
    <div class="view fab" data-fab={id}>
      <p class="crumb">
        <a href={links.board}>{texts.job.back}</a>
      </p>
      <OtherFabs here={id} />
      <div class="view-head">
        <h1>{fab?.title || id}</h1>
        {fab && (
          <span class={`state mood-${mood}`}>
            <Shape mood={mood} /> {texts.mood[mood]}
          </span>
        )}
      </div>
      {!fab && !fabsLoaded.value && <Loading words={words.loading} />}
      {!fab && fabsLoaded.value && !operates && <Empty words={words.unknown} />}
      {fab?.held_back && (
        <Notice kind="bad">
          <p>
            <b>{words.held}:</b> {fab.held_back}
          </p>
        </Notice>
      )}
      {operates && <OperatorBoard id={id} />}
      {fab && (
        <>
          {!operates && (
            <section class="card" aria-label={words.machines}>
              <h2>{words.machines}</h2>
              {fab.machines.length === 0 && (
                <Empty words={words.noMachines} next={words.noMachinesNext} />
              )}
              <ul class="works machines">
                {fab.machines.map((machine) => {
                  const state = moodOfMachine(machine);
                  return (
                    <li class="work" key={machine.machine}>
                      <div class="work-head">
                        <Shape mood={state} />
                        <strong>{machine.machine}</strong>
                        <span class="quiet">{machine.model}</span>
                        <span class={`mood-${state}`}>{texts.machineState(machine.state)}</span>
                      </div>
                      <p>{texts.process(machine.process)}</p>
                      <MachineFacts machine={machine} />
                    </li>
                  );
                })}
              </ul>
            </section>
          )}
          <section class="card" aria-label={words.terms}>
            <h2>{words.terms}</h2>
            <Facts
              rows={[
                [words.licences, fab.licences.join(', ') || words.anybody],
                [words.submitters, fab.submitters.join(', ') || words.anybody],
                [words.place, place(fab.place, 2)],
                [texts.board.title, fab.connected ? words.seen(span(fab.age_s)) : texts.mood.away],
              ]}
            />
          </section>
        </>
      )}
    </div>
  );
}
