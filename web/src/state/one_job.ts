// SPDX-License-Identifier: GPL-3.0-or-later
// One job while somebody looks at it: itself, why it is where it is, what happened, live.

import { computed, signal, type ReadonlySignal } from '@preact/signals';

import { asProblem, type Problem } from '../api/problem.ts';
import { openStream, type LinkState } from '../api/stream.ts';
import type { Job, JobEvent, Why } from '../api/types.ts';
import { jobById, takeJob } from './jobs.ts';
import { client } from './session.ts';

export interface OneJob {
  job: ReadonlySignal<Job | null>;
  why: ReadonlySignal<Why | null>;
  events: ReadonlySignal<readonly JobEvent[]>;
  problem: ReadonlySignal<Problem | null>;
  link: ReadonlySignal<LinkState>;
  reload: () => void;
  close: () => void;
}

function read<T>(data: string): T | null {
  try {
    return JSON.parse(data) as T;
  } catch {
    return null;
  }
}

export function followJob(id: string): OneJob {
  const own = signal<Job | null>(null);
  const why = signal<Why | null>(null);
  const events = signal<readonly JobEvent[]>([]);
  const problem = signal<Problem | null>(null);
  const link = signal<LinkState>('connecting');
  const closed = new AbortController();
  const seen = new Set<number>();
  let whyTimer: ReturnType<typeof setTimeout> | undefined;
  let compared = '';

  async function load(): Promise<void> {
    try {
      const told = await client.job(id, closed.signal);
      own.value = told;
      takeJob(told);
      problem.value = null;
    } catch (thrown) {
      if (!closed.signal.aborted) problem.value = asProblem(thrown);
    }
  }

  async function loadWhy(): Promise<void> {
    try {
      why.value = await client.why(id, closed.signal);
    } catch {
      // Shown as "nothing was compared"; the job itself tells when the router is away.
    }
  }

  // Who makes it changes rarely; the comparison is asked for when it does.
  function lookWhy(job: Job): void {
    const now = job.work_orders.map((one) => `${one.fab ?? ''}${one.state === 'queued'}`).join();
    if (now === compared) return;
    compared = now;
    clearTimeout(whyTimer);
    whyTimer = setTimeout(() => void loadWhy(), 250);
  }

  const job = computed(() => {
    const listed = jobById(id);
    const mine = own.value;
    if (!mine) return listed ?? null;
    const newer = listed && listed.changed_at >= mine.changed_at ? listed : mine;
    return { ...newer, at: newer.at ?? mine.at ?? null };
  });

  void load();
  void loadWhy();
  const stream = openStream(client, `/api/v1/jobs/${encodeURIComponent(id)}/events`, {
    event: ({ event, data }) => {
      if (event === 'job_event') {
        const line = read<JobEvent>(data);
        if (!line || seen.has(line.number)) return;
        seen.add(line.number);
        events.value = [...events.value, line].sort((a, b) => a.number - b.number);
      } else if (event === 'job_status') {
        const told = read<Job>(data);
        if (!told) return;
        own.value = { ...told, at: told.at ?? own.value?.at ?? null };
        takeJob(told);
        lookWhy(told);
      }
    },
    state: (state, trouble) => {
      link.value = state;
      if (trouble && [403, 404].includes(trouble.status)) problem.value = trouble;
    },
  });
  return {
    job,
    why,
    events,
    problem,
    link,
    reload: () => {
      void load();
      void loadWhy();
    },
    close: () => {
      closed.abort();
      clearTimeout(whyTimer);
      stream.close();
    },
  };
}
