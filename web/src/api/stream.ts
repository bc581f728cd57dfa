// SPDX-License-Identifier: GPL-3.0-or-later
// A stream of events that comes back: with the token in a header, where the last event left off,
// and with growing pauses while the router is away.

import type { Client } from './client.ts';
import { asProblem, type Problem } from './problem.ts';
import { EventReader, type ServerEvent } from './sse.ts';

export type LinkState = 'connecting' | 'live' | 'offline' | 'ended';

export interface StreamWords {
  event: (event: ServerEvent) => void;
  state: (state: LinkState, problem: Problem | null) => void;
}

export interface StreamTimes {
  pause_ms: number; // Before the first new try; doubles up to the largest.
  pause_max_ms: number;
  silence_ms: number; // The router says something every 15 s; this long without a word is a break.
}

export const usual_times: StreamTimes = { pause_ms: 500, pause_max_ms: 15_000, silence_ms: 40_000 };

// Between 0.5 and 1.5 times the pause, so that many pages do not come back in one moment.
export function pauseBefore(attempt: number, times: StreamTimes, random: number): number {
  const pause = Math.min(times.pause_max_ms, times.pause_ms * 2 ** Math.min(attempt, 20));
  return pause * (0.5 + random);
}

export interface Stream {
  close: () => void;
}

export function openStream(
  client: Client,
  path: string,
  words: StreamWords,
  times: StreamTimes = usual_times,
): Stream {
  const closed = new AbortController();
  let wake: (() => void) | null = null;
  const wakeUp = () => wake?.();
  globalThis.addEventListener?.('online', wakeUp);
  void run();
  return {
    close: () => {
      closed.abort();
      globalThis.removeEventListener?.('online', wakeUp);
      wakeUp();
    },
  };

  function rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        wake = null;
        resolve();
      }
      wake = done;
    });
  }

  async function run(): Promise<void> {
    let lastId = '';
    let attempt = 0;
    while (!closed.signal.aborted) {
      if (attempt === 0) words.state('connecting', null);
      const outcome = await once(lastId, (id) => {
        lastId = id;
        attempt = 0;
      });
      if (closed.signal.aborted) return;
      if (outcome.ended) {
        words.state('ended', outcome.problem);
        return;
      }
      words.state('offline', outcome.problem);
      const told = outcome.problem?.retryAfter;
      await rest(told ? told * 1000 : pauseBefore(attempt++, times, Math.random()));
    }
  }

  async function once(
    lastId: string,
    heard: (id: string) => void,
  ): Promise<{ ended: boolean; problem: Problem | null }> {
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    closed.signal.addEventListener('abort', stop, { once: true });
    let silence: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      clearTimeout(silence);
      silence = setTimeout(stop, times.silence_ms);
    };
    let ended = false;
    try {
      listen();
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (lastId) headers['Last-Event-ID'] = lastId;
      const answer = await client.send(path, { headers, signal: attempt.signal });
      words.state('live', null);
      heard(lastId);
      const reader = new EventReader((event) => {
        if (event.event === 'end') ended = true;
        words.event(event);
      });
      const bytes = answer.body?.getReader();
      const text = new TextDecoder();
      while (bytes && !ended) {
        const piece = await bytes.read();
        if (piece.done) break;
        listen();
        reader.feed(text.decode(piece.value, { stream: true }));
        if (reader.id) heard(reader.id);
      }
      if (ended) void bytes?.cancel().catch(() => undefined); // The router closes as well.
      return { ended, problem: null };
    } catch (thrown) {
      const problem = asProblem(thrown);
      // What the router refuses for good is not asked again: who we are, or that there is no such job.
      const final = [401, 403, 404].includes(problem.status);
      return { ended: final, problem };
    } finally {
      clearTimeout(silence);
      closed.signal.removeEventListener('abort', stop);
    }
  }
}
