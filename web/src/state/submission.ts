// SPDX-License-Identifier: GPL-3.0-or-later
// The key of a submission is kept before it is sent, so that the same job is not made twice: not by
// a second click, not after a reload, not after an answer that got lost.

import { hashOfText } from '../api/design_hash.ts';
import { newKey } from '../api/idempotency_key.ts';
import type { JobRequest } from '../api/types.ts';
import { forget, keep, kept } from './storage.ts';

export interface Submission {
  key: string;
  at: number;
  job: string | null; // What the router made of it; null: no answer came yet.
}

const day_ms = 24 * 3600 * 1000;

// The same words in the same order, whatever order the form gave them in.
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const pairs = Object.entries(value as Record<string, unknown>)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`);
    return `{${pairs.join(',')}}`;
  }
  return JSON.stringify(value);
}

function nameOf(request: JobRequest): string {
  return `submission.${hashOfText(canonical(request)).slice(0, 32)}`;
}

export function earlier(request: JobRequest, now: number): Submission | null {
  const found = kept<Submission>('session', nameOf(request));
  return found && now - found.at < day_ms ? found : null;
}

export function begin(request: JobRequest, now: number): Submission {
  const found = earlier(request, now);
  if (found) return found;
  const made: Submission = { key: newKey(), at: now, job: null };
  keep('session', nameOf(request), made);
  return made;
}

export function done(request: JobRequest, submission: Submission, job: string): void {
  keep('session', nameOf(request), { ...submission, job });
}

export function another(request: JobRequest): void {
  forget('session', nameOf(request));
}
