// SPDX-License-Identifier: GPL-3.0-or-later
// The file that is being submitted: hashed, sent, looked at by the router.

import { signal } from '@preact/signals';

import { hashInThread } from '../api/hash_thread.ts';
import { asProblem, Problem } from '../api/problem.ts';
import type { Check } from '../api/types.ts';
import { sendDesign } from '../api/upload.ts';
import { bytes as bytesText } from '../figures/format.ts';
import { kindOf, type FileKind } from '../preview/kinds.ts';
import { texts } from '../texts.ts';
import { client, me } from './session.ts';
import { keep, kept } from './storage.ts';

// A name that the router takes: without what steers the writing, at most 120 bytes, its ending kept.
export function nameForRouter(name: string): string {
  const clean = name.replace(
    /[\u0000-\u001f\u007f-\u009f/\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    '_',
  );
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  if (bytes(clean) <= 120) return clean;
  const ending = /\.[a-z0-9]{1,8}$/i.exec(clean)?.[0] ?? '';
  let stem = [...clean.slice(0, clean.length - ending.length)];
  while (bytes(stem.join('')) + ending.length > 120) stem = stem.slice(0, -1);
  return stem.join('') + ending;
}

export type Stage = 'none' | 'hashing' | 'uploading' | 'checking' | 'ready' | 'failed' | 'stopped';

export interface KnownDesign {
  design: string;
  size: number;
  name: string;
  kind: FileKind;
}

export interface Looked {
  unit: string;
  thickness: string;
}

export const file = signal<File | null>(null);
export const design = signal<KnownDesign | null>(kept<KnownDesign>('session', 'design'));
export const stage = signal<Stage>('none');
export const doneBytes = signal(0);
export const designProblem = signal<Problem | null>(null);
export const check = signal<Check | null>(null);

let work = new AbortController();

function faultOf(chosen: File, kind: FileKind): Problem | null {
  const say = (words: string, next: string) => new Problem('refused', words, next);
  const max = me.value?.limits.design_bytes ?? 0;
  if (chosen.size === 0) return say(texts.submit.empty, texts.submit.emptyNext);
  if (kind === 'step') return say(texts.submit.step, texts.submit.stepNext);
  if (kind === 'unknown')
    return say(texts.submit.notDesign(chosen.name), texts.submit.notDesignNext);
  if (max > 0 && chosen.size > max) {
    return say(
      texts.submit.tooLarge(bytesText(chosen.size), bytesText(max)),
      texts.submit.tooLargeNext,
    );
  }
  return null;
}

export async function takeFile(chosen: File, looked: Looked): Promise<void> {
  work.abort();
  work = new AbortController();
  const { signal: given } = work;
  file.value = chosen;
  design.value = null;
  check.value = null;
  designProblem.value = null;
  doneBytes.value = 0;
  stage.value = 'hashing';
  try {
    const head = new Uint8Array(await chosen.slice(0, 2048).arrayBuffer());
    const kind = kindOf(chosen.name, head);
    const fault = faultOf(chosen, kind);
    if (fault) throw fault;
    const hash = await hashInThread(chosen, (done) => (doneBytes.value = done), given);
    if (given.aborted) return;
    design.value = { design: hash, size: chosen.size, name: nameForRouter(chosen.name), kind };
    keep('session', 'design', design.value);
    await send(looked, given);
  } catch (thrown) {
    fail(thrown, given);
  }
}

function fail(thrown: unknown, given: AbortSignal): void {
  if (given.aborted) return;
  designProblem.value = asProblem(thrown);
  stage.value = 'failed';
}

async function send(looked: Looked, given: AbortSignal): Promise<void> {
  const known = design.value;
  const content = file.value;
  if (!known || !content) return;
  stage.value = 'uploading';
  doneBytes.value = 0;
  const chunk = me.value?.limits.chunk_bytes ?? 1024 * 1024;
  await sendDesign(client, known.design, content, chunk, (at) => (doneBytes.value = at), given);
  await look(looked, given);
}

async function look(looked: Looked, given: AbortSignal): Promise<void> {
  const known = design.value;
  if (!known) return;
  stage.value = 'checking';
  designProblem.value = null;
  const thickness = Number(looked.thickness.replace(',', '.'));
  try {
    check.value = await client.check(
      known.design,
      {
        file_name: known.name,
        ...(looked.unit ? { unit: looked.unit } : {}),
        ...(thickness > 0 ? { thickness_mm: thickness } : {}),
      },
      given,
    );
    stage.value = 'ready';
  } catch (thrown) {
    if (given.aborted) return;
    const problem = asProblem(thrown);
    // A refused file may still come with all that was found in it.
    const body = problem.body as { check?: Check; error?: Check['error'] };
    check.value = body.check ?? null;
    const where = body.error?.where;
    designProblem.value =
      problem.status === 422 && body.error
        ? new Problem(
            'refused',
            where ? `${body.error.message} (${texts.check.whereIn(where)})` : body.error.message,
            problem.next || body.error.next || texts.submit.notDesignNext,
          )
        : problem;
    stage.value = 'failed';
  }
}

// Again with another unit or sheet, or after a break.
export function lookAgain(looked: Looked): void {
  if (!design.value) return;
  work.abort();
  work = new AbortController();
  const { signal: given } = work;
  (file.value && stage.value !== 'ready' && check.value === null
    ? send(looked, given)
    : look(looked, given)
  ).catch((thrown: unknown) => fail(thrown, given));
}

export function stopSending(): void {
  work.abort();
  stage.value = 'stopped';
}
