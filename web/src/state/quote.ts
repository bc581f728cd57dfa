// SPDX-License-Identifier: GPL-3.0-or-later
// Who can make it: asked anew shortly after the last change, and only while somebody looks.

import { effect, signal } from '@preact/signals';

import { asProblem, type Problem } from '../api/problem.ts';
import type { JobQuestion, Quote } from '../api/types.ts';
import { question } from './draft.ts';
import { client } from './session.ts';
import { canonical } from './submission.ts';

const pause_ms = 450;

export const quote = signal<Quote | null>(null);
export const quoteProblem = signal<Problem | null>(null);
export const asking = signal(false);
const again = signal(0);

export function askAgain(): void {
  again.value = again.peek() + 1;
}

export function followQuote(): () => void {
  let work = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let before = '';
  const ask = async (asked: JobQuestion, given: AbortSignal) => {
    try {
      quote.value = await client.quote(asked, given);
      quoteProblem.value = null;
    } catch (thrown) {
      if (given.aborted) return;
      quote.value = null;
      quoteProblem.value = asProblem(thrown);
    } finally {
      if (!given.aborted) asking.value = false;
    }
  };
  const stop = effect(() => {
    const asked = question.value;
    const name = `${again.value}${asked ? canonical(asked) : ''}`;
    if (name === before) return;
    before = name;
    clearTimeout(timer);
    work.abort();
    work = new AbortController();
    const { signal: given } = work;
    if (!asked) {
      asking.value = false;
      quote.value = null;
      quoteProblem.value = null;
      return;
    }
    asking.value = true;
    timer = setTimeout(() => void ask(asked, given), pause_ms);
  });
  return () => {
    clearTimeout(timer);
    work.abort();
    asking.value = false;
    stop();
  };
}
