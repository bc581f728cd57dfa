// SPDX-License-Identifier: GPL-3.0-or-later
// The jobs that the token may see. Many may change in one moment: they are shown together.

import { computed, signal } from '@preact/signals';

import { asProblem, type Problem } from '../api/problem.ts';
import type { Job, PageMark } from '../api/types.ts';
import { client } from './session.ts';

// More than this is not a list for people any more; the page says when it stops.
const jobs_max = 20_000;

const known = new Map<string, Job>();
const version = signal(0);
export const jobsProblem = signal<Problem | null>(null);
export const jobsLoading = signal(false);
export const jobsLoaded = signal(false);
export const jobsCut = signal(false);
export const withFinal = signal(false);

export const jobs = computed(() => {
  void version.value;
  return [...known.values()].sort(newestFirst);
});

function newestFirst(a: Job, b: Job): number {
  if (a.submitted_at !== b.submitted_at) return a.submitted_at < b.submitted_at ? 1 : -1;
  return a.job < b.job ? -1 : 1;
}

export function jobById(id: string): Job | undefined {
  void version.value;
  return known.get(id);
}

// At once if nothing was shown for a while, so that a single change is seen at once. A flood is shown
// as often as leaves most of the time to the person: the longer a frame of it takes, the seldomer.
const pause_max_ms = 250;
const pause_per_frame = 4;
const pause_loading_ms = 1500;
let frame_ms = 0; // From the last change to the frame that showed it.
let waiting = false;
let shownAt = 0;

function show(): void {
  if (waiting) return;
  const pause = jobsLoading.peek()
    ? pause_loading_ms
    : document.hidden
      ? pause_max_ms
      : Math.min(pause_max_ms, pause_per_frame * frame_ms);
  const left = shownAt + pause - performance.now();
  waiting = true;
  const tell = () => {
    waiting = false;
    shownAt = performance.now();
    version.value = version.peek() + 1;
    // Behind the frame's own layout and paint.
    requestAnimationFrame(() => {
      setTimeout(() => {
        frame_ms = performance.now() - shownAt;
      });
    });
  };
  if (left <= 0) queueMicrotask(tell);
  else setTimeout(tell, left);
}

// `at` is told with one job and not with each change; it never changes.
export function takeJob(job: Job): void {
  const before = known.get(job.job);
  if (before && before.changed_at > job.changed_at) return;
  known.set(job.job, job.at || !before?.at ? job : { ...job, at: before.at });
  show();
}

let asked: AbortController | null = null;

export async function loadJobs(): Promise<void> {
  asked?.abort();
  const mine = new AbortController();
  asked = mine;
  jobsLoading.value = true;
  const seen = new Set<string>();
  const before = [...known.keys()];
  try {
    let from: PageMark | null = null;
    for (;;) {
      const page = await client.jobs(from, withFinal.value, mine.signal);
      for (const job of page.jobs) {
        seen.add(job.job);
        takeJob(job);
      }
      from = page.next;
      jobsCut.value = page.more && seen.size >= jobs_max;
      if (!page.more || !from || jobsCut.value) break;
    }
    // What the router no longer lists is over, or not ours any more.
    for (const id of before) if (!seen.has(id)) known.delete(id);
    jobsProblem.value = null;
    jobsLoaded.value = true;
    show();
  } catch (thrown) {
    if (!mine.signal.aborted) jobsProblem.value = asProblem(thrown);
  } finally {
    if (asked === mine) jobsLoading.value = false;
  }
}

export function forgetJobs(): void {
  asked?.abort();
  known.clear();
  jobsLoaded.value = false;
  jobsProblem.value = null;
  show();
}
