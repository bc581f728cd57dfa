// SPDX-License-Identifier: GPL-3.0-or-later
// A job's way through its states, with the times that its events tell. Pure.

import type { Job, JobEvent, JobState, WorkOrder } from '../api/types.ts';

export const way: readonly JobState[] = [
  'analysing',
  'matching',
  'in_production',
  'ready',
  'closed',
];

export type StepKind = 'done' | 'now' | 'to_come' | 'ended';

export interface Step {
  state: JobState;
  kind: StepKind;
  at: string | null; // When it was entered for the first time; null: not known.
}

// What the router writes when a job enters a state: at its end "job STATE" or "job STATE: reason",
// before that the event that brought it there. A state that no event tells of has no time.
export function stateOfEvent(event: JobEvent): JobState | null {
  if (event.text.startsWith('offered to ')) return 'in_production';
  if (event.work_order !== null) return null;
  if (event.text.startsWith('analysed')) return 'matching';
  if (event.text.startsWith('submitted by ')) return 'analysing';
  const read = /^job ([a-z_]+)(?::|$)/.exec(event.text);
  return read ? (read[1] as JobState) : null;
}

export function stepsOf(job: Job, events: readonly JobEvent[]): Step[] {
  const times = new Map<JobState, string>([['analysing', job.submitted_at]]);
  for (const event of events) {
    const state = stateOfEvent(event);
    if (state && !times.has(state)) times.set(state, event.at);
  }
  const reached = way.indexOf(job.state);
  if (reached >= 0) {
    return way.map((state, i) => ({
      state,
      kind: i < reached || job.state === 'closed' ? 'done' : i === reached ? 'now' : 'to_come',
      at: i <= reached ? (times.get(state) ?? null) : null,
    }));
  }
  // It ended aside: what it went through, then its end.
  const steps: Step[] = way
    .filter((state) => times.has(state))
    .map((state) => ({ state, kind: 'done', at: times.get(state) ?? null }));
  steps.push({ state: job.state, kind: 'ended', at: times.get(job.state) ?? job.changed_at });
  return steps;
}

// How far the pieces are that are being made; null: none is.
export function progressOf(job: Job): number | null {
  const made = new Set(['produced', 'inspected', 'delivered']);
  const orders = job.work_orders.filter((order) => order.state !== 'cancelled');
  if (job.final || !orders.some((order) => order.state === 'producing')) return null;
  const sum = orders.reduce(
    (total, order) =>
      total + (made.has(order.state) ? 1 : order.state === 'producing' ? order.progress : 0),
    0,
  );
  return sum / orders.length;
}

export function remainingOf(job: Job): number | null {
  const left = job.work_orders
    .filter((order) => order.state === 'producing' && order.remaining_s > 0)
    .map((order) => order.remaining_s);
  return left.length ? Math.max(...left) : null;
}

export function fabsOfJob(job: Job): string[] {
  const names = job.work_orders.map((order) => order.fab).filter((fab) => fab !== null);
  return [...new Set(names)];
}

export function inDoubt(order: WorkOrder): boolean {
  return order.state === 'in_doubt';
}

// The whole job as one of a few shapes, as in the list and on the map.
export type JobMood = 'waiting' | 'making' | 'ready' | 'doubt' | 'done' | 'ended';

export function moodOfJob(job: Job): JobMood {
  if (job.state === 'closed') return 'done';
  if (job.final) return 'ended';
  if (job.work_orders.some(inDoubt)) return 'doubt';
  if (job.state === 'in_production') return 'making';
  if (job.state === 'ready') return 'ready';
  return 'waiting';
}
