// SPDX-License-Identifier: GPL-3.0-or-later
// The lines on the map: from the fab that makes it to the place of use.

import { computed } from '@preact/signals';

import { moodOfJob } from '../figures/job_life.ts';
import type { MapArc } from '../map/draw.ts';
import { fabsById } from './fabs.ts';
import { jobs } from './jobs.ts';

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
