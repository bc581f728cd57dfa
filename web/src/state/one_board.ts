// SPDX-License-Identifier: GPL-3.0-or-later
// A fab's board while an operator looks at it: read when something changed, every few seconds, and
// after each action. Actions go out one after the other.

import { effect, signal, type ReadonlySignal } from '@preact/signals';

import { newKey } from '../api/idempotency_key.ts';
import { asProblem, type Problem } from '../api/problem.ts';
import type { ActionRequest, Board } from '../api/types.ts';
import { changedFabs } from './live.ts';
import { client } from './session.ts';

const look_every_ms = 5000;

export interface OneBoard {
  board: ReadonlySignal<Board | null>;
  at: ReadonlySignal<number | null>; // When it was read.
  problem: ReadonlySignal<Problem | null>;
  sending: ReadonlySignal<ActionRequest | null>;
  said: ReadonlySignal<string | null>; // What the agent answered last.
  refused: ReadonlySignal<Problem | null>;
  act: (request: ActionRequest) => Promise<boolean>;
  look: () => void;
  close: () => void;
}

export function followBoard(fab: string): OneBoard {
  const board = signal<Board | null>(null);
  const at = signal<number | null>(null);
  const problem = signal<Problem | null>(null);
  const sending = signal<ActionRequest | null>(null);
  const said = signal<string | null>(null);
  const refused = signal<Problem | null>(null);
  const closed = new AbortController();
  let looking = false;
  let again = false;
  // What was sent and got no answer of the fab's: said again, it keeps its key and is done once.
  let unsure: { words: string; key: string } | null = null;

  function keyOf(request: ActionRequest): string {
    const words = JSON.stringify(request);
    if (unsure?.words !== words) unsure = { words, key: newKey() };
    return unsure.key;
  }

  async function look(): Promise<void> {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    try {
      do {
        again = false;
        board.value = await client.board(fab, closed.signal);
        at.value = Date.now();
        problem.value = null;
      } while (again && !closed.signal.aborted);
    } catch (thrown) {
      if (!closed.signal.aborted) problem.value = asProblem(thrown);
    } finally {
      looking = false;
    }
  }

  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') void look();
  }, look_every_ms);
  const shown = () => {
    if (document.visibilityState === 'visible') void look();
  };
  document.addEventListener('visibilitychange', shown);
  const stop = effect(() => {
    if (changedFabs.value.includes(fab)) void look();
  });
  void look();

  return {
    board,
    at,
    problem,
    sending,
    said,
    refused,
    look: () => void look(),
    act: async (request) => {
      if (sending.value) return false;
      sending.value = request;
      said.value = null;
      refused.value = null;
      try {
        said.value = (await client.act(fab, request, keyOf(request))).text;
        unsure = null;
        return true;
      } catch (thrown) {
        const why = asProblem(thrown);
        refused.value = why;
        if (why.status > 0 && why.status < 500) unsure = null;
        return false;
      } finally {
        sending.value = null;
        await look();
      }
    },
    close: () => {
      closed.abort();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', shown);
      stop();
    },
  };
}
