// SPDX-License-Identifier: GPL-3.0-or-later

import { describe, expect, test } from 'vitest';

import type { Check, Fab, Job, JobEvent, WorkOrder } from '../../src/api/types.ts';
import {
  actionsOfMachine,
  actionsOfWork,
  byUrgency,
  gramsTyped,
} from '../../src/figures/board_actions.ts';
import { moodOfFab } from '../../src/figures/fab_state.ts';
import {
  grams,
  gramsRange,
  kilometres,
  money,
  percent,
  place,
  span,
  thin,
} from '../../src/figures/format.ts';
import { moodOfJob, progressOf, stepsOf } from '../../src/figures/job_life.ts';
import { distanceKm, readPlace, ringsFor } from '../../src/figures/places.ts';
import { marksOf } from '../../src/preview/marks.ts';
import { readRoute } from '../../src/state/route.ts';
import { canonical } from '../../src/state/submission.ts';
import { jobOf, machine, threeFabs, workOf } from '../fake/world.ts';

const plain = (text: string) => text.replaceAll(thin, ' ');

describe('figures', () => {
  test('money is exact in any currency, also where there are no cents', () => {
    expect(plain(money({ currency: 'EUR', minor: 614, decimals: 2 }))).toBe('6.14 EUR');
    expect(plain(money({ currency: 'JPY', minor: 1_234_567, decimals: 0 }))).toBe('1,234,567 JPY');
    expect(plain(money({ currency: 'KWD', minor: 5, decimals: 3 }))).toBe('0.005 KWD');
    expect(plain(money({ currency: 'EUR', minor: -1050, decimals: 2 }))).toBe('−10.50 EUR');
    expect(plain(money({ currency: 'EUR', minor: 900_719_925_474_099, decimals: 2 }))).toBe(
      '9,007,199,254,740.99 EUR',
    );
    expect(money(null)).toBe('–');
  });

  test('lengths of ways and of times have two units at most', () => {
    expect(plain(kilometres(0.384))).toBe('380 m');
    expect(plain(kilometres(92.13))).toBe('92.1 km');
    expect(plain(kilometres(812.4))).toBe('812 km');
    expect(kilometres(null)).toBe('–');
    expect(plain(span(45))).toBe('45 s');
    expect(plain(span(3599))).toBe('1 h');
    expect(plain(span(7800))).toBe('2 h 10 min');
    expect(plain(span(86_400 * 2 + 3600 * 4))).toBe('2 d 4 h');
    expect(plain(span(86_399))).toBe('1 d');
    expect(plain(span(-3))).toBe('0 s');
  });

  test('grams say no more than is known', () => {
    expect(plain(grams(0.02))).toBe('< 0.1 g');
    expect(plain(grams(174.6))).toBe('175 g');
    expect(plain(grams(5321.5))).toBe('5.32 kg');
    expect(plain(gramsRange({ low_g: 122, typical_g: 175, high_g: 1279 }))).toBe('0.122–1.28 kg');
    expect(plain(percent(0.004))).toBe('< 1 %');
  });

  test('places as people write them, and what is none', () => {
    const at = { latitude_deg: 45.75, longitude_deg: 4.85 };
    expect(readPlace('45.75, 4.85')).toEqual(at);
    expect(readPlace(' 45,75 ; 4,85 ')).toEqual(at);
    expect(readPlace('45.75 N 4.85 E')).toEqual(at);
    expect(readPlace('33.9° S, 18.4° E')).toEqual({ latitude_deg: -33.9, longitude_deg: 18.4 });
    for (const wrong of ['', 'Lyon', '45.75', '95, 4', '45, 190', '45.75, x', '1, 2, 3']) {
      expect(readPlace(wrong)).toBeNull();
    }
    expect(plain(place({ latitude_deg: -33.9, longitude_deg: -0.5 }))).toBe('33.900° S, 0.500° W');
  });

  test('distances are those of the globe', () => {
    const paris = { latitude_deg: 48.8566, longitude_deg: 2.3522 };
    const sydney = { latitude_deg: -33.8688, longitude_deg: 151.2093 };
    expect(distanceKm(paris, sydney)).toBeCloseTo(16_960, -1);
    expect(distanceKm(paris, paris)).toBe(0);
  });

  test('rings are few, round, and go beyond the farthest', () => {
    expect(ringsFor(92)).toEqual([50, 100]);
    expect(ringsFor(1.4)).toEqual([0.5, 1, 1.5]);
    for (const far of [0.01, 0.7, 3, 12, 44, 130, 999, 7000, 19_000]) {
      const rings = ringsFor(far);
      expect(rings.length).toBeGreaterThan(0);
      expect(rings.length).toBeLessThanOrEqual(5);
      expect(rings[rings.length - 1]).toBeGreaterThanOrEqual(Math.min(far, 19_000));
    }
  });
});

const order: WorkOrder = {
  work_order: 'w',
  part: 0,
  state: 'producing',
  epoch: 1,
  attempts: 1,
  fab: 'lyon',
  machine: 'mini',
  distance_km: 1,
  disconnected: false,
  phase: null,
  progress: 0.5,
  remaining_s: 60,
  next: null,
  planned_fab: null,
  planned_machine: null,
};

function job(part: Partial<Job>): Job {
  return jobOf('j', 'part', { latitude_deg: 0, longitude_deg: 0 }, part, 0);
}

describe('the life of a job', () => {
  const event = (number: number, text: string): JobEvent => ({
    job: 'j',
    number,
    at: `2026-11-30T08:0${number}:00Z`,
    work_order: null,
    text,
  });
  const events = [
    event(1, 'submitted by ada'),
    event(2, 'analysed; 1 work order queued'),
    { ...event(3, 'offered to lyon / mini (nearest: 1.4 km)'), work_order: 'w' },
    { ...event(4, 'lyon declined: the nozzle is worn'), work_order: 'w' },
    { ...event(5, 'offered to grenoble / large (nearest: 92.5 km)'), work_order: 'w' },
  ];

  test('its steps carry the times at which they were first reached', () => {
    const steps = stepsOf(job({ state: 'in_production' }), events);
    expect(steps.map((step) => step.kind)).toEqual(['done', 'done', 'now', 'to_come', 'to_come']);
    expect(steps[2]?.at).toBe('2026-11-30T08:03:00Z');
    expect(steps[3]?.at).toBeNull();
  });

  test('an end aside is the last step, and nothing is to come', () => {
    const ended = [...events, event(6, 'job cancelled: not needed')];
    const steps = stepsOf(job({ state: 'cancelled', final: true }), ended);
    expect(steps.map((step) => step.state)).toEqual([
      'analysing',
      'matching',
      'in_production',
      'cancelled',
    ]);
    expect(steps[3]).toMatchObject({ kind: 'ended', at: '2026-11-30T08:06:00Z' });
  });

  test('progress counts what is made and leaves out what was cancelled', () => {
    const orders = [
      { ...order, state: 'delivered' },
      order,
      { ...order, state: 'queued' },
      { ...order, state: 'cancelled' },
    ];
    expect(progressOf(job({ work_orders: orders }))).toBeCloseTo(0.5);
    expect(progressOf(job({ work_orders: [{ ...order, state: 'produced' }] }))).toBeNull();
  });

  test('doubt outweighs everything else', () => {
    const doubted = [order, { ...order, state: 'in_doubt' }];
    expect(moodOfJob(job({ state: 'in_production', work_orders: doubted }))).toBe('doubt');
    expect(moodOfJob(job({ state: 'closed', final: true }))).toBe('done');
    expect(moodOfJob(job({ state: 'rejected', final: true }))).toBe('ended');
  });
});

describe('fabs and boards', () => {
  const [lyon] = threeFabs() as [Fab];
  const states = (...all: string[]): Fab => ({
    ...lyon,
    machines: all.map((state, i) => machine({ machine: `m${i}`, process: 'fdm', state })),
  });

  test('one word for a fab', () => {
    expect(moodOfFab(states('working', 'idle'))).toBe('free');
    expect(moodOfFab(states('working', 'awaiting_clear'))).toBe('attention');
    expect(moodOfFab(states('fault', 'idle'))).toBe('trouble');
    expect(moodOfFab(states('working', 'drained'))).toBe('working');
    expect(moodOfFab(states('drained', 'busy_locally'))).toBe('closed');
    expect(moodOfFab({ ...states('idle'), connected: false })).toBe('away');
    expect(moodOfFab({ ...states('idle'), held_back: 'its key is used twice' })).toBe('trouble');
  });

  const work = (state: string) => workOf(job({}), state, 'mini');

  test('only what the state allows is offered; what cannot be taken back is asked once more', () => {
    expect(actionsOfWork(work('seen')).map((one) => one.name)).toEqual(['accept', 'decline']);
    expect(actionsOfWork(work('running'))).toEqual([]);
    expect(actionsOfWork(work('delivered'))).toEqual([]);
    const asks = Object.fromEntries(
      ['seen', 'produced', 'inspected_good', 'in_doubt']
        .flatMap((state) => actionsOfWork(work(state)))
        .map((one) => [one.name, one.question]),
    );
    expect(asks).toEqual({
      accept: 'none',
      decline: 'words',
      inspect_good: 'none',
      inspect_bad: 'words',
      hand_over: 'sure',
      resolve_made: 'sure',
      resolve_failed: 'sure',
      resolve_never_started: 'sure',
    });
  });

  test('a laser asks for the person and the code, a printer does not', () => {
    const board = (process: string, state: string, detail: string | null = null) => ({
      ...machine({ machine: 'm', process, state }),
      work_order: null,
      detail,
    });
    const names = (one: ReturnType<typeof board>) => actionsOfMachine(one).map((each) => each.name);
    expect(names(board('laser_cut', 'idle'))).toContain('presence');
    expect(names(board('fdm', 'idle'))).not.toContain('presence');
    expect(names(board('fdm', 'awaiting_clear'))[0]).toBe('clear_bed');
    expect(names(board('fdm', 'working'))).toEqual(['pause_machine', 'drain', 'load']);
    expect(names(board('fdm', 'working', 'paused'))).toEqual(['resume_machine', 'drain', 'load']);
    expect(names(board('fdm', 'working', 'paused at the machine'))).not.toContain('resume_machine');
    expect(names(board('fdm', 'drained'))).toContain('resume');
  });

  test('an amount of material is a plain number, and 0 is one', () => {
    expect(['750', ' 12.5 ', '12,5', '0'].map(gramsTyped)).toEqual([750, 12.5, 12.5, 0]);
    expect(
      ['', '-1', '1e3', '750 g', '1,000,000', '1,000', '1.000', '9'.repeat(12)].map(gramsTyped),
    ).toEqual(Array(8).fill(null));
  });

  test('what waits for a person comes first, what may be unsafe before all', () => {
    const list = [
      work('running'),
      work('seen'),
      work('produced'),
      { ...work('failed'), unsafe: true },
    ];
    expect([...list].sort(byUrgency).map((one) => one.state)).toEqual([
      'failed',
      'produced',
      'seen',
      'running',
    ]);
  });
});

describe('the rest', () => {
  test('marks are numbered, once for each place and rule, of this process', () => {
    const reason = {
      rule: 'wall',
      blocking: true,
      at_mm: [1, 2, 3],
      measured: 0.3,
      limit: 0.4,
      unit: 'mm',
      text: 'thin',
    };
    const check: Check = {
      file: 'a',
      accepted: true,
      error: null,
      design: null,
      bytes: 1,
      findings: [
        {
          severity: 'error',
          rule: 'open_edge',
          message: 'open',
          next: 'close it',
          at_mm: [0, 0, 0],
        },
        { severity: 'note', rule: 'unit', message: 'mm', next: '', at_mm: null },
      ],
      verdicts: [
        { process: 'fdm', verdict: 'not_feasible', reasons: [reason, reason] },
        { process: 'sla', verdict: 'feasible', reasons: [] },
      ],
    };
    expect(marksOf(check, 'fdm').map((mark) => [mark.number, mark.rule])).toEqual([
      [1, 'open_edge'],
      [2, 'wall'],
    ]);
    expect(marksOf(check, 'sla')).toHaveLength(1);
  });

  test('routes', () => {
    expect(readRoute('')).toEqual({ view: 'board' });
    expect(readRoute('#/jobs/a%2Fb')).toEqual({ view: 'job', job: 'a/b' });
    expect(readRoute('#/fabs/lyon?x=1')).toEqual({ view: 'fab', fab: 'lyon' });
    expect(readRoute('#/jobs/%E0%A4%A')).toMatchObject({ view: 'unknown' });
    expect(readRoute('#/nowhere')).toMatchObject({ view: 'unknown' });
  });

  test('the same question in another order is the same question', () => {
    expect(canonical({ b: [1, { y: 2, x: undefined }], a: 'é' })).toBe(
      canonical({ a: 'é', b: [1, { y: 2 }] }),
    );
    expect(canonical({ a: 1 })).not.toBe(canonical({ a: 2 }));
  });
});
