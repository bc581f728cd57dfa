// SPDX-License-Identifier: GPL-3.0-or-later
// The lines on the map: from the fab that makes it to the place of use. The place of use is told
// with a single job, so it is asked for, a few jobs at a time, and never twice.

import { computed, effect } from '@preact/signals';

import { moodOfJob } from '../figures/job_life.ts';
import type { MapArc } from '../map/draw.ts';
import { fabsById } from './fabs.ts';
import { jobs, takeJob } from './jobs.ts';
import { client, sessionState } from './session.ts';

const asked_max = 120;
const at_once = 3;
const arcs_max = 12_000;

export const arcsOf = computed<MapArc[]>(() => {
  const arcs: MapArc[] = [];
  const places = fabsById.value;
  for (const job of jobs.value) {
    if (job.final || !job.at) continue;
    const seen = new Set<string>();
    for (const order of job.work_orders) {
      if (!order.fab || seen.has(order.fab)) continue;
      seen.add(order.fab);
      const from = places.get(order.fab)?.place;
      if (from) arcs.push({ from, to: job.at, mood: moodOfJob(job) });
    }
    if (arcs.length >= arcs_max) break;
  }
  return arcs;
});

const asked = new Set<string>();
let running = 0;

function askSome(): void {
  if (sessionState.peek() !== 'in') return;
  for (const job of jobs.peek()) {
    if (running >= at_once || asked.size >= asked_max) return;
    if (job.final || job.at !== undefined || asked.has(job.job)) continue;
    if (!job.work_orders.some((order) => order.fab)) continue;
    asked.add(job.job);
    ++running;
    client
      .job(job.job)
      .then(takeJob, () => undefined) // No line then; the job itself is in the list.
      .finally(() => {
        --running;
        askSome();
      });
  }
}

effect(() => {
  void jobs.value;
  if (sessionState.value !== 'in') asked.clear();
  else askSome();
});
