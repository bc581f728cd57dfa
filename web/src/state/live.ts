// SPDX-License-Identifier: GPL-3.0-or-later
// The stream of everything that changes, and what the page does about it.

import { signal } from '@preact/signals';

import type { Problem } from '../api/problem.ts';
import { openStream, type LinkState, type Stream } from '../api/stream.ts';
import type { Job } from '../api/types.ts';
import { loadFabs } from './fabs.ts';
import { loadJobs, takeJob } from './jobs.ts';
import { client } from './session.ts';

export const link = signal<LinkState>('connecting');
export const linkProblem = signal<Problem | null>(null);
export const offlineSince = signal<number | null>(null);
// The ids of fabs that changed last, for whoever shows one of them.
export const changedFabs = signal<string[]>([]);

const fabs_pause_ms = 1500;
let stream: Stream | null = null;
let fabsTimer: ReturnType<typeof setTimeout> | null = null;
let wasLive = false;

function loadFabsSoon(): void {
  if (fabsTimer !== null) return;
  fabsTimer = setTimeout(() => {
    fabsTimer = null;
    void loadFabs();
  }, fabs_pause_ms);
}

function loadAll(): void {
  void loadFabs();
  void loadJobs();
}

function read<T>(data: string): T | null {
  try {
    return JSON.parse(data) as T;
  } catch {
    return null;
  }
}

export function openLive(): void {
  closeLive();
  wasLive = false;
  link.value = 'connecting';
  loadAll();
  stream = openStream(client, '/api/v1/events', {
    event: ({ event, data }) => {
      if (event === 'job_status') {
        const job = read<Job>(data);
        if (job?.job) takeJob(job);
      } else if (event === 'fabs_changed') {
        changedFabs.value = read<{ fabs: string[] }>(data)?.fabs ?? [];
        loadFabsSoon();
      } else if (event === 'resync') {
        loadAll();
      }
    },
    state: (state, problem) => {
      link.value = state;
      linkProblem.value = problem;
      if (state === 'offline') offlineSince.value ??= Date.now();
      if (state === 'live') {
        offlineSince.value = null;
        // What happened meanwhile may be more than the router remembers.
        if (wasLive) loadFabsSoon();
        wasLive = true;
      }
    },
  });
}

export function closeLive(): void {
  stream?.close();
  stream = null;
  if (fabsTimer !== null) clearTimeout(fabsTimer);
  fabsTimer = null;
  offlineSince.value = null;
}
