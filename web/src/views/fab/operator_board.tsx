// SPDX-License-Identifier: GPL-3.0-or-later
// What an operator needs with one hand: what waits for a person first, large buttons, one more
// question before what cannot be taken back.

import { useEffect, useState } from 'preact/hooks';

import type { ActionRequest, BoardMachine, BoardWork } from '../../api/types.ts';
import {
  actionsOfMachine,
  actionsOfWork,
  byUrgency,
  isInspected,
  isOver,
  type Offered,
} from '../../figures/board_actions.ts';
import { moodOfMachine } from '../../figures/fab_state.ts';
import { moment, percent, shortId } from '../../figures/format.ts';
import { Bar } from '../../parts/bar.tsx';
import { Empty, Loading, Notice, ProblemNotice } from '../../parts/notice.tsx';
import { Shape, type Mood } from '../../parts/shape.tsx';
import { now } from '../../state/clock.ts';
import { followBoard, type OneBoard } from '../../state/one_board.ts';
import { texts } from '../../texts.ts';
import { AskAction } from './ask_action.tsx';
import { MachineFacts } from './machine_facts.tsx';
import { TakePhoto } from './take_photo.tsx';

const words = texts.fab;

const mood_of_work: Record<string, Mood> = {
  seen: 'attention',
  reserved: 'waiting',
  authorised: 'working',
  starting: 'working',
  running: 'working',
  produced: 'attention',
  in_doubt: 'doubt',
  inspected_good: 'ready',
  inspected_bad: 'ended',
  failed: 'trouble',
};

type Start = (offered: Offered, about: string) => void;

function Buttons({
  offered,
  about,
  start,
  sending,
}: {
  offered: readonly Offered[];
  about: string;
  start: Start;
  sending: ActionRequest | null;
}) {
  if (offered.length === 0) return null;
  const same = (one: Offered) =>
    sending?.action === one.request.action &&
    sending.work_order === one.request.work_order &&
    sending.machine === one.request.machine &&
    (one.request.text === undefined || one.request.text === sending.text);
  return (
    <div class="operate">
      {offered.map((one) => (
        <button
          key={one.name}
          type="button"
          class={`button ${one.kind === 'usual' ? '' : one.kind}`}
          data-action={one.name}
          disabled={sending !== null}
          onClick={() => start(one, about)}
        >
          {same(one) ? `${words.sending}…` : words.actions[one.name]}
        </button>
      ))}
    </div>
  );
}

function Work({
  work,
  start,
  sending,
}: {
  work: BoardWork;
  start: Start;
  sending: ActionRequest | null;
}) {
  const mood = mood_of_work[work.state] ?? 'waiting';
  const title = work.title || work.work_order;
  return (
    <li class="work" data-work={work.work_order} data-work-state={work.state}>
      <div class="work-head">
        <Shape mood={mood} />
        <strong>{title}</strong>
        <code class="quiet small">{shortId(work.work_order)}</code>
      </div>
      <p class={`mood-${mood}`}>
        {words.attemptState(work.state)}
        {work.machine && <span class="quiet"> · {work.machine}</span>}
      </p>
      {work.unsafe && (
        <Notice kind="bad">
          <p>{words.unsafe}</p>
        </Notice>
      )}
      {work.state === 'running' && (
        <div class="piece-progress">
          <Bar share={work.progress} label={title} />
          <span class="number">{percent(work.progress)}</span>
        </div>
      )}
      {(work.phase || work.detail) && (
        <p class="small quiet">{[work.phase, work.detail].filter(Boolean).join(' · ')}</p>
      )}
      {isInspected(work) && <TakePhoto order={work.work_order} epoch={work.epoch} about={title} />}
      <Buttons offered={actionsOfWork(work)} about={title} start={start} sending={sending} />
    </li>
  );
}

function MachineCard({
  machine,
  start,
  sending,
}: {
  machine: BoardMachine;
  start: Start;
  sending: ActionRequest | null;
}) {
  const mood = moodOfMachine(machine);
  const title = `${machine.machine} – ${machine.model}`;
  return (
    <li class="work machine" data-machine={machine.machine} data-machine-state={machine.state}>
      <div class="work-head">
        <Shape mood={mood} />
        <strong>{machine.machine}</strong>
        <span class="quiet">{machine.model}</span>
      </div>
      <p class={`mood-${mood}`}>
        {texts.machineState(machine.state)}
        {machine.detail && <span class="quiet small"> · {machine.detail}</span>}
      </p>
      <Buttons offered={actionsOfMachine(machine)} about={title} start={start} sending={sending} />
      <details>
        <summary>{texts.process(machine.process)}</summary>
        <MachineFacts machine={machine} />
      </details>
    </li>
  );
}

export function OperatorBoard({ id }: { id: string }) {
  const [one, setOne] = useState<OneBoard | null>(null);
  const [asked, setAsked] = useState<{ offered: Offered; about: string } | null>(null);
  useEffect(() => {
    const followed = followBoard(id);
    setOne(followed);
    return followed.close;
  }, [id]);
  if (!one) return null;
  const board = one.board.value;
  const problem = one.problem.value;
  const sending = one.sending.value;
  const start: Start = (offered, about) => {
    if (offered.question === 'none') void one.act(offered.request);
    else setAsked({ offered, about });
  };
  const whole = (action: 'drain' | 'resume'): Offered => ({
    name: `${action}_all`,
    request: { action },
    question: 'sure',
    ask: action === 'drain' ? 'drain' : 'resume',
    kind: 'usual',
  });
  const work = [...(board?.work ?? [])].filter((each) => !isOver(each)).sort(byUrgency);
  const at = one.at.value;

  return (
    <section class="operator" aria-label={words.operatorTitle} data-board={board ? 'here' : 'no'}>
      <div class="operator-say" aria-live="polite">
        {one.said.value && (
          <Notice kind="good">
            <p>
              <b>{words.done}</b> {one.said.value}
            </p>
          </Notice>
        )}
        {one.refused.value && <ProblemNotice problem={one.refused.value} />}
      </div>
      {problem && <ProblemNotice problem={problem} retry={one.look} />}
      {!board && !problem && <Loading words={words.loading} />}
      {board && (
        <>
          {!board.connected && (
            <Notice kind="warn">
              <p>{words.notConnected}</p>
              <p class="quiet">{words.notConnectedNext}</p>
            </Notice>
          )}
          <section class="card" aria-label={words.work}>
            <div class="card-head">
              <h2>{words.work}</h2>
              <span class="quiet small end">
                {at !== null &&
                  words.refreshed(moment(new Date(at).toISOString(), now.value, true))}
              </span>
            </div>
            {work.length === 0 ? (
              <Empty words={words.noWork} next={words.noWorkNext} />
            ) : (
              <ul class="works">
                {work.map((each) => (
                  <Work
                    key={`${each.work_order} ${each.epoch}`}
                    work={each}
                    start={start}
                    sending={sending}
                  />
                ))}
              </ul>
            )}
          </section>
          <section class="card" aria-label={words.machines}>
            <h2>{words.machines}</h2>
            {board.machines.length === 0 ? (
              <Empty words={words.noMachines} next={words.noMachinesNext} />
            ) : (
              <ul class="works machines">
                {board.machines.map((machine) => (
                  <MachineCard
                    key={machine.machine}
                    machine={machine}
                    start={start}
                    sending={sending}
                  />
                ))}
              </ul>
            )}
            {board.machines.length > 1 && (
              <Buttons
                offered={[
                  board.machines.every((machine) => machine.state === 'drained')
                    ? whole('resume')
                    : whole('drain'),
                ]}
                about={board.fab}
                start={start}
                sending={sending}
              />
            )}
          </section>
        </>
      )}
      {asked && (
        <AskAction
          offered={asked.offered}
          about={asked.about}
          close={() => setAsked(null)}
          send={(request) => {
            setAsked(null);
            void one.act(request);
          }}
        />
      )}
    </section>
  );
}
