// SPDX-License-Identifier: GPL-3.0-or-later
// The fabs of the network, as the router last told.

import { computed, signal } from '@preact/signals';

import { asProblem, type Problem } from '../api/problem.ts';
import type { Fab } from '../api/types.ts';
import { client } from './session.ts';

export const fabs = signal<Fab[]>([]);
export const moreFabs = signal(false);
export const fabsProblem = signal<Problem | null>(null);
export const fabsLoaded = signal(false);

export const fabsById = computed(() => new Map(fabs.value.map((fab) => [fab.fab, fab])));

export function titleOfFab(id: string): string {
  return fabsById.value.get(id)?.title || id;
}

let asked: AbortController | null = null;

export async function loadFabs(): Promise<void> {
  asked?.abort();
  const mine = new AbortController();
  asked = mine;
  try {
    const read = await client.fabs(undefined, mine.signal);
    fabs.value = read.fabs;
    moreFabs.value = read.more;
    fabsProblem.value = null;
    fabsLoaded.value = true;
  } catch (thrown) {
    if (mine.signal.aborted) return;
    fabsProblem.value = asProblem(thrown);
  }
}

export function forgetFabs(): void {
  asked?.abort();
  fabs.value = [];
  fabsLoaded.value = false;
  fabsProblem.value = null;
}
